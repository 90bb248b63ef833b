"""Formulas that score an issued forecast: its rows, then the rows of what came; a month without a row had no deaths."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from forefend.forecast import ledger_scores, score
from forefend.forecast.history import Flags, Matrix
from forefend.forecast.year_outcomes import came_after, rate_before
from forefend.store.formulas import NOT_MONITORED, Frames, NothingToCompute, formula

SPAN = 12


@formula("mean score of the months issued from the first to the last one named, against the deaths that came")
def issued_months_score(frames: Frames, *, score: str, first: str, last: str) -> float:
    """Score monthly forecasts: ``crps``, ``crps_log``, ``coverage_90``, ``brier_25`` or ``log_score_25``."""
    return _monthly(_joined(frames[0], frames[1], first=first, last=last), score)


@formula("the same score for a forecast of the last twelve months before as twelve equally likely months")
def plain_months_score(frames: Frames, *, score: str, first: str, last: str) -> float:
    """Score what plain counting would have said: third rows are the deaths of the twelve months before."""
    joined = _joined(frames[0], frames[1], first=first, last=last)
    past = frames[2].group_by("iso3", "start").agg(pl.col("value").sum())
    before = dict(past.group_by("iso3").agg(pl.col("value")).iter_rows())
    draws = np.array([sorted([0.0] * (SPAN - len(before.get(iso3, []))) + list(before.get(iso3, []))) for iso3 in joined["iso3"]])
    names = sorted((name for name in joined.columns if name.startswith("q0")), key=lambda name: float(name[1:]))
    quantiles = {name: np.quantile(draws, float(name[1:]), axis=1) for name in names}
    return _monthly(
        joined.with_columns(p_ge_25=pl.Series((draws >= 25).mean(axis=1)), **{n: pl.Series(v) for n, v in quantiles.items()}), score
    )


@formula("mean score of the chances issued, against whether a new mass killing began within the two years")
def issued_years_score(frames: Frames, *, score: str, **params: Any) -> float:
    """Score yearly forecasts: ``brier`` or ``log_score``. ``params`` are those of ``came_after``."""
    chance, came = _yearly(frames, params)
    return _of_chances(chance, came, score)


@formula("the same score for the world's base rate as it was known in the base year")
def plain_years_score(frames: Frames, *, score: str, **params: Any) -> float:
    """Score what the base rate would have said."""
    chance, came = _yearly(frames, params)
    return _of_chances(np.full(chance.shape, rate_before(frames[1], **params)), came, score)


@formula("number of months issued for a state, from the first to the last one named, whose deaths lay inside the 90 % band")
def issued_months_inside(frames: Frames, *, first: str, last: str) -> float:
    """Count one state's months inside the band."""
    joined = _joined(frames[0], frames[1], first=first, last=last)
    return float(((joined["deaths"] >= joined["q0.05"]) & (joined["deaths"] <= joined["q0.95"])).sum())


def _joined(issued: pl.DataFrame, came: pl.DataFrame, *, first: str, last: str) -> pl.DataFrame:
    begin, end = (date.fromisoformat(f"{month}-01") for month in (first, last))
    counted = came.group_by("iso3", month=pl.col("start").dt.truncate("1mo")).agg(deaths=pl.col("value").sum())
    inside = issued.filter(pl.col("month").is_between(begin, end))
    if inside.is_empty():
        raise NothingToCompute(NOT_MONITORED)
    return inside.join(counted, on=["iso3", "month"], how="left").with_columns(pl.col("deaths").fill_null(0.0)).sort("iso3", "month")


def _monthly(joined: pl.DataFrame, name: str) -> float:
    found = ledger_scores.monthly_scores(joined)
    if name not in found:
        raise NothingToCompute(NOT_MONITORED)
    return found[name]


def _yearly(frames: Frames, params: Mapping[str, Any]) -> tuple[Matrix, Flags]:
    came = came_after(frames[1], **params)
    by_state = pl.DataFrame({"iso3": list(came), "came": list(came.values())})
    joined = frames[0].filter(pl.col("probability").is_not_null()).join(by_state, on="iso3", how="inner").sort("iso3")
    if joined.is_empty():
        raise NothingToCompute(NOT_MONITORED)
    return joined["probability"].to_numpy(), joined["came"].to_numpy()


def _of_chances(chance: Matrix, came: Flags, name: str) -> float:
    scored = score.brier(chance, came) if name == "brier" else score.log_loss(chance, came)
    return float(scored.mean())
