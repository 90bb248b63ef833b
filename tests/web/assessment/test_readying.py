"""Results made beforehand: whoever opens a page finds them, and nobody finds what is not theirs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from forefend.options.judgements import Judgement
from forefend.web.accounts.actions import change_own_settings
from forefend.web.assessment import actions, readying, showing

from .builders import World, open_round
from .doing import OPTION


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
    assert showing.reads_as(world.again(), reviewer, showing.fingerprint(world.again())) != showing.reads_as(
        world.again(), lead, showing.fingerprint(world.again())
    )
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


def test_what_changed_while_it_was_made_is_for_who_made_it_alone(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The lead's key is known, the named reader's result is being made, and then an institution hands in what is RED."""
    reviewer, lead, asked = world.people["reviewer"], world.people["coordinator"], world.again()
    answer = world.answer("interior", "M3.2", value=3.0)
    assert not showing.kept.once(("has red", showing.fingerprint(asked)), lambda: showing.red_in(asked))
    read, known = showing.round_answers, showing._key
    handed_in: list[Any] = []

    def read_late(*given: Any, **named: Any) -> Any:
        if not handed_in:
            handed_in.append(actions.mark_answer(answer=answer, marking="RED", readers=[reviewer], by=world.people["interior"]))
            world.hand_in("interior")
        return read(*given, **named)

    def key_and_then(asked: Any, person: Any) -> Any:
        key = known(asked, person)
        if person == lead and not handed_in:
            assert len(showing.shown(asked, reviewer).answers.answers) == 1
        return key

    monkeypatch.setattr(showing, "round_answers", read_late)
    monkeypatch.setattr(showing, "_key", key_and_then)
    assert showing.shown(asked, lead).answers.answers == ()
    assert handed_in


def test_a_round_read_before_its_dates_changed_leaves_no_old_date(world: World) -> None:
    lead, before, today = world.people["coordinator"], world.again(), timezone.now().date()
    actions.change_dates(round=world.round, opens_on=today, due_on=today + timedelta(days=5), by=lead)
    showing.shown(before, lead)
    assert showing.shown(world.again(), lead).answers.due == today + timedelta(days=5)


def test_who_reconciled_is_named_as_they_are_called_now(world: World) -> None:
    lead = world.people["coordinator"]
    actions.rule(round=world.round, question="M3.2", score=1.0, reason="The register decides.", by=lead)
    showing.shown(world.again(), lead)
    change_own_settings(name="Another Name", language="en", wants_digest=True, by=lead)
    assert showing.shown(world.again(), lead).answers.rulings["M3.2"].by == "Another Name"


def test_a_round_that_cannot_be_made_leaves_the_others(world: World, made: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    other = open_round(world.people["coordinator"], title="Other")
    make = showing._make

    def broken(asked: Any, person: Any) -> Any:
        if asked.pk == other.pk:
            raise KeyError("M3.2")
        return make(asked, person)

    monkeypatch.setattr(showing, "_make", broken)
    readying.ready()
    assert made


def test_what_is_judged_until_it_is_made_is_in_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody judges an option between the request for what can be done and the look at how the round stands."""
    lead, known, judged = world.people["coordinator"], showing._key, []
    judgement = Judgement(option=OPTION, acceptability=0.7, reason="The cabinet agreed in May.")

    def key_after_it(asked: Any, person: Any) -> Any:
        if not judged:
            judged.append(actions.judge(round=asked, judgement=judgement, by=lead))
        return known(asked, person)

    monkeypatch.setattr(showing, "_key", key_after_it)
    monkeypatch.setattr(showing, "opportunities_of", lambda *_, judgements, **__: judgements)
    assert OPTION in showing.opportunities(world.again(), lead)
