"""The World Factbook on forces: numbers that name their operation are read out of its sentences, and nothing else is."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import polars as pl
import pytest

from forefend.sources.factbook_forces.source import POLICE, TROOPS, WOMEN
from forefend.sources.registry import find_source

SOURCE = find_source("factbook_forces")


def archive(folder: Path, *, gec: str = "ml", deployed: str = "", serving: str = "", note: str = "") -> dict[str, Path]:
    entry: dict[str, object] = {"Government": {"Country name": {"conventional short form": {"text": "Mali"}}}}
    fields = {"Military service age and obligation": {"text": serving, "note": note}}
    entry["Military and Security"] = fields | ({"Military deployments": {"text": deployed}} if deployed else {})
    with zipfile.ZipFile(folder / "master.zip", "w") as target:
        target.writestr(f"africa/{gec}.json", json.dumps(entry))
    return {"master.zip": folder / "master.zip"}


def values(files: dict[str, Path]) -> dict[str, tuple[int, float]]:
    rows = SOURCE.read(files).tables["observations"].select("indicator", pl.col("end").dt.year(), "value").rows()
    return {indicator: (year, value) for indicator, year, value in rows}


@pytest.mark.parametrize(
    ("text", "troops"),
    [
        ("250 Kosovo (NATO/KFOR) (2025)", 250),
        ("470 Bosnia Herzegovina (EUFOR); 200 Kosovo (KFOR/NATO); up to 120 Poland (NATO) (2025)", 670),
        ("180 Sudan/South Sudan (UNISFA); 200 Gambia (ECOWAS); 150 Guinea-Bissau (ECOWAS) (2025)", 350),
        ("approximately 1,400 Somalia (African Union Support and Stabilization Mission in Somalia or AUSSOM) (2025)", 1_400),
        ("as many as 10,000 troops Somalia (approximately 2,500 under the AU; the remainder under a bilateral agreement) (2025)", 2_500),
        ("ground troop deployments include Bulgaria (750), Kosovo (870), Latvia (300), and Lebanon (875) (2025)", 870),
    ],
)
def test_troops_of_regional_operations_are_summed(tmp_path: Path, text: str, troops: float) -> None:
    assert values(archive(tmp_path, deployed=text)) == {TROOPS: (2025, troops)}


@pytest.mark.parametrize(
    "text",
    [
        "up to 130 Lithuania (NATO); 130 Slovakia (NATO) (2024)",
        "approximately 2,000 Democratic Republic of the Congo (MONUSCO and Southern African Development Community) (2025)",
        "875 Lebanon (UNIFIL) (2025)",
        "contributes to several EU and NATO missions (2025)",
        "250 Kosovo (NATO/KFOR)",
        "has about 175 mostly police personnel deployed to the Central African Republic (MINUSCA) (2025)",
    ],
    ids=["defence of an ally", "shared with the UN", "a UN operation", "no number", "no year", "not all are police"],
)
def test_what_is_no_number_of_a_regional_operation_is_kept_as_rejected(tmp_path: Path, text: str) -> None:
    parsed = SOURCE.read(archive(tmp_path, deployed=text))
    assert (parsed.tables["observations"].height, parsed.rejected.height) == (0, 1)


@pytest.mark.parametrize(
    ("text", "police"),
    [
        ("750 (plus about 400 police) Central African Republic (MINUSCA) (2025)", 400),
        ("190 Central African Republic (MINUSCA; plus about 575 police); approximately 380 police Congo (MONUSCO) (2025)", 955),
    ],
)
def test_police_of_un_operations_are_summed(tmp_path: Path, text: str, police: float) -> None:
    assert values(archive(tmp_path, deployed=text)) == {POLICE: (2025, police)}


def test_police_of_no_un_operation_are_not_counted(tmp_path: Path) -> None:
    assert values(archive(tmp_path, deployed="300 police Mozambique (bilateral agreement); 160 Kosovo (KFOR) (2025)")) == {
        TROOPS: (2025, 160)
    }


@pytest.mark.parametrize(
    ("note", "found"),
    [
        ("<strong>note:</strong> as of 2024, women comprised approximately 15% of the military", (2024, 15.0)),
        ("note 1: women serve in all branches and made up nearly 12% of the military's full-time personnel in 2025", (2025, 12.0)),
        ("open to women; women comprised 17.7% of the total US regular military personnel as of 2023", (2023, 17.7)),
    ],
)
def test_the_share_of_women_has_the_year_named_with_it(tmp_path: Path, note: str, found: tuple[int, float]) -> None:
    assert values(archive(tmp_path, serving="no conscription (2025)", note=note)) == {WOMEN: found}


def test_women_without_a_year_or_a_share_are_not_read(tmp_path: Path) -> None:
    assert not values(archive(tmp_path, note="women comprised about 15% of the military"))
    assert not values(archive(tmp_path, note="since 1994 women may serve; women have served in all branches since 2001"))


def test_an_entry_that_is_no_state_is_kept_as_rejected(tmp_path: Path) -> None:
    parsed = SOURCE.read(archive(tmp_path, gec="gz", deployed="250 Kosovo (NATO/KFOR) (2025)"))
    assert (parsed.tables["observations"].height, parsed.rejected.height) == (0, 1)


def test_the_final_edition_is_read(data: Path) -> None:
    parsed = SOURCE.read({"factbook.zip": data / "state" / "factbook" / "world_factbook_json_2026.zip"})
    held = parsed.tables["observations"].group_by("indicator").len().sort("indicator").rows()
    assert held == [(TROOPS, 20), (POLICE, 9), (WOMEN, 38)]
    assert parsed.rejected.height == 56
