"""Political Terror Scale: missing scores with their reasons, rows of former states and of areas, two file types."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from forefend.errors import UnexpectedData
from forefend.sources.contract import Parsed
from forefend.sources.registry import find_source

SOURCE = find_source("pts")
CSV, BOOK = SOURCE.samples()["PTS-2024.csv"], SOURCE.samples()["PTS-2025.xlsx"]


def read(*paths: Path) -> Parsed:
    return SOURCE.read({path.name: path for path in paths})


def changed(tmp_path: Path, old: str, new: str) -> Path:
    text = CSV.read_text(encoding="cp1252")
    assert old in text
    path = tmp_path / CSV.name
    path.write_text(text.replace(old, new, 1), encoding="cp1252")
    return path


def scores(parsed: Parsed, iso3: str, year: int) -> dict[str, float]:
    rows = parsed.tables["observations"].filter(pl.col("iso3") == iso3, pl.col("end").dt.year() == year)
    return dict(rows.select("indicator", "value").rows())


def test_the_csv_in_windows_1252_and_the_workbook_read_alike() -> None:
    assert scores(read(CSV), "CIV", 2023) == {"pts_amnesty": 3, "pts_human_rights_watch": 2, "pts_state_department": 3}
    assert scores(read(BOOK), "NOR", 2024) == {"pts_amnesty": 1, "pts_human_rights_watch": 1, "pts_state_department": 1}
    assert read(CSV, BOOK).vintage == "to 2024"


@pytest.mark.parametrize("code", ["66", "77", "88", "99"])
def test_a_missing_score_with_a_reason_is_no_value(tmp_path: Path, code: str) -> None:
    parsed = read(changed(tmp_path, ",3,2,88,0,0", f",3,2,{code},0,0"))
    assert set(scores(parsed, "NPL", 2021)) == {"pts_human_rights_watch", "pts_state_department"}
    assert parsed.rejected.height == 1


def test_an_unknown_reason_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnexpectedData, match="NA_Status_A has codes new"):
        read(changed(tmp_path, ",3,2,88,0,0", ",3,2,55,0,0"))


@pytest.mark.parametrize(("old", "new"), [(",NA,3,2,88,0,0", ",4,3,2,88,0,0"), (",NA,3,2,88,0,0", ",NA,3,2,0,0,0")])
def test_a_score_and_its_reason_that_contradict_are_rejected(tmp_path: Path, old: str, new: str) -> None:
    parsed = read(changed(tmp_path, old, new))
    assert "a score that is marked missing, or no score and no reason" in parsed.rejected["reason"].to_list()
    assert "pts_amnesty" not in scores(parsed, "NPL", 2021)


def test_a_former_states_row_does_not_hide_its_successors() -> None:
    assert scores(read(CSV), "RUS", 2021)["pts_amnesty"] == 4


def test_an_area_rated_apart_does_not_stand_for_the_state() -> None:
    parsed = read(CSV)
    assert scores(parsed, "ISR", 2022) == {"pts_amnesty": 2, "pts_human_rights_watch": 2, "pts_state_department": 2}
    assert parsed.rejected["reason"].to_list() == ["an area or former state rated apart from the state"]


def test_a_score_off_the_scale_is_rejected(tmp_path: Path) -> None:
    assert "PTS_A lies outside 1 to 5" in read(changed(tmp_path, ",3,2,3,0,0,0", ",7,2,3,0,0,0")).rejected["reason"].to_list()


def test_a_score_that_is_no_number_is_refused_with_its_row(tmp_path: Path) -> None:
    with pytest.raises(UnexpectedData, match=r"PTS-2024\.csv, row 4: PTS_A is '=1\+1'"):
        read(changed(tmp_path, ",3,2,3,0,0,0", ",=1+1,2,3,0,0,0"))
