"""The state profile of a round: conditions under which questions apply, proposed, set and confirmed by two people."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from forefend.assess.transitions import REVIEWED
from forefend.errors import AssessmentError
from forefend.locale import N_, Language
from forefend.web.accounts.permissions import may, require
from forefend.web.accounts.roles import ADOPT, COORDINATE, READ_RESULTS
from forefend.web.assessment import actions
from forefend.web.assessment.actions.conditions import is_outside
from forefend.web.assessment.editions import catalog_of
from forefend.web.assessment.models import Condition
from forefend.web.assessment.proposing import proposals
from forefend.web.assessment.reading import round_for
from forefend.web.design.page import page_of, show
from forefend.web.project.errors import said_by


def index(request: HttpRequest, lang: Language, identifier: int) -> HttpResponse:
    """Every condition that questions of the round depend on."""
    asked = round_for(request.user, identifier)
    if not (may(request.user, COORDINATE) or may(request.user, READ_RESULTS) or is_outside(request.user)):
        require(request.user)
    refused = ""
    if request.method == "POST":
        try:
            _act(request, asked)
        except AssessmentError as refusal:
            refused = said_by(refusal, lang)
        else:
            return HttpResponseRedirect(reverse("round-conditions", args=[lang, asked.pk]))
    catalog = catalog_of(asked)
    said = {condition.name: condition for condition in asked.conditions.select_related("confirmed_by_lead", "confirmed_outside")}
    proposed = proposals(page_of(request).bench, asked.state)
    scope = [q for action in asked.actions for q in catalog.actions[action].questions]
    rows = [
        {
            "condition": entry,
            "questions": [q for q in scope if name in catalog.questions[q].applies_if],
            "said": said.get(name),
            "seen_at": said[name].set_at.isoformat() if name in said else "",
            "proposed": proposed.get(name),
        }
        for name, entry in catalog.conditions.items()
    ]
    context = {
        "round": asked, "rows": [row for row in rows if row["questions"]], "refused": refused, "tab": "conditions",
        "may_set": may(request.user, COORDINATE) and asked.stage not in REVIEWED,
        "may_confirm": (may(request.user, ADOPT) or is_outside(request.user)) and asked.stage not in REVIEWED,
    }  # fmt: skip
    return show(request, "assessment/rounds/conditions.html", context, status=409 if refused else 200)


def _act(request: HttpRequest, asked: object) -> None:
    given = request.POST
    if given.get("do") == "confirm":
        found = Condition.objects.filter(round=asked, name=given.get("name", "")).first()
        if found is None:
            raise AssessmentError(N_("Nothing is said of this condition yet. Set it first."))
        actions.confirm_condition(condition=found, by=request.user, seen_at=given.get("seen_at", ""))
        return
    if given.get("holds") not in ("yes", "no"):
        raise AssessmentError(N_("Choose whether the condition holds."))
    proposal = proposals(page_of(request).bench, asked.state).get(given.get("name", ""))
    actions.set_condition(
        round=asked, name=given.get("name", ""), holds=given["holds"] == "yes", reason=given.get("reason", ""),
        source=given.get("source", ""), by=request.user,
        proposed_by_data=proposal is not None and proposal.holds == (given["holds"] == "yes"),
    )  # fmt: skip
