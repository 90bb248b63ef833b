"""Languages: text, plural, direction; and numbers that keep their order in Arabic."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forefend.errors import ForefendError, SettingsError
from forefend.locale import FSI, LANGUAGES, PDI, language, languages

ARABIC = language("ar")
ENGLISH = language("en")
finite = st.floats(min_value=-1e9, max_value=1e9, allow_nan=False)
shares = st.floats(min_value=0, max_value=1)


def test_languages_come_from_the_folder_and_english_is_first() -> None:
    assert LANGUAGES[0] == "en"
    assert set(LANGUAGES) == {"en", "ar", "es", "fr"}
    assert languages()[0] == "en"
    assert set(languages()) <= set(LANGUAGES)


def test_an_unknown_language_is_refused_with_those_there_are() -> None:
    with pytest.raises(SettingsError, match=r"'xx' is not available.*en, ar, es, fr"):
        language("xx")


@pytest.mark.parametrize(("code", "direction"), [("en", "ltr"), ("ar", "rtl"), ("fr", "ltr"), ("es", "ltr")])
def test_direction(code: str, direction: str) -> None:
    assert language(code).direction == direction
    assert language(code).is_rtl is (direction == "rtl")


def test_an_interval_survives_in_arabic() -> None:
    assert ARABIC.range(0.22, 0.55) == "\u20680.22–0.55\u2069"


def test_a_share_survives_in_arabic() -> None:
    assert ARABIC.percent(0.8) == "\u206880\u202f%\u2069"
    assert ARABIC.percent_range(0.22, 0.55) == "\u206822–55\u202f%\u2069"


def test_english_is_not_isolated() -> None:
    assert ENGLISH.range(0.22, 0.55) == "0.22–0.55"
    assert ENGLISH.percent(0.805, decimals=1) == "80.5\u202f%"
    assert ENGLISH.number(12345.678, decimals=1) == "12,345.7"
    assert ENGLISH.code_text("RF8.3") == "RF8.3"


def test_french_and_spanish_write_decimals_their_way() -> None:
    assert language("fr").range(0.22, 0.55) == "0,22–0,55"
    assert language("es").number(-3.5, decimals=1) == "−3,5"


def test_an_interval_with_a_negative_end_has_room_around_its_dash() -> None:
    assert ENGLISH.range(-2, -1, decimals=0) == "−2 – −1"


def test_nothing_is_written_as_minus_zero() -> None:
    assert ENGLISH.number(-0.2) == "0"
    assert ENGLISH.number(-0.0, decimals=2) == "0.00"


@pytest.mark.parametrize("x", [float("nan"), float("inf")])
def test_what_is_not_a_number_is_refused(x: float) -> None:
    with pytest.raises(ForefendError, match="is not a number"):
        ENGLISH.number(x)


def test_dates_and_months() -> None:
    assert ENGLISH.date(date(2026, 8, 13)) == "13 August 2026"
    assert ENGLISH.month(date(2024, 12, 31)) == "December 2024"
    assert ARABIC.date(date(2026, 8, 13)) == f"{FSI}13 أغسطس 2026{PDI}"
    assert ARABIC.month(date(2024, 12, 1)) == f"{FSI}ديسمبر 2024{PDI}"
    assert ENGLISH.year_range(2022, 2024) == "2022–2024"
    assert ARABIC.year_range(2022, 2024) == f"{FSI}2022–2024{PDI}"
    assert language("fr").month(date(2024, 12, 1)) == "décembre 2024"


def test_parameters_are_isolated_once_in_arabic_and_left_alone_in_english() -> None:
    assert ARABIC.gettext("%(code)s and %(share)s", code="N1.1", share=ARABIC.percent(0.8)) == "\u2068N1.1\u2069 and \u206880\u202f%\u2069"
    assert ENGLISH.gettext("%(code)s", code="N1.1") == "N1.1"


def test_a_text_without_parameters_is_returned_as_it_is() -> None:
    assert ENGLISH.gettext("80 % of %(all)s") == "80 % of %(all)s"
    assert ENGLISH.gettext("") == ""
    assert ARABIC.gettext("") == ""


def test_plural() -> None:
    assert ENGLISH.ngettext("%(n)s day", "%(n)s days", 1) == "1 day"
    assert ENGLISH.ngettext("%(n)s day in %(place)s", "%(n)s days in %(place)s", 1200, place="Ghana") == "1,200 days in Ghana"


def test_english_has_every_text() -> None:
    assert ENGLISH.has("anything at all")
    assert ENGLISH.is_reviewed("anything at all")
    assert not ARABIC.has("anything at all")
    assert not ARABIC.is_reviewed("anything at all")


@settings(deadline=None)  # the first call reads the language's formats
@given(finite, st.integers(min_value=0, max_value=6))
def test_a_number_in_arabic_is_the_english_one_isolated(x: float, decimals: int) -> None:
    assert ARABIC.number(x, decimals) == f"{FSI}{ENGLISH.number(x, decimals)}{PDI}"


@settings(deadline=None)  # the first call reads the language's formats
@given(finite, st.sampled_from(LANGUAGES))
def test_digits_are_latin_in_every_language(x: float, code: str) -> None:
    digits = [c for c in language(code).number(x, 2) if c.isdigit()]
    assert digits
    assert all("0" <= c <= "9" for c in digits)


@settings(deadline=None)  # the first call reads the language's formats
@given(shares, shares)
def test_an_interval_keeps_its_logical_order_in_arabic(one: float, two: float) -> None:
    low, high = sorted((one, two))
    inside = ARABIC.range(low, high).removeprefix(FSI).removesuffix(PDI)
    first, last = inside.split("–")
    assert float(first) <= float(last)
    assert ARABIC.range(low, high).count(FSI) == ARABIC.range(low, high).count(PDI) == 1


@settings(deadline=None)  # the first call reads the language's formats
@given(finite)
def test_a_number_can_be_read_back(x: float) -> None:
    assert float(ENGLISH.number(x, 2).replace(",", "").replace("−", "-")) == pytest.approx(x, abs=0.00501)


def test_a_label_that_says_whose_it_is_is_translated_after_its_code() -> None:
    arabic = language("ar")
    assert arabic.has("N1.2: cautious score")
    told = arabic.gettext("N1.2: cautious score")
    assert arabic.gettext("cautious score") in told
    assert f"{FSI}N1.2{PDI}" in told
    assert language("en").gettext("N1.2: cautious score") == "N1.2: cautious score"
    assert arabic.gettext("N1: a name nobody translates") == "N1: a name nobody translates"
    assert not arabic.has("N1: a name nobody translates")
