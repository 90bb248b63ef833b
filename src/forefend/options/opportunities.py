"""What a state can do at home about its own gaps, ranked by the inward formula with every component in view.

Gates come first, legal duties stand above the ranking, and a value nobody has given is shown as missing. The
ranking is repeated with other weights, so that a rank that hangs on one of them shows it. After section 6 of
the domain guide.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from forefend.assess.question_results import QuestionResult
from forefend.assess.results import RoundResults, question_gap
from forefend.catalog import Catalog
from forefend.catalog.model import Option
from forefend.options.inward_parts import concerned, inward_parts
from forefend.options.judgements import Gate, Harm, Judgement, gates_of, harm_of
from forefend.options.match import OptionMatch, options_for
from forefend.options.priority import INWARD, UNREVIEWED, Ends, Part, priority, variants, with_value
from forefend.options.windows import WindowDate, windows
from forefend.store import Store

ELEVATED_FROM = 0.5
NEXT_WINDOWS = 3
NEEDS_AT_LEVEL_3 = ("protective", "dissuasive", "political")


@dataclass(frozen=True, kw_only=True)
class Measure:
    """Measures the catalog suggests where a question shows a gap."""

    question: str
    gap: float
    texts: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Opportunity:
    """One option with all it was ranked by. ``rank`` is None for a duty and for what a gate holds back.

    ``gap_question`` is the question that gives the gap. ``ranks`` gives the rank under each other set of
    weights or value; ``bundle`` the options to take with it, ``left_out`` those that conflict or are gated.
    """

    option: Option
    rank: int | None
    priority: Ends
    parts: tuple[Part, ...]
    harm: Harm
    gates: tuple[Gate, ...]
    judgement: Judgement
    gap_question: str
    elevated: int
    measures: tuple[Measure, ...]
    bundle: tuple[str, ...]
    left_out: tuple[str, ...]
    windows: tuple[WindowDate, ...]
    match: OptionMatch
    ranks: Mapping[str, int] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The option's id."""
        return self.option.id

    @property
    def is_complete(self) -> bool:
        """Whether every component and the harm are known."""
        return self.harm.is_known and all(part.is_known for part in self.parts)

    def part(self, name: str) -> Part:
        """Return one component by its name."""
        return next(part for part in self.parts if part.name == name)


@dataclass(frozen=True, kw_only=True)
class Opportunities:
    """Duties first, then the ranking, then what a gate holds back; last the gaps that no option speaks to."""

    duties: tuple[Opportunity, ...]
    ranked: tuple[Opportunity, ...]
    gated: tuple[Opportunity, ...]
    measures_alone: tuple[Measure, ...]


def opportunities_of(
    store: Store, catalog: Catalog, results: RoundResults, *, today: date, judgements: Mapping[str, Judgement] | None = None
) -> Opportunities:
    """Rank the options of the state that a round is about, from its own figures in the store."""
    matches = options_for(store, catalog, results.state, results.state, today=today)
    ahead = windows(store, catalog, results.state, results.state, today=today)
    return opportunities(results, catalog, matches=matches, ahead=ahead, judgements=judgements, today=today)


def opportunities(
    results: RoundResults,
    catalog: Catalog,
    *,
    matches: Sequence[OptionMatch],
    today: date,
    ahead: Sequence[WindowDate] = (),
    judgements: Mapping[str, Judgement] | None = None,
) -> Opportunities:
    """Rank ``matches`` (options at home, with their relevance and levers) by the gaps of a round."""
    given = judgements or {}
    weighed = [
        _weigh(results, catalog, match, judgement=given.get(match.id, Judgement(option=match.id)), ahead=ahead, today=today)
        for match in matches
    ]
    barred = {entry.id for entry in weighed if entry.gates}
    bundled = [_bundled(entry, catalog, barred=barred) for entry in weighed]
    duties = tuple(entry for entry in bundled if entry.judgement.is_duty and "unlawful" not in entry.gates)
    others = [entry for entry in bundled if entry not in duties]
    served = {measure.question for entry in bundled for measure in entry.measures}
    return Opportunities(
        duties=duties,
        ranked=_ranked([entry for entry in others if not entry.gates]),
        gated=tuple(entry for entry in others if entry.gates),
        measures_alone=_measures(
            catalog, [question for question in results.questions.values() if question.applies and question.id not in served]
        ),
    )


