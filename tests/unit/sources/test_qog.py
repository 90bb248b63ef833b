"""Quality of Government data: the year is hidden in a name, and one copied series runs against its original."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from forefend.errors import UnexpectedData
from forefend.sources.contract import Parsed
from forefend.sources.registry import find_source

SOURCE = find_source("qog")
((NAME, SAMPLE),) = SOURCE.samples().items()


def read(*paths: Path) -> Parsed:
    return SOURCE.read({path.name: path for path in paths})


@pytest.fixture(scope="module")
def whole(data: Path) -> Parsed:
    return read(data / "state" / "governance" / "qog_std_cs_jan25.csv")


def value(parsed: Parsed, iso3: str, indicator: str) -> float:
    found = parsed.tables["observations"].filter(pl.col("iso3") == iso3, pl.col("indicator") == indicator)
    return float(found["value"].item())


def changed(tmp_path: Path, old: str, new: str) -> Path:
    text = SAMPLE.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / NAME
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def test_values_are_dated_by_the_reference_year_inside_the_name() -> None:
    assert set(read(SAMPLE).tables["observations"]["end"]) == {date(2021, 12, 31)}


def test_two_names_of_the_year_must_agree(tmp_path: Path) -> None:
    with pytest.raises(UnexpectedData, match="row 1: 'Ghana 2022' and 'GHA21' name no common year"):
        read(changed(tmp_path, "Ghana 2021", "Ghana 2022"))


def test_the_release_is_named_by_its_file_or_by_a_person(tmp_path: Path) -> None:
    assert read(SAMPLE).vintage == "2025-01"
    renamed = tmp_path / "qog.csv"
    renamed.write_bytes(SAMPLE.read_bytes())
    assert not read(renamed).vintage


def test_a_column_of_a_known_family_is_out_of_scope_and_of_no_family_refused(tmp_path: Path) -> None:
    assert read(changed(tmp_path, "wdi_gini", "wdi_brandnew")).tables
    with pytest.raises(UnexpectedData, match="newfamily_x"):
        read(changed(tmp_path, "wdi_gini", "newfamily_x"))


def test_press_freedom_to_2021_is_turned_round_in_the_copy(whole: Parsed) -> None:
    """The publisher gave Norway 7.84 in 2020 and Syria 72.57, higher being worse; the copy turns both."""
    assert value(whole, "NOR", "qog_rsf_pfi1321") == pytest.approx(100 - 7.84, abs=0.01)
    assert value(whole, "NOR", "qog_rsf_pfi1321") > value(whole, "SYR", "qog_rsf_pfi1321")
    assert value(whole, "NOR", "qog_rsf_pfi") > value(whole, "SYR", "qog_rsf_pfi")


def test_directions_of_the_copies(whole: Parsed) -> None:
    """Higher is better, except for corruption (V-Dem) and conflict intensity (BTI)."""
    better, worse = "NOR", "SYR"
    for series in ("ti_cpi", "fhn_fotnsc", "vdem_egal", "vdem_academ", "ciri_physint", "ciri_kill", "wbgi_rle"):
        if series != "fhn_fotnsc":
            assert value(whole, better, f"qog_{series}") > value(whole, worse, f"qog_{series}"), series
    assert value(whole, "KEN", "qog_fhn_fotnsc") > value(whole, "CHN", "qog_fhn_fotnsc")
    assert value(whole, better, "qog_vdem_corr") < value(whole, worse, "qog_vdem_corr")
    assert value(whole, "SYR", "qog_bti_ci") > value(whole, "KEN", "qog_bti_ci")


def test_copies_agree_with_the_publisher_where_both_are_at_hand(whole: Parsed, data: Path) -> None:
    """The copy's reference year is 2021; the edition of BTI that it took reports to January 2021 or 2023."""
    bti = find_source("bti").read({"b.csv": data / "state" / "governance" / "bti_2006_2022.csv"}).tables["observations"]
    original = bti.filter(pl.col("indicator") == "bti_q13_3", pl.col("end").dt.year().is_in([2021, 2023]))
    copy = whole.tables["observations"].filter(pl.col("indicator") == "qog_bti_ci").select("iso3", copy="value")
    both = copy.join(original.group_by("iso3").agg(pl.col("value")), on="iso3")
    assert both.height > 120
    assert both.filter(pl.col("copy").is_in(pl.col("value"))).height > 0.95 * both.height


def test_the_whole_table(whole: Parsed) -> None:
    assert whole.tables["observations"]["iso3"].n_unique() == 193
    assert whole.rejected.is_empty()
