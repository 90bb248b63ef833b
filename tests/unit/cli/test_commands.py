"""The command line's contract: names, columns, forms, exit statuses, and one sentence for each refusal."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., tuple[int, str, str]]


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


CONTRACT = {
    ("gaps", "GHA"): "action,coverage,gap,gap_low,gap_high,cautious_gap,confidence,blocking",
    ("leverage", "GHA", "BFA"): "channel,value,unit,year,source,held_by_others",
    ("outlook", "annual"): "target,iso3,base_year,horizon_years,probability,lower,upper",
    ("outlook", "monthly"): "target,iso3,origin,month,horizon,mean,q0.05,q0.25,q0.5,q0.75,q0.95,p_ge_1,p_ge_25,p_ge_100",
}


@pytest.mark.parametrize("words", list(CONTRACT))
def test_columns_keep_the_contract(run: Run, words: tuple[str, ...]) -> None:
    status, out, err = run(*words, "--format", "csv")
    assert (status, err) == (0, "")
    found = rows(out)
    assert found
    assert set(CONTRACT[words].split(",")) <= set(found[0])


def test_gaps_list_the_21_actions(run: Run) -> None:
    _, out, _ = run("gaps", "Ghana", "--format", "csv")
    assert len(rows(out)) == 21


def test_a_profile_names_14_factors(run: Run) -> None:
    _, out, _ = run("profile", "SDN")
    assert {row["factor"] for row in json.loads(out)} == {f"RF{n}" for n in range(1, 15)}


def test_options_show_every_component(run: Run) -> None:
    _, out, _ = run("options", "GHA", "SDN", "--level", "4")
    first = json.loads(out)[0]
    assert {"option", "relevance", "leverage", "cost", "evidence", "cautions"} <= first.keys()
    assert "priority" not in first


def test_piped_output_is_json_and_a_table_is_for_people(run: Run) -> None:
    _, piped, _ = run("gaps", "GHA")
    assert json.loads(piped)[0]["action"] == "N1"
    _, table, _ = run("gaps", "GHA", "--format", "table")
    assert table.lstrip().startswith("action")
    assert "None" not in table


def test_output_goes_to_a_file(run: Run, tmp_path: Path) -> None:
    target = tmp_path / "gaps.csv"
    status, out, _ = run("gaps", "GHA", "--format", "csv", "-o", str(target))
    assert (status, out) == (0, "")
    assert len(rows(target.read_text(encoding="utf-8"))) == 21


def test_windows_about_a_country_are_dated(run: Run, tmp_path: Path) -> None:
    target = tmp_path / "windows.ics"
    status, out, _ = run("windows", "GHA", "--about", "SDN", "--days", "365", "--ics", str(target))
    assert status == 0
    assert target.read_text(encoding="utf-8").startswith("BEGIN:VCALENDAR")
    assert out or target.stat().st_size


@pytest.mark.parametrize("ending", [".html", ".json", ".docx"])
def test_a_brief_is_written(run: Run, tmp_path: Path, ending: str) -> None:
    target = tmp_path / f"brief{ending}"
    status, _, err = run("brief", "country", "Sudan", "--for", "Ghana", "-o", str(target))
    assert (status, err) == (0, "")
    assert target.stat().st_size > 10_000


@pytest.mark.parametrize("ending", [".html", ".json", ".docx", ".xlsx"])
def test_a_draft_of_the_gaps_is_written(run: Run, tmp_path: Path, ending: str) -> None:
    target = tmp_path / f"gaps{ending}"
    status, _, err = run("brief", "gaps", "Ghana", "-o", str(target))
    assert (status, err) == (0, "")
    assert target.stat().st_size > 10_000


def test_catalog_check_ends_with_the_counts(run: Run) -> None:
    status, out, _ = run("catalog", "check")
    assert status == 0
    assert "21 actions" in out.strip().splitlines()[-1]


REFUSALS = {
    ("gaps", "Atlantis"): "No state is known",
    ("gaps", "Gahna"): "Ghana",
    ("gaps", "Congo"): "COD",
    ("gaps", "Yugoslavia"): "SRB",
    ("profile", "Soviet Union"): "RUS",
    ("leverage", "GHA", "Korea"): "PRK",
    ("options", "GHA", "SDN", "--level", "9"): "Level 9",
    ("outlook", "monthly", "--target", "civilians"): "ucdp_ged",
    ("outlook", "annual", "--target", "ewp"): "import",
    ("brief", "country", "SDN", "-o", "brief.pdf"): "--for",
    ("brief", "country", "SDN", "--for", "GHA", "-o", "brief.odt"): ".pdf",
    ("brief", "country", "SDN", "--for", "GHA", "-o", "x.html", "--tlp", "SECRET"): "CLEAR",
    ("brief", "country", "SDN", "--for", "GHA", "-o", "x.html", "--lang", "tlh"): "tlh",
    ("catalog", "show", "N99"): "N9",
}


@pytest.mark.parametrize("words", list(REFUSALS))
def test_a_refusal_is_one_sentence_and_status_1(run: Run, words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    status, out, err = run(*words)
    assert status == 1
    assert out == ""
    assert err.startswith("forefend: ")
    assert len(err.strip().splitlines()) == 1
    assert REFUSALS[words] in err
    assert not [path for path in tmp_path.iterdir() if path.name != "data"]


def test_an_unwritable_file_is_refused(run: Run, tmp_path: Path) -> None:
    status, _, err = run("gaps", "GHA", "-o", str(tmp_path / "no" / "such" / "folder.csv"))
    assert status == 1
    assert "could not be written" in err


@pytest.mark.parametrize("words", [("nonsense",), ("gaps",), ("gaps", "GHA", "--format", "pdf")])
def test_wrong_usage_is_status_2(run: Run, words: tuple[str, ...]) -> None:
    status, _, err = run(*words)
    assert status == 2
    assert err


def test_a_setting_that_cannot_be_followed_is_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOREFEND_PORT", "eighty")
    status, _, err = run("gaps", "GHA")
    assert status == 1
    assert "port" in err


def test_help_imports_nothing_heavy() -> None:
    code = "import sys; sys.argv=['forefend','--help']\ntry:\n import forefend.cli.main as m; m.run()\nexcept SystemExit: pass\n"
    code += "print([name for name in ('polars','pydantic','django','babel','weasyprint','yaml') if name in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.strip().endswith("[]")
