"""How far the ranking of countries hangs on one family of predictors: forecast again without it, and compare.

    python bench/rank_stability.py [--shared FOLDER] [--output FILE] [--only ucdp,os,ewp]

Of each family left out: Spearman's rank correlation with the full pool's ranking over all states, and how many of its first
twenty stay among the first twenty; mean and lowest over the origins. Yearly: the mean chance of the members, whose order the
recalibration keeps. Monthly: mean deaths of the twelve months ahead. Writes ``docs/scoring/ranks.csv`` unless told otherwise.
"""

from __future__ import annotations

import argparse
import csv
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
import polars as pl

from forefend.forecast import kept
from forefend.forecast.known import months_known, years_known
from forefend.forecast.models import find_model, hurdle_trees, path_forest
from forefend.forecast.models.persistence import UNDER_WAY
from forefend.forecast.models.pool_yearly import MEMBERS
from forefend.forecast.month_features import MonthFeatures, month_features
from forefend.forecast.year_panel import YearPanel
from forefend.store import Store

ROOT = Path(__file__).resolve().parents[1]
RUN = "from forefend.cli.main import run; run()"
COUNT = 20
YEARS = {"ucdp": range(2015, 2025), "ewp": range(2015, 2025)}
ORIGINS = (date(2022, 12, 1), date(2023, 12, 1), date(2024, 12, 1))
COLUMNS = ("target", "left_out", "predictors", "origins", "correlation", "correlation_lowest", "top_20_kept", "top_20_kept_lowest")

YEARLY = {
    "state-based deaths": ("sb", "sb_3"),
    "non-state deaths": ("ns", "ns_3"),
    "one-sided deaths of the year and the year before": ("os", "os_before"),
    "memory of five years and more": ("os_5_most", "os_10", "since_100"),
}
EWP = {
    "UCDP's one-sided and non-state deaths": ("os", "os_3", "ns", "ns_3"),
    "past mass killing": ("mk_ongoing_count", "mk_ever", "onset10", "onset3", "offset3", "ys_onset", "mean_mk_onset_interaction"),
    "armed conflict": ("acd5", "acd_n", "acd_new", "acd_up", "acd_int", "acd10n", "bd", "bd_m3", "bd_m10"),
    "coups": ("coup10", "coup2", "coup_try_5yr"),
    "population and economy": ("popsize_log2", "imr_rel", "un_imr_sqrt", "lgdppc", "gdppcgrowth", "growth3"),
    "ethnic exclusion and inequality": ("discrimpop", "efindex", "minorityrule", "social_inequality", "ses_power_dist"),
}
MONTHLY: dict[str, Callable[[str], bool]] = {
    "state-based deaths": lambda name: name.startswith("sb_"),
    "non-state deaths": lambda name: name.startswith("ns_"),
    "memory of ten years and more": lambda name: name in {"mean_120", "share_120", "most", "since"},
    "how often there was one-sided violence (trees alone)": lambda name: "events" in name or name.startswith("deaths_each"),
}


def yearly(store: Store, target: str) -> Iterator[dict[str, Any]]:
    """Rank states by the yearly pool at each base year, with and without each family."""
    whole, pool = years_known(store, target), find_model("pool", period="year")()
    years = [year for year in YEARS[target] if year <= whole.base_year]
    possible = {year: ~whole.impossible[whole.year == year] for year in years}
    full = [pool.chances(whole.until(year))[possible[year], 0] for year in years]
    for family, names in (EWP if target == "ewp" else YEARLY).items():
        lesser = without(whole, names)
        with mock.patch.dict(MEMBERS, {target: able(lesser)}):
            yield compared(target, family, len(names), full, [pool.chances(lesser.until(year))[possible[year], 0] for year in years])


def able(panel: YearPanel) -> list[Any]:
    """Return the members of a pool that still have what they rest on: persistence rests on one predictor."""
    is_told = UNDER_WAY[panel.target][0] in panel.names
    return [member for member in MEMBERS[panel.target] if is_told or member[0] != "persistence"]


