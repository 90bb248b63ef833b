"""Counts and shares by place and period are the same on DuckDB, Spark and plain Polars; and compile for BigQuery."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forefend.errors import SettingsError, StoreError
from forefend.panel.event_counts import VIOLENCE, admin1_month, country_month, country_week, event_panel
from forefend.store.engine import Engine, Parts, Period, open_engine, sql_of, tally, unplaced

PARTS: Parts = {"material_conflict": lambda events: events["quad"] == 4, "protest": lambda events: events["root"] == "14"}
SCHEMA = pl.Schema({"iso3": pl.String, "admin1": pl.String, "day": pl.Date, "quad": pl.Int64, "root": pl.String, "deaths": pl.Int64})
SQL = {country_month: "MONTH", country_week: "WEEK(MONDAY)", admin1_month: "MONTH"}


def generated(n: int, *, seed: int = 1) -> pl.DataFrame:
    chance = random.Random(seed)  # noqa: S311 made-up events, not secrets
    first = date(2019, 12, 20)
    return pl.DataFrame(
        {
            "iso3": chance.choices(["MLI", "SDN", "UKR", None], k=n),
            "admin1": chance.choices(["ML04", "SU29", None], k=n),
            "day": [first + timedelta(days=chance.randrange(800)) if chance.random() < 0.98 else None for _ in range(n)],
            "quad": chance.choices([1, 2, 3, 4, None], k=n),
            "root": chance.choices(["14", "19", None], k=n),
            "deaths": chance.choices([0, 1, 7, None], k=n),
        },
        schema=SCHEMA,
    )


def by_polars(frame: pl.DataFrame, *, by: list[str], every: str) -> pl.DataFrame:
    """The same counts, written a second time."""
    placed = frame.drop_nulls([*by, "day"]).with_columns(start=pl.col("day").dt.truncate(every))
    parts = {"material_conflict": pl.col("quad") == 4, "protest": pl.col("root") == "14"}
    counts = [is_part.sum().cast(pl.Int64).alias(f"{name}_events") for name, is_part in parts.items()]
    rows = placed.group_by(*by, "start").agg(pl.len().cast(pl.Int64).alias("events"), *counts)
    shares = {f"{name}_share": pl.col(f"{name}_events") / pl.col("events") for name in parts}
    return rows.with_columns(**shares).sort(*by, "start")


EXPECTED = {country_month: (["iso3"], "1mo"), country_week: (["iso3"], "1w"), admin1_month: (["iso3", "admin1"], "1mo")}


@pytest.fixture(scope="module")
def events(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two files of events, in a folder whose name looks like a pattern."""
    folder = tmp_path_factory.mktemp("events") / "a[1]*"
    folder.mkdir()
    frame = generated(20_000)
    paths = [folder / "one.parquet", folder / "other.parquet"]
    frame.head(9_000).write_parquet(paths[0])
    frame.tail(11_000).write_parquet(paths[1])
    return paths


def check(engine: Engine, events: list[Path]) -> None:
    frame = pl.read_parquet(events, glob=False)
    for panel, (by, every) in EXPECTED.items():
        found = engine.collect(panel(engine.read(events), parts=PARTS))
        assert found.equals(by_polars(frame, by=by, every=every)), panel.__name__
    missing = engine.collect(unplaced(engine.read(events), by=["iso3"]))["events"].item()
    assert missing == frame.filter(pl.col("iso3").is_null() | pl.col("day").is_null()).height


def test_duckdb_counts_as_polars(duckdb: Engine, events: list[Path]) -> None:
    check(duckdb, events)


@pytest.mark.loopback
@pytest.mark.usefixtures("socket_enabled")
@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
def test_spark_counts_as_polars(spark: Engine, events: list[Path]) -> None:
    check(spark, events)


