"""The UN Peace and Security Data Hub: no veto, mission or person is lost for a blank, and none counts twice."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from forefend.errors import UnexpectedData
from forefend.sources.contract import Parsed
from forefend.sources.registry import find_source

VETOES = (
    "id,draft_res#,date,record,agenda,short_agenda,#_of_pms,china,russian_federation_ussr,france,united_states,united_kingdom,"
    "url_for_res#,last_update\n"
)
MISSIONS = (
    "id,mission_acronym,mission_name,lead_department,mission_isactive,start_date,end_date,"
    "mission_location,mission_longitude,mission_latitude,last_update\n"
)
PERSONNEL = (
    "contribution_id,isocode3,m49_code,contributing_country,mission_acronym,personnel_type,female_personnel,male_personnel,"
    "last_reporting_date\n"
)
EXTRACT = "Year,Country,Mission,Female,Male,Total,iso3\n"


def read(source: str, folder: Path, text: str, name: str = "hub.csv") -> Parsed:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return find_source(source).read({name: path})


def veto(
    number: int, *, draft: str = "S/2090/1", day: str = "2020-01-10", record: str = "9001", n: str = "1", marks: str = "0,1,0,0,0"
) -> str:
    return f"{number},{draft},{day},{record},Item,Item,{n},{marks},,2023-01-15\n"


def count(parsed: Parsed, iso3: str, year: int) -> float:
    found = parsed.tables["observations"].filter(pl.col("iso3") == iso3, pl.col("start") == date(year, 1, 1))
    return float(found["value"].item())


def test_vetoes_without_a_symbol_in_one_meeting_all_count(tmp_path: Path) -> None:
    parsed = read("un_psdata_vetoes", tmp_path, VETOES + veto(1, draft="") + veto(2, draft="") + veto(3, draft="", record=""))
    assert parsed.tables["facts"]["key"].to_list() == ["S/PV.9001", "S/PV.9001", "veto of 2020-01-10"]
    assert count(parsed, "RUS", 2020) == 3


def test_a_doubled_veto_counts_once(tmp_path: Path) -> None:
    parsed = read("un_psdata_vetoes", tmp_path, VETOES + veto(1) * 2)
    assert count(parsed, "RUS", 2020) == 1
    assert parsed.rejected["reason"].to_list() == ["the veto came before"]


def test_a_joint_veto_is_one_fact_for_each_member(tmp_path: Path) -> None:
    parsed = read("un_psdata_vetoes", tmp_path, VETOES + veto(1, n="2", marks="1,1,,,"))
    assert parsed.tables["facts"]["iso3"].to_list() == ["CHN", "RUS"]
    assert count(parsed, "FRA", 2020) == 0


def test_a_year_that_was_not_over_is_left_out(tmp_path: Path) -> None:
    parsed = read("un_psdata_vetoes", tmp_path, VETOES + veto(1) + veto(2, day="2023-01-02"))
    assert parsed.tables["observations"]["end"].max() == date(2022, 12, 31)
    assert parsed.tables["facts"].height == 2
    assert parsed.vintage == "2023-01-15"


def test_a_row_that_contradicts_itself_is_kept_and_said(tmp_path: Path) -> None:
    parsed = read("un_psdata_vetoes", tmp_path, VETOES + veto(1, n="2"))
    assert "differs" in parsed.tables["facts"]["checked"].item()
    assert parsed.notes


@pytest.mark.parametrize(("row", "reason"), [(veto(1, marks="0,0,0,0,0"), "no member"), (veto(1, day="10/01/2020"), "no date")])
def test_a_veto_of_nobody_or_no_day_is_rejected(tmp_path: Path, row: str, reason: str) -> None:
    parsed = read("un_psdata_vetoes", tmp_path, VETOES + row)
    assert parsed.tables["facts"].is_empty()
    assert reason in parsed.rejected["reason"].item()


def test_a_mark_that_is_no_mark_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnexpectedData, match="china has codes new"):
        read("un_psdata_vetoes", tmp_path, VETOES + veto(1, marks="x,1,0,0,0"))


@pytest.fixture(scope="module")
def missions(data: Path) -> Parsed:
    path = data / "state" / "un" / "DPPADPOSS-PKO.csv"
    return find_source("un_psdata_missions").read({path.name: path})


def mission(parsed: Parsed, key: str) -> pl.DataFrame:
    return parsed.tables["facts"].filter(pl.col("key") == key)


def test_every_mission_of_the_real_file_is_kept(missions: Parsed) -> None:
    assert missions.tables["facts"]["key"].n_unique() == 81
    assert missions.rejected.is_empty()
    assert missions.vintage == "2024-02-19"


def test_missing_days_odd_quotes_and_case_lose_no_mission(missions: Parsed) -> None:
    assert mission(missions, "MINUSTAH")["status"].item() == "ended"  # the file writes NO
    assert mission(missions, "UNOHCI").select("start", "end").row(0) == (None, None)
    assert mission(missions, "DOMREP")["iso3"].item() == "DOM"
    assert mission(missions, "UNSCOB").select("iso3", "start", "end").row(0) == (None, None, date(1951, 7, 12))
    assert mission(missions, "UNMOGIP")["iso3"].to_list() == ["IND", "PAK"]


def test_a_new_mission_and_a_wrong_order_are_rejected_with_reasons(tmp_path: Path) -> None:
    rows = (
        "1,UNNEW,New,DPO,Yes,2030-01-01,,,,,2030-01-01\n"
        "2,UNMIL,Old,DPO,No,2018-01-01,2003-01-01,,,,2030-01-01\n"
        "3,UNMIT,Old,DPO,No,2006,,,,,2030-01-01\n"
    )
    parsed = read("un_psdata_missions", tmp_path, MISSIONS + rows)
    assert parsed.tables["facts"].is_empty()
    assert [reason.split(" ")[0:2] for reason in parsed.rejected["reason"]] == [["no", "state"], ["the", "mission"], ["the", "first"]]


def person(iso3: str, mission: str, kind: str, women: object, men: object, day: str, *, name: str = "") -> str:
    return f"1,{iso3},0,{name},{mission},{kind},{women},{men},{day}\n"


def value(parsed: Parsed, indicator: str, iso3: str, year: int) -> float:
    found = parsed.tables["observations"].filter(
        pl.col("indicator") == indicator, pl.col("iso3") == iso3, pl.col("start").dt.year() == year
    )
    return float(found["value"].item())


def test_months_are_not_added_up_and_the_newest_counts(tmp_path: Path) -> None:
    rows = person("GHA", "UNIFIL", "Troops", 90, 700, "2023-11-30") + person("GHA", "UNIFIL", "Troops", 100, 750, "2023-12-31")
    parsed = read("un_psdata_personnel", tmp_path, PERSONNEL + rows + person("GHA", "UNMISS", "Formed Police Units", 10, 20, "2023-12-31"))
    assert value(parsed, "un_uniformed_personnel", "GHA", 2023) == 880
    assert value(parsed, "un_uniformed_women", "GHA", 2023) == 110
    assert value(parsed, "un_police_personnel", "GHA", 2023) == 30
    ties = parsed.tables["ties"].select("from_iso3", "to_iso3", "value").rows()
    assert ties == [("GHA", "LBN", 850.0), ("GHA", "SSD", 30.0)]
    assert parsed.vintage == "2023-12"


def test_who_sent_no_police_has_no_row_of_it(tmp_path: Path) -> None:
    parsed = read("un_psdata_personnel", tmp_path, PERSONNEL + person("NPL", "MINUSCA", "Troops", 0, 7, "2023-12-31"))
    assert parsed.tables["observations"]["indicator"].to_list() == ["un_uniformed_personnel"]


def test_days_of_the_older_file_are_read_only_where_they_mean_one_day(tmp_path: Path) -> None:
    older = person("NPL", "MINUSCA", "Troops", 0, 7, "31/12/2016") + person("GHA", "MINUSCA", "Troops", 0, 7, "01/02/2016")
    parsed = read("un_psdata_personnel", tmp_path, PERSONNEL + older)
    assert parsed.tables["observations"]["iso3"].to_list() == ["NPL"]
    assert "two ways" in parsed.rejected["reason"].item()
    mixed = read("un_psdata_personnel", tmp_path, PERSONNEL + older + person("RWA", "MINUSCA", "Troops", 0, 7, "2023-12-31"))
    assert mixed.tables["observations"]["iso3"].to_list() == ["RWA"]


def test_a_blank_code_is_filled_from_the_name(tmp_path: Path) -> None:
    parsed = read("un_psdata_personnel", tmp_path, PERSONNEL + person("", "MINUSCA", "Troops", 0, 7, "2023-12-31", name="Congo"))
    assert parsed.tables["observations"]["iso3"].to_list() == ["COG"]


def test_people_in_a_mission_new_to_the_list_count_and_are_reported(tmp_path: Path) -> None:
    parsed = read("un_psdata_personnel", tmp_path, PERSONNEL + person("NPL", "UNNEW", "Troops", 0, 7, "2023-12-31"))
    assert value(parsed, "un_uniformed_personnel", "NPL", 2023) == 7
    assert "no state of this mission" in parsed.rejected["reason"].item()


def test_a_kind_of_personnel_that_is_new_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnexpectedData, match="robots"):
        read("un_psdata_personnel", tmp_path, PERSONNEL + person("NPL", "UNMIL", "Robots", 0, 7, "2023-12-31"))


@pytest.mark.parametrize("number", ["-1", "7.5", "1e9", "many", "9999999", ""])
def test_a_number_that_is_no_count_is_rejected(tmp_path: Path, number: str) -> None:
    parsed = read("un_psdata_personnel", tmp_path, PERSONNEL + person("NPL", "UNMIL", "Troops", 0, number, "2023-12-31"))
    assert parsed.tables["observations"].is_empty()
    assert "not a count" in parsed.rejected["reason"].item()


def test_the_real_extract_loses_its_incomplete_years_and_nothing_else(data: Path) -> None:
    path = data / "state" / "un" / "un_personnel_country_mission_2010_2021.csv"
    parsed = find_source("un_psdata_personnel").read({path.name: path})
    assert set(parsed.rejected["reason"]) == {"the extract holds a part of this year only"}
    assert parsed.rejected.height == 45 + 583 + 556 + 260
    totals = dict(
        parsed.tables["observations"]
        .filter(pl.col("indicator") == "un_uniformed_personnel")
        .group_by(pl.col("start").dt.year())
        .agg(pl.col("value").sum())
        .iter_rows()
    )
    assert totals[2020] == 82_481
    assert not {2010, 2012, 2017, 2021} & set(totals)


def test_a_total_off_by_rounding_is_kept_and_one_off_by_more_rejected(tmp_path: Path) -> None:
    parsed = read("un_psdata_personnel", tmp_path, EXTRACT + "2019,Niger,MINUJUSTH,4,11,14,NER\n2019,Ghana,UNIFIL,10,500,800,GHA\n")
    assert value(parsed, "un_uniformed_personnel", "NER", 2019) == 14
    assert parsed.rejected["reason"].to_list() == ["women and men do not add up to the total"]


@pytest.mark.parametrize("source", ["un_psdata_vetoes", "un_psdata_missions", "un_psdata_personnel"])
def test_each_is_asked_of_the_hub_itself(source: str) -> None:
    (one,) = find_source(source).downloads()
    assert one.address.startswith("https://api.psdata.un.org/public/data/")
    assert one.name.endswith(".csv")


@pytest.mark.parametrize("source", ["un_psdata_vetoes", "un_psdata_missions", "un_psdata_personnel"])
@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00a", b"a,a\n1,2\n", b'id,"never closed\n', b"id\x00\n"])
def test_broken_bytes_end_in_one_sentence(tmp_path: Path, source: str, content: bytes) -> None:
    path = tmp_path / "hub.csv"
    path.write_bytes(content)
    with pytest.raises(UnexpectedData, match=r"hub\.csv"):
        find_source(source).read({path.name: path})


def test_two_files_at_once_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "hub.csv"
    for source in ("un_psdata_vetoes", "un_psdata_missions", "un_psdata_personnel", "un_hrc", "un_sc_votes", "uhri"):
        with pytest.raises(UnexpectedData, match="2 files were given"):
            find_source(source).read({"a.csv": path, "b.csv": path})
