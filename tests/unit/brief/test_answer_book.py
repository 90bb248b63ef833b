"""The workbook of an institution: out and back without a difference, also through another program; wrong files are refused."""

from __future__ import annotations

import io
import random
import shutil
import subprocess
import time
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from forefend.brief.answer_rows import COLUMNS, KEY_SHEET, OFFERED, Handout, Link, Standing
from forefend.brief.reading.answer_book import MOST_BYTES, read_answer_book
from forefend.brief.reading.office import TYPES
from forefend.brief.render.answer_book import render_answer_book
from forefend.catalog import load_catalog
from forefend.errors import ForefendError
from forefend.locale import language

CATALOG = load_catalog()
TODAY = date(2026, 11, 24)
SOFFICE = shutil.which("soffice")
needs_soffice = pytest.mark.skipif(SOFFICE is None, reason="saves anew with LibreOffice; install libreoffice-calc-nogui")
HANDOUT = Handout(
    round="7", round_title="First round", institution="justice", institution_title="Ministry of justice",
    edition=CATALOG.editions["framework"], questions=tuple(CATALOG.questions), due_on=date(2027, 3, 31),
)  # fmt: skip
TRICKY = (
    "=1+1", "+44 20", "-", "@home", "'quoted", "_x0041_ and _x005F_", "line one\nline two", "  kept inside  spaces ", "a\tb",
    "نص عربي \u20680.22–0.55\u2069",
    "🕊 naïve ﷺ", "<b>&amp;</b>", '"', "x" * 5_000, "yes", "12", "2026-01-01", "TRUE", "#REF!", "1e5",
)  # fmt: skip
NUMERIC = next(q.id for q in CATALOG.questions.values() if q.type == "numeric")
WORDED = next(q.id for q in CATALOG.questions.values() if q.type == "yes_no_partly")


def filled(seed: int = 1) -> dict[str, Standing]:
    """Answers of every kind to most questions, with texts that programs like to change."""
    draw = random.Random(seed)  # noqa: S311 - a draw for a test, the same each time
    found = {}
    for question in CATALOG.questions.values():
        if draw.random() < 0.2:
            continue
        kind = draw.choice(OFFERED[question.type])
        value = float(kind) if kind.isdigit() else None
        if question.type == "numeric" and draw.random() < 0.8:
            kind, value = "number", draw.choice([0.0, -3.25, 12.5, 1 / 3, 1e7])
        found[question.id] = Standing(
            kind="level" if kind.isdigit() else kind, value=value, comment=draw.choice(TRICKY).strip(),
            sure=draw.choice(["", "low", "moderate", "high"]), checked_on=TODAY - timedelta(days=draw.randint(0, 900)),
            version=draw.randint(1, 9),
            evidence=tuple(
                Link(draw.choice(TRICKY).strip()[:300], draw.choice(["", "https://example.org/a?b=c&d=%20e#part-2", "http://example.org/ä"]))
                for _ in range(draw.randint(0, 4))
            ),
        )  # fmt: skip
    return found


def book(standing: Mapping[str, Standing] | None = None, *, lang: str = "en", **changes: Any) -> bytes:
    return render_answer_book(replace(HANDOUT, **changes), CATALOG, standing or {}, lang=language(lang), today=TODAY)


def changed(content: bytes, change: Callable[[Any], None]) -> bytes:
    """Open a workbook, change it as a person would, and save it."""
    opened = openpyxl.load_workbook(io.BytesIO(content))
    change(opened)
    target = io.BytesIO()
    opened.save(target)
    return target.getvalue()


def cells(opened: Any, question: str) -> dict[str, Any]:
    sheet = opened["Answers"]
    columns = {cell.value: cell.column for cell in sheet[2]}
    row = next(row for row in range(3, sheet.max_row + 1) if sheet.cell(row, 1).value == question)
    return {name: sheet.cell(row, column) for name, column in columns.items()}


def entered(question: str, content: bytes | None = None, /, **values: object) -> bytes:
    def change(opened: Any) -> None:
        for name, value in values.items():
            cells(opened, question)[name].value = value

    return changed(content or book(), change)


def read(content: bytes, **changes: Any) -> Any:
    return read_answer_book(content, replace(HANDOUT, **changes), CATALOG, today=TODAY)


