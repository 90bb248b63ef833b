"""Reads back the workbook of an institution: answers that can be taken, and what is wrong with the others, cell by cell.

A file that is no such workbook, or one of another round, institution or edition, is refused as a whole. Nothing is
written here; whoever calls shows changes and clashes first.
"""

from __future__ import annotations

import io
import math
import re
import zipfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from forefend.brief.answer_rows import (
    COLUMNS,
    COMMENT_AT_MOST,
    KEY_SHEET,
    LEVELS,
    LINK_AT_MOST,
    OFFERED,
    SCHEMA,
    SURE,
    TITLE_AT_MOST,
    VERSION,
    WORDS,
    Handout,
    Incoming,
    Link,
    Problem,
    ReadBook,
    digest,
    plain,
)
from forefend.brief.reading.office import check_package
from forefend.catalog import Catalog
from forefend.catalog.model import Question
from forefend.errors import ForefendError
from forefend.locale import LANGUAGES, N_, language, strip_isolates

MOST_BYTES = 16 * 1024 * 1024  # of a workbook unpacked; a full one has under one
MOST_ROWS, MOST_COLUMNS = 3_000, 120
ROWS_OF_HEAD = 12  # among which the hidden row of ids is looked for
NEEDED = ("question", "answer", "comment", "sure", "checked_on")
WEB = re.compile(r"https?://[^\s<>\"]+\Z", flags=re.IGNORECASE)
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
NOT_ALLOWED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
STAND_IN = "\ue05f"
NO_BOOK = "This Excel file is no workbook of answers. Get one from the round's page, fill it in, and send that."


def read_answer_book(content: bytes, handout: Handout, catalog: Catalog, *, today: date) -> ReadBook:
    """Return what a workbook holds; raises ForefendError, saying why, for a file that cannot be read at all."""
    check_package(content, kind="Excel", most_bytes=MOST_BYTES)
    book = _open(content)
    key = _key(book)
    _check_key(key, handout)
    sheet, head, columns = _answers(book)
    reader = _Reader(sheet, columns, handout, catalog, key, today=today)
    for row in range(head + 1, min(sheet.max_row, MOST_ROWS) + 1):
        reader.read(row)
    reader.close()
    return ReadBook(rows=tuple(sorted(reader.rows, key=lambda found: found.row)), problems=tuple(reader.problems))


def _open(content: bytes) -> Any:
    import warnings

    from openpyxl import load_workbook

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what the library does not know is nothing we read
            return load_workbook(io.BytesIO(_shielded(content)))
    except Exception as error:  # a damaged file raises whatever the part it is damaged in raises
        raise ForefendError("The Excel file is damaged. Open it, save it anew as .xlsx and send it again.") from error


def _key(book: Any) -> Mapping[str, tuple[str, str]]:
    if KEY_SHEET not in book.sheetnames:
        raise ForefendError(NO_BOOK)
    found: dict[str, tuple[str, str]] = {}
    for row in book[KEY_SHEET].iter_rows(max_row=MOST_ROWS, max_col=3, values_only=True):
        name, value, further = (*row, None, None, None)[:3]
        if name is not None:
            found[str(name)] = (str(value if value is not None else ""), str(further if further is not None else ""))
    return found


def _check_key(key: Mapping[str, tuple[str, str]], handout: Handout) -> None:
    def said(name: str) -> str:
        return key.get(name, ("", ""))[0]

    if said("schema") != SCHEMA:
        raise ForefendError(NO_BOOK)
    if said("version") != str(VERSION):
        raise ForefendError(
            "This workbook is of another version of Forefend. Get a new one from the round's page and copy the answers over."
        )
    if said("round") != handout.round:
        raise ForefendError("This workbook belongs to another round. Send it back there, or get one of this round.")
    if said("institution") != handout.institution:
        raise ForefendError("This workbook belongs to another institution. Only that institution can send it back.")
    if said("edition") != handout.edition:
        raise ForefendError(
            f"This workbook has the questions of edition {said('edition')[:20] or 'unknown'}, and the round those of {handout.edition}. "
            "Get a new one from the round's page and copy the answers over."
        )


def _answers(book: Any) -> tuple[Any, int, Mapping[str, int]]:
    """Find the sheet of answers by its hidden row of ids; returns it with that row and the columns."""
    for sheet in book.worksheets:
        if sheet.title == KEY_SHEET:
            continue
        for row in range(1, ROWS_OF_HEAD + 1):
            names = [sheet.cell(row, column).value for column in range(1, min(sheet.max_column, MOST_COLUMNS) + 1)]
            columns = {str(name): column for column, name in enumerate(names, start=1) if name is not None}
            if all(name in columns for name in NEEDED):
                return sheet, row, columns
    missing = ", ".join(COLUMNS[name] for name in NEEDED)
    raise ForefendError(
        f"The sheet of answers is gone or lacks one of its columns ({missing}). Get a new workbook and copy the answers over."
    )


