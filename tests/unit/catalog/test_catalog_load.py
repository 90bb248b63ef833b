"""The catalog as shipped, and how a damaged one is refused."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pydantic import ValidationError

from forefend.catalog import Catalog, load_catalog
from forefend.catalog.load import DATA
from forefend.catalog.model import KINDS
from forefend.errors import CatalogError


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DATA, tmp_path / "data"))


def change(folder: Path, name: str, old: str, new: str) -> Path:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


def test_the_framework_is_whole(catalog: Catalog) -> None:
    assert [sum(a.sphere == sphere for a in catalog.actions.values()) for sphere in catalog.spheres] == [10, 3, 3, 5]
    assert len(catalog.questions) == 174
    assert len(catalog.risk_factors) == 14
    assert len(catalog.indicators) == 138
    assert len(catalog.options) == 82


def test_an_action_knows_its_questions_and_a_question_its_action(catalog: Catalog) -> None:
    action = catalog.actions["N1"]
    assert action.questions[0] == "N1.1"
    question = catalog.questions["N1.1"]
    assert question.action == "N1"
    assert (question.criticality, question.weight) == ("core", 3)
    assert question.text.startswith("Does domestic law prohibit")
    assert set(question.levels) == {0, 2, 4}
    assert question.mitigates == ("RF3.1", "RF9.1")


def test_conditions_that_switch_a_question_off_are_read(catalog: Catalog) -> None:
    assert sum(bool(question.applies_if) for question in catalog.questions.values()) == 53


def test_a_numeric_question_has_its_two_points(catalog: Catalog) -> None:
    numeric = catalog.questions["N1.7"].numeric
    assert numeric is not None
    assert dict(numeric.score_at) == {0: 40.0, 4: 5.0}


def test_a_number_is_official_only_where_the_text_was_compared(catalog: Catalog) -> None:
    for indicator in catalog.indicators.values():
        assert bool(indicator.official_number) == (indicator.text_check == "confirmed")
    assert catalog.indicators["RF7.3"].official_number == "7.3"
    assert catalog.indicators["RF13.12"].official_number == ""
    assert not any(action.official_number for action in catalog.actions.values())


def test_entries_cannot_be_changed(catalog: Catalog) -> None:
    with pytest.raises(ValidationError, match="frozen"):
        catalog.actions["N1"].title = "Other"  # type: ignore[misc]


def test_it_is_read_once(catalog: Catalog) -> None:
    assert load_catalog() is catalog


def test_a_process_has_the_catalog_in_well_under_a_second() -> None:
    """The limit leaves room for a busy machine; alone it takes about half of it."""
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", "from forefend.catalog import load_catalog; load_catalog()"], check=True)
    assert time.perf_counter() - started < 3


def test_any_entry_is_found_by_its_id(catalog: Catalog) -> None:
    for kind in KINDS:
        for identifier in catalog.of_kind(kind):
            assert catalog.get(identifier).model_dump()["id"] == identifier


def test_an_unknown_id_is_refused_with_near_matches(catalog: Catalog) -> None:
    with pytest.raises(CatalogError, match=r"no entry 'N1\.99'.*N1\.9"):
        catalog.get("N1.99")
    with pytest.raises(CatalogError, match="forefend catalog show"):
        catalog.get("zzzzzz")


@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [
        ("framework.yaml", "criticality: core", "criticality: vital", r"N1\.1 is not valid: criticality"),
        ("framework.yaml", "    criticality: core\n", "", r"N1\.1 is not valid: criticality: Field required"),
        ("framework.yaml", "core_treaty_list:", "treaty_list:", "'core_treaty_list' is missing"),
        ("framework.yaml", "- id: N2\n", "- id: N1\n", "Two entries have the id N1"),
        ("options.yaml", "  lead_time: weeks\n", "  lead_time: weeks\n  cost: high\n", r"national\.focal_point is not valid: cost"),
        ("glossary.yaml", "terms:\n", "terms: 3\nother:\n", "is not valid"),
        ("windows.yaml", "windows:\n", "windows: [\n", r"windows\.yaml is not valid YAML"),
        ("indicators/starter.yaml", "strength: direct", "strength: certain", r"ucdp_sb_deaths is not valid: serves\.0\.strength"),
    ],
)
def test_a_damaged_catalog_is_refused_by_file_or_entry(folder: Path, name: str, old: str, new: str, says: str) -> None:
    with pytest.raises(CatalogError, match=says):
        load_catalog(change(folder, name, old, new))


def test_a_missing_or_empty_file_is_refused(folder: Path) -> None:
    (folder / "glossary.yaml").write_text("", encoding="utf-8")
    with pytest.raises(CatalogError, match=r"glossary\.yaml is not valid: it is empty"):
        load_catalog(folder)
    (folder / "glossary.yaml").unlink()
    with pytest.raises(CatalogError, match=r"glossary\.yaml is missing"):
        load_catalog(folder)
