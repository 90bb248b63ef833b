"""Results made beforehand: whoever opens a page finds them, and nobody finds what is not theirs."""

from __future__ import annotations

from typing import Any

import pytest

from forefend.web.assessment import actions, readying, showing

from .builders import World


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of people for whom a result was made."""
    names: list[str] = []
    make = showing._make

    def noted(asked: Any, person: Any) -> Any:
        names.append(person.name)
        return make(asked, person)

    monkeypatch.setattr(showing, "_make", noted)
    return names


def test_who_opens_a_page_finds_the_result_made(world: World, made: list[str]) -> None:
    world.answered(level=2)
    world.hand_in()
    readying.ready()
    assert made
    made.clear()
    for who in ("focal_point", "coordinator", "reviewer", "reader"):
        showing.shown(world.again(), world.people[who])
    assert made == []


def test_a_change_in_one_round_leaves_the_results_of_others(world: World, made: list[str]) -> None:
    from .builders import open_round

    lead = world.people["coordinator"]
    other = open_round(lead, title="Other")
    readying.ready()
    made.clear()
    world.answer("interior", "M3.2", value=3.0)
    readying.ready()
    assert made == [], "a draft moves no result"
    world.hand_in("interior")
    showing.shown(other, lead)
    assert made == []
    seen = showing.shown(world.again(), lead)
    assert made == [lead.name]
    assert seen.results.questions["M3.2"].score == 3.0


def test_what_is_for_named_readers_is_made_for_them_alone(world: World) -> None:
    reviewer, lead = world.people["reviewer"], world.people["coordinator"]
    answer = world.answer("interior", "M3.2", value=3.0)
    actions.mark_answer(answer=answer, marking="RED", readers=[reviewer], by=world.people["interior"])
    world.hand_in("interior")
    readying.ready()
    assert showing.reads_as(world.again(), reviewer) != showing.reads_as(world.again(), lead)
    assert len(showing.shown(world.again(), reviewer).answers.answers) == 1
    assert showing.shown(world.again(), lead).answers.answers == ()
    assert showing.shown(world.again(), world.people["focal_point"]).answers.answers == ()


def test_a_full_memory_ends_it(world: World, made: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readying, "FULL", -1.0)
    readying.ready()
    assert made == []


def test_what_changed_makes_room(world: World) -> None:
    world.answered(level=2)
    world.hand_in()
    readying.ready()
    before = set(showing.kept._things)
    actions.rule(round=world.round, question="M3.2", score=1.0, reason="The register decides.", by=world.people["coordinator"])
    readying.ready()
    after = set(showing.kept._things)
    assert len(after) == len(before)
    assert not after & before
    for number in range(3):
        actions.rule(round=world.round, question="M3.2", score=float(number), reason="Again.", by=world.people["coordinator"])
        readying.ready()
    assert len(showing.kept._things) == len(before), "what nobody asks for again fills the memory"
