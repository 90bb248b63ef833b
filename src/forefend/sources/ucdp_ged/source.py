"""UCDP Georeferenced Event Dataset: deaths in organised violence, by event and summed by country and month.

Read as the download centre ships it: a zip with one csv, in the layout of 2019 (43 columns) or the newer
one (49 columns). The fields are lines of text with line breaks and quotes in them; a row is a record, not
a line. Dates carry a time of day in some releases.
"""

from __future__ import annotations

import re
import shutil
import tempfile
import zipfile
import zlib
from pathlib import Path

import polars as pl

from forefend.errors import UnexpectedData
from forefend.sources.codes import with_states
from forefend.sources.contract import Files, Parsed, check_codes, check_columns, reject

KINDS = {"1": "sb", "2": "ns", "3": "os"}
COUNTS = ("best", "low", "high", "deaths_civilians")
READ = [
    *("id", "type_of_violence", "country_id", "date_start", "date_end"),
    *COUNTS,
    *("side_a", "side_b", "latitude", "longitude"),
]
# Deaths by side repeat what best sums; conflicts, dyads and actors have their own UCDP data sets; reports are quoted by UCDP, not by us.
OUT_OF_SCOPE = {
    *("relid", "year", "active_year", "code_status", "conflict_dset_id", "conflict_new_id", "conflict_name"),
    *("dyad_dset_id", "dyad_new_id", "dyad_name", "side_a_dset_id", "side_a_new_id", "side_b_dset_id", "side_b_new_id", "gwnoa", "gwnob"),
    *("number_of_sources", "source_article", "source_office", "source_date", "source_headline", "source_original"),
    *("where_prec", "where_coordinates", "where_description", "adm_1", "adm_2", "geom_wkt", "priogrid_gid"),
    *("country", "region", "event_clarity", "date_prec", "deaths_a", "deaths_b", "deaths_unknown"),
}
FINAL_NAME = re.compile(r"(?:ged|GEDEvent_v)(\d\d)_?(\d)\.csv", re.IGNORECASE)
CANDIDATE_NAME = re.compile(r"GEDEvent_v\d\d_0\d?_", re.IGNORECASE)


def read(files: Files) -> Parsed:
    """Read one yearly release; refuses a monthly Candidate file, whose figures are preliminary."""
    if len(files) != 1:
        raise UnexpectedData(f"A release of GED is one zip, but {len(files)} files were given. Import them one by one.")
    ((name, path),) = files.items()
    with tempfile.TemporaryDirectory(prefix="forefend-") as folder:
        table = _unpack(path, name=name, folder=Path(folder))
        if CANDIDATE_NAME.match(table.name):
            raise UnexpectedData(f"{table.name} is a monthly Candidate file with preliminary figures. Import the yearly release instead.")
        parsed = _read_table(table)
    found = FINAL_NAME.fullmatch(table.name)
    parsed.vintage = f"{found[1]}.{found[2]}" if found else ""
    return parsed


def _unpack(path: Path, *, name: str, folder: Path) -> Path:
    """Write the zip's one csv into ``folder``; its checksum is verified on the way."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = [entry for entry in archive.infolist() if entry.filename.lower().endswith(".csv")]
            if len(members) != 1:
                raise UnexpectedData(f"{name} holds {len(members)} csv files instead of one. Get the GED zip from UCDP's download centre.")
            target = folder / Path(members[0].filename).name
            with archive.open(members[0]) as packed, target.open("wb") as plain:
                shutil.copyfileobj(packed, plain, 1 << 20)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError):
        raise UnexpectedData(f"{name} is not a whole zip file. Download it again.") from None
    return target


def _read_table(table: Path) -> Parsed:
    rows = pl.scan_csv(table, infer_schema=False, row_index_name="row", row_index_offset=1)
    columns = [column for column in rows.collect_schema().names() if column != "row"]
    check_columns(columns, read=READ, out_of_scope=OUT_OF_SCOPE, file=table.name)
    raw = rows.select("row", *READ).collect(engine="streaming")
    check_codes(raw, column="type_of_violence", known=KINDS, file=table.name)
    typed = _typed(raw)
    is_usable = pl.all_horizontal(pl.col("event_id", "start", "end", "country_id", "best", "low", "high").is_not_null())
    is_usable &= (pl.col("end") >= pl.col("start")) & (pl.min_horizontal("best", "low", "high") >= 0)
    checked = typed.select(is_usable=is_usable & pl.col("event_id").is_first_distinct())["is_usable"]
    usable = typed.filter(checked).with_columns(month=pl.col("start").dt.truncate("1mo"))
    placed = with_states(usable, column="country_id", scheme="gw", day="month")
    events = placed.filter(pl.col("iso3").is_not_null()).drop("country_id", "month")
    reason = "a date or number is missing or impossible, or the event id came before"
    numbered = raw.with_columns(pl.col("row").cast(pl.Int64))
    return Parsed(
        tables={"events": events.rename({name: f"deaths_{name}" for name in ("best", "low", "high")}), "observations": _months(events)},
        rejected=pl.concat(
            [
                reject(numbered.filter(~checked), reason=reason),
                reject(
                    numbered.join(placed.filter(pl.col("iso3").is_null()), on="row", how="semi"),
                    reason="no state of today continues this one",
                ),
            ]
        ),
    )


def _typed(raw: pl.DataFrame) -> pl.DataFrame:
    whole = {name: pl.col(name).cast(pl.Int64, strict=False) for name in COUNTS}
    return raw.select(
        pl.col("row").cast(pl.Int64),
        event_id=pl.col("id"),
        country_id=pl.col("country_id").cast(pl.Int64, strict=False),
        kind=pl.col("type_of_violence").replace_strict(KINDS, return_dtype=pl.String),
        start=pl.col("date_start").str.head(10).str.to_date("%Y-%m-%d", strict=False),
        end=pl.col("date_end").str.head(10).str.to_date("%Y-%m-%d", strict=False),
        **whole,
        actor_a=pl.col("side_a"),
        actor_b=pl.col("side_b"),
        latitude=pl.col("latitude").cast(pl.Float64, strict=False),
        longitude=pl.col("longitude").cast(pl.Float64, strict=False),
    )


def _months(events: pl.DataFrame) -> pl.DataFrame:
    """Sum events by state, kind and month of beginning; deaths with the publisher's bounds, and their count."""
    keys = ["iso3", "kind", pl.col("start").dt.truncate("1mo")]
    sums = events.group_by(keys).agg(pl.col("best", "low", "high").sum(), events=pl.len())
    shared = {"start": pl.col("start"), "end": pl.col("start").dt.month_end()}
    deaths = sums.select(
        "iso3",
        indicator=pl.format("ucdp_{}_deaths", "kind"),
        **shared,
        value=pl.col("best").cast(pl.Float64),
        low=pl.col("low").cast(pl.Float64),
        high=pl.col("high").cast(pl.Float64),
    )
    events_counted = sums.select("iso3", indicator=pl.format("ucdp_{}_events", "kind"), **shared, value=pl.col("events").cast(pl.Float64))
    return pl.concat([deaths, events_counted], how="diagonal").sort("indicator", "iso3", "start")
