"""Windows of opportunity ahead of a state, dated: published or projected dates where the register has them, else usual months.

Each date says what it rests on: ``fixed`` (published, or set by own rule), ``projected`` (by a rule or an
offset), ``typical`` (usual months), ``unverified`` (remembered, not read), ``undated`` (no date is known).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from forefend.catalog import Catalog
from forefend.catalog.model import Window
from forefend.errors import NotLoaded
from forefend.options.dated import REACH_YEARS, Basis, Dated, from_register
from forefend.options.occurrences import Period, has_months, occurrences, shifted
from forefend.panel.standing import Standing, commitments, is_member
from forefend.store import Store

# Where a seat decides whether a state can act: the organisation, as the register names it.
SEATS = {
    **dict.fromkeys(("hrc.march", "hrc.june", "hrc.sept", "hrc.special"), "HRC"),
    **dict.fromkeys(("sc.poc", "sc.crsv", "sc.caac", "sc.wps", "sc.sanctions_renewal", "sc.mandate_renewal"), "UNSC"),
    "au.summit": "AU",
    "ecowas.authority": "ECOWAS",
    "asean.summit": "ASEAN",
    "eu.fac": "EU",
    "oas.ga": "OAS",
    "osce.ministerial": "OSCE",
}
PARTIES = {"icc.asp": "rome_statute", "att.conference": "arms_trade_treaty"}


@dataclass(frozen=True, kw_only=True)
class WindowDate:
    """One occurrence of a window.

    ``detail`` names what is concerned (a session, a mission, a committee), ``about`` the state. ``source``
    and ``checked`` say where the date comes from. ``can_use`` tells whether the state has the seat it
    takes: None where that is not known. ``preparation_start`` may lie in the past: then time is short.
    """

    window: Window
    start: date | None
    end: date | None
    date_text: str
    basis: Basis
    source: str
    checked: str = ""
    detail: str = ""
    about: str = ""
    note: str = ""
    seat: str = ""
    can_use: bool | None = True
    fact: Standing | None = None

    @property
    def id(self) -> str:
        """Name of the occurrence, stable as long as its date is."""
        return "/".join(part for part in (self.window.id, self.date_text or "undated", self.about, self.detail) if part)

    @property
    def preparation_start(self) -> date | None:
        """Day on which preparation should begin; None where there is no date."""
        return None if self.start is None else self.start - timedelta(weeks=self.window.preparation_weeks)


def windows(
    store: Store, catalog: Catalog, state: str, about: str | None = None, *, days: int = 365, today: date
) -> tuple[WindowDate, ...]:
    """Return the windows from today on, in order of date, undated ones last.

    ``about`` is the country concerned: its reviews, mandates and elections are dated too. Windows of
    regional organisations of which neither state is known to be a member are left out. Where the register
    is not loaded, all dates are usual months.
    """
    horizon = Period(start=today, end=today + timedelta(days=days))
    dated = from_register(store, state=state, about=about, horizon=horizon)
    found = [entry for window in catalog.windows.values() for entry in _entries(window, catalog=catalog, dated=dated, horizon=horizon)]
    placed = [_with_seat(store, entry, state=state, today=today) for entry in found]
    relevant = [entry for entry in placed if _concerns(store, entry, about=about, today=today)]
    return tuple(sorted(relevant, key=lambda entry: (entry.start or date.max, entry.window.id, entry.about, entry.detail)))


def _entries(window: Window, *, catalog: Catalog, dated: Sequence[Dated], horizon: Period) -> tuple[WindowDate, ...]:
    """All occurrences of one window within the horizon, or one without a date."""
    if window.schedule.kind == "relative":
        base = catalog.windows[window.schedule.to]
        bases = _bases(base, catalog=catalog, dated=dated, horizon=horizon)
        found = [_after(window, entry) for entry in bases]
    else:
        known = [_of_register(window, entry) for entry in dated if entry.window == window.id]
        found = [*known, *_usual(window, known=known, catalog=catalog, horizon=horizon)]
    within = tuple(entry for entry in found if entry.start and entry.end and entry.start <= horizon.end and entry.end >= horizon.start)
    if within or has_months(window.schedule):
        return within
    return (WindowDate(window=window, start=None, end=None, date_text="", basis="undated", source=_edition(catalog), note=window.note),)


def _bases(window: Window, *, catalog: Catalog, dated: Sequence[Dated], horizon: Period) -> list[WindowDate]:
    """What other windows are counted from: reviews of the states concerned, else usual months of the years around."""
    known = [_of_register(window, entry) for entry in dated if entry.window == window.id and entry.about]
    around = Period(start=date(horizon.start.year - REACH_YEARS, 1, 1), end=date(horizon.end.year + REACH_YEARS, 12, 31))
    return known or list(_usual(window, known=[], catalog=catalog, horizon=around))


def _of_register(window: Window, entry: Dated) -> WindowDate:
    fact = entry.fact
    return WindowDate(
        window=window,
        start=entry.period.start,
        end=entry.period.end,
        date_text=fact.date_text,
        basis=entry.basis,
        source=fact.cited or fact.snapshot.title,
        checked=fact.checked,
        detail=entry.detail,
        about=entry.about,
        note=fact.note,
        fact=fact,
    )


def _usual(window: Window, *, known: Iterable[WindowDate], catalog: Catalog, horizon: Period) -> Iterator[WindowDate]:
    """The window's usual months, in years for which the register has no date."""
    years = {entry.start.year for entry in known if entry.start and not (entry.about and entry.detail)}
    for period in occurrences(window.schedule, start=horizon.start, end=horizon.end):
        if period.start.year not in years:
            yield WindowDate(
                window=window,
                start=period.start,
                end=period.end,
                date_text=period.text,
                basis="fixed" if window.date_confidence == "fixed" else "typical",
                source=_edition(catalog),
                note=window.note,
            )


