"""What pages and exports read of the audit log: each row as far as its marking lets the reader."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db.models import Q

from forefend.web.accounts.models import Person
from forefend.web.accounts.permissions import may
from forefend.web.accounts.reading import NARROW, WIDE
from forefend.web.accounts.roles import READ_ANSWERS
from forefend.web.audit.chain import BATCH, export_rows
from forefend.web.audit.models import Entry

ROWS_SHOWN = 50
TOLD = ("before", "after", "reason")  # what a row says beyond that something happened


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A row as its reader sees it: that something happened is shown to all, what was in it only as its marking allows."""

    entry: Entry
    is_open: bool

    @property
    def changes(self) -> list[tuple[str, str, str]]:
        """What was before and after, field by field."""
        before, after = self.entry.before or {}, self.entry.after or {}
        return [(name, _short(before.get(name)), _short(after.get(name))) for name in dict.fromkeys((*before, *after))]


def may_read_content(reader: Person, *, marking: str, actor: str) -> bool:
    """Tell whether a reader may see what a row says. RED: who wrote it alone, as the row names no readers."""
    if actor == reader.key or marking in WIDE:
        return True
    return marking in NARROW and may(reader, READ_ANSWERS)


def page_of_rows(reader: Person, *, subject: str = "", actor: str = "", event: str = "", below: int | None = None) -> list[Shown]:
    """Return rows, the newest first, at most one page and one row more, so that a page knows whether another follows."""
    found = Entry.objects.order_by("-number")
    if subject:
        found = found.filter(subject__startswith=subject)
    if actor:
        found = found.filter(Q(actor=actor) | Q(actor_name__icontains=actor))
    if event:
        found = found.filter(event__startswith=event)
    if below is not None:
        found = found.filter(number__lt=below)
    rows = list(found[: ROWS_SHOWN + 1])
    closed = closed_subjects(reader, (entry.subject for entry in rows))
    return [Shown(entry=entry, is_open=_is_open(reader, entry.marking, entry.actor, entry.subject, closed)) for entry in rows]


def rows_for(reader: Person) -> Iterator[dict[str, Any]]:
    """Return every row as a plain record; what the reader may not see is withheld, and said to be."""
    rows = export_rows()
    while batch := list(islice(rows, BATCH)):
        closed = closed_subjects(reader, (str(row["subject"]) for row in batch))
        for row in batch:
            is_open = _is_open(reader, str(row["marking"]), str(row["actor"]), str(row["subject"]), closed)
            yield row | {"is_withheld": not is_open} | ({} if is_open else dict.fromkeys(TOLD))


def closed_subjects(reader: Person, subjects: Iterable[str]) -> set[str]:
    """Return which answers and pieces of evidence among the subjects the reader may not read as they are marked today.

    A row keeps the marking of its day: a draft of an open marking is private all the same, and so is what became RED later.
    """
    from forefend.web.assessment.models import Answer
    from forefend.web.assessment.reading import answers_for
    from forefend.web.evidence.models import Evidence
    from forefend.web.evidence.reading import evidence_for

    wanted = set(subjects)
    closed: set[str] = set()
    for kind, model, readable in (("answer", Answer, answers_for), ("evidence", Evidence, evidence_for)):
        keys = {subject: int(key) for subject in wanted if (key := subject.removeprefix(f"{kind}:")) != subject and key.isdecimal()}
        if keys:
            there = set(model.objects.filter(pk__in=keys.values()).values_list("pk", flat=True))
            there -= set(readable(reader).filter(pk__in=keys.values()).values_list("pk", flat=True))
            closed |= {subject for subject, key in keys.items() if key in there}
    return closed


def _is_open(reader: Person, marking: str, actor: str, subject: str, closed: set[str]) -> bool:
    return actor == reader.key or (subject not in closed and may_read_content(reader, marking=marking, actor=actor))


def _short(value: object) -> str:
    given = value if isinstance(value, list) else [value]
    text = ", ".join("" if part is None else str(part) for part in given)
    return text if len(text) <= 200 else f"{text[:200]}…"
