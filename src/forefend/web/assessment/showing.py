"""Results of rounds for pages: computed once for what a person may read, and again when anything in them changed."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import Any, TypeVar

from forefend.assess.answers import RoundAnswers
from forefend.assess.checks import Finding, standing
from forefend.assess.comparison import RoundComparison, compare
from forefend.assess.results import RoundResults, results
from forefend.options.opportunities import Opportunities, opportunities_of
from forefend.web.accounts.models import Person
from forefend.web.accounts.permissions import may
from forefend.web.accounts.reading import RED
from forefend.web.accounts.roles import ANSWER, READ_ANSWERS, READ_RESULTS
from forefend.web.assessment.models import Answer, Round
from forefend.web.assessment.records import marking_of, round_answers
from forefend.web.audit.chain import last_moved
from forefend.web.project.workbench import workbench

KEPT_AT_MOST = 8  # of a round with 7,000 answers one takes some ten megabytes
Made = TypeVar("Made")


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A round as one person sees it: the answers, what they come to, and the marking of both."""

    answers: RoundAnswers
    results: RoundResults
    marking: str

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What the standing checks find."""
        return standing(self.answers, found=self.results)


_kept: OrderedDict[Hashable, Any] = OrderedDict()
_lock = Lock()


def shown(asked: Round, person: Person) -> Shown:
    """Return the result of a round from the answers a person may read."""
    return _once(("shown", *_key(asked, person)), lambda: _make(asked, person))


def compared(before: Round, now: Round, person: Person) -> RoundComparison:
    """Return two rounds beside each other, as a person sees them."""
    # By both rounds: an earlier one may hold what is for named readers alone where this one holds nothing such.
    key = ("compared", *_key(before, person), *_key(now, person))
    return _once(key, lambda: compare(shown(before, person).results, shown(now, person).results))


def opportunities(asked: Round, person: Person, *, judgements: Any, catalog: Any) -> Opportunities:
    """Return what the state can do at home, by what a person sees of its gaps."""
    bench = workbench()

    def make() -> Opportunities:
        return opportunities_of(bench.store, catalog, shown(asked, person).results, today=bench.today, judgements=judgements)

    return _once(("opportunities", bench.store.version, *_key(asked, person)), make)


def fingerprint(asked: Round) -> Hashable:
    """Return what changes whenever anything does that the result of a round depends on: the last change on record that may."""
    return (asked.pk, asked.stage, last_moved())


def _make(asked: Round, person: Person) -> Shown:
    answers = round_answers(asked, person, today=workbench().today)
    return Shown(answers=answers, results=results(answers), marking=marking_of(answers, asked))


def _key(asked: Round, person: Person) -> tuple[Hashable, ...]:
    return (fingerprint(asked), workbench().today, reads_as(asked, person))


def reads_as(asked: Round, person: Person) -> Hashable:
    """Return what a person may read of a round, as far as it differs between people; RED differs for each."""
    if _names_readers(asked):
        return ("person", person.pk, may(person, READ_ANSWERS), may(person, READ_RESULTS), may(person, ANSWER), person.institution_id)
    own = person.institution_id if may(person, ANSWER) else None
    return ("kind", may(person, READ_ANSWERS), may(person, READ_RESULTS), own)


def _names_readers(asked: Round) -> bool:
    """Tell whether anything of a round, answer or evidence, is for named readers alone."""

    def look() -> bool:
        answers = Answer.objects.filter(contribution__round=asked)
        return answers.filter(marking=RED).exists() or answers.filter(evidence__marking=RED).exists()

    return _once(("red", fingerprint(asked)), look)


def _once(key: Hashable, make: Callable[[], Made]) -> Made:
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            found: Made = _kept[key]
            return found
    made = make()
    with _lock:
        _kept[key] = made
        while len(_kept) > KEPT_AT_MOST * 4 or sum(isinstance(entry, Shown) for entry in _kept.values()) > KEPT_AT_MOST:
            _kept.popitem(last=False)
    return made
