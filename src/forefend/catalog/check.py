"""Checks the catalog as a whole: every reference leads somewhere, every question can be answered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from forefend.catalog.model import KINDS, Catalog, Entry, PrefillRule, Question, RiskIndicator

LEVELS = {0, 2, 4}
TOP_SCORE = 4
OPTIONS_NEED = ("legal_basis", "lead_in_government", "mechanism")


def check(catalog: Catalog) -> list[str]:
    """Return a sentence for each thing that is wrong; none when the catalog is sound."""
    return [*_questions(catalog), *_actions(catalog), *_factors(catalog), *_options(catalog), *_windows(catalog), *_series(catalog)]


def counts(catalog: Catalog) -> dict[str, int]:
    """Return how many entries of each kind there are, and how many of those judged by data could be measured."""
    measurable = {
        "measurable_questions": sum(q.measurable for q in catalog.questions.values()),
        "measurable_risk_indicators": sum(i.measurable for i in catalog.indicators.values()),
    }
    return {kind: len(getattr(catalog, kind)) for kind in KINDS} | measurable


def _measured(entries: Iterable[Question | RiskIndicator]) -> Iterator[str]:
    yield from (
        f"{entry.id} does not say why it is{'' if entry.measurable else ' not'} measurable."
        for entry in entries
        if not entry.measurable_why
    )


def _unknown(owner: str, what: str, wanted: Iterable[str], known: Iterable[str]) -> Iterator[str]:
    have = set(known)
    for identifier in wanted:
        if identifier not in have:
            yield f"{owner} names {what} {identifier}, which does not exist."


def _risks(catalog: Catalog) -> set[str]:
    return {*catalog.risk_factors, *catalog.indicators}


def _questions(catalog: Catalog) -> Iterator[str]:
    types = [body for bodies in catalog.respondent_types.values() for body in bodies]
    yield from (f"Body {body} is not in exactly one type of respondent." for body in catalog.bodies if types.count(body) != 1)
    yield from _measured(catalog.questions.values())
    for question in catalog.questions.values():
        yield from _unknown(question.id, "respondent", question.usual_respondents, catalog.bodies)
        yield from _unknown(question.id, "condition", question.applies_if, catalog.conditions)
        yield from _unknown(question.id, "risk", question.mitigates, _risks(catalog))
        yield from _unknown(question.id, "source", (p.source for p in question.prefill_indicators), catalog.sources)
        yield from _anchors(question)
        if question.id in question.replaces:
            yield f"{question.id} replaces itself."


def _anchors(question: Question) -> Iterator[str]:
    if question.type == "maturity" and not set(question.levels) >= LEVELS:
        yield f"{question.id} lacks an anchor for level 0, 2 or 4."
    if question.type == "numeric":
        yield from _numeric(question)
    if question.type == "yes_no_partly" and not {"yes", "partly", "no"} <= set(question.answers):
        yield f"{question.id} does not say what yes, partly and no mean."


def _numeric(question: Question) -> Iterator[str]:
    points = question.numeric.score_at if question.numeric else {}
    if set(points) != {0, TOP_SCORE}:
        yield f"{question.id} lacks the two points that earn 0 and 4."
    elif question.numeric and (points[TOP_SCORE] > points[0]) != (question.numeric.better == "higher"):
        yield f"{question.id} earns 4 at the end that it calls worse."


def _actions(catalog: Catalog) -> Iterator[str]:
    for action in catalog.actions.values():
        yield from _unknown(action.id, "sphere", (action.sphere,), catalog.spheres)
        yield from _unknown(action.id, "option", action.related_options, catalog.options)
        if not any(catalog.questions[q].criticality == "core" for q in action.questions):
            yield f"{action.id} has no core question."
    yield from _two_ways("action", catalog.actions, "related_options", "option", catalog.options, "actions")


def _two_ways(  # noqa: PLR0917 - two sides, each a word, its entries and its field
    one: str, ones: Mapping[str, Entry], field: str, other: str, others: Mapping[str, Entry], back: str
) -> Iterator[str]:
    """Find references that are written down on one side only."""
    forth = {(a, b) for a, entry in ones.items() for b in getattr(entry, field)}
    returned = {(a, b) for b, entry in others.items() for a in getattr(entry, back)}
    for a, b in sorted(forth - returned):
        if b in others:
            yield f"{one.capitalize()} {a} names {other} {b}, which does not name it back."
    for a, b in sorted(returned - forth):
        if a in ones:
            yield f"{other.capitalize()} {b} names {one} {a}, which does not name it back."


def _factors(catalog: Catalog) -> Iterator[str]:
    for factor in catalog.risk_factors.values():
        if len(factor.indicators) != factor.indicator_count:
            yield f"{factor.id} has {len(factor.indicators)} indicators, but says {factor.indicator_count}."
    yield from _measured(catalog.indicators.values())
    for indicator in catalog.indicators.values():
        yield from _unknown(indicator.id, "source", (p.source for p in indicator.proxies), catalog.sources)


def _options(catalog: Catalog) -> Iterator[str]:
    for option in catalog.options.values():
        yield from _unknown(option.id, "sphere", (option.sphere,), catalog.spheres)
        yield from _unknown(option.id, "action", option.actions, catalog.actions)
        yield from _unknown(option.id, "lever", option.leverage_types, catalog.leverage_types)
        yield from _unknown(option.id, "risk", option.addresses_risk_factors, _risks(catalog))
        yield from _unknown(option.id, "option", (*option.works_well_with, *option.conflicts_with), catalog.options)
        yield from _unknown(option.id, "evidence", option.evidence.base, catalog.evidence_base)
        yield from _unknown(option.id, "body", (option.lead_in_government,), catalog.bodies)
        yield from _unknown(option.id, "source", (p.source for p in option.lever_datasets), catalog.sources)
        if {*option.works_well_with} & {*option.conflicts_with}:
            yield f"{option.id} both fits and conflicts with the same option."
        if not option.preconditions:
            yield f"{option.id} states no condition."
        yield from (f"{option.id} lacks {name}." for name in OPTIONS_NEED if not getattr(option, name))
    yield from _two_ways("option", catalog.options, "conflicts_with", "option", catalog.options, "conflicts_with")


def _windows(catalog: Catalog) -> Iterator[str]:
    for window in catalog.windows.values():
        yield from _unknown(window.id, "action", window.actions, catalog.actions)
        yield from _unknown(window.id, "option", window.options, catalog.options)
        if window.schedule.kind == "relative":
            yield from _unknown(window.id, "window", (window.schedule.to,), catalog.windows)
        if window.schedule.kind == "recurring" and not window.schedule.rrule:
            yield f"{window.id} recurs, but says no rule."


def _series(catalog: Catalog) -> Iterator[str]:
    for series in catalog.data_indicators.values():
        yield from _unknown(series.id, "question or risk", (s.id for s in series.serves), {*_risks(catalog), *catalog.questions})
        if series.table == "observations" and series.serves and series.max_age_years is None and series.direction != "none":
            yield f"{series.id} does not say how old it may be."
        yield from _unknown(series.id, "series", series.inputs, catalog.data_indicators)
        if bool(series.formula) != bool(series.inputs):
            yield f"{series.id} names a formula without inputs, or inputs without a formula."
        if series.years != 1 and not series.formula:
            yield f"{series.id} looks back over years without a formula."
        if series.of_months != "sum" and series.period != "month":
            yield f"{series.id} averages months, but is no monthly series."
    for rule in catalog.prefill_rules.values():
        yield from _unknown(rule.id, "question", (rule.question,), catalog.questions)
        yield from _unknown(rule.id, "series", (rule.subject,), catalog.data_indicators)
        yield from _rule(catalog, rule)


def _rule(catalog: Catalog, rule: PrefillRule) -> Iterator[str]:
    if not {
        "step": rule.thresholds or rule.silent_from is not None,
        "status": rule.status_scores,
        "count": rule.points,
        "share": rule.points,
    }[rule.method]:
        yield f"{rule.id} does not say how it scores."
    if rule.method in ("count", "share") and (not rule.keys or any(key.startswith("@") for key in rule.keys)):
        yield f"{rule.id} does not name the statements it counts."
    if not all(0 <= score <= TOP_SCORE for score in _scores(rule)):
        yield f"{rule.id} suggests a level that does not exist."
    if rule.method == "step" and max(_scores(rule), default=0) == TOP_SCORE:
        yield f"{rule.id} suggests level 4 from an index; in place, used and reviewed is for people to say."
    serves = catalog.data_indicators[rule.subject].serves if rule.subject in catalog.data_indicators else ()
    told = {served.id: served.strength for served in serves}.get(rule.question)
    if told != rule.strength:
        yield f"{rule.id} is {rule.strength} for {rule.question}, but {rule.subject} says {told or 'nothing of it'}."


def _scores(rule: PrefillRule) -> tuple[float, ...]:
    return (*(score for _, score in rule.thresholds), *(score for _, score in rule.points), *rule.status_scores.values())
