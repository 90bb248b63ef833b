"""The engine is a setting: from the environment, a file or ``--engine``; the connector that counts is told it."""

from __future__ import annotations

import os
import sys
import types
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from forefend.cli.main import app
from forefend.errors import NotLoaded, SettingsError, StoreError
from forefend.panel.event_counts import reported_events
from forefend.settings import read_settings
from forefend.sources.intake import import_files
from forefend.sources.registry import find_source
from forefend.store import Store, open_store


def settings_of(tmp_path: Path, engine: str) -> dict[str, str]:
    return {"FOREFEND_DATA_DIR": str(tmp_path), "FOREFEND_ENGINE": engine, "FOREFEND_EMBEDDED": "no"}


@pytest.mark.parametrize("engine", ["duckdb", "spark", "spark://node-1.example:7077"])
def test_the_store_knows_the_engine_of_the_settings(tmp_path: Path, engine: str) -> None:
    assert open_store(read_settings(settings_of(tmp_path, engine))).engine == engine
    assert open_store(read_settings({"FOREFEND_DATA_DIR": str(tmp_path)})).engine == "duckdb"


@pytest.mark.parametrize("engine", ["", "postgres", "spark://", "spark://node", "DuckDB", "local[2]"])
def test_another_engine_is_refused_with_the_ones_there_are(tmp_path: Path, engine: str) -> None:
    with pytest.raises(SettingsError, match="duckdb, spark or spark://HOST:PORT"):
        read_settings(settings_of(tmp_path, engine))


def test_the_option_is_the_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOREFEND_ENGINE", "duckdb")
    done = CliRunner().invoke(app, ["--engine", "spark", "catalog", "--help"])
    assert done.exit_code == 0
    assert os.environ["FOREFEND_ENGINE"] == "spark"
    refused = CliRunner().invoke(app, ["--engine", "postgres", "catalog", "--help"])
    assert isinstance(refused.exception, SettingsError)


def test_only_a_reader_that_counts_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    assert find_source("ucdp_country_month").reader("spark") == find_source("ucdp_country_month").read
    told: list[str] = []
    module = types.ModuleType("counting")
    module.read = lambda files, *, engine="duckdb": told.append(engine)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "counting", module)
    described = find_source("ucdp_country_month")
    type(described)(metadata=described.metadata, folder=described.folder, module_name="counting").reader("spark")({})
    assert told == ["spark"]


def test_subnational_counts_come_from_the_stored_exports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = find_source("gdelt_events")
    small = source.metadata.expect.model_copy(update={"rows_at_least": 1, "states_at_least": 1})
    source = type(source)(
        metadata=source.metadata.model_copy(update={"expect": small}), folder=source.folder, module_name=source.module_name
    )
    store = Store(tmp_path / "store")
    with pytest.raises(NotLoaded):
        reported_events(store)
    paths = [path for name, path in source.samples().items() if name.endswith(".zip")]
    snapshot = import_files(store, source, paths, today=date(2026, 11, 25))
    rows = reported_events(store)
    assert rows.columns[:4] == ["iso3", "admin1", "start", "events"]
    assert rows.filter(pl.col("admin1") == "ML04")["iso3"].to_list() == ["MLI"]
    by_state = reported_events(store, place="country")
    kept = pl.read_parquet(store.folder(snapshot) / "observations.parquet").filter(pl.col("indicator") == "gdelt_events")
    assert dict(by_state.select("iso3", "events").iter_rows()) == dict(kept.select("iso3", "value").iter_rows())
    assert "PSE" not in rows["iso3"].to_list()  # the Gaza Strip has no level below in the sample
    for path in (store.folder(snapshot) / "files").iterdir():
        path.unlink()
    with pytest.raises(StoreError, match="no longer kept"):
        reported_events(store)
