"""What a round comes to: gaps with their range, what protects, opportunities, what to reconcile, checks, comparison."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse

from forefend.assess.checks import CHECKS, Finding
from forefend.assess.comparison import CHANGES
from forefend.assess.results import ActionResult, band
from forefend.assess.transitions import TITLES
from forefend.catalog import Catalog
from forefend.errors import NotAllowed
from forefend.locale import Language
from forefend.options.judgements import GATES
from forefend.web.accounts.permissions import require
from forefend.web.accounts.roles import COORDINATE, READ_ANSWERS, READ_RESULTS
from forefend.web.assessment import showing, words
from forefend.web.assessment.checking import findings
from forefend.web.assessment.drawing import gap_bar
from forefend.web.assessment.editions import catalog_of
from forefend.web.assessment.models import Carrying, Round
from forefend.web.assessment.reading import NOT_HERE, round_for, rounds_for
from forefend.web.assessment.showing import Shown, shown
from forefend.web.assessment.views.rounds import steps_of
from forefend.web.design.page import page_of, show


def overview(request: HttpRequest, lang: Language, identifier: int) -> HttpResponse:
    """The actions of a round with their gaps."""
    asked = round_for(request.user, identifier)
    page = page_of(request)
    if not {READ_RESULTS, COORDINATE} & page.may:
        return _own_part(request, lang, asked)
    seen = shown(asked, request.user)
    catalog = catalog_of(asked)
    found = seen.results
    rows = [_row(action, catalog, lang) for action in found.actions.values()]
    context = _common(request, asked, seen, "gaps") | {
        "spheres": [
            (catalog.spheres[s].title, sphere, [r for r in rows if r["action"].sphere == s]) for s, sphere in found.spheres.items()
        ],
        "n_questions": sum(question.applies for question in found.questions.values()),
        "n_answered": sum(question.state == "answered" for question in found.questions.values()),
        "n_unpublished": sum(bool(action.unpublished_because) for action in found.actions.values()),
        "blocking": [(catalog.questions[q], found.questions[q]) for q in found.blocking],
        "differences": [(catalog.questions[q], found.questions[q]) for q in found.differences],
        "strong_actions": [(catalog.actions[a], found.actions[a]) for a in found.strengths.actions],
        "strong_questions": [(catalog.questions[q], found.questions[q]) for q in found.strengths.questions],
        "steps": steps_of(request, asked.stage),
        "adoption": getattr(asked, "adoption", None),
        "carrying": Carrying.objects.filter(round=asked).select_related("source").first(),
    }
    return show(request, "assessment/rounds/overview.html", context)


def action(request: HttpRequest, lang: Language, identifier: int, action: str) -> HttpResponse:
    """One action: each question with its score and how it came about."""
    require(request.user, READ_RESULTS, COORDINATE)
    asked = round_for(request.user, identifier)
    seen = shown(asked, request.user)
    if action not in seen.results.actions:
        raise NotAllowed(NOT_HERE)
    catalog = catalog_of(asked)
    result = seen.results.actions[action]
    context = _common(request, asked, seen, "gaps") | {
        "row": _row(result, catalog, lang),
        "questions": [(catalog.questions[q], seen.results.questions[q]) for q in result.questions],
        "sphere": catalog.spheres[result.sphere].title,
    }
    return show(request, "assessment/rounds/action.html", context)


def reconcile(request: HttpRequest, lang: Language, identifier: int) -> HttpResponse:
    """Questions on which respondents are far apart."""
    require(request.user, READ_ANSWERS)
    asked = round_for(request.user, identifier)
    seen = shown(asked, request.user)
    catalog = catalog_of(asked)
    ruled = [q.id for q in seen.results.questions.values() if q.ruling is not None]
    context = _common(request, asked, seen, "reconcile") | {
        "open": [(catalog.questions[q], seen.results.questions[q]) for q in seen.results.disputed],
        "ruled": [(catalog.questions[q], seen.results.questions[q]) for q in ruled],
        "kinds": words.TYPES,
    }
    return show(request, "assessment/rounds/reconcile.html", context)


def checks(request: HttpRequest, lang: Language, identifier: int) -> HttpResponse:
    """What the standing checks find."""
    require(request.user, READ_ANSWERS, COORDINATE)
    asked = round_for(request.user, identifier)
    seen = shown(asked, request.user)
    found = findings(asked, request.user)
    context = _common(request, asked, seen, "checks") | {
        "groups": [(severity, title, _by_check(found, severity)) for severity, title in words.SEVERITIES.items()],
        "n_found": len(found),
        "catalog": catalog_of(asked),
    }
    return show(request, "assessment/rounds/checks.html", context)


def _by_check(found: Sequence[Finding], severity: str) -> list[tuple[str, list[Finding]]]:
    """Return the findings of a severity by the title of their check, so that one rule is read once."""
    grouped: dict[str, list[Finding]] = {}
    for finding in found:
        if finding.severity == severity:
            grouped.setdefault(CHECKS[finding.check].title, []).append(finding)
    return list(grouped.items())


def opportunities(request: HttpRequest, lang: Language, identifier: int) -> HttpResponse:
    """What the state can do at home, ranked by its own gaps, with every component in view."""
    require(request.user, READ_RESULTS, COORDINATE)
    asked = round_for(request.user, identifier)
    seen = shown(asked, request.user)
    found = showing.opportunities(asked, request.user)
    context = _common(request, asked, seen, "opportunities") | {
        "found": found,
        "catalog": catalog_of(asked),
        "components": words.COMPONENTS,
        "gates": GATES,
    }
    return show(request, "assessment/rounds/opportunities.html", context)


def comparison(request: HttpRequest, lang: Language, identifier: int) -> HttpResponse:
    """This round beside an earlier one, over the questions both asked."""
    require(request.user, READ_RESULTS, COORDINATE)
    asked = round_for(request.user, identifier)
    others = [r for r in rounds_for(request.user).filter(state=asked.state, is_practice=asked.is_practice) if r.pk != asked.pk]
    chosen = _chosen(request, asked, others)
    seen = shown(asked, request.user)
    context = _common(request, asked, seen, "compare") | {"others": others, "chosen": chosen}
    if chosen is not None:
        found = showing.compared(chosen, asked, request.user)
        catalog = catalog_of(asked)
        context |= {
            "found": found,
            "actions": [(catalog.actions[key], change) for key, change in found.actions.items()],
            "groups": [
                (
                    title,
                    [(catalog.questions[q.id], q) for q in found.questions.values() if q.change == change and q.id in catalog.questions],
                )
                for change, title in CHANGES.items()
                if change != "unchanged"
            ],
        }
    return show(request, "assessment/rounds/compare.html", context)


def _chosen(request: HttpRequest, asked: Round, others: list[Round]) -> Round | None:
    given = request.GET.get("with", "")
    wanted = asked.follows_id if not given else int(given) if given.isascii() and given.isdigit() else 0
    found = next((other for other in others if other.pk == wanted), None)
    if given and found is None:
        raise NotAllowed(NOT_HERE)
    return found or next((other for other in others if other.pk < asked.pk), None)


def _own_part(request: HttpRequest, lang: Language, asked: Round) -> HttpResponse:
    """Lead a respondent from the round to the questions put to the own institution."""
    from forefend.web.assessment.views.answering import index

    return index(request, lang, asked.pk)


def _row(result: ActionResult, catalog: Catalog, lang: Language) -> dict[str, Any]:
    figures = result.figures
    return {
        "action": catalog.actions[result.id],
        "result": result,
        "figures": figures,
        "bar": gap_bar(result, lang),
        "confidence": {"high": "high", "moderate": "mod", "low": "low"}[band(figures.confidence)] if figures else "",
        "why": lang.gettext(words.UNPUBLISHED[result.unpublished_because]) if result.unpublished_because else "",
    }


def _common(request: HttpRequest, asked: Round, seen: Shown, tab: str) -> dict[str, Any]:
    return {
        "round": asked,
        "results": seen.results,
        "marking": seen.marking,
        "tab": tab,
        "titles": TITLES,
        "n_disputed": len(seen.results.disputed),
    }
