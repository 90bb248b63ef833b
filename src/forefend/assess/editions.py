"""Carries a round to a newer edition of the catalog: every answer is kept, and a list says what needs a fresh look.

Questions keep their ids for ever; where one was split, merged or called otherwise, the newer edition declares it
with ``replaces``. Nothing is guessed from texts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from forefend.assess.answers import GivenAnswer, RoundAnswers, Ruling
from forefend.assess.question_results import score_of
from forefend.assess.scoring import TOP
from forefend.catalog import Catalog
from forefend.catalog.model import Question
from forefend.locale import N_

Reason = Literal[
    "text_changed", "levels_changed", "type_changed", "weight_changed", "conditions_changed", "split", "merged", "gone", "new",
]  # fmt: skip
REASONS: Mapping[Reason, str] = {
    "text_changed": N_("The question is worded otherwise now."),
    "levels_changed": N_("What the levels mean has changed."),
    "type_changed": N_("The question is answered in another way now."),
    "weight_changed": N_("The question weighs more or less now."),
    "conditions_changed": N_("The question applies to other states now."),
    "split": N_("One question became several; the answer was copied to each."),
    "merged": N_("Several questions became one; of each institution’s answers the lowest was carried over."),
    "gone": N_("The question is no longer asked; its answers are kept."),
    "new": N_("The question is new."),
}


@dataclass(frozen=True, kw_only=True)
class FreshLook:
    """One question to look at again, and why. ``before`` are its earlier ids, ``answers`` the earlier answers concerned."""

    question: str
    reason: Reason
    before: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Carried:
    """A round in the newer edition. ``origin`` gives the earlier answer of each answer that is there now.

    ``kept`` are earlier answers, and ``kept_rulings`` rulings, that have no place of their own any more; they
    belong to the record. ``renamed`` gives the earlier id of each question that is the same under a new one.
    """

    round: RoundAnswers
    looks: tuple[FreshLook, ...]
    origin: Mapping[str, str]
    kept: tuple[GivenAnswer, ...]
    kept_rulings: tuple[Ruling, ...]
    renamed: Mapping[str, str]


def carry(round: RoundAnswers, catalog: Catalog) -> Carried:  # noqa: A002 - the field's word
    """Carry a round over; stages, dates and people stay as they are, and answers keep the day they were checked."""
    sources = _sources(round.catalog, catalog)
    scope = _scope(round, catalog, sources=sources)
    within = [question for question in catalog.questions.values() if question.action in scope]
    copies = _copies(sources)
    answers: list[GivenAnswer] = []
    origin: dict[str, str] = {}
    for question in within:
        for given in _carried(round, sources[question.id]):
            identifier = given.id if copies[given.question] == 1 else f"{given.id}/{question.id}"
            answers.append(replace(given, id=identifier, question=question.id))
            origin[identifier] = given.id
    rulings = {
        question.id: replace(round.rulings[old], question=question.id)
        for question in within
        for old in sources[question.id]
        if old in round.rulings and len(sources[question.id]) == 1 and copies[old] == 1
    }
    placed = set(origin.values())
    settled = {old for question in rulings for old in sources[question]}
    return Carried(
        round=replace(
            round,
            catalog=catalog,
            actions=scope,
            answers=tuple(answers),
            rulings=rulings,
            asked={question.id: who for question in within if (who := _asked(round, sources[question.id]))},
        ),
        looks=tuple(_looks(round, catalog, within=within, sources=sources, copies=copies)),
        origin=origin,
        kept=tuple(given for given in round.answers if given.id not in placed),
        kept_rulings=tuple(ruling for question, ruling in round.rulings.items() if question not in settled),
        renamed={
            question.id: sources[question.id][0]
            for question in within
            if len(sources[question.id]) == 1 and sources[question.id][0] != question.id and copies[sources[question.id][0]] == 1
        },
    )


def _sources(before: Catalog, now: Catalog) -> dict[str, tuple[str, ...]]:
    """Return, of each question of the newer edition, the earlier questions whose answers it takes over."""
    return {
        question.id: tuple(dict.fromkeys(old for old in (question.id, *question.replaces) if old in before.questions))
        for question in now.questions.values()
    }


def _copies(sources: Mapping[str, tuple[str, ...]]) -> dict[str, int]:
    counted: dict[str, int] = {}
    for olds in sources.values():
        for old in olds:
            counted[old] = counted.get(old, 0) + 1
    return counted


def _scope(round_: RoundAnswers, catalog: Catalog, *, sources: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The same actions, and those to which questions of the scope have moved."""
    asked = {
        question for action in round_.actions if action in round_.catalog.actions for question in round_.catalog.actions[action].questions
    }
    moved = {question.action for question in catalog.questions.values() if asked & set(sources[question.id])}
    return tuple(action for action in catalog.actions if action in round_.actions or action in moved)


def _carried(round_: RoundAnswers, olds: Sequence[str]) -> Iterator[GivenAnswer]:
    """The answers a question takes over: all of one earlier question; of several, the lowest of each institution."""
    if len(olds) == 1:
        yield from (given for given in round_.answers if given.question == olds[0])
        return
    lowest: dict[str, GivenAnswer] = {}
    for given in round_.answers:
        if given.question in olds:
            held = lowest.get(given.respondent.id)
            if held is None or _rank(round_, given) < _rank(round_, held):
                lowest[given.respondent.id] = given
    yield from lowest.values()


def _rank(round_: RoundAnswers, given: GivenAnswer) -> float:
    """Lower is carried first; an answer with a score before one without."""
    score = score_of(round_.catalog.questions[given.question], given)
    return TOP + 1 if score is None else score


def _asked(round_: RoundAnswers, olds: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(who for old in olds for who in round_.asked.get(old, ())))


def _looks(
    round_: RoundAnswers,
    catalog: Catalog,
    *,
    within: Sequence[Question],
    sources: Mapping[str, tuple[str, ...]],
    copies: Mapping[str, int],
) -> Iterator[FreshLook]:
    for question in within:
        olds = sources[question.id]
        for reason in _reasons(round_.catalog, question, olds=olds, copies=copies):
            yield FreshLook(question=question.id, reason=reason, before=olds, answers=_ids(round_, olds))
    for action in round_.actions:
        for old in round_.catalog.actions[action].questions if action in round_.catalog.actions else ():
            if old not in copies:
                yield FreshLook(question=old, reason="gone", before=(old,), answers=_ids(round_, (old,)))


def _reasons(before: Catalog, question: Question, *, olds: Sequence[str], copies: Mapping[str, int]) -> Iterator[Reason]:
    if not olds:
        yield "new"
        return
    if len(olds) > 1:
        yield "merged"
        return
    if copies[olds[0]] > 1:
        yield "split"
    yield from _changes(before.questions[olds[0]], question)


def _changes(old: Question, new: Question) -> Iterator[Reason]:
    if _plain(old.text) != _plain(new.text):
        yield "text_changed"
    if old.type != new.type:
        yield "type_changed"
    elif (old.levels, old.answers, old.numeric) != (new.levels, new.answers, new.numeric):
        yield "levels_changed"
    if old.weight != new.weight:
        yield "weight_changed"
    if set(old.applies_if) != set(new.applies_if):
        yield "conditions_changed"


def _ids(round_: RoundAnswers, questions: Sequence[str]) -> tuple[str, ...]:
    return tuple(given.id for given in round_.answers if given.question in questions)


def _plain(text: str) -> str:
    return " ".join(text.split())
