"""Workbooks as rows of text: cells of every kind, the strict form of the standard, and damage."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from forefend.errors import UnexpectedData
from forefend.sources.reading.workbook import STRICT, UNCOMPUTED, below_header, rectangles, worksheets


@pytest.fixture
def book(tmp_path: Path) -> Path:
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.title = "Data"
    sheet.append(["Title"])
    sheet.append(["Country \n code", "value", None])
    sheet.append(["GHA", 3.0, date(2024, 1, 31)])
    sheet.append([])
    sheet.append([" NOR ", 0.25])
    path = tmp_path / "book.xlsx"
    made.save(path)
    return path


def test_cells_become_text(book: Path) -> None:
    assert worksheets(book)["Data"] == [
        ["Title"],
        ["Country \n code", "value"],
        ["GHA", "3", "2024-01-31"],
        [],
        ["NOR", "0.25"],
    ]


def test_below_the_header_blank_rows_are_left_out_and_all_rows_are_as_wide_as_the_widest(book: Path) -> None:
    header, rows = below_header(worksheets(book)["Data"], anchor="Country code") or ([], [])
    assert header == ["Country code", "value", ""]
    assert rows == [["GHA", "3", "2024-01-31"], ["NOR", "0.25", ""]]
    assert below_header(worksheets(book)["Data"], anchor="Somewhere else") is None


def test_the_strict_form_of_the_standard_is_read(book: Path, tmp_path: Path) -> None:
    strict = tmp_path / "strict.xlsx"
    with zipfile.ZipFile(book) as usual, zipfile.ZipFile(strict, "w") as copy:
        for entry in usual.infolist():
            part = usual.read(entry)
            for name, usual_name in STRICT.items():
                part = part.replace(usual_name, name)
            copy.writestr(entry.filename, part)
    assert worksheets(strict) == worksheets(book)


def test_a_damaged_workbook_is_refused_in_a_sentence(book: Path, tmp_path: Path) -> None:
    content = book.read_bytes()
    cut = tmp_path / "cut.xlsx"
    cut.write_bytes(content[: len(content) // 2])
    with pytest.raises(UnexpectedData, match=r"cut\.xlsx"):
        worksheets(cut)
    other = tmp_path / "other.xlsx"
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook><broken")
    with pytest.raises(UnexpectedData, match=r"other\.xlsx is damaged"):
        worksheets(other)


def test_a_workbook_that_unpacks_a_thousandfold_is_refused(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(bomb, "w", compression=zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        for part in range(3):
            archive.writestr(f"xl/worksheets/sheet{part}.xml", b"0" * 100_000_000)
    with pytest.raises(UnexpectedData, match="unpacks to"):
        worksheets(bomb)


def test_rectangles_leave_out_blank_rows_and_are_as_wide_as_the_widest(book: Path) -> None:
    assert rectangles(book)["Data"] == [
        ["Title", "", ""],
        ["Country \n code", "value", ""],
        ["GHA", "3", "2024-01-31"],
        ["NOR", "0.25", ""],
    ]


def test_a_formula_without_its_result_is_refused_as_it_would_read_as_blank(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    made.active.append(["GHA", "=1+1"])
    path = tmp_path / "formulas.xlsx"
    made.save(path)
    with pytest.raises(UnexpectedData, match=r"formulas\.xlsx holds formulas without their results"):
        worksheets(path)


def test_an_empty_text_that_a_formula_gave_is_a_value() -> None:
    assert UNCOMPUTED.search(b'<c r="A1" s="2"><f>B1</f><v></v></c>')
    assert UNCOMPUTED.search(b'<c r="A1"><f t="shared" si="0"/></c>')
    assert not UNCOMPUTED.search(b'<c r="A1" t="str"><f>B1</f><v></v></c>')
    assert not UNCOMPUTED.search(b'<c r="A1"><f>B1</f><v>2</v></c>')
