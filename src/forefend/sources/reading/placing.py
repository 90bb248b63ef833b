"""Publishers' names and codes of states to ISO 3166 alpha-3, for whole columns at once, as of each row's day or year.

``with_states`` and ``with_named`` refuse what nobody knows; ``place_by_code`` and ``place_by_name`` leave it null, for
the rows to be rejected or to be refused by ``check_placed``.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from datetime import date

import polars as pl

from forefend.errors import AmbiguousPlace, HistoricalPlace, PlaceError, UnexpectedData
from forefend.places import from_code, resolve, states
from forefend.places.names import out_of_scope
from forefend.places.spelling import key


def with_states(frame: pl.DataFrame, *, column: str, scheme: str, day: str) -> pl.DataFrame:
    """Add ``iso3``, as a number can belong to different states at different times; rows keep their order.

    ``day`` names the column with the date. States that no state of today continues get null: reject those
    rows. Raises UnexpectedData for a code that belongs to no state.
    """
    pairs = frame.select(column, day).unique().sort(column, day)
    found = pl.Series([_of_code(code, scheme=scheme, on=on, column=column) for code, on in pairs.iter_rows()], dtype=pl.String)
    return frame.join(pairs.with_columns(iso3=found), on=[column, day], how="left", maintain_order="left")


def with_named(frame: pl.DataFrame, *, column: str, into: str, publisher: str = "", year: str = "", file: str = "") -> pl.DataFrame:
    """Add the code of the state that ``column`` names, as of ``year`` where one is given; rows keep their order.

    Null where the name is no state's for a written reason, or of a state that none of today's continues: reject
    those rows. Raises UnexpectedData for a name nobody knows.
    """
    keys = [column, year] if year else [column]
    pairs = frame.select(keys).unique().sort(keys)
    codes = [_of_name(str(row[0]), publisher=publisher, on=row[1] if year else None, file=file) if row[0] else None for row in pairs.rows()]
    found = pairs.with_columns(pl.Series(into, codes, dtype=pl.String))
    return frame.join(found, on=keys, how="left", maintain_order="left", nulls_equal=True)


def place_by_name(frame: pl.DataFrame, *, column: str, own: Mapping[str, str] | None = None, year: str = "") -> pl.DataFrame:
    """Add ``iso3`` by the states' names, null where a name is no state; ``own`` are this publisher's odd spellings."""

    def find(name: str, on: date | None) -> str | None:
        try:
            return (own or {}).get(name) or resolve(name, on=on)
        except PlaceError:
            return None

    return _placed(frame, column=column, year=year, find=find)


def place_by_code(frame: pl.DataFrame, *, column: str, scheme: str, year: str = "") -> pl.DataFrame:
    """Add ``iso3`` by codes of a scheme, null where no state of today has or continues the code."""

    def find(code: str, on: date | None) -> str | None:
        try:
            return from_code(code if scheme.startswith("alpha") else int(float(code)), scheme=scheme, on=on)
        except (PlaceError, ValueError, OverflowError):
            return None

    return _placed(frame, column=column, year=year, find=find)


def check_states(frame: pl.DataFrame, *, columns: Iterable[str], file: str) -> None:
    """Refuse ISO codes that are no state's; a blank is left to be rejected."""
    for column in columns:
        strange = set(frame[column].drop_nulls().unique()) - set(states())
        if strange:
            raise UnexpectedData(f"{column} has codes new to this connector in {file}: {', '.join(sorted(strange)[:5])}.")


def check_placed(frame: pl.DataFrame, *, column: str, name: str, not_states: Iterable[str] = ()) -> None:
    """Refuse a place that is neither a state nor one of the publisher's known places that are none."""
    unknown = frame.filter(pl.col("iso3").is_null() & ~pl.col(column).is_in(list(not_states)))
    if unknown.height:
        row, written = unknown.select("row", column).row(0)
        raise UnexpectedData(f"{name}, row {row}: {column} {str(written)[:60]!r} is new to this connector.")


def state_of_code(code: str, *, scheme: str, column: str, not_states: Container[str] = ()) -> str | None:
    """Return the state of one code, None for a blank or one that is no state; raises UnexpectedData for a code nobody knows."""
    if not code or code in not_states:
        return None
    try:
        return from_code(code, scheme=scheme)
    except PlaceError as refusal:
        raise UnexpectedData(f"{column} has a code new to this connector: {refusal}") from None


def _of_code(code: int, *, scheme: str, on: date, column: str) -> str | None:
    try:
        return from_code(code, scheme=scheme, on=on)
    except HistoricalPlace:
        return None
    except PlaceError as refusal:
        raise UnexpectedData(f"{column} has a code new to this connector: {refusal}") from None


def _of_name(name: str, *, publisher: str, on: int | None, file: str) -> str | None:
    if key(name) in out_of_scope("name"):
        return None
    try:
        return resolve(name, on=date(on, 12, 31) if on else None, publisher=publisher)
    except (HistoricalPlace, AmbiguousPlace):
        return None
    except PlaceError as refusal:
        where = f" in {file}" if file else ""
        raise UnexpectedData(f"A name is new to this connector{where}: {refusal}") from None


def _placed(frame: pl.DataFrame, *, column: str, year: str, find: object) -> pl.DataFrame:
    keys = [column, *([year] if year else [])]
    pairs = frame.select(keys).unique().sort(keys)
    found = [find(row[0], _midyear(row[1]) if year else None) if row[0] else None for row in pairs.iter_rows()]  # type: ignore[operator]
    pairs = pairs.with_columns(iso3=pl.Series(found, dtype=pl.String))
    return frame.join(pairs, on=keys, how="left", maintain_order="left", nulls_equal=True)


def _midyear(written: str) -> date | None:
    try:
        return date(int(float(written)), 7, 1)
    except (TypeError, ValueError, OverflowError):
        return None
