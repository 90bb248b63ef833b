"""Spark: on this machine (two cores unless told otherwise) or on a cluster by the address of its master."""

from __future__ import annotations

import logging
import os
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import ibis
import ibis.expr.types as ir
import polars as pl
from py4j.protocol import Py4JError
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

from forefend.errors import StoreError
from forefend.store.engine.engine import Engine, rows_of, sql_of

PATTERN = re.compile(r"([\\*?\[\]{}])")  # what Hadoop reads as a pattern in a path
QUIET = """rootLogger.level = error
rootLogger.appenderRef.stderr.ref = stderr
appender.stderr.type = Console
appender.stderr.name = stderr
appender.stderr.target = SYSTEM_ERR
appender.stderr.layout.type = PatternLayout
appender.stderr.layout.pattern = %p %c: %m%n
"""


@contextmanager
def connected(name: str, *, memory_gb: float, threads: int, spill: Path) -> Iterator[Engine]:
    """Start a session, or take the one this process has; needs Java 17 or 21."""
    if not (os.environ.get("JAVA_HOME") or shutil.which("java")):
        raise StoreError(
            "The engine spark needs Java 17, which was not found. Install it, such as openjdk-17-jre-headless, or set JAVA_HOME."
        )
    logging.getLogger("py4j").setLevel(logging.ERROR)
    had = SparkSession.getActiveSession()
    try:
        session = _session(name, memory_gb=memory_gb, threads=threads, spill=spill)
        backend = ibis.pyspark.connect(session)
    except (PySparkException, Py4JError, OSError, RuntimeError):
        where = (
            "on this machine; check Java 17 and memory" if name == "spark" else f"at {name}; check that a master of Spark 4.0 answers there"
        )
        raise StoreError(f"Spark did not start {where}. What Java said stands above.") from None

    def read(paths: Sequence[Path]) -> ir.Table:
        try:
            frame = session.read.parquet(*(PATTERN.sub(r"\\\1", str(path)) for path in paths))
            view = ibis.util.gen_name("parquet")
            frame.createOrReplaceTempView(view)
            return backend.table(view)
        except (PySparkException, Py4JError) as error:
            raise _refusal(error) from None

    def collect(expression: ir.Table) -> pl.DataFrame:
        """Take the rows as Arrow: through pandas, missing values would change their type."""
        try:
            return rows_of(session.sql(sql_of(expression, dialect="pyspark")).toArrow(), expression)
        except (PySparkException, Py4JError) as error:
            raise _refusal(error) from None

    try:
        yield Engine(name=name, read=read, collect=collect)
    finally:
        if had is None:
            session.stop()


def _session(name: str, *, memory_gb: float, threads: int, spill: Path) -> SparkSession:
    """Few partitions, no web page, dates in UTC; what only one machine needs stays off a cluster."""
    quiet = spill / "log4j2.properties"
    quiet.write_text(QUIET, encoding="utf-8")
    settings = {
        "spark.driver.extraJavaOptions": f"-Dlog4j2.configurationFile={quiet}",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.ansi.enabled": "true",
        "spark.sql.adaptive.enabled": "true",
        "spark.sql.parquet.filterPushdown": "true",
        "spark.sql.execution.arrow.pyspark.enabled": "true",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "ERROR",
    }
    if name == "spark":
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
        settings |= {
            "spark.driver.memory": f"{max(512, round(memory_gb * 1024))}m",
            "spark.driver.host": "127.0.0.1",
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.sql.shuffle.partitions": str(2 * threads),
            "spark.default.parallelism": str(threads),
            "spark.local.dir": str(spill),
            "spark.sql.warehouse.dir": str(spill / "warehouse"),
        }
    builder = SparkSession.builder.appName("forefend").master(f"local[{threads}]" if name == "spark" else name)
    for key, value in settings.items():
        builder = builder.config(key, value)
    return builder.getOrCreate()


def _refusal(error: Exception) -> StoreError:
    first = next((line for line in str(error).splitlines() if line.strip()), type(error).__name__)
    return StoreError(f"Spark could not answer: {first.strip().rstrip('.')}. Check the files, and that every worker sees them.")
