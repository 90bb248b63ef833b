"""The rounds of an installation: list, opening, and the steps of one."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse

from forefend.assess.transitions import TITLES, allowed
from forefend.errors import AssessmentError
from forefend.locale import Language
from forefend.web.accounts.permissions import require
from forefend.web.accounts.roles import COORDINATE
from forefend.web.assessment import actions
from forefend.web.assessment.forms import RoundForm
from forefend.web.assessment.practice import make_practice_round
from forefend.web.assessment.reading import round_for, rounds_for
from forefend.web.design.page import page_of, show
from forefend.web.project.errors import said_by


def index(request: HttpRequest, lang: Language) -> HttpResponse:
    """Every round the reader may know of, the newest first."""
    rounds = list(rounds_for(request.user))
    own = {
        part.round_id: part
        for round_ in rounds
        for part in round_.contributions.filter(institution=request.user.institution_id, closed_because="")
    }
    rows = [(round_, own.get(round_.pk)) for round_ in rounds]
    return show(request, "assessment/rounds/index.html", {"rows": rows, "titles": TITLES})


def new(request: HttpRequest, lang: Language) -> HttpResponse:
    """Open a round."""
    require(request.user, COORDINATE)
    bench = page_of(request).bench
    earlier = [(round_.pk, round_.title) for round_ in rounds_for(request.user).filter(is_practice=False)]
    form = RoundForm(request.POST or None, catalog=bench.catalog, lang=lang, earlier=earlier, initial=_initial(request))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = actions.open_round(
                title=given["title"], state=bench.our_state, catalog=bench.catalog, actions=given["actions"], opens_on=bench.today,
                due_on=given["due_on"], marking=given["marking"], by=request.user,
                follows=round_for(request.user, int(given["follows"])) if given.get("follows") else None,
            )  # fmt: skip
        except AssessmentError as refusal:
            form.add_error(None, said_by(refusal, lang))
        else:
            return HttpResponseRedirect(reverse("round-institutions", args=[lang, made.pk]))
    return show(request, "assessment/rounds/new.html", {"form": form}, status=422 if form.errors else 200)


def _initial(request: HttpRequest) -> dict[str, object]:
    """Return what the form begins with: one action where the address names it, else all; due in a month."""
    page = page_of(request)
    action = page.bench.catalog.actions.get(request.GET.get("action", ""))
    due = page.bench.today + timedelta(days=30)
    title = page.lang.gettext("Assessment %(year)s", year=str(page.bench.today.year))
    if action is None:
        return {"scope": "all", "due_on": due.isoformat(), "title": title}
    return {"scope": "chosen", "actions": [action.id], "due_on": due.isoformat(), "title": f"{title}, {action.id}"}


def practice(request: HttpRequest, lang: Language) -> HttpResponse:
    """Make the worked example."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    bench = page_of(request).bench
    made = make_practice_round(state=bench.our_state, catalog=bench.catalog, lang=lang, by=request.user)
    return HttpResponseRedirect(reverse("round", args=[lang, made.pk]))


def stage(request: HttpRequest, lang: Language, identifier: int) -> HttpResponse:
    """Take a round a step further or back: what the step asks for, then the step."""
    asked = round_for(request.user, identifier)
    steps = steps_of(request, asked.stage)
    refused = ""
    if request.method == "POST":
        target = request.POST.get("target", "")
        try:
            actions.move_round(
                round=asked, target=target, by=request.user, reason=request.POST.get("reason", ""), note=request.POST.get("note", "")
            )
        except AssessmentError as refusal:
            refused = said_by(refusal, lang)
        else:
            return HttpResponseRedirect(reverse("round", args=[lang, asked.pk]))
    if not steps:
        require(request.user, COORDINATE)
    context = {"round": asked, "steps": steps, "refused": refused, "titles": TITLES, "given": request.POST}
    return show(request, "assessment/rounds/stage.html", context, status=409 if refused else 200)


def steps_of(request: HttpRequest, stage: str) -> list[object]:
    """Return the steps the reader may take from a stage."""
    may = page_of(request).may
    return [step for step in allowed("round", stage) if step.permission in may]
