"""A round carried to a newer edition: no answer is lost, and everything that changed is on the list."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from assess_rounds import ASSOCIATION, MINISTRY, TODAY, answer, catalog_with, round_of
from forefend.assess.answers import Ruling
from forefend.assess.comparison import compare
from forefend.assess.editions import REASONS, Carried, carry
from forefend.assess.results import results
from forefend.catalog import load_catalog
from forefend.catalog.check import check
from forefend.catalog.model import Catalog

OLD = TODAY - timedelta(days=100)


def ruling(question: str) -> Ruling:
    return Ruling(question=question, score=2, reason="As agreed", by="c", on=TODAY)


def reasons(found: Carried) -> dict[str, set[str]]:
    by_question: dict[str, set[str]] = {}
    for look in found.looks:
        by_question.setdefault(look.question, set()).add(look.reason)
    return by_question


def split() -> Catalog:
    return catalog_with({"N1.1": None, "N1.21": {"like": "N1.1", "replaces": ("N1.1",)}, "N1.22": {"like": "N1.1", "replaces": ("N1.1",)}})


def merged() -> Catalog:
    return catalog_with({"N1.1": None, "N1.2": None, "N1.30": {"like": "N1.1", "replaces": ("N1.1", "N1.2")}})


def test_the_same_edition_changes_nothing() -> None:
    before = round_of(answer("N1.1", MINISTRY, 2), answer("N1.2", ASSOCIATION, 1), rulings={"N1.1": ruling("N1.1")})
    found = carry(before, load_catalog())
    assert found.round == before
    assert (found.looks, found.kept, found.kept_rulings, found.renamed) == ((), (), (), {})


def test_what_changed_needs_a_fresh_look() -> None:
    numeric = load_catalog().questions["N1.7"].numeric
    assert numeric is not None
    newer = catalog_with(
        {
            "N1.1": {"text": "Another wording?"},
            "N1.2": {"weight": 1, "criticality": "supplementary"},
            "N1.3": {"levels": {0: "None", 2: "Some", 4: "All"}},
            "N1.4": {"type": "yes_no_partly"},
            "N1.5": {"applies_if": ("federal",)},
            "N1.6": None,
            "N1.7": {"numeric": numeric.model_copy(update={"score_at": {0: 50, 4: 5}})},
            "N1.10": {"like": "N1.9"},
        }
    )
    before = round_of(answer("N1.1", MINISTRY, 2), answer("N1.6", MINISTRY, 3))
    found = carry(before, newer)
    assert reasons(found) == {
        "N1.1": {"text_changed"}, "N1.2": {"weight_changed"}, "N1.3": {"levels_changed"}, "N1.4": {"type_changed"},
        "N1.5": {"conditions_changed"}, "N1.6": {"gone"}, "N1.7": {"levels_changed"}, "N1.10": {"new"},
    }  # fmt: skip
    assert [given.question for given in found.kept] == ["N1.6"]
    assert next(look for look in found.looks if look.question == "N1.1").answers == ("N1.1-justice",)


def test_a_renamed_question_takes_answers_ruling_and_respondents_along() -> None:
    newer = catalog_with({"N1.1": None, "N1.20": {"like": "N1.1", "replaces": ("N1.1",)}})
    before = round_of(answer("N1.1", MINISTRY, 2, checked_on=OLD), rulings={"N1.1": ruling("N1.1")})
    found = carry(before, newer)
    (carried,) = found.round.answers
    assert (carried.id, carried.question, carried.checked_on) == ("N1.1-justice", "N1.20", OLD)
    assert found.round.rulings["N1.20"].question == "N1.20"
    assert found.round.asked == {"N1.20": ("justice",)}
    assert found.looks == ()
    assert found.renamed == {"N1.20": "N1.1"}
    changes = compare(results(before), results(found.round), renamed=found.renamed)
    assert changes.questions["N1.20"].change == "unchanged"


def test_a_split_question_copies_its_answers() -> None:
    found = carry(round_of(answer("N1.1", MINISTRY, 2), rulings={"N1.1": ruling("N1.1")}), split())
    assert {given.id: given.question for given in found.round.answers} == {"N1.1-justice/N1.21": "N1.21", "N1.1-justice/N1.22": "N1.22"}
    assert found.origin == {"N1.1-justice/N1.21": "N1.1-justice", "N1.1-justice/N1.22": "N1.1-justice"}
    assert reasons(found) == {"N1.21": {"split"}, "N1.22": {"split"}}
    assert [one.question for one in found.kept_rulings] == ["N1.1"]
    assert found.round.rulings == {}


def test_a_question_that_stays_beside_its_offspring_is_split_too() -> None:
    newer = catalog_with({"N1.21": {"like": "N1.1", "replaces": ("N1.1",)}})
    assert reasons(carry(round_of(answer("N1.1", MINISTRY, 2)), newer)) == {"N1.1": {"split"}, "N1.21": {"split"}}


def test_merged_questions_carry_the_lowest_answer_of_each_institution_and_keep_the_rest() -> None:
    given_answers = (
        answer("N1.1", MINISTRY, 3), answer("N1.2", MINISTRY, 1), answer("N1.1", ASSOCIATION, "unknown"), answer("N1.2", ASSOCIATION, 4),
    )  # fmt: skip
    found = carry(round_of(*given_answers), merged())
    assert {given.respondent.id: given.value for given in found.round.answers} == {"justice": 1, "association": 4}
    assert {given.id for given in found.kept} == {"N1.1-justice", "N1.1-association"}
    assert reasons(found)["N1.30"] == {"merged"}
    assert found.round.asked["N1.30"] == ("justice", "association")


def test_a_question_that_moved_brings_its_action_into_scope() -> None:
    newer = catalog_with({"N1.1": None, "N2.20": {"like": "N1.1", "action": "N2", "replaces": ("N1.1",)}})
    found = carry(round_of(answer("N1.1", MINISTRY, 2)), newer)
    assert found.round.actions == ("N1", "N2")
    assert results(found.round).questions["N2.20"].score == 2


def test_every_reason_has_its_sentence() -> None:
    assert all(text.endswith(".") for text in REASONS.values())


def test_the_catalog_check_names_a_question_that_replaces_itself() -> None:
    assert check(load_catalog()) == []
    assert "N1.1 replaces itself." in check(catalog_with({"N1.1": {"replaces": ("N1.1",)}}))


editions = st.sampled_from([split(), merged(), catalog_with({"N1.1": None}), load_catalog()])
answers = st.lists(
    st.tuples(
        st.sampled_from(["N1.1", "N1.2", "N1.3"]),
        st.sampled_from([MINISTRY, ASSOCIATION]),
        st.one_of(st.just("unknown"), st.integers(0, 4)),
    ),
    unique_by=lambda one: (one[0], one[1].id),
)


@given(answers, editions)
def test_no_answer_is_ever_lost(rows: list, newer: Catalog) -> None:
    before = round_of(*(answer(*row) for row in rows))
    found = carry(before, newer)
    assert {given.id for given in before.answers} == set(found.origin.values()) | {given.id for given in found.kept}
    assert len({given.id for given in found.round.answers}) == len(found.round.answers)
    assert all(given.question in newer.questions for given in found.round.answers)
