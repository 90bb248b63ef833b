"""The register: hand-kept facts behind windows of opportunity and pre-fill, one csv for each kind.

Each row says how far it was ``checked``; that and a trailing ``(unverified)`` in a status are kept as
written. Dates have the precision of a day, a month or a year. The README gives the state of knowledge,
which names the release.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from forefend.errors import UnexpectedData
from forefend.places import states
from forefend.sources.contract import Files, Parsed, check_codes, check_columns, reject, unique_rows
from forefend.sources.reading.dates import first_day, is_misdated, last_day

CHECKED = ("confirmed from a stored page", "from knowledge", "projected by rule")
MISDATED = "a date is not written as a day, a month or a year"
PRECISION = ("day", "month", "year", "by", None)
STATE_OF_KNOWLEDGE = re.compile(r"State of knowledge: (\d{4}-\d{2}-\d{2})")


@dataclass(frozen=True, kw_only=True)
class Table:
    """One file of the register: its columns, those that hold dates, and how a row becomes a fact.

    ``separator`` splits ``iso3`` where one row is about several states.
    """

    columns: tuple[str, ...]
    dates: tuple[str, ...]
    facts: Callable[[pl.DataFrame], list[pl.DataFrame]]
    separator: str = ""


def read(files: Files) -> Parsed:
    """Read the register's files; the release is named by the state of knowledge its README gives."""
    facts: list[pl.DataFrame] = []
    rejected: list[pl.DataFrame] = []
    day = None
    for name, path in sorted(files.items()):
        if name.lower() == "readme.md":
            day = _state_of_knowledge(path)
            continue
        usable, refused = _read_table(path, name=name, table=_table(name))
        facts += usable
        rejected.append(refused)
    if not facts:
        raise UnexpectedData("None of the files is part of the register. Give its csv files with their README.")
    return Parsed(tables={"facts": pl.concat(facts)}, rejected=pl.concat(rejected), vintage=day.isoformat() if day else "", published=day)


def _state_of_knowledge(path: Path) -> date | None:
    found = STATE_OF_KNOWLEDGE.search(path.read_text(encoding="utf-8"))
    return date.fromisoformat(found[1]) if found else None


def _table(name: str) -> Table:
    for pattern, table in TABLES.items():
        if re.fullmatch(pattern, name):
            return table
    raise UnexpectedData(f"{name} is not a file of the register. Give the register's csv files with their README.")


def _read_table(path: Path, *, name: str, table: Table) -> tuple[list[pl.DataFrame], pl.DataFrame]:
    raw = pl.read_csv(path, infer_schema=False, encoding="utf8")
    check_columns(raw.columns, read=table.columns, file=name)
    numbered = raw.with_row_index("row", offset=1).with_columns(pl.col("row").cast(pl.Int64))
    check_codes(numbered, column="checked", known=CHECKED, file=name)
    if "precision" in table.columns:
        check_codes(numbered, column="precision", known=PRECISION, file=name)
    numbered, again = unique_rows(numbered)
    misdated = numbered.filter(is_misdated(*table.dates))
    rows = numbered.join(misdated, on="row", how="anti", maintain_order="left")
    if table.separator:
        rows = rows.with_columns(pl.col("iso3").str.split(table.separator)).explode("iso3")
    if "iso3" in table.columns:
        check_codes(rows, column="iso3", known=(*states(), None) if table.separator else states(), file=name)
    facts = [part.with_columns(pl.lit(None, pl.String).alias("iso3")) if "iso3" not in part.columns else part for part in table.facts(rows)]
    return [part.select(COLUMNS) for part in facts], pl.concat([again, reject(misdated, reason=MISDATED)])


COLUMNS = ("iso3", "kind", "key", "status", "start", "end", "date_text", "checked", "cited", "note", "row")


def _note(*parts: str | pl.Expr) -> pl.Expr:
    """Join what a row says besides, in the words of the file; parts without content are left out."""
    return pl.concat_str([pl.col(part) if isinstance(part, str) else part for part in parts], separator="; ", ignore_nulls=True)


def _kind(name: str) -> pl.Expr:
    return pl.lit(name).alias("kind")


def _commitments(rows: pl.DataFrame) -> list[pl.DataFrame]:
    """A commitment holds from its date on, so it has no end."""
    return [
        rows.with_columns(
            _kind("commitment"),
            key="commitment",
            start=first_day("date"),
            end=pl.lit(None, pl.Date),
            date_text="date",
            cited="source",
        )
    ]


def _memberships(rows: pl.DataFrame) -> list[pl.DataFrame]:
    return [
        rows.with_columns(
            _kind("membership"),
            key="organisation",
            start=first_day("start"),
            end=last_day("end"),
            date_text=pl.concat_str("start", pl.lit("/") + pl.col("end"), ignore_nulls=True).replace("", None),
            cited="source",
        )
    ]


