"""The files that are issued beside a forecast, so that pages explain it without fitting anything.

* ``explained.parquet``: ``iso3, against`` (world, or before: the year or month earlier), ``base, logit, chance_base, chance``.
* ``explanations.parquet``: ``iso3, against, predictor, value, reference, contribution, odds`` (what it multiplies the odds by), and
  ``shown, compared``, value and reference in the unit people count in; contributions of a state and its base add up to its logit.
* ``analogues.parquet``: see ``analogues``. ``past.parquet``: ``iso3, base_year, probability, rank``, as the model forecast then.
* ``totals.parquet``: ``iso3, months`` and quantiles of the deaths of all months issued together, from whole paths.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl

from forefend.errors import ForecastError
from forefend.forecast.explain import monthly, yearly
from forefend.forecast.explain.analogues import analogues
from forefend.forecast.explain.words import natural
from forefend.forecast.explain.yearly import Explanation
from forefend.forecast.history import History, Matrix
from forefend.forecast.models import find_model
from forefend.forecast.pooled import Outlook
from forefend.forecast.ridge import from_log_odds
from forefend.forecast.tables import QUANTILES
from forefend.forecast.year_panel import YearPanel

EXPLAINED, EXPLANATIONS, ANALOGUES, PAST, TOTALS = (
    f"{name}.parquet" for name in ("explained", "explanations", "analogues", "past", "totals")
)
WORLD, BEFORE = "world", "before"
PAST_YEARS = 10
PAST_SCHEMA = {"iso3": pl.String, "base_year": pl.Int64, "probability": pl.Float64, "rank": pl.Int64}


def files_beside(found: Outlook) -> dict[str, pl.DataFrame]:
    """Return the files for an outlook just made, by name; a model that cannot be taken apart has fewer."""
    if found.known is None:
        return {}
    if isinstance(found.known, History):
        return _monthly(found, found.known)
    return _yearly(found, found.known)


def _yearly(found: Outlook, panel: YearPanel) -> dict[str, pl.DataFrame]:
    files = {ANALOGUES: analogues(panel), PAST: past(panel, model=found.model)}
    made = yearly.explainer(panel, model=found.model, fitted=found.fitted)
    if made is None:
        return files
    each = {WORLD: yearly.against_world(made), BEFORE: yearly.against_year_before(made)}
    chances = dict(found.table.select("iso3", "probability").iter_rows())
    if not all(yearly.agrees(one, chances) for one in each.values()):
        raise ForecastError(f"The explanation of {found.model} does not add up to its chances. Report this; nothing was issued.")
    return files | frames(each)


def _monthly(found: Outlook, known: History) -> dict[str, pl.DataFrame]:
    files = {} if found.draws is None else {TOTALS: totals(known, found.draws)}
    trees = monthly.trees_of(found.fitted, model=found.model)
    if trees is None:
        return files
    return files | frames({WORLD: monthly.against_world(trees, known), BEFORE: monthly.against_month_before(trees, known)})


def frames(each: Mapping[str, Explanation]) -> dict[str, pl.DataFrame]:
    """Lay explanations out as the two frames described above."""
    whole = pl.concat([_whole(one, against) for against, one in each.items()])
    parts = pl.concat([_parts(one, against) for against, one in each.items()])
    return {EXPLAINED: whole, EXPLANATIONS: parts}


def totals(known: History, draws: Matrix) -> pl.DataFrame:
    """Return quantiles of the sum of each path."""
    sums = draws.sum(axis=1)
    columns = {f"q{q}": values for q, values in zip(QUANTILES, np.quantile(sums, QUANTILES, axis=1), strict=True)}
    return pl.DataFrame({"iso3": known.iso3s, "months": [draws.shape[1]] * len(known.iso3s), "mean": sums.mean(axis=1), **columns})


def past(panel: YearPanel, *, model: str) -> pl.DataFrame:
    """Return what the model said of the last ten base years, this one included, each from what was known then, with ranks.

    A pool is not recalibrated here, which changes chances a little and ranks not at all. Values are revised since: pseudo-real-time.
    """
    rows: list[tuple[Any, ...]] = []
    for year in range(panel.base_year - PAST_YEARS + 1, panel.base_year + 1):
        if year < int(panel.year.min()):
            continue
        then = panel.until(year)
        try:
            fitted = find_model(model, period="year")()
            chances = (fitted if model == yearly.POOL else fitted.fit(then)).chances(then)[:, 0]
        except ForecastError:
            continue
        now, blocked = then.is_now, then.impossible[then.is_now]
        places = [1 + int((chances[~blocked] > chance).sum()) for chance in chances]
        rows += [
            (str(iso3), year, None if is_blocked else float(chance), None if is_blocked else place)
            for iso3, chance, place, is_blocked in zip(then.iso3[now], chances, places, blocked, strict=True)
        ]
    return pl.DataFrame(rows, schema=PAST_SCHEMA, orient="row")


def _whole(one: Explanation, against: str) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "iso3": list(one.iso3),
            "against": [against] * len(one.iso3),
            "base": one.base,
            "logit": one.logit,
            "chance_base": from_log_odds(one.base),
            "chance": from_log_odds(one.logit),
        },
        schema_overrides={"iso3": pl.String, "against": pl.String},
    )


def _parts(one: Explanation, against: str) -> pl.DataFrame:
    states, names = len(one.iso3), len(one.names)
    return pl.DataFrame(
        {
            "iso3": np.repeat(np.array(one.iso3, dtype=object), names).tolist(),
            "against": [against] * (states * names),
            "predictor": list(one.names) * states,
            "value": one.now.ravel(),
            "reference": one.before.ravel(),
            "contribution": one.contributions.ravel(),
            "odds": np.exp(one.contributions.ravel()),
            "shown": _natural(one, one.now).ravel(),
            "compared": _natural(one, one.before).ravel(),
        },
        schema_overrides={"iso3": pl.String, "against": pl.String, "predictor": pl.String},
    )


def _natural(one: Explanation, values: Matrix) -> Matrix:
    found: Matrix = np.column_stack([natural(name, values[:, place]) for place, name in enumerate(one.names)])
    return found
