"""Ethnic Power Relations: the share of the population in groups kept from state power, as of 1 January of each year.

Two layouts: the publisher's list of groups by period with their status, and a summary by country and year. A group
is excluded when it is powerless, discriminated against or has excluded itself. Known trap: where ethnicity plays no
part in politics, or the state has collapsed, the summary writes 0; that is no measured absence of exclusion, so
these years are rejected rows.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from forefend.errors import UnexpectedData
from forefend.sources.contract import Files, Parsed, check_codes, check_columns, reject
from forefend.sources.reading.cells import check_cells
from forefend.sources.reading.measured import joined, measured, newest_year
from forefend.sources.reading.placing import with_states
from forefend.sources.reading.tables import index_table
from forefend.sources.reading.unpacked import unpacked

SERIES = {"excluded": "epr_excluded_share", "discriminated": "epr_discriminated_share", "excluded_groups": "epr_excluded_groups"}
WITHIN = {"excluded": (0.0, 1.0), "discriminated": (0.0, 1.0), "excluded_groups": (0.0, 100.0)}
GROUPS_READ = ("gwid", "from", "to", "group", "size", "status")
GROUPS_OUT_OF_SCOPE = ("statename", "groupid", "gwgroupid", "umbrella", "reg_aut")
EXCLUDED = ("POWERLESS", "DISCRIMINATED", "SELF-EXCLUSION")
INCLUDED = ("MONOPOLY", "DOMINANT", "SENIOR PARTNER", "JUNIOR PARTNER")
UNRANKED = ("IRRELEVANT", "STATE COLLAPSE")
SUMMARY_READ = {"countries_gwid": "gwid", "exclpop": "excluded", "discrimpop": "discriminated", "excl_groups_count": "excluded_groups"}
SUMMARY_OUT_OF_SCOPE = (
    "countryname", "egip_groups_count", "regaut_groups_count", "regaut_excl_groups_count", "regaut_egip_groups_count", "rlvt_groups_count",
    "actv_groups_count", "lpop", "egippop", "legippop", "lexclpop", "ldiscrimpop", "maxexclpop", "lmaxexclpop", "regautpop",
    "regautexclpop",
    "regautegippop", "nstar",
)  # fmt: skip
YEARS = (1946, 2100)
NOT_RELEVANT = "no politically relevant group in that year, so no share was measured"


def read(files: Files) -> Parsed:
    """Read the list of groups, or the summary."""
    parsed = joined([_read_one(name, path) for name, path in sorted(files.items())])
    table = parsed.tables["observations"].with_columns(end=pl.col("start"))
    year = newest_year(parsed)
    return Parsed(tables={"observations": table}, rejected=parsed.rejected, vintage=str(year) if year else "")


def _read_one(name: str, path: Path) -> Parsed:
    frame = index_table(unpacked(path), name=name)
    if "countries_gwid" in frame.columns:
        check_columns(frame.columns[1:], read=[*SUMMARY_READ, "year", "cntr_relevance"], out_of_scope=SUMMARY_OUT_OF_SCOPE, file=name)
        check_codes(frame, column="cntr_relevance", known=("R", "P"), file=name)
        frame = frame.rename(SUMMARY_READ).with_columns(is_ranked=pl.col("cntr_relevance") == "R")
    else:
        check_columns(frame.columns[1:], read=GROUPS_READ, out_of_scope=GROUPS_OUT_OF_SCOPE, file=name)
        frame = _by_year(frame, name=name)
    unranked = frame.filter(~pl.col("is_ranked")).select("row", "gwid", "year")
    check_cells(frame, columns=SERIES, name=name)
    placed = _placed(frame.filter("is_ranked"), name=name)
    parsed = measured(placed, series=SERIES, place="gwid", within=WITHIN, name=name, no_state="no state of today continues it")
    parsed.rejected = pl.concat([parsed.rejected, reject(unranked, reason=NOT_RELEVANT)])
    return parsed


def _placed(frame: pl.DataFrame, *, name: str) -> pl.DataFrame:
    """Add the state of today by its number as of the year; null where none of today's continues it."""
    numbers = frame.with_columns(pl.col("gwid", "year").cast(pl.Float64, strict=False))
    odd = numbers.filter((pl.col("gwid").is_null() | ~pl.col("year").is_between(*YEARS)).fill_null(value=True))
    if odd.height:
        raise UnexpectedData(f"{name}, row {odd['row'][0]}: the state's number or the year cannot be read. Get the file again.")
    days = numbers.select(pl.date(pl.col("year").cast(pl.Int32), 1, 1)).to_series()
    dated = frame.with_columns(number=numbers["gwid"].cast(pl.Int64), day=days)
    return with_states(dated, column="number", scheme="gw", day="day").drop("number", "day")


def _by_year(groups: pl.DataFrame, *, name: str) -> pl.DataFrame:
    """Turn groups by period into one row a state and year, with the row of the first group in it."""
    check_codes(groups, column="status", known=(*EXCLUDED, *INCLUDED, *UNRANKED), file=name)
    numbers = groups.with_columns(pl.col(column).cast(pl.Float64, strict=False) for column in ("from", "to", "size"))
    first, last, size = pl.col("from"), pl.col("to"), pl.col("size")
    fits = (
        (first >= YEARS[0])
        & (last <= YEARS[1])
        & (first <= last)
        & size.is_between(0, 1)
        & (first == first.floor())
        & (last == last.floor())
    )
    bad = numbers.filter(~fits.fill_null(value=False))
    if bad.height:
        row = bad.row(0, named=True)
        raise UnexpectedData(
            f"{name}, row {row['row']}: from {row['from']} to {row['to']} with size {row['size']} cannot be. Get the file again."
        )
    _check_once(numbers, name=name)
    yearly = numbers.with_columns(year=pl.int_ranges(first.cast(pl.Int32), last.cast(pl.Int32) + 1)).explode("year")
    excluded, discriminated = pl.col("status").is_in(list(EXCLUDED)), pl.col("status") == "DISCRIMINATED"
    summed = yearly.group_by("gwid", "year", maintain_order=True).agg(
        pl.col("row").min(),
        excluded=size.filter(excluded).sum().round(6),
        discriminated=size.filter(discriminated).sum().round(6),
        excluded_groups=excluded.sum(),
        is_ranked=(~pl.col("status").is_in(list(UNRANKED))).any(),
    )
    return summed.with_columns(pl.col("year", *SERIES).cast(pl.String))


def _check_once(groups: pl.DataFrame, *, name: str) -> None:
    """Refuse a group that has two statuses in one year: its people would count twice."""
    ordered = groups.sort("gwid", "group", "from")
    again = ordered.filter(pl.col("from") <= pl.col("to").shift(1).over("gwid", "group"))
    if again.height:
        row = again.row(0, named=True)
        raise UnexpectedData(f"{name}, row {row['row']}: the group {row['group'][:60]!r} stands twice in one year. Get the file again.")
