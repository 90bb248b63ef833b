"""UN Digital Library: every recorded vote of the General Assembly, since 2010, and agreement over its last ten years."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import polars as pl

from forefend.errors import UnexpectedData
from forefend.places import states
from forefend.sources.contract import Files, Parsed, check_codes, check_columns, reject
from forefend.sources.families.agreement import vote_agreement

VOTES = {"Y": "yes", "N": "no", "A": "abstain", "X": "did not vote"}
READ = ["undl_id", "ms_code", "ms_vote", "date", "resolution", "title"]
# Documents, subjects and totals describe the meeting; totals repeat what the rows sum to.
OUT_OF_SCOPE = {
    *("ms_name", "session", "draft", "committee_report", "meeting", "agenda_title", "subjects", "vote_note", "modality", "undl_link"),
    *("total_yes", "total_no", "total_abstentions", "total_non_voting", "total_ms"),
}
SINCE = date(2010, 1, 1)
AGREEMENT_YEARS = 10
RELEASE = re.compile(r"(\d{4})_(\d{1,2})_(\d{1,2})_ga_voting.*\.csv", re.IGNORECASE)


def read(files: Files) -> Parsed:
    """Read the voting data; the release is named by the day in the file's name where it has one."""
    if len(files) != 1:
        raise UnexpectedData(f"The voting data are one csv, but {len(files)} files were given. Import them one by one.")
    ((name, path),) = files.items()
    rows = _recent(path, name=name)
    check_codes(rows, column="ms_vote", known=VOTES, file=name)
    check_codes(rows, column="ms_code", known=states(), file=name)
    _check_resolutions(rows, name=name)
    first = rows.select(first=pl.struct("resolution", "ms_code").is_first_distinct() & pl.col("resolution").is_not_null())["first"]
    facts = rows.filter(first).select(
        iso3="ms_code",
        kind=pl.lit("vote"),
        key="resolution",
        status=pl.col("ms_vote").replace_strict(VOTES, return_dtype=pl.String),
        start="day",
        end="day",
        date_text="date",
        cited=pl.format("UN Digital Library, record {}", "undl_id"),
        note="title",
        row="row",
    )
    newest = facts["start"].max()
    recent = facts.filter(pl.col("start").dt.year() > newest.year - AGREEMENT_YEARS) if isinstance(newest, date) else facts
    ties = vote_agreement(recent)
    found = RELEASE.fullmatch(name)
    day = date(*map(int, found.groups())) if found else None
    return Parsed(
        tables={"facts": facts, **({"ties": ties} if ties.height else {})},
        rejected=reject(rows.filter(~first).drop("day"), reason="no resolution, or the state's vote came before"),
        vintage=day.isoformat() if day else "",
        published=day,
    )


def _check_resolutions(rows: pl.DataFrame, *, name: str) -> None:
    """Refuse a record of the library that is of two resolutions, which would part votes on the same one."""
    pairs = rows.select("row", "undl_id", "resolution").drop_nulls().unique(["undl_id", "resolution"], keep="first", maintain_order=True)
    odd = pairs.filter(~pl.col("undl_id").is_first_distinct())
    if odd.height:
        row, record, resolution = odd.row(0)
        raise UnexpectedData(
            f"{name}, row {row}: record {record} is of {resolution[:60]!r}, but of another resolution before. Get it again."
        )


def _recent(path: Path, *, name: str) -> pl.DataFrame:
    table = pl.scan_csv(path, infer_schema=False, row_index_name="row", row_index_offset=1)
    check_columns([c for c in table.collect_schema().names() if c != "row"], read=READ, out_of_scope=OUT_OF_SCOPE, file=name)
    day = pl.col("date").str.to_date("%Y-%m-%d")
    rows = table.select(pl.col("row").cast(pl.Int64), *READ, day=day).filter(pl.col("day") >= SINCE)
    return rows.collect(engine="streaming").sort("row")
