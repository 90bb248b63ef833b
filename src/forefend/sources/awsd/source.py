"""Aid Worker Security Database: major attacks on aid workers since 1997, by incident.

Known oddities: the second line holds HXL tags, which a copy may lack; the day, and in some rows the month, is
blank; the code of Namibia is ``NA``; Chechnya and Kashmir have a name and no code; one number stands for two
incidents of different days; incidents of the newest year are not yet verified. Details of incidents are not read.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from forefend.errors import UnexpectedData
from forefend.sources.contract import Download, Files, Metadata, Parsed, check_columns, reject
from forefend.sources.families.incidents import by_month
from forefend.sources.reading.cells import whole_number
from forefend.sources.reading.placing import state_of_code
from forefend.sources.reading.tables import text_table, without_tags
from forefend.sources.reading.unpacked import unpacked
from forefend.store.tables import EVENTS

KIND = "aid_worker_attack"
SERIES = {
    "incidents": "awsd_incidents",
    "Total killed": "awsd_killed",
    "Total wounded": "awsd_wounded",
    "Total kidnapped": "awsd_kidnapped",
    "Total affected": "awsd_victims",
}
COUNTS = tuple(column for column in SERIES if column != "incidents")
READ = ("Incident ID", "Year", "Month", "Day", "Country Code", "Country", *COUNTS, "Actor name")
PLACED = ("Latitude", "Longitude")  # left out for some states
# Kinds of organisation and of staff, means and motives say more than is asked; accounts of incidents hold personal data.
OUT_OF_SCOPE = {
    "Region", "District", "City", "UN", "INGO", "ICRC", "NRCS and IFRC", "NNGO", "Other", "Nationals killed", "Nationals wounded",
    "Nationals kidnapped", "Nationals detained", "Total nationals", "Internationals killed", "Internationals wounded",
    "Internationals kidnapped", "Internationals detained", "Total internationals", "Total detained", "Gender Male", "Gender Female",
    "Gender Unknown", "Means of attack", "Attack context", "Location", "Motive", "Actor type", "Details", "Verified", "Source",
}  # fmt: skip
FIRST_YEAR, LAST_YEAR = 1990, 2100
LIMIT = 200_000_000


def addresses(metadata: Metadata) -> list[Download]:
    """Return the search without conditions, as csv."""
    return [Download(name="security_incidents.csv", address=metadata.address)]


def read(files: Files) -> Parsed:
    """Read the one csv of all incidents."""
    if len(files) != 1:
        raise UnexpectedData(f"The database is one csv, but {len(files)} files were given. Import one.")
    ((name, path),) = files.items()
    frame = _table(name, path)
    typed = _typed(frame)
    is_counted = pl.all_horizontal(pl.col("start", "end", *COUNTS).is_not_null()) & (pl.col("start") <= pl.col("end"))
    is_first = pl.struct("Incident ID", "start", "iso3").is_first_distinct() & pl.col("Incident ID").is_not_null()
    checked = typed.with_columns(is_counted=is_counted.fill_null(value=False), is_first=is_first)
    has_state = pl.col("iso3").is_not_null()
    kept = checked.filter("is_counted", "is_first", has_state)
    reasons = (
        (~pl.col("is_counted"), "a date or number is missing or impossible"),
        (pl.col("is_counted") & ~pl.col("is_first"), "the incident has no number, or one that came before"),
        (pl.col("is_counted") & pl.col("is_first") & ~has_state, "no state is named, or an area without a code"),
    )
    shown = ["row", "Incident ID", "Year", "Month", "Day", "Country Code", "Country", *COUNTS]
    left = [reject(frame.join(checked.filter(holds), on="row", how="semi").select(shown), reason=why) for holds, why in reasons]
    return Parsed(tables={"events": _events(kept), "observations": _observations(kept)}, rejected=pl.concat(left))


def _table(name: str, path: Path) -> pl.DataFrame:
    frame = without_tags(text_table(unpacked(path, limit=LIMIT), name=name))
    check_columns(frame.columns[1:], read=READ, out_of_scope=OUT_OF_SCOPE, optional=PLACED, file=name)
    missing = [pl.lit("").alias(column) for column in PLACED if column not in frame.columns]
    return frame.with_columns(missing).select("row", *READ, *PLACED)


def _typed(frame: pl.DataFrame) -> pl.DataFrame:
    """Dates as far as they are known: a blank day is any of the month, a blank month any of the year."""
    codes = {code: state_of_code(code, scheme="alpha2", column="Country Code") for code in frame["Country Code"].unique()}
    year, month, day = (whole_number(column) for column in ("Year", "Month", "Day"))
    has_month, has_day = pl.col("Month") != "", pl.col("Day") != ""
    year = pl.when(year.is_between(FIRST_YEAR, LAST_YEAR)).then(year)
    written = pl.format("{}-{}-{}", year, pl.when(has_month).then(month).otherwise(1), pl.when(has_month & has_day).then(day).otherwise(1))
    start = written.str.to_date("%Y-%m-%d", strict=False)
    end = pl.when(~has_month).then(start.dt.offset_by("1y").dt.offset_by("-1d")).when(~has_day).then(start.dt.month_end()).otherwise(start)
    return frame.select(
        pl.col("row").cast(pl.Int64),
        pl.col("Incident ID").replace("", None),
        *(whole_number(column).alias(column) for column in COUNTS),
        pl.lit(1, dtype=pl.Int64).alias("incidents"),
        pl.col("Actor name").replace("", None),
        *(pl.col(column).cast(pl.Float64, strict=False) for column in PLACED),
        iso3=pl.col("Country Code").replace_strict(codes, return_dtype=pl.String),
        start=start,
        end=end,
        has_month=has_month,
    )


def _observations(kept: pl.DataFrame) -> pl.DataFrame:
    """Sums by month; incidents of an unknown month stand in one row for their year."""
    months = by_month(kept.filter("has_month"), series=SERIES)
    undated = by_month(kept.filter(~pl.col("has_month")), series=SERIES).with_columns(end=pl.date(pl.col("start").dt.year(), 12, 31))
    return pl.concat([months, undated]).sort("indicator", "iso3", "start", "end")


def _events(kept: pl.DataFrame) -> pl.DataFrame:
    on_earth = pl.col("Latitude").is_between(-90, 90) & pl.col("Longitude").is_between(-180, 180)
    return kept.select(
        event_id=pl.when(pl.col("Incident ID").is_first_distinct())
        .then(pl.col("Incident ID"))
        .otherwise(pl.format("{} of {}", "Incident ID", "start")),
        iso3="iso3",
        start="start",
        end="end",
        kind=pl.lit(KIND),
        deaths_best=pl.col("Total killed"),
        deaths_low=pl.lit(None, dtype=pl.Int64),
        deaths_high=pl.lit(None, dtype=pl.Int64),
        deaths_civilians=pl.col("Total killed"),
        actor_a=pl.col("Actor name"),
        actor_b=pl.lit("aid workers"),
        latitude=pl.when(on_earth).then(pl.col("Latitude")),
        longitude=pl.when(on_earth).then(pl.col("Longitude")),
        row="row",
    ).cast(EVENTS)
