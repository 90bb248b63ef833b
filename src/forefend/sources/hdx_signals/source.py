"""HDX Signals: alerts by OCHA that a humanitarian data set of a state has turned clearly worse.

An alert is no forecast: it says what changed up to a day (``start``) and when it was sent (``end``), with 1 for medium
and 2 for high concern. Known oddities: after an alert the same series of the same state stays silent for six
months, so no alert is not no concern; alerts before the system began, in 2023, were computed afterwards and carry the
day of their data as the day they were sent; days are written with or without a time.
"""

from __future__ import annotations

import polars as pl

from forefend.errors import UnexpectedData
from forefend.sources.contract import Files, Parsed, check_codes, check_columns
from forefend.sources.families.forecast_rows import forecast_rows
from forefend.sources.reading.measured import joined
from forefend.sources.reading.placing import place_by_code
from forefend.sources.reading.tables import text_table
from forefend.sources.reading.unpacked import unpacked

SERIES = (
    "acaps_inform_severity",
    "acled_conflict",
    "idmc_displacement_conflict",
    "idmc_displacement_disaster",
    "ipc_food_insecurity",
    "jrc_agricultural_hotspots",
    "seas5_anomaly",
    "wfp_market_monitor",
    "who_cholera",
)
LEVELS = {"Medium concern": "1", "High concern": "2"}
READ = ("iso3", "indicator_id", "date", "alert_level", "campaign_date")
# The value is in another unit for each series; texts, pictures and links say the same in words.
OUT_OF_SCOPE = (
    "location", "region", "hrp_location", "value", "plot", "map", "plot2", "other_images", "summary_long", "summary_short",
    "summary_source", "hdx_url", "source_url", "other_urls", "further_information", "campaign_url", "signals_version",
)  # fmt: skip
DAY = r"^\s*(\d{4}-\d{2}-\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z?)?\s*$"
RANGE = (1.0, 2.0)


def read(files: Files) -> Parsed:
    """Read the list of all alerts; the newest day on which one was sent names the release."""
    parsed = joined([_table(name, text_table(unpacked(path), name=name)) for name, path in sorted(files.items())])
    sent = parsed.tables["observations"]["end"]
    parsed.vintage = str(sent.max()) if sent.len() else ""
    return parsed


def _table(name: str, frame: pl.DataFrame) -> Parsed:
    check_columns(frame.columns[1:], read=READ, out_of_scope=OUT_OF_SCOPE, file=name)
    check_codes(frame, column="indicator_id", known=SERIES, file=name)
    check_codes(frame, column="alert_level", known=LEVELS, file=name)
    days = {column: _days(frame, column, name=name) for column in ("date", "campaign_date")}
    placed = place_by_code(frame.rename({"iso3": "place"}), column="place", scheme="alpha3")
    return forecast_rows(
        placed.select(
            "row",
            "place",
            "iso3",
            start=days["date"],
            end=pl.max_horizontal(days["date"], days["campaign_date"]),
            indicator=pl.lit("hdx_signals_") + pl.col("indicator_id"),
            value=pl.col("alert_level").replace_strict(LEVELS),
        ),
        within=RANGE,
        name=name,
        no_state="not a state",
    )


def _days(frame: pl.DataFrame, column: str, *, name: str) -> pl.Series:
    day = frame[column].str.extract(DAY).str.to_date("%Y-%m-%d", strict=False)
    bad = day.is_null() & (frame[column] != "")
    if bad.any():
        place = int(bad.arg_max() or 0)
        raise UnexpectedData(
            f"{name}, row {frame['row'][place]}: {column} is {frame[column][place][:60]!r}, not a day. Get the file again."
        )
    return day
