"""What a source is: a folder with ``source.yaml``, ``source.py`` and a ``sample.*``; nothing else names it.

``source.py`` defines ``read(files: Mapping[str, Path]) -> Parsed``: names of the publisher's files to
their paths, in; tidy tables and rejected rows, out. Reading is strict: a column neither read nor listed
in ``OUT_OF_SCOPE`` is an error with its name, an unexpected code is an error, and a row that cannot be
used is rejected with a reason, kept and counted, never dropped.

No source imports another. Readers of files, cells, places and dates are in ``reading``; what the sources of one
publisher or of one kind have in common is in ``families``; what every source owes its user is here.

A source of event-size data defines ``read(files, *, engine="duckdb")`` and counts with ``store.engine``.

A source that is fetched from an address also defines ``addresses(metadata) -> list[Download]``; without it
the single ``address`` of ``source.yaml`` is downloaded. One that needs pages, a form or a key defines
``collect(asking: Asking) -> list[Path]`` instead.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal

import polars as pl
from pydantic import BaseModel, ConfigDict, Field

from forefend.errors import UnexpectedData
from forefend.store.tables import REJECTED, TableName


class Expectations(BaseModel):
    """How much a good release holds; a release below is refused, so a cut-off file never replaces a whole one.

    ``shrink_share_at_most`` is how much smaller than the stored release a new one may be.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    rows_at_least: int = 1
    states_at_least: int = 1
    rejected_share_at_most: float = 0.05
    shrink_share_at_most: float = 0.1


class Metadata(BaseModel):
    """``source.yaml``, typed. ``licence`` and ``may_ship`` are the **publisher's**; a mirror's count for nothing.

    ``grade`` is the Admiralty reliability letter, with its reason. ``format_basis`` says whether the
    format was seen in a publisher's file or only read in its documentation. ``universe`` names the set of
    states the source covers; outside it, no row means nothing. ``indicators`` gives every subject that
    the source provides (indicator, channel, event or fact kind) its title. ``releases`` gives vintages the
    day by which they were out, for publishers that do not write it into their files. ``is_download`` is
    false where the publisher offers no such file to download, so that it can only be imported.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    title: str
    publisher: str
    address: str
    format: str
    licence: str
    licence_address: str = ""
    may_ship: bool
    may_ship_reason: str
    grade: Literal["A", "B", "C", "D", "E", "F"]
    grade_reason: str
    cadence: str
    citation: str
    format_basis: Literal["seen", "documented"]
    needs_key: bool = False
    is_download: bool = True
    universe: str = "un_members"
    months_behind: int | None = None
    priority: int = 0
    is_share_alike: bool = False
    expect: Expectations = Expectations()
    indicators: dict[str, str] = Field(default_factory=dict)
    releases: dict[str, date] = Field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Download:
    """One file to fetch: its name in the snapshot and the publisher's address."""

    name: str
    address: str


@dataclass(kw_only=True)
class Parsed:
    """What a connector read: tables in the columns of ``store.tables``, rejected rows, and the release's name.

    ``vintage`` and ``published`` are found in the files where the publisher writes them there; otherwise
    they stay empty and must be given when importing.
    """

    tables: dict[TableName, pl.DataFrame]
    rejected: pl.DataFrame = field(default_factory=REJECTED.to_frame)
    vintage: str = ""
    published: date | None = None
    notes: tuple[str, ...] = ()


def check_columns(
    found: Iterable[str], *, read: Iterable[str], out_of_scope: Iterable[str] = (), optional: Iterable[str] = (), file: str = ""
) -> None:
    """Refuse a table with columns nobody decided about, or without one that is read."""
    found, read = list(found), list(read)
    where = f" in {file}" if file else ""
    if missing := [name for name in read if name not in found]:
        raise UnexpectedData(
            f"Columns missing{where}: {_some(missing)}. Get the file from the publisher again; "
            "if its layout has changed, the connector must be updated."
        )
    unread = set(found) - set(read) - set(out_of_scope) - set(optional)
    if unread:
        raise UnexpectedData(
            f"Unread columns{where}: {_some(sorted(unread))}. The publisher's layout has changed; the connector must be updated."
        )


def _some(names: Sequence[str]) -> str:
    """Name the first few, each shortened, and how many more there are."""
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(name[:60] for name in names[:SHOWN]) + more


def check_codes(frame: pl.DataFrame, *, column: str, known: Iterable[Any], file: str = "") -> None:
    """Refuse a column that holds a code the connector does not know."""
    unknown = set(frame[column].unique().to_list()) - set(known)
    if unknown:
        shown = ", ".join(repr(value) for value in sorted(unknown, key=str)[:5])
        raise UnexpectedData(f"{column} has codes new to this connector{' in ' + file if file else ''}: {shown}.")


def reject(frame: pl.DataFrame, *, reason: str) -> pl.DataFrame:
    """Turn unusable rows (with a ``row`` column) into rejected rows with one reason."""
    content = [json.dumps(record, default=str, ensure_ascii=False) for record in frame.drop("row").iter_rows(named=True)]
    return pl.DataFrame({"row": frame["row"], "reason": [reason] * frame.height, "content": content}, schema=REJECTED)


def unique_rows(
    frame: pl.DataFrame, *, key: Iterable[str] = (), file: str = "", alike_at_most: float = 0.0
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Part a table (with a ``row`` column) into its records, each once, and the rejected repetitions of a whole record.

    Call it before summing or counting, while every column of the publisher is there: two records that differ only
    in what is not read are two. Raises UnexpectedData naming file, row and key where two different records share a
    ``key``. ``alike_at_most`` is the share of rows that the publisher itself writes alike and means apart; up to it
    they are kept.
    """
    columns = [column for column in frame.columns if column != "row"]
    is_first = _is_first(frame, columns)
    if 0 < frame.height - is_first.sum() <= alike_at_most * frame.height:
        return frame, REJECTED.to_frame()
    unique, again = frame.filter(is_first), frame.filter(~is_first)
    if key := list(key):
        clashing = unique.filter(~_is_first(unique, key))
        if clashing.height:
            named = ", ".join(f"{column} {clashing[column][0]!r}" for column in key)
            where = f"{file}, row" if file else "Row"
            raise UnexpectedData(
                f"{where} {clashing['row'][0]}: {named} came before with other values. Get the file from the publisher again."
            )
    return unique, reject(again, reason=TWICE)


def _is_first(frame: pl.DataFrame, columns: list[str]) -> pl.Series:
    """Tell the rows in which these columns hold what they hold in no row before."""
    if not columns or frame.is_empty():
        return pl.Series([True] * frame.height, dtype=pl.Boolean)
    return frame.select(pl.struct(columns).is_first_distinct()).to_series()


SHOWN = 8  # names in one message
TWICE = "the same record stands in the file twice"
Files = Mapping[str, Path]
