"""Votes in the Security Council on the resolutions it adopted, since 2010: one fact for each member and resolution.

Drafts that were vetoed or failed are not in the library's file; see the vetoes. A resolution adopted without
a vote is written as a yes of every member, which the fact's note says.
"""

from __future__ import annotations

import re
from datetime import date

import polars as pl

from forefend.errors import UnexpectedData
from forefend.places import states
from forefend.sources.contract import Files, Parsed, check_codes
from forefend.sources.families.hub import hub_table
from forefend.sources.reading.cells import split
from forefend.store.tables import FACTS

VOTES = {"Y": "yes", "N": "no", "A": "abstain", "X": "did not vote"}
READ = ("undl_id", "ms_code", "ms_vote", "date", "resolution", "description", "modality")
OUT_OF_SCOPE = (
    "ms_name", "permanent_member", "draft", "meeting", "agenda", "subjects", "vote_note", "undl_link",
    "total_yes", "total_no", "total_abstentions", "total_non_voting", "total_ms",
)  # fmt: skip
SINCE = date(2010, 1, 1)  # before, codes of states that are no more occur
RELEASE = re.compile(r"(\d{4})_(\d{1,2})_(\d{1,2})_sc_voting.*\.csv", re.IGNORECASE)


def read(files: Files) -> Parsed:
    """Read the voting data; the release is named by the day in the file's name where it has one."""
    if len(files) != 1:
        raise UnexpectedData(f"The voting data are one csv, but {len(files)} files were given. Import them one by one.")
    ((name, path),) = files.items()
    rows = hub_table(path, name=name, read=READ, out_of_scope=OUT_OF_SCOPE)
    dated = rows.with_columns(day=pl.col("date").str.to_date("%Y-%m-%d", strict=False))
    recent = dated.filter((pl.col("day") >= SINCE) | pl.col("day").is_null())
    check_codes(recent, column="ms_vote", known=(*VOTES, None), file=name)
    check_codes(recent, column="ms_code", known=(*states(), None), file=name)
    usable, rejected = split(
        recent,
        unusable=[
            (pl.col("day").is_null(), "the day is missing or no date"),
            (pl.col("ms_code").is_null() | pl.col("ms_vote").is_null(), "no state or no vote"),
            (pl.col("resolution").is_null(), "no resolution is named"),
            (~pl.struct("resolution", "ms_code").is_first_distinct(), "the state's vote came before"),
        ],
        shown=["ms_code", "ms_vote", "date", "resolution"],
    )
    day = _day(name)
    return Parsed(tables={"facts": _facts(usable)}, rejected=rejected, vintage=day.isoformat() if day else "", published=day)


def _day(name: str) -> date | None:
    found = RELEASE.fullmatch(name)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        raise UnexpectedData(f"{name} carries no day of the calendar. Give the file under the library's name.") from None


def _facts(rows: pl.DataFrame) -> pl.DataFrame:
    without_vote = pl.col("modality").fill_null("").str.to_lowercase().str.contains("without")
    title = pl.col("description").fill_null("")
    return (
        rows.select(
            iso3="ms_code",
            kind=pl.lit("unsc_vote"),
            key="resolution",
            status=pl.col("ms_vote").replace_strict(VOTES, return_dtype=pl.String),
            start="day",
            end="day",
            date_text="date",
            checked=pl.lit(None),
            cited=pl.format("UN Digital Library, record {}", pl.col("undl_id").fill_null("not given")),
            note=pl.when(without_vote).then(pl.format("{} (adopted without a vote)", title)).otherwise(title),
            row="row",
        )
        .cast(FACTS)
        .sort("start", "key", "iso3")
    )
