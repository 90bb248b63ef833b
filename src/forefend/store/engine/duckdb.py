"""DuckDB: in this process, on all files at once, spilling to disk where memory ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb
import ibis
import ibis.expr.types as ir
import polars as pl

from forefend.errors import StoreError
from forefend.store.engine.engine import Engine


@contextmanager
def connected(name: str, *, memory_gb: float, threads: int, spill: Path) -> Iterator[Engine]:
    """Open DuckDB in memory; no extension is loaded or downloaded."""
    backend = ibis.duckdb.connect(
        memory_limit=f"{memory_gb:g}GB",
        threads=threads,
        temp_directory=str(spill),
        preserve_insertion_order=False,  # lets an aggregation stream; order is asked for where it matters
        autoinstall_known_extensions=False,
        autoload_known_extensions=False,
    )

    def read(paths: Sequence[Path]) -> ir.Table:
        try:
            return backend.read_parquet([str(path) for path in paths])
        except duckdb.Error as error:
            raise _refusal(error) from None

    def collect(expression: ir.Table) -> pl.DataFrame:
        try:
            return pl.DataFrame(pl.from_arrow(backend.to_pyarrow(expression)))
        except duckdb.Error as error:
            raise _refusal(error) from None

    try:
        yield Engine(name=name, read=read, collect=collect)
    finally:
        backend.disconnect()


def _refusal(error: duckdb.Error) -> StoreError:
    return StoreError(
        f"DuckDB could not answer: {str(error).splitlines()[0].rstrip('.')}. Check the files, and the space for temporary files."
    )
