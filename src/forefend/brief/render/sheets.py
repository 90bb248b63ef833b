"""What every Excel file is written with: texts that are never formulas, widths, a head row that stays, links.

A cell that begins with ``=``, ``+``, ``-`` or ``@`` is a text here, whoever wrote it; formulas are only those that
a renderer writes itself.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from forefend.errors import ForefendError

LONGEST_TEXT = 32_767  # characters of a cell, by the format
LONGEST_LINK = 2_079  # characters of a link, by the format
LONGEST_NAME = 31  # characters of the name of a sheet
LINE, HIGHEST = 13.5, 409.0  # points of a line of text and of a row
NARROWEST, WIDEST = 8, 60  # characters of a column
NOT_ALLOWED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
LINK = re.compile(r"https?://[^\s<>\"]+\Z")
FAMILY = "Arial"
FORMATS: Mapping[str, Mapping[str, Any]] = {
    "text": {"text_wrap": True, "valign": "top"},
    "plain": {"valign": "top"},
    "head": {"bold": True, "bottom": 1, "bg_color": "#E8EBEF", "text_wrap": True, "valign": "top"},
    "title": {"bold": True, "font_size": 16},
    "strong": {"bold": True, "valign": "top", "text_wrap": True},
    "note": {"font_color": "#424A55", "text_wrap": True, "valign": "top"},
    "link": {"font_color": "#1B4B8F", "underline": 1, "text_wrap": True, "valign": "top"},
    "number": {"num_format": "General", "valign": "top"},
    "figure": {"num_format": "0.0000", "valign": "top"},
    "day": {"num_format": "yyyy-mm-dd", "valign": "top"},
    "entry": {"text_wrap": True, "valign": "top", "bg_color": "#FFFBEF", "border": 1, "border_color": "#C8CDD5", "locked": False},
    "entry_day": {
        "num_format": "yyyy-mm-dd", "valign": "top", "bg_color": "#FFFBEF", "border": 1, "border_color": "#C8CDD5", "locked": False,
    },
    "entry_link": {
        "font_color": "#1B4B8F", "underline": 1, "valign": "top", "bg_color": "#FFFBEF", "border": 1, "border_color": "#C8CDD5",
        "locked": False,
    },
    "marking": {"bold": True, "font_color": "#FFC000", "bg_color": "#000000"},
}  # fmt: skip

UNWRAPPED = ("title", "plain", "marking")  # run over the cells beside them


def clean(text: str) -> str:
    """Leave out what a cell cannot hold, and end what is too long with an ellipsis."""
    kept = NOT_ALLOWED.sub("", text)
    return kept if len(kept) <= LONGEST_TEXT else kept[: LONGEST_TEXT - 1] + "…"


def sheet_name(text: str) -> str:
    """Return a name that a sheet may bear."""
    return re.sub(r"[\[\]:*?/\\']", " ", clean(text)).strip()[:LONGEST_NAME] or "Sheet"


@dataclass
class Book:
    """An Excel file that is being written."""

    title: str
    day: date
    is_rtl: bool = False
    author: str = ""
    keywords: str = ""
    marking: str = ""
    sheets: list[Sheet] = field(default_factory=list)
    formats: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Open the file in memory."""
        try:
            import xlsxwriter  # type: ignore[import-untyped]
        except ModuleNotFoundError:
            raise ForefendError("Excel needs the extra documents. Install it with: pip install 'forefend[documents]'") from None
        self.target = io.BytesIO()
        plain = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        self.file = xlsxwriter.Workbook(self.target, plain)
        self.file.formats[0].set_font_name(FAMILY)
        self.formats = {name: self.file.add_format({"font_name": FAMILY, "font_size": 10, **known}) for name, known in FORMATS.items()}
        told = {"title": self.title, "author": self.author, "keywords": self.keywords}
        self.file.set_properties({name: clean(text) for name, text in told.items()} | {"created": datetime.combine(self.day, time())})

    def sheet(self, name: str) -> Sheet:
        """Add a sheet."""
        made = self.file.add_worksheet(sheet_name(name))
        if self.is_rtl:
            made.right_to_left()
        made.set_landscape()
        made.set_paper(9)
        made.fit_to_pages(1, 0)
        if self.marking:
            made.set_header(f"&C&B{self.marking}")
            made.set_footer(f"&C&B{self.marking}&R&P / &N")
        self.sheets.append(Sheet(self, made))
        return self.sheets[-1]

    def save(self) -> bytes:
        """Return the file."""
        self.file.close()
        return self.target.getvalue()


