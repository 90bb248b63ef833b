"""``forefend sources`` in this process: what it prints, and the bar it draws on a terminal only."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from forefend.cli import sources as command
from forefend.sources import registry
from forefend.sources.registry import Source

Release = Callable[..., Path]


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Any]:
    """Run the command group on an empty store."""
    monkeypatch.setenv("FOREFEND_DATA_DIR", str(tmp_path / "store"))
    monkeypatch.setenv("FOREFEND_EMBEDDED", "no")
    return lambda *arguments: CliRunner().invoke(command.app, [str(a) for a in arguments])


def test_list_shows_licence_and_grade(ask: Callable[..., Any]) -> None:
    rows = {row["source"]: row for row in json.loads(ask("list").stdout)}
    assert rows["ucdp_ged"]["licence"] == "CC BY 4.0"
    assert rows["ucdp_ged"]["address"] == "https://ucdp.uu.se/downloads/ged/ged261-csv.zip"
    assert "ucdp_ged" in ask("list", "--format", "table").stdout


def test_status_tells_fetch_from_import(ask: Callable[..., Any], tmp_path: Path) -> None:
    target = tmp_path / "status.csv"
    assert ask("status", "--format", "csv", "-o", target).exit_code == 0
    rows = {row["source"]: row for row in csv.DictReader(io.StringIO(target.read_text()))}
    assert rows["ucdp_ged"]["state"] == "not loaded: fetch"
    assert rows["ucdp_country_month"]["state"] == "not loaded: import"
    assert rows["ucdp_ged"]["rows"] == "", "what is not loaded has no rows, not zero rows"


@pytest.mark.loopback
def test_fetch_draws_a_bar_on_a_terminal_only(
    ask: Callable[..., Any],
    tiny: Source,
    publisher: Any,
    release: Release,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    source = replace(tiny, metadata=tiny.metadata.model_copy(update={"address": publisher.address}))
    monkeypatch.setattr(registry, "sources", lambda: {"tiny": source})
    publisher.file(release(states=3000).read_bytes())
    done = ask("fetch")
    assert json.loads(done.stdout)[0]["result"] == "stored"
    assert done.stderr == ""
    monkeypatch.setattr(command, "_is_terminal", lambda: True)
    publisher.answers.clear()
    publisher.file(release(states=3000, value="2").read_bytes())
    done = ask("fetch", "tiny")
    assert json.loads(done.stdout)[0]["result"] == "stored"
    assert "tiny.csv" in done.stderr + capfd.readouterr().err
