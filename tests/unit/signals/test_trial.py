"""The trial counts escalations, catches, false signals and leads as its definition says; the command lists what stands."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date

import numpy as np
import pytest
from typer.testing import CliRunner

from forefend.cli import signals as command
from forefend.errors import ForecastError
from forefend.forecast.target import escalations
from forefend.signals.listing import all_signals, look, standing
from forefend.signals.model import WARNING, Hit, Signal
from forefend.signals.rules import rules
from forefend.signals.seen import Seen
from forefend.signals.trial import OURS, episodes, try_signals
from forefend.store import Store

Made = Callable[..., Seen]


def test_episodes_are_runs_of_the_targets_escalations(made: Made) -> None:
    random = np.random.default_rng(5)
    deaths = random.negative_binomial(0.2, 0.02, (6, 60)).astype(float)
    found = episodes(deaths, first=10, last_origin=50)
    covered = {(e.state, c) for e in found for c in range(e.first, e.last + 1)}
    for column in range(10, 51):
        calm, event = escalations(deaths, column=column)
        assert {state for state, c in covered if c == column} == set(np.flatnonzero(calm & event))
    assert all(e.first < e.crossing <= e.first + 3 for e in found)


def test_a_trial_counts_as_defined(made: Made) -> None:
    seen = made(MLI=[0, 0, 0, 0, 40, 0, 0, 0, 0, 0, 0, 0], NER=[0] * 12, FRA=[0, 0, 0, 0, 0, 0, 40, 0, 0, 0, 0, 0])
    rule = rules()["escalation_in_sight"]

    def signal(iso3: str, month: int) -> Signal:
        return Signal(rule=rule, hit=Hit(iso3=iso3, month=date(2020, month, 1), severity=WARNING, level=1, why=""))

    told = [signal("MLI", 3), signal("NER", 3), signal("FRA", 1)]
    trial = try_signals(seen, told, first=date(2020, 1, 1), last_origin=date(2020, 9, 1))
    ours = trial.rows[0]
    assert ours["name"] == OURS
    assert (ours["signals"], ours["episodes"], ours["caught"], ours["caught_standing"]) == (3, 2, 1, 2)
    assert (ours["false"], ours["median_lead_months"]) == (2, 2.0)
    assert (trial.missed, trial.caught, trial.false) == (("FRA 2020-07",), ("MLI 2020-05: 2",), ("FRA 2020-01", "NER 2020-03"))
    assert trial.by_rule == {"escalation_in_sight": (3, 2)}


def test_a_span_without_outcomes_is_refused(made: Made) -> None:
    with pytest.raises(ForecastError, match="the three months after must be known"):
        try_signals(made(MLI=[0]), [], first=date(2020, 1, 1), last_origin=date(2020, 10, 1))


def test_no_rank_gets_more_signals_than_ours_and_budget_holds(real: Store) -> None:
    seen = look(real, as_of=date(2024, 12, 31))
    trial = try_signals(seen, all_signals(seen), first=date(2022, 1, 1), last_origin=date(2024, 9, 1))
    ours = trial.rows[0]
    assert ours["per_year"] <= 36  # type: ignore[operator]
    assert all(row["signals"] <= ours["signals"] for row in trial.rows if row["gate"] != "none, 40")  # type: ignore[operator]
    plain = [row["caught"] for row in trial.rows if row["gate"] == "none"]
    assert ours["caught"] >= 1.15 * max(plain)  # type: ignore[operator, type-var]
    held_back = [row["caught"] for row in trial.rows if row["gate"] in {"180 days", "90 days"} and row["ratio"] is not None]
    assert len(held_back) == 6  # kept in the table though ours is not ahead of them


def test_the_command_lists_what_stands(real: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOREFEND_DATA_DIR", str(real.root))
    monkeypatch.setenv("FOREFEND_EMBEDDED", "no")
    rows = json.loads(CliRunner().invoke(command.app, ["--as-of", "2023-08"]).stdout)
    assert list(rows[0])[:6] == ["rule", "iso3", "date", "severity", "why", "number"]
    assert all("2023-03-31" <= row["date"] <= "2023-08-31" for row in rows)
    assert [row["date"] for row in rows] == sorted((row["date"] for row in rows), reverse=True)
    one = json.loads(CliRunner().invoke(command.app, ["--as-of", "2023-08", "--country", "Niger"]).stdout)
    assert {row["iso3"] for row in one} == {"NER"}
    assert isinstance(CliRunner().invoke(command.app, ["--as-of", "2014-06"]).exception, ForecastError)


def test_only_signals_of_180_days_stand(real: Store) -> None:
    seen = look(real, as_of=date(2023, 8, 31))
    assert {s.hit.month for s in standing(seen)} <= {date(2023, m, 1) for m in range(3, 9)}
