"""World Press Freedom Index: decimal commas, three names of the score, and a scale that was turned in 2022."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from forefend.errors import UnexpectedData
from forefend.sources.contract import Parsed
from forefend.sources.registry import find_source

SOURCE = find_source("rsf")
SAMPLES = SOURCE.samples()


def read(*paths: Path) -> Parsed:
    return SOURCE.read({path.name: path for path in paths})


def value(parsed: Parsed, iso3: str, indicator: str) -> float:
    found = parsed.tables["observations"].filter(pl.col("iso3") == iso3, pl.col("indicator") == indicator)
    return float(found["value"].item())


def changed(tmp_path: Path, name: str, *, old: str, new: str) -> Path:
    text = SAMPLES[name].read_bytes().decode("cp1252")
    assert old in text
    path = tmp_path / name
    path.write_bytes(text.replace(old, new, 1).encode("cp1252"))
    return path


def test_decimal_commas_and_windows_1252() -> None:
    parsed = read(SAMPLES["2024.csv"])
    assert value(parsed, "NOR", "rsf_score") == 90
    assert value(parsed, "GHA", "rsf_score") == 80.63
    assert "TUR" in set(parsed.tables["observations"]["iso3"])


def test_an_edition_reports_on_the_year_before_and_the_score_may_carry_its_year() -> None:
    parsed = read(SAMPLES["2025.csv"])
    assert parsed.vintage == "2025"
    assert set(parsed.tables["observations"]["end"]) == {date(2024, 12, 31)}


def test_old_scores_become_higher_is_freer_whichever_way_the_file_runs() -> None:
    """One old file gives the freest state the lowest score, another was turned by the publisher."""
    for name in ("2020.csv", "2021.csv"):
        parsed = read(SAMPLES[name])
        assert value(parsed, "NOR", "rsf_score_to_2021") == 92.16
        assert value(parsed, "NOR", "rsf_score_to_2021") > value(parsed, "TUR", "rsf_score_to_2021")


def test_a_score_that_is_no_number_is_refused_in_a_turned_file_too(tmp_path: Path) -> None:
    with pytest.raises(UnexpectedData, match="row 2: score is 'XX', not a number"):
        read(changed(tmp_path, "2020.csv", old="GHA;2;16,94", new="GHA;2;XX"))


def test_old_and_new_scores_have_names_of_their_own() -> None:
    old = set(read(SAMPLES["2021.csv"]).tables["observations"]["indicator"])
    assert old == {"rsf_score_to_2021"}
    assert not old & set(read(SAMPLES["2024.csv"]).tables["observations"]["indicator"])


def test_a_new_file_that_runs_the_old_way_is_refused(tmp_path: Path) -> None:
    text = SAMPLES["2024.csv"].read_bytes().decode("cp1252").splitlines()
    rows = [line.split(";") for line in text]
    for row, turned in zip(rows[1:], reversed([row[1] for row in rows[1:]]), strict=True):
        row[1] = turned
    path = tmp_path / "2024.csv"
    path.write_bytes("\n".join(";".join(row) for row in rows).encode("cp1252"))
    with pytest.raises(UnexpectedData, match="lowest scores"):
        read(path)


@pytest.mark.parametrize("code", ["XYZ", "", "1"])
def test_a_code_nobody_knows_is_refused(tmp_path: Path, code: str) -> None:
    with pytest.raises(UnexpectedData, match=r"row 2: ISO .* is new"):
        read(changed(tmp_path, "2024.csv", old="GHA;", new=f"{code};"))


@pytest.mark.parametrize("cell", ["NaN", "inf", "NA", ".."])
def test_a_cell_that_says_it_is_no_number_is_refused(tmp_path: Path, cell: str) -> None:
    with pytest.raises(UnexpectedData, match="row 2: score is"):
        read(changed(tmp_path, "2024.csv", old="GHA;80,63", new=f"GHA;{cell}"))


def test_nul_bytes_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnexpectedData, match="NUL bytes"):
        read(changed(tmp_path, "2024.csv", old="GHA;", new="G\0A;"))


def test_areas_that_are_no_state_are_rejected() -> None:
    rejected = read(SAMPLES["2024.csv"]).rejected
    assert [("CTU" in content, reason) for content, reason in rejected.select("content", "reason").rows()] == [(True, "not a state")]


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("2021.csv", "2021;NOR", "2011-12;NOR", "instead of one year"),
        ("2024.csv", ";90,00;", ";ninety;", "not a number"),
    ],
)
def test_strange_years_and_scores_are_refused(tmp_path: Path, name: str, old: str, new: str, message: str) -> None:
    if name == "2024.csv":
        old, new = old[1:-1] + ";1;", new[1:-1] + ";1;"
    with pytest.raises(UnexpectedData, match=message):
        read(changed(tmp_path, name, old=old, new=new))


def test_a_layout_of_another_year_is_refused(tmp_path: Path) -> None:
    text = SAMPLES["2021.csv"].read_text(encoding="utf-8").replace("2021;", "2012;")
    path = tmp_path / "2012.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UnexpectedData, match="other years"):
        read(path)


def test_a_score_without_its_decimal_comma_is_rejected(tmp_path: Path) -> None:
    """A spreadsheet that takes the comma for a thousands sign makes 80,63 to 8063."""
    parsed = read(changed(tmp_path, "2024.csv", old="GHA;80,63", new="GHA;8063"))
    assert "score lies outside 0 to 100" in parsed.rejected["reason"].to_list()


def test_every_edition_has_its_address() -> None:
    addresses = {entry.name: entry.address for entry in SOURCE.downloads()}
    assert addresses["2024.csv"] == "https://rsf.org/sites/default/files/import_classement/2024.csv"
    assert "2011.csv" not in addresses