def _after(window: Window, base: WindowDate) -> WindowDate:
    """A window counted from another: never better known than a projection."""
    if base.start is None or base.end is None:
        raise ValueError(f"{base.id} has no date")  # bases are dated
    period = shifted(Period(start=base.start, end=base.end), offset=window.schedule.offset)
    basis: Basis = base.basis if base.basis in ("typical", "unverified") else "projected"
    return replace(base, window=window, start=period.start, end=period.end, date_text=period.text, basis=basis, note=window.note)


def _with_seat(store: Store, entry: WindowDate, *, state: str, today: date) -> WindowDate:
    identifier = entry.window.id
    if identifier == "sc.presidency":
        return replace(entry, seat="UNSC", can_use=entry.about == state if entry.about else _seat(store, state, "UNSC", on=today))
    if identifier in PARTIES:
        return replace(entry, seat=PARTIES[identifier], can_use=_is_party(store, state, PARTIES[identifier], on=today))
    if identifier in SEATS:
        body = SEATS[identifier]
        return replace(entry, seat=body, can_use=_seat(store, state, body, on=entry.start or today))
    return entry


def _concerns(store: Store, entry: WindowDate, *, about: str | None, today: date) -> bool:
    """Leave out regional organisations in which neither state has a seat."""
    if entry.window.forum != "regional" or entry.can_use or entry.about:
        return True
    return bool(about and _seat(store, about, entry.seat, on=entry.start or today))


def _seat(store: Store, state: str, body: str, *, on: date) -> bool | None:
    try:
        return is_member(store, state, body, on=on)
    except NotLoaded:
        return None


def _is_party(store: Store, state: str, treaty: str, *, on: date) -> bool | None:
    try:
        found = commitments(store, state, on=on, key=treaty)
    except NotLoaded:
        return None
    return found[0].plain_status == "party" if found else None


def _edition(catalog: Catalog) -> str:
    return f"Usual months, catalog of windows {catalog.editions['windows']}"
