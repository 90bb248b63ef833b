"""How issued forecasts did, as figures: each score opens to the issue and to the deaths that came."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from forefend.forecast import record_formulas  # noqa: F401 - registers the formulas named below
from forefend.forecast.ledger import Issue, forecasts_of, issues
from forefend.forecast.ledger_scores import FINAL, PENDING, PROVISIONAL, outcomes, scores
from forefend.forecast.target import HORIZON_YEARS
from forefend.forecast.year_outcomes import year_outcomes
from forefend.locale import N_
from forefend.panel.deaths import KINDS, month_end, months_before, series, window_query
from forefend.store import Figure, IssuedRows, Query, Store, compute

SCORES: Mapping[str, str] = {
    "crps": N_("CRPS: distance between forecast and deaths, in deaths a month"),
    "crps_log": N_("CRPS of logarithms"),
    "coverage_90": N_("Share of months inside the 90 % band"),
    "brier_25": N_("Brier score of the chance of 25 deaths in a month"),
    "brier": N_("Brier score of the chance of a new mass killing"),
    "log_score": N_("Log loss of the chance of a new mass killing"),
}
MONTHLY, YEARLY = ("crps", "crps_log", "coverage_90", "brier_25"), ("brier", "log_score")
INSIDE = N_("Months issued for this state whose deaths lay inside the 90 % band")


@dataclass(frozen=True, kw_only=True)
class Scored:
    """One issue against one kind of outcome: ``final`` or ``provisional``, or ``pending`` where nothing came yet.

    ``scores`` and ``plain`` hold figures by name, the second what plain counting would have scored: the last twelve months, or
    the world's base rate. ``rows`` have an outcome, ``waiting`` have none.
    """

    entry: Issue
    outcomes: str
    rows: int
    waiting: int
    first: date | None = None
    last: date | None = None
    scores: Mapping[str, Figure] = field(default_factory=dict)
    plain: Mapping[str, Figure] = field(default_factory=dict)


def record(store: Store) -> tuple[Scored, ...]:
    """Return every issue, the newest first, with its scores; raises StoreError for a damaged ledger."""
    known = {entry.id: entry for entry in issues(store)}
    if not known:
        return ()
    rows = scores(store).to_dicts()
    found = [_scored(store, known[row["issue"]], row) for row in rows]
    return tuple(sorted(found, key=lambda one: (-one.entry.number, one.outcomes)))


def inside(store: Store, entry: Issue, iso3: str) -> tuple[Figure, int] | None:
    """Return how many of a state's months of an issue lay inside the band, and how many have a final outcome; None without any."""
    if entry.period != "month" or entry.target not in KINDS:
        return None
    spans = [(first, last) for status, first, last in _spans(store, entry).values() if status == FINAL]
    if not spans or forecasts_of(store, entry).filter(pl.col("iso3") == iso3).is_empty():
        return None
    first, last = spans[0]
    rows = IssuedRows(issue=entry.id, sha256=entry.forecasts_sha256, column="q0.5", where=(("iso3", iso3),))
    came = window_query(store, kind=entry.target, start=first, end=month_end(last), iso3=iso3)
    figure = compute(
        store,
        label=INSIDE,
        unit="months",
        formula="issued_months_inside",
        inputs=[rows, came],
        params=_between(first, last),
        period=_period(first, last),
    )
    return figure, (last.year - first.year) * 12 + last.month - first.month + 1


def _scored(store: Store, entry: Issue, row: dict[str, object]) -> Scored:
    status, rows, waiting = str(row["outcomes"]), int(str(row["rows"])), int(str(row["pending"]))
    bare = Scored(entry=entry, outcomes=status, rows=rows, waiting=waiting)
    if status == PENDING or (entry.period == "month" and entry.target not in KINDS):
        return bare
    if entry.period == "year":
        return _yearly(store, bare)
    snapshot = str(row["outcome_snapshot"])
    span = _spans(store, entry).get(snapshot)
    return bare if span is None else _monthly(store, bare, *span[1:], snapshot=snapshot)


def _monthly(store: Store, bare: Scored, first: date, last: date, *, snapshot: str) -> Scored:
    entry = bare.entry
    rows = IssuedRows(issue=entry.id, sha256=entry.forecasts_sha256, column="q0.5")
    is_final = bare.outcomes == FINAL
    subject = series(entry.target) if is_final else f"ucdp_candidate_{entry.target}_deaths"
    came = Query(table="observations", subject=subject, start=first, end=month_end(last), snapshot_id=snapshot)
    origin = date.fromisoformat(f"{entry.origin}-01")
    past = window_query(store, kind=entry.target, start=months_before(origin, 11), end=month_end(origin))

    def made(formula: str, inputs: list[Query | IssuedRows]) -> dict[str, Figure]:
        return {
            name: compute(
                store,
                label=SCORES[name],
                unit="share" if name == "coverage_90" else "score",
                formula=formula,
                inputs=inputs,
                params=_between(first, last) | {"score": name},
                period=_period(first, last),
            )
            for name in MONTHLY
        }

    return Scored(
        entry=entry,
        outcomes=bare.outcomes,
        rows=bare.rows,
        waiting=bare.waiting,
        first=first,
        last=last,
        scores=made("issued_months_score", [rows, came]),
        plain=made("plain_months_score", [rows, came, past]),
    )


def _yearly(store: Store, bare: Scored) -> Scored:
    entry = bare.entry
    base = int(entry.origin)
    stored = year_outcomes(store, entry.target, base_year=base)
    if stored is None:
        return bare
    rows = IssuedRows(issue=entry.id, sha256=entry.forecasts_sha256, column="probability")
    inputs: list[Query | IssuedRows] = [rows, stored.query]

    def made(formula: str) -> dict[str, Figure]:
        return {
            name: compute(
                store,
                label=SCORES[name],
                unit="score",
                formula=formula,
                inputs=inputs,
                params={**stored.params, "score": name},
                period=f"{base + 1}–{base + HORIZON_YEARS}",
            )
            for name in YEARLY
        }

    return Scored(
        entry=entry,
        outcomes=bare.outcomes,
        rows=bare.rows,
        waiting=bare.waiting,
        first=date(base + 1, 1, 1),
        last=date(base + HORIZON_YEARS, 12, 1),
        scores=made("issued_years_score"),
        plain=made("plain_years_score"),
    )


def _spans(store: Store, entry: Issue) -> dict[str, tuple[str, date, date]]:
    """Return by the snapshot that tells what came: final or provisional, and the first and last month issued that it is of."""
    ahead, found = set(forecasts_of(store, entry)["month"].unique()), dict[str, tuple[str, date, date]]()
    for came in outcomes(store, entry.target):
        months = sorted(ahead & set(came.rows["month"].unique()))
        ahead -= set(months)
        if months:
            found[came.snapshot] = (came.status, months[0], months[-1])
    return found


def _between(first: date, last: date) -> dict[str, str]:
    return {"first": f"{first:%Y-%m}", "last": f"{last:%Y-%m}"}


def _period(first: date, last: date) -> str:
    return f"{first:%Y-%m}" if first == last else f"{first:%Y-%m}–{last:%Y-%m}"


__all__ = ["FINAL", "PENDING", "PROVISIONAL", "SCORES", "Scored", "inside", "record"]
