"""The list of standing checks, and how one is written: a function that yields the places where it fires.

*Stops* holds up the adoption of a round, *warns* changes what the result is worth, *asks* is a question to
somebody. Sentences are texts for translation with named placeholders.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from forefend.assess.answers import GivenAnswer, RoundAnswers
from forefend.assess.question_results import QuestionResult, score_of
from forefend.assess.results import RoundResults, results
from forefend.catalog.model import Question
from forefend.locale import N_

Severity = Literal["stops", "warns", "asks"]
SEVERITIES: Mapping[Severity, str] = {"stops": N_("Stops"), "warns": N_("Warns"), "asks": N_("Asks")}
Param = str | int | float
NO_WORD = re.compile(r"[^\w\s]")


@dataclass(frozen=True, kw_only=True, slots=True)
class At:
    """A place where a check fires, with what its sentence needs beside the question, action and respondent."""

    question: str = ""
    answer: GivenAnswer | None = None
    action: str = ""
    respondent: str = ""
    params: Mapping[str, Param] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """What a check found. ``sentence`` is a msgid to be filled with ``params``; the others are ids.

    A finding of an answer may be read only by those who may read the answer. The param ``condition`` is itself
    a text of the catalog, to be translated as such.
    """

    check: str
    severity: Severity
    sentence: str
    params: Mapping[str, Param]
    question: str = ""
    answer: str = ""
    action: str = ""
    respondent: str = ""


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What checks look at: the answers as given, the results, and the results of the round before, if there was one."""

    round: RoundAnswers
    results: RoundResults
    previous: RoundResults | None = None

    @cached_property
    def answers(self) -> tuple[GivenAnswer, ...]:
        """Answers to questions of the round that apply, each as it was given."""
        return tuple(
            given
            for given in self.round.answers
            if given.question in self.results.questions and self.results.questions[given.question].applies
        )

    @cached_property
    def asked(self) -> tuple[QuestionResult, ...]:
        """The questions of the round that apply."""
        return tuple(question for question in self.results.questions.values() if question.applies)

    @cached_property
    def by_respondent(self) -> Mapping[str, tuple[GivenAnswer, ...]]:
        """Answers by the institution that gave them."""
        grouped: dict[str, list[GivenAnswer]] = {}
        for given in self.answers:
            grouped.setdefault(given.respondent.id, []).append(given)
        return {known: tuple(found) for known, found in grouped.items()}

    def question(self, identifier: str) -> Question:
        """Return a question of the round's catalog."""
        return self.round.catalog.questions[identifier]

    def title(self, respondent: str) -> str:
        """Return the name of an institution, its id where nobody gave one."""
        return self.round.respondents[respondent].title if respondent in self.round.respondents else respondent

    def score(self, given: GivenAnswer) -> float | None:
        """Return the score of an answer, 0-4."""
        known = id(given)  # of the thing itself, which lives as long as this does
        if known not in self._scores:
            self._scores[known] = score_of(self.question(given.question), given)
        return self._scores[known]

    def plain(self, text: str) -> str:
        """Return the words of a text alone, to find those that are alike."""
        if text not in self._plain:
            self._plain[text] = " ".join(NO_WORD.sub(" ", text.casefold()).split())
        return self._plain[text]

    @cached_property
    def _scores(self) -> dict[int, float | None]:
        return {}

    @cached_property
    def _plain(self) -> dict[str, str]:
        return {}


Rule = Callable[[Seen], Iterator[At]]


@dataclass(frozen=True, kw_only=True)
class Check:
    """One standing check."""

    id: str
    severity: Severity
    title: str
    sentence: str
    rule: Rule

    def findings(self, seen: Seen) -> Iterator[Finding]:
        """Yield what the check finds, with its sentence filled as far as the place tells."""
        for at in self.rule(seen):
            yield self._finding(at, seen=seen)

    def _finding(self, at: At, *, seen: Seen) -> Finding:
        question = at.answer.question if at.answer else at.question
        action = at.action or (seen.round.catalog.questions[question].action if question in seen.round.catalog.questions else "")
        params: dict[str, Param] = {"question": question, "action": action}
        if at.answer:
            params["institution"] = at.answer.respondent.title
        elif at.respondent:
            params["institution"] = seen.title(at.respondent)
        return Finding(
            check=self.id,
            severity=self.severity,
            sentence=self.sentence,
            params={**params, **at.params},
            question=question,
            answer=at.answer.id if at.answer else "",
            action=action,
            respondent=at.answer.respondent.id if at.answer else at.respondent,
        )


CHECKS: dict[str, Check] = {}


def check(identifier: str, *, severity: Severity, title: str, sentence: str) -> Callable[[Rule], Rule]:
    """Register a rule; ``title`` and ``sentence`` are marked for translation where they are written."""

    def register(rule: Rule) -> Rule:
        if identifier in CHECKS:
            raise ValueError(f"two checks are called {identifier}")
        CHECKS[identifier] = Check(id=identifier, severity=severity, title=title, sentence=sentence, rule=rule)
        return rule

    return register


def standing(round: RoundAnswers, *, found: RoundResults | None = None, previous: RoundResults | None = None) -> tuple[Finding, ...]:  # noqa: A002 - the field's word
    """Run every check over a round; what stops comes first. ``found`` are its results where the caller has them already."""
    seen = Seen(round=round, results=found or results(round), previous=previous)
    order = list(SEVERITIES)
    checks = sorted(CHECKS.values(), key=lambda one: (order.index(one.severity), one.id))
    return tuple(finding for one in checks for finding in one.findings(seen))
