"""The product's own issued forecast jumps from one issue of the ledger to the next."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

import polars as pl

from forefend.forecast.ledger import forecasts_of, issues
from forefend.locale import N_
from forefend.signals.matrix import deaths_figure, whole
from forefend.signals.model import NOTICE, Hit, Rule
from forefend.signals.seen import Seen
from forefend.store import Figure

LEAST, TIMES = 0.2, 2.0
MONTHS = 3
WHY = N_(
    "The chance of 25 deaths in one-sided violence in one of the next three months rose from %(before)s %% to %(now)s %% between two issues"
)


def hits(seen: Seen) -> Iterator[Hit]:
    """Yield jumps between issues of one model, each compared with the one of the origin before; issues in hindsight are left out."""
    known = [
        e for e in issues(seen.store) if e.target == "os" and not e.is_hindsight and date.fromisoformat(e.issued_at[:10]) <= seen.as_of
    ]
    by_origin = {(entry.model, entry.origin): entry for entry in known}
    for earlier, later in pairwise(by_origin[key] for key in sorted(by_origin)):
        if earlier.model == later.model:
            yield from jumps(forecasts_of(seen.store, earlier), forecasts_of(seen.store, later))


def jumps(earlier: pl.DataFrame, later: pl.DataFrame) -> Iterator[Hit]:
    """Yield the states whose chance jumped between two frames of monthly forecasts with the column ``p_ge_25``."""
    both = _chances(earlier).join(_chances(later), on="iso3", suffix="_now").sort("iso3")
    origin = later["origin"][0]
    for iso3, before, now in both.select("iso3", "chance", "chance_now").iter_rows():
        if now >= LEAST and now >= TIMES * before:
            said = {"before": whole(100 * before), "now": whole(100 * now)}
            yield Hit(iso3=iso3, month=origin, severity=NOTICE, level=now, why=WHY, said=said)


def _chances(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.filter(pl.col("horizon") <= MONTHS).group_by("iso3").agg(chance=pl.col("p_ge_25").max())


def evidence(seen: Seen, hit: Hit) -> tuple[Figure, ...]:
    """Return the deaths of three and of twelve months."""
    return (deaths_figure(seen, hit, months=3), deaths_figure(seen, hit, months=12))


RULE = Rule(
    id="forecast_jump",
    title=N_("Our forecast jumps"),
    watches=N_("issued monthly forecasts of the ledger"),
    threshold=N_("a chance of 20 % or more, twice that of the issue before"),
    budget=1,
    is_tested=False,
    is_ahead=True,
    hits=hits,
    evidence=evidence,
)
