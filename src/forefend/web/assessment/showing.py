"""Results of rounds for pages: computed once for what a person may read, and again when anything in them changed."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, TypeVar

from forefend.assess.answers import RoundAnswers
from forefend.assess.checks import Finding, standing
from forefend.assess.comparison import RoundComparison, compare
from forefend.assess.results import RoundResults, results
from forefend.options.opportunities import Opportunities, opportunities_of
from forefend.web.accounts.models import Person
from forefend.web.accounts.permissions import may
from forefend.web.accounts.roles import ANSWER, READ_ANSWERS, READ_RESULTS
from forefend.web.assessment.editions import catalog_of
from forefend.web.assessment.models import Round
from forefend.web.assessment.records import judgements_of, marking_of, red_for, red_in, round_answers
from forefend.web.audit.chain import last_moved
from forefend.web.project.remembered import Remembered
from forefend.web.project.workbench import workbench

Made = TypeVar("Made")
BYTES_AT_MOST = 140_000_000
BYTES_PER_ANSWER, BYTES_PER_FINDING, BYTES_OF_ANOTHER = 600, 350, 250_000  # measured on a round of 7,000 answers


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A round as one person sees it: the answers, what they come to, and the marking of both."""

    answers: RoundAnswers
    results: RoundResults
    marking: str


def _cost(made: object) -> int:
    if isinstance(made, Shown):
        return BYTES_OF_ANOTHER + BYTES_PER_ANSWER * len(made.answers.answers)
    if isinstance(made, bool):
        return BYTES_PER_FINDING
    return BYTES_PER_FINDING * (1 + len(made)) if isinstance(made, tuple) else BYTES_OF_ANOTHER


class Stands(NamedTuple):
    """How a round stands: what changes whenever anything does that its result depends on."""

    round: int
    stage: str
    due: date
    moved: tuple[str, str]


kept = Remembered(bytes_at_most=BYTES_AT_MOST, cost_of=_cost)


def shown(asked: Round, person: Person) -> Shown:
    """Return the result of a round from the answers a person may read."""
    return _once(("shown",), person, asked, make=lambda: _make(asked, person))


def compared(before: Round, now: Round, person: Person) -> RoundComparison:
    """Return two rounds beside each other, as a person sees them."""
    # By both rounds: an earlier one may hold what is for named readers alone where this one holds nothing such.
    return _once(("compared",), person, before, now, make=lambda: compare(shown(before, person).results, shown(now, person).results))


def opportunities(asked: Round, person: Person) -> Opportunities:
    """Return what the state can do at home, by what a person sees of its gaps."""
    bench = workbench()

    def make() -> Opportunities:
        seen, judgements = shown(asked, person), judgements_of(asked)  # read now: the key was known before
        return opportunities_of(bench.store, catalog_of(asked), seen.results, today=bench.today, judgements=judgements)

    return _once(("opportunities", bench.store.version), person, asked, make=make)


def found_by_checks(asked: Round, person: Person) -> tuple[Finding, ...]:
    """Return what the standing checks find in what a person may read."""

    def make() -> tuple[Finding, ...]:
        seen = shown(asked, person)
        return standing(seen.answers, found=seen.results)

    return _once(("findings",), person, asked, make=make)


def fingerprint(asked: Round) -> Stands:
    """Return how a round stands, by the last change on record that may move its result."""
    return Stands(asked.pk, asked.stage, asked.due_on, last_moved(asked.key))


def forget_what_changed(rounds: Iterable[Round]) -> None:
    """Drop results of rounds as they stood before, and of days gone by."""
    standing_now, today = {fingerprint(asked) for asked in rounds}, workbench().today

    def is_old(key: Hashable) -> bool:
        parts = key if isinstance(key, tuple) else ()
        gone = any(isinstance(part, Stands) and part not in standing_now for part in parts)
        return gone or any(isinstance(part, date) and part != today for part in parts)

    kept.forget(is_old)


def _once(kind: tuple[Hashable, ...], person: Person, *rounds: Round, make: Callable[[], Made]) -> Made:
    """Return what is kept of rounds for who reads as this person does, else make it.

    While it was made a round may have changed, and something in it be for named readers by then, of which the key knows nothing.
    """
    keys = [_key(asked, person) for asked in rounds]

    def still() -> bool:
        return all(fingerprint(asked) == key[0] for asked, key in zip(rounds, keys, strict=True))

    return kept.once((*kind, *(part for key in keys for part in key)), make, still=still)


def _make(asked: Round, person: Person) -> Shown:
    answers = round_answers(asked, person, today=workbench().today)
    return Shown(answers=answers, results=results(answers), marking=marking_of(answers, asked))


def _key(asked: Round, person: Person) -> tuple[Hashable, ...]:
    stands = fingerprint(asked)
    return (stands, workbench().today, reads_as(asked, person, stands))


def reads_as(asked: Round, person: Person, stands: Stands) -> Hashable:
    """Return what a person may read of a round as it stands, as far as it differs between people."""
    own = person.institution_id if may(person, ANSWER) else None
    return (may(person, READ_ANSWERS), may(person, READ_RESULTS), own, _red(asked, person, stands))


def _red(asked: Round, person: Person, stands: Stands) -> tuple[Hashable, ...]:
    """Return which things of a round that are for named readers alone a person reads; all else depends on duties, not on people."""
    if not kept.once(("has red", stands), lambda: red_in(asked)):
        return ()
    return kept.once(("red", stands, person.pk), lambda: red_for(asked, person))
