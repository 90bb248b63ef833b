"""Terms in the Human Rights Council and votes in the Security Council."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from forefend.errors import UnexpectedData
from forefend.sources.contract import Parsed
from forefend.sources.registry import find_source

TERMS = "iso3,member,term_start,term_end,source_url\n"
VOTES = (
    "undl_id,ms_code,ms_name,permanent_member,ms_vote,date,resolution,draft,meeting,description,agenda,subjects,"
    "vote_note,modality,total_yes,total_no,total_abstentions,total_non_voting,total_ms,undl_link\n"
)


def read(source: str, folder: Path, text: str, name: str) -> Parsed:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return find_source(source).read({name: path})


def test_the_real_terms_give_47_members_in_each_whole_year(data: Path) -> None:
    path = data / "state" / "un" / "hrc_terms_2022_2028.csv"
    parsed = find_source("un_hrc").read({path.name: path})
    facts = parsed.tables["facts"]
    for year in (2024, 2025, 2026):
        assert facts.filter((pl.col("start") <= date(year, 6, 1)) & (pl.col("end") >= date(year, 6, 1)))["iso3"].n_unique() == 47
    assert parsed.notes == ()
    assert parsed.rejected.is_empty()


def test_a_year_with_a_missing_member_is_reported(tmp_path: Path) -> None:
    rows = "".join(f"{code},{code},{year},{year + 2},x\n" for year, code in ((2090, "GHA"), (2091, "NPL"), (2092, "PER")))
    parsed = read("un_hrc", tmp_path, TERMS + rows, "terms.csv")
    assert parsed.notes == ("2092: 3 members known, 47 expected",)


def test_a_code_that_is_another_state_than_the_name_is_rejected(tmp_path: Path) -> None:
    parsed = read("un_hrc", tmp_path, TERMS + "GHA,Nepal,2091,2093,x\nNPL,Nepal,2091,2099,x\n", "terms.csv")
    assert parsed.rejected["reason"].to_list() == [
        "code and name are of different states",
        "the last year is missing or does not end a term",
    ]


def test_terms_are_only_imported() -> None:
    assert find_source("un_hrc").downloads() == []


def vote(code: str, cast: str, *, day: str = "2014-12-10", resolution: str = "S/RES/9000(2014)", modality: str = "VOTE") -> str:
    return f"900,{code},NAME,True,{cast},{day},{resolution},,S/PV.0,Title,,,,{modality},1,0,0,0,1,x\n"


def test_votes_before_2010_and_codes_of_former_states_are_left_out(tmp_path: Path) -> None:
    parsed = read("un_sc_votes", tmp_path, VOTES + vote("SUN", "Y", day="1980-01-01") + vote("FRA", "A"), "2026_02_06_sc_voting.csv")
    assert parsed.tables["facts"].select("iso3", "status").rows() == [("FRA", "abstain")]
    assert parsed.vintage == "2026-02-06"


def test_a_resolution_adopted_without_a_vote_says_so(tmp_path: Path) -> None:
    parsed = read("un_sc_votes", tmp_path, VOTES + vote("FRA", "Y", modality="WITHOUT VOTE"), "x.csv")
    assert "adopted without a vote" in parsed.tables["facts"]["note"].item()


def test_a_second_vote_of_one_member_and_one_without_a_day_are_rejected(tmp_path: Path) -> None:
    parsed = read("un_sc_votes", tmp_path, VOTES + vote("FRA", "Y") * 2 + vote("GHA", "Y", day=""), "x.csv")
    assert sorted(parsed.rejected["reason"]) == ["the day is missing or no date", "the state's vote came before"]


def test_an_unknown_vote_or_state_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnexpectedData, match="ms_vote"):
        read("un_sc_votes", tmp_path, VOTES + vote("FRA", "V"), "x.csv")
    with pytest.raises(UnexpectedData, match="ms_code"):
        read("un_sc_votes", tmp_path, VOTES + vote("SUN", "Y"), "x.csv")


def test_a_name_with_no_day_of_the_calendar_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnexpectedData, match="calendar"):
        read("un_sc_votes", tmp_path, VOTES + vote("FRA", "Y"), "2026_13_40_sc_voting.csv")
