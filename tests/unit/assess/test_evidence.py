"""Evidence of an answer: what counts once, what does not count, and that more of it never does harm."""

from __future__ import annotations

from datetime import timedelta
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assess_rounds import TODAY, piece
from forefend.assess.answers import EvidencePiece
from forefend.assess.evidence import are_independent, counting, reliability, weight_of
from forefend.assess.scoring import evidence_reliability


@pytest.mark.parametrize(
    ("grades", "expected"),
    [((), 0.25), (("E5",), 0.25), (("C3",), 0.49), (("B2",), 0.7225), (("B3", "C3"), 0.79345), (("A1", "C3"), 1.0)],
)
def test_the_worked_examples(grades: tuple[str, ...], expected: float) -> None:
    assert reliability([piece(grade) for grade in grades], today=TODAY) == pytest.approx(expected)


def test_three_pieces_of_c3() -> None:
    assert reliability([piece("C3", id=str(n)) for n in range(3)], today=TODAY) == pytest.approx(0.8673, abs=5e-5)


def test_one_piece_on_two_answers_counts_once() -> None:
    assert reliability([piece("C3"), piece("C3")], today=TODAY) == pytest.approx(0.49)


def test_expired_evidence_does_not_count() -> None:
    gone = piece("A1", expires=TODAY - timedelta(days=1))
    assert reliability([gone], today=TODAY) == 0.25
    assert reliability([piece("A1", expires=TODAY)], today=TODAY) == 1


def test_pieces_drawn_from_one_another_are_one_voice() -> None:
    source, echo = piece("C3", id="source"), piece("C3", id="echo", independent_of=("source",))
    assert reliability([source, echo], today=TODAY) == pytest.approx(0.49)
    elsewhere = [piece("C3", id=name, independent_of=("wire",)) for name in ("one", "two")]
    assert reliability(elsewhere, today=TODAY) == pytest.approx(0.49)


def test_a_digest_of_two_independent_pieces_does_not_silence_them() -> None:
    two = [piece("B2", id="one"), piece("B2", id="two")]
    digest = piece("A2", id="digest", independent_of=("one", "two"))
    assert reliability([*two, digest], today=TODAY) == pytest.approx(1 - 0.2775**2)


@pytest.mark.parametrize("grade", ["X1", "A9"])
def test_a_grade_that_does_not_exist_carries_nothing(grade: str) -> None:
    assert reliability([piece(grade)], today=TODAY) == 0.25


pieces = st.lists(
    st.builds(
        lambda n, grade, drawn, days: piece(
            grade,
            id=str(n),
            independent_of=tuple(str(m) for m in drawn if m != n),
            expires=None if days is None else TODAY + timedelta(days=days),
        ),
        st.integers(0, 6),
        st.sampled_from([f"{a}{n}" for a in "ABCDEF" for n in range(1, 7)]),
        st.sets(st.integers(0, 6), max_size=3),
        st.one_of(st.none(), st.integers(-3, 3)),
    ),
    max_size=6,
    unique_by=lambda one: one.id,
)


@given(pieces, pieces)
def test_more_evidence_never_lowers_reliability(held: list[EvidencePiece], more: list[EvidencePiece]) -> None:
    known = {one.id for one in held}
    joined = [*held, *(one for one in more if one.id not in known)]
    assert 0.25 <= reliability(held, today=TODAY) <= reliability(joined, today=TODAY) + 1e-12 <= 1 + 1e-9


@given(pieces)
def test_the_best_independent_choice_is_found(held: list[EvidencePiece]) -> None:
    """Compared with trying every choice of up to three pieces."""
    weighed = [(weight_of(one) or 0.0, one) for one in counting(held, today=TODAY)]
    choices = [choice for size in range(4) for choice in combinations(weighed, size)]
    sound = [choice for choice in choices if all(are_independent(a, b) for (_, a), (_, b) in combinations(choice, 2))]
    best = max(evidence_reliability([weight for weight, _ in choice]) for choice in sound)
    assert reliability(held, today=TODAY) == pytest.approx(best)
