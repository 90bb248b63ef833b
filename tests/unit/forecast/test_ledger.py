"""The ledger: issues stay as they were, tampering shows, scores tell final from provisional outcomes and hindsight from foresight."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner

from deaths_release import write_release
from forefend.cli import ledger as command
from forefend.errors import ForecastError, StoreError
from forefend.forecast.issuing import data_of, issue_forecast
from forefend.forecast.ledger import Issue, forecasts_of, issue, issues, verify
from forefend.forecast.ledger_scores import monthly_scores, quantile_draws, scores
from forefend.store import Snapshot, Store

Release = Callable[..., Snapshot]
NOW = datetime(2026, 11, 2, 8, tzinfo=UTC)


def frame(*, deaths: float = 10.0, states: Sequence[str] = ("MLI", "NER"), origin: date = date(2024, 12, 1)) -> pl.DataFrame:
    ahead = [date(origin.year + 1, 1, 1), date(origin.year + 1, 2, 1)]
    rows = [(iso3, origin, month, place) for iso3 in states for place, month in enumerate(ahead, start=1)]
    made = pl.DataFrame(rows, schema={"iso3": pl.String, "origin": pl.Date, "month": pl.Date, "horizon": pl.Int64}, orient="row")
    quantiles = {f"q{q}": pl.lit(deaths * factor) for q, factor in ((0.05, 0.0), (0.25, 0.5), (0.5, 1.0), (0.75, 1.5), (0.95, 3.0))}
    return made.with_columns(target=pl.lit("os"), p_ge_25=pl.lit(0.2), **quantiles)


def append(store: Store, forecasts: pl.DataFrame, **given: Any) -> Issue:
    plain: dict[str, Any] = {
        "target": "os",
        "period": "month",
        "model": "conflictology",
        "as_of": date(2026, 11, 2),
        "issued_at": NOW,
        "snapshots": ("made@1",),
        "seed": 202412,
        "is_hindsight": False,
    }
    return issue(store, forecasts, **(plain | given))


def test_issues_are_chained_and_read_back_as_they_were(store: Store) -> None:
    first, second = append(store, frame()), append(store, frame(deaths=20))
    assert (first.previous, second.previous) == ("", first.id)
    assert issues(store) == (first, second)
    assert forecasts_of(store, second).equals(frame(deaths=20))
    assert (first.origin, first.rows, first.model) == ("2024-12", 4, "conflictology")
    assert first.code_version.startswith("0.")
    verdict = verify(store)
    assert (verdict.issues, verdict.head, verdict.faults) == (2, second.id, ())


def test_the_same_forecast_is_issued_once(store: Store) -> None:
    assert append(store, frame()) == append(store, frame(), issued_at=datetime(2026, 11, 3, tzinfo=UTC))
    assert len(issues(store)) == 1


def test_tampering_shows(store: Store) -> None:
    first, second, third = (append(store, frame(deaths=d)) for d in (1, 2, 3))
    folder = store.root / "ledger"
    record = folder / first.id / "record.json"
    text = record.read_text()
    record.write_text(text.replace('"conflictology"', '"better"'))
    assert "was changed after it was issued" in verify(store).faults[0]
    with pytest.raises(StoreError, match="The ledger is damaged, so nothing is added"):
        append(store, frame(deaths=4))
    record.write_text(text)
    forecasts = folder / second.id / "forecasts.parquet"
    content = forecasts.read_bytes()
    frame(deaths=9).write_parquet(forecasts)
    assert "forecasts.parquet was changed" in verify(store).faults[0]
    forecasts.write_bytes(content)
    assert verify(store).faults == ()
    (folder / second.id).rename(store.root / "gone")
    assert verify(store).faults == (f"Issue {third.id} is number 3 and follows {second.id}: an issue before it is missing.",)


def test_a_newest_issue_taken_away_shows_by_its_noted_id(store: Store) -> None:
    append(store, frame())
    newest = append(store, frame(deaths=2))
    (store.root / "ledger" / newest.id).rename(store.root / "gone")
    assert verify(store).faults == ()
    assert verify(store, head=newest.id).faults == (f"Issue {newest.id} is missing.",)


def test_a_record_edited_with_its_own_digest_breaks_the_chain(store: Store) -> None:
    from dataclasses import asdict

    from forefend.forecast.ledger import _named

    first = append(store, frame())
    append(store, frame(deaths=2))
    forged = _named({k: v for k, v in asdict(first).items() if k != "id"} | {"seed": 1})
    folder = (store.root / "ledger" / first.id).rename(store.root / "ledger" / forged.id)
    (folder / "record.json").write_text(forged.to_json())
    assert len(verify(store).faults) == 1


@pytest.mark.parametrize(
    ("forecasts", "said"),
    [
        (frame().drop("horizon"), "needs the column horizon"),
        (frame().head(0), "no row to issue"),
        (pl.concat([frame(), frame()]), "given twice"),
        (frame().with_columns(pl.lit(None, dtype=pl.Float64).alias("q0.5")), "missing or below 0"),
        (frame().with_columns(pl.lit(-1.0).alias("q0.05")), "missing or below 0"),
        (frame().select(pl.exclude("^q0.*$")), "needs quantiles"),
        (pl.concat([frame(), frame(origin=date(2023, 12, 1))]), "one origin, this frame has 2"),
    ],
)
def test_a_frame_with_gaps_is_refused(store: Store, forecasts: pl.DataFrame, said: str) -> None:
    with pytest.raises(ForecastError, match=said):
        append(store, forecasts)
    assert issues(store) == ()


def test_a_crash_while_writing_leaves_no_issue(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: Path, *_: object) -> Path:
        raise OSError(28, "No space left on device")

    append(store, frame())
    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", fail)
        with pytest.raises(StoreError, match="No space left"):
            append(store, frame(deaths=2))
    assert len(issues(store)) == 1
    assert verify(store).faults == ()


def test_crps_of_quantiles_is_that_of_the_straight_lines_between_them() -> None:
    rows = frame().with_columns(deaths=pl.lit(10.0))
    draws = quantile_draws(rows)
    assert draws.shape == (4, 200)
    assert draws[0].min() == 0.0
    assert draws[0].max() == 30.0
    found = monthly_scores(rows)
    by_hand = np.abs(draws[0] - 10).mean() - np.abs(draws[0][:, None] - draws[0][None, :]).mean() / 2
    assert found["crps"] == pytest.approx(by_hand)
    assert found["coverage_90"] == 1.0
    assert found["brier_25"] == pytest.approx(0.04)
    assert found["log_score_25"] == pytest.approx(-np.log(0.8))


def test_final_and_provisional_outcomes_are_told_apart(store: Store, release: Release) -> None:
    append(store, frame(), is_hindsight=True)
    assert scores(store)["outcomes"].to_list() == ["pending"]
    release([("MLI", "os", "2025-01", 40), ("NER", "sb", "2025-01", 1)])
    found = scores(store)
    assert found.select("outcomes", "rows", "pending", "is_hindsight").rows() == [("final", 2, 2, True)]
    before = (store.root / "ledger" / issues(store)[0].id / "record.json").read_text()
    write_release(
        store,
        store.root.parent / "candidate.csv",
        [("MLI", "candidate_os", "2025-02", 5), ("MLI", "candidate_os", "2025-01", 3)],
        vintage="25.0.2",
        published=date(2025, 3, 20),
    )
    found = scores(store)
    assert found.select("outcomes", "rows", "pending").rows() == [("final", 2, 0), ("provisional", 2, 0)]
    assert found["outcome_snapshot"].n_unique() == 2
    assert found["coverage_90"].to_list() == [0.5, 1.0]
    assert (store.root / "ledger" / issues(store)[0].id / "record.json").read_text() == before


@pytest.fixture
def ask(real: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Run a command of the ledger on a copy of the publisher's counts."""
    import shutil

    root = tmp_path / "copy"
    shutil.copytree(real.root, root)
    monkeypatch.setenv("FOREFEND_DATA_DIR", str(root))
    monkeypatch.setenv("FOREFEND_EMBEDDED", "no")
    return lambda *arguments: CliRunner().invoke(command.app, list(arguments))