@dataclass
class Sheet:
    """One sheet; rows and columns count from 0."""

    book: Book
    raw: Any
    longest: dict[int, int] = field(default_factory=dict)
    texts: dict[int, list[tuple[int, str]]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Name of the sheet."""
        return str(self.raw.get_name())

    def area(self, first: int, left: int, last: int, right: int) -> str:
        """Return a range of the sheet as formulas of other sheets name it."""
        quoted = self.name.replace("'", "''")
        return f"'{quoted}'!{name_of(first, left, absolute=True)}:{name_of(max(first, last), right, absolute=True)}"

    def put(self, row: int, column: int, value: object, look: str = "") -> None:
        """Write a text, number, day or nothing; a text that is a web address becomes a link."""
        if value is None or value == "":
            if look:
                self.raw.write_blank(row, column, None, self.book.formats[look])
            return
        if isinstance(value, bool):
            value = "yes" if value else "no"
        if isinstance(value, int | float):
            self.raw.write_number(row, column, value, self.book.formats[look or "number"])
            self._measure(row, column, str(value))
        elif isinstance(value, date):
            self.raw.write_datetime(row, column, value, self.book.formats[look or "day"])
            self._measure(row, column, "2026-01-01")
        else:
            self._put_text(row, column, clean(str(value)), look)

    def _put_text(self, row: int, column: int, text: str, look: str) -> None:
        if look not in UNWRAPPED:
            self._measure(row, column, text)
        if not look and LINK.match(text) and len(text) <= LONGEST_LINK:
            self.raw.write_url(row, column, text, self.book.formats["link"], text[:255])
        else:
            self.raw.write_string(row, column, text, self.book.formats[look or "text"])

    def link(self, row: int, column: int, text: str, *, sheet: str, to_row: int) -> None:
        """Write a text that leads to the first cell of a row of another sheet."""
        self._measure(row, column, text)
        self.raw.write_url(row, column, f"internal:'{sheet}'!A{to_row + 1}", self.book.formats["link"], clean(text)[:255])

    def formula(self, row: int, column: int, formula: str, value: object, look: str = "figure") -> None:
        """Write a formula with the value it has, for readers that do not compute."""
        self.raw.write_formula(row, column, formula, self.book.formats[look], "" if value is None else value)
        self._measure(row, column, "0.0000")

    def head(self, row: int, titles: Sequence[str]) -> None:
        """Write a head row that stays in sight and can be filtered by."""
        for column, title in enumerate(titles):
            self.raw.write_string(row, column, clean(title), self.book.formats["head"])
            self.longest[column] = max(self.longest.get(column, 0), *(len(word) for word in title.split(" ")))  # a title may wrap
            self.texts.setdefault(row, []).append((column, title))
        self.raw.freeze_panes(row + 1, 1)
        self.raw.repeat_rows(row)

    def fit(self, widths: Mapping[int, float] | None = None) -> None:
        """Set widths of columns and heights of rows by what stands in them; ``widths`` are those that are given.

        Not every program finds the height of wrapped rows by itself.
        """
        known = {column: min(WIDEST, max(NARROWEST, 1.1 * longest + 2)) for column, longest in self.longest.items()} | dict(widths or {})
        for column, width in known.items():
            self.raw.set_column(column, column, width)
        for row, texts in self.texts.items():
            lines = max(_lines(text, known[column]) for column, text in texts)
            if lines > 1:
                self.raw.set_row(row, min(HIGHEST, LINE * lines + 2))

    def _measure(self, row: int, column: int, text: str) -> None:
        widest = max((len(line) for line in text.split("\n")), default=0)
        self.longest[column] = max(self.longest.get(column, 0), widest)
        self.texts.setdefault(row, []).append((column, text))


def _lines(text: str, width: float) -> int:
    return sum(max(1, math.ceil(1.08 * len(line) / width)) for line in text.split("\n"))


def name_of(row: int, column: int, *, absolute: bool = False) -> str:
    """Return a cell's name: ``B3``, or ``$B$3``."""
    letters = ""
    left = column + 1
    while left:
        left, digit = divmod(left - 1, 26)
        letters = chr(65 + digit) + letters
    return f"${letters}${row + 1}" if absolute else f"{letters}{row + 1}"