def without(panel: YearPanel, names: tuple[str, ...]) -> YearPanel:
    """Return country-years without some predictors."""
    assert set(names) <= set(panel.names), sorted(set(names) - set(panel.names))
    keep = [place for place, name in enumerate(panel.names) if name not in names]
    return replace(
        panel,
        names=tuple(panel.names[place] for place in keep),
        signs=tuple(panel.signs[place] for place in keep),
        short=tuple(name for name in panel.short if name not in names),
        long=tuple(name for name in panel.long if name not in names),
        inputs=panel.inputs[:, keep],
    )


def monthly(store: Store) -> Iterator[dict[str, Any]]:
    """Rank states by the monthly pool at each origin, with and without each family."""
    past = months_known(store, "os")
    names = month_features(past.until(ORIGINS[0])).names

    def means(is_out: Callable[[str], bool]) -> list[np.ndarray[Any, Any]]:
        def lesser(history: Any) -> MonthFeatures:
            found = month_features(history)
            keep = [place for place, name in enumerate(found.names) if not is_out(name)]
            signs = tuple(found.signs[place] for place in keep)
            return MonthFeatures(names=tuple(found.names[place] for place in keep), signs=signs, values=found.values[:, :, keep])

        kept._kept.clear()  # fits are kept by history, which is the same here
        with mock.patch.object(hurdle_trees, "month_features", lesser), mock.patch.object(path_forest, "month_features", lesser):
            return [
                find_model("pool", period="month")().fit(known).draws(known, horizon=12).mean(axis=(1, 2))
                for known in (past.until(origin) for origin in ORIGINS)
            ]

    full = means(lambda name: False)
    for family, is_out in MONTHLY.items():
        yield compared("os", family, sum(map(is_out, names)), full, means(is_out))


def compared(target: str, family: str, predictors: int, full: list[Any], lesser: list[Any]) -> dict[str, Any]:
    """Compare rankings origin by origin."""
    correlations = [spearman(a, b) for a, b in zip(full, lesser, strict=True)]
    stay = [
        len(set(np.argsort(-a, kind="stable")[:COUNT]) & set(np.argsort(-b, kind="stable")[:COUNT]))
        for a, b in zip(full, lesser, strict=True)
    ]
    numbers = (np.mean(correlations), np.min(correlations), np.mean(stay), np.min(stay))
    return dict(zip(COLUMNS, (target, family, predictors, len(full), *(round(float(number), 3) for number in numbers)), strict=True))


def spearman(first: Any, second: Any) -> float:
    """Rank correlation; equal values share their mean rank."""
    ranks = [pl.Series(values).rank("average").to_numpy() for values in (first, second)]
    return float(np.corrcoef(*ranks)[0, 1])


def main() -> None:
    """Compute the table and write it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--shared", type=Path)
    parser.add_argument("--output", type=Path, default=ROOT / "docs" / "scoring" / "ranks.csv")
    parser.add_argument("--only", default="ucdp,os,ewp")
    given = parser.parse_args()
    shared = given.shared or next((path for path in (ROOT / "shared", ROOT.parent / "shared") if path.is_dir()), None)
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"FOREFEND_DATA_DIR": folder, "FOREFEND_CONFIG": ""}
        if "ewp" in given.only:
            if shared is None:
                sys.exit("The folder with the data is not here. Name it with --shared.")
            files = [str(shared / "data" / "ewp" / name) for name in ("ewp_panel.csv", "extra_features.csv")]
            subprocess.run([sys.executable, "-c", RUN, "sources", "import", "ewp_panel", *files], check=True, stdout=subprocess.DEVNULL)
        from forefend.cli.context import open_workspace

        store, rows = open_workspace().store, []
        for target in given.only.split(","):
            for row in monthly(store) if target == "os" else yearly(store, target):
                print(*row.values(), sep="  ")
                rows.append(row)
    with given.output.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()
