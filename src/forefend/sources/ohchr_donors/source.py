"""Voluntary contributions to the Office of the High Commissioner for Human Rights, by donor and year.

Taken from the list in the publisher's yearly report. A state that is not on the list of a year has no value, as the
list is of those who gave.
"""

from __future__ import annotations

import polars as pl

from forefend.errors import UnexpectedData
from forefend.sources.contract import Files, Parsed
from forefend.sources.families.listed import NOT_A_STATE, listed, yearly
from forefend.sources.reading.cells import NO_NUMBER, NO_YEAR, number, split, year
from forefend.sources.reading.placing import place_by_name

READ = ("donor", "year", "contribution", "unearmarked")
GIVEN, FREE = "ohchr_contribution", "ohchr_unearmarked_share"


def read(files: Files) -> Parsed:
    """Read one table of any number of years; amounts are in dollars of the United States."""
    if len(files) != 1:
        raise UnexpectedData(f"Contributions are one table, but {len(files)} files were given. Import them one by one.")
    ((name, path),) = files.items()
    frame = listed(path, name=name, read=READ)
    plain = {f"plain_{column}": pl.col(column).str.replace_all(r"[,\s$]", "").replace("-", "0") for column in READ[2:]}
    frame = place_by_name(frame, column="donor").with_columns(**plain).with_columns(
        in_year=year("year"), total=number("plain_contribution"), free=number("plain_unearmarked")
    )  # fmt: skip
    good, rejected = split(
        frame,
        unusable=[
            (pl.col("iso3").is_null(), NOT_A_STATE),
            (pl.col("in_year").is_null(), NO_YEAR),
            (pl.col("total").is_null() | (pl.col("total") < 0) | pl.col("free").is_null() | (pl.col("free") < 0), NO_NUMBER),
            (pl.col("free") > pl.col("total"), "more is unearmarked than was given"),
            (pl.struct("iso3", "in_year").is_first_distinct().not_(), "a second row of the same state and year"),
        ],
        shown=list(READ),
    )
    rows = good.drop("year").rename({"in_year": "year"})
    shares = rows.filter(pl.col("total") > 0).with_columns(value=100 * pl.col("free") / pl.col("total"))
    return Parsed(
        tables={"observations": pl.concat([yearly(rows.with_columns(value="total"), indicator=GIVEN), yearly(shares, indicator=FREE)])},
        rejected=rejected,
    )