def through_soffice(content: bytes, folder: Path) -> bytes:
    source, out = folder / "book.xlsx", folder / "out"
    source.write_bytes(content)
    subprocess.run(
        [str(SOFFICE), "--headless", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--convert-to", "xlsx", "--outdir", str(out),
         str(source)],
        check=True, capture_output=True, timeout=240,
    )  # fmt: skip
    return (out / "book.xlsx").read_bytes()


def check_same(found: Any, standing: Mapping[str, Standing]) -> None:
    assert found.problems == ()
    assert {row.question for row in found.rows} == set(standing)
    for row in found.rows:
        wanted = standing[row.question]
        assert (row.kind, row.comment, row.sure, row.checked_on, row.base_version) == (
            wanted.kind, wanted.comment, wanted.sure, wanted.checked_on, wanted.version,
        ), row.question  # fmt: skip
        assert row.value == (None if wanted.value is None else pytest.approx(wanted.value, rel=1e-12))
        kept = [link for link in wanted.evidence if link.title or link.link]
        assert list(row.evidence) == [Link(link.title or link.link, link.link) for link in kept]
    assert [row.question for row in found.changed] == []


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_a_full_workbook_comes_back_without_a_difference(lang: str) -> None:
    standing = filled()
    started = time.perf_counter()
    found = read(book(standing, lang=lang))
    assert time.perf_counter() - started < 10
    check_same(found, standing)


@needs_soffice
@pytest.mark.parametrize("lang", ["en", "ar"])
def test_it_comes_back_the_same_when_another_program_saved_it(tmp_path: Path, lang: str) -> None:
    standing = filled(2)
    check_same(read(through_soffice(book(standing, lang=lang), tmp_path)), standing)


@needs_soffice
def test_what_was_filled_in_survives_another_program(tmp_path: Path) -> None:
    content = entered(
        "N1.1", answer=3, comment="Seen in court.", sure="high", checked_on=date(2026, 11, 1),
        evidence_1="Statute", link_1="https://example.org/law",
    )  # fmt: skip
    (row,) = read(through_soffice(content, tmp_path)).rows
    assert (row.kind, row.value, row.comment, row.sure, row.checked_on) == ("level", 3.0, "Seen in court.", "high", date(2026, 11, 1))
    assert row.evidence == (Link("Statute", "https://example.org/law"),)
    assert (row.base_version, row.is_changed) == (0, True)


def test_only_what_changed_is_changed() -> None:
    standing = {
        "N1.1": Standing(kind="level", value=2.0, checked_on=TODAY, version=4),
        "N1.2": Standing(kind="unknown", checked_on=TODAY, version=1),
    }
    found = read(entered("N1.1", book(standing), answer="4"))
    assert [(row.question, row.value, row.base_version) for row in found.changed] == [("N1.1", 4.0, 4)]
    assert len(found.rows) == 2


ANSWERS: tuple[tuple[str, object, tuple[str, float | None]], ...] = (
    ("N1.1", 0, ("level", 0.0)), ("N1.1", "2", ("level", 2.0)), ("N1.1", 4.0, ("level", 4.0)), ("N1.1", "Unknown", ("unknown", None)),
    (WORDED, "yes", ("yes", None)), (WORDED, " Partly ", ("partly", None)), (WORDED, "لا", ("no", None)),
    (NUMERIC, 12.5, ("number", 12.5)), (NUMERIC, "12.5", ("number", 12.5)), (NUMERIC, 0, ("number", 0.0)),
    (NUMERIC, "unknown", ("unknown", None)),
)  # fmt: skip


@pytest.mark.parametrize(("question", "said", "wanted"), ANSWERS)
def test_answers_are_understood_as_people_write_them(question: str, said: object, wanted: tuple[str, float | None]) -> None:
    found = read(entered(question, answer=said))
    assert found.problems == ()
    assert [(row.kind, row.value) for row in found.rows] == [wanted]
    assert found.rows[0].checked_on == TODAY


