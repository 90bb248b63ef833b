"""Cases before the International Court of Justice under conventions on atrocity crimes: who brought them or intervened.

Taken from the Court's list of cases: a row for each state and case. A state with no row has no value, as the table
is of those who acted, not of all.
"""

from __future__ import annotations

import polars as pl

from forefend.errors import UnexpectedData
from forefend.sources.contract import Files, Parsed, check_codes
from forefend.sources.families.listed import NOT_A_DAY, NOT_A_STATE, day, day_of, listed, standing
from forefend.sources.reading.cells import split
from forefend.sources.reading.placing import place_by_name

CASES = "icj_atrocity_cases"
READ = ("state", "case", "role", "instrument", "date", "as_of")
APPLICANT, INTERVENER, RESPONDENT = "applicant", "intervener", "respondent"
# Conventions whose application the question asks about; any other instrument is written as other.
INSTRUMENTS = ("genocide", "torture", "racial discrimination")
OTHER = "other"
YEARS = 10  # of cases that are counted, up to the day of the list


def read(files: Files) -> Parsed:
    """Read one list; a state counts once a case, whatever it filed in it."""
    if len(files) != 1:
        raise UnexpectedData(f"The cases are one table, but {len(files)} files were given. Import them one by one.")
    ((name, path),) = files.items()
    frame = listed(path, name=name, read=READ)
    taken = day_of(frame, name=name)
    frame = frame.with_columns(pl.col("role", "instrument").str.to_lowercase())
    check_codes(frame, column="role", known=(APPLICANT, INTERVENER, RESPONDENT), file=name)
    check_codes(frame, column="instrument", known=(*INSTRUMENTS, OTHER), file=name)
    placed = place_by_name(frame, column="state").with_columns(filed=day("date"))
    good, rejected = split(
        placed,
        unusable=[
            (pl.col("iso3").is_null(), NOT_A_STATE),
            (pl.col("case") == "", "no case is named"),
            (pl.col("filed").is_null(), NOT_A_DAY),
            (pl.col("filed") > taken, "filed after the day of the list"),
            (pl.struct("iso3", "case", "role").is_first_distinct().not_(), "the state came before in this case"),
        ],
        shown=list(READ),
    )
    is_counted = (
        pl.col("role").is_in([APPLICANT, INTERVENER])
        & pl.col("instrument").is_in(INSTRUMENTS)
        & (pl.col("filed").dt.year() > taken.year - YEARS)
    )
    sums = good.group_by("iso3", maintain_order=True).agg(
        pl.col("row").min(), value=pl.col("case").filter(is_counted).n_unique().cast(pl.Float64)
    )
    return Parsed(
        tables={"observations": standing(sums, indicator=CASES, on=taken)},
        rejected=rejected,
        vintage=taken.isoformat(),
        published=taken,
    )