def test_the_commands_issue_list_score_and_verify(ask: Callable[..., Any]) -> None:
    made = json.loads(ask("issue", "annual", "--as-of", "2020", "--model", "reference_class").stdout)[0]
    assert made["is_hindsight"] is True
    assert made["origin"] == "2020"
    assert [row["id"] for row in json.loads(ask("list").stdout)] == [made["id"]]
    scored = json.loads(ask("score").stdout)[0]
    assert (scored["issue"], scored["outcomes"]) == (made["id"], "final")
    assert 0 < scored["log_score"] < 0.2
    assert json.loads(ask("verify").stdout) == [{"issues": 1, "head": made["id"], "faults": 0}]
    assert isinstance(ask("verify", "--head", "f00").exception, StoreError)
    assert isinstance(ask("issue", "weekly").exception, ForecastError)


def test_an_issue_names_the_data_it_was_made_from(store: Store, release: Release) -> None:
    snapshot = release(
        [("MLI", kind, f"{year}-{m:02}", 5) for kind in ("os", "sb", "ns") for year in range(1989, 2025) for m in range(1, 13)]
    )
    assert data_of(store, "os", as_of=date(2026, 11, 2)) == (snapshot.id,)
    made = issue_forecast(store, period="month", target="os", now=NOW, horizon=3, model="conflictology")
    assert made.snapshots == (snapshot.id,)
    assert (made.origin, made.is_hindsight) == ("2024-12", False)
    again = issue_forecast(store, period="month", target="os", now=NOW, as_of=date(2023, 6, 30), horizon=1, model="conflictology")
    assert again.is_hindsight