@dataclass
class _Reader:
    """Reads row by row and keeps what is wrong."""

    sheet: Any
    columns: Mapping[str, int]
    handout: Handout
    catalog: Catalog
    key: Mapping[str, tuple[str, str]]
    today: date
    rows: list[Incoming] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)
    row: int = 0
    question: str = ""

    def __post_init__(self) -> None:
        """Learn the words of every language, as a workbook may be read under another one than it was written in."""
        self.words = {_folded(word): name for name, text in WORDS.items() for word in _spellings(name, text)}
        self.sures = {_folded(word): name for name, text in SURE.items() for word in _spellings(name, text)}
        self.pairs = sum(name.startswith("link_") for name in self.columns)

    def read(self, row: int) -> None:
        """Read one row."""
        self.row, self.question = row, ""
        entered = [self._cell(name).value for name in self.columns if name not in ("action", "text", "anchors")]
        if all(value is None or str(value).strip() == "" for value in entered):
            return
        identifier = plain(str(self._cell("question").value or ""))
        if identifier not in self.handout.questions or identifier not in self.catalog.questions:
            self._fault(
                "question",
                N_("%(cell)s names the question “%(question)s”, which is not asked here. Put the right id back."),
                question=identifier[:40],
            )
            return
        self.question = identifier
        self.seen[identifier] += 1
        before = len(self.problems)
        found = self._row(self.catalog.questions[identifier])
        if found is not None and len(self.problems) == before:
            self.rows.append(found)

    def close(self) -> None:
        """Refuse questions that stand in several rows, and name those that are gone."""
        for identifier, times in self.seen.items():
            if times > 1:
                self.rows = [found for found in self.rows if found.question != identifier]
                sentence = N_("%(question)s stands in %(times)s rows. Keep one of them; none was taken.")
                self.problems.append(
                    Problem(cell="", sentence=sentence, params={"question": identifier, "times": str(times)}, question=identifier)
                )
        for identifier in self.handout.questions:
            was_handed_out = f"question {identifier}" in self.key
            if was_handed_out and identifier not in self.seen:
                sentence = N_("The row of %(question)s is gone. Its answer stays as it is.")
                self.problems.append(Problem(cell="", sentence=sentence, params={"question": identifier}, question=identifier))

    def _row(self, question: Question) -> Incoming | None:
        version, written = self.key.get(f"question {question.id}", ("0", ""))
        kind, value = self._answer(question)
        comment = self._text("comment", at_most=COMMENT_AT_MOST)
        sure = self._sure()
        checked = self._day()
        evidence = self._evidence()
        base = int(version) if version.isdigit() else 0
        if not kind:
            self._check_empty(base=base, said=bool(comment or sure or evidence))
            return None
        if kind == "not_applicable" and not comment:
            self._fault("comment", N_("%(cell)s is empty. Say why the question is not applicable."))
        now = digest(kind=kind, value=value, comment=comment, sure=sure, checked_on=checked, evidence=evidence)
        return Incoming(
            question=question.id, kind=kind, value=value, comment=comment, sure=sure, checked_on=checked or self.today, evidence=evidence,
            base_version=base, is_changed=now != written, row=self.row,
        )  # fmt: skip

    def _check_empty(self, *, base: int, said: bool) -> None:
        if base:
            self._fault("answer", N_("%(cell)s is empty. An answer cannot be taken back; choose unknown if nobody can tell."))
        elif said:
            self._fault("answer", N_("%(cell)s is empty, and what stands beside it is kept only with an answer. Choose one."))

    def _answer(self, question: Question) -> tuple[str, float | None]:
        cell, value = self._cell("answer"), self._value("answer")
        if value is None:
            return "", None
        said = _folded(str(value))
        word = self.words.get(said, "")
        if word and word in OFFERED[question.type]:
            return word, None
        if question.type == "maturity":
            level = _whole(value)
            if level is not None and str(level) in LEVELS:
                return "level", float(level)
        if question.type == "numeric" and not word:
            return self._number(cell, value)
        offered = ", ".join(name.replace("_", " ") for name in OFFERED[question.type])
        self._fault("answer", N_("%(cell)s says “%(said)s”. Choose one of: %(offered)s."), said=str(value)[:40], offered=offered)
        return "", None

    def _number(self, cell: Any, value: Any) -> tuple[str, float | None]:
        if "%" in str(cell.number_format or "") and not isinstance(value, str):
            self._fault("answer", N_("%(cell)s is shown as per cent. Write the plain number in the unit that is asked for."))
            return "", None
        try:
            number = float(value) if not isinstance(value, bool | datetime | date) else math.nan
        except (TypeError, ValueError):
            number = math.nan
        if not math.isfinite(number):
            self._fault("answer", N_("%(cell)s says “%(said)s”, which is no number. Write one such as 12.5."), said=str(value)[:40])
            return "", None
        return "number", number

    def _sure(self) -> str:
        value = self._value("sure")
        if value is None:
            return ""
        found = self.sures.get(_folded(str(value)), "")
        if not found:
            self._fault("sure", N_("%(cell)s says “%(said)s”. Choose low, moderate or high, or leave it empty."), said=str(value)[:40])
        return found

    def _day(self) -> date | None:
        value = self._value("checked_on")
        if value is None:
            return None
        day = value.date() if isinstance(value, datetime) else value if isinstance(value, date) else _iso(str(value))
        if day is None:
            self._fault("checked_on", N_("%(cell)s says “%(said)s”, which is no day. Write one such as 2027-03-31."), said=str(value)[:40])
        elif day > self.today:
            self._fault("checked_on", N_("%(cell)s lies in the future. Give the day somebody last looked."))
        return day

    def _evidence(self) -> tuple[Link, ...]:
        found = []
        for number in range(1, self.pairs + 1):
            title = self._text(f"evidence_{number}", at_most=TITLE_AT_MOST) if f"evidence_{number}" in self.columns else ""
            link = self._link(f"link_{number}")
            if link and not WEB.match(link):
                self._fault(f"link_{number}", N_("%(cell)s is no web address. Write one that begins with https://."))
            elif title or link:
                found.append(Link(title or link[:TITLE_AT_MOST], link))
        return tuple(found)

    def _link(self, name: str) -> str:
        """Return where a cell leads: its link where it has one, else what is written in it."""
        written = self._text(name, at_most=LINK_AT_MOST)
        hyperlink = self._cell(name).hyperlink
        target = str(hyperlink.target or "") if hyperlink is not None else ""
        if hyperlink is not None and hyperlink.location and target and "#" not in target:
            target = f"{target}#{hyperlink.location}"
        # A text changed by hand counts more than the link that was left under it.
        return written if WEB.match(written) or not target else target

    def _text(self, name: str, *, at_most: int) -> str:
        value = self._value(name)
        text = "" if value is None else plain(_unescaped(str(value)))
        if len(text) > at_most:
            self._fault(name, N_("%(cell)s has more than %(most)s characters. Shorten it."), most=str(at_most))
        return text

    def _value(self, name: str) -> Any:
        """Return what a cell holds, or None when it is empty; a formula is refused, as its value is not the writer's."""
        cell = self._cell(name)
        if cell.data_type == "f":
            self._fault(name, N_("%(cell)s holds a formula. Write the text or number itself; begin a text with a letter."))
            return None
        if cell.data_type == "e":
            self._fault(name, N_("%(cell)s holds an error. Write the text or number itself."))
            return None
        return None if cell.value is None or str(cell.value).strip() == "" else cell.value

    def _cell(self, name: str) -> Any:
        return self.sheet.cell(self.row, self.columns[name])

    def _fault(self, name: str, sentence: str, **params: str) -> None:
        cell = str(self._cell(name).coordinate)
        self.problems.append(Problem(cell=cell, sentence=sentence, params={"cell": cell, **params}, question=self.question))


