"""Gaps drafted from the embedded figures: by the rules of publication, from verified rows alone, and re-computable."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from forefend.assess.gaps import ActionGap, gaps
from forefend.assess.prefill import prefill
from forefend.catalog import load_catalog
from forefend.store import Store, recompute
from forefend.store.opening import EMBEDDED

TODAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store(tmp_path_factory.mktemp("store"), embedded=EMBEDDED)


@pytest.fixture(scope="module")
def ghana(store: Store) -> tuple[ActionGap, ...]:
    return gaps(store, load_catalog(), "GHA", today=TODAY)


def test_every_action_is_there_once(ghana: tuple[ActionGap, ...]) -> None:
    assert [gap.action for gap in ghana] == list(load_catalog().actions)


def test_figures_are_ordered(ghana: tuple[ActionGap, ...]) -> None:
    for gap in ghana:
        low, high, cautious = (figure.value for figure in (gap.gap_low, gap.gap_high, gap.cautious_gap))
        assert low is not None
        assert high is not None
        assert cautious is not None
        assert 0 <= low <= high <= cautious + 1e-12 <= 1 + 1e-9


def test_nothing_is_published_below_the_rules(ghana: tuple[ActionGap, ...]) -> None:
    for gap in ghana:
        coverage = gap.coverage.value
        assert coverage is not None
        if coverage < 0.6 or gap.core_open:
            assert gap.gap.value is None
            assert gap.gap.missing.startswith("not published: ")


def test_figures_come_out_the_same_again(store: Store, ghana: tuple[ActionGap, ...]) -> None:
    for gap in ghana:
        for figure in (gap.coverage, gap.gap, gap.gap_low, gap.gap_high, gap.cautious_gap, gap.confidence):
            again = recompute(store, figure)
            assert again == figure.value or (again is not None and figure.value is not None and abs(again - figure.value) < 1e-12)


def test_there_are_rules_for_every_sphere() -> None:
    rules = load_catalog().prefill_rules.values()
    assert len(rules) >= 25
    assert {rule.question[0] for rule in rules} == {"N", "B", "R", "M"}


def test_a_proxy_is_shown_and_never_sets_a_level(store: Store) -> None:
    found = prefill(store, load_catalog(), "GHA", today=TODAY)
    proxies = [s for s in found if s.rule.strength == "proxy"]
    assert any(s.figure.value is not None for s in proxies)
    assert not any(s.sets_level for s in proxies)


def test_an_unverified_row_is_a_hint_and_never_sets_a_level(store: Store) -> None:
    rows = pl.read_parquet(next(EMBEDDED.glob("snapshots/register@*")) / "facts.parquet")
    unverified = rows.filter(pl.col("status").str.contains("unverified") & (pl.col("key") == "kigali_principles"))["iso3"][0]
    (found,) = [s for s in prefill(store, load_catalog(), unverified, today=TODAY) if s.rule.id == "prefill.M4.2.kigali_principles"]
    assert found.is_unverified
    assert "(unverified)" in found.status
    assert found.score.value == 2
    assert not found.sets_level


def test_no_row_proves_nothing(store: Store) -> None:
    """A state that no list of supporters names has no level, not level 0."""
    found = {s.rule.id: s for s in prefill(store, load_catalog(), "RUS", today=TODAY)}
    absent = found["prefill.M3.1.act_code"]
    assert absent.score.value is None
    assert absent.score.missing == "not monitored"


def test_a_party_confirmed_in_a_document_sets_a_level(store: Store) -> None:
    (found,) = [s for s in prefill(store, load_catalog(), "GHA", today=TODAY) if s.rule.id == "prefill.M5.1.rome_statute"]
    assert found.sets_level
    assert found.score.value == 2
    assert 0 < found.confidence < 0.7


def test_an_empty_store_loads_nothing_and_says_what_to_fetch(tmp_path: Path) -> None:
    found = gaps(Store(tmp_path), load_catalog(), "GHA", today=TODAY)
    assert all(gap.n_answered == 0 and gap.cautious_gap.value == 1 for gap in found)
    reasons = {s.score.missing for gap in found for answer in gap.answers for s in answer.suggestions}
    assert all(reason.startswith("not loaded: fetch ") for reason in reasons)


def test_old_values_are_too_old(store: Store) -> None:
    later = prefill(store, load_catalog(), "GHA", today=date(2040, 1, 1))
    measured = [
        s for s in later if s.rule.method == "step" and s.rule.max_age_years is not None and not s.figure.missing.startswith("not loaded")
    ]
    assert measured
    assert all(s.figure.missing in ("too old", "not monitored") for s in measured)
