"""Events to counts: one row per place and period, with shares of all events beside the counts.

News coverage grows and shrinks; a country's share of protests among all its events moves less with it than
their number does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import ibis.expr.types as ir

Period = Literal["month", "week"]
Parts = Mapping[str, "Callable[[ir.Table], ir.BooleanValue]"]
UNITS: Mapping[Period, Literal["M", "W"]] = {"month": "M", "week": "W"}  # weeks begin on Monday, as in ISO 8601


def tally(
    events: ir.Table, *, by: Sequence[str], period: Period, day: str = "day", parts: Parts | None = None, sums: Sequence[str] = ()
) -> ir.Table:
    """Return ``by``, ``start`` (the period's first day), ``events``; per part ``<part>_events`` and ``<part>_share``; and the sums.

    A part is a condition on an event; the share is its events over all events of the row. Only whole numbers
    may be summed: sums of fractions depend on the order in which an engine adds. Events without a place or day
    are left out; ``unplaced`` counts them. Sorted by ``by`` and ``start``.
    """
    import ibis

    strange = [name for name in sums if not events[name].type().is_integer()]
    if strange:
        raise ValueError(f"{strange[0]} is not a whole number")
    parts = parts or {}
    placed = events.filter(~_is_unplaced(events, by=by, day=day))
    dated = placed.mutate(start=placed[day].truncate(UNITS[period]))
    counts = {f"{name}_events": dated.count(where=wanted(dated)) for name, wanted in parts.items()}
    totals = {name: dated[name].sum().cast("int64") for name in sums}
    rows = dated.group_by([*by, "start"]).agg(events=dated.count(), **counts, **totals)
    shares = {f"{name}_share": ibis._[f"{name}_events"] / ibis._["events"] for name in parts}
    return rows.mutate(**shares).order_by([*by, "start"])


def unplaced(events: ir.Table, *, by: Sequence[str], day: str = "day") -> ir.Table:
    """Return one row: how many ``events`` have no place or day and are in no tally."""
    return events.filter(_is_unplaced(events, by=by, day=day)).agg(events=lambda rows: rows.count())


def with_repeats(events: ir.Table, *, key: str, order: Sequence[str]) -> ir.Table:
    """Add ``is_repeat``: false for the first row of a key in the order given, true for every later one."""
    import ibis

    return events.mutate(is_repeat=ibis.row_number().over(ibis.window(group_by=key, order_by=list(order))) > 0)


def _is_unplaced(events: ir.Table, *, by: Sequence[str], day: str) -> ir.BooleanValue:
    return reduce(or_, [events[name].isnull() for name in (*by, day)])
