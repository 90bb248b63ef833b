"""What pages and exports read of the audit log: each row as far as its marking lets the reader."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from forefend.web.accounts.models import Person
from forefend.web.accounts.permissions import may
from forefend.web.accounts.reading import NARROW, WIDE
from forefend.web.accounts.roles import READ_ANSWERS
from forefend.web.audit.chain import export_rows
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
    return [
        Shown(entry=entry, is_open=may_read_content(reader, marking=entry.marking, actor=entry.actor)) for entry in found[: ROWS_SHOWN + 1]
    ]


def rows_for(reader: Person) -> Iterator[dict[str, Any]]:
    """Return every row as a plain record; what the reader may not see is withheld, and said to be."""
    for row in export_rows():
        is_open = may_read_content(reader, marking=str(row["marking"]), actor=str(row["actor"]))
        yield row | {"is_withheld": not is_open} | ({} if is_open else dict.fromkeys(TOLD))


def _short(value: object) -> str:
    text = "" if value is None else str(value)
    return text if len(text) <= 200 else f"{text[:200]}…"
