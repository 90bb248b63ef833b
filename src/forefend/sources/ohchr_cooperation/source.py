"""Cooperation with human rights mechanisms (OHCHR): standing invitations, country visits, overdue reports.

Three tables taken from the publisher's pages, each under its own name. The list of overdue reports also names the
states that owe none, with an empty treaty; a state that is on no list has no value.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl

from forefend.errors import UnexpectedData
from forefend.sources.contract import Files, Parsed, check_codes
from forefend.sources.families.listed import NOT_A_DAY, NOT_A_STATE, day, day_of, listed, standing
from forefend.sources.reading.cells import split
from forefend.sources.reading.placing import place_by_name

INVITATION, OVERDUE, VISITS = "ohchr_standing_invitation", "ohchr_overdue_reports", "ohchr_visits_completed"
# How the publisher's page of visits calls their state; only completed ones are counted.
COMPLETED = "completed"
STATUSES = (COMPLETED, "agreed upon", "agreed in principle", "requested", "reminder", "postponed", "cancelled", "upcoming", "no response")
TREATIES = ("", "CCPR", "CESCR", "CERD", "CEDAW", "CAT", "CRC", "CRC-OP-AC", "CRC-OP-SC", "CMW", "CRPD", "CED")
YEARS = 5  # of visits that are counted, up to the day of the list
Read = tuple[pl.DataFrame, pl.DataFrame, str]


def read(files: Files) -> Parsed:
    """Read one, two or all three tables; they are called by the newest of their days."""
    if strange := sorted(set(files) - set(TABLES)):
        raise UnexpectedData(f"{', '.join(strange)}: the tables are called {', '.join(TABLES)}.")
    parts = [TABLES[name](path, name) for name, path in sorted(files.items())]
    return Parsed(
        tables={"observations": pl.concat(part[0] for part in parts)},
        rejected=pl.concat(part[1] for part in parts),
        vintage=max(part[2] for part in parts),
    )


def _invitations(path: Path, name: str) -> Read:
    frame = listed(path, name=name, read=("state", "date_extended", "as_of"))
    taken = day_of(frame, name=name)
    placed = place_by_name(frame, column="state").with_columns(since=day("date_extended"))
    good, left = split(
        placed,
        unusable=[
            (pl.col("iso3").is_null(), NOT_A_STATE),
            (pl.col("since").is_null(), NOT_A_DAY),
            (pl.col("since") > taken, "extended after the day of the list"),
            (~pl.col("iso3").is_first_distinct(), "the state came before"),
        ],
        shown=["state", "date_extended"],
    )
    return standing(good.with_columns(value=pl.lit(1.0)), indicator=INVITATION, on=taken), left, taken.isoformat()


def _overdue(path: Path, name: str) -> Read:
    frame = listed(path, name=name, read=("state", "treaty", "due_date", "as_of"))
    taken = day_of(frame, name=name)
    check_codes(frame, column="treaty", known=TREATIES, file=name)
    placed = place_by_name(frame, column="state").with_columns(due=day("due_date"), owes=pl.col("treaty") != "")
    good, left = split(
        placed,
        unusable=[
            (pl.col("iso3").is_null(), NOT_A_STATE),
            (pl.col("owes") & pl.col("due").is_null(), NOT_A_DAY),
            (pl.col("owes") & (pl.col("due") > taken), "due after the day of the list"),
            (pl.struct("iso3", "treaty", "due_date").is_first_distinct().not_(), "the same report came before"),
        ],
        shown=["state", "treaty", "due_date"],
    )
    sums = good.group_by("iso3", maintain_order=True).agg(pl.col("row").min(), value=pl.col("owes").sum().cast(pl.Float64))
    return standing(sums, indicator=OVERDUE, on=taken), left, taken.isoformat()


def _visits(path: Path, name: str) -> Read:
    frame = listed(path, name=name, read=("state", "mandate", "status", "visit_date", "as_of"))
    taken = day_of(frame, name=name)
    frame = frame.with_columns(pl.col("status").str.to_lowercase())
    check_codes(frame, column="status", known=STATUSES, file=name)
    is_completed = pl.col("status") == COMPLETED
    placed = place_by_name(frame, column="state").with_columns(on=day("visit_date"))
    good, left = split(
        placed,
        unusable=[
            (pl.col("iso3").is_null(), NOT_A_STATE),
            (is_completed & pl.col("on").is_null(), NOT_A_DAY),
            (is_completed & (pl.col("on") > taken), "completed after the day of the list"),
            (pl.struct("iso3", "mandate", "status", "visit_date").is_first_distinct().not_(), "the same visit came before"),
        ],
        shown=["state", "mandate", "status", "visit_date"],
    )
    counted = is_completed & (pl.col("on").dt.year() > taken.year - YEARS)
    sums = good.group_by("iso3", maintain_order=True).agg(pl.col("row").min(), value=counted.sum().cast(pl.Float64))
    return standing(sums, indicator=VISITS, on=taken), left, taken.isoformat()


TABLES: dict[str, Callable[[Path, str], Read]] = {
    "standing_invitations.csv": _invitations,
    "overdue_reports.csv": _overdue,
    "country_visits.csv": _visits,
}
