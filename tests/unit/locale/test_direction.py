"""Directional isolates: balanced, never doubled."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forefend.locale.direction import FSI, PDI, is_isolated, isolate, isolate_figures, strip_isolates

plain = st.text(alphabet=st.characters(blacklist_characters="\u2066\u2067\u2068\u2069", blacklist_categories=["Cs"]), min_size=1)


@settings(deadline=None)
@given(plain)
def test_isolating_twice_is_isolating_once(text: str) -> None:
    once = isolate(text)
    assert once == f"{FSI}{text}{PDI}"
    assert isolate(once) == once


@settings(deadline=None)
@given(st.lists(plain, min_size=2, max_size=4))
def test_two_isolated_pieces_side_by_side_are_isolated_together(pieces: list[str]) -> None:
    joined = "".join(isolate(piece) for piece in pieces)
    assert not is_isolated(joined)
    assert isolate(joined) == f"{FSI}{joined}{PDI}"


def test_nothing_needs_no_isolation() -> None:
    assert isolate("") == ""


def test_an_unclosed_isolate_does_not_count() -> None:
    assert not is_isolated(f"{FSI}{FSI}0.22{PDI}")
    assert is_isolated("\u20670.22\u2069")


@settings(deadline=None)
@given(plain)
def test_stripping_gives_the_text_back(text: str) -> None:
    assert strip_isolates(isolate(text)) == text


@pytest.mark.parametrize(
    ("written", "shielded"),
    [
        ("نطاق 90% هنا", f"نطاق {FSI}90%{PDI} هنا"),
        ("فترة 90 %%: %(range)s", f"فترة {FSI}90 %%{PDI}: %(range)s"),
        ("مؤشر 0–1", f"مؤشر {FSI}0–1{PDI}"),
        ("من 22–55 % إلى", f"من {FSI}22–55 %{PDI} إلى"),
        (f"هنا {FSI}46%{PDI} كما هو", f"هنا {FSI}46%{PDI} كما هو"),
        ("3 %(months)s أشهر", "3 %(months)s أشهر"),
        ("في 21 إجراء", "في 21 إجراء"),
        ("يوم مثل 2027-03-31.", f"يوم مثل {FSI}2027-03-31{PDI}."),
        ("نحو 55-75 في المئة", f"نحو {FSI}55-75{PDI} في المئة"),
        ("بموجب A/RES/76/262، و(A/HRC/22/17/Add.4).", f"بموجب {FSI}A/RES/76/262{PDI}، و({FSI}A/HRC/22/17/Add.4{PDI})."),
        ("من −2.5 إلى 2.5، و1 − 0.5", f"من {FSI}−2.5{PDI} إلى 2.5، و1 − 0.5"),
        ("وA/RES/60/1", f"و{FSI}A/RES/60/1{PDI}"),
        ("اللجنة C-34 والمادة 25(3)", f"اللجنة {FSI}C-34{PDI} والمادة {FSI}25(3){PDI}"),
        ("نسبة %(n)s/%(m)s و%(n)s-%(m)s", "نسبة %(n)s/%(m)s و%(n)s-%(m)s"),
        ("%(n)s%% من N5 وC3", "%(n)s%% من N5 وC3"),
    ],
)
def test_figures_a_translator_wrote_are_isolated(written: str, shielded: str) -> None:
    assert isolate_figures(written) == shielded
    assert isolate_figures(shielded) == shielded
