"""What public data can say: each question and risk indicator once at least, with source and age or the reason there is none."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from forefend.assess.coverage import Entry, best, coverage, shares
from forefend.assess.prefill import apply_rule
from forefend.catalog import load_catalog
from forefend.settings import Settings
from forefend.store import Store, open_store

TODAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return open_store(Settings(data_dir=tmp_path_factory.mktemp("store")))


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return open_store(Settings(data_dir=tmp_path_factory.mktemp("empty"), embedded=False))


@pytest.mark.parametrize("iso3", [None, "GHA", "TUV"])
def test_every_question_and_indicator_has_a_line(embedded: Store, iso3: str | None) -> None:
    catalog = load_catalog()
    entries = coverage(embedded, catalog, today=TODAY, iso3=iso3)
    items = {entry.item for entry in entries}
    assert set(catalog.questions) <= items
    assert set(catalog.indicators) <= items
    groups = [share.group for share in shares(entries)]
    assert groups == [*catalog.actions, *catalog.risk_factors]
    for share in shares(entries):
        assert share.direct + share.hand_kept + share.proxy_only + share.none == share.items
        assert share.of_measurable is None or 0 <= share.of_measurable <= 1


def test_data_have_source_period_and_age_and_nothing_else_has_a_value(embedded: Store) -> None:
    for entry in coverage(embedded, load_catalog(), today=TODAY, iso3="GHA"):
        if entry.has_data:
            assert entry.source, entry.item
            assert entry.period, entry.item
            assert entry.age_days is not None, entry.item
        elif entry.figure is not None and entry.missing != "unverified":
            assert entry.figure.value is None, entry.item


def test_a_store_with_nothing_says_what_to_fetch(empty: Store) -> None:
    entries = coverage(empty, load_catalog(), today=TODAY)
    assert not any(entry.has_data for entry in entries)
    told = {entry.missing for entry in entries if entry.series}
    assert all(reason.startswith("not loaded: fetch ") for reason in told)
    assert all(share.direct == 0 for share in shares(entries))


def test_the_register_is_told_apart_from_publishers(embedded: Store) -> None:
    kept = [entry for entry in coverage(embedded, load_catalog(), today=TODAY) if entry.source == "register"]
    assert {entry.strength for entry in kept} == {"hand-kept", "proxy"}


@pytest.mark.parametrize("iso3", [None, "GHA"])
def test_what_is_kept_by_hand_as_a_stand_in_stays_one(embedded: Store, iso3: str | None) -> None:
    """Else a treaty that the question does not ask for would count among the direct facts of its action."""
    catalog = load_catalog()
    directly = {(rule.question, rule.subject) for rule in catalog.prefill_rules.values() if rule.strength == "direct"}
    questions = [entry for entry in coverage(embedded, catalog, today=TODAY, iso3=iso3) if entry.item in catalog.questions]
    kept = {(entry.item, entry.series) for entry in questions if entry.strength == "hand-kept"}
    assert kept
    assert kept <= directly


def test_the_embedded_figures_alone_speak_directly_to_seven_actions(embedded: Store) -> None:
    """As ``bench/coverage.py`` counts: three series or more that have data, each once, and no stand-in."""
    catalog = load_catalog()
    world = coverage(embedded, catalog, today=TODAY)
    held = {(e.group, e.series) for e in world if e.has_data and e.strength in ("direct", "hand-kept") and e.group in catalog.actions}
    many = Counter(group for group, _ in held)
    assert {action for action in catalog.actions if many[action] >= 3} >= {"N5", "B3", "R1", "R2", "M3", "M4", "M5"}


def test_a_stand_in_never_counts_as_measured() -> None:
    proxy = Entry(group="N1", item="N1.1", is_measurable=True, series="a", strength="proxy")
    direct = Entry(group="N1", item="N1.2", is_measurable=True, series="b", strength="direct")
    old = Entry(group="N1", item="N1.3", is_measurable=True, series="c", strength="direct", missing="too old")
    assert [best([proxy]), best([direct]), best([old]), best([proxy, direct])] == ["proxy", "direct", "", "direct"]
    (share,) = shares((proxy, direct, old))
    assert (share.direct, share.proxy_only, share.none, share.of_measurable) == (1, 1, 1, 1 / 3)


def test_what_is_older_than_the_catalog_allows_is_too_old(embedded: Store) -> None:
    late = coverage(embedded, load_catalog(), today=date(2040, 1, 1))
    old = [entry for entry in late if entry.series == "ucdp_os_deaths"]
    assert old
    assert {entry.missing for entry in old} == {"too old"}


def test_the_same_day_gives_the_same_lines(embedded: Store, tmp_path: Path) -> None:
    again = open_store(Settings(data_dir=tmp_path))
    one, two = (coverage(store, load_catalog(), today=TODAY, iso3="SDN") for store in (embedded, again))
    assert [(e.item, e.series, e.missing, e.period, e.figure and e.figure.id) for e in one] == [
        (e.item, e.series, e.missing, e.period, e.figure and e.figure.id) for e in two
    ]


def test_a_status_older_than_its_rule_allows_is_too_old(embedded: Store) -> None:
    catalog = load_catalog()
    rule = catalog.prefill_rules["prefill.M5.1.rome_statute"].model_copy(update={"max_age_years": 1})
    assert apply_rule(embedded, catalog, rule, iso3="GHA", today=TODAY).score.value is not None
    assert apply_rule(embedded, catalog, rule, iso3="GHA", today=date(2030, 1, 1)).score.missing == "too old"
