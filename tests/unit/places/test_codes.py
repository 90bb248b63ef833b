"""Codes of seven schemes, today and at other times."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forefend.errors import AmbiguousPlace, HistoricalPlace, PlaceError, UnknownPlace
from forefend.places import codes, former_states, from_code, states
from forefend.places.model import SCHEMES, rows


@settings(deadline=None)  # the first refusal loads the CLDR
@given(st.sampled_from(SCHEMES), st.data())
def test_codes_of_today_round_trip(scheme: str, data: st.DataObject) -> None:
    code = data.draw(st.sampled_from(sorted(codes(scheme), key=str)))
    on = data.draw(st.none() | st.dates(min_value=date(1900, 1, 1), max_value=date(2030, 1, 1)))
    assert from_code(code, scheme=scheme, on=on) == codes(scheme)[code]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_no_two_states_share_a_code(scheme: str) -> None:
    attribute = {"alpha2": "iso2", "alpha3": "iso3"}.get(scheme, scheme)
    given_codes = [code for entry in states().values() if (code := getattr(entry, attribute)) is not None]
    assert len(given_codes) == len(set(given_codes)) == len(codes(scheme))


@pytest.mark.parametrize(
    ("code", "scheme", "year", "iso3"),
    [
        (345, "gw", 1990, "SRB"),
        (345, "gw", 2006, "SRB"),
        (340, "gw", 2010, "SRB"),
        (345, "cow", 2015, "SRB"),
        (365, "gw", 1985, "RUS"),
        (364, "gw", 1985, "RUS"),
        (678, "gw", 1985, "YEM"),
        (678, "gw", 2020, "YEM"),
        (679, "gw", 2020, "YEM"),
        (678, "cow", 1985, "YEM"),
        (679, "cow", 2020, "YEM"),
        (255, "gw", 1910, "DEU"),
        (260, "gw", 2020, "DEU"),
        (255, "cow", 2020, "DEU"),
        (260, "cow", 1980, "DEU"),
        (816, "gw", 1960, "VNM"),
        (529, "gw", 2000, "ETH"),
        (530, "gw", 2000, "ETH"),
        (626, "gw", 2012, "SSD"),
        (970, "gw", 2000, "KIR"),
        (970, "cow", 2000, "NRU"),
        (946, "cow", 2000, "KIR"),
        (736, "m49", 2005, "SDN"),
        (891, "m49", 2005, "SRB"),
        ("YUG", "alpha3", 1995, "SRB"),
        ("ZAR", "alpha3", 1990, "COD"),
        ("na", "alpha2", 2020, "NAM"),
        ("345.0", "gw", 1990, "SRB"),
        (2.0, "gw", 2020, "USA"),
    ],
)
def test_a_code_at_its_time(code: str | float, scheme: str, year: int, iso3: str) -> None:
    assert from_code(code, scheme=scheme, on=date(year, 1, 1)) == iso3


@pytest.mark.parametrize(
    ("code", "scheme", "successors"),
    [
        (315, "gw", ("CZE", "SVK")),
        (265, "cow", ("DEU",)),
        (680, "gw", ("YEM",)),
        (817, "gw", ("VNM",)),
        (511, "cow", ("TZA",)),
        (300, "gw", ("AUT", "HUN")),
        (138, "vdem", ("PSE",)),
        (139, "vdem", ("SOM",)),
        (396, "gw", ("GEO",)),
        (810, "m49", ("ARM", "AZE", "BLR", "EST", "GEO", "KAZ", "KGZ", "LTU", "LVA", "MDA", "RUS", "TJK", "TKM", "UKR", "UZB")),
    ],
)
def test_a_code_of_a_state_that_is_no_more_or_of_a_part(code: int, scheme: str, successors: tuple[str, ...]) -> None:
    with pytest.raises(HistoricalPlace) as refusal:
        from_code(code, scheme=scheme)
    assert refusal.value.successors == successors


def test_a_code_used_twice_needs_its_date() -> None:
    with pytest.raises(AmbiguousPlace, match="Give the date"):
        from_code("CS", scheme="alpha2")
    with pytest.raises(HistoricalPlace):
        from_code("CS", scheme="alpha2", on=date(1980, 1, 1))
    assert from_code("CS", scheme="alpha2", on=date(2005, 1, 1)) == "SRB"


@pytest.mark.parametrize(
    ("code", "scheme"), [(999, "gw"), ("abc", "gw"), (float("nan"), "cow"), (2.5, "gw"), (float("inf"), "m49"), ("", "alpha3")]
)
def test_what_is_no_code_is_refused(code: str | float, scheme: str) -> None:
    with pytest.raises(UnknownPlace):
        from_code(code, scheme=scheme)


def test_an_unknown_scheme_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UnknownPlace, match="alpha3"):
        codes("stanag")
    with pytest.raises(UnknownPlace, match="alpha3"):
        from_code("US", scheme="stanag")


@pytest.mark.parametrize(
    ("fips", "iso3"),
    [
        *(("AU", "AUT"), ("AS", "AUS"), ("CH", "CHN"), ("SZ", "CHE"), ("NI", "NGA"), ("NG", "NER"), ("SU", "SDN"), ("OD", "SSD")),
        *(("IZ", "IRQ"), ("IS", "ISR"), ("IC", "ISL"), ("BM", "MMR"), ("BD", "BMU"), ("UV", "BFA"), ("BF", "BHS"), ("CG", "COD")),
        *(("CF", "COG"), ("CT", "CAF"), ("KV", "XKX"), ("RI", "SRB"), ("RB", "SRB"), ("WE", "PSE"), ("gz", "PSE"), ("WA", "NAM")),
    ],
)
def test_fips_codes_are_not_those_of_iso(fips: str, iso3: str) -> None:
    """FIPS 10-4 has two letters like ISO 3166, and means another state by most of them."""
    assert from_code(fips, scheme="fips") == iso3


def test_fips_covers_every_state() -> None:
    assert [entry.iso3 for entry in states().values() if entry.is_state and not entry.fips] == []
    with pytest.raises(HistoricalPlace):
        from_code("YI", scheme="fips")
    assert from_code("YI", scheme="fips", on=date(2004, 1, 1)) == "SRB"


@pytest.mark.parametrize("code", ["PF", "PG", "AX", "OS", "", "XX"])
def test_fips_codes_of_no_state_are_refused(code: str) -> None:
    """The Paracel and Spratly Islands, a base, the oceans: events there are no state's."""
    with pytest.raises(UnknownPlace):
        from_code(code, scheme="fips")


@settings(deadline=None)  # the first refusal loads the CLDR
@given(st.sampled_from(SCHEMES), st.text(max_size=6) | st.integers() | st.floats())
def test_any_code_leads_to_a_state_or_is_refused(scheme: str, code: str | float) -> None:
    try:
        found = from_code(code, scheme=scheme)
    except PlaceError:
        return
    assert found in states()


def test_the_history_of_codes_speaks_of_known_places() -> None:
    for row in rows("codes_history.csv"):
        assert row["scheme"] in SCHEMES, row
        assert row["means"].removeprefix("part:") in {*states(), *former_states()}, row
        assert not row["from"] or not row["to"] or int(row["from"]) <= int(row["to"]), row
