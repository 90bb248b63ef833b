"""Conduct in United Nations field missions: allegations by nationality, and how many the state answered for.

Taken from the publisher's tables of allegations by nationality of uniformed personnel: one row for each nationality
and year. Where no allegation was substantiated there is nothing to answer for, and no share.
"""

from __future__ import annotations

import polars as pl

from forefend.errors import UnexpectedData
from forefend.sources.contract import Files, Parsed
from forefend.sources.families.listed import NOT_A_STATE, listed, yearly
from forefend.sources.reading.cells import NO_YEAR, split, whole_number, year
from forefend.sources.reading.placing import place_by_name

READ = ("nationality", "year", "allegations", "substantiated", "actions_reported")
COUNTS = READ[2:]
ANSWERED, ALLEGED = "un_conduct_answered_share", "un_conduct_allegations"


def read(files: Files) -> Parsed:
    """Read one table of any number of years."""
    if len(files) != 1:
        raise UnexpectedData(f"The allegations are one table, but {len(files)} files were given. Import them one by one.")
    ((name, path),) = files.items()
    frame = listed(path, name=name, read=READ)
    frame = place_by_name(frame, column="nationality").with_columns(
        in_year=year("year"), **{f"n_{kind}": whole_number(kind) for kind in COUNTS}
    )
    found, proven, answered = (pl.col(f"n_{kind}") for kind in COUNTS)
    good, rejected = split(
        frame,
        unusable=[
            (pl.col("iso3").is_null(), NOT_A_STATE),
            (pl.col("in_year").is_null(), NO_YEAR),
            (found.is_null() | proven.is_null() | answered.is_null(), "a number of allegations is none"),
            ((proven > found) | (answered > proven), "more were proven than alleged, or answered for than proven"),
            (pl.struct("iso3", "in_year").is_first_distinct().not_(), "a second row of the same state and year"),
        ],
        shown=list(READ),
    )
    rows = good.drop("year").rename({"in_year": "year"})
    shares = rows.filter(proven > 0).with_columns(value=answered / proven)
    return Parsed(
        tables={
            "observations": pl.concat(
                [yearly(shares, indicator=ANSWERED), yearly(rows.with_columns(value=found.cast(pl.Float64)), indicator=ALLEGED)]
            )
        },
        rejected=rejected,
    )
