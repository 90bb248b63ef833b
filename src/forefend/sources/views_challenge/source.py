"""VIEWS Prediction Challenge 2023/24: benchmark forecasts of deaths in state-based conflict, and what came, by month.

A benchmark's file holds many draws for each state and month ahead; stored are their mean, with the 5th and 95th
percentiles as bounds. Known oddities: states carry VIEWS' own numbers, told by its list of countries, which must be
given too; months are counted from January 1980 as 1; the windows of 2018 to 2023 were forecast in hindsight, from data
up to October of the year before, that of 2024/25 from data up to April 2024; one table in circulation is named for
2022 and holds the months of 2021, so the months in a table count, not its name.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import polars as pl

from forefend.errors import UnexpectedData
from forefend.sources.contract import Files, Parsed, check_columns, reject
from forefend.sources.reading.measured import joined
from forefend.sources.reading.placing import place_by_name
from forefend.sources.reading.tables import text_table
from forefend.store.tables import OBSERVATIONS

FILE = re.compile(r"(?:bm_cm_(?P<model>bootstrap|last_historical_poisson)_expanded|(?P<came>cm_actuals))_(?P<year>20\d\d)\.parquet")
COUNTRIES = "country_list.csv"
SERIES = {"bootstrap": "views_bm_bootstrap_sb_deaths", "last_historical_poisson": "views_bm_last_poisson_sb_deaths"}
CAME = "views_challenge_sb_deaths"
KEYS = ("country_id", "month_id")
LOW, HIGH = 0.05, 0.95
MOST_DEATHS = 10_000_000
FIRST_MONTH, LAST_MONTH = 1, 12 * 120  # January 1980 to December 2099
OWN_NAMES = {"Congo": "COG"}  # the other one is written DR Congo
SHOWN = ("row", *KEYS)


def read(files: Files) -> Parsed:
    """Read benchmarks and outcomes with the list of countries; the newest month names the release."""
    if COUNTRIES not in files:
        raise UnexpectedData(f"{COUNTRIES} is missing. Give it with the tables: it tells which state each number is.")
    places = _places(files[COUNTRIES])
    tables = {name: path for name, path in sorted(files.items()) if name != COUNTRIES}
    if not tables:
        raise UnexpectedData(f"No table was given beside {COUNTRIES}. Give benchmarks (bm_cm_...) or outcomes (cm_actuals_...).")
    parsed = joined([_table(name, path, places=places) for name, path in tables.items()])
    newest = parsed.tables["observations"]["start"].max()
    parsed.vintage = f"{newest:%Y-%m}" if isinstance(newest, date) else ""
    return parsed


def _places(path: Path) -> pl.DataFrame:
    """Return ``country_id`` and ``iso3``; VIEWS keeps numbers of former states, which have none."""
    frame = text_table(path.read_bytes(), name=COUNTRIES)
    check_columns(frame.columns[1:], read=("country_id", "name"), out_of_scope=("id",), file=COUNTRIES)
    number = frame["country_id"].cast(pl.Int64, strict=False)
    if number.null_count() or number.n_unique() != frame.height:
        raise UnexpectedData(f"{COUNTRIES} does not give each country its own number. Get it from the publisher again.")
    return place_by_name(frame, column="name", own=OWN_NAMES).select("iso3", country_id=number)


def _table(name: str, path: Path, *, places: pl.DataFrame) -> Parsed:
    named = FILE.fullmatch(name)
    if named is None:
        raise UnexpectedData(f"{name} is not named as the publisher names its tables (bm_cm_bootstrap_expanded_2018.parquet). Name it so.")
    try:
        frame = pl.read_parquet(path, hive_partitioning=False, use_pyarrow=False)
    except (pl.exceptions.PolarsError, OSError):
        raise UnexpectedData(f"{name} is cut off, damaged or no Parquet file. Download it again.") from None
    is_draws = named["model"] is not None
    check_columns(frame.columns, read=(*KEYS, "outcome", *(["draw"] if is_draws else [])), file=name)
    try:
        whole = frame.with_columns(pl.col(*KEYS, "outcome").cast(pl.Int64)).with_row_index("row", offset=1)
    except pl.exceptions.PolarsError:
        raise UnexpectedData(f"{name} holds something else than whole numbers. Download it again.") from None
    series = SERIES[named["model"]] if is_draws else CAME
    return _months(
        whole.with_columns(pl.col("row").cast(pl.Int64)).join(places, on="country_id", how="left", maintain_order="left"), series=series
    )


def _months(frame: pl.DataFrame, *, series: str) -> Parsed:
    sound = pl.col("month_id").is_between(FIRST_MONTH, LAST_MONTH) & pl.col("outcome").is_between(0, MOST_DEATHS)
    sound = sound.fill_null(value=False)
    good = frame.filter(sound & pl.col("iso3").is_not_null())
    draws = good.group_by("iso3", *KEYS, maintain_order=True).agg(
        row=pl.col("row").min(),
        value=pl.col("outcome").mean(),
        low=pl.col("outcome").quantile(LOW, "linear"),
        high=pl.col("outcome").quantile(HIGH, "linear"),
    )
    is_one = pl.lit(series == CAME)
    bound = [pl.when(~is_one).then(pl.col(column)).alias(column) for column in ("low", "high")]
    start = pl.date(1980 + (pl.col("month_id") - 1) // 12, (pl.col("month_id") - 1) % 12 + 1, 1)
    table = draws.with_columns(*bound, indicator=pl.lit(series), start=start).with_columns(end=pl.col("start").dt.month_end())
    left = (
        (frame.filter(~sound), "the month or the number of deaths cannot be"),
        (frame.filter(sound & pl.col("iso3").is_null()), "not a state in the list of countries"),
    )
    return Parsed(
        tables={"observations": table.select(OBSERVATIONS.names()).cast(OBSERVATIONS)},
        rejected=pl.concat([reject(rows.select(SHOWN), reason=reason) for rows, reason in left]),
    )
