"""Answering for one institution: the list of its questions, one question, saving, handing in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse

from forefend.assess.transitions import answers_are_open
from forefend.errors import AssessmentError, NotAllowed
from forefend.locale import Language
from forefend.settings import MARKINGS
from forefend.web.accounts.models import Person
from forefend.web.assessment import actions
from forefend.web.assessment.actions.answering import KINDS_OF, Content, Saved
from forefend.web.assessment.asked import anchors_of, not_applying, own_page
from forefend.web.assessment.checking import findings
from forefend.web.assessment.editions import catalog_of
from forefend.web.assessment.models import Answer, Clash, Contribution, Request
from forefend.web.assessment.proposing import carried_to
from forefend.web.assessment.reading import NOT_HERE, answers_for, may_read_answer, own_contribution, round_for
from forefend.web.assessment.suggesting import suggested
from forefend.web.design.page import page_of, show
from forefend.web.evidence.queries import evidence_of, possible_readers
from forefend.web.project.errors import said_by

KEY_DIGITS = 10  # of keys and versions, as far as a database counts them


def index(request: HttpRequest, lang: Language, identifier: int) -> HttpResponse:
    """The questions put to the own institution, and handing in."""
    asked = round_for(request.user, identifier)
    part = own_contribution(request.user, asked)
    refused = ""
    if request.method == "POST":
        try:
            if request.POST.get("do") == "share":
                actions.share_scores(contribution=part, shares=request.POST.get("shares") == "yes", by=request.user)
            else:
                actions.hand_in(contribution=part, by=request.user)
        except AssessmentError as refusal:
            refused = said_by(refusal, lang)
        else:
            return HttpResponseRedirect(reverse("answering", args=[lang, asked.pk]))
    context = own_page(page_of(request), asked, part) | {
        "refused": refused,
        "is_open": answers_are_open(asked.stage, part.stage),
        "findings": [],
    }
    if not context["open_count"]:  # a careful reader looks when all is answered; before that it would only be in the way
        context["findings"] = [f for f in findings(asked, request.user, with_drafts=True) if f.answer]
    return show(request, "assessment/rounds/answering.html", context, status=409 if refused else 200)


def page(request: HttpRequest, lang: Language, identifier: int, question: str) -> HttpResponse:
    """One question: what data suggest, the own answer, its evidence, who may read it, what reviewers ask."""
    asked = round_for(request.user, identifier)
    part = own_contribution(request.user, asked)
    refused = ""
    if request.method == "POST":
        try:
            if _act(request, part, question, lang):
                return HttpResponseRedirect(_after(request, lang, part, question))
        except AssessmentError as refusal:
            refused = said_by(refusal, lang)
    context = _context(request, part, question) | {"refused": refused}
    context["written"] = _written(context["answer"], request.POST if refused else {})
    return show(request, "assessment/rounds/answer.html", context, status=409 if refused else 200)


def save(request: HttpRequest, lang: Language, identifier: int, question: str) -> HttpResponse:
    """Save while somebody writes; answers what stands now, and both texts when somebody else was faster."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    part = own_contribution(request.user, round_for(request.user, identifier))
    try:
        saved = _save(request, part, question)
    except AssessmentError as refusal:
        return JsonResponse({"state": "refused", "sentence": said_by(refusal, lang)}, status=409)
    return JsonResponse(_told(request, lang, saved))


def _told(request: HttpRequest, lang: Language, saved: Saved) -> dict[str, Any]:
    if saved.clash is None:
        return {"state": "saved", "version": saved.answer.version, "sentence": lang.gettext("Saved.")}
    clashes = render_to_string("assessment/rounds/clashes.html", clashes_of(request, saved.answer), request=request)
    sentence = lang.gettext("Somebody else changed this answer meanwhile. Both texts are kept; decide below which one stands.")
    return {"state": "clash", "version": saved.answer.version, "sentence": sentence, "clashes": clashes}


def _act(request: HttpRequest, part: Contribution, question: str, lang: Language) -> bool:
    """Do what a form of the page asks for; returns whether it is done."""
    do = request.POST.get("do", "save")
    if do == "take_over":
        found = suggested(page_of(request).bench, part.round.state).get(question)
        saved = actions.take_over(
            contribution=part, question=question, suggestion=found.record(lang) if found else {}, base_version=_base(request),
            by=request.user,
        )  # fmt: skip
    elif do == "take_carried":
        saved = actions.take_carried(contribution=part, question=question, base_version=_base(request), by=request.user)
    elif do == "mark":
        answer = _there(answers_for(request.user, contribution=part, question=question).first())
        readers = possible_readers(request.user, part.institution_id).filter(pk__in=_keys(request.POST.getlist("readers")))
        actions.mark_answer(answer=answer, marking=request.POST.get("marking", ""), readers=list(readers), by=request.user)
        return True
    elif do == "settle":
        among = answers_for(request.user, contribution=part, question=question).values("pk")
        clash = _there(Clash.objects.filter(pk__in=_keys([request.POST.get("clash", "")]), answer__in=among).first())
        actions.settle_clash(clash=clash, settled_as=request.POST.get("as", ""), by=request.user)
        return True
    elif do == "remark":
        found_request = _there(Request.objects.filter(pk__in=_keys([request.POST.get("request", "")]), answer__contribution=part).first())
        actions.remark(request=found_request, text=request.POST.get("text", ""), by=request.user)
        return True
    else:
        saved = _save(request, part, question)
    return saved.clash is None


