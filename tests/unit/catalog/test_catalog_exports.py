"""The catalog in the forms of other tools: whole, valid by their own rules, and the same in every export."""

from __future__ import annotations

import argparse
import io
import json
import re
import warnings
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml

from forefend.brief.render.catalog_book import render_catalog
from forefend.brief.render.sheets import Book, clean, name_of, sheet_name
from forefend.catalog import Catalog, load_catalog
from forefend.catalog.exports import as_ciso, as_oscal
from forefend.catalog.exports.ciso import version
from forefend.catalog.model import KINDS

MOMENT = datetime(2026, 11, 26, 12, tzinfo=UTC)
URN = re.compile(r"urn:([a-z0-9._-]+:)*[a-z0-9._-]+")


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


@pytest.fixture(scope="module")
def oscal(catalog: Catalog) -> dict[str, Any]:
    return json.loads(as_oscal(catalog, modified=MOMENT))["catalog"]  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def ciso(catalog: Catalog) -> dict[str, Any]:
    return yaml.safe_load(as_ciso(catalog))  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def book(catalog: Catalog) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(render_catalog(catalog)))


def controls(oscal: dict[str, Any]) -> list[dict[str, Any]]:
    return [control for group in oscal["groups"] for control in group["controls"]]


def test_oscal_is_valid_by_the_schema_of_nist(catalog: Catalog, tmp_path: Path) -> None:
    path = tmp_path / "catalog.json"
    path.write_text(as_oscal(catalog, modified=MOMENT), encoding="utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library's own imports warn
        from trestle.core.validator_factory import validator_factory
        from trestle.oscal.catalog import Catalog as Oscal

        read = Oscal.oscal_read(path)
        validator = validator_factory.get(argparse.Namespace(mode="all", quiet=True))
        assert read is not None
        assert validator.model_is_valid(read, True, tmp_path)
        broken = json.loads(path.read_text(encoding="utf-8"))
        broken["catalog"]["groups"][0]["controls"][0]["id"] = "1 not a token"
        path.write_text(json.dumps(broken), encoding="utf-8")
        with pytest.raises(Exception, match="id"):
            Oscal.oscal_read(path)


def test_oscal_holds_every_action_question_level_and_source(catalog: Catalog, oscal: dict[str, Any]) -> None:
    assert [group["id"] for group in oscal["groups"]] == list(catalog.spheres)
    assert {control["id"] for control in controls(oscal)} == set(catalog.actions)
    questions = {question["id"]: question for control in controls(oscal) for question in control["controls"]}
    assert set(questions) == set(catalog.questions)
    for name, record in questions.items():
        question = catalog.questions[name]
        levels = {part["title"]: part["prose"] for part in record["parts"] if part["name"] == "level"}
        assert levels == {str(level): text for level, text in question.levels.items()}
        props = {prop["name"]: prop["value"] for prop in record["props"]}
        assert (props["weight"], props["criticality"]) == (str(question.weight), question.criticality)
        factors = [prop["value"] for prop in record["props"] if prop["name"] == "mitigates-risk-factor"]
        assert factors == list(question.mitigates)
    assert len(oscal["back-matter"]["resources"]) == len(catalog.sources)


def test_oscal_links_lead_to_resources_and_ids_are_there_once(oscal: dict[str, Any]) -> None:
    resources = {resource["uuid"] for resource in oscal["back-matter"]["resources"]}
    found = [control for action in controls(oscal) for control in (action, *action["controls"])]
    links = {link["href"].removeprefix("#") for control in found for link in control.get("links", ())}
    assert links
    assert links <= resources
    ids = Counter(entry["id"] for control in found for entry in (control, *control["parts"]))
    assert max(ids.values()) == 1


def test_oscal_uuids_are_the_same_in_every_export(catalog: Catalog, oscal: dict[str, Any]) -> None:
    again = json.loads(as_oscal(catalog, modified=datetime(2030, 1, 1, tzinfo=UTC)))["catalog"]
    assert again["uuid"] == oscal["uuid"]
    assert again["back-matter"] == oscal["back-matter"]


def test_ciso_library_has_the_documented_fields(catalog: Catalog, ciso: dict[str, Any]) -> None:
    wanted = {"urn", "locale", "ref_id", "name", "description", "copyright", "version", "provider", "packager", "objects"}
    assert set(ciso) == wanted
    assert isinstance(ciso["version"], int)
    framework = ciso["objects"]["framework"]
    assert {"urn", "ref_id", "name", "description", "min_score", "max_score", "requirement_nodes"} <= set(framework)
    assert (framework["min_score"], framework["max_score"]) == (0, 4)
    assert [entry["score"] for entry in framework["scores_definition"]] == [0, 1, 2, 3, 4]
    assert ciso["urn"].split(":")[2:4] == ["risk", "library"]
    assert framework["urn"].split(":")[2:4] == ["risk", "framework"]
    assert sum(node["assessable"] for node in framework["requirement_nodes"]) == len(catalog.questions)


def test_ciso_nodes_are_a_tree_with_urns_by_the_documented_pattern(ciso: dict[str, Any]) -> None:
    nodes = ciso["objects"]["framework"]["requirement_nodes"]
    groups = {group["ref_id"] for group in ciso["objects"]["framework"]["implementation_groups_definition"]}
    threats = {threat["urn"] for threat in ciso["objects"]["threats"]}
    depths: dict[str, int] = {}
    for node in nodes:
        assert URN.fullmatch(node["urn"])
        assert re.fullmatch(r"[a-zA-Z0-9._-]+", node["ref_id"])
        assert node["urn"] not in depths
        assert node["depth"] == depths.get(node.get("parent_urn"), 0) + 1
        depths[node["urn"]] = node["depth"]
        assert set(node.get("implementation_groups", ())) <= groups
        assert set(node.get("threats", ())) <= threats
        assert node.get("weight", 1) >= 1


def test_ciso_answers_score_as_ours(catalog: Catalog, ciso: dict[str, Any]) -> None:
    for node in ciso["objects"]["framework"]["requirement_nodes"]:
        if not node["assessable"]:
            continue
        ((urn, asked),) = node["questions"].items()
        assert urn == f"{node['urn']}:question:1"
        kind = catalog.questions[node["ref_id"]].type
        if kind == "numeric":
            assert asked["type"] == "text"
            continue
        assert asked["type"] == "unique_choice"
        scores = [choice["add_score"] for choice in asked["choices"]]
        assert scores == ([0, 1, 2, 3, 4] if kind == "maturity" else [4, 2, 0])
        assert len({choice["urn"] for choice in asked["choices"]}) == len(scores)


def test_editions_grow_as_whole_numbers() -> None:
    assert version("1.2") < version("1.10") < version("2") == 200


def test_the_book_has_a_sheet_for_each_kind_with_every_entry(catalog: Catalog, book: openpyxl.Workbook) -> None:
    for kind in KINDS:
        sheet = book[kind.replace("_", " ").capitalize()]
        names = [row[0] for row in sheet.iter_rows(min_row=2, max_col=1, values_only=True)]
        assert names == list(catalog.of_kind(kind))
        assert sheet.freeze_panes == "B2"
        widths = [dimension.width for dimension in sheet.column_dimensions.values()]
        assert all(8 <= width <= 61 for width in widths)


def test_links_of_the_book_lead_to_the_entry_they_name(book: openpyxl.Workbook) -> None:
    questions, actions = book["Questions"], book["Actions"]
    column = next(cell.column for cell in questions[1] if cell.value == "action")
    for row in range(2, questions.max_row + 1):
        cell = questions.cell(row, column)
        place = cell.hyperlink.location.partition("!")[2]
        assert actions[place].value == cell.value


def test_no_cell_of_the_book_is_a_formula(book: openpyxl.Workbook) -> None:
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x","y")', "{=1}", "\x00=1", "\ud800"])
def test_what_looks_like_a_formula_is_written_as_text(text: str) -> None:
    made = Book("x", MOMENT.date())
    sheet = made.sheet("x")
    sheet.put(0, 0, text)
    sheet.fit()
    cell = openpyxl.load_workbook(io.BytesIO(made.save())).active.cell(1, 1)
    assert (cell.value or "") == clean(text)
    assert cell.data_type != "f"


def test_cells_and_sheets_are_named_as_excel_names_them() -> None:
    assert [name_of(0, 0), name_of(9, 25), name_of(0, 26), name_of(0, 701), name_of(0, 702)] == ["A1", "Z10", "AA1", "ZZ1", "AAA1"]
    assert name_of(2, 1, absolute=True) == "$B$3"
    assert sheet_name("a/b:c" + "x" * 40) == ("a b c" + "x" * 40)[:31]
    assert len(clean("x" * 40_000)) == 32_767
