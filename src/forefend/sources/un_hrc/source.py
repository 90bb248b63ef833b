"""Terms in the Human Rights Council: one row for each state and term, compiled from the reports of the elections.

The Council's own list is a page and no table, so this one is imported. A year with more or fewer than 47
members is reported, as a suspension, a resignation or a missing row may be behind it.
"""

from __future__ import annotations

import polars as pl

from forefend.errors import PlaceError, UnexpectedData
from forefend.places import resolve, states
from forefend.sources.contract import Files, Parsed, check_codes
from forefend.sources.families.hub import hub_table
from forefend.sources.reading.cells import split
from forefend.store.tables import FACTS

READ = ("iso3", "member", "term_start", "term_end", "source_url")
N_MEMBERS = 47
FIRST_YEAR, LAST_YEAR = 2006, 2100
LONGEST = 3  # years of a term; the first ones, drawn by lot in 2006, were shorter


def read(files: Files) -> Parsed:
    """Read one file; the release is named by the last year in which a term begins."""
    if len(files) != 1:
        raise UnexpectedData(f"The terms are one csv, but {len(files)} files were given. Import them one by one.")
    ((name, path),) = files.items()
    rows = hub_table(path, name=name, read=READ)
    check_codes(rows, column="iso3", known=(*states(), None), file=name)
    first, last = (pl.col(column).cast(pl.Int32, strict=False) for column in ("term_start", "term_end"))
    typed = rows.with_columns(
        first=first, last=last, same=pl.Series([_agrees(code, member) for code, member in rows.select("iso3", "member").iter_rows()])
    )
    usable, rejected = split(
        typed,
        unusable=[
            (pl.col("iso3").is_null(), "no state is named"),
            (~pl.col("same"), "code and name are of different states"),
            (~pl.col("first").is_between(FIRST_YEAR, LAST_YEAR), "the first year is missing or no year of the Council"),
            (~(pl.col("last") - pl.col("first")).is_between(0, LONGEST - 1), "the last year is missing or does not end a term"),
            (~pl.struct("iso3", "first").is_first_distinct(), "the term came before"),
        ],
        shown=list(READ),
    )
    newest = usable["first"].max()
    return Parsed(
        tables={"facts": _facts(usable)}, rejected=rejected, vintage=str(newest) if newest is not None else "", notes=_notes(usable)
    )


def _agrees(code: str | None, member: str | None) -> bool:
    try:
        return member is None or code is None or resolve(member) == code
    except PlaceError as refusal:
        raise UnexpectedData(f"member has a name new to this connector: {refusal}") from None


def _facts(rows: pl.DataFrame) -> pl.DataFrame:
    return (
        rows.select(
            "iso3",
            kind=pl.lit("hrc_term"),
            key=pl.lit("hrc"),
            status=pl.lit("member"),
            start=pl.date("first", 1, 1),
            end=pl.date("last", 12, 31),
            date_text=pl.format("{}–{}", "term_start", "term_end"),
            checked=pl.lit(None),
            cited=pl.col("source_url").fill_null("no report given"),
            note=pl.lit(None),
            row="row",
        )
        .cast(FACTS)
        .sort("start", "iso3")
    )


def _notes(rows: pl.DataFrame) -> tuple[str, ...]:
    """Count the members of the years for which the file has all three classes of terms."""
    begins = set(rows["first"].unique())
    whole = sorted(year for year in begins if {year - 1, year - 2} <= begins)
    counts = {year: rows.filter((pl.col("first") <= year) & (pl.col("last") >= year)).height for year in whole}
    return tuple(f"{year}: {count} members known, {N_MEMBERS} expected" for year, count in counts.items() if count != N_MEMBERS)
