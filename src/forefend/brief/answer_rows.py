"""What goes into an institution's workbook and what comes back: shared by the one who writes it and the one who reads it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from forefend.locale import N_

SCHEMA, VERSION = "forefend-answer-book", 1
KEY_SHEET = "Key"
# Column → its title. The ids stand in a hidden row, so that columns are found wherever they were moved to.
COLUMNS: Mapping[str, str] = {
    "question": N_("Question"),
    "action": N_("Action"),
    "text": N_("What is asked"),
    "anchors": N_("What the answers mean"),
    "answer": N_("Answer"),
    "comment": N_("Comment, or why it is not applicable"),
    "sure": N_("How sure"),
    "checked_on": N_("Checked on"),
}
EVIDENCE_TITLE, EVIDENCE_LINK = N_("Evidence %(number)s: title"), N_("Evidence %(number)s: link")
FEWEST_EVIDENCE = 3  # places for evidence beside each question
WORDS: Mapping[str, str] = {
    "yes": N_("yes"),
    "partly": N_("partly"),
    "no": N_("no"),
    "unknown": N_("unknown"),
    "not_applicable": N_("not applicable"),
}
SURE: Mapping[str, str] = {"low": N_("low"), "moderate": N_("moderate"), "high": N_("high")}
LEVELS = ("0", "1", "2", "3", "4")
OFFERED: Mapping[str, tuple[str, ...]] = {
    "maturity": (*LEVELS, "unknown", "not_applicable"),
    "yes_no_partly": ("yes", "partly", "no", "unknown", "not_applicable"),
    "numeric": ("unknown", "not_applicable"),
}
COMMENT_AT_MOST, TITLE_AT_MOST, LINK_AT_MOST = 20_000, 300, 2_000


@dataclass(frozen=True)
class Link:
    """A piece of evidence as a workbook holds it; a file of the workbench has no link."""

    title: str
    link: str = ""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """An answer as it stands when the workbook is written; ``version`` is 0 where there is none yet."""

    kind: str = ""
    value: float | None = None
    comment: str = ""
    sure: str = ""
    checked_on: date | None = None
    evidence: tuple[Link, ...] = ()
    version: int = 0


@dataclass(frozen=True, kw_only=True)
class Handout:
    """Whose workbook it is: ids of round and institution, the edition its questions are of, and what is asked."""

    round: str
    round_title: str
    institution: str
    institution_title: str
    edition: str
    questions: tuple[str, ...]
    marking: str = "AMBER"
    due_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Incoming:
    """One answer read back. ``is_changed`` tells whether it differs from what the workbook was written with.

    ``base_version`` is the version that was changed; ``row`` is the row of the sheet, for messages.
    """

    question: str
    kind: str
    value: float | None
    comment: str
    sure: str
    checked_on: date
    evidence: tuple[Link, ...]
    base_version: int
    is_changed: bool
    row: int


@dataclass(frozen=True, kw_only=True)
class Problem:
    """What is wrong at a cell, as a text for translation with its parameters; an empty cell is about the whole file."""

    cell: str
    sentence: str
    params: Mapping[str, str]
    question: str = ""


@dataclass(frozen=True, kw_only=True)
class ReadBook:
    """What a workbook holds: the answers that can be taken, and what is wrong with the others. Nothing is written yet."""

    rows: tuple[Incoming, ...]
    problems: tuple[Problem, ...]

    @property
    def changed(self) -> tuple[Incoming, ...]:
        """The answers that differ from what the workbook was written with."""
        return tuple(row for row in self.rows if row.is_changed)


def digest(*, kind: str, value: float | None, comment: str, sure: str, checked_on: date | None, evidence: tuple[Link, ...]) -> str:
    """Return a short digest of what an answer says, by which a change is seen; programs keep some 15 digits of a number, not all."""
    record = [
        kind,
        None if value is None else f"{value:.12g}",
        plain(comment),
        sure,
        checked_on.isoformat() if checked_on else "",
        [[e.title, e.link] for e in evidence],
    ]
    return hashlib.sha256(json.dumps(record, ensure_ascii=False).encode()).hexdigest()[:24]


def plain(text: str) -> str:
    """Write a text's line ends in one way, as programs do not agree on them."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()
