"""What the catalog says of public series agrees with the sources that supply them and with the publishers' files."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
import yaml

import forefend
from forefend.catalog import Catalog, load_catalog
from forefend.sources.un_sdg.series import SERIES
from forefend.sources.un_treaties.instruments import INSTRUMENTS
from forefend.sources.vdem.indices import INDICES
from forefend.store.tables import SUBJECT

FOLDERS = {path.parent.name for path in (Path(forefend.__file__).parent / "sources").glob("*/source.yaml")}


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def test_every_series_comes_from_a_source_there_is(catalog: Catalog) -> None:
    assert {series.source for series in catalog.data_indicators.values()} - FOLDERS == set()


def test_every_index_read_is_declared_and_every_declared_one_is_read(catalog: Catalog) -> None:
    declared = {series.id for series in catalog.data_indicators.values() if series.source == "vdem"}
    assert declared == {f"vdem_{index}" for index in INDICES}


@pytest.mark.parametrize("source", ["worldbank_wdi", "worldbank_wgi", "wikidata_missions", "oecd_dac2a"])
def test_declared_series_are_named_in_their_source(catalog: Catalog, source: str) -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in (Path(forefend.__file__).parent / "sources" / source).glob("*.*"))
    for series in catalog.data_indicators.values():
        if series.source == source:
            assert re.search(rf"\b{series.id}\b", code), series.id


def test_sdg_series_are_those_of_the_publisher(catalog: Catalog, data: Path) -> None:
    published = {f"sdg_{path.stem}" for path in (data / "state" / "sdg").glob("sg_*.csv")}
    declared = {series.id for series in catalog.data_indicators.values() if series.source == "un_sdg"}
    assert published <= declared
    assert declared == {f"sdg_{series}" for series in SERIES}


def test_statements_count_in_tables_and_serve_no_percentile(catalog: Catalog) -> None:
    for series in catalog.data_indicators.values():
        assert series.table in SUBJECT
        if series.table == "facts":
            assert series.direction == "none", series.id


def test_treaties_a_rule_counts_are_read(catalog: Catalog) -> None:
    for rule in catalog.prefill_rules.values():
        kind, _, key = rule.subject.partition(":")
        if kind == "treaty":
            assert {key} - {""} | set(rule.keys) <= set(INSTRUMENTS.values()), rule.id


def test_commitments_and_their_words_are_those_of_the_register(catalog: Catalog, data: Path) -> None:
    """A status a rule scores must be written so in the register, or the rule would never speak."""
    with (data / "calendar" / "commitments.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    words: dict[str, set[str]] = {}
    for row in rows:
        words.setdefault(row["commitment"], set()).add(row["status"].removesuffix(" (unverified)"))
    for rule in catalog.prefill_rules.values():
        kind, _, key = rule.subject.partition(":")
        if kind == "commitment":
            assert set(rule.status_scores) <= words[key] | {"not party"}, rule.id


def test_direct_means_directly(catalog: Catalog) -> None:
    """Every series that leads a factor is an observation with a direction; its list is short enough to be read."""
    direct = {
        (series.id, served.id)
        for series in catalog.data_indicators.values()
        for served in series.serves
        if served.strength == "direct" and served.id in catalog.indicators and series.table == "observations"
    }
    assert all(catalog.data_indicators[series].direction != "none" for series, _ in direct)
    assert ("vdem_v2smpolhate_osp", "RF7.14") not in direct, "a level of party speech does not show that hate speech grows"
    assert ("ucdp_sb_deaths", "RF1.1") in direct


def test_prefill_files_are_plain_yaml() -> None:
    """No anchors or tags: a lawyer reads these files."""
    folder = Path(forefend.__file__).parent / "catalog" / "data"
    for path in folder.rglob("*.yaml"):
        assert not any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(path.read_text(encoding="utf-8"))), path.name
