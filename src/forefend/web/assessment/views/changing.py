"""Changing a round that runs: its dates; and going on from one that is adopted."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from forefend.assess.editions import REASONS
from forefend.assess.transitions import REVIEWED, SETTLED
from forefend.errors import AssessmentError, NotAllowed
from forefend.locale import Language
from forefend.web.accounts.permissions import may, require
from forefend.web.accounts.roles import COORDINATE, READ_RESULTS
from forefend.web.assessment import actions
from forefend.web.assessment.editions import catalog_of
from forefend.web.assessment.forms import CarryForm, DatesForm
from forefend.web.assessment.models import Assignment, Carrying
from forefend.web.assessment.reading import NOT_HERE, round_for
from forefend.web.design.page import page_of, show
from forefend.web.project.errors import said_by


def dates(request: HttpRequest, lang: Language, identifier: int) -> HttpResponse:
    """Move the dates of a round."""
    require(request.user, COORDINATE)
    asked = round_for(request.user, identifier)
    form = DatesForm(request.POST or None, lang=lang, initial={"opens_on": asked.opens_on, "due_on": asked.due_on})
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_dates(round=asked, by=request.user, **form.cleaned_data)
        except AssessmentError as refusal:
            form.add_error(None, said_by(refusal, lang))
        else:
            return HttpResponseRedirect(reverse("round-institutions", args=[lang, asked.pk]))
    context = {"round": asked, "form": form, "is_open": asked.stage not in REVIEWED}
    return show(request, "assessment/rounds/dates.html", context, status=_status(request, form))


def carry(request: HttpRequest, lang: Language, identifier: int) -> HttpResponse:
    """Open the round that follows this one, in the catalog as it is today."""
    require(request.user, COORDINATE)
    asked, bench = round_for(request.user, identifier), page_of(request).bench
    start = {
        "title": lang.gettext("Assessment %(year)s", year=str(bench.today.year)),
        "due_on": (bench.today + timedelta(days=30)).isoformat(),
        "marking": asked.marking,
    }
    form = CarryForm(request.POST or None, lang=lang, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.carry_round(source=asked, catalog=bench.catalog, opens_on=bench.today, by=request.user, **form.cleaned_data)
        except AssessmentError as refusal:
            form.add_error(None, said_by(refusal, lang))
        else:
            return HttpResponseRedirect(reverse("round-fresh", args=[lang, made.pk]))
    context = {"round": asked, "form": form, "can_carry": asked.stage in SETTLED}
    return show(request, "assessment/rounds/carry.html", context, status=_status(request, form))


def fresh(request: HttpRequest, lang: Language, identifier: int) -> HttpResponse:
    """What needs a fresh look since the earlier round: to respondents, of the questions put to their institution."""
    asked = round_for(request.user, identifier)
    carrying = Carrying.objects.filter(round=asked).select_related("source").first()
    if carrying is None:
        raise NotAllowed(NOT_HERE)
    looks = carrying.looks
    if not (may(request.user, READ_RESULTS) or may(request.user, COORDINATE)):
        own = Assignment.objects.filter(contribution__round=asked, contribution__institution=request.user.institution_id)
        wanted = set(own.values_list("question", flat=True))
        looks = [look for look in looks if look["question"] in wanted]
    now, before = catalog_of(asked), catalog_of(carrying.source)
    groups = [
        (title, [_told(look, now.questions.get(look["question"]) or before.questions[look["question"]]) for look in found])
        for reason, title in REASONS.items()
        if (found := [look for look in looks if look["reason"] == reason])
    ]
    context = {"round": asked, "source": carrying.source, "groups": groups, "n_looks": len(looks)}
    return show(request, "assessment/rounds/fresh.html", context)


def _told(look: dict[str, object], question: object) -> dict[str, object]:
    return {"question": question, "before": [one for one in look["before"] if one != look["question"]], "is_gone": look["reason"] == "gone"}


def _status(request: HttpRequest, form: DatesForm | CarryForm) -> int:
    return 409 if form.non_field_errors() else 422 if form.errors else 200
