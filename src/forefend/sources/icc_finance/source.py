"""International Criminal Court: dues outstanding, and contributions to the Trust Fund for Victims, by state.

Two tables taken from the Court's documents: the status of contributions that goes to the Assembly of States Parties,
and the Trust Fund's list of contributions. Amounts are in euros.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl

from forefend.errors import UnexpectedData
from forefend.sources.contract import Files, Parsed, unique_rows
from forefend.sources.families.listed import NOT_A_STATE, day_of, listed, standing, yearly
from forefend.sources.reading.cells import NO_NUMBER, NO_YEAR, number, split, year
from forefend.sources.reading.placing import place_by_name

OUTSTANDING, TRUST_FUND = "icc_dues_outstanding_share", "icc_trust_fund_for_victims"
DUES = ("state_party", "assessed", "outstanding_prior_years", "outstanding_current_year", "as_of")
GIVEN = ("contributor", "year", "amount")
Read = tuple[pl.DataFrame, pl.DataFrame, date | None]


def read(files: Files) -> Parsed:
    """Read one or both tables."""
    if strange := sorted(set(files) - set(TABLES)):
        raise UnexpectedData(f"{', '.join(strange)}: the tables are called {', '.join(TABLES)}.")
    parts = [TABLES[name](path, name) for name, path in sorted(files.items())]
    taken = max((part[2] for part in parts if part[2]), default=None)
    return Parsed(
        tables={"observations": pl.concat(part[0] for part in parts)},
        rejected=pl.concat(part[1] for part in parts),
        vintage=taken.isoformat() if taken else "",
        published=taken,
    )


def _money(frame: pl.DataFrame, columns: tuple[str, ...]) -> pl.DataFrame:
    """Add each amount as a number; a dash is nothing owed."""
    plain = {f"plain_{column}": pl.col(column).str.replace_all(r"[,\s€]", "").replace("-", "0") for column in columns}
    return frame.with_columns(**plain).with_columns(**{f"n_{column}": number(f"plain_{column}") for column in columns})


def _dues(path: Path, name: str) -> Read:
    frame = listed(path, name=name, read=DUES)
    taken = day_of(frame, name=name)
    placed = _money(place_by_name(frame, column="state_party"), DUES[1:4])
    assessed, prior, current = (pl.col(f"n_{column}") for column in DUES[1:4])
    good, left = split(
        placed,
        unusable=[
            (pl.col("iso3").is_null(), NOT_A_STATE),
            (assessed.is_null() | prior.is_null() | current.is_null(), NO_NUMBER),
            ((assessed <= 0) | (prior < 0) | (current < 0), "nothing is assessed, or less than nothing is owed"),
            (~pl.col("iso3").is_first_distinct(), "the state came before"),
        ],
        shown=list(DUES),
    )
    return standing(good.with_columns(value=100 * (prior + current) / assessed), indicator=OUTSTANDING, on=taken), left, taken


def _trust_fund(path: Path, name: str) -> Read:
    frame, again = unique_rows(listed(path, name=name, read=GIVEN))
    placed = _money(place_by_name(frame, column="contributor"), ("amount",)).with_columns(in_year=year("year"))
    good, left = split(
        placed,
        unusable=[
            (pl.col("iso3").is_null(), NOT_A_STATE),
            (pl.col("in_year").is_null(), NO_YEAR),
            (pl.col("n_amount").is_null() | (pl.col("n_amount") < 0), NO_NUMBER),
        ],
        shown=list(GIVEN),
    )
    sums = good.group_by("iso3", "in_year", maintain_order=True).agg(pl.col("row").min(), value=pl.col("n_amount").sum())
    return yearly(sums.rename({"in_year": "year"}), indicator=TRUST_FUND), pl.concat([again, left]), None


TABLES: dict[str, Callable[[Path, str], Read]] = {"status_of_contributions.csv": _dues, "trust_fund_for_victims.csv": _trust_fund}
