"""UCDP events by country, as the Humanitarian Data Exchange publishes them: one csv a country.

Known oddities: the second line is a row of HXL tags in some files and missing in others; the columns stand in
another order than in the download centre's file, some are left out, and ``iso3`` is added. A file does not say
which release it was cut from, so that events and series have names of their own: a country's file must never
stand for the world. Import all countries' files together; a later import replaces an earlier one.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from forefend.errors import UnexpectedData
from forefend.sources.contract import Files, Parsed, check_columns
from forefend.sources.families.ucdp_events import OUT_OF_SCOPE, READ, events_of, months_of
from forefend.sources.reading.tables import text_table, without_tags
from forefend.sources.reading.unpacked import unpacked

ADDED = {"iso3", "start_year", "end_year"}  # by the exchange; the state is read from country_id, as everywhere
LIMIT = 500_000_000


def read(files: Files) -> Parsed:
    """Read the files of one or more countries as one."""
    if not files:
        raise UnexpectedData("No file was given. Give the files of one or more countries.")
    raw = pl.concat([_table(name, path) for name, path in sorted(files.items())])
    found = events_of(raw, file=", ".join(sorted(files)), kinds="hdx_")
    return Parsed(tables={"events": found.events, "observations": months_of(found.events, name="ucdp_hdx_{}")}, rejected=found.rejected)


def _table(name: str, path: Path) -> pl.DataFrame:
    frame = without_tags(text_table(unpacked(path, limit=LIMIT), name=name))
    check_columns(frame.columns[1:], read=READ, out_of_scope=OUT_OF_SCOPE | ADDED, file=name)
    return frame.select("row", *(pl.col(column).replace("", None) for column in READ))
