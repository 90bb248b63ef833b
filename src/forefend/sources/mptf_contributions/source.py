"""Contributions to pooled funds of the United Nations (Multi-Partner Trust Fund Office), by contributor and year.

The table is taken from the publisher's page of contributions. Of its funds, the Peacebuilding Fund and the Women's
Peace and Humanitarian Fund are read; rows of others are rejected. Deposits are money that came in.
"""

from __future__ import annotations

import polars as pl

from forefend.errors import UnexpectedData
from forefend.sources.contract import Files, Parsed, unique_rows
from forefend.sources.families.listed import NOT_A_STATE, listed, yearly
from forefend.sources.reading.cells import NO_NUMBER, NO_YEAR, number, split, year
from forefend.sources.reading.placing import place_by_name

READ = ("fund", "contributor", "year", "deposit")
FUNDS = {"peacebuilding fund": "mptf_peacebuilding_fund", "women's peace": "mptf_womens_peace_fund"}


def read(files: Files) -> Parsed:
    """Read one table; deposits of one contributor, fund and year are added up."""
    if len(files) != 1:
        raise UnexpectedData(f"Contributions are one table, but {len(files)} files were given. Import them one by one.")
    ((name, path),) = files.items()
    frame, again = unique_rows(listed(path, name=name, read=READ, optional=("commitment",)))
    found = {text: _series(text) for text in frame["fund"].unique().to_list()}
    frame = frame.with_columns(
        series=pl.col("fund").replace_strict(found, return_dtype=pl.String),
        plain_deposit=pl.col("deposit").str.replace_all(r"[,\s$]", ""),
        in_year=year("year"),
    ).with_columns(usd=number("plain_deposit"))
    good, rejected = split(
        place_by_name(frame, column="contributor"),
        unusable=[
            (pl.col("series") == "", "a fund that is not read"),
            (pl.col("iso3").is_null(), NOT_A_STATE),
            (pl.col("in_year").is_null(), NO_YEAR),
            (pl.col("usd").is_null(), NO_NUMBER),
        ],
        shown=list(READ),
    )
    sums = good.group_by("series", "iso3", "in_year", maintain_order=True).agg(pl.col("row").min(), value=pl.col("usd").sum())
    parts = [
        yearly(sums.filter(pl.col("series") == indicator).rename({"in_year": "year"}), indicator=indicator) for indicator in FUNDS.values()
    ]
    return Parsed(tables={"observations": pl.concat(parts)}, rejected=pl.concat([again, rejected]))


def _series(fund: str) -> str:
    plain = " ".join(fund.lower().replace("\u2019", "'").split())
    return next((indicator for words, indicator in FUNDS.items() if words in plain), "")
