"""The check names every reference that leads nowhere and every question that cannot be answered."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from forefend.catalog import check, counts, load_catalog
from forefend.catalog.load import DATA


def problems(tmp_path: Path, name: str, old: str, new: str) -> list[str]:
    folder = Path(shutil.copytree(DATA, tmp_path / "data"))
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    return check(load_catalog(folder))


def test_the_shipped_catalog_is_sound() -> None:
    assert check(load_catalog()) == []


def test_counts_name_every_kind() -> None:
    found = counts(load_catalog())
    assert found["actions"] == 21
    assert found["prefill_rules"] >= 25
    assert all(found.values())


@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [
        ("framework.yaml", "mitigates_risk_factors: [RF3.1, RF9.1]", "mitigates_risk_factors: [RF3.99]", "N1.1 names risk RF3.99"),
        ("framework.yaml", "usual_respondents: [justice_ministry,", "usual_respondents: [ministry_of_luck,", "N1.1 names respondent"),
        ("framework.yaml", "      4: Comprehensive law", "      3: Comprehensive law", "N1.1 lacks an anchor for level 0, 2 or 4."),
        ("framework.yaml", "        0: 40\n", "        1: 40\n", "N1.7 lacks the two points that earn 0 and 4."),
        ("framework.yaml", "better: lower", "better: higher", "N1.7 earns 4 at the end that it calls worse."),
        ("framework.yaml", "      partly: ", "      maybe: ", "does not say what yes, partly and no mean."),
        ("framework.yaml", "- source: vdem\n", "- source: oracle\n", "N1.1 names source oracle, which does not exist."),
        ("framework.yaml", "related_options: [national.equality_reform, ", "related_options: [", "which does not name it back."),
        ("options.yaml", "leverage_types: [domestic_authority]", "leverage_types: [magic]", "names lever magic, which does not exist."),
        ("options.yaml", "addresses_risk_factors: [RF6.11", "addresses_risk_factors: [RF60", "names risk RF60, which does not exist."),
        ("windows.yaml", "    to: upr.session\n", "    to: upr.party\n", "names window upr.party, which does not exist."),
        ("windows.yaml", "options: [multi.upr_recommendations]", "options: [multi.party]", "upr.session names option multi.party"),
        ("risk_factors.yaml", "indicator_count: 11", "indicator_count: 12", "RF1 has 11 indicators, but says 12."),
        ("indicators/starter.yaml", "serves: [{id: RF1.1,", "serves: [{id: RF1.99,", "ucdp_sb_deaths names question or risk RF1.99"),
        ("prefill/starter.yaml", "subject: vdem_v2clsocgrp_osp", "subject: vdem_luck", "names series vdem_luck, which does not exist."),
        (
            "prefill/starter.yaml",
            "[3.0, 3]]\n  strength: proxy",
            "[3.0, 3]]\n  strength: direct",
            "is direct for N1.1, but vdem_v2clsocgrp_osp says proxy.",
        ),
        ("prefill/starter.yaml", "[3.0, 3]]", "[3.0, 4]]", "suggests level 4 from an index"),
        ("prefill/starter.yaml", "status_scores: {", "status_scores: {'odd': 7, ", "suggests a level that does not exist."),
    ],
)
def test_each_fault_is_a_sentence(tmp_path: Path, name: str, old: str, new: str, says: str) -> None:
    found = problems(tmp_path, name, old, new)
    assert any(says in problem for problem in found), found
    assert all(problem.endswith(".") for problem in found)
