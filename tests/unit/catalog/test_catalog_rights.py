"""The indices of rights and rule of law, from the publishers' files to the level they suggest."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from forefend.assess.prefill import Suggestion, apply_rule
from forefend.catalog import Catalog, load_catalog
from forefend.sources.intake import import_files
from forefend.sources.registry import find_source
from forefend.store import Store

TODAY = date(2026, 11, 25)
SOURCES = ("bti", "freedom_house", "pts", "epr", "rsf", "wjp", "cpi", "qog")
FILES = {
    "bti": "state/governance/bti_2006_2022.csv",
    "freedom_house": "state/governance/freedom_house_fiw_subscores_2012_2024.csv",
    "epr": "structural/epr-data.csv.gz",
    "cpi": "state/governance/cpi_ddf.csv",
    "qog": "state/governance/qog_std_cs_jan25.csv",
}
# Series whose publisher gives more to what is worse; everything else read from these sources is better when higher.
WORSE = {
    "bti_q13_2", "bti_q13_3", "pts_amnesty", "pts_human_rights_watch", "pts_state_department",
    "epr_excluded_share", "epr_discriminated_share",
    "epr_excluded_groups", "qog_vdem_corr", "qog_bti_ci",
}  # fmt: skip


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


@pytest.fixture(scope="module")
def store(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Store:
    made = Store(tmp_path_factory.mktemp("rights") / "store")
    for source, file in FILES.items():
        import_files(made, find_source(source), [data / file], today=TODAY)
    return made


@pytest.fixture(scope="module")
def suggested(store: Store, catalog: Catalog) -> Callable[..., Suggestion]:
    def apply(rule: str, iso3: str, *, today: date = TODAY) -> Suggestion:
        return apply_rule(store, catalog, catalog.prefill_rules[f"prefill.{rule}"], iso3=iso3, today=today)

    return apply


@pytest.mark.parametrize("source", SOURCES)
def test_every_series_read_is_declared_and_every_declared_one_is_read(catalog: Catalog, source: str) -> None:
    declared = {series.id for series in catalog.data_indicators.values() if series.source == source}
    assert declared == set(find_source(source).metadata.indicators)


def test_directions_are_the_publishers(catalog: Catalog) -> None:
    own = [series for series in catalog.data_indicators.values() if series.source in SOURCES]
    assert {series.id for series in own if series.direction == "higher_is_worse"} == WORSE
    for rule in catalog.prefill_rules.values():
        if catalog.data_indicators[rule.subject].source in SOURCES:
            assert rule.higher_is_better == (rule.subject not in WORSE), rule.id


def test_no_rule_outlives_its_series(catalog: Catalog) -> None:
    for rule in catalog.prefill_rules.values():
        series = catalog.data_indicators[rule.subject]
        if series.source in SOURCES:
            assert rule.max_age_years is not None
            assert series.max_age_years is not None
            assert rule.max_age_years <= series.max_age_years <= 6, rule.id


def test_a_copy_is_no_stronger_than_its_original(catalog: Catalog) -> None:
    """The copy of the press freedom score, say, is direct only where the publisher's own is."""
    copies = {"qog_wjp_gov_pow_jud": "wjp_f1_2", "qog_wjp_ppl_civ_jus": "wjp_f7_1", "qog_rsf_pfi": "rsf_score", "qog_ti_cpi": "cpi_score",
              "qog_wjp_trans_pow": "wjp_f1_6", "qog_wjp_gov_of_mis": "wjp_f1_4", "qog_bti_ci": "bti_q13_3"}  # fmt: skip
    for copy, original in copies.items():
        own = {served.id: served.strength for served in catalog.data_indicators[original].serves}
        for served in catalog.data_indicators[copy].serves:
            assert served.strength == "proxy" or own.get(served.id) == "direct", f"{copy} for {served.id}"


@pytest.mark.parametrize(
    ("rule", "iso3", "value", "level"),
    [
        ("N1.1.equal_treatment", "NOR", 4, 2),
        ("N1.1.equal_treatment", "SDN", 0, 0),
        ("N1.1.equal_opportunity", "GHA", 6, 2),
        ("N3.1.judiciary", "GHA", 7, 3),
        ("N3.1.judiciary", "COL", 6, 2),
        ("N3.1.judiciary", "KAZ", 4, 1),
        ("N3.3.office_abuse", "SDN", 1, 0),
        ("N3.3.office_abuse", "COL", 6, 2),
        ("N4.1.electoral_framework", "IDN", 3, 2),
        ("N4.1.electoral_framework", "NOR", 4, 3),
        ("N7.2.organisations", "SDN", 1, 1),
    ],
)
def test_an_answer_becomes_a_level(suggested: Callable[..., Suggestion], rule: str, iso3: str, value: float, level: float) -> None:
    found = suggested(rule, iso3)
    assert (found.figure.value, found.score.value) == (value, level)
    assert found.sets_level


def test_a_series_that_runs_the_other_way_suggests_the_other_way(suggested: Callable[..., Suggestion]) -> None:
    """Conflict intensity: Syria's 9 or 10 is the worst, and suggests less than a calm state's."""
    syria, uruguay = suggested("N2.1.conflict_intensity", "SYR"), suggested("N2.1.conflict_intensity", "URY")
    assert syria.figure.value is not None
    assert uruguay.figure.value is not None
    assert syria.figure.value > uruguay.figure.value
    assert (syria.score.value, uruguay.score.value) == (0, 3)
    assert not syria.sets_level


def test_an_edition_of_bti_is_shown_as_of_the_year_it_ends_in(suggested: Callable[..., Suggestion]) -> None:
    """The edition of 2024 ends in January 2023, and is too old from 2028 on."""
    assert suggested("N3.1.judiciary", "GHA").figure.period == "2023"
    assert suggested("N3.1.judiciary", "GHA", today=date(2028, 1, 1)).score.missing == "too old"


def test_old_files_set_no_level(suggested: Callable[..., Suggestion]) -> None:
    for rule in ("N1.3.excluded_groups", "N3.3.perceived_corruption", "N7.1.press_freedom_copy"):
        assert suggested(rule, "GHA").score.missing == "too old", rule


def test_a_state_the_source_does_not_rate_gets_no_level(suggested: Callable[..., Suggestion]) -> None:
    assert suggested("N3.1.judiciary", "NOR").score.missing == "not monitored"
