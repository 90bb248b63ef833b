"""Country-years of the Early Warning Project, from an imported release; its files are not ours to ship.

Known traps: the source file writes 0 for outcomes not yet known (empty here), a state that ended counts as without onset,
and onsets enter the list years late, so a test on today's list flatters every forecast. Battle deaths before 1989 are a
stand-in by intensity (``bd``). Deaths in one-sided and non-state violence begin in 1989 and are unknown before.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from forefend.errors import ForecastError
from forefend.forecast.history import History, Matrix, windows
from forefend.forecast.target import HORIZON_YEARS
from forefend.forecast.year_panel import Names, YearPanel, Years, deaths_predictors
from forefend.store import Snapshot, Store

PANEL, EXTRA = "ewp_panel.csv", "extra_features.csv"
FIRST_YEAR = 1960
ONGOING_AT_MOST = 3
NEEDED = "The Early Warning Project's files are not open data. Import them to use the target ewp: forefend sources import ewp_panel"
FROM_DEATHS = ("os", "os_3", "ns", "ns_3")

# Predictors with the direction that theory gives them; after | those of the short list.
RISING = """
    acd5 acd_n acd_new acd_up bd bd_m10 coup10 coup_try_5yr polkill_new minorityrule newcountry un_imr_sqrt jud_down
    mean_mk_onset_interaction social_inequality
    | popsize_log2 imr_rel discrimpop efindex acd_int bd_m3 coup2 mk_ongoing_count acd10n pol_killing_approved onset10 mk_ever
"""
FALLING = """
    even_civilrights v2mecenefm_ord v2pepwrsoc_ord religiousfreedom gdppcgrowth growth3 freediscussion_d3 freedisc_d1
    | freediscussion ys_onset lgdppc v2csreprss_ord v_partyban ses_power_dist
"""
UNSURE = "offset3 onset3"


def imported(store: Store) -> tuple[Snapshot, Path]:
    """Return the newest imported release and the folder of its files; raises ForecastError saying what to import."""
    for snapshot in reversed(store.snapshots):
        folder = store.folder(snapshot) / "files"
        if {PANEL, EXTRA} <= {file.name for file in snapshot.files} and (folder / PANEL).is_file():
            return snapshot, folder
    raise ForecastError(NEEDED)


def ewp_panel(folder: Path, *, deaths: History | None = None) -> YearPanel:
    """Read country-years from 1960 to the newest base year; ``deaths`` are UCDP's, for the predictors that trees alone use.

    Raises ForecastError when a predictor is missing.
    """
    frame = _read(folder)
    signs = _signs()
    short = tuple(name for text in (RISING, FALLING) for name in text.split("|")[1].split())
    inputs = frame.select(pl.col(name).cast(pl.Float64) for name in signs).to_numpy().copy()
    ongoing = list(signs).index("mk_ongoing_count")
    inputs[:, ongoing] = np.minimum(inputs[:, ongoing], ONGOING_AT_MOST)
    iso3, year = frame["iso3"].to_numpy().astype(str), frame["year"].to_numpy().astype(np.intp)
    return YearPanel(
        target="ewp",
        base_year=int(year.max()),
        iso3=iso3,
        year=year,
        names=(*signs, *FROM_DEATHS),
        signs=(*signs.values(), *(1 for _ in FROM_DEATHS)),
        short=short,
        long=tuple(signs),
        inputs=np.column_stack([inputs, _deaths(iso3, year, history=deaths)]),
        outcome=np.where(year <= year.max() - HORIZON_YEARS, frame["onset_2y"].cast(pl.Float64).fill_null(np.nan).to_numpy(), np.nan),
        begun=frame["mk_onset"].cast(pl.Float64).fill_null(0.0).to_numpy() > 0,
        impossible=np.zeros(len(year), dtype=bool),
        levels=np.zeros((len(year), 0)),
    )


def _signs() -> dict[str, int]:
    rising = dict.fromkeys(RISING.replace("|", " ").split(), 1)
    falling = dict.fromkeys(FALLING.replace("|", " ").split(), -1)
    return rising | falling | dict.fromkeys(UNSURE.split(), 0)


def _read(folder: Path) -> pl.DataFrame:
    numbers = {"iso3": pl.String, "mk_ongoing_code": pl.String}
    panel = pl.read_csv(folder / PANEL, infer_schema_length=None, schema_overrides=numbers).filter(pl.col("year") >= FIRST_YEAR)
    extra = pl.read_csv(folder / EXTRA, infer_schema_length=None, schema_overrides={"iso3": pl.String}).drop("mk_ongoing", strict=False)
    wanted = ["iso3", "year", "onset_2y", "mk_onset", *_signs()]
    if missing := [name for name in wanted if name not in {*panel.columns, *extra.columns}]:
        raise ForecastError(f"The Early Warning Project's files lack {', '.join(missing)}. Import the whole release again.")
    joined = panel.join(extra, on=["iso3", "year"], how="left", validate="1:1")
    return joined.select(wanted).sort("year", "iso3")


def _deaths(iso3: Names, year: Years, *, history: History | None) -> Matrix:
    """Return the predictors ``FROM_DEATHS`` by row; NaN where UCDP does not count."""
    found = np.full((len(year), len(FROM_DEATHS)), np.nan)
    if history is None:
        return found
    first = history.origin.year - history.deaths.shape[1] // 12 + 1
    counted = ~np.isnan(windows(history.deaths))
    place = {name: row for row, name in enumerate(history.iso3s)}
    rows = np.array([place.get(name, -1) for name in iso3])
    inside = (rows >= 0) & (year >= first) & (year <= history.origin.year)
    inside[inside] = counted[rows[inside], year[inside] - first]
    predictors = deaths_predictors(history)
    for column, name in enumerate(FROM_DEATHS):
        found[inside, column] = predictors[name][rows[inside], year[inside] - first]
    return found
