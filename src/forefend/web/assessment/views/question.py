"""One question of a round as those who lead it see it: the answers side by side, requests for change, the reconciled level."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from forefend.assess.transitions import COUNTED, SETTLED
from forefend.errors import AssessmentError, NotAllowed
from forefend.locale import N_, Language
from forefend.web.accounts.permissions import require
from forefend.web.accounts.roles import COORDINATE, READ_ANSWERS, REVIEW
from forefend.web.assessment import actions
from forefend.web.assessment.asked import anchors_of
from forefend.web.assessment.drawing import answers_on_scale
from forefend.web.assessment.editions import catalog_of
from forefend.web.assessment.models import Answer, Request
from forefend.web.assessment.reading import NOT_HERE, answer_for, answers_for, round_for
from forefend.web.assessment.showing import shown
from forefend.web.assessment.suggesting import suggested
from forefend.web.design.page import page_of, show
from forefend.web.project.errors import said_by

KEY_DIGITS = 19


def page(request: HttpRequest, lang: Language, identifier: int, question: str) -> HttpResponse:
    """Show the question; a form reconciles, asks for a change, remarks or closes a request."""
    require(request.user, READ_ANSWERS)
    asked = round_for(request.user, identifier)
    if question not in shown(asked, request.user).results.questions:
        raise NotAllowed(NOT_HERE)
    refused = ""
    if request.method == "POST":
        try:
            _act(request, identifier, question)
        except AssessmentError as refusal:
            refused = said_by(refusal, lang)
        else:
            return HttpResponseRedirect(reverse("round-question", args=[lang, asked.pk, question]))
    context = _context(request, identifier, question) | {"refused": refused, "given": request.POST if refused else {}}
    return show(request, "assessment/rounds/question.html", context, status=409 if refused else 200)


def _act(request: HttpRequest, identifier: int, question: str) -> None:
    given, by = request.POST, request.user
    asked = round_for(by, identifier)
    do = given.get("do", "")
    if do == "rule":
        actions.rule(round=asked, question=question, score=_score(given.get("level", "")), reason=given.get("reason", ""), by=by)
    elif do == "request":
        actions.request_change(answer=answer_for(by, _key(given.get("answer"))), text=given.get("text", ""), by=by)
    elif do == "remark":
        actions.remark(request=_request(asked.pk, given.get("request")), text=given.get("text", ""), by=by)
    elif do == "close":
        actions.close_request(request=_request(asked.pk, given.get("request")), by=by)
    else:
        raise AssessmentError(N_("Nothing was chosen. Use one of the buttons of the page."))


def _score(text: str) -> float | None:
    if text == "unknown":
        return None
    try:
        return float(text)
    except ValueError:
        raise AssessmentError(N_("No level was chosen. Choose one of the anchors, or unknown.")) from None


def _request(round_id: int, key: str | None) -> Request:
    found = Request.objects.filter(pk=_key(key), answer__contribution__round=round_id).first()
    if found is None:
        raise NotAllowed(NOT_HERE)
    return found


def _key(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < KEY_DIGITS else 0


def _context(request: HttpRequest, identifier: int, question: str) -> dict[str, Any]:
    page_ = page_of(request)
    asked = round_for(request.user, identifier)
    seen = shown(asked, request.user)
    catalog = catalog_of(asked)
    entry = catalog.questions[question]
    result = seen.results.questions[question]
    by_id = {answer.id: answer for answer in result.answers}
    stored = answers_for(request.user, contribution__round=asked, question=question, contribution__stage__in=COUNTED)
    stored = list(stored.prefetch_related("requests__remarks__by", "requests__opened_by"))
    found = suggested(page_.bench, asked.state).get(question)
    waiting = set(seen.answers.asked.get(question, ())) - {answer.respondent.id for answer in result.answers}
    rows = [(answer, by_id.get(str(answer.pk))) for answer in stored]
    return {
        "round": asked,
        "question": entry,
        "action": catalog.actions[entry.action],
        "catalog": catalog,
        "result": result,
        "marking": seen.marking,
        "rows": rows,
        "scale": answers_on_scale(result, page_.lang),
        "anchors": _with_who(anchors_of(entry, page_.lang, found), rows),
        "suggested": found,
        "waiting": [seen.answers.respondents[key].title for key in sorted(waiting) if key in seen.answers.respondents],
        "rulings": list(asked.rulings.filter(question=question).select_related("by").order_by("-pk")),
        "may_rule": COORDINATE in page_.may and asked.stage not in SETTLED,
        "may_review": REVIEW in page_.may and asked.stage not in SETTLED,
        **_neighbours(seen.results.questions, question),
    }


def _with_who(anchors: list[Any], rows: list[tuple[Answer, Any]]) -> list[tuple[Any, str]]:
    """Put the institutions beside the anchors they chose."""

    def chosen(answer: Answer) -> str:
        return f"level:{int(answer.value)}" if answer.kind == "level" and answer.value is not None else answer.kind

    return [(anchor, "; ".join(a.contribution.institution.title for a, _ in rows if chosen(a) == anchor.value)) for anchor in anchors]


def _neighbours(questions: Any, question: str) -> dict[str, str]:
    order = list(questions)
    place = order.index(question)
    return {"before": order[place - 1] if place else "", "after": order[place + 1] if place + 1 < len(order) else ""}
