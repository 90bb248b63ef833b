"""Names: what is taken, what is refused, and what the refusal says."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forefend.errors import AmbiguousPlace, HistoricalPlace, UnknownPlace
from forefend.places import former_states, place_name, resolve, resolve_many, states
from forefend.places.model import rows
from forefend.places.names import LANGUAGES, out_of_scope
from forefend.places.spelling import key, normal

STATES = sorted(states())


@pytest.mark.parametrize(
    ("text", "iso3"),
    [
        ("Congo, DR", "COD"),
        ("Congo, Democratic Republic of (Zaire)", "COD"),
        ("DR Congo (Zaire)", "COD"),
        ("D.R. Congo", "COD"),
        ("Congo, Rep.", "COG"),
        ("Congo (Brazzaville)", "COG"),
        ("Iran (Islamic Republic of)", "IRN"),
        ("Iran, Islamic Rep.", "IRN"),
        ("Korea, Rep.", "KOR"),
        ("Korea, Dem. People's Rep.", "PRK"),
        ("Gambia, The", "GMB"),
        ("Micronesia, Fed. Sts.", "FSM"),
        ("Cote D'Ivoire", "CIV"),
        ("Côte d’Ivoire", "CIV"),
        ("COTE D`IVOIRE", "CIV"),
        ("  cabo   verde ", "CPV"),
        ("NA", "NAM"),
        ("Burma", "MMR"),
        ("Myanmar (Burma)", "MMR"),
        ("Burma/Myanmar", "MMR"),
        ("Zaire", "COD"),
        ("Swaziland", "SWZ"),
        ("Macedonia", "MKD"),
        ("Turkey", "TUR"),
        ("Türkiye", "TUR"),
        ("Turkey (Ottoman Empire)", "TUR"),
        ("Yemen (North Yemen)", "YEM"),
        ("Serbia (Yugoslavia)", "SRB"),
        ("Russia (Soviet Union)", "RUS"),
        ("Cambodia (Kampuchea)", "KHM"),
        ("Zimbabwe (Rhodesia)", "ZWE"),
        ("Madagascar (Malagasy)", "MDG"),
        ("Vietnam (North Vietnam)", "VNM"),
        ("Germany (Prussia)", "DEU"),
        ("Italy/Sardinia", "ITA"),
        ("Tanzania/Tanganyika", "TZA"),
        ("State of Palestine", "PSE"),
        ("West Bank and Gaza", "PSE"),
        ("WBG", "PSE"),
        ("Kosovo*", "XKX"),
        ("Taiwan, Province of China", "TWN"),
        ("L’Algérie", "DZA"),
        ("República Democrática del Congo", "COD"),
        ("سورية", "SYR"),
        ("جمهورية إيران الإسلامية", "IRN"),
        ("usa", "USA"),
        ("fr", "FRA"),
    ],
)
def test_a_name_as_publishers_write_it(text: str, iso3: str) -> None:
    assert resolve(text) == iso3


@pytest.mark.parametrize("code", ["XKX", "XKO", "KSV", "RKS", "XKV", "XK", "UVK", "KOS"])
def test_each_code_of_kosovo(code: str) -> None:
    assert resolve(code) == "XKX"


@pytest.mark.parametrize(
    ("text", "candidates"),
    [
        ("Congo", ("COD", "COG")),
        ("Korea", ("KOR", "PRK")),
        ("Corée", ("KOR", "PRK")),
        ("الكونغو", ("COD", "COG")),
        ("Virgin Islands", ("VGB", "VIR")),
        ("Republic of China", ("CHN", "TWN")),
    ],
)
def test_a_name_of_two_states_is_answered_with_both(text: str, candidates: tuple[str, ...]) -> None:
    with pytest.raises(AmbiguousPlace) as refusal:
        resolve(text)
    assert refusal.value.candidates == candidates
    for iso3 in candidates:
        assert f"{iso3} ({place_name(iso3)})" in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "day", "iso3"),
    [
        ("Yugoslavia", date(1995, 6, 1), "SRB"),
        ("Serbia and Montenegro", date(2004, 6, 1), "SRB"),
        ("Soviet Union", date(1985, 1, 1), "RUS"),
        ("Yemen North", date(1985, 1, 1), "YEM"),
        ("Yemen Arab Republic (North Yemen)", date(1962, 9, 26), "YEM"),
        ("Sudan", date(2005, 1, 1), "SDN"),
        ("Former Sudan", date(2005, 1, 1), "SDN"),
        ("Zaire", date(1990, 1, 1), "COD"),
        ("Republic of China", date(1930, 1, 1), "CHN"),
        ("Republic of China", date(1980, 1, 1), "TWN"),
        ("CS", date(2004, 1, 1), "SRB"),
    ],
)
def test_a_row_of_another_time_is_read_as_of_its_day(text: str, day: date, iso3: str) -> None:
    assert resolve(text, on=day) == iso3


@pytest.mark.parametrize(
    ("text", "day", "successors"),
    [
        ("Yugoslavia", None, ("BIH", "HRV", "MKD", "MNE", "SRB", "SVN", "XKX")),
        ("Yugoslavia", date(2015, 1, 1), ("BIH", "HRV", "MKD", "MNE", "SRB", "SVN", "XKX")),
        ("Vietnam, South", None, ("VNM",)),
        ("Vietnam, South", date(1965, 1, 1), ("VNM",)),
        ("Yemen, North", None, ("YEM",)),
        ("Yemen (South Yemen)", date(1980, 1, 1), ("YEM",)),
        ("Czechoslovakia", date(1980, 1, 1), ("CZE", "SVK")),
        ("East Germany", date(1980, 1, 1), ("DEU",)),
        ("Zanzibar", date(1964, 1, 1), ("TZA",)),
        ("Former Sudan", None, ("SDN", "SSD")),
        ("Vietnam (South Vietnam)", date(1965, 1, 1), ("VNM",)),
        ("Hyderabad", date(1948, 1, 1), ("IND",)),
        ("SUN", None, None),
    ],
)
def test_a_state_that_is_no_more_is_answered_with_its_successors(text: str, day: date | None, successors: tuple[str, ...] | None) -> None:
    with pytest.raises(HistoricalPlace) as refusal:
        resolve(text, on=day)
    assert refusal.value.successors == (successors or former_states()["soviet_union"].successors)
    assert all(iso3 in str(refusal.value) for iso3 in refusal.value.successors)


@pytest.mark.parametrize("text", ["Gaza", "Somaliland", "Abkhazia", "Northern Ireland", "Crimea"])
def test_a_part_of_a_state_is_not_taken_for_the_whole(text: str) -> None:
    with pytest.raises(HistoricalPlace, match="without a code here"):
        resolve(text)


@pytest.mark.parametrize(
    ("text", "near"),
    [("Guinea-Bisso", "GNB"), ("Fance", "FRA"), ("Untied Kingdom", "GBR"), ("Guinea-Equatoria", "GNQ"), ("Nigera", "NGA")],
)
def test_a_misspelling_is_refused_and_near_names_are_said(text: str, near: str) -> None:
    with pytest.raises(UnknownPlace, match=near):
        resolve(text)


@pytest.mark.parametrize(
    "text",
    ["", "  ", "nan", "N/A", "No", "xyz", "ZZZ", "123", "--", "Congo (Kenya)", "Kenya/Uganda", "Kenya (Korea)", "Korea (Kenya)", "The"],
)
def test_what_is_no_name_is_unknown(text: str) -> None:
    with pytest.raises(UnknownPlace):
        resolve(text)


@pytest.mark.parametrize(("text", "reason"), [("World", "aggregate"), ("European Union", "organisation"), ("NATO**", "organisation")])
def test_what_is_known_to_be_no_state_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(UnknownPlace, match=reason):
        resolve(text)


def test_a_publisher_that_always_means_one_state_is_taken_at_its_word() -> None:
    assert resolve("Congo", publisher="oecd") == "COG"
    assert resolve("Korea", publisher="oecd") == "KOR"
    assert resolve("Democratic Republic of the Congo", publisher="oecd") == "COD"
    with pytest.raises(UnknownPlace, match="no-such"):
        resolve("Congo", publisher="no-such")


def test_many_names_are_answered_one_by_one() -> None:
    found = resolve_many(["Chad", "Congo", "Atlantis"])
    assert found["Chad"] == "TCD"
    assert isinstance(found["Congo"], AmbiguousPlace)
    assert isinstance(found["Atlantis"], UnknownPlace)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_name_in_every_language_leads_back_or_is_declared_ambiguous(language: str) -> None:
    declared = {key(row["alias"]) for row in rows("aliases.csv") if row["kind"] == "ambiguous"}
    for iso3 in STATES:
        name = place_name(iso3, language)
        assert name != iso3, f"CLDR has no {language} name of {iso3}"
        if key(name) in declared:
            with pytest.raises(AmbiguousPlace) as refusal:
                resolve(name)
            assert iso3 in refusal.value.candidates
        else:
            assert resolve(name) == iso3, name


@settings(deadline=None)  # the first name read loads the CLDR
@given(st.sampled_from(STATES), st.sampled_from(LANGUAGES), st.data())
def test_case_spacing_and_order_of_words_do_not_matter(iso3: str, language: str, data: st.DataObject) -> None:
    name = place_name(iso3, language)
    words = data.draw(st.permutations(normal(name).split()))
    written = data.draw(st.sampled_from([" ", "  ", ", ", " - "])).join(words)
    outcomes = resolve_many([name, written, written.upper()])
    assert len({outcome if isinstance(outcome, str) else type(outcome).__name__ for outcome in outcomes.values()}) == 1


@settings(deadline=None)  # the first name read loads the CLDR
@given(st.text(max_size=30))
def test_any_text_leads_to_a_state_or_to_one_refusal(text: str) -> None:
    outcome = resolve_many([text])[text]
    assert outcome in states() if isinstance(outcome, str) else str(outcome).endswith(".")


def test_no_alias_has_two_meanings_unless_its_years_tell_them_apart() -> None:
    found: dict[str, list[dict[str, str]]] = {}
    for row in rows("aliases.csv"):
        found.setdefault(key(row["alias"]), []).append(row)
    for alias, meanings in found.items():
        if len(meanings) > 1:
            years = sorted((row["valid_from"] or "0", row["valid_to"] or "9999") for row in meanings)
            assert all(earlier[1] < later[0] for earlier, later in pairwise(years)), alias


def test_every_alias_is_of_a_known_kind_and_means_something_known() -> None:
    for row in rows("aliases.csv"):
        known = former_states() if row["kind"] == "dissolved" else states()
        assert row["kind"] in {"name", "former", "ambiguous", "dissolved", "part"}, row
        assert row["means"].split(), row
        assert set(row["means"].split()) <= set(known), row
        assert (len(row["means"].split()) > 1) == (row["kind"] == "ambiguous"), row


def test_what_is_out_of_scope_is_never_a_state() -> None:
    for name in out_of_scope("name"):
        assert not isinstance(resolve_many([name])[name], str), name
