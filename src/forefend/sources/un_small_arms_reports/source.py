"""National reports on the UN Programme of Action on small arms: what states say of how they keep weapons.

Taken from the reports on the publisher's site: a row for each state and reporting year, with its answers of yes or
no. They are the state's own word, and a state that did not report has no value.
"""

from __future__ import annotations

import polars as pl

from forefend.errors import UnexpectedData
from forefend.sources.contract import Files, Parsed, check_codes
from forefend.sources.families.listed import NOT_A_STATE, listed, yearly
from forefend.sources.reading.cells import NO_YEAR, split, year
from forefend.sources.reading.placing import place_by_name

ANSWERS = {"record_keeping": "poa_record_keeping", "stockpile_standards": "poa_stockpile_standards"}
READ = ("state", "year", *ANSWERS)
VALUES = {"yes": 1.0, "no": 0.0, "": None}
FIRST_YEAR = 2002  # of reports; the Programme is of 2001


def read(files: Files) -> Parsed:
    """Read one table of any number of years."""
    if len(files) != 1:
        raise UnexpectedData(f"The reports are one table, but {len(files)} files were given. Import them one by one.")
    ((name, path),) = files.items()
    frame = listed(path, name=name, read=READ).with_columns(pl.col(*ANSWERS).str.to_lowercase())
    for question in ANSWERS:
        check_codes(frame, column=question, known=VALUES, file=name)
    frame = place_by_name(frame, column="state").with_columns(in_year=year("year"))
    good, rejected = split(
        frame,
        unusable=[
            (pl.col("iso3").is_null(), NOT_A_STATE),
            (pl.col("in_year").is_null() | (pl.col("in_year") < FIRST_YEAR), NO_YEAR),
            (pl.struct("iso3", "in_year").is_first_distinct().not_(), "a second report of the same state and year"),
        ],
        shown=list(READ),
    )
    rows = good.drop("year").rename({"in_year": "year"})
    parts = []
    for question, indicator in ANSWERS.items():
        answered = rows.with_columns(value=pl.col(question).replace_strict(VALUES, return_dtype=pl.Float64))
        parts.append(yearly(answered.filter(pl.col("value").is_not_null()), indicator=indicator))
    return Parsed(tables={"observations": pl.concat(parts)}, rejected=rejected)
