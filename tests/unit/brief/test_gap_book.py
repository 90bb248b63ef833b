"""The gap report as Excel: recalculated by another program, every formula gives the number of the results."""

from __future__ import annotations

import io
import math
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from assess_rounds import ASSOCIATION, MINISTRY, NHRI, POLICE, TODAY, answer, piece, round_of
from forefend.assess.answers import RoundAnswers
from forefend.assess.evidence import reliability
from forefend.assess.gaps import gaps
from forefend.assess.results import RoundResults, results
from forefend.brief.briefs.gaps import draft_report, gap_report
from forefend.brief.render.gap_book import render_draft, render_gap_book
from forefend.brief.render.gap_evidence import chosen_pieces
from forefend.catalog import load_catalog
from forefend.locale import language
from forefend.store import Store
from forefend.store.opening import EMBEDDED
from made_rounds import made_round

CATALOG = load_catalog()
SOFFICE = shutil.which("soffice")
needs_soffice = pytest.mark.skipif(SOFFICE is None, reason="recalculates with LibreOffice; install libreoffice-calc-nogui")
GROUP = ("coverage", "gap", "gap_low", "gap_high", "cautious_gap", "confidence")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store(tmp_path_factory.mktemp("store"), embedded=EMBEDDED)


def book_of(store: Store, round_: RoundAnswers, lang: str = "en") -> tuple[RoundResults, bytes]:
    found = results(round_)
    document = gap_report(found, CATALOG, store=store, lang=language(lang), marking="AMBER")
    return found, render_gap_book(found, CATALOG, document)


def without_values(content: bytes, path: Path) -> Path:
    """Write the file anew with formulas alone, so that no number in it can come from anywhere but a calculation."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    book.save(path)
    return path


def recalculated(content: bytes, folder: Path) -> Any:
    source = without_values(content, folder / "book.xlsx")
    out = folder / "out"
    subprocess.run(
        [str(SOFFICE), "--headless", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--convert-to", "xlsx", "--outdir", str(out),
         str(source)],
        check=True, capture_output=True, timeout=240,
    )  # fmt: skip
    return openpyxl.load_workbook(out / "book.xlsx", data_only=True)


def formulas(content: bytes) -> Iterator[tuple[str, str, object]]:
    """Give each formula's sheet, cell and the value written with it."""
    told, shown = openpyxl.load_workbook(io.BytesIO(content)), openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    for sheet in told:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    yield sheet.title, cell.coordinate, shown[sheet.title][cell.coordinate].value


def check_values(content: bytes, again: Any) -> int:
    compared = 0
    for sheet, place, value in formulas(content):
        found = again[sheet][place].value
        if isinstance(value, int | float):
            assert isinstance(found, int | float), (sheet, place, value, found)
            assert math.isclose(found, value, abs_tol=1e-9, rel_tol=0), (sheet, place, value, found)
        else:
            assert (found or "") == (value or ""), (sheet, place)
        compared += 1
    return compared


def check_groups(found: RoundResults, book: Any) -> None:
    rows = {row[0]: row for row in book["Actions"].iter_rows(min_row=2, values_only=True)}
    groups = [*found.actions.values(), *found.spheres.values()]
    assert set(rows) == {group.id for group in groups}
    for group in groups:
        shown = (rows[group.id][5], *rows[group.id][7:12])
        for name, value in zip(GROUP, shown, strict=True):
            wanted = None if group.figures is None else getattr(group.figures, name)
            if wanted is None:
                assert isinstance(value, str), (group.id, name, value)
            else:
                assert value == pytest.approx(wanted, abs=1e-9), (group.id, name)


@needs_soffice
@pytest.mark.parametrize("seed", [1, 2])
def test_every_formula_gives_the_number_of_the_results(store: Store, tmp_path: Path, seed: int) -> None:
    found, content = book_of(store, made_round(seed))
    again = recalculated(content, tmp_path)
    assert check_values(content, again) > 2_000
    check_groups(found, again)
    rows = {row[0]: row for row in again["Questions"].iter_rows(min_row=2, values_only=True)}
    for question in found.questions.values():
        row = rows[question.id]
        assert row[12] == (None if question.score is None else pytest.approx(question.score, abs=1e-9)), question.id
        assert row[18] == pytest.approx(question.confidence, abs=1e-9)
        assert row[19] == pytest.approx(question.cautious, abs=1e-9)


