"""Issued forecasts as pages read them: the newest issue of a target, and its numbers as figures that open to the ledger."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from forefend.errors import StoreError
from forefend.forecast.explain.files import EXPLAINED, EXPLANATIONS, TOTALS
from forefend.forecast.ledger import Issue, beside, forecasts_of, issues
from forefend.forecast.target import HORIZON_YEARS, Period
from forefend.locale import N_
from forefend.store import Figure, IssuedRows, Store, compute, missing_figure
from forefend.store.issued import FORECASTS, LEDGER

CHANCE = N_("Chance that a new mass killing begins within two years, as issued")
MONTH = N_("Deaths in one-sided violence in a month, as issued")
MONTH_CHANCE = N_("Chance of so many deaths in one-sided violence in a month, as issued")
TOTAL = N_("Deaths in one-sided violence in all months issued together")
UNDER_WAY = "under way"
NOT_ISSUED = N_("not issued")
QUANTILES = {"q05": "q0.05", "q25": "q0.25", "q50": "q0.5", "q75": "q0.75", "q95": "q0.95"}
LEVELS = {"p1": "p_ge_1", "p25": "p_ge_25", "p100": "p_ge_100"}


@dataclass(frozen=True, kw_only=True)
class OnShow:
    """The newest issue of a target that is no hindsight, and the newest one before it that says something else.

    Without one, ``refusal`` is empty where none was issued, else says what is wrong with the ledger.
    """

    entry: Issue | None = None
    before: Issue | None = None
    refusal: str = ""


def on_show(store: Store, *, period: Period, target: str) -> OnShow:
    """Return the issue whose numbers pages show: the newest by what it knew, then by when it was issued."""
    try:
        known = [e for e in issues(store) if (e.period, e.target) == (period, target) and not e.is_hindsight]
        ordered = sorted(known, key=lambda entry: (entry.origin, entry.number))
        if not ordered:
            return OnShow()
        entry = ordered[-1]
        others = [e for e in ordered if e.forecasts_sha256 != entry.forecasts_sha256]
        forecasts_of(store, entry)
    except StoreError as refusal:
        return OnShow(refusal=str(refusal))
    return OnShow(entry=entry, before=others[-1] if others else None)


def stamp(store: Store) -> int:
    """Return a number that changes when something is issued."""
    folder = store.root / LEDGER
    return folder.stat().st_mtime_ns if folder.is_dir() else 0


def value(
    store: Store,
    entry: Issue,
    column: str,
    *,
    label: str,
    unit: str,
    where: dict[str, str],
    period: str = "",
    file: str = FORECASTS,
) -> Figure:
    """Return one number of an issue as a figure; one that was not issued says so."""
    sha256 = entry.digest_of(file)
    if not sha256:
        return missing_figure(label=label, unit=unit, reason=NOT_ISSUED, period=period)
    rows = IssuedRows(issue=entry.id, sha256=sha256, file=file, column=column, where=tuple(where.items()))
    return compute(store, label=label, unit=unit, formula="issued", inputs=[rows], period=period)


def years_ahead(entry: Issue) -> str:
    """Return the two years that a yearly issue is about."""
    base = int(entry.origin)
    return f"{base + 1}–{base + HORIZON_YEARS}"


def chance(store: Store, entry: Issue, iso3: str) -> Figure:
    """Return the chance issued for a state with its interval; missing where it lies outside coverage or one is under way."""
    made = [
        value(store, entry, column, label=CHANCE, unit="chance", where={"iso3": iso3}, period=years_ahead(entry))
        for column in ("probability", "lower", "upper")
    ]
    if made[0].value is None:
        return made[0]
    return replace(made[0], low=made[1].value, high=made[2].value)


def months(store: Store, entry: Issue, iso3: str) -> dict[date, dict[str, Figure]]:
    """Return the quantiles and chances issued for each month ahead."""
    found = forecasts_of(store, entry)
    ahead = found.filter(pl.col("iso3") == iso3).sort("month")["month"].to_list()
    columns = [(name, column, MONTH, "deaths") for name, column in QUANTILES.items()]
    columns += [(name, column, MONTH_CHANCE, "chance") for name, column in LEVELS.items() if column in found.columns]
    return {
        month: {
            name: value(
                store, entry, column, label=label, unit=unit, where={"iso3": iso3, "month": month.isoformat()}, period=f"{month:%Y-%m}"
            )
            for name, column, label, unit in columns
        }
        for month in ahead
    }


def total(store: Store, entry: Issue, iso3: str) -> dict[str, Figure]:
    """Return the quantiles of all months together; none where the issue has no file of them."""
    if not entry.digest_of(TOTALS):
        return {}
    ahead: list[date] = forecasts_of(store, entry)["month"].unique().sort().to_list()
    period = f"{ahead[0]:%Y-%m}–{ahead[-1]:%Y-%m}"
    return {
        name: value(store, entry, column, label=TOTAL, unit="deaths", where={"iso3": iso3}, period=period, file=TOTALS)
        for name, column in QUANTILES.items()
    }


def explained(store: Store, entry: Issue, *, against: str) -> pl.DataFrame | None:
    """Return each state's log-odds and chances at both ends of an explanation; None where the issue has none."""
    found = beside(store, entry, EXPLAINED)
    return None if found is None else found.filter(pl.col("against") == against)


def contributions(store: Store, entry: Issue, iso3: str, *, against: str) -> pl.DataFrame | None:
    """Return what each predictor adds for a state, greatest first; None where the issue explains nothing for it."""
    found = beside(store, entry, EXPLANATIONS)
    if found is None:
        return None
    own = found.filter((pl.col("iso3") == iso3) & (pl.col("against") == against)).sort("contribution", descending=True)
    return None if own.is_empty() else own
