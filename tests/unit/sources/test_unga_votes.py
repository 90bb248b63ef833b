"""General Assembly votes: roll calls as read, and agreement by its rule."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forefend.errors import UnexpectedData
from forefend.sources.contract import Parsed
from forefend.sources.families.agreement import N_AT_LEAST, vote_agreement
from forefend.sources.registry import find_source


@pytest.fixture(scope="module")
def parsed(data: Path) -> Parsed:
    paths = (data / "calendar" / "unga_votes_2020_2023.csv", data / "dyads" / "unga_agreement_2010_2019.csv")
    return find_source("unga_votes").read({path.name: path for path in paths})


def votes(one: str, other: str) -> pl.DataFrame:
    """Two states' votes in as many resolutions, one on each day."""
    names = {"y": "yes", "n": "no", "a": "abstain", "x": "did not vote"}
    rows = [
        (iso3, f"A/RES/{number}", names[letter], date(2020 + number % 3, 1, 1))
        for iso3, letters in (("GHA", one), ("SDN", other))
        for number, letter in enumerate(letters)
    ]
    return pl.DataFrame(rows, schema=["iso3", "key", "status", "start"], orient="row")


def agreement(one: str, other: str) -> float | None:
    ties = vote_agreement(votes(one, other)).filter(pl.col("from_iso3") == "GHA")
    return ties["value"][0] if ties.height else None


def test_totals_are_the_official_ones(parsed: Parsed) -> None:
    """A/RES/75/277 was adopted by 115 votes to 15, with 28 abstentions (A/75/PV.66)."""
    facts = parsed.tables["facts"].filter(pl.col("key") == "A/RES/75/277")
    assert dict(facts.group_by("status").len().iter_rows()) == {"yes": 115, "no": 15, "abstain": 28, "did not vote": 35}
    assert parsed.rejected.is_empty()
    assert parsed.vintage == "2023"


def test_both_periods_stand_beside_each_other(parsed: Parsed) -> None:
    ties = parsed.tables["ties"].filter(pl.col("from_iso3") == "GHA", pl.col("to_iso3") == "SDN", pl.col("channel") == "vote_agreement")
    assert ties["unit"].to_list() == ["share of 796 votes", "share of 29 votes, of 31 resolutions on atrocity matters"]
    assert ties["value"].to_list() == [0.9121, 0.6897]
    assert ties["end"].to_list() == [date(2019, 12, 31), date(2023, 12, 19)]


@pytest.mark.parametrize(
    ("pair", "expected"), [(("y", "y"), 1.0), (("y", "a"), 0.5), (("n", "a"), 0.5), (("y", "n"), 0.0), (("a", "a"), 1.0)]
)
def test_an_abstention_counts_half(pair: tuple[str, str], expected: float) -> None:
    one, other = pair
    assert agreement(one * 20, other * 20) == expected


def test_few_votes_in_common_give_no_agreement() -> None:
    assert agreement("y" * 20, "y" * 19 + "x") is None
    assert agreement("y" * 21, "y" * 20 + "x") == 1.0


@given(st.lists(st.tuples(st.sampled_from("ynax"), st.sampled_from("ynax")), min_size=1, max_size=60))
def test_agreement_is_the_mean_over_votes_both_cast(pairs: list[tuple[str, str]]) -> None:
    one, other = ("".join(letters) for letters in zip(*pairs, strict=True))
    scores = {"y": 1.0, "a": 0.5, "n": 0.0}
    both = [1 - abs(scores[a] - scores[b]) for a, b in pairs if "x" not in (a, b)]
    expected = sum(both) / len(both) if len(both) >= N_AT_LEAST else None
    found = agreement(one, other)
    assert found == agreement(other, one), "agreement is the same both ways"
    assert found is None if expected is None else found == pytest.approx(expected, abs=1e-4)


def test_an_unknown_vote_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "unga_votes_2020_2023.csv"
    path.write_text("resolution,date,title,iso3,vote,undl_record\nA/RES/1,2020-01-01,T,GHA,present,1\n", encoding="utf-8")
    with pytest.raises(UnexpectedData, match="present"):
        find_source("unga_votes").read({path.name: path})


def test_the_librarys_layout_names_its_release(tmp_path: Path) -> None:
    source = find_source("un_digital_library_votes")
    path = tmp_path / "2025_7_21_ga_voting.csv"
    path.write_bytes(next(iter(source.samples().values())).read_bytes())
    parsed = source.read({path.name: path})
    assert (parsed.vintage, parsed.published) == ("2025-07-21", date(2025, 7, 21))
    assert parsed.tables["ties"]["unit"].unique().to_list() == ["share of 23 votes"]
    assert set(parsed.tables["facts"]["status"]) <= {"yes", "no", "abstain", "did not vote"}


def test_a_record_of_two_resolutions_is_refused_in_either_file(tmp_path: Path) -> None:
    library = find_source("un_digital_library_votes")
    (sample,) = library.samples().values()
    path = tmp_path / sample.name
    path.write_text(sample.read_text(encoding="utf-8").replace("A/RES/69/900", "A/RES/1/1", 1), encoding="utf-8")
    with pytest.raises(UnexpectedData, match="but of another resolution before"):
        library.read({path.name: path})
    calls = tmp_path / "unga_votes_2020_2023.csv"
    calls.write_text("resolution,date,title,iso3,vote,undl_record\nA/RES/75/1,2021-05-18,T,GHA,yes,7\nA/RES/75/2,2021-05-18,T,SDN,yes,7\n")
    with pytest.raises(UnexpectedData, match="row 2: 'A/RES/75/2' with record '7' does not fit the rows before"):
        find_source("unga_votes").read({calls.name: calls})


def test_a_pair_with_two_agreements_is_refused(tmp_path: Path) -> None:
    head = "iso3_a,iso3_b,n_all,agreement_all,n_human_rights,agreement_human_rights\n"
    path = tmp_path / "unga_agreement_2010_2019.csv"
    path.write_text(head + "GHA,SDN,100,0.5,30,0.5\nGHA,SDN,100,0.6,30,0.5\n")
    with pytest.raises(UnexpectedData, match="row 2: iso3_a 'GHA', iso3_b 'SDN' came before"):
        find_source("unga_votes").read({path.name: path})
    path.write_text(head + "GHA,SDN,100,0.5,-1,0.5\n" + "GHA,TCD,100,0.5,30,0.5\n" * 2)
    parsed = find_source("unga_votes").read({path.name: path})
    assert sorted(parsed.rejected["row"]) == [1, 3]
