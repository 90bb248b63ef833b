"""The arithmetic of priorities: the worked examples and the listed properties of the method (domain guide, section 6)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forefend.options.match import EVIDENCE
from forefend.options.priority import (
    INWARD,
    OUTWARD,
    Part,
    cost_of,
    known,
    leverage_of,
    mean_of,
    missing,
    priority,
    residual_harm,
    variants,
    with_value,
)

shares = st.floats(0, 1)


def parts_of(*values: float) -> list[Part]:
    names = INWARD if len(values) == len(INWARD) else OUTWARD
    return [known(name, value) for name, value in zip(names, values, strict=True)]


def test_regional_mediation() -> None:
    feasibility = mean_of("feasibility", [known("acceptability", 0.8), known("cost", cost_of(2)), known("time_fit", 1)])
    assert feasibility.low == pytest.approx(0.8667, abs=5e-5)
    leverage = leverage_of([1.0], listed=2, access=0.75)
    assert leverage == pytest.approx(0.6)
    found = priority(parts_of(0.75, feasibility.low, leverage, EVIDENCE["B"]), harm_left=0.1)
    assert found.low == found.high == pytest.approx(0.7100, abs=5e-5)


def test_a_letter_by_a_small_state() -> None:
    feasibility = (0.8 + 1 + 1) / 3
    leverage = leverage_of([1.0], listed=2, access=0.5)
    assert leverage == pytest.approx(0.4)
    assert priority(parts_of(1, feasibility, leverage, EVIDENCE["U"]), harm_left=0.05).low == pytest.approx(0.6061, abs=5e-5)


def test_inward_reform() -> None:
    assert priority(parts_of(0.59375, 0.75, 0.73333, 1, 0.45), harm_left=0.1).low == pytest.approx(0.6474, abs=5e-5)


def test_no_lever_and_no_partner_is_no_priority() -> None:
    assert leverage_of([], listed=3) == 0
    assert priority(parts_of(1, 1, 0, 1), harm_left=0).high == 0
    assert leverage_of([], listed=3, has_partner=True) == pytest.approx(0.3)
    assert leverage_of([0.9], listed=1, has_partner=True) == pytest.approx(0.94)


def test_an_untested_means_stands_below_a_weak_one() -> None:
    assert EVIDENCE["E"] < EVIDENCE["U"] < EVIDENCE["D"]
    unreviewed, weak = (priority(parts_of(0.5, 0.5, 0.5, EVIDENCE[grade]), harm_left=0.1).low for grade in ("U", "D"))
    assert unreviewed < weak


@pytest.mark.parametrize(
    ("before", "after", "is_mitigated", "left"),
    [
        (None, 0.0, True, 0.5), (0.8, None, True, 0.8), (0.8, 0.0, True, 0.2), (0.8, 0.3, True, 0.3), (0.8, 0.1, False, 0.8),
        (0.2, 0.9, True, 0.2),
    ],
)  # fmt: skip
def test_mitigation_on_paper_cannot_erase_harm(before: float | None, after: float | None, is_mitigated: bool, left: float) -> None:
    assert residual_harm(before, after=after, is_mitigated=is_mitigated) == pytest.approx(left)


def test_a_missing_value_is_shown_by_both_ends() -> None:
    parts = [*parts_of(0.5, 0.5, 0.5, 0.5)[:-1], missing("evidence", why="Nobody knows")]
    ends = priority(parts, harm_left=0)
    assert ends.low == pytest.approx((0.5**3 * 0.2) ** 0.25)
    assert ends.high == pytest.approx((0.5**3 * 0.8) ** 0.25)
    assert not parts[-1].is_known


def test_each_exponent_is_halved_and_doubled_once() -> None:
    assert len(variants(INWARD)) == 2 * len(INWARD)
    weights = variants(OUTWARD)["evidence x 2"]
    assert priority(parts_of(1, 1, 1, 0.5), harm_left=0, weights=weights).low == pytest.approx(0.5 ** (2 / 5))


@given(st.lists(shares, min_size=5, max_size=5), shares)
def test_a_priority_stays_within_bounds(values: list[float], harm: float) -> None:
    ends = priority(parts_of(*values), harm_left=harm)
    assert 0 <= ends.low <= ends.high <= 1 + 1e-9


@given(st.lists(shares, min_size=5, max_size=5), st.integers(0, 4), shares, shares)
def test_raising_a_component_never_lowers_a_priority(values: list[float], place: int, raised: float, harm: float) -> None:
    parts = parts_of(*values)
    higher = with_value(parts, name=INWARD[place], value=max(values[place], raised))
    assert priority(higher, harm_left=harm).low >= priority(parts, harm_left=harm).low - 1e-12


@given(st.lists(shares, min_size=5, max_size=5), shares, shares)
def test_raising_harm_never_raises_a_priority(values: list[float], one: float, other: float) -> None:
    more, less = (priority(parts_of(*values), harm_left=harm).low for harm in (max(one, other), min(one, other)))
    assert more <= less + 1e-12


@given(st.lists(shares, max_size=4), shares, st.booleans())
def test_leverage_stays_within_bounds(strengths: list[float], access: float, has_partner: bool) -> None:
    assert 0 <= leverage_of(strengths, listed=4, access=access, has_partner=has_partner) <= 1 + 1e-9


@given(st.one_of(st.none(), shares), st.one_of(st.none(), shares), st.booleans())
def test_a_quarter_of_the_harm_stays(before: float | None, after: float | None, is_mitigated: bool) -> None:
    left = residual_harm(before, after=after, is_mitigated=is_mitigated)
    assert (0.5 if before is None else before) / 4 <= left <= (0.5 if before is None else before)