def _mandates(rows: pl.DataFrame) -> list[pl.DataFrame]:
    """The mandate as adopted, and apart from it the expiry that its rule of renewal would give next."""
    mandates = rows.with_columns(
        _kind("mandate"),
        key="mandate",
        start=first_day("adopted"),
        end=last_day("expiry"),
        date_text="expiry",
        cited="source",
        note=_note("type", "body", "last_resolution", "renewal_rule", "note"),
    )
    renewals = rows.filter(pl.col("projected_next_expiry").is_not_null()).with_columns(
        _kind("mandate_renewal"),
        key="mandate",
        start=first_day("projected_next_expiry"),
        end=last_day("projected_next_expiry"),
        date_text="projected_next_expiry",
        checked=pl.lit("projected by rule"),
        cited="source",
        note=_note("type", "body", "renewal_rule"),
    )
    return [mandates, renewals]


def _elections(rows: pl.DataFrame) -> list[pl.DataFrame]:
    before = pl.when(pl.col("precision") == "by").then(pl.lit("by ") + pl.col("date")).otherwise(pl.col("date"))
    return [
        rows.with_columns(
            _kind("election"),
            key="type",
            status="certainty",
            start=first_day("date"),
            end=last_day("date"),
            date_text=before,
            cited="source",
            note=_note("vote", pl.lit("last held ") + pl.col("last_date"), pl.lit("term in years: ") + pl.col("term_years"), "note"),
        )
    ]


def _reviews(rows: pl.DataFrame) -> list[pl.DataFrame]:
    """The day of the review where the register has one, else the days of its session."""
    earlier = [
        pl.format("cycle {}: session {}, {}", pl.lit(cycle), f"cycle{cycle}_session", f"cycle{cycle}_month") for cycle in ("3", "2", "1")
    ]
    return [
        rows.with_columns(
            _kind("review"),
            key=pl.lit("upr"),
            start=pl.coalesce(first_day("review_date"), first_day("session_start")),
            end=pl.coalesce(last_day("review_date"), last_day("session_end")),
            date_text=pl.coalesce("review_date", "month"),
            cited="source",
            note=_note(
                pl.lit("session ") + pl.col("session"),
                pl.lit("place in the session: ") + pl.col("order_in_session"),
                pl.lit("day: ") + pl.col("date_basis"),
                pl.lit("order: ") + pl.col("order_basis"),
                *earlier,
                "note",
            ),
        )
    ]


def _sessions(rows: pl.DataFrame) -> list[pl.DataFrame]:
    return [
        rows.with_columns(
            _kind("session"),
            key=pl.col("body").str.to_lowercase().str.replace("-", "_"),
            status="session",
            start=first_day("start"),
            end=last_day("end"),
            date_text=pl.concat_str("start", "end", separator="/"),
            cited="source",
        )
    ]


def _presidencies(rows: pl.DataFrame) -> list[pl.DataFrame]:
    return [
        rows.with_columns(
            _kind("presidency"),
            key=pl.lit("unsc"),
            status=pl.lit("president"),
            start=first_day("month"),
            end=last_day("month"),
            date_text="month",
            cited="source",
            note=_note("member", pl.lit("term ends ") + pl.col("term_ends")),
        )
    ]


def _treaty_bodies(rows: pl.DataFrame) -> list[pl.DataFrame]:
    return [
        rows.with_columns(
            _kind("treaty_body_session"),
            key="committee",
            status="session",
            start=first_day("month"),
            end=last_day("month"),
            date_text="month",
            cited="source",
            note=_note("name", "period", pl.lit("states under review: ") + pl.col("states_under_review"), "note"),
        )
    ]


SHARED = ("checked", "source", "note")
TABLES: dict[str, Table] = {
    r"commitments\.csv": Table(columns=("iso3", "commitment", "status", "date", *SHARED), dates=("date",), facts=_commitments),
    r"memberships(_\d{4})?\.csv": Table(
        columns=("iso3", "organisation", "status", "start", "end", *SHARED), dates=("start", "end"), facts=_memberships
    ),
    r"mandates\.csv": Table(
        columns=(
            *("mandate", "iso3", "type", "body", "last_resolution", "adopted", "expiry", "projected_next_expiry", "renewal_rule", "status"),
            *SHARED,
        ),
        dates=("adopted", "expiry", "projected_next_expiry"),
        facts=_mandates,
        separator=";",
    ),
    r"elections\.csv": Table(
        columns=("iso3", "type", "vote", "date", "precision", "certainty", "in_window", "last_date", "term_years", *SHARED),
        dates=("date", "last_date"),
        facts=_elections,
    ),
    r"upr_cycle\d\.csv": Table(
        columns=(
            *("iso3", "session", "order_in_session", "month", "session_start", "session_end", "review_date", "date_basis", "order_basis"),
            *("status", "cycle3_session", "cycle3_month", "cycle2_session", "cycle2_month", "cycle1_session", "cycle1_month"),
            *SHARED,
        ),
        dates=("month", "session_start", "session_end", "review_date"),
        facts=_reviews,
    ),
    r"hrc_sessions\.csv": Table(columns=("body", "session", "start", "end", *SHARED), dates=("start", "end"), facts=_sessions),
    r"unsc_presidency\.csv": Table(
        columns=("month", "iso3", "member", "term_ends", "checked", "source"), dates=("month", "term_ends"), facts=_presidencies
    ),
    r"treaty_body_reviews\.csv": Table(
        columns=("committee", "name", "year", "month", "period", "session", "states_under_review", *SHARED),
        dates=("month",),
        facts=_treaty_bodies,
    ),
}