def _spellings(name: str, text: str) -> Sequence[str]:
    return (name, text, *(strip_isolates(language(code).gettext(text)) for code in LANGUAGES))


def _folded(text: str) -> str:
    return " ".join(strip_isolates(text).replace("_", " ").split()).casefold()


def _whole(value: Any) -> int | None:
    try:
        number = float(value) if not isinstance(value, bool | datetime | date) else math.nan
    except (TypeError, ValueError):
        return None
    return int(number) if math.isfinite(number) and number == int(number) else None


def _iso(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def _shielded(content: bytes) -> bytes:
    """Put a stand-in where the format writes an underscore by its number: the library takes it away, whatever follows it."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    texts = {name for name, data in parts.items() if name.startswith(("xl/sharedStrings", "xl/worksheets/")) and b"x005F_" in data}
    if not texts:
        return content
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        for name, data in parts.items():
            made.writestr(name, data.replace(b"x005F_", STAND_IN.encode()) if name in texts else data)
    return target.getvalue()


def _unescaped(text: str) -> str:
    """Read the characters that the format writes by their numbers; the library leaves them as they are."""
    parts = text.split(f"_{STAND_IN}")  # an underscore by its number, each
    read = [ESCAPED.sub(lambda found: chr(int(found.group(1), 16)), part) for part in parts]
    return NOT_ALLOWED.sub("", "_".join(read).replace(STAND_IN, "x005F_"))
