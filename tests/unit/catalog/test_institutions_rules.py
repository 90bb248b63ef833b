"""The rules on institutions speak in the words of their sources, point the right way, and claim no more than the number says."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

import forefend
from forefend.catalog import Catalog, load_catalog
from forefend.catalog.model import PrefillRule
from forefend.sources.icrc_treaties.source import TREATIES
from forefend.sources.tjet.standing import ORDER
from forefend.sources.un_treaties.instruments import INSTRUMENTS
from forefend.sources.vdem.indices import within

FOLDER = Path(forefend.__file__).parent / "catalog" / "data"
OWN = [rule["id"] for rule in yaml.safe_load((FOLDER / "prefill" / "institutions.yaml").read_text(encoding="utf-8"))["rules"]]
STATUSES = {"party", "signatory, not party", "not party", "withdrawn", "unclear"}


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


@pytest.fixture(scope="module")
def rules(catalog: Catalog) -> list[PrefillRule]:
    return [catalog.prefill_rules[identifier] for identifier in OWN]


def test_a_status_a_rule_scores_is_one_its_source_writes(rules: list[PrefillRule]) -> None:
    words = {"treaty": STATUSES, "ihl_treaty": {"party", "not party"}, "transitional_justice": set(ORDER)}
    for rule in rules:
        if rule.method == "status":
            assert set(rule.status_scores) <= words[rule.subject.partition(":")[0]], rule.id


def test_a_statement_a_rule_reads_is_one_its_source_keeps(rules: list[PrefillRule]) -> None:
    keys = {
        "treaty": set(INSTRUMENTS.values()),
        "ihl_treaty": set(TREATIES.values()),
        "transitional_justice": {"truth_commission", "reparation_programme", "amnesty", "vetting", "un_investigation"},
    }
    for rule in rules:
        kind, _, key = rule.subject.partition(":")
        if kind in keys:
            assert {key} - {""} | set(rule.keys) <= keys[kind], rule.id


def test_steps_go_the_way_the_series_is_better(catalog: Catalog, rules: list[PrefillRule]) -> None:
    for rule in rules:
        if rule.method == "step":
            direction = catalog.data_indicators[rule.subject].direction
            assert direction != "none", rule.id
            assert rule.higher_is_better == (direction == "higher_is_better"), rule.id
            ordered = sorted(rule.thresholds, reverse=not rule.higher_is_better)
            assert [level for _, level in ordered] == sorted(level for _, level in ordered), rule.id


def test_steps_lie_on_the_scale(rules: list[PrefillRule]) -> None:
    for rule in rules:
        if rule.method == "step" and rule.subject.startswith("vdem_"):
            least, most = within(rule.subject.removeprefix("vdem_"))
            assert all(least <= threshold <= most for threshold, _ in rule.thresholds), rule.id


def test_scales_that_run_against_their_neighbours(catalog: Catalog) -> None:
    """Polarization of society is better the higher, of camps worse the higher: V-Dem asks them the other way round."""
    directions = {series.id: series.direction for series in catalog.data_indicators.values()}
    assert directions["vdem_v2smpolsoc_osp"] == "higher_is_better"
    assert directions["vdem_v2cacamps_osp"] == "higher_is_worse"
    assert directions["goci_law_enforcement"] == "higher_is_better"
    assert directions["goci_arms_trafficking"] == "higher_is_worse"
    assert directions["ert_regime"] == "higher_is_better"


def test_treaties_and_counts_of_cases_claim_no_more_than_the_middle(catalog: Catalog, rules: list[PrefillRule]) -> None:
    for rule in rules:
        if rule.strength == "direct" and (rule.method == "status" or rule.subject.startswith("tjet_")):
            highest = max([*rule.status_scores.values(), *(level for _, level in rule.thresholds)])
            assert highest <= 2, rule.id


def test_direct_rules_that_were_weighed(rules: list[PrefillRule]) -> None:
    """A change here is a change of what sets a level without a person; look at the question's text first."""
    assert {rule.question for rule in rules if rule.strength == "direct"} == {
        *("N1.4", "N1.5", "N3.1", "N3.4", "N3.6", "N4.5", "N4.6", "N7.1", "N7.2", "N8.2", "N8.3", "N8.9", "N9.1", "N9.3"),
        *("B3.2", "M2.3", "M4.7", "M5.2", "N6.10", "N7.6"),
    }
