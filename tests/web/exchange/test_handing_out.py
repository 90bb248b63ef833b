"""What goes out of a round: who gets which file, what is in it, and what is not."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from forefend.locale import language
from forefend.web.accounts.models import Person
from forefend.web.assessment import actions
from forefend.web.assessment.practice import make_practice_round
from forefend.web.audit.models import Entry
from forefend.web.evidence.actions import Details, add_evidence
from forefend.web.exchange.archive import VERSION
from forefend.web.exchange.columns import COLUMNS
from forefend.web.exchange.csv_text import RISKY, as_csv, read_csv
from forefend.web.exchange.tables import TABLES, Seen, Table, tables
from forefend.web.project.workbench import workbench

from .conftest import World

SECRET = "zzsecretzz"  # noqa: S105 - a text to be looked for
READERS = {"focal_point", "coordinator", "reviewer", "reader", "auditor"}
EXPORTERS = {"focal_point", "coordinator"}


def unpacked(content: bytes) -> str:
    """All that a file says, also where it is an archive itself."""
    if content[:2] != b"PK":
        return content.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "\n".join([*archive.namelist(), *(unpacked(archive.read(name)) for name in archive.namelist())])


def handed_in(world: World) -> None:
    for place, key in enumerate(world.parts):
        for question in world.questions:
            if workbench().catalog.questions[question].type == "maturity":
                world.answer(key, question, value=float(place + 1), comment=f"What {key} says")
        world.hand_in(key)


@pytest.mark.parametrize("ending", ["docx", "xlsx", "html", "json"])
def test_a_report_goes_to_those_who_read_results_and_is_on_record(world: World, as_person: Callable[[Person], Client], ending: str) -> None:
    handed_in(world)
    for name, who in world.people.items():
        answer = as_person(who).get(f"/en/rounds/{world.round.pk}/report.{ending}")
        assert answer.status_code == (200 if name in READERS else 404), name
        if name in READERS:
            assert f".{ending}" in answer["Content-Disposition"]
            assert answer["Cache-Control"] == "no-store"
            row = Entry.objects.filter(event="round.exported", actor=who.key).get()
            assert (row.after["what"], row.after["form"], row.after["marking"]) == ("report", ending, "AMBER")


def test_the_printed_report_is_a_pdf_and_every_report_bears_its_marking(world: World, as_person: Callable[[Person], Client]) -> None:
    handed_in(world)
    focal = as_person(world.people["focal_point"])
    assert focal.get(f"/ar/rounds/{world.round.pk}/report.pdf").content.startswith(b"%PDF")
    for ending in ("docx", "xlsx", "html", "json"):
        assert "AMBER" in unpacked(focal.get(f"/en/rounds/{world.round.pk}/report.{ending}").content)


def test_data_go_to_those_who_export(world: World, as_person: Callable[[Person], Client]) -> None:
    paths = ["everything.zip", *(f"{name}.{ending}" for name in TABLES for ending in ("csv", "json"))]
    browsers = {name: as_person(who) for name, who in world.people.items()}
    stranger = Client(headers={"host": "127.0.0.1"})
    for path in paths:
        for name, browser in browsers.items():
            wanted = 200 if name in EXPORTERS else 404
            assert browser.get(f"/en/rounds/{world.round.pk}/{path}").status_code == wanted, (path, name)
        assert stranger.get(f"/en/rounds/{world.round.pk}/{path}").status_code == 302


def test_there_is_nothing_else_to_have(world: World, as_person: Callable[[Person], Client]) -> None:
    focal = as_person(world.people["focal_point"])
    for path in ("report.exe", "answers.xml", "people.csv", "accounts.json", "report.pdf.exe"):
        assert focal.get(f"/en/rounds/{world.round.pk}/{path}").status_code == 404
    for path in ("take/", "report.html", "everything.zip", "answers.csv"):
        assert focal.get(f"/en/rounds/{world.round.pk + 1}/{path}").status_code == 404


def test_a_red_answer_is_in_no_file_of_somebody_it_does_not_name_and_counts_nowhere(
    world: World, as_person: Callable[[Person], Client]
) -> None:
    question = world.level_question()
    focal = as_person(world.people["focal_point"])
    paths = ["everything.zip", *(f"report.{ending}" for ending in ("docx", "xlsx", "html", "json"))]

    def files() -> dict[str, str]:
        found = {path: unpacked(focal.get(f"/en/rounds/{world.round.pk}/{path}").content) for path in paths}
        found["counted"] = json.dumps(
            [table.rows for table in tables(Seen(round=world.round, person=world.people["focal_point"])) if table.name != "record"]
        )
        return found

    for key in world.parts:
        world.answer(key, world.level_question(1), value=3.0, comment="Open to who leads")
    for key in ("nhri", "coalition"):
        world.hand_in(key)
    without = json.loads(files()["counted"])
    red = world.answer("interior", question, value=1.0, comment=SECRET, marking="RED")
    details = Details(title=f"{SECRET} file", letter="B", number=2, marking="RED", url=f"https://example.org/{SECRET}")
    add_evidence(by=world.people["interior"], details=details, answer=red)
    seen = files()
    assert [name for name, text in seen.items() if SECRET in text] == []
    assert red.key not in seen["everything.zip"]
    assert json.loads(seen["counted"]) == without
    actions.mark_answer(answer=red, marking="RED", readers=[world.people["focal_point"]], by=world.people["interior"])
    named = files()
    assert SECRET in named["everything.zip"]
    assert "TLP:RED" in unpacked(focal.get(f"/en/rounds/{world.round.pk}/everything.zip").content)
    coordinator = as_person(world.people["coordinator"])
    assert SECRET not in unpacked(coordinator.get(f"/en/rounds/{world.round.pk}/everything.zip").content)


def test_drafts_of_an_institution_are_in_no_file_of_who_leads(world: World, as_person: Callable[[Person], Client]) -> None:
    world.answer("interior", world.level_question(), comment=SECRET)
    focal = as_person(world.people["focal_point"])
    assert SECRET not in unpacked(focal.get(f"/en/rounds/{world.round.pk}/everything.zip").content)
    world.hand_in("interior")
    assert SECRET in unpacked(focal.get(f"/en/rounds/{world.round.pk}/everything.zip").content)


def test_the_archive_explains_itself_and_every_table_has_its_columns(world: World, as_person: Callable[[Person], Client]) -> None:
    handed_in(world)
    actions.set_condition(
        round=world.round, name=next(iter(workbench().catalog.conditions)), holds=False, reason="No such law", source="Gazette",
        by=world.people["focal_point"],
    )  # fmt: skip
    answer = as_person(world.people["focal_point"]).get(f"/en/rounds/{world.round.pk}/everything.zip")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert set(archive.namelist()) == {"README.txt", "round.json", "catalog.json", *(f"{name}.csv" for name in TABLES)}
        told = json.loads(archive.read("round.json"))
        assert (told["schema"], told["version"], told["round"]["id"]) == ("forefend-round-data", VERSION, world.round.pk)
        for name in TABLES:
            content = archive.read(f"{name}.csv")
            assert content.startswith(b"\xef\xbb\xbf")
            rows = read_csv(content)
            assert len(rows) == len(told["tables"][name])
            assert content.decode("utf-8-sig").split("\r\n")[0] == ",".join(COLUMNS[name])
            for row in told["tables"][name]:
                assert tuple(row) == COLUMNS[name], name
        assert len(told["tables"]["answers"]) == len(Seen(round=world.round, person=world.people["focal_point"]).answers) > 20


@given(texts=st.lists(st.text(alphabet=st.characters(exclude_categories=["Cs"])) | st.sampled_from([f"{c}1+1" for c in RISKY]), min_size=1))
@settings(max_examples=200, deadline=timedelta(seconds=2))
def test_every_text_comes_back_from_csv_and_none_is_a_formula(texts: list[str]) -> None:
    table = Table(name="t", columns=("text", "n"), rows=tuple({"text": text, "n": n} for n, text in enumerate(texts)))
    written = as_csv(table)
    assert [row["text"] for row in read_csv(written)] == texts
    import csv

    for row in list(csv.reader(io.StringIO(written.decode("utf-8-sig"), newline="")))[1:]:
        assert not row[0].startswith(tuple(set(RISKY) - {"'"}))


@pytest.mark.parametrize("bad", [b"", b"PK\x03\x04 not a file", b"%PDF-1.7"])
def test_what_is_no_template_is_refused_in_one_sentence(world: World, as_person: Callable[[Person], Client], bad: bytes) -> None:
    file = io.BytesIO(bad)
    file.name = "template.docx"
    answer = as_person(world.people["focal_point"]).post(f"/en/rounds/{world.round.pk}/take/", {"template": file})
    assert answer.status_code == 422
    assert b"errsum" in answer.content
    assert not Entry.objects.filter(event="round.exported").exists()


def template(text: str) -> io.BytesIO:
    from docx import Document

    made = Document()
    made.sections[0].header.paragraphs[0].text = "{{ marking }}"
    made.add_paragraph(text)
    file = io.BytesIO()
    made.save(file)
    file.seek(0)
    file.name = "template.docx"
    return file


def test_the_ministrys_own_template_is_filled_and_a_bad_field_is_named(world: World, as_person: Callable[[Person], Client]) -> None:
    handed_in(world)
    focal = as_person(world.people["focal_point"])
    path = f"/en/rounds/{world.round.pk}/take/"
    bad = focal.post(path, {"template": template("{{ titel }}")})
    assert bad.status_code == 422
    assert "titel" in bad.content.decode()
    filled = focal.post(path, {"template": template("{{ title }}")})
    assert filled.status_code == 200
    assert "Gap report: Ghana" in unpacked(filled.content)
    assert "TLP:AMBER" in unpacked(filled.content)
    assert Entry.objects.get(event="round.exported").after["has_template"] is True
    assert focal.post(path).status_code == 422
    assert as_person(world.people["interior"]).post(path, {"template": template("{{ title }}")}).status_code == 404


def test_a_practice_report_says_on_every_page_that_it_is_one(world: World, as_person: Callable[[Person], Client]) -> None:
    made = make_practice_round(state="GHA", catalog=workbench().catalog, lang=language("en"), by=world.people["focal_point"])
    focal = as_person(world.people["focal_point"])
    answer = focal.get(f"/en/rounds/{made.pk}/report.docx")
    assert 'filename="practice-gap-report' in answer["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        heads = [archive.read(name).decode() for name in archive.namelist() if "header" in name and name.endswith(".xml")]
        text = archive.read("word/document.xml").decode()
    assert heads
    assert all("Practice, invented" in head for head in heads if "Gap report" in head)
    assert any("Practice, invented" in head for head in heads)
    assert "nothing in it is about any state" in text
    assert "Practice, invented" not in unpacked(focal.get(f"/en/rounds/{world.round.pk}/report.docx").content)
