"""United States forces by host, active duty: the layout of troopdata (csv of the newest year, or R), from reports of the DMDC.

The reports are counts on the last day of a quarter. Each year's newest report is taken. A tie runs from the United
States to the host. Years before 2000 are out of scope.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from forefend.sources.contract import Files, Parsed, check_codes, check_columns
from forefend.sources.reading.cells import NO_NUMBER, NO_YEAR, number, split, year
from forefend.sources.reading.placing import check_states, with_named
from forefend.sources.reading.r_files import read_r
from forefend.sources.reading.tables import read_text
from forefend.store.tables import TIES

CHANNEL = "us_troops"
UNIT = "active-duty personnel"
SINCE = 2000
COLUMNS = ("iso3c", "countryname", "year", "month", "troops_ad")
OUT_OF_SCOPE = (
    "ccode", "quarter", "source", "army_ad", "navy_ad", "air_force_ad", "marine_corps_ad", "coast_guard_ad", "space_force_ad",
    "army_reserve", "navy_reserve", "marine_corps_reserve", "air_force_reserve", "coast_guard_reserve", "army_national_guard",
    "air_national_guard", "army_civilian", "navy_civilian", "air_force_civilian", "marine_corps_civilian", "dod_civilian",
    "total_civilian", "total_selected_reserve", "space_force_civilian", "coast_guard_civilian", "year_quarter", "troops_all", "region",
)  # fmt: skip
MONTHS = {
    name: n
    for n, name in enumerate(
        ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"), start=1
    )
}
AT_HOME = "the United States or a territory of it"
HOME = ("USA", "PRI", "GUM", "VIR", "ASM", "MNP", "UMI")
NO_STATE = "no state, or afloat"


def read(files: Files) -> Parsed:
    """Read one file in either layout."""
    ((name, path),) = files.items()
    frame = _text(name, path)
    check_columns(frame.columns[1:], read=COLUMNS, out_of_scope=OUT_OF_SCOPE, file=name)
    check_codes(frame, column="month", known=(*MONTHS, None), file=name)
    check_states(frame, columns=("iso3c",), file=name)
    frame = frame.select("row", "iso3c", "countryname", "month", in_year=year("year"), value=number("troops_ad"))
    # Where the code is blank (Yemen, Vietnam, Serbia, territories), the name says who it is.
    frame = with_named(frame, column="countryname", into="named", publisher="us_defense", file=name)
    frame = frame.with_columns(
        host=pl.coalesce("iso3c", "named"), n=pl.col("month").replace_strict(MONTHS, return_dtype=pl.Int32, default=12)
    )
    good, rejected = split(
        frame,
        unusable=[
            (pl.col("host").is_null(), NO_STATE),
            (pl.col("host").is_in(HOME), AT_HOME),
            (pl.col("in_year").is_null(), NO_YEAR),
            (pl.col("value").is_null() | (pl.col("value") < 0), NO_NUMBER),
        ],
    )
    good = good.filter(pl.col("in_year") >= SINCE).sort("host", "in_year", "n", "row")
    newest = good.unique(["host", "in_year"], keep="last", maintain_order=True)
    day = pl.date("in_year", "n", 1).dt.month_end()
    ties = newest.select(
        "value", "row", channel=pl.lit(CHANNEL), from_iso3=pl.lit("USA"), to_iso3="host", start=day, end=day, unit=pl.lit(UNIT)
    )
    return Parsed(tables={"ties": ties.select(list(TIES)).cast(TIES)}, rejected=rejected)


def _text(name: str, path: Path) -> pl.DataFrame:
    if path.suffix.lower() not in (".rda", ".rds", ".rdata"):
        return read_text(path, name=name)
    return read_r(path, name=name).with_columns(pl.exclude("row").cast(pl.String))
