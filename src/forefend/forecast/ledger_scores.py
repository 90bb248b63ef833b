"""Scores of issued forecasts once outcomes are stored: final and provisional ones apart. Nothing issued is touched."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from forefend.errors import NotLoaded
from forefend.forecast import score
from forefend.forecast.history import Matrix
from forefend.forecast.ledger import Issue, forecasts_of, issues
from forefend.forecast.year_outcomes import came_after, year_outcomes
from forefend.panel.deaths import country_months, newest_month, series
from forefend.store import Query, Store

FINAL, PROVISIONAL, PENDING = "final", "provisional", "pending"
POINTS = 200  # of a quantile function, by straight lines between the quantiles issued
SCORES = ("crps", "crps_log", "coverage_90", "brier_25", "log_score_25", "brier", "log_score")
COLUMNS = (
    *("issue", "target", "model", "origin", "issued_at", "is_hindsight", "outcomes", "outcome_snapshot", "rows", "pending"),
    *SCORES,
)


@dataclass(frozen=True, kw_only=True)
class Outcomes:
    """What came: ``iso3, month, deaths``, all or preliminary, from a named snapshot."""

    status: str
    snapshot: str
    rows: pl.DataFrame


def scores(store: Store) -> pl.DataFrame:
    """Score every issue; one row for each issue and kind of outcome, columns ``COLUMNS``. Lower is better, coverage aims at 0.9.

    ``pending`` counts rows whose outcome is not stored yet; an issue without any outcome has the outcomes ``pending``.
    """
    rows = [row for entry in issues(store) for row in (_monthly if entry.period == "month" else _annual)(store, entry)]
    return pl.DataFrame([{name: row.get(name) for name in COLUMNS} for row in rows], schema_overrides=dict.fromkeys(SCORES, pl.Float64))


def quantile_draws(forecasts: pl.DataFrame) -> Matrix:
    """Return draws by straight lines between the quantiles issued, flat beyond the outermost, of shape (rows, 200)."""
    names = sorted((name for name in forecasts.columns if name.startswith("q0")), key=lambda name: float(name[1:]))
    levels = np.array([float(name[1:]) for name in names])
    values = np.maximum.accumulate(forecasts.select(names).to_numpy(), axis=1)
    even = (np.arange(POINTS) + 0.5) / POINTS
    return np.stack([np.interp(even, levels, row) for row in values])


def monthly_scores(joined: pl.DataFrame) -> dict[str, float]:
    """Score rows with quantiles, chances and ``deaths``."""
    came = joined["deaths"].to_numpy()
    draws = quantile_draws(joined)
    found = {
        "crps": float(score.crps(draws, came).mean()),
        "crps_log": float(score.crps_log(draws, came).mean()),
        "coverage_90": float(_inside(joined, came).mean()),
    }
    if "p_ge_25" in joined.columns:
        chance, happened = joined["p_ge_25"].to_numpy(), came >= 25
        found |= {"brier_25": float(score.brier(chance, happened).mean()), "log_score_25": float(score.log_loss(chance, happened).mean())}
    return found


def _inside(joined: pl.DataFrame, came: Matrix) -> Matrix:
    if not {"q0.05", "q0.95"} <= set(joined.columns):
        return np.full(len(came), np.nan)
    return ((came >= joined["q0.05"].to_numpy()) & (came <= joined["q0.95"].to_numpy())).astype(float)


def _monthly(store: Store, entry: Issue) -> list[dict[str, object]]:
    forecasts = forecasts_of(store, entry)
    rows, left = [], forecasts
    for came in outcomes(store, entry.target):
        joined = left.join(came.rows, on=["iso3", "month"], how="inner")
        left = left.join(came.rows, on=["iso3", "month"], how="anti")
        if joined.height:
            rows.append(
                _said(entry) | {"outcomes": came.status, "outcome_snapshot": came.snapshot, "rows": joined.height} | monthly_scores(joined)
            )
    return [row | {"pending": left.height} for row in rows] or [_said(entry) | {"outcomes": PENDING, "rows": 0, "pending": left.height}]


def outcomes(store: Store, target: str) -> list[Outcomes]:
    """Final counts first; preliminary ones only of later months."""
    found = []
    try:
        newest = newest_month(store, target)
        snapshot = store.holding("events", "os")[-1].id if target == "civilians" else store.pin(_counts(series(target))).snapshot_id
        found.append(Outcomes(status=FINAL, snapshot=str(snapshot), rows=country_months(store, target)))
    except NotLoaded:
        newest = date.min
    if target == "civilians":
        return found
    drafts = store.holding("observations", f"ucdp_candidate_{target}_deaths")
    return [*found, *_preliminary(store, target, after=newest)] if drafts else found


def _preliminary(store: Store, target: str, *, after: date) -> list[Outcomes]:
    """Preliminary months after the newest final one, each from the newest release that counts it; states without a row had none."""
    subject, found, seen = f"ucdp_candidate_{target}_deaths", [], set[date]()
    states = country_months(store, target)["iso3"].unique() if after > date.min else None
    for snapshot in reversed(store.holding("observations", subject)):
        rows = store.read(Query(table="observations", subject=subject, snapshot_id=snapshot.id)).frame
        counted = rows.group_by("iso3", month=pl.col("start").dt.truncate("1mo")).agg(deaths=pl.col("value").sum())
        months = [m for m in counted["month"].unique().sort() if m > after and m not in seen]
        if states is None or not months:
            continue
        seen |= set(months)
        grid = pl.DataFrame({"iso3": states}).join(pl.DataFrame({"month": months}), how="cross")
        filled = grid.join(counted, on=["iso3", "month"], how="left").with_columns(pl.col("deaths").fill_null(0.0))
        found.append(Outcomes(status=PROVISIONAL, snapshot=snapshot.id, rows=filled))
    return found


def _annual(store: Store, entry: Issue) -> list[dict[str, object]]:
    forecasts = forecasts_of(store, entry).filter(pl.col("probability").is_not_null())
    pending = [_said(entry) | {"outcomes": PENDING, "rows": 0, "pending": forecasts.height}]
    stored = year_outcomes(store, entry.target, base_year=int(entry.origin))
    if stored is None:
        return pending
    came = came_after(store.read(stored.query).frame, **stored.params)
    joined = forecasts.join(pl.DataFrame({"iso3": list(came), "came": list(came.values())}), on="iso3", how="inner")
    if joined.is_empty():
        return pending
    chance, happened = joined["probability"].to_numpy(), joined["came"].to_numpy()
    found = {"brier": float(score.brier(chance, happened).mean()), "log_score": float(score.log_loss(chance, happened).mean())}
    said = {"outcomes": FINAL, "outcome_snapshot": stored.snapshot, "rows": joined.height, "pending": forecasts.height - joined.height}
    return [_said(entry) | said | found]


def _said(entry: Issue) -> dict[str, object]:
    names = ("target", "model", "origin", "issued_at", "is_hindsight")
    return {"issue": entry.id} | {name: getattr(entry, name) for name in names}


def _counts(subject: str) -> Query:
    return Query(table="observations", subject=subject)