@needs_soffice
def test_a_changed_answer_changes_the_action(store: Store, tmp_path: Path) -> None:
    round_ = round_of(answer("N1.1", MINISTRY, 3), answer("N1.1", NHRI, 3))
    found, content = book_of(store, round_)
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book["Answers"]["E2"].value == 3
    book["Answers"]["E2"].value = 1
    changed = io.BytesIO()
    book.save(changed)
    other = results(replace(round_, answers=(answer("N1.1", MINISTRY, 1), answer("N1.1", NHRI, 3))))
    check_groups(other, recalculated(changed.getvalue(), tmp_path))
    assert other.actions["N1"].figures != found.actions["N1"].figures


@needs_soffice
def test_the_draft_from_public_data_gives_its_figures(store: Store, tmp_path: Path) -> None:
    found = gaps(store, CATALOG, "GHA", today=TODAY)
    document = draft_report(found, CATALOG, "GHA", lang=language("en"), marking="AMBER", today=TODAY)
    content = render_draft(found, CATALOG, document)
    again = recalculated(content, tmp_path)
    check_values(content, again)
    rows = {row[0]: row for row in again["Actions"].iter_rows(min_row=2, values_only=True)}
    for gap in found:
        shown = (rows[gap.action][5], *rows[gap.action][7:12])
        for name, value in zip(GROUP, shown, strict=True):
            wanted = getattr(gap, name).value
            assert isinstance(value, str) if wanted is None else value == pytest.approx(wanted, abs=1e-9), (gap.action, name)


@pytest.mark.parametrize("seed", [3, 4])
def test_the_values_written_with_the_formulas_are_those_of_the_results(store: Store, seed: int) -> None:
    found, content = book_of(store, made_round(seed))
    check_groups(found, openpyxl.load_workbook(io.BytesIO(content), data_only=True))


def test_what_a_protected_respondent_said_is_on_no_sheet(store: Store) -> None:
    proof = (piece("B2", id="secret", title="Only they have this"),)
    hidden = answer("N1.1", ASSOCIATION, 1, is_shared=False, evidence=proof)
    _, content = book_of(store, round_of(answer("N1.1", MINISTRY, 4), hidden))
    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = [cell.value for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert ASSOCIATION.title not in cells
    assert "Only they have this" not in cells
    (row,) = [row for row in book["Questions"].iter_rows(min_row=2, values_only=True) if row[0] == "N1.1"]
    assert row[10] == 2.5  # the joint score, as a number
    assert row[13:18] == (None,) * 5  # neither lowest nor highest type, agreement, evidence, freshness
    assert "protected" in row[25]


def test_the_chosen_evidence_carries_what_the_rules_say() -> None:
    import random

    draw = random.Random(5)  # noqa: S311 - a draw for a test
    for _ in range(200):
        pieces = [
            piece(
                draw.choice("ABCDEF") + draw.choice("12346"), id=f"p{n}", expires=draw.choice([None, TODAY, TODAY - timedelta(days=1)]),
                independent_of=tuple(f"p{k}" for k in range(n) if draw.random() < 0.3),
            )
            for n in range(draw.randint(0, 7))
        ]  # fmt: skip
        chosen = chosen_pieces(pieces, today=TODAY)
        assert not chosen or reliability(chosen, today=TODAY) == pytest.approx(reliability(pieces, today=TODAY))
        assert len(chosen) in (0, 2, 3)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "=cmd|' /C calc'!A0"])
def test_texts_are_never_formulas(store: Store, text: str) -> None:
    hostile = replace(MINISTRY, title=text)
    given = answer("N1.1", hostile, 3, evidence=(piece("B2", title=text),))
    _, content = book_of(store, round_of(given, title=text))
    book = openpyxl.load_workbook(io.BytesIO(content))
    for sheet, column in (("Answers", "B2"), ("Evidence", "B2")):
        assert (book[sheet][column].value, book[sheet][column].data_type) == (text, "s")


def test_each_printed_page_bears_the_marking(store: Store) -> None:
    _, content = book_of(store, round_of(answer("N1.1", POLICE, 3, marking="RED")))
    for sheet in openpyxl.load_workbook(io.BytesIO(content)):
        assert "TLP:RED" in (sheet.oddHeader.center.text or "")
        assert "TLP:RED" in (sheet.oddFooter.center.text or "")


def test_an_arabic_book_runs_from_right_to_left(store: Store) -> None:
    _, content = book_of(store, round_of(answer("N1.1", POLICE, 3)), lang="ar")
    assert all(sheet.sheet_view.rightToLeft for sheet in openpyxl.load_workbook(io.BytesIO(content)))