def _save(request: HttpRequest, part: Contribution, question: str) -> Saved:
    return actions.save_answer(
        contribution=part, question=question, content=_content(request, part, question), base_version=_base(request), by=request.user
    )


def _content(request: HttpRequest, part: Contribution, question: str) -> Content:
    given = request.POST
    bench = page_of(request).bench
    kind, _, level = given.get("answer", "").partition(":")
    found = suggested(bench, part.round.state).get(question)
    has_level = found is not None and found.level is not None
    return Content(
        kind=kind,
        value=_number(level) if kind == "level" else _number(given.get("number", "")) if kind == "number" else None,
        comment=given.get("comment", "").replace("\r\n", "\n"),
        sure=given.get("sure", ""),
        checked_on=_day(given.get("checked_on", ""), bench.today),
        suggestion=found.record(page_of(request).lang) if found is not None and has_level else None,
        departs_because=given.get("departs_because", ""),
    )


def _number(text: str) -> float | None:
    try:
        found = float(text.strip().replace(",", "."))
    except ValueError:
        return None
    return found if abs(found) < 1e12 else None


def _day(text: str, today: date) -> date:
    """Return the day an answer was checked: today unless an earlier one is given."""
    try:
        return min(today, date.fromisoformat(text))
    except ValueError:
        return today


def _base(request: HttpRequest) -> int:
    return next(iter(_keys([request.POST.get("version", "")])), 0)


def _keys(texts: list[str]) -> list[int]:
    """Return the numbers among what a form sent; nothing else is a key, and none has more digits."""
    return [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < KEY_DIGITS]


def _there(found: Any) -> Any:
    if found is None:
        raise NotAllowed(NOT_HERE)
    return found


def _after(request: HttpRequest, lang: Language, part: Contribution, question: str) -> str:
    """Where a reader goes after a form: to the next question where that was asked for, else to the same page."""
    if "next" in request.POST:
        questions = list(part.assignments.values_list("question", flat=True))
        place = questions.index(question) + 1
        if place < len(questions):
            return reverse("answer", args=[lang, part.round_id, questions[place]])
        return reverse("answering", args=[lang, part.round_id])
    return reverse("answer", args=[lang, part.round_id, question])


def _context(request: HttpRequest, part: Contribution, question: str) -> dict[str, Any]:
    page = page_of(request)
    catalog = catalog_of(part.round)
    if question not in catalog.questions or not part.assignments.filter(question=question).exists():
        from forefend.web.accounts.permissions import require

        require(request.user)
    asked = catalog.questions[question]
    answer = Answer.objects.filter(contribution=part, question=question).select_related("saved_by").first()
    is_hidden = answer is not None and not may_read_answer(request.user, answer)
    if is_hidden:
        answer = None
    found = suggested(page.bench, part.round.state).get(question)
    return {
        "round": part.round,
        "part": part,
        "question": asked,
        "action": catalog.actions[asked.action],
        "catalog": catalog,
        "answer": answer,
        "anchors": anchors_of(asked, page.lang, found),
        "suggested": found,
        "can_take_over": found is not None and found.level is not None and (asked.type != "numeric" or found.number is not None),
        "carried": carried_to(part, page.person).get(question),
        "is_hidden": is_hidden,
        "not_applying": not_applying(part.round, asked, catalog),
        "is_open": answers_are_open(part.round.stage, part.stage) and not part.closed_because,
        "kinds": KINDS_OF[asked.type],
        "evidence": _evidence(answer, request.user),
        "requests": list(answer.requests.prefetch_related("remarks__by").select_related("opened_by")) if answer else [],
        "versions": list(answer.versions.select_related("saved_by").order_by("-version")[:20]) if answer else [],
        "markings": MARKINGS,
        "named": list(answer.readers.all()) if answer else [],
        "people": list(possible_readers(page.person, part.institution_id)) if answer else [],
        **_places(part, question),
        **clashes_of(request, answer),
    }


def _written(answer: Answer | None, refused: Mapping[str, str]) -> dict[str, str]:
    """Return the texts of the form: as they were sent when they were refused, else as they stand."""
    return {name: refused.get(name) or getattr(answer, name, "") for name in ("comment", "departs_because")}


def _evidence(answer: Answer | None, person: Person) -> object:
    return evidence_of([answer], person).get(answer.pk, ()) if answer else ()


def _places(part: Contribution, question: str) -> dict[str, Any]:
    questions = list(part.assignments.values_list("question", flat=True))
    place = questions.index(question)
    return {
        "place": place + 1,
        "n_questions": len(questions),
        "before": questions[place - 1] if place else "",
        "after": questions[place + 1] if place + 1 < len(questions) else "",
    }


def clashes_of(request: HttpRequest, answer: Answer | None) -> dict[str, Any]:
    """Return the texts that wait for a decision beside the one that stands."""
    waiting = [] if answer is None else list(answer.clashes.filter(settled_at__isnull=True).select_related("written_by"))
    return {"clashes": waiting, "answer": answer, "page": page_of(request), "lang": page_of(request).lang}
