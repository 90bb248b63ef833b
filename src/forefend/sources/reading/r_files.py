"""Files of the R language (.rda, .rds) as tables, without running anything in them."""

from __future__ import annotations

import bz2
import gzip
import lzma
import struct
import warnings
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl

from forefend.errors import SourceError, UnexpectedData

LARGEST_BYTES = 600_000_000
BLOCK = 1 << 20
OPENERS: dict[bytes, Callable[..., Any]] = {b"\x1f\x8b": gzip.open, b"BZ": bz2.open, b"\xfd7": lzma.open}
DAMAGE = (
    ValueError, LookupError, EOFError, OSError, NotImplementedError, TypeError, AttributeError, AssertionError, OverflowError,
    RecursionError, struct.error, zlib.error, lzma.LZMAError,
)  # fmt: skip


def read_r(path: Path, *, name: str) -> pl.DataFrame:
    """Return the one table in an R file, every column as text or number, with the number of each ``row``.

    Raises UnexpectedData for a damaged file, one that unpacks to more than ``LARGEST_BYTES``, or one that does
    not hold one table.
    """
    try:
        import rdata
    except ModuleNotFoundError:
        raise SourceError("Reading R files needs the extra ml. Install it with: pip install 'forefend[ml]'") from None
    try:
        _check_size(path, name=name)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # classes of R that do not matter for a table
            found = rdata.read_rds(path) if path.suffix.lower() == ".rds" else rdata.read_rda(path)
    except DAMAGE as error:
        raise UnexpectedData(f"{name} is not a whole R file ({type(error).__name__}). Get it from the publisher again.") from None
    tables = [table for table in (found.values() if isinstance(found, dict) else [found]) if hasattr(table, "columns")]
    if len(tables) != 1:
        raise UnexpectedData(f"{name} holds {len(tables)} tables, not one. Get the file from the publisher again.")
    frame = pl.DataFrame({str(column): _column(tables[0][column]) for column in tables[0].columns})
    return frame.with_row_index("row", offset=1).with_columns(pl.col("row").cast(pl.Int64))


def _column(values: Any) -> pl.Series:
    """Numbers as they are, with null for not-a-number; anything else as text."""
    if values.dtype.kind in "fiu":
        return pl.Series(values.to_numpy().astype("float64")).fill_nan(None)
    missing = values.isna().to_list()
    return pl.Series([None if gone else str(value) for value, gone in zip(values.to_list(), missing, strict=True)], dtype=pl.String)


def _check_size(path: Path, *, name: str) -> None:
    with path.open("rb") as stream:
        opener = OPENERS.get(stream.read(2))
    if opener is None:
        return
    total = 0
    with opener(path, "rb") as unpacked:
        while block := unpacked.read(BLOCK):
            total += len(block)
            if total > LARGEST_BYTES:
                raise UnexpectedData(f"{name} unpacks to more than {LARGEST_BYTES:,} bytes. It is not what the publisher offers.")