def test_sums_are_whole_and_only_of_whole_numbers(duckdb: Engine, events: list[Path]) -> None:
    frame = pl.read_parquet(events, glob=False).drop_nulls(["iso3", "day"])
    rows = duckdb.collect(tally(duckdb.read(events), by=["iso3"], period="month", sums=["deaths"]))
    assert rows["deaths"].dtype == pl.Int64
    assert rows["deaths"].sum() == frame["deaths"].sum()
    rows_read = duckdb.read(events)
    with pytest.raises(ValueError, match="not a whole number"):
        tally(rows_read.mutate(share=rows_read["deaths"] / 2), by=["iso3"], period="month", sums=["share"])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(n=st.integers(0, 60), seed=st.integers(0, 10_000), period=st.sampled_from(["month", "week"]))
def test_any_events_give_shares_of_their_counts(duckdb: Engine, tmp_path: Path, n: int, seed: int, period: Period) -> None:
    path = tmp_path / "events.parquet"
    frame = generated(n, seed=seed)
    frame.write_parquet(path)
    rows = event_panel(duckdb, [path], parts=PARTS, period=period)
    assert rows["events"].sum() == frame.drop_nulls(["iso3", "day"]).height
    assert rows.filter(~pl.col("protest_share").is_between(0, 1)).is_empty()
    assert rows.equals(by_polars(frame, by=["iso3"], every={"month": "1mo", "week": "1w"}[period]))


@pytest.mark.parametrize("panel", EXPECTED)
def test_panels_compile_for_bigquery(panel: object) -> None:
    """Compiled without Google's client, and read back as BigQuery's SQL; it is not run there."""
    import ibis
    import sqlglot

    rows = ibis.table({"iso3": "string", "admin1": "string", "day": "date", "quad": "int64", "root": "string"}, name="events")
    statement = sql_of(panel(rows, parts=PARTS), dialect="bigquery")  # type: ignore[operator]
    assert f"DATE_TRUNC(`t0`.`day`, {SQL[panel]})" in statement  # type: ignore[index]
    assert sqlglot.parse_one(statement, read="bigquery").find(sqlglot.exp.Group)


def test_real_events_by_kind_are_what_the_connector_summed(duckdb: Engine, data: Path, tmp_path: Path) -> None:
    """The publisher's sample of GED: the engine's counts equal the connector's own monthly ones."""
    from forefend.sources.registry import find_source

    found = sorted(data.rglob("ged191_sample.zip"))
    if not found:
        pytest.skip("the publisher's sample of GED is not here")
    tables = find_source("ucdp_ged").read({found[0].name: found[0]}).tables
    path = tmp_path / "events.parquet"
    tables["events"].write_parquet(path)
    ours = event_panel(duckdb, [path], parts=VIOLENCE, day="start")
    for kind in VIOLENCE:
        theirs = tables["observations"].filter(pl.col("indicator") == f"ucdp_{kind}_events").select("iso3", "start", "value")
        counted = ours.filter(pl.col(f"{kind}_events") > 0).select("iso3", "start", value=pl.col(f"{kind}_events").cast(pl.Float64))
        assert counted.sort("iso3", "start").equals(theirs.sort("iso3", "start")), kind


def test_what_cannot_be_opened_or_read_is_said(duckdb: Engine, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="duckdb, spark or spark://HOST:PORT"), open_engine("postgres"):
        pass
    broken = tmp_path / "broken.parquet"
    broken.write_bytes(b"PAR1 and no more")
    with pytest.raises(StoreError, match="DuckDB could not answer"):
        duckdb.read([broken])
    with pytest.raises(StoreError, match="DuckDB could not answer"):
        duckdb.read([tmp_path / "none.parquet"])


def test_spark_without_java_is_refused_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pyspark", reason="pyspark is not installed")
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(StoreError, match="needs Java 17"), open_engine("spark"):
        pass


def test_a_master_that_does_not_answer_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    spark = pytest.importorskip("forefend.store.engine.spark", reason="pyspark is not installed")

    def silent(*_: object, **__: object) -> None:
        raise RuntimeError("Java gateway process exited before sending its port number")

    monkeypatch.setattr(spark, "_session", silent)
    monkeypatch.setattr(spark.shutil, "which", lambda _: "java")
    for name, said in (("spark", "on this machine"), ("spark://127.0.0.1:1", "at spark://127.0.0.1:1")):
        with pytest.raises(StoreError, match=f"Spark did not start {said}"), open_engine(name):
            pass
