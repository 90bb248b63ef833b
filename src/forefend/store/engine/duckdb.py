"""DuckDB: in this process, on all files at once, spilling to disk where memory ends."""

from __future__ import annotations

import glob
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb
import ibis
import ibis.expr.types as ir
import polars as pl

from forefend.errors import StoreError
from forefend.store.engine.engine import Engine, rows_of, sql_of


@contextmanager
def connected(name: str, *, memory_gb: float, threads: int, spill: Path) -> Iterator[Engine]:
    """Open DuckDB in memory; no extension is loaded or downloaded."""
    connection = duckdb.connect(
        config={
            "memory_limit": f"{round(memory_gb * 1000)}MB",
            "threads": threads,
            "temp_directory": str(spill),
            "preserve_insertion_order": False,  # lets an aggregation stream; order is asked for where it matters
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
    )

    def read(paths: Sequence[Path]) -> ir.Table:
        """Name the files as a view; a bracket in a path is a bracket, not a pattern."""
        view = ibis.util.gen_name("parquet")
        try:
            schema = ibis.Schema.from_polars(pl.scan_parquet(paths[0], glob=False).collect_schema())
            connection.read_parquet([glob.escape(str(path)) for path in paths]).create_view(view)
        except (duckdb.Error, OSError, pl.exceptions.PolarsError) as error:
            raise _refusal(error) from None
        return ibis.table(schema, name=view)

    def collect(expression: ir.Table) -> pl.DataFrame:
        try:
            return rows_of(connection.sql(sql_of(expression, dialect="duckdb")).to_arrow_table(), expression)
        except duckdb.Error as error:
            raise _refusal(error) from None

    try:
        yield Engine(name=name, read=read, collect=collect)
    finally:
        connection.close()


def _refusal(error: Exception) -> StoreError:
    first = str(error).splitlines()[0].rstrip(".")
    return StoreError(f"DuckDB could not answer: {first}. Check the files, and the space for temporary files.")