def missing_elements(options: Sequence[str], catalog: Catalog) -> tuple[str, ...]:
    """Return which kinds of option a bundle for decision level 3 or higher still lacks."""
    held = {element for identifier in options for element in catalog.options[identifier].elements}
    return tuple(element for element in NEEDS_AT_LEVEL_3 if element not in held)


def _weigh(
    results: RoundResults, catalog: Catalog, match: OptionMatch, *, judgement: Judgement, ahead: Sequence[WindowDate], today: date
) -> Opportunity:
    option, questions = match.option, concerned(results, catalog, match.option)
    own = tuple(entry for entry in ahead if option.id in entry.window.options and entry.can_use is not False)
    by_action = tuple(entry for entry in ahead if set(entry.window.actions) & set(option.actions) and entry.can_use is not False)
    parts = inward_parts(match, questions=questions, judgement=judgement, own=own, today=today)
    harm = harm_of(judgement)
    return Opportunity(
        option=option,
        rank=None,
        priority=priority(parts, harm_left=harm.left),
        parts=parts,
        harm=harm,
        gates=gates_of(judgement),
        judgement=judgement,
        gap_question=questions[0].id if questions else "",
        elevated=sum(fit.multiplier == 1 and (fit.percentile.value or 0) / 100 >= ELEVATED_FROM for fit in match.fits),
        measures=_measures(catalog, questions),
        bundle=(),
        left_out=(),
        windows=(own or by_action)[:NEXT_WINDOWS],
        match=match,
    )


def _measures(catalog: Catalog, questions: Sequence[QuestionResult]) -> tuple[Measure, ...]:
    measures = [
        Measure(question=question.id, gap=question_gap(question), texts=catalog.questions[question.id].possible_measures)
        for question in questions
        if question_gap(question) > 0
    ]
    return tuple(sorted(measures, key=lambda measure: -measure.gap))


def _bundled(entry: Opportunity, catalog: Catalog, *, barred: set[str]) -> Opportunity:
    """Add what works well with an option, without what is gated or conflicts with it or with what was added before."""
    bundle: list[str] = []
    for other in entry.option.works_well_with:
        conflicts = {conflict for one in (entry.id, *bundle) for conflict in catalog.options[one].conflicts_with}
        if other not in barred and other not in conflicts:
            bundle.append(other)
    left_out = (*entry.option.conflicts_with, *(other for other in entry.option.works_well_with if other not in bundle))
    return replace(entry, bundle=tuple(bundle), left_out=tuple(dict.fromkeys(left_out)))


def _ranked(entries: Sequence[Opportunity]) -> tuple[Opportunity, ...]:
    grade, lower, upper = UNREVIEWED

    def unreviewed_at(value: float) -> Callable[[Opportunity], float]:
        def score(entry: Opportunity) -> float:
            is_unreviewed = entry.option.evidence.grade == grade
            parts = with_value(entry.parts, name="evidence", value=value) if is_unreviewed else entry.parts
            return priority(parts, harm_left=entry.harm.left).low

        return score

    def weighted(weights: Mapping[str, float]) -> Callable[[Opportunity], float]:
        return lambda entry: priority(entry.parts, harm_left=entry.harm.left, weights=weights).low

    others = {f"{grade} = {value:g}": _order(entries, by=unreviewed_at(value)) for value in (lower, upper)}
    others |= {name: _order(entries, by=weighted(weights)) for name, weights in variants(INWARD).items()}
    order = _order(entries, by=lambda entry: entry.priority.low)
    ranked = [replace(entry, rank=order[entry.id], ranks={name: ranks[entry.id] for name, ranks in others.items()}) for entry in entries]
    return tuple(sorted(ranked, key=lambda entry: entry.rank or 0))


def _order(entries: Sequence[Opportunity], *, by: Callable[[Opportunity], float]) -> dict[str, int]:
    """Rank by the lower end of the priority; of two alike, the one that lists more elevated indicators comes first."""
    ordered = sorted(entries, key=lambda entry: (-round(by(entry), 12), -entry.elevated, entry.id))
    return {entry.id: number for number, entry in enumerate(ordered, start=1)}
