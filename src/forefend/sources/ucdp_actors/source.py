"""UCDP by actor: years in which a government killed civilians, and deaths in fighting between communal groups.

Two lists of the actors and a count by dyad and month, each made from UCDP's data sets. A government is in the list of
one-sided actors for the years in which it killed at least 25 civilians on purpose, wherever it did. Of non-state
conflicts, those of organisation levels 2 (supporters of parties) and 3 (communal groups) are read: people who took up
arms for their own side; rebels and gangs (level 1) are not. A conflict that was fought in several states is rejected,
as its deaths cannot be placed. The lists of actors end with the last full release, as the count does.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import yaml

from forefend.errors import UnexpectedData
from forefend.places import resolve
from forefend.sources.contract import Files, Parsed, check_codes, check_columns, reject, unique_rows
from forefend.sources.families.listed import yearly
from forefend.sources.reading.cells import FIRST_YEAR, LAST_YEAR, split, whole_number, year
from forefend.sources.reading.placing import with_states
from forefend.sources.reading.tables import decoded, text_table
from forefend.sources.reading.unpacked import unpacked
from forefend.store.tables import OBSERVATIONS, REJECTED

ONE_SIDED, NON_STATE, BY_MONTH = "onesided.yaml", "nonstate.yaml", "dyad-month.csv"
GOVERNMENT, COMMUNAL = "ucdp_government_killed_civilians", "ucdp_communal_deaths"
OF = "Government of "
ACTOR = ("id", "name", "government", "region", "countries", "active_years")
CONFLICT = (
    "id", "conflict", "name", "side_a", "side_a_id", "side_b", "side_b_id", "organization_level", "region", "countries", "active_years",
)  # fmt: skip
COLUMNS = ("dyad_id", "type", "year", "month", "events", "deaths", "provisional")
COMMUNAL_LEVELS = (2, 3)
LEVELS = (1, *COMMUNAL_LEVELS)


def read(files: Files) -> Parsed:
    """Read the three files together."""
    paths = {name.removesuffix(".gz"): path for name, path in files.items()}
    if missing := sorted({ONE_SIDED, NON_STATE, BY_MONTH} - set(paths)):
        raise UnexpectedData(f"{', '.join(missing)} is missing. This source is three files: give them together.")
    governments = _governments(_records(paths[ONE_SIDED], name=ONE_SIDED, fields=ACTOR))
    conflicts = _conflicts(_records(paths[NON_STATE], name=NON_STATE, fields=CONFLICT))
    communal, rejected = _communal(paths[BY_MONTH], conflicts)
    return Parsed(tables={"observations": pl.concat([governments, communal])}, rejected=rejected)


def _records(path: Path, *, name: str, fields: tuple[str, ...]) -> list[dict[str, Any]]:
    try:
        held = yaml.safe_load(decoded(path.read_bytes(), name=name))
    except (yaml.YAMLError, ValueError, RecursionError):
        raise UnexpectedData(f"{name} is not a whole YAML file. Get it again.") from None
    if not isinstance(held, list) or not held or not all(isinstance(record, dict) for record in held):
        raise UnexpectedData(f"{name} holds no list of records. Get it again.")
    for number, record in enumerate(held, start=1):
        check_columns(map(str, record), read=fields, file=f"{name}, record {number}")
        lists = (record["active_years"], record["countries"])
        numbers = [one for part in lists for one in (part if isinstance(part, list) else [None])]
        if not _is_whole(record["id"]) or not all(map(_is_whole, numbers)):
            raise UnexpectedData(f"{name}, record {number}: id, active_years and countries must be whole numbers.")
        if not all(FIRST_YEAR <= one <= LAST_YEAR for one in record["active_years"]):
            raise UnexpectedData(f"{name}, record {number}: active_years has what is no year.")
    if len({record["id"] for record in held}) != len(held):
        raise UnexpectedData(f"{name} has an id twice. Get it again.")
    return held


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _governments(records: list[dict[str, Any]]) -> pl.DataFrame:
    """One row for every state and year in which its government is in the list; of several that acted together, for each."""
    found = []
    for row, record in enumerate(records, start=1):
        if not isinstance(record["government"], bool) or not isinstance(record["name"], str):
            raise UnexpectedData(f"{ONE_SIDED}, record {row}: government must be true or false, and name a text.")
        if record["government"]:
            names = [part.strip().removeprefix(OF) for part in record["name"].split(",")]
            found += [(row, resolve(name, publisher="ucdp"), one, 1.0) for name in names for one in record["active_years"]]
    frame = pl.DataFrame(found, schema={"row": pl.Int64, "iso3": pl.String, "year": pl.Int32, "value": pl.Float64}, orient="row")
    return yearly(frame.unique(["iso3", "year"], keep="first", maintain_order=True), indicator=GOVERNMENT)


def _conflicts(records: list[dict[str, Any]]) -> pl.DataFrame:
    """Conflicts by id: how organised their sides are, and the code of the state if it was fought in one."""
    for row, record in enumerate(records, start=1):
        if record["organization_level"] not in LEVELS:
            raise UnexpectedData(
                f"{NON_STATE}, record {row}: organization_level {record['organization_level']!r} is new to this connector."
            )
    rows = [
        (one["id"], one["organization_level"], one["countries"][0] if len(one["countries"]) == 1 else None, len(one["countries"]))
        for one in records
    ]
    return pl.DataFrame(rows, schema={"conflict": pl.Int64, "level": pl.Int64, "gwno": pl.Int64, "states": pl.Int64}, orient="row")


def _communal(path: Path, conflicts: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    name = path.name
    frame = text_table(unpacked(path), name=name)
    check_columns(frame.columns[1:], read=COLUMNS, file=name)
    check_codes(frame, column="type", known=("sb", "ns", "os"), file=name)
    check_codes(frame, column="provisional", known=("0", "1"), file=name)
    frame, again = unique_rows(frame, key=("dyad_id", "type", "year", "month", "provisional"), file=name)
    typed = frame.filter(pl.col("type") == "ns").with_columns(
        conflict=whole_number("dyad_id"), in_year=year("year"), in_month=whole_number("month"), people=whole_number("deaths")
    )
    told = typed.join(conflicts, on="conflict", how="left", maintain_order="left")
    good, rejected = split(
        told,
        unusable=[
            (pl.col("provisional") == "1", "provisional figure, not part of the yearly release"),
            (~pl.col("in_month").is_between(1, 12) | pl.any_horizontal(pl.col("conflict", "in_year", "people").is_null()), "no number"),
            (pl.col("level").is_null(), "a conflict that the list of non-state conflicts does not have"),
        ],
        shown=COLUMNS,
    )
    communal = good.filter(pl.col("level").is_in(COMMUNAL_LEVELS)).with_columns(start=pl.date("in_year", "in_month", 1))
    placed, scattered = split(communal, unusable=[(pl.col("gwno").is_null(), "fought in more than one state")], shown=COLUMNS)
    named = with_states(placed, column="gwno", scheme="gw", day="start")
    lost = reject(named.filter(pl.col("iso3").is_null()).select("row", *COLUMNS), reason="no state of today continues this one")
    left = pl.concat([REJECTED.to_frame(), again, rejected, scattered, lost]).sort("row")
    return _summed(named.filter(pl.col("iso3").is_not_null())), left


def _summed(frame: pl.DataFrame) -> pl.DataFrame:
    sums = frame.group_by("iso3", "start", maintain_order=True).agg(pl.col("row").min(), value=pl.col("people").sum().cast(pl.Float64))
    nothing = pl.lit(None, dtype=pl.Float64)
    rows = sums.select(
        "iso3", "start", "value", "row", indicator=pl.lit(COMMUNAL), end=pl.col("start").dt.month_end(), low=nothing, high=nothing
    )
    return rows.select(list(OBSERVATIONS)).cast(OBSERVATIONS).sort("iso3", "start")
