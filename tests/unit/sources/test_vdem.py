"""V-Dem: the publisher's full file, the extracts with one index turned round, and the episodes."""

from __future__ import annotations

import zipfile
from pathlib import Path

import polars as pl
import pytest

from forefend.errors import UnexpectedData
from forefend.sources.contract import Parsed
from forefend.sources.registry import find_source
from forefend.sources.vdem.indices import INDICES, within

FULL = (
    "country_name,country_text_id,country_id,year,historical_date,project,histname,v2x_polyarchy,v2x_polyarchy_codelow,"
    "v2x_polyarchy_codehigh,v2x_pubcorr,v2smpolsoc,v2smpolsoc_osp,v2smpolsoc_osp_codelow,v2cacamps_osp,v2elmonden,e_gdppc\n"
)
ROWS = (
    'Sudan,SDN,33,2023,2023-12-31,0,"Sudan, Republic of",0.15,0.13,0.17,0.9,-1.2,0.4,0.2,3.6,,1.1\n'
    "Palestine/West Bank,PSB,128,2023,2023-12-31,0,Palestine,0.25,0.2,0.3,0.5,-1,0.5,0.4,3,0,2\n"
    "Palestine/Gaza,PSG,138,2023,2023-12-31,0,Palestine,0.1,0.05,0.2,0.5,-1,0.5,0.4,3,,2\n"
    "Yemen,YEM,14,1950,1950-12-31,0,Yemen,0.1,0.05,0.2,0.5,-1,0.5,0.4,3,,2\n"
    "Ghana,GHA,7,2023,2023-12-31,0,Ghana,1.7,0.05,0.2,0.5,-1,6.5,0.4,3,1,2\n"
)


def read(*paths: Path, source: str = "vdem") -> Parsed:
    return find_source(source).read({path.name: path for path in paths})


def values(parsed: Parsed, indicator: str, *, year: int) -> dict[str, float]:
    rows = parsed.tables["observations"].filter(pl.col("indicator") == indicator, pl.col("start").dt.year() == year)
    return dict(rows.select("iso3", "value").rows())


@pytest.fixture
def full(tmp_path: Path) -> Path:
    path = tmp_path / "V-Dem-CY-FullOthers_csv_v16.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("V-Dem-CY-Full+Others-v16.csv", FULL + ROWS)
        archive.writestr("codebook.pdf", "%PDF")
    return path


def test_the_full_file_gives_the_judgement_on_the_scale_of_its_question(full: Path) -> None:
    """The same name without _osp is on the model's scale, around nought; it is not read."""
    parsed = read(full)
    assert values(parsed, "vdem_v2smpolsoc_osp", year=2023)["SDN"] == 0.4
    assert "vdem_v2smpolsoc" not in parsed.tables["observations"]["indicator"]
    assert values(parsed, "vdem_v2elmonden", year=2023) == {"PSE": 0.0, "GHA": 1.0}


def test_one_name_has_one_direction(full: Path, data: Path) -> None:
    """Corruption is corruption, higher is worse: in the full file as it stands, in the study's extracts turned back."""
    assert values(read(full), "vdem_v2x_pubcorr", year=2023)["SDN"] == 0.9
    for name in ("state/governance/vdem_spaces_1968_2023.csv", "structural/demspaces_dv-data.rds"):
        found = values(read(data / name), "vdem_v2x_pubcorr", year=2022)
        assert found["DNK"] < 0.1, name
        assert found["SDN"] > 0.5, name


def test_both_tables_of_the_study_say_the_same(data: Path) -> None:
    table = read(data / "state" / "governance" / "vdem_spaces_1968_2023.csv")
    study = read(data / "structural" / "demspaces_dv-data.rds")
    for indicator in ("vdem_v2x_pubcorr", "vdem_v2xcs_ccsi"):
        one, two = values(table, indicator, year=2023), values(study, indicator, year=2023)
        assert len(one) > 160
        assert {state: two[state] for state in one} == pytest.approx(one)


def test_parts_of_states_are_rejected_and_one_stands_for_the_whole(full: Path) -> None:
    parsed = read(full)
    assert values(parsed, "vdem_v2x_polyarchy", year=2023) == {"SDN": 0.15, "PSE": 0.25}
    reasons = parsed.rejected["reason"].to_list()
    assert reasons.count("no state of today continues it") == 1
    assert "v2x_polyarchy lies outside 0 to 1" in reasons
    assert "v2smpolsoc_osp lies outside 0 to 5" in reasons


def test_the_extract_with_bounds(data: Path) -> None:
    parsed = read(data / "state" / "governance" / "vdem_high_level_1970_2024.csv")
    row = parsed.tables["observations"].filter(
        pl.col("iso3") == "SDN", pl.col("indicator") == "vdem_v2x_polyarchy", pl.col("start").dt.year() == 2022
    )
    assert row.select("low", "value", "high").rows() == [(0.14, 0.157, 0.174)]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (FULL.replace("v2x_polyarchy,", "x_polyarchy,") + ROWS, "Columns missing"),
        (FULL.replace("histname", "brand_new") + ROWS, "brand_new"),
        (FULL.replace("histname", "project") + ROWS, "columns twice: project"),
        (FULL + ROWS[:-2], "cut off"),
        (FULL + ROWS.replace("0.15,0.13", "high,0.13"), "row 1: v2x_polyarchy is 'high'"),
    ],
)
def test_what_is_not_the_full_file_is_refused(tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "V-Dem-CY-Full+Others-v16.csv"
    path.write_text(content)
    with pytest.raises(UnexpectedData, match=said):
        read(path)


def test_an_r_file_that_is_none_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "dv-data.rds"
    path.write_bytes(b"\x1f\x8b not R")
    with pytest.raises(UnexpectedData, match="not an R table"):
        read(path)


def test_every_scale_has_a_range() -> None:
    assert within("v2x_regime") == (0.0, 3.0)
    assert within("v2elsuffrage") == (0.0, 100.0)
    assert within("v2x_horacc_osp") == (0.0, 1.0)
    assert len(set(INDICES)) == len(INDICES)


def test_episodes_of_the_real_file(data: Path) -> None:
    parsed = read(data / "structural" / "ert_v15.csv.gz", source="vdem_ert")
    assert parsed.tables["observations"]["iso3"].n_unique() > 170
    assert values(parsed, "ert_autocratization", year=2024)["HUN"] == 1.0
    assert values(parsed, "ert_regime", year=2024)["DNK"] == 3.0
    assert set(parsed.rejected["reason"]) == {"no state of today continues it"}
