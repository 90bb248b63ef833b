"""Honour roll of the United Nations: who paid the assessment of the regular budget in full, and on which day.

The Committee on Contributions lists every state that paid in full in a year with the day, and marks those that did
within thirty days. A state that is not on the whole list of a year did not pay in full in it; the list counts as
whole only when it was taken in December, or later, and names at least a hundred states.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from forefend.errors import UnexpectedData
from forefend.places import universe
from forefend.sources.contract import Files, Parsed
from forefend.sources.families.listed import NOT_A_DAY, NOT_A_STATE, day, day_of, listed, standing
from forefend.sources.reading.cells import NO_YEAR, split, year
from forefend.sources.reading.placing import place_by_name

READ = ("member_state", "year", "date_paid", "as_of")
PAID = "un_assessment_paid"
ON_TIME, IN_FULL, NOT_IN_FULL = 2.0, 1.0, 0.0
# The assessment is due thirty days after the letter of the first days of January; the publisher closes the
# first part of its list in the second week of February at the latest.
LAST_ON_TIME = (2, 10)
WHOLE = 100  # states on a list that can be all; about 150 pay in full in a year


def read(files: Files) -> Parsed:
    """Read one list, of one year."""
    if len(files) != 1:
        raise UnexpectedData(f"The list of a year is one table, but {len(files)} files were given. Import them one by one.")
    ((name, path),) = files.items()
    frame = listed(path, name=name, read=READ)
    taken = day_of(frame, name=name)
    frame = place_by_name(frame, column="member_state").with_columns(in_year=year("year"), paid=day("date_paid"))
    good, rejected = split(
        frame,
        unusable=[
            (pl.col("iso3").is_null(), NOT_A_STATE),
            (pl.col("in_year").is_null(), NO_YEAR),
            (pl.col("paid").is_null(), NOT_A_DAY),
            (pl.struct("iso3", "in_year").is_first_distinct().not_(), "the state came before"),
        ],
        shown=list(READ),
    )
    years = good["in_year"].unique().to_list()
    if len(years) > 1 or any(number > taken.year for number in years):
        raise UnexpectedData(f"{name}: year must be one year, not after the day of the list. Give each year's list by itself.")
    if not years:
        return Parsed(
            tables={"observations": standing(good.select("row", "iso3", value=pl.lit(IN_FULL)), indicator=PAID, on=taken)},
            rejected=rejected,
        )
    of = years[0]
    on_time = pl.col("paid") <= date(of, *LAST_ON_TIME)
    paid = good.select("row", "iso3", value=pl.when(on_time).then(ON_TIME).otherwise(IN_FULL))
    is_whole = taken >= date(of, 12, 1) and good.height >= WHOLE
    missing = sorted(universe("un_members") - set(good["iso3"])) if is_whole else []
    rest = pl.DataFrame({"row": [None] * len(missing), "iso3": missing, "value": [NOT_IN_FULL] * len(missing)}, schema=paid.schema)
    until = min(taken, date(of, 12, 31))
    return Parsed(
        tables={"observations": standing(pl.concat([paid, rest]), indicator=PAID, on=until)},
        rejected=rejected,
        vintage=taken.isoformat(),
        published=taken,
        notes=() if is_whole else ("The list may not be whole, so a state that is not on it has no value.",),
    )
