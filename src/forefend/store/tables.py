"""The four tidy tables every source is turned into, and what each column holds.

* ``observations``: one measured value of one state over one period.
* ``events``: one dated incident.
* ``ties``: one state's hold on another (``from_iso3`` holds it, ``to_iso3`` feels it) in one channel.
* ``facts``: one dated statement about a state (a treaty status, a membership, a vote, an election).

``row`` is the line of the publisher's file (1 = first data row) that the row was read from, so that any
number can be walked back to it. ``snapshot_id`` is added when the table is stored.
"""

from __future__ import annotations

from typing import Literal

import polars as pl

TableName = Literal["observations", "events", "ties", "facts"]

OBSERVATIONS = pl.Schema(
    {
        "iso3": pl.String,
        "indicator": pl.String,
        "start": pl.Date,  # first day of the period measured
        "end": pl.Date,  # last day of the period measured
        "value": pl.Float64,
        "low": pl.Float64,  # the publisher's own lower bound, null where none is published
        "high": pl.Float64,
        "row": pl.Int64,
    }
)
EVENTS = pl.Schema(
    {
        "event_id": pl.String,
        "iso3": pl.String,
        "start": pl.Date,
        "end": pl.Date,
        "kind": pl.String,  # sb, ns, os: state-based, non-state, one-sided
        "deaths_best": pl.Int64,
        "deaths_low": pl.Int64,
        "deaths_high": pl.Int64,
        "deaths_civilians": pl.Int64,
        "actor_a": pl.String,
        "actor_b": pl.String,
        "latitude": pl.Float64,
        "longitude": pl.Float64,
        "row": pl.Int64,
    }
)
TIES = pl.Schema(
    {
        "channel": pl.String,
        "from_iso3": pl.String,
        "to_iso3": pl.String,
        "start": pl.Date,
        "end": pl.Date,
        "value": pl.Float64,
        "unit": pl.String,
        "row": pl.Int64,
    }
)
FACTS = pl.Schema(
    {
        "iso3": pl.String,
        "kind": pl.String,  # commitment, membership, treaty, mandate, election, presidency, review, vote, ...
        "key": pl.String,  # which one: rome_statute, ECOWAS, MINUSMA, presidential, A/RES/75/277, ...
        "status": pl.String,  # in the publisher's words; "(unverified)" stays in it
        "start": pl.Date,
        "end": pl.Date,
        "date_text": pl.String,  # the date as written, with its precision (2027, 2027-08, 2027-08-13)
        "checked": pl.String,  # how far the row was verified, as the register says it
        "cited": pl.String,  # where the row says it comes from
        "note": pl.String,
        "row": pl.Int64,
    }
)
REJECTED = pl.Schema({"row": pl.Int64, "reason": pl.String, "content": pl.String})

SCHEMAS: dict[TableName, pl.Schema] = {"observations": OBSERVATIONS, "events": EVENTS, "ties": TIES, "facts": FACTS}

# The column that says what a row is about; a snapshot's contents are listed by it.
SUBJECT: dict[TableName, str] = {"observations": "indicator", "events": "kind", "ties": "channel", "facts": "kind"}


def empty(table: TableName) -> pl.DataFrame:
    """Return the table with its columns and no rows."""
    return SCHEMAS[table].to_frame()


def conform(frame: pl.DataFrame, *, table: TableName) -> pl.DataFrame:
    """Put columns in order, fill the optional ones with null, and cast strictly.

    Raises polars.exceptions.PolarsError when a value does not fit its column.
    """
    schema = SCHEMAS[table]
    missing = [pl.lit(None).alias(name) for name in schema if name not in frame.columns]
    return frame.with_columns(missing).select(pl.col(name).cast(kind) for name, kind in schema.items())
