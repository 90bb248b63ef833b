"""What giving, paying, ratifying and answering suggest: one part of a question at a time, and never level 4."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import yaml

import forefend
from forefend.assess.prefill import apply_rule
from forefend.catalog import load_catalog
from forefend.sources.contract import Expectations
from forefend.sources.intake import import_files
from forefend.sources.registry import find_source, sources
from forefend.store import Store

DATA = Path(forefend.__file__).parent / "catalog" / "data"
TODAY = date(2026, 11, 1)
CATALOG = load_catalog()
DECLARED = yaml.safe_load((DATA / "indicators" / "giving.yaml").read_text(encoding="utf-8"))["indicators"]
RULES = [entry["id"] for entry in yaml.safe_load((DATA / "prefill" / "giving.yaml").read_text(encoding="utf-8"))["rules"]]
# Of these the number is the whole of what the question asks, or of what it asks first, for states of any size.
ABOVE_PARTIAL = {
    "prefill.B2.2.prevention_share", "prefill.M4.5.peacebuilding_fund", "prefill.M2.6.contribution", "prefill.M4.6.regular_budget",
    "prefill.N6.5.visits", "prefill.N6.4.overdue", "prefill.M5.4.cases", "prefill.M5.10.dues", "prefill.N2.11.days",
    "prefill.M4.4.answered", "prefill.R2.4.protection_rate_neighbours",
}  # fmt: skip


def test_every_declared_series_is_one_its_source_provides() -> None:
    for entry in DECLARED:
        assert entry["id"] in sources()[entry["source"]].metadata.indicators, entry["id"]


def test_series_and_rules_say_the_same_of_each_question() -> None:
    served = {(entry["id"], served["id"]): served["strength"] for entry in DECLARED for served in entry["serves"]}
    assert served == {
        (CATALOG.prefill_rules[rule].subject, CATALOG.prefill_rules[rule].question): CATALOG.prefill_rules[rule].strength for rule in RULES
    }


def test_most_rules_stop_at_partial_and_none_suggests_the_highest_level() -> None:
    highest = {rule: max(level for _, level in CATALOG.prefill_rules[rule].thresholds) for rule in RULES}
    assert {rule for rule, level in highest.items() if level > 2} == ABOVE_PARTIAL
    assert max(highest.values()) == 3


def test_series_that_is_worse_when_higher_is_scored_so() -> None:
    worse = {entry["id"] for entry in DECLARED if entry["direction"] == "higher_is_worse"}
    assert {CATALOG.prefill_rules[rule].subject for rule in RULES if not CATALOG.prefill_rules[rule].higher_is_better} == worse


@pytest.mark.parametrize(
    ("rule", "source", "levels"),
    [
        ("prefill.M4.6.regular_budget", "un_honour_roll", {"NOR": 3, "GHA": 2, "FRA": None}),
        ("prefill.N6.4.overdue", "ohchr_cooperation", {"NOR": 3, "GHA": 2, "FJI": 2, "FRA": None}),
        ("prefill.N6.5.standing_invitation", "ohchr_cooperation", {"NOR": 1, "FRA": None}),
        ("prefill.R1.1.norms", "regional_treaties", {"GHA": 2, "KEN": 1, "NOR": None}),
        ("prefill.M5.4.cases", "icj_docket", {"CAN": 3, "GMB": 2, "MMR": 0, "FRA": None}),
        ("prefill.M5.10.dues", "icc_finance", {"DEU": 3, "BRA": 1, "FRA": None}),
        ("prefill.B2.2.prevention_share", "oecd_crs", {"NOR": 2, "GHA": None}),
        ("prefill.M1.6.refugee_protection", "un_ceb_revenue", {"NOR": 2}),
        ("prefill.R3.5.civilians_sent", "sipri_pko", {"FRA": 2, "GHA": 1, "KEN": 0}),
        ("prefill.M3.7.asset_freezes", "fatf_ratings", {"CHL": 2, "FJI": None}),
        ("prefill.N2.11.days", "access_now", {"IND": 0, "KEN": 2, "IRN": 0}),
    ],
)
def test_import_suggests_a_level(tmp_path: Path, rule: str, source: str, levels: dict[str, float | None]) -> None:
    """Imported samples, as a person would see them; a state that is not on a list has no level."""
    found = find_source(source)
    lenient = replace(found, metadata=found.metadata.model_copy(update={"expect": Expectations(rejected_share_at_most=1.0)}))
    store = Store(tmp_path / "store")
    import_files(
        store, lenient, list(found.samples().values()), today=TODAY, vintage=None if found.read(found.samples()).vintage else "2026"
    )
    for iso3, level in levels.items():
        assert apply_rule(store, CATALOG, CATALOG.prefill_rules[rule], iso3=iso3, today=TODAY).score.value == level, iso3
