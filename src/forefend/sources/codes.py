"""Publishers' codes of states to ISO 3166 alpha-3, for whole tables at once."""

from __future__ import annotations

from datetime import date

import polars as pl

from forefend.errors import HistoricalPlace, PlaceError, UnexpectedData
from forefend.places import from_code


def with_states(frame: pl.DataFrame, *, column: str, scheme: str, day: str) -> pl.DataFrame:
    """Add ``iso3``, as a number can belong to different states at different times; rows keep their order.

    ``day`` names the column with the date. States that no state of today continues get null: reject those
    rows. Raises UnexpectedData for a code that belongs to no state.
    """
    pairs = frame.select(column, day).unique().sort(column, day)
    found = pl.Series([_state(code, scheme=scheme, on=on, column=column) for code, on in pairs.iter_rows()], dtype=pl.String)
    return frame.join(pairs.with_columns(iso3=found), on=[column, day], how="left", maintain_order="left")


def _state(code: int, *, scheme: str, on: date, column: str) -> str | None:
    try:
        return from_code(code, scheme=scheme, on=on)
    except HistoricalPlace:
        return None
    except PlaceError as refusal:
        raise UnexpectedData(f"{column} has a code new to this connector: {refusal}") from None
