"""Security Council membership: no blank loses a member, and none is filled silently."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from forefend.errors import UnexpectedData
from forefend.sources.contract import Parsed
from forefend.sources.registry import find_source

HEADER = "id,year,security_council_member,last_update\n"


def read(*paths: Path) -> Parsed:
    return find_source("un_security_council").read({path.name: path for path in paths})


def read_rows(folder: Path, *rows: str) -> Parsed:
    path = folder / "DPPA-SCMEMBERSHIP.csv"
    path.write_text(HEADER + "".join(f"{number},{row},2026-07-02\n" for number, row in enumerate(rows, start=1)), encoding="utf-8")
    return read(path)


def members(parsed: Parsed, year: int) -> set[str]:
    return set(parsed.tables["facts"].filter(pl.col("start").dt.year() == year)["iso3"])


@pytest.fixture(scope="module")
def council(data: Path) -> Parsed:
    return read(*sorted((data / "state" / "un").glob("DPPA-SCMEMBERSHIP*.csv")))


def test_every_year_has_its_members_but_for_states_that_are_no_more(council: Parsed) -> None:
    assert not [note for note in council.notes if "incomplete" in note]
    counts = dict(council.tables["facts"].group_by(pl.col("start").dt.year()).len().iter_rows())
    whole = {year for year, n in counts.items() if n == (15 if year >= 1966 else 11)}
    assert set(range(1946, 2028)) - whole == {1950, 1951, 1956, 1964, 1972, 1973, 1978, 1979, 1980, 1981, 1988, 1989}
    assert set(council.rejected["reason"]) == {"no state of today continues this one"}


@pytest.mark.parametrize(
    ("year", "iso3"), [(1961, "TUR"), (1990, "CIV"), (2009, "TUR"), (2018, "CIV"), (2019, "CIV"), (2026, "COD"), (2027, "COD")]
)
def test_a_blank_is_filled_and_said(council: Parsed, year: int, iso3: str) -> None:
    fact = council.tables["facts"].filter(pl.col("start") == date(year, 1, 1), pl.col("iso3") == iso3).row(0, named=True)
    assert fact["note"] == "name blank in the publisher's file"
    assert fact["checked"] in ("from knowledge", "confirmed from a stored page")
    assert any(note.startswith(f"{year}: name blank, filled as {iso3}") for note in council.notes)


def test_terms_split_between_states_are_not_filled_by_rule(council: Parsed) -> None:
    assert "POL" not in members(council, 1961)
    assert "ITA" not in members(council, 2018)


def test_an_unknown_blank_is_rejected_and_its_year_reported(tmp_path: Path) -> None:
    parsed = read_rows(tmp_path, "2029,China", "2029, ", "2029,Ghana")
    assert members(parsed, 2029) == {"CHN", "GHA"}
    assert parsed.rejected.rows() == [(2, "the member's name is blank and not known", parsed.rejected["content"][0])]
    assert parsed.notes == ("2029: 2 members known, 15 expected; the year is incomplete",)


def test_a_name_given_where_a_blank_was_known_counts_as_given(tmp_path: Path) -> None:
    parsed = read_rows(tmp_path, "2018,Côte d’Ivoire")
    fact = parsed.tables["facts"].row(0, named=True)
    assert (fact["iso3"], fact["note"], fact["checked"]) == ("CIV", None, None)


def test_a_member_filled_twice_is_rejected(tmp_path: Path) -> None:
    parsed = read_rows(tmp_path, "2026,Democratic Republic of the Congo", "2026,")
    assert members(parsed, 2026) == {"COD"}
    assert parsed.rejected["reason"].to_list() == ["the member came before in this year"]


def test_an_unknown_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnexpectedData, match="Atlantis"):
        read_rows(tmp_path, "2026,Atlantis")


def test_the_newest_update_names_the_release(council: Parsed) -> None:
    assert (council.vintage, council.published) == ("2026-07-02", date(2026, 7, 2))
    assert find_source("un_security_council").downloads()[0].name == "DPPA-SCMEMBERSHIP.csv"
