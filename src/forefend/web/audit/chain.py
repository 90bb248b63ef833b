"""The chain of the audit log: how a row is added, and how the whole is proved."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from forefend.errors import AuditError
from forefend.locale import N_
from forefend.web.audit.models import Entry, Head, Moved, Seal

Moves = Collection[str] | Callable[[], Collection[str]]
SYSTEM = "system"
COMMAND_LINE = "command line"
BATCH = 2_000
# What people do beside the assessment: no result depends on it.
BESIDE_RESULTS = (
    "audit.", "evidence.added", "evidence.refused", "evidence.version_added", "installation.", "invitation.", "item.",
    "person.password", "person.sign", "person.invited", "round.exported", "round.opened", "second_factor.", "session.",
)  # fmt: skip
WHOLE_FROM = 1e16  # from here on Python writes a float with an exponent, and every float is whole


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What a check of the log found; ``first_broken`` is the number of the first row that does not fit, 0 where all do."""

    n_rows: int
    first_broken: int
    sentence: str
    values: Mapping[str, object]

    @property
    def is_whole(self) -> bool:
        """Whether every row fits."""
        return self.sentence == WHOLE


WHOLE = N_("The record is whole: %(rows)s changes, each chained to the one before.")
BROKEN = N_("Row %(number)s does not fit: it was altered, or the row before it was. Rows before it are whole.")
GAP = N_("Row %(number)s is missing: rows were removed from the middle of the record.")
CUT = N_("The record ends at row %(number)s, but row %(expected)s was written: its end was cut off.")


def add(
    event: str,
    *,
    subject: str,
    actor: str,
    actor_name: str,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
    marking: str = "AMBER",
    moves: Moves | None = None,
) -> Entry:
    """Add a row in the transaction of the change itself; raises AuditError outside of one.

    ``moves`` are the keys of the rounds whose results may differ after it; none for a draft, say. Where it is not given, all may.
    Where they depend on more than was locked, they are given as a function: changes come one after another from here on.
    """
    if not connection.in_atomic_block:
        raise AuditError("A change can only be recorded in its own transaction.")
    head = Head.objects.select_for_update().get(pk=1)
    now = timezone.now()
    behind = (head.at - now).total_seconds() if head.at and head.at > now else 0.0
    entry = Entry(
        number=head.number + 1,
        at=head.at if behind else now,  # a clock that was moved back cannot put a row before another
        actor=actor,
        actor_name=actor_name,
        event=event,
        subject=subject,
        marking=marking,
        before=_plain(before),
        after=_plain(after),
        reason=reason,
        clock_behind_seconds=behind,
        previous=head.digest,
    )
    entry.digest = digest_of(entry)
    entry.save(force_insert=True)
    head.number, head.digest, head.at = entry.number, entry.digest, entry.at
    if not event.startswith(BESIDE_RESULTS):
        if moves is None:
            head.moved = entry.digest
        else:
            keys = moves() if callable(moves) else moves
            rows = [Moved(about=key, digest=entry.digest) for key in sorted(set(keys))]
            Moved.objects.bulk_create(rows, update_conflicts=True, unique_fields=["about"], update_fields=["digest"])
    head.save(update_fields=["number", "digest", "at", "moved"])
    return entry


def digest_of(entry: Entry) -> str:
    """Return the hash of a row over everything it says and the hash of the row before."""
    at = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    said = [
        entry.number, at, entry.actor, entry.actor_name, entry.event, entry.subject, entry.marking,
        entry.before, entry.after, entry.reason, entry.clock_behind_seconds, entry.previous,
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def verify() -> Verdict:
    """Walk the whole log and say whether it is whole, else which row is the first that does not fit."""
    seal = Seal.objects.order_by("-upto").first()
    number, previous = (seal.upto, seal.digest) if seal else (0, "")
    begun_after = number
    for entry in _rows():
        if entry.number <= begun_after:
            continue
        if entry.number != number + 1:
            return _verdict(GAP, n_rows=number, first_broken=number + 1, number=number + 1)
        if entry.previous != previous or digest_of(entry) != entry.digest:
            return _verdict(BROKEN, n_rows=number, first_broken=entry.number, number=entry.number)
        number, previous = entry.number, entry.digest
    head = Head.objects.get(pk=1)
    if (head.number, head.digest) != (number, previous):
        return _verdict(CUT, n_rows=number, first_broken=number + 1, number=number, expected=head.number)
    return _verdict(WHOLE, n_rows=number, first_broken=0, rows=number)


def last_moved(about: str) -> tuple[str, str]:
    """Return what changes whenever anything does that the result of a round, by its key, may depend on."""
    everywhere = Head.objects.values_list("moved", flat=True).get(pk=1)
    return everywhere, Moved.objects.filter(about=about).values_list("digest", flat=True).first() or ""


def all_moved() -> tuple[str, frozenset[tuple[str, str]]]:
    """Return the same for all rounds at once."""
    return Head.objects.values_list("moved", flat=True).get(pk=1), frozenset(Moved.objects.values_list("about", "digest"))


def export_rows(*, upto: int | None = None) -> Iterator[dict[str, Any]]:
    """Return the rows as plain records, in order."""
    for entry in _rows():
        if upto is not None and entry.number > upto:
            return
        yield {field.name: _text(getattr(entry, field.name)) for field in Entry._meta.fields}


def last_before(day: date) -> int | None:
    """Return the number of the last row before a day; None where there is none.

    Rows are in order of time, so all before it are older too.
    """
    begins = datetime(day.year, day.month, day.day, tzinfo=UTC)
    last = Entry.objects.filter(at__lt=begins).order_by("-number").first()
    return last.number if last else None


def count_upto(number: int) -> int:
    """Count the rows up to a number that are still here."""
    return Entry.objects.filter(number__lte=number).count()


@transaction.atomic
def remove_front(*, upto: int, file_sha256: str, actor: str, actor_name: str) -> int:
    """Remove exported rows from the front; a seal keeps the hash the rest is chained to. Returns how many went."""
    last = Entry.objects.filter(number__lte=upto).order_by("-number").first()
    if last is None or last.number != upto:
        raise AuditError(f"Row {upto} is not in the record. Give the number of the last row that was exported.")
    Seal.objects.create(upto=upto, digest=last.digest, file_sha256=file_sha256, at=timezone.now(), by=actor)
    removed, _ = Entry.objects.filter(number__lte=upto).delete()
    add(
        "audit.removed",
        subject="audit",
        actor=actor,
        actor_name=actor_name,
        after={"upto": upto, "file_sha256": file_sha256},
        marking="GREEN",
    )
    return removed


def _rows() -> Iterator[Entry]:
    yield from Entry.objects.order_by("number").iterator(chunk_size=BATCH)


def _verdict(sentence: str, *, n_rows: int, first_broken: int, **values: object) -> Verdict:
    return Verdict(n_rows=n_rows, first_broken=first_broken, sentence=sentence, values=values)


def _plain(record: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return the record in the types that come back from the database as they went in."""
    return None if record is None else json.loads(json.dumps(dict(record), default=str, allow_nan=False), parse_float=_number)


def _number(text: str) -> float | int:
    """Return a number as PostgreSQL gives it back: it knows no negative zero, and writes large whole numbers without a point."""
    value = float(text)
    return int(value) if abs(value) >= WHOLE_FROM else value or 0.0


def _text(value: object) -> object:
    return value.astimezone(UTC).isoformat(timespec="microseconds") if isinstance(value, datetime) else value