FAULTS: tuple[tuple[str, dict[str, object], str, str], ...] = (
    ("N1.1", {"answer": 5}, "answer", "Choose one of"),
    ("N1.1", {"answer": 2.5}, "answer", "Choose one of"),
    ("N1.1", {"answer": "yes"}, "answer", "Choose one of"),
    ("N1.1", {"answer": True}, "answer", "Choose one of"),
    (WORDED, {"answer": 3}, "answer", "Choose one of"),
    (NUMERIC, {"answer": "12,5"}, "answer", "which is no number"),
    (NUMERIC, {"answer": "inf"}, "answer", "which is no number"),
    (NUMERIC, {"answer": date(2026, 1, 1)}, "answer", "which is no number"),
    ("N1.1", {"answer": "=1+2"}, "answer", "holds a formula"),
    ("N1.1", {"answer": 3, "comment": "=HYPERLINK(\"http://x\")"}, "comment", "holds a formula"),
    ("N1.1", {"answer": 3, "sure": "very"}, "sure", "Choose low"),
    ("N1.1", {"answer": 3, "checked_on": "soon"}, "checked_on", "which is no day"),
    ("N1.1", {"answer": 3, "checked_on": date(2027, 1, 1)}, "checked_on", "lies in the future"),
    ("N1.1", {"answer": 3, "link_1": "javascript:alert(1)"}, "link_1", "no web address"),
    ("N1.1", {"answer": 3, "link_1": "file:///etc/passwd"}, "link_1", "no web address"),
    ("N1.1", {"answer": 3, "comment": "x" * 20_001}, "comment", "more than 20000 characters"),
    ("N1.1", {"answer": "not applicable"}, "comment", "Say why"),
    ("N1.1", {"comment": "A remark alone."}, "answer", "kept only with an answer"),
    ("N1.1", {"question": "N9.99"}, "question", "not asked here"),
)  # fmt: skip


@pytest.mark.parametrize(("question", "values", "place", "wanted"), FAULTS)
def test_each_fault_is_named_with_its_cell(question: str, values: dict[str, object], place: str, wanted: str) -> None:
    content = entered(question, **values)
    opened = openpyxl.load_workbook(io.BytesIO(content))
    cell = cells(opened, str(values.get("question", question)))[place].coordinate
    found = read(content)
    told = [language("en").gettext(problem.sentence, **problem.params) for problem in found.problems]
    assert any(problem.cell == cell for problem in found.problems)
    assert any(wanted in sentence and sentence.startswith(cell) for sentence in told), told
    assert found.rows == ()


def test_a_number_shown_as_per_cent_is_asked_about() -> None:
    def change(opened: Any) -> None:
        cells(opened, NUMERIC)["answer"].value = 0.125
        cells(opened, NUMERIC)["answer"].number_format = "0.0%"

    (problem,) = read(changed(book(), change)).problems
    assert "per cent" in problem.sentence


def test_an_answer_cannot_be_taken_back() -> None:
    standing = {"N1.1": Standing(kind="level", value=2.0, checked_on=TODAY, version=4)}
    (problem,) = read(entered("N1.1", book(standing), answer=None)).problems
    assert "cannot be taken back" in problem.sentence


def test_doubled_rows_are_refused_and_others_kept() -> None:
    content = entered("N1.1", answer=1)
    content = entered("N1.2", content, answer=2)
    found = read(entered("N1.3", content, answer=3, question="N1.1"))
    assert [row.question for row in found.rows] == ["N1.2"]
    told = [problem.sentence for problem in found.problems]
    assert any("stands in %(times)s rows" in sentence for sentence in told)
    assert any("is gone" in sentence for sentence in told)


def test_rows_may_be_sorted_and_columns_moved() -> None:
    def change(opened: Any) -> None:
        sheet = opened["Answers"]
        cells(opened, "N1.1")["answer"].value = 3
        sheet.insert_cols(2)
        sheet.move_range(f"A3:{sheet.cell(3, sheet.max_column).coordinate}", rows=sheet.max_row)
        sheet.title = "renamed"

    found = read(changed(book(), change))
    assert found.problems == ()
    assert [(row.question, row.value) for row in found.rows] == [("N1.1", 3.0)]


def test_a_link_behind_a_text_is_kept() -> None:
    def change(opened: Any) -> None:
        cells(opened, "N1.1")["answer"].value = 3
        cells(opened, "N1.1")["link_1"].value = "the statute"
        cells(opened, "N1.1")["link_1"].hyperlink = "https://example.org/law"

    (row,) = read(changed(book(), change)).rows
    assert row.evidence == (Link("https://example.org/law", "https://example.org/law"),)


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"round": "8"}, "another round"), ({"institution": "police"}, "another institution"),
        ({"edition": "9.9"}, "edition 1.2, and the round those of 9.9"),
    ],
)  # fmt: skip
def test_a_workbook_of_something_else_is_refused(changes: dict[str, str], wanted: str) -> None:
    with pytest.raises(ForefendError, match=wanted.replace("1.2", CATALOG.editions["framework"])):
        read(book(), **changes)


