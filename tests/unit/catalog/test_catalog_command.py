"""``forefend catalog``: what a person at a terminal sees."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from forefend.catalog import load_catalog
from forefend.cli.catalog import app
from forefend.cli.main import run
from forefend.errors import CatalogError, ForefendError


def output(*arguments: str) -> str:
    result = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return str(result.output)


def test_without_an_id_the_spheres_and_actions_are_listed() -> None:
    lines = output("show").splitlines()
    assert lines[0] == "National"
    assert "  N1   Promote social and economic equality and combat exclusion and discrimination" in lines
    assert sum(line.startswith("  ") for line in lines) == 21


def test_an_action_is_shown_with_its_questions_and_links() -> None:
    text = output("show", "N1")
    assert text.startswith("N1  Promote social and economic equality")
    assert "N1.9" in text
    assert "RF9" in text.partition("links")[2]
    assert "national.equality_reform" in text.partition("links")[2]


def test_a_question_is_shown_with_its_anchors() -> None:
    text = " ".join(output("show", "n1.1").split())
    assert "0: No general prohibition" in text
    assert "criticality: core" in text


def test_an_id_of_two_kinds_shows_both() -> None:
    text = output("show", "aid")
    assert "kind: leverage types" in text
    assert "kind: data indicators" in text


def test_an_unknown_id_is_one_sentence_with_near_matches(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.argv", ["forefend", "catalog", "show", "RF8.33"])
    with pytest.raises(SystemExit) as stopped:
        run()
    assert stopped.value.code == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "'RF8.33'" in said
    assert "RF8.3" in said.partition("Did you mean")[2]


def test_check_ends_with_the_counts() -> None:
    last = output("check").splitlines()[-1]
    assert last.startswith("4 spheres, 21 actions, 174 questions,")


def test_check_fails_when_something_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("forefend.catalog.check", lambda _: ["N1 names option x, which does not exist."])
    result = CliRunner().invoke(app, ["check"])
    assert isinstance(result.exception, CatalogError)
    assert "N1 names option x" in result.output
    assert result.output.splitlines()[-1].startswith("4 spheres")


def test_the_json_export_holds_every_entry() -> None:
    content = json.loads(output("export"))
    catalog = load_catalog()
    assert content["questions"].keys() == catalog.questions.keys()
    assert content["indicators"]["RF7.3"]["official_number"] == "7.3"
    assert content["questions"]["N1.7"]["numeric"]["score_at"] == {"0": 40.0, "4": 5.0}


def test_the_csv_export_is_written_to_a_file(tmp_path: Path) -> None:
    path = tmp_path / "catalog.csv"
    assert output("export", "--format", "csv", "-o", str(path)) == ""
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))
    assert {"kind": "actions", "id": "N1", "field": "number", "value": "1"} in rows
    levels = next(row["value"] for row in rows if row["id"] == "N1.1" and row["field"] == "levels")
    assert json.loads(levels)["0"].startswith("No general prohibition")


@pytest.mark.parametrize("arguments", [["export", "--format", "xml"], ["export", "-o", "no/such/folder/catalog.json"]])
def test_an_export_that_cannot_be_made_is_refused(arguments: list[str]) -> None:
    result = CliRunner().invoke(app, arguments)
    assert isinstance(result.exception, ForefendError)


@pytest.mark.parametrize(("form", "start"), [("oscal", b"{"), ("ciso", b"urn:"), ("xlsx", b"PK"), ("csv", b"kind,"), ("json", b"{")])
def test_each_form_is_written_to_a_file(form: str, start: bytes, tmp_path: Path) -> None:
    target = tmp_path / f"catalog.{form}"
    output("export", "--format", form, "-o", str(target))
    assert target.read_bytes().startswith(start)


def test_excel_is_not_printed() -> None:
    with pytest.raises(ForefendError, match="-o"):
        CliRunner().invoke(app, ["export", "--format", "xlsx"], catch_exceptions=False)
