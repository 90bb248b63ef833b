"""IDMC Internal Displacement Updates: people newly displaced by conflict and by disaster, by report.

Read as the interface's JSON, or as the csv by country on the Humanitarian Data Exchange. Known oddities: times
such as ``2023-11-06T11:00:00.000Z`` are midnight in New Zealand, so that the day meant is the next one; of several
reports on one displacement only those with the role of a recommended figure are to be added up (older layouts give
no other); Abyei has a code of its own. Figures are preliminary. A file of the last 180 days holds no whole year.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl

from forefend.sources.contract import Files, Parsed, check_codes, check_columns, reject
from forefend.sources.families.incidents import by_month, whole_years
from forefend.sources.reading.cells import whole_number
from forefend.sources.reading.placing import state_of_code
from forefend.sources.reading.records import framed_records, load
from forefend.sources.reading.tables import text_table, without_tags
from forefend.sources.reading.unpacked import unpacked
from forefend.store.asking import Asking

ADDRESS = "https://helix-tools-api.idmcdb.org/external-api/idus/all/"
CAUSES = {"Conflict": "conflict", "Disaster": "disaster", "Other": "other"}
READ = ("id", "iso3", "displacement_type", "figure", "displacement_start_date")
OPTIONAL = ("role",)
RECOMMENDED = "Recommended figure"
ROLES = (RECOMMENDED, "Triangulation", "")
# Places, texts and links; what hazard it was; how exact the figure is said to be; other dates.
OUT_OF_SCOPE = {
    "country", "latitude", "longitude", "centroid", "qualifier", "displacement_date", "displacement_end_date", "year", "event_id",
    "event_name", "event_codes", "event_code_types", "event_start_date", "event_end_date", "event_url", "event_info", "category",
    "subcategory", "type", "subtype", "standard_popup_text", "standard_info_text", "old_id", "created_at", "description", "link",
    "combined_type", "sources", "source_url", "locations_name", "locations_coordinates", "locations_accuracy", "locations_type",
    "displacement_occurred",
}  # fmt: skip
NOT_STATES = ("AB9",)  # Abyei, between Sudan and South Sudan
FIRST, LAST = date(1990, 1, 1), date(2100, 12, 31)
LIMIT = 1_000_000_000


def collect(asking: Asking) -> list[Path]:
    """Fetch all updates since the beginning; the key is the one IDMC gives on request."""
    key = asking.secret("IDMC_CLIENT_ID")
    return [asking.file(f"{ADDRESS}?client_id={key}&format=json", name="idus.json")]


def read(files: Files) -> Parsed:
    """Read the interface's answer, or the files of one or more countries."""
    frame = pl.concat([_table(name, path) for name, path in sorted(files.items())])
    check_codes(frame, column="displacement_type", known=CAUSES)
    check_codes(frame, column="role", known=ROLES)
    typed = _typed(frame)
    reasons = (
        (pl.any_horizontal(pl.col("start", "figure").is_null()), "a date or number is missing or impossible"),
        (~pl.col("is_first"), "the report has no number, or one that came before"),
        (~pl.col("role").is_in(["", RECOMMENDED]), "a report for comparison, not to be added up"),
        (pl.col("state").is_null(), "an area without a code of a state"),
    )
    left, kept = [], typed
    for holds, why in reasons:
        left.append(reject(frame.join(kept.filter(holds), on=["row", "file"], how="semi"), reason=why))
        kept = kept.filter(~holds)
    return Parsed(tables={"observations": _observations(kept)}, rejected=pl.concat(left))


def _table(name: str, path: Path) -> pl.DataFrame:
    if path.suffix.lower() == ".json":
        frame = framed_records(load(path, name=name), name=name)
    else:
        frame = without_tags(text_table(unpacked(path, limit=LIMIT), name=name))
    check_columns(frame.columns[1:], read=READ, out_of_scope=OUT_OF_SCOPE, optional=OPTIONAL, file=name)
    role = pl.col("role") if "role" in frame.columns else pl.lit("")
    return frame.select("row", *(pl.col(column).fill_null("") for column in READ), role=role.fill_null(""), file=pl.lit(name))


def _typed(frame: pl.DataFrame) -> pl.DataFrame:
    states = {code: state_of_code(code, scheme="alpha3", column="iso3", not_states=NOT_STATES) for code in frame["iso3"].unique()}
    written = pl.col("displacement_start_date")
    moment = written.str.to_datetime("%Y-%m-%dT%H:%M:%S%.fZ", strict=False, time_unit="ms", time_zone="UTC")
    day = pl.coalesce(
        written.str.to_date("%Y-%m-%d", strict=False), moment.dt.convert_time_zone("Pacific/Auckland").dt.replace_time_zone(None).dt.date()
    )
    return frame.with_columns(
        figure=whole_number("figure"),
        start=pl.when(day.is_between(FIRST, LAST)).then(day),
        state=pl.col("iso3").replace_strict(states, return_dtype=pl.String),
        is_first=pl.col("id").is_first_distinct() & (pl.col("id") != ""),
        cause=pl.col("displacement_type").replace_strict(CAUSES),
    )


def _observations(kept: pl.DataFrame) -> pl.DataFrame:
    """Sums by month for each cause, and by year for the years of which every month has reports."""
    everywhere = kept.with_columns(iso3=pl.col("state"))
    parts = []
    for cause in CAUSES.values():
        rows = everywhere.filter(pl.col("cause") == cause)
        parts.append(by_month(rows, series={"figure": f"idmc_{cause}_displacements"}))
        parts.append(whole_years(rows, series={"figure": f"idmc_{cause}_displacements_year"}, among=everywhere))
    return pl.concat(parts)
