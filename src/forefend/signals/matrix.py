"""From matrices of levels to hits, and the figures of deaths that go with them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date

import numpy as np

from forefend.forecast.history import Flags, Matrix
from forefend.panel.deaths import KINDS, OUTSIDE, covered, month_end, months_before, window_query
from forefend.signals.model import Hit
from forefend.signals.seen import Seen
from forefend.store import Figure, compute, missing_figure

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
    """Return a state's deaths in the months that end with the hit's, or with the newest counted, as a number that opens to its rows."""
    label = f"Deaths in {KINDS[kind]}"
    if not covered(hit.iso3):
        return missing_figure(label=label, unit="deaths", reason=OUTSIDE)
    newest = min(hit.month, seen.newest)
    first = months_before(newest, months - 1)
    query = window_query(seen.store, kind=kind, start=first, end=month_end(newest), iso3=hit.iso3, as_of=seen.as_of)
    period = f"{newest:%Y-%m}" if months == 1 else f"{first:%Y-%m}–{newest:%Y-%m}"
    return compute(seen.store, label=label, unit="deaths", formula="total", inputs=[query], period=period)


def known_deaths(seen: Seen, iso3: str, month: date, *, kinds: tuple[str, ...] = ("os",), months: int = 12) -> float:
    """Return a state's deaths in the months that end with a month, or with the newest counted; NaN for a state not counted."""
    if iso3 not in seen.past.iso3s:
        return float("nan")
    column = min(seen.past.column(month), seen.past.deaths.shape[1] - 1)
    state = seen.past.iso3s.index(iso3)
    return float(sum(np.nan_to_num(seen.deaths(kind)[state, max(0, column - months + 1) : column + 1]).sum() for kind in kinds))


def whole(number: float) -> str:
    """Write a count, or a chance in per cent, without digits after the point."""
    return f"{number:,.0f}"
