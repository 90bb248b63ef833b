"""Workbooks: what comes back is shown before it is taken in, nothing is overwritten, and what is no workbook is refused."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from forefend.web.accounts.models import Person
from forefend.web.assessment import actions
from forefend.web.assessment.actions.answering import Content
from forefend.web.assessment.models import Answer, Clash, Contribution
from forefend.web.audit.chain import verify
from forefend.web.audit.models import Entry
from forefend.web.evidence.models import Evidence
from forefend.web.evidence.reading import evidence_for
from forefend.web.exchange.actions.taking_in import take_in
from forefend.web.exchange.archive import as_json
from forefend.web.exchange.arriving import Arriving, Piece, compare
from forefend.web.exchange.csv_text import as_csv, read_csv
from forefend.web.exchange.tables import Seen, tables
from forefend.web.exchange.workbooks import read_workbook, workbook_file
from forefend.web.project.workbench import workbench

from .conftest import World

Browser = Callable[[Person], Client]
SECRET = "zzsecretzz"  # noqa: S105 - a text to be looked for


class Book:
    """A workbook as a person fills it in: rows by question, columns by their hidden ids."""

    def __init__(self, content: bytes) -> None:
        self.book = load_workbook(io.BytesIO(content))
        self.sheet = next(sheet for sheet in self.book.worksheets if sheet["A2"].value == "question")
        self.columns = {cell.value: cell.column for cell in self.sheet[2]}
        self.rows = {self.sheet.cell(row, 1).value: row for row in range(3, self.sheet.max_row + 1)}

    def fill(self, question: str, **values: Any) -> Book:
        for name, value in values.items():
            self.sheet.cell(self.rows[question], self.columns[name]).value = value
        return self

    def read(self, question: str, name: str) -> Any:
        return self.sheet.cell(self.rows[question], self.columns[name]).value

    def file(self, name: str = "answers.xlsx") -> io.BytesIO:
        target = io.BytesIO()
        self.book.save(target)
        target.seek(0)
        target.name = name
        return target


def got(browser: Client, world: World) -> Book:
    answer = browser.get(f"/en/rounds/{world.round.pk}/workbook/answers.xlsx")
    assert answer.status_code == 200
    return Book(answer.content)


def sent(browser: Client, world: World, file: Any, *, lang: str = "en") -> Any:
    return browser.post(f"/{lang}/rounds/{world.round.pk}/workbook/", {"file": file})


def token_of(shown: Any) -> str:
    found = re.search(r'name="token" value="([^"]+)"', shown.content.decode())
    assert found is not None
    return found.group(1)


def taken_in(browser: Client, world: World, token: str) -> Any:
    return browser.post(f"/en/rounds/{world.round.pk}/workbook/", {"token": token}, follow=True)


def test_what_a_workbook_would_change_is_shown_before_it_is_taken_in(world: World, as_person: Browser) -> None:
    first, second, third, fourth = (world.level_question(n) for n in range(4))
    world.answer("interior", second, value=1.0, comment="As it was")
    world.answer("interior", fourth, value=1.0, comment="Untouched")
    browser = as_person(world.people["interior"])
    book = got(browser, world)
    assert book.read(second, "answer") == 1
    book.fill(first, answer=3, comment="New here", evidence_1="A law", link_1="https://example.org/law").fill(second, comment="Corrected")
    book.fill(third, answer="maybe")
    shown = sent(browser, world, book.file())
    text = shown.content.decode()
    assert shown.status_code == 200
    assert "1 answer is new" in text
    assert "1 answer changes" in text
    assert "As it was" in text
    assert "Corrected" in text
    assert re.search(rf"[A-Z]+{book.rows[third]} says “maybe”", text.replace("\u2068", "").replace("\u2069", ""))
    assert Answer.objects.filter(contribution=world.parts["interior"]).count() == 2
    done = taken_in(browser, world, token_of(shown))
    assert "2 answers were saved." in done.content.decode()
    kept = {answer.question: answer for answer in Answer.objects.filter(contribution=world.parts["interior"])}
    assert (kept[first].value, kept[first].comment, kept[first].version) == (3.0, "New here", 1)
    assert (kept[second].value, kept[second].comment, kept[second].version) == (1.0, "Corrected", 2)
    assert kept[fourth].version == 1
    assert third not in kept
    piece = Evidence.objects.get()
    assert (piece.title, piece.url, piece.institution.key, f"{piece.letter}{piece.number}") == (
        "A law",
        "https://example.org/law",
        "interior",
        "F6",
    )
    assert list(piece.supports.values_list("question", flat=True)) == [first]
    row = Entry.objects.get(event="round.taken_in")
    assert (row.subject, row.actor, row.after) == (world.parts["interior"].key, world.people["interior"].key, {"origin": "workbook"})
    assert Entry.objects.filter(event__in=("answer.given", "answer.changed")).count() == 4
    assert verify().is_whole


def test_where_somebody_was_faster_both_texts_are_kept(world: World, as_person: Browser) -> None:
    question = world.level_question()
    world.answer("interior", question, value=1.0, comment="First")
    browser = as_person(world.people["interior"])
    book = got(browser, world)
    world.answer("interior", question, value=4.0, comment="Changed meanwhile")
    shown = sent(browser, world, book.fill(question, answer=0, comment="Written offline").file())
    text = shown.content.decode()
    assert "1 answer clashes" in text
    assert "Changed meanwhile" in text
    assert "Written offline" in text
    taken_in(browser, world, token_of(shown))
    answer = Answer.objects.get(contribution=world.parts["interior"], question=question)
    assert (answer.value, answer.comment, answer.version) == (4.0, "Changed meanwhile", 2)
    clash = Clash.objects.get()
    assert (clash.content["comment"], clash.content["value"], clash.origin, clash.base_version) == ("Written offline", 0.0, "workbook", 1)


def test_what_changes_between_the_preview_and_taking_it_in_is_not_overwritten(world: World, as_person: Browser) -> None:
    question = world.level_question()
    world.answer("interior", question, value=1.0, comment="First")
    browser = as_person(world.people["interior"])
    shown = sent(browser, world, got(browser, world).fill(question, answer=0, comment="Written offline").file())
    assert "1 answer changes" in shown.content.decode()
    world.answer("interior", question, value=4.0, comment="In between")
    taken_in(browser, world, token_of(shown))
    assert Answer.objects.get(question=question).comment == "In between"
    assert Clash.objects.get().content["comment"] == "Written offline"


def test_the_same_workbook_twice_changes_nothing_the_second_time(world: World, as_person: Browser) -> None:
    question = world.level_question()
    browser = as_person(world.people["interior"])
    file = got(browser, world).fill(question, answer=2, comment="Once").file().getvalue()

    def again() -> Any:
        copy = io.BytesIO(file)
        copy.name = "a.xlsx"
        return sent(browser, world, copy)

    taken_in(browser, world, token_of(again()))
    shown = again()
    assert "Nothing in this file differs" in shown.content.decode()
    assert Answer.objects.get(question=question).version == 1
    assert not Clash.objects.exists()


def test_an_answer_marked_for_others_is_neither_in_the_workbook_nor_overwritten_by_it(world: World, as_person: Browser) -> None:
    question = world.level_question()
    red = world.answer("interior", question, value=1.0, comment=SECRET, marking="RED")
    colleague = as_person(world.people["colleague"])
    content = colleague.get(f"/en/rounds/{world.round.pk}/workbook/answers.xlsx").content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert not any(SECRET.encode() in archive.read(name) for name in archive.namelist())
    book = Book(content)
    key = next(sheet for sheet in book.book.worksheets if sheet.title == "Key")
    for row in key.iter_rows():
        if row[0].value == f"question {question}":
            row[1].value = str(red.version)  # a sender who guesses the version
    shown = sent(colleague, world, book.fill(question, answer=4, comment="Mine").file())
    text = shown.content.decode()
    assert "marked for others" in text
    assert SECRET not in text
    assert 'name="token"' not in text
    red.refresh_from_db()
    assert (red.comment, red.version, red.marking) == (SECRET, 1, "RED")
    second = world.level_question(1)
    shown = sent(colleague, world, book.fill(second, answer=1).file())
    taken_in(colleague, world, token_of(shown))
    red.refresh_from_db()
    assert (red.comment, red.version) == (SECRET, 1)
    assert Answer.objects.get(question=second).value == 1.0
    record = as_person(world.people["coordinator"]).get(f"/en/rounds/{world.round.pk}/record.csv").content.decode()
    assert ("round.taken_in" in record, "RED" in record, red.key in record) == (True, False, False)
    assert not Clash.objects.exists()


def test_evidence_that_comes_for_a_red_answer_is_for_its_readers_alone(world: World, as_person: Browser) -> None:
    who, question = world.people["interior"], world.level_question()
    red = world.answer("interior", question)
    actions.mark_answer(answer=red, marking="RED", by=who, readers=[world.people["reviewer"]])
    arriving = [Arriving(question=question, content=None, base_version=1, pieces=(Piece(title="A list", url="https://example.org/a"),))]
    take_in(part=world.parts["interior"], arriving=arriving, by=who, origin="workbook")
    begins = as_person(who).get(f"/en/evidence/add/?answer={red.pk}").context["form"].initial
    assert (begins["marking"], world.people["reviewer"] in begins["readers"]) == ("RED", True)
    world.hand_in("interior")
    piece = Evidence.objects.get(title="A list")
    readers = {name for name in ("reviewer", "coordinator", "colleague") if evidence_for(world.people[name]).filter(pk=piece.pk).exists()}
    assert (piece.marking, readers) == ("RED", {"reviewer"})


def test_what_somebody_typed_is_shown_as_text_and_never_run(world: World, as_person: Browser) -> None:
    script = "<script>alert(1)</script>"
    world.answer("interior", world.level_question(1), comment=script)
    browser = as_person(world.people["interior"])
    book = got(browser, world).fill(world.level_question(), answer=2, comment=script, evidence_1=script, link_1="https://example.org/a")
    book.fill(world.level_question(1), answer=3).fill(world.level_question(2), answer=script)
    shown = sent(browser, world, book.fill(world.level_question(3), answer=2, evidence_1="A", link_1="javascript:alert(1)").file())
    text = shown.content.decode()
    assert script not in text
    assert text.count("&lt;script&gt;alert(1)") >= 4
    assert "javascript:alert(1)" not in re.findall(r'href="([^"]*)"', text)
    assert "is no web address" in text
    taken_in(browser, world, token_of(shown))
    assert script not in browser.get(f"/en/rounds/{world.round.pk}/answer/{world.level_question()}/").content.decode()


def test_a_preview_belongs_to_who_asked_for_it_and_ends(world: World, as_person: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    question = world.level_question()
    browser = as_person(world.people["interior"])
    token = token_of(sent(browser, world, got(browser, world).fill(question, answer=2).file()))
    for name in ("colleague", "nhri"):
        refused = as_person(world.people[name]).post(f"/en/rounds/{world.round.pk}/workbook/", {"token": token})
        assert refused.status_code == 422
    assert browser.post(f"/en/rounds/{world.round.pk}/workbook/", {"token": token[:-3] + "abc"}).status_code == 422
    assert browser.post(f"/en/rounds/{world.round.pk}/offline/", {"token": token}).status_code == 422
    monkeypatch.setattr("forefend.web.exchange.waiting.SECONDS", -1)
    assert browser.post(f"/en/rounds/{world.round.pk}/workbook/", {"token": token}).status_code == 422
    monkeypatch.undo()
    assert not Answer.objects.exists()
    assert taken_in(browser, world, token).status_code == 200
    assert Answer.objects.count() == 1
    assert browser.post(f"/en/rounds/{world.round.pk}/workbook/", {"token": token}).status_code == 422


def bomb() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 80_000_000)
    return target.getvalue()


def with_macros(content: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w") as archive:
        for name in source.namelist():
            archive.writestr(name, source.read(name).replace(b"sheet.main+xml", b"sheet.macroEnabled.main+xml"))
        archive.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0")
    return target.getvalue()


def test_what_is_no_workbook_is_refused_in_one_sentence_and_changes_nothing(world: World, as_person: Browser) -> None:
    browser = as_person(world.people["interior"])
    plain = got(browser, world).fill(world.level_question(), answer=2).file().getvalue()
    for name, content in {
        "answers.xlsx": b"%PDF-1.7 renamed", "empty.xlsx": b"", "macros.xlsx": with_macros(plain), "macros.xlsm": with_macros(plain),
        "bomb.xlsx": bomb(), "cut.xlsx": plain[: len(plain) // 2],
    }.items():  # fmt: skip
        file = io.BytesIO(content)
        file.name = name
        refused = sent(browser, world, file)
        assert refused.status_code == 422, name
        assert refused.content.decode().count('class="errsum"') == 1, name
    assert browser.post(f"/en/rounds/{world.round.pk}/workbook/").status_code == 422
    assert not Answer.objects.exists()


def test_a_workbook_of_another_round_institution_or_edition_is_refused(world: World, as_person: Browser) -> None:
    interior, nhri = as_person(world.people["interior"]), as_person(world.people["nhri"])
    question = world.level_question()
    other = sent(nhri, world, got(interior, world).fill(question, answer=2).file())
    assert other.status_code == 422
    assert "another institution" in other.content.decode()
    today = workbench().today
    second = actions.open_round(
        title="Another", state="GHA", catalog=workbench().catalog, actions=world.round.actions, opens_on=today,
        due_on=today + timedelta(days=9), by=world.people["focal_point"],
    )  # fmt: skip
    actions.ask(round=second, institution=world.institutions["interior"], questions=world.questions, by=world.people["focal_point"])
    refused = interior.post(f"/en/rounds/{second.pk}/workbook/", {"file": got(interior, world).fill(question, answer=2).file()})
    assert refused.status_code == 422
    assert "another round" in refused.content.decode()
    book = got(interior, world).fill(question, answer=2)
    for row in book.book["Key"].iter_rows():
        if row[0].value == "edition":
            row[1].value = "2019 0123456789ab"
    older = sent(interior, world, book.file())
    assert older.status_code == 422
    assert "edition" in older.content.decode()
    assert not Answer.objects.exists()


def test_nothing_comes_back_to_a_round_that_is_closed(world: World, as_person: Browser) -> None:
    question = world.level_question()
    browser = as_person(world.people["interior"])
    file = got(browser, world).fill(question, answer=2).file()
    token = token_of(sent(browser, world, got(browser, world).fill(question, answer=2).file()))
    world.answer("interior", world.level_question(1))
    world.hand_in("interior")
    assert sent(browser, world, file).status_code == 422
    assert browser.post(f"/en/rounds/{world.round.pk}/workbook/", {"token": token}).status_code == 422
    assert browser.get(f"/en/rounds/{world.round.pk}/workbook/answers.xlsx").status_code == 409
    assert "Fill in offline, in Excel" not in browser.get(f"/en/rounds/{world.round.pk}/answer/").content.decode()
    assert not Answer.objects.filter(question=question).exists()


def test_pages_and_files_are_for_the_own_institution_and_for_who_runs_the_round(world: World, as_person: Browser) -> None:
    world.answer("interior", world.level_question(), comment=SECRET)
    own, part = f"/en/rounds/{world.round.pk}", world.parts["interior"].pk
    respondents = {"interior", "nhri", "coalition", "colleague"}
    for name, who in world.people.items():
        browser = as_person(who)
        wanted = 200 if name in respondents else 404
        for path in ("workbook/", "workbook/answers.xlsx", "offline/", "offline/round.forefend"):
            assert browser.get(f"{own}/{path}").status_code == wanted, (path, name)
        for path in (f"workbook/{part}/answers.xlsx", f"offline/{part}/round.forefend"):
            answer = browser.get(f"{own}/{path}")
            assert answer.status_code == (200 if name in {"focal_point", "coordinator"} else 404), (path, name)
            if answer.status_code == 200 and path.endswith("xlsx"):  # a draft stays with its institution
                assert Book(answer.content).read(world.level_question(), "comment") is None
        for path in ("workbook/", "offline/"):
            assert browser.post(f"{own}/{path}", {"token": "x"}).status_code == (422 if name in respondents else 404), (path, name)
    assert Client(headers={"host": "127.0.0.1"}).get(f"{own}/workbook/").status_code == 302


HOSTILE = st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=60) | st.sampled_from(
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "'quoted",
        "_x0041_",
        "a\r\nb",
        "  spaces  ",
        "\ttab",
        "<b>&amp;</b>",
        "نص عربي\u202e",
        "😀",
        "{{ x }}",
        "\ufeff",
    ]
)


@given(comment=HOSTILE)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_comment_comes_back_from_each_file_as_it_was(world: World, comment: str) -> None:
    """A cell cannot hold every character, but what it cannot hold is never taken for a change."""
    part, person = world.parts["interior"], world.people["interior"]
    world.answer("interior", world.level_question(), comment=comment)
    content = workbook_file(part, person, lang=workbench_language()).content
    arriving, problems = read_workbook(part, person, content)
    assert (arriving, list(problems)) == ([], [])
    seen = Seen(round=world.round, person=person)
    (table,) = tables(seen, only="answers")
    assert [row["comment"] for row in read_csv(as_csv(table))] == [comment]
    assert json.loads(as_json(seen, [table]))["tables"]["answers"][0]["comment"] == comment


def workbench_language() -> Any:
    from forefend.locale import language

    return language("ar")


def filled(world: World) -> Contribution:
    part, person = world.parts["interior"], world.people["interior"]
    kinds = {"maturity": ("level", 3.0), "yes_no_partly": ("partly", None), "numeric": ("number", 12.25)}
    for place, question in enumerate(world.questions):
        kind, value = kinds[workbench().catalog.questions[question].type]
        content = Content(kind=kind, value=value, comment=f"سطر {place}\n=1+{place}", sure="high", checked_on=date(2026, 10, 1))
        actions.save_answer(contribution=part, question=question, content=content, base_version=0, by=person)
    return part


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not here")
def test_a_workbook_that_libreoffice_saved_comes_back_without_a_difference(world: World, tmp_path: Path) -> None:
    part, person = filled(world), world.people["interior"]
    path = tmp_path / "answers.xlsx"
    path.write_bytes(workbook_file(part, person, lang=workbench_language()).content)
    out = tmp_path / "out"
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML",
         "--outdir", str(out), str(path)],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    arriving, problems = read_workbook(part, person, (out / "answers.xlsx").read_bytes())
    assert [one.question for one in compare(part, arriving, person) and arriving] == []
    assert list(problems) == []
