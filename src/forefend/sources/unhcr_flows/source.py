"""UNHCR forced displacement flows: people who arrived in a year, by state of origin and of asylum.

The publisher's own package carries them as an R file; the same table as csv is read too. ``asylum_seekers`` are claims
lodged for the first time; ``refugees`` and ``refugee_like`` were taken in as a group or under temporary protection, so
the two never count the same arrival; ``oip`` are others, whom nobody may have protected, and are not read. A blank is
nothing reported, which is not 0, and sums of nothing have no row.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from forefend.places import neighbours, state
from forefend.sources.contract import Files, Parsed, check_columns
from forefend.sources.families.listed import yearly
from forefend.sources.families.unhcr import PLACES, check_not_summed, state_of
from forefend.sources.reading.cells import MOST, NO_YEAR, number, split, year
from forefend.sources.reading.r_files import read_r
from forefend.sources.reading.tables import read_text

CLAIMS, TAKEN_IN = ("asylum_seekers",), ("refugees", "refugee_like")
NUMBERS = (*CLAIMS, *TAKEN_IN)
OUT_OF_SCOPE = ("coo_name", "coo", "coa_name", "coa", "oip", "returned_refugees")
NO_STATE = ("UKN", "STA")  # of unknown origin, and stateless, by UNHCR's own codes
MISSING = ("", "NA", "nan", "NaN")
# How a series is summed: over which people, and from where.
SERIES = {
    "unhcr_new_claims": (CLAIMS, "anywhere"),
    "unhcr_new_claims_from_neighbours": (CLAIMS, "near"),
    "unhcr_group_arrivals": (TAKEN_IN, "anywhere"),
    "unhcr_group_arrivals_from_neighbours": (TAKEN_IN, "near"),
    "unhcr_group_arrivals_from_region": (TAKEN_IN, "further"),
}


def read(files: Files) -> Parsed:
    """Read the one table, R or csv."""
    ((name, path),) = files.items()
    frame = _text(name, path)
    check_columns(frame.columns[1:], read=("year", *PLACES, *NUMBERS), out_of_scope=OUT_OF_SCOPE, file=name)
    check_not_summed(frame, name=name)
    good, rejected = _typed(frame)
    told = _near(good)
    series = [_series(told, people=people, where=where, indicator=one) for one, (people, where) in SERIES.items()]
    return Parsed(tables={"observations": pl.concat(series)}, rejected=rejected)


def _text(name: str, path: Path) -> pl.DataFrame:
    if path.suffix.lower() not in (".rda", ".rds", ".rdata"):
        return read_text(path, name=name)
    return read_r(path, name=name).with_columns(pl.exclude("row").cast(pl.String))


def _typed(frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    blank = pl.col("year", *PLACES, *NUMBERS).fill_null("").str.strip_chars()
    frame = frame.with_columns(blank).with_columns(pl.col(NUMBERS).replace(dict.fromkeys(MISSING, "0")))
    codes = {code: _state(code) for column in PLACES for code in frame[column].unique().to_list()}
    counts = {f"n_{column}": _count(column) for column in NUMBERS}
    places = {new: pl.col(old).replace_strict(codes, return_dtype=pl.String) for new, old in (("origin", "coo_iso"), ("asylum", "coa_iso"))}
    typed = frame.with_columns(in_year=year("year"), **counts, **places)
    return split(
        typed,
        unusable=[
            (pl.col("in_year").is_null(), NO_YEAR),
            (pl.any_horizontal(pl.col(f"n_{column}").is_null() for column in NUMBERS), "a number of people is none"),
            (pl.col("asylum").is_null(), "no state of asylum"),
            (pl.struct("in_year", *PLACES).is_first_distinct().not_(), "a second row of the same year, origin and state of asylum"),
        ],
        shown=["year", *PLACES, *NUMBERS],
    )


def _state(code: str) -> str | None:
    return None if code in NO_STATE else state_of(code)


def _count(column: str) -> pl.Expr:
    """Return people as a whole number, which R writes as 5.0."""
    value = number(column)
    return pl.when((value == value.floor()) & value.is_between(0, MOST)).then(value)


def _near(frame: pl.DataFrame) -> pl.DataFrame:
    """Add from where people came: ``near`` from a neighbouring state, ``further`` from another of the same region."""
    pairs = frame.select("origin", "asylum").unique(maintain_order=True)
    where = [_where(origin, asylum) for origin, asylum in pairs.iter_rows()]
    return frame.join(
        pairs.with_columns(where=pl.Series(where, dtype=pl.String)),
        on=["origin", "asylum"],
        how="left",
        nulls_equal=True,
        maintain_order="left",
    )


def _where(origin: str | None, asylum: str) -> str:
    if origin is None or origin == asylum:
        return ""
    if origin in neighbours(asylum):
        return "near"
    return "further" if state(origin).region == state(asylum).region else ""


def _series(frame: pl.DataFrame, *, people: tuple[str, ...], where: str, indicator: str) -> pl.DataFrame:
    came = frame if where == "anywhere" else frame.filter(pl.col("where") == where)
    counted = came.with_columns(people=pl.sum_horizontal(f"n_{column}" for column in people)).filter(pl.col("people") > 0)
    sums = counted.group_by(iso3="asylum", year="in_year", maintain_order=True).agg(pl.col("row").min(), value=pl.col("people").sum())
    return yearly(sums, indicator=indicator)
