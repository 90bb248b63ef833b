"""What rules may look at: deaths by kind up to a month, and the store as of a day. Nothing later is in reach."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from forefend.forecast.history import History, Matrix
from forefend.forecast.tables import history
from forefend.panel.deaths import month_end
from forefend.store import Store

FIRST = date(2014, 1, 1)  # signals begin here: a year before the years on which rules were frozen, so that cool-downs have begun
KINDS = ("os", "sb", "ns")


@dataclass(frozen=True, kw_only=True)
class Seen:
    """``past`` holds one-sided deaths, and state-based and non-state ones ``beside`` them. ``as_of`` is the day asked for."""

    store: Store
    past: History
    as_of: date

    @property
    def newest(self) -> date:
        """The last month whose deaths are known."""
        return self.past.origin

    @property
    def first_column(self) -> int:
        """The column of the first month for which signals are made."""
        return max(0, self.past.column(FIRST))

    def deaths(self, kind: str = "os") -> Matrix:
        """Return deaths by state and month."""
        return self.past.deaths if kind == "os" else self.past.beside[kind]

    @property
    def by_kind(self) -> Mapping[str, Matrix]:
        """Deaths of all three kinds."""
        return {kind: self.deaths(kind) for kind in KINDS}


def look(store: Store, *, as_of: date) -> Seen:
    """Gather what is known on a day; raises NotLoaded and ForecastError. A kind of violence without a release counts as none."""
    past = history(store, "os", as_of=as_of)
    beside = {kind: _beside(store, kind, past, as_of=as_of) for kind in ("sb", "ns")}
    return Seen(store=store, past=History(target="os", iso3s=past.iso3s, first=past.first, deaths=past.deaths, beside=beside), as_of=as_of)


def earlier(seen: Seen, month: date) -> Seen:
    """Return what was known at the end of an earlier month."""
    columns = seen.past.column(month) + 1
    beside = {kind: deaths[:, :columns] for kind, deaths in seen.past.beside.items()}
    past = History(target="os", iso3s=seen.past.iso3s, first=seen.past.first, deaths=seen.past.deaths[:, :columns], beside=beside)
    return Seen(store=seen.store, past=past, as_of=month_end(month))


def _beside(store: Store, kind: str, past: History, *, as_of: date) -> Matrix:
    if not store.holding("observations", f"ucdp_{kind}_deaths"):
        return np.zeros_like(past.deaths)
    other = history(store, kind, as_of=as_of)
    if other.iso3s == past.iso3s and other.deaths.shape == past.deaths.shape:
        return other.deaths
    found = np.zeros_like(past.deaths)
    columns = min(found.shape[1], other.deaths.shape[1])
    for place, iso3 in enumerate(past.iso3s):
        if iso3 in other.iso3s:
            found[place, :columns] = other.deaths[other.iso3s.index(iso3), :columns]
    return found
