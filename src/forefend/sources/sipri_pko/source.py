"""SIPRI Multilateral Peace Operations: people sent to operations that the United Nations does not lead, by state.

The publisher gives its figures out on request, by mission, contributor and year. Operations led by the United
Nations are passed over: their personnel come from the United Nations itself.
"""

from __future__ import annotations

import polars as pl

from forefend.errors import UnexpectedData
from forefend.sources.contract import Files, Parsed
from forefend.sources.families.listed import NOT_A_STATE, listed, yearly
from forefend.sources.reading.cells import NO_YEAR, split, whole_number, year
from forefend.sources.reading.placing import place_by_name

PEOPLE = {"military": "pko_regional_military", "police": "pko_regional_police", "civilian": "pko_regional_civilian"}
READ = ("year", "mission", "organisation", "contributor", *PEOPLE)
UNITED_NATIONS = ("un", "united nations")
MOST = 500_000  # people of one state in one mission; beyond it a number is a slip


def read(files: Files) -> Parsed:
    """Read one table; people of one state in several missions of a year are added up."""
    if len(files) != 1:
        raise UnexpectedData(f"The personnel are one table, but {len(files)} files were given. Import them one by one.")
    ((name, path),) = files.items()
    frame = listed(path, name=name, read=READ)
    frame = place_by_name(frame, column="contributor").with_columns(
        in_year=year("year"), **{f"n_{kind}": whole_number(kind).fill_null(pl.when(pl.col(kind) == "").then(0)) for kind in PEOPLE}
    )
    counts = [f"n_{kind}" for kind in PEOPLE]
    good, rejected = split(
        frame,
        unusable=[
            (pl.col("organisation") == "", "no organisation is named"),
            (pl.col("iso3").is_null(), NOT_A_STATE),
            (pl.col("in_year").is_null(), NO_YEAR),
            (pl.any_horizontal(pl.col(counts).is_null() | (pl.col(counts) > MOST)), "a number of people is none"),
            (pl.struct("mission", "iso3", "in_year").is_first_distinct().not_(), "a second row of the same mission, state and year"),
        ],
        shown=list(READ),
    )
    regional = good.filter(~pl.col("organisation").str.to_lowercase().is_in(UNITED_NATIONS))
    sums = regional.group_by("iso3", year="in_year", maintain_order=True).agg(pl.col("row").min(), pl.col(counts).sum())
    parts = [
        yearly(sums.with_columns(value=pl.col(f"n_{kind}").cast(pl.Float64)), indicator=indicator) for kind, indicator in PEOPLE.items()
    ]
    passed = good.height - regional.height
    notes = (f"{passed} rows of operations led by the United Nations were passed over.",) if passed else ()
    return Parsed(tables={"observations": pl.concat(parts)}, rejected=rejected, notes=notes)
