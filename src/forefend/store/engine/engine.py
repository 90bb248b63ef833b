"""What an engine is: it reads Parquet files as an Ibis table and turns an expression into rows."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

import polars as pl

from forefend.errors import StoreError
from forefend.settings import check_engine

if TYPE_CHECKING:
    import ibis.expr.types as ir  # costs a second, so it is loaded with the first expression
    import pyarrow as pa

Table: TypeAlias = "ir.Table"  # for those who ask an engine and do not otherwise know Ibis
MEMORY_GB = 2.0


@dataclass(frozen=True, kw_only=True)
class Engine:
    """An open engine. Expressions over its tables are plain Ibis and say nothing of the engine.

    ``read`` opens Parquet files, all of the same columns, as one table; ``collect`` runs an expression and
    returns its rows. Both raise StoreError in words. On a Spark cluster every worker must see the paths.
    """

    name: str
    read: Callable[[Sequence[Path]], ir.Table]
    collect: Callable[[ir.Table], pl.DataFrame]


@contextmanager
def open_engine(name: str = "duckdb", *, memory_gb: float = MEMORY_GB, threads: int = 2) -> Iterator[Engine]:
    """Open an engine by name: ``duckdb``, ``spark`` (on this machine) or the address of a Spark master.

    ``memory_gb`` is what the engine may use before it spills to disk, into a folder that goes away with it. On a
    cluster, ``threads`` and ``memory_gb`` are the master's business. Raises StoreError when something is missing,
    SettingsError for another name.
    """
    check_engine(name)
    with tempfile.TemporaryDirectory(prefix="forefend-", ignore_cleanup_errors=True) as spill:
        try:
            if name == "duckdb":
                from forefend.store.engine.duckdb import connected
            else:
                from forefend.store.engine.spark import connected
            opened = connected(name, memory_gb=memory_gb, threads=threads, spill=Path(spill))
        except ImportError as error:
            extra = "engine" if name == "duckdb" else "spark"
            raise StoreError(
                f"The engine {name} needs {error.name}, which is not installed. Run: pip install 'forefend[{extra}]'"
            ) from None
        with opened as engine:
            yield engine


def rows_of(answer: pa.Table, expression: ir.Table) -> pl.DataFrame:
    """Return an engine's answer in the types that the expression has: Spark's months come as timestamps."""
    return pl.DataFrame(pl.from_arrow(answer)).cast(dict(expression.schema().to_polars()))


def sql_of(expression: ir.Table, *, dialect: Literal["duckdb", "pyspark", "bigquery"]) -> str:
    """Return an expression as SQL of an engine, without connecting to one.

    For BigQuery this is all there is: the statement is compiled and checked as SQL, and has not been run there.
    """
    import ibis

    return str(ibis.to_sql(expression, dialect=dialect))
