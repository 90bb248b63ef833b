"""A query means the same to every engine as it does to Polars: on the embedded tables and on generated ones."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forefend.store.engine import Engine, condition, sql_of
from forefend.store.opening import EMBEDDED
from forefend.store.query import Query
from forefend.store.tables import SCHEMAS, SUBJECT, TableName

FOUND: dict[TableName, list[Path]] = {
    name: sorted(EMBEDDED.glob(f"snapshots/*/{name}.parquet"), key=lambda p: p.stat().st_size) for name in SCHEMAS
}
LARGEST = {name: paths[-1] for name, paths in FOUND.items() if paths}
SMALLEST = {name: paths[0] for name, paths in FOUND.items() if paths}


def asked(frame: pl.DataFrame, query: Query) -> pl.DataFrame:
    """What Polars answers, the day of asking included, as the store asks it."""
    wanted = query.condition()
    if query.as_of is not None and query.table != "facts":
        wanted &= pl.col("end") <= query.as_of
    elif query.as_of is not None:
        wanted &= pl.col("start").is_null() | (pl.col("start") <= query.as_of)
    return in_order(frame.filter(wanted))


def answered(engine: Engine, path: Path, query: Query) -> pl.DataFrame:
    rows = engine.read([path])
    return in_order(engine.collect(rows.filter(condition(query, rows, is_younger=True))))


def in_order(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.sort(frame.columns, nulls_last=True)


def queries(table: TableName, frame: pl.DataFrame) -> list[Query]:
    """One subject, two, one that is not there; narrowed by state; bounded; as of a day."""
    subjects = frame[SUBJECT[table]].unique().sort().to_list()
    text = next(name for name in ("iso3", "from_iso3") if name in frame.columns)
    states = tuple(frame[text].drop_nulls().unique().sort().head(3))
    days = frame["start"].drop_nulls().sort()
    middle = days[len(days) // 2] if len(days) else date(2000, 1, 1)
    return [
        Query(table=table, subject=subjects[0]),
        Query(table=table, subject=(subjects[0], subjects[-1], "none such")),
        Query(table=table, subject=tuple(subjects), where=((text, states),)),
        Query(table=table, subject=tuple(subjects), where=((text, states[0]),), start=middle),
        Query(table=table, subject=tuple(subjects), start=date(1990, 1, 1), end=middle),
        Query(table=table, subject=tuple(subjects), as_of=middle),
        Query(table=table, subject="none such", where=((text, ()),)),
    ]


@pytest.mark.parametrize("table", LARGEST)
def test_duckdb_answers_as_polars_on_the_embedded_tables(duckdb: Engine, table: TableName) -> None:
    frame = pl.read_parquet(LARGEST[table])
    for query in queries(table, frame):
        assert answered(duckdb, LARGEST[table], query).equals(asked(frame, query)), query


@pytest.mark.loopback
@pytest.mark.usefixtures("socket_enabled")
@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
def test_spark_answers_as_polars_on_the_embedded_tables(spark: Engine) -> None:
    for table, path in SMALLEST.items():
        frame = pl.read_parquet(path)
        for query in queries(table, frame)[2::3]:
            assert answered(spark, path, query).equals(asked(frame, query)), query


TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=4) | st.sampled_from(["a'b", 'a"b', "a\\b", "%", "é", " A"])
DAYS = st.dates(min_value=date(1800, 1, 1), max_value=date(2100, 1, 1))
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "iso3": st.none() | TEXT,
            "indicator": st.sampled_from(["x", "y", "it's"]),
            "start": st.none() | DAYS,
            "end": st.none() | DAYS,
            "value": st.none() | st.floats(allow_nan=False),
        }
    ),
    max_size=12,
)
QUERIES = st.builds(
    lambda subject, where, start, end, as_of: Query(table="observations", subject=subject, where=where, start=start, end=end, as_of=as_of),
    st.sampled_from(["x", "it's", ("x", "y"), ("y", "it's"), ("none",)]),
    st.just(()) | st.tuples(st.tuples(st.just("iso3"), TEXT | st.lists(TEXT, max_size=3).map(tuple))),
    st.none() | DAYS,
    st.none() | DAYS,
    st.none() | DAYS,
)


def write(rows: list[dict[str, object]], path: Path) -> pl.DataFrame:
    frame = pl.DataFrame(
        [{**row, "low": None, "high": None, "row": n} for n, row in enumerate(rows)], schema=SCHEMAS["observations"], orient="row"
    )
    frame.write_parquet(path)
    return frame


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS, query=QUERIES)
def test_duckdb_answers_as_polars_on_any_rows(duckdb: Engine, tmp_path: Path, rows: list[dict[str, object]], query: Query) -> None:
    path = tmp_path / "observations.parquet"
    frame = write(rows, path)
    assert answered(duckdb, path, query).equals(asked(frame, query))


@pytest.mark.loopback
@pytest.mark.usefixtures("socket_enabled")
@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(rows=ROWS, asked_for=st.lists(QUERIES, min_size=1, max_size=2))
def test_spark_answers_as_polars_on_any_rows(spark: Engine, tmp_path: Path, rows: list[dict[str, object]], asked_for: list[Query]) -> None:
    path = tmp_path / f"{abs(hash(str(rows)))}.parquet"  # Spark remembers a path's files
    frame = write(rows, path)
    for query in asked_for:
        assert answered(spark, path, query).equals(asked(frame, query))


@settings(max_examples=40, deadline=None)
@given(query=QUERIES)
def test_a_condition_compiles_for_bigquery(query: Query) -> None:
    """Compiled and read back by the same dialect; it is not run there."""
    import ibis
    import sqlglot

    rows = ibis.table(dict.fromkeys(["iso3", "indicator"], "string") | dict.fromkeys(["start", "end"], "date"), name="observations")
    statement = sql_of(rows.filter(condition(query, rows)), dialect="bigquery")
    assert sqlglot.parse_one(statement, read="bigquery").find(sqlglot.exp.Where)
