"""What the series of the United Nations system suggest: only what a state does itself is direct, and never level 4."""

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


@pytest.mark.parametrize(("iso3", "women", "police"), [("GHA", 3.0, 2.0), ("NPL", 2.0, None), ("PER", None, None)])
def test_people_sent_suggest_a_level_and_nobody_sent_suggests_none(
    tmp_path: Path, iso3: str, women: float | None, police: float | None
) -> None:
    path = tmp_path / "DPO-UCHISTORICAL.csv"
    head = "isocode3,contributing_country,mission_acronym,personnel_type,female_personnel,male_personnel,last_reporting_date"
    rows = (
        "GHA,Ghana,UNIFIL,Troops,60,500,2026-09-30",
        "GHA,Ghana,UNMISS,Individual Police,4,9,2026-09-30",
        "NPL,Nepal,UNMISS,Troops,1,9,2026-09-30",
    )
    path.write_text("\n".join([head, *rows, ""]), encoding="utf-8")
    source = find_source("un_psdata_personnel")
    lenient = replace(source, metadata=source.metadata.model_copy(update={"expect": Expectations()}))
    store, catalog = Store(tmp_path / "store"), load_catalog()
    import_files(store, lenient, [path], today=date(2026, 11, 24))
    found = [
        apply_rule(store, catalog, catalog.prefill_rules[f"prefill.M4.8.{kind}"], iso3=iso3, today=date(2026, 11, 24)).score.value
        for kind in ("women", "police")
    ]
    assert found == [women, police]
