"""Engines for event-size data: one Ibis expression, run by DuckDB on a laptop or by Spark on a cluster.

An engine is worth its start (a second for DuckDB, several for Spark) where millions of events become a few
thousand rows. Looking up a state's values stays with Polars over Parquet (``store.query``).
"""

from forefend.store.engine.conditions import condition
from forefend.store.engine.engine import Engine, Table, open_engine, sql_of
from forefend.store.engine.tally import Parts, Period, tally, unplaced, with_repeats

__all__ = ["Engine", "Parts", "Period", "Table", "condition", "open_engine", "sql_of", "tally", "unplaced", "with_repeats"]
