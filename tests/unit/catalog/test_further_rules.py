"""Rules on roll calls, memberships and counts over several lists, from the file to the level."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from forefend.assess.coverage import coverage
from forefend.assess.prefill import Suggestion, apply_rule
from forefend.catalog import load_catalog
from forefend.sources.contract import Expectations
from forefend.sources.intake import import_files
from forefend.sources.registry import find_source
from forefend.store import Store

CATALOG = load_catalog()
TODAY = date(2026, 11, 24)
VOTES = """resolution,date,title,iso3,vote,undl_record
A/RES/75/277,2021-05-18,The responsibility to protect,GHA,yes,1
A/RES/75/277,2021-05-18,The responsibility to protect,RUS,no,1
A/RES/75/277,2021-05-18,The responsibility to protect,IND,abstain,1
A/RES/75/277,2021-05-18,The responsibility to protect,TUV,did not vote,1
A/RES/77/301,2023-06-29,Missing persons,GHA,yes,2
A/RES/77/301,2023-06-29,Missing persons,RUS,no,2
A/RES/ES-11/1,2022-03-02,Aggression,GHA,yes,3
A/RES/ES-11/1,2022-03-02,Aggression,RUS,no,3
A/RES/ES-11/1,2022-03-02,Aggression,IND,abstain,3
A/RES/ES-11/1,2022-03-02,Aggression,MAR,did not vote,3
A/RES/ES-11/1,2022-03-02,Aggression,VEN,did not vote,3
A/RES/ES-10/22,2023-12-12,Protection of civilians,MAR,yes,4
A/RES/ES-10/22,2023-12-12,Protection of civilians,VEN,did not vote,4
A/RES/ES-10/22,2023-12-12,Protection of civilians,GHA,yes,4
A/RES/ES-10/22,2023-12-12,Protection of civilians,RUS,yes,4
A/RES/ES-10/22,2023-12-12,Protection of civilians,IND,abstain,4
"""
MEMBERS = """iso3,organisation,status
GHA,ECOWAS,member
MAR,ECOWAS,observer
GHA,AU,member
NER,AU,suspended
"""


def _import(folder: Path, source: str, *paths: Path, vintage: str, published: date) -> None:
    found = find_source(source)
    lenient = replace(found, metadata=found.metadata.model_copy(update={"expect": Expectations()}))
    import_files(Store(folder), lenient, list(paths), today=TODAY, vintage=vintage, published=published, allow_older=True)


def _suggest(folder: Path, rule: str, iso3: str, *, today: date = TODAY) -> Suggestion:
    return apply_rule(Store(folder), CATALOG, CATALOG.prefill_rules[rule], iso3=iso3, today=today)


@pytest.fixture
def voted(tmp_path: Path) -> Path:
    path = tmp_path / "unga_votes_2020_2023.csv"
    path.write_text(VOTES, encoding="utf-8")
    _import(tmp_path / "store", "unga_votes", path, vintage="2023", published=date(2024, 3, 31))
    return tmp_path / "store"


@pytest.mark.parametrize(
    ("rule", "levels"),
    [
        ("prefill.M1.2.r2p_resolution", {"GHA": 2.0, "IND": 1.0, "RUS": 0.0, "TUV": None}),
        ("prefill.M5.3.missing_persons", {"GHA": 2.0, "RUS": None, "TUV": None}),
        ("prefill.M3.4.assembly_votes", {"GHA": 2.0, "IND": 1.0, "RUS": 1.0, "TUV": None, "MAR": 1.0, "VEN": None}),
    ],
)
def test_how_a_state_voted_suggests_the_anchor_that_names_it(voted: Path, rule: str, levels: dict[str, float | None]) -> None:
    assert {iso3: _suggest(voted, rule, iso3).score.value for iso3 in levels} == levels


def test_a_roll_call_ages_from_its_own_day_and_not_from_the_list(voted: Path) -> None:
    found = _suggest(voted, "prefill.M1.2.r2p_resolution", "GHA")
    assert (found.figure.period, found.age_days) == ("2021", (TODAY - date(2021, 5, 18)).days)
    assert _suggest(voted, "prefill.M1.2.r2p_resolution", "GHA", today=date(2027, 1, 1)).score.missing == "too old"


@pytest.fixture
def endorsed(tmp_path: Path) -> Path:
    _import(tmp_path / "store", "endorsements", find_source("endorsements").folder / "sample.csv", vintage="2026-11", published=TODAY)
    return tmp_path / "store"


@pytest.mark.parametrize(
    ("rule", "levels"),
    [
        ("prefill.M4.2.kigali_principles_read", {"GHA": 2.0, "ZAF": None}),
        ("prefill.M4.7.peacekeepers_attacked", {"NPL": 2.0, "RWA": None}),
        ("prefill.M5.8.sanctions_on_the_court", {"ZAF": 2.0, "RWA": None}),
    ],
)
def test_a_name_under_a_text_is_the_middle_anchor_and_none_suggests_nothing(
    endorsed: Path, rule: str, levels: dict[str, float | None]
) -> None:
    found = {iso3: _suggest(endorsed, rule, iso3) for iso3 in levels}
    assert {iso3: one.score.value for iso3, one in found.items()} == levels
    assert {iso3: one.sets_level for iso3, one in found.items()} == {iso3: level is not None for iso3, level in levels.items()}


def test_a_joint_statement_ages_from_its_own_day_and_not_from_the_list(endorsed: Path) -> None:
    rule = "prefill.M5.8.sanctions_on_the_court"
    found = _suggest(endorsed, rule, "ZAF")
    assert (found.figure.period, found.age_days) == ("2025", (TODAY - date(2025, 2, 7)).days)
    assert _suggest(endorsed, rule, "ZAF", today=date(2029, 1, 1)).score.missing == "too old"


def test_an_endorsement_goes_on_but_ages_from_the_list_it_was_read_in(endorsed: Path) -> None:
    found = _suggest(endorsed, "prefill.M4.2.kigali_principles_read", "GHA")
    assert (found.figure.period, found.age_days) == ("2016", (TODAY - date(2016, 11, 1)).days)
    assert found.sets_level
    assert found.confidence < _suggest(endorsed, "prefill.M5.8.sanctions_on_the_court", "GHA").confidence


def test_a_statement_that_is_too_old_for_its_rule_is_no_data_for_the_world_either(endorsed: Path) -> None:
    held = {day: {e.series: e for e in coverage(Store(endorsed), CATALOG, today=day)} for day in (TODAY, date(2029, 1, 1))}
    act, goes_on = "joint_statement:icc_sanctions_2025", "endorsement:kigali_principles"
    assert [(entries[act].missing, entries[goes_on].missing) for entries in held.values()] == [("", ""), ("too old", "")]
    assert {held[TODAY][series].strength for series in (act, goes_on)} == {"hand-kept"}


def test_only_a_member_is_bound_by_what_binds_members(tmp_path: Path) -> None:
    path = tmp_path / "igo_participation.csv"
    path.write_text(MEMBERS, encoding="utf-8")
    _import(tmp_path / "store", "factbook_memberships", path, vintage="2026", published=date(2026, 2, 4))
    ecowas = {iso3: _suggest(tmp_path / "store", "prefill.R1.4.ecowas", iso3).sets_level for iso3 in ("GHA", "MAR", "COL")}
    union = {iso3: _suggest(tmp_path / "store", "prefill.R1.1.african_union", iso3).sets_level for iso3 in ("GHA", "NER")}
    assert ecowas == {"GHA": True, "MAR": False, "COL": False}
    assert union == {"GHA": True, "NER": False}


def test_a_coup_within_five_years_sets_the_worst_level_and_none_suggests_nothing(tmp_path: Path) -> None:
    path = tmp_path / "list.txt"
    head = "country\tccode\tyear\tmonth\tday\tcoup\tversion\n"
    days = ["Sudan\t625\t2021\t10\t25\t2\t1", "Ghana\t452\t1981\t12\t31\t2\t1", "Sierra Leone\t451\t2025\t12\t31\t1\t1"]
    path.write_text(head + "".join(f"{day}\n" for day in days), encoding="utf-8")
    store, rule = tmp_path / "store", "prefill.N4.6.coups_five_years"
    _import(store, "coups", path, vintage="2025", published=date(2026, 1, 5))
    found = {iso3: _suggest(store, rule, iso3) for iso3 in ("SDN", "GHA", "SLE")}
    assert {iso3: (one.figure.value, one.score.value, one.sets_level) for iso3, one in found.items()} == {
        "SDN": (1.0, 0.0, True), "GHA": (0.0, None, False), "SLE": (0.0, None, False),
    }  # fmt: skip
    strengths = {
        iso3: next(e for e in coverage(Store(store), CATALOG, today=TODAY, iso3=iso3) if e.series == "derived_coups_five_years")
        for iso3 in ("SDN", "GHA")
    }
    assert {iso3: (entry.strength, entry.has_data) for iso3, entry in strengths.items()} == {
        "SDN": ("direct", True),
        "GHA": ("proxy", True),
    }


def test_treaties_are_counted_over_all_lists_and_over_one_only_as_a_hint(tmp_path: Path, data: Path) -> None:
    newest, older = data / "state" / "treaties" / "status_2022_long.csv", data / "state" / "treaties" / "untc_2015_long.csv"
    store, rule = tmp_path / "store", "prefill.N6.2.core_treaties"
    _import(store, "un_treaties", newest, vintage="2022-08", published=date(2022, 8, 31))
    alone = _suggest(store, rule, "FRA")
    assert (alone.figure.value, alone.sets_level) == (9.0, False)
    _import(store, "un_treaties", older, vintage="2015-03", published=date(2015, 3, 31))
    both = _suggest(store, rule, "FRA")
    assert (both.figure.value, both.score.value, both.sets_level) == (14.0, 3.0, True)
    assert both.age_days == (TODAY - date(2015, 3, 31)).days
    assert len(both.figure.snapshots) == 2
    bounds = {iso3: _suggest(store, rule, iso3) for iso3 in ("MMR", "TUV", "IDN")}
    assert {iso3: (found.figure.value, found.score.value) for iso3, found in bounds.items()} == {
        "MMR": (5.0, 0.0),
        "TUV": (6.0, 0.0),
        "IDN": (8.0, 1.0),
    }
    assert [iso3 for iso3, found in bounds.items() if found.sets_level] == ["IDN"], "a lower bound sets no 0"


def test_an_accreditation_that_was_lost_since_is_not_shown_as_standing(tmp_path: Path, data: Path) -> None:
    """Fiji was compliant in 2005 and has not applied since; a list of 2020 does not make it so in 2026."""
    _import(tmp_path / "store", "un_sdg", data / "state" / "sdg" / "sg_nhr_impln.csv", vintage="2020", published=date(2020, 12, 31))
    found = {iso3: _suggest(tmp_path / "store", "prefill.N6.1.paris_principles", iso3) for iso3 in ("GHA", "FJI", "TUV")}
    assert {iso3: suggestion.score.value for iso3, suggestion in found.items()} == {"GHA": 2.0, "FJI": None, "TUV": None}
    assert found["FJI"].score.missing == "too old"
    assert found["GHA"].figure.period == "2019"


def test_what_the_ten_states_showed_to_be_no_level() -> None:
    """Each was compared with what the state's own lawyers would say, see docs/audit; a number of another thing is a hint."""
    rules = CATALOG.prefill_rules
    hints = (
        "N8.1.trials_at_home",
        "N3.5.openness",
        "N3.4.horizontal_accountability",
        "N4.6.transition_copy",
        "N3.2.civil_justice_access_copy",
    )
    assert {rules[f"prefill.{hint}"].strength for hint in hints} == {"proxy"}
    partial = ("N1.1.equal_treatment", "N3.4.legislative_limits", "N3.4.parliament_investigates")
    assert {max(level for _, level in rules[f"prefill.{name}"].thresholds) for name in partial} == {2}


def test_a_list_of_which_no_row_was_confirmed_is_no_data(tmp_path: Path, data: Path) -> None:
    _import(tmp_path / "store", "register", data / "calendar" / "commitments.csv", vintage="2026-11", published=date(2026, 11, 22))
    held = {entry.series: entry.missing for entry in coverage(Store(tmp_path / "store"), CATALOG, today=TODAY)}
    assert held["commitment:kigali_principles"] == "unverified"
    assert held["commitment:act_code_of_conduct"] == ""
