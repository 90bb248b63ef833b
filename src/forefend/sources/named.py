"""Publishers' names of states to ISO 3166 alpha-3, for whole columns at once, as of each row's year."""

from __future__ import annotations

from datetime import date

import polars as pl

from forefend.errors import AmbiguousPlace, HistoricalPlace, PlaceError, UnexpectedData
from forefend.places import resolve
from forefend.places.names import out_of_scope
from forefend.places.spelling import key


def with_named(frame: pl.DataFrame, *, column: str, into: str, publisher: str = "", year: str = "", file: str = "") -> pl.DataFrame:
    """Add the code of the state that ``column`` names, as of ``year`` where one is given; rows keep their order.

    Null where the name is no state's for a written reason, or of a state that none of today's continues: reject
    those rows. Raises UnexpectedData for a name nobody knows.
    """
    keys = [column, year] if year else [column]
    pairs = frame.select(keys).unique().sort(keys)
    codes = [_state(str(row[0]), publisher=publisher, on=row[1] if year else None, file=file) if row[0] else None for row in pairs.rows()]
    found = pairs.with_columns(pl.Series(into, codes, dtype=pl.String))
    return frame.join(found, on=keys, how="left", maintain_order="left", nulls_equal=True)


def _state(name: str, *, publisher: str, on: int | None, file: str) -> str | None:
    if key(name) in out_of_scope("name"):
        return None
    try:
        return resolve(name, on=date(on, 12, 31) if on else None, publisher=publisher)
    except (HistoricalPlace, AmbiguousPlace):
        return None
    except PlaceError as refusal:
        where = f" in {file}" if file else ""
        raise UnexpectedData(f"A name is new to this connector{where}: {refusal}") from None
