"""Rows of the audit log about things a person may read, with their content as far as its marking lets the reader."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from forefend.web.accounts.models import Person
from forefend.web.accounts.reading import RED
from forefend.web.audit.models import Entry
from forefend.web.audit.queries import TOLD, may_read_content

AT_ONCE = 500  # subjects of one query


def told_rows(person: Person, subjects: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Give the rows about ``subjects`` in order; of what is RED for others, and of anything else, there is no row to be counted."""
    found: list[Entry] = []
    for start in range(0, len(subjects), AT_ONCE):
        found += Entry.objects.filter(subject__in=subjects[start : start + AT_ONCE])
    for entry in sorted(found, key=lambda row: row.number):
        is_open = may_read_content(person, marking=entry.marking, actor=entry.actor)
        if entry.marking == RED and not is_open:
            continue
        row = {name: getattr(entry, name) for name in ("number", "at", "actor_name", "event", "subject", "marking", *TOLD, "digest")}
        yield row | {"is_withheld": not is_open} | ({} if is_open else dict.fromkeys(TOLD))
