"""Thresholds an installation sets for itself: with a reason, a name and a day, and never silently."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from forefend.assess.prefill import apply_rule
from forefend.catalog import load_catalog
from forefend.catalog.overrides import NAME, installed_catalog
from forefend.errors import CatalogError
from forefend.settings import Settings
from forefend.store import open_store

RULE = "prefill.N1.4.egalitarian"
GOOD = f"""
- rule: {RULE}
  thresholds: [[0.9, 1], [0.95, 2], [0.99, 3]]
  reason: Held to the standard of the equality act.
  by: Office of the focal point
  day: 2026-11-25
"""


def write(folder: Path, text: str) -> Path:
    (folder / NAME).write_text(text, encoding="utf-8")
    return folder


def test_without_a_file_the_catalog_is_as_shipped(tmp_path: Path) -> None:
    assert installed_catalog(tmp_path) is load_catalog()


def test_thresholds_are_replaced_and_the_rule_says_by_whom(tmp_path: Path) -> None:
    catalog = installed_catalog(write(tmp_path, GOOD))
    rule = catalog.prefill_rules[RULE]
    assert rule.thresholds[0] == (0.9, 1.0)
    assert rule.override == "Office of the focal point, 2026-11-25: Held to the standard of the equality act."
    assert load_catalog().prefill_rules[RULE].override == ""
    others = {name: other for name, other in catalog.prefill_rules.items() if name != RULE}
    assert all(load_catalog().prefill_rules[name] == other for name, other in others.items())


def test_a_level_is_suggested_by_the_thresholds_in_force(tmp_path: Path) -> None:
    store = open_store(Settings(data_dir=tmp_path))
    day = date(2026, 11, 25)
    shipped = apply_rule(store, load_catalog(), load_catalog().prefill_rules[RULE], iso3="GHA", today=day).score
    changed = installed_catalog(write(tmp_path, GOOD))
    own = apply_rule(store, changed, changed.prefill_rules[RULE], iso3="GHA", today=day).score
    assert shipped.value != own.value == 0.0
    assert own.params["thresholds"] == [[0.9, 1.0], [0.95, 2.0], [0.99, 3.0]]
    assert own.id != shipped.id


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("reason: Held to the standard of the equality act.", "reason: so"), "reason"),
        (("  by: Office of the focal point\n", ""), "by"),
        ((RULE, "prefill.N9.99.luck"), "there is no rule prefill.N9.99.luck"),
        ((RULE, "prefill.M5.1.rome_statute"), "has no thresholds"),
        (("[0.99, 3]", "[0.99, 4]"), "level 4"),
        (("[[0.9, 1], [0.95, 2], [0.99, 3]]", "[]"), "thresholds"),
        (("- rule", "rule"), "cannot be read"),
        (("day: 2026-11-25", "day: ["), "cannot be read"),
    ],
)
def test_what_cannot_be_followed_is_one_sentence(tmp_path: Path, change: tuple[str, str], told: str) -> None:
    with pytest.raises(CatalogError, match=told) as refusal:
        installed_catalog(write(tmp_path, GOOD.replace(*change)))
    assert "\n" not in str(refusal.value)


def test_a_rule_changed_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match="twice"):
        installed_catalog(write(tmp_path, GOOD + GOOD))
