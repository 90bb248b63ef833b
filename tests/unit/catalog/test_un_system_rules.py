"""What the series of the United Nations system suggest: only what a state does itself is direct, and never level 4."""

from __future__ import annotations

from pathlib import Path

import yaml

import forefend
from forefend.catalog import load_catalog
from forefend.sources.registry import sources

DATA = Path(forefend.__file__).parent / "catalog" / "data"
OURS = ("un_psdata_vetoes", "un_psdata_missions", "un_psdata_personnel", "un_hrc", "un_sc_votes", "upr_info", "uhri", "reliefweb", "feeds")


def test_every_declared_series_is_one_its_source_provides() -> None:
    declared = yaml.safe_load((DATA / "indicators" / "un_system.yaml").read_text(encoding="utf-8"))["indicators"]
    for entry in declared:
        assert entry["source"] in OURS
        assert entry["id"] in sources()[entry["source"]].metadata.indicators, entry["id"]


def test_how_often_a_mechanism_speaks_of_a_state_is_never_direct() -> None:
    catalog = load_catalog()
    direct = {
        series.id
        for series in catalog.data_indicators.values()
        if series.source in OURS and any(served.strength == "direct" for served in series.serves)
    }
    assert direct == {"upr_made_specific_on_risk", "un_uniformed_women", "un_police_personnel"}


def test_direct_rules_leave_what_the_number_does_not_show_to_people() -> None:
    rules = load_catalog().prefill_rules
    assert max(level for _, level in rules["prefill.M2.1.specific_on_risk"].thresholds) == 2
    assert all(max(level for _, level in rules[f"prefill.M4.8.{kind}"].thresholds) == 3 for kind in ("women", "police"))