def test_a_question_that_is_no_longer_asked_is_named() -> None:
    found = read(entered("N1.1", answer=3), questions=tuple(name for name in CATALOG.questions if name != "N1.1"))
    assert found.rows == ()
    assert any("not asked here" in problem.sentence for problem in found.problems)


def packed(parts: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in parts.items():
            made.writestr(name, data)
    return target.getvalue()


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def without(content: bytes, sheet: str) -> bytes:
    return changed(content, lambda opened: opened.remove(opened[sheet]))


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "not a file of Excel"),
    "a text": (lambda: b"question,answer\nN1.1,3\n", "not a file of Excel"),
    "an old Excel file": (lambda: bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 512, "not a file of Excel"),
    "another zip": (lambda: packed({"a.txt": b"x"}), "not a file of Excel"),
    "cut off": (lambda: book()[:-200], "not a file of Excel"),
    "macros": (lambda: packed(parts_of(book()) | {"xl/vbaProject.bin": b"x"}), "holds macros"),
    "macros by type": (
        lambda: packed(
            {
                name: data.replace(
                    b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
                    b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
                )
                if name == TYPES
                else data
                for name, data in parts_of(book()).items()
            }
        ),
        "holds macros",
    ),
    "bomb": (lambda: packed(parts_of(book()) | {"xl/worksheets/sheet9.xml": b"0" * (MOST_BYTES + 1)}), "too large when unpacked"),
    "other workbooks": (lambda: packed(parts_of(book()) | {"xl/externalLinks/externalLink1.xml": b"<x/>"}), "link to another file"),
    "entities": (
        lambda: packed({n: b"<!DOCTYPE x>" + d if n == "xl/workbook.xml" else d for n, d in parts_of(book()).items()}),
        "defines entities",
    ),
    "damaged": (lambda: packed({n: b"<broken" if n == "xl/workbook.xml" else d for n, d in parts_of(book()).items()}), "damaged"),
    "another workbook": (lambda: changed(book(), lambda opened: setattr(opened[KEY_SHEET], "title", "Sheet9")), "no workbook of answers"),
    "no sheet of answers": (lambda: without(book(), "Answers"), "sheet of answers is gone"),
    "no column of answers": (
        lambda: changed(book(), lambda opened: opened["Answers"].delete_cols(list(COLUMNS).index("answer") + 1)),
        "lacks one of its columns",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_wrong_files_are_refused_with_a_sentence(case: str) -> None:
    make, wanted = REFUSED[case]
    with pytest.raises(ForefendError, match=wanted) as refused:
        read(make())
    assert str(refused.value).endswith(".")
    assert "\n" not in str(refused.value)


def test_the_workbook_offers_what_may_be_chosen_and_locks_the_rest() -> None:
    opened = openpyxl.load_workbook(io.BytesIO(book()))
    sheet = opened["Answers"]
    assert sheet.protection.sheet
    found = cells(opened, "N1.1")
    lists = {str(rule.sqref): rule.formula1 for rule in sheet.data_validations.dataValidation if rule.type == "list"}
    assert lists[found["answer"].coordinate] == '"0,1,2,3,4,unknown,not applicable"'
    assert lists[found["sure"].coordinate] == '"low,moderate,high"'
    assert found["question"].protection.locked
    assert not any(found[name].protection.locked for name in ("answer", "comment", "sure", "checked_on", "evidence_1", "link_1"))
    assert sheet.row_dimensions[2].hidden
    assert opened[KEY_SHEET].sheet_state == "veryHidden"
    assert opened.active.title == "Answers"


def test_an_arabic_workbook_runs_from_right_to_left_and_offers_arabic_words() -> None:
    opened = openpyxl.load_workbook(io.BytesIO(book(lang="ar")))
    visible = [sheet for sheet in opened if sheet.title != KEY_SHEET]
    assert all(sheet.sheet_view.rightToLeft for sheet in visible)
    text = "".join(str(cell.value) for sheet in visible for row in sheet.iter_rows() for cell in row if cell.value)
    assert "\u2068" not in text
    lists = [rule.formula1 for sheet in visible for rule in sheet.data_validations.dataValidation if rule.type == "list"]
    assert all(len(words) <= 257 for words in lists)


def test_nothing_in_a_fresh_workbook_is_an_answer() -> None:
    found = read(book())
    assert (found.rows, found.problems) == ((), ())
