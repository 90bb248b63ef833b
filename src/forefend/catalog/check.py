"""Checks the catalog as a whole: every reference leads somewhere, every question can be answered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from forefend.catalog.model import KINDS, Catalog, Question

LEVELS = {0, 2, 4}
OPTIONS_NEED = ("legal_basis", "lead_in_government", "mechanism")


def check(catalog: Catalog) -> list[str]:
    """Return a sentence for each thing that is wrong; none when the catalog is sound."""
    return [*_questions(catalog), *_actions(catalog), *_factors(catalog), *_options(catalog), *_windows(catalog), *_series(catalog)]


def counts(catalog: Catalog) -> dict[str, int]:
    """Return how many entries of each kind there are."""
    return {kind: len(getattr(catalog, kind)) for kind in KINDS}


def _unknown(owner: str, what: str, wanted: Iterable[str], known: Iterable[str]) -> Iterator[str]:
    have = set(known)
    for identifier in wanted:
        if identifier not in have:
            yield f"{owner} names {what} {identifier}, which does not exist."


def _risks(catalog: Catalog) -> set[str]:
    return {*catalog.risk_factors, *catalog.indicators}


def _questions(catalog: Catalog) -> Iterator[str]:
    for question in catalog.questions.values():
        yield from _unknown(question.id, "respondent", question.usual_respondents, catalog.bodies)
        yield from _unknown(question.id, "condition", question.applies_if, catalog.conditions)
        yield from _unknown(question.id, "risk", question.mitigates, _risks(catalog))
        yield from _unknown(question.id, "source", (p.source for p in question.prefill_indicators), catalog.sources)
        yield from _anchors(question)


def _anchors(question: Question) -> Iterator[str]:
    if question.type == "maturity" and not set(question.levels) >= LEVELS:
        yield f"{question.id} lacks an anchor for level 0, 2 or 4."
    if question.type == "numeric" and (question.numeric is None or set(question.numeric.score_at) != {0, 4}):
        yield f"{question.id} lacks the two points that earn 0 and 4."
    if question.type == "yes_no_partly" and not {"yes", "partly", "no"} <= set(question.answers):
        yield f"{question.id} does not say what yes, partly and no mean."


def _actions(catalog: Catalog) -> Iterator[str]:
    for action in catalog.actions.values():
        yield from _unknown(action.id, "sphere", (action.sphere,), catalog.spheres)
        yield from _unknown(action.id, "option", action.related_options, catalog.options)
        if not any(catalog.questions[q].criticality == "core" for q in action.questions):
            yield f"{action.id} has no core question."


def _factors(catalog: Catalog) -> Iterator[str]:
    for factor in catalog.risk_factors.values():
        if len(factor.indicators) != factor.indicator_count:
            yield f"{factor.id} has {len(factor.indicators)} indicators, but says {factor.indicator_count}."
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
        if not option.preconditions:
            yield f"{option.id} states no condition."
        yield from (f"{option.id} lacks {name}." for name in OPTIONS_NEED if not getattr(option, name))


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
    for rule in catalog.prefill_rules.values():
        yield from _unknown(rule.id, "question", (rule.question,), catalog.questions)
        if rule.method == "step":
            yield from _unknown(rule.id, "series", (rule.subject,), catalog.data_indicators)
        if not {"step": rule.thresholds, "status": rule.status_scores, "count": rule.points, "share": rule.points}[rule.method]:
            yield f"{rule.id} does not say how it scores."
