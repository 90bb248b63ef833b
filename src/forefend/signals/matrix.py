"""From matrices of levels to hits, and the figures of deaths that go with them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date

import numpy as np

from forefend.forecast.history import Flags, Matrix
from forefend.panel.deaths import KINDS, month_end, months_before, window_query
from forefend.signals.model import Hit
from forefend.signals.seen import Seen
from forefend.store import Figure, compute

Said = Callable[[int, int], Mapping[str, object]]


def hits_where(
    seen: Seen, fired: Flags, *, level: Matrix, severity: Matrix | int, why: str, said: Said, spell: Matrix | None = None
) -> Iterator[Hit]:
    """Yield a hit for every state and month that fired, from the month in which signals begin; ``said`` gives its numbers by place."""
    for state, column in np.argwhere(fired):
        if column < seen.first_column:
            continue
        yield Hit(
            iso3=seen.past.iso3s[state],
            month=seen.past.month(int(column)),
            severity=int(severity if isinstance(severity, int) else severity[state, column]),
            level=float(level[state, column]),
            why=why,
            said=said(int(state), int(column)),
            spell=0 if spell is None else int(spell[state, column]),
        )


def deaths_figure(seen: Seen, hit: Hit, *, months: int, kind: str = "os") -> Figure:
    """Return a state's deaths in the months that end with the hit's, as a number that opens to its rows."""
    first = months_before(hit.month, months - 1)
    query = window_query(seen.store, kind=kind, start=first, end=month_end(hit.month), iso3=hit.iso3, as_of=seen.as_of)
    period = f"{hit.month:%Y-%m}" if months == 1 else f"{first:%Y-%m}–{hit.month:%Y-%m}"
    return compute(seen.store, label=f"Deaths in {KINDS[kind]}", unit="deaths", formula="total", inputs=[query], period=period)


def whole(number: float) -> str:
    """Write a count, or a chance in per cent, without digits after the point."""
    return f"{number:,.0f}"


def month_of(day: date) -> date:
    """Return the first day of a day's month."""
    return day.replace(day=1)
