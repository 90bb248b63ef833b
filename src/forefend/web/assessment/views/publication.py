"""What of adopted rounds everybody may read: choosing it item by item, and the pages strangers see."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from forefend.errors import AssessmentError
from forefend.locale import Language
from forefend.web.accounts.permissions import require
from forefend.web.accounts.roles import PUBLISH
from forefend.web.assessment import actions
from forefend.web.assessment.actions.publishing import items_of
from forefend.web.assessment.editions import catalog_of
from forefend.web.assessment.models import PublicItem, Round
from forefend.web.assessment.reading import round_for
from forefend.web.design.page import show
from forefend.web.project.errors import said_by


def choose(request: HttpRequest, lang: Language, identifier: int) -> HttpResponse:
    """Choose what of an adopted round is public; one button for each item, none for all."""
    require(request.user, PUBLISH)
    asked = round_for(request.user, identifier)
    refused = ""
    if request.method == "POST":
        kind, _, key = request.POST.get("item", "").partition(":")
        try:
            if request.POST.get("do") == "withdraw":
                actions.withdraw(round=asked, kind=kind, key=key, by=request.user)
            else:
                actions.publish(round=asked, kind=kind, key=key, by=request.user)
        except AssessmentError as refusal:
            refused = said_by(refusal, lang)
        else:
            return HttpResponseRedirect(reverse("round-public", args=[lang, asked.pk]))
    public = {(item.kind, item.key) for item in asked.public_items.all()}
    groups = [(kind, [(key, _title(asked, kind, key), (kind, key) in public) for key in keys]) for kind, keys in items_of(asked).items()]
    context = {"round": asked, "groups": groups, "refused": refused, "tab": "public", "n_public": len(public)}
    return show(request, "assessment/rounds/public.html", context, status=409 if refused else 200)


def index(request: HttpRequest, lang: Language) -> HttpResponse:
    """The adopted rounds of which something is public."""
    rounds = Round.objects.filter(public_items__isnull=False).distinct().order_by("-made_at")
    return show(request, "assessment/public/index.html", {"rounds": rounds})


def page(request: HttpRequest, lang: Language, identifier: int) -> HttpResponse:
    """The public items of one round, from the result that was adopted."""
    asked = Round.objects.filter(pk=identifier, public_items__isnull=False, is_practice=False).select_related("adoption").distinct().first()
    if asked is None:
        raise Http404(lang.gettext("Nothing of this round is public."))
    return show(request, "assessment/public/page.html", _public(asked, lang))


def _public(asked: Round, lang: Language) -> dict[str, Any]:
    kept = asked.adoption.result
    items = list(PublicItem.objects.filter(round=asked))
    catalog = catalog_of(asked)
    chosen = {kind: [item.key for item in items if item.kind == kind] for kind in ("sphere", "action", "blocking", "strength")}
    return {
        "round": asked,
        "adoption": asked.adoption,
        "actions": [(catalog.actions[a], kept["actions"][a]) for a in catalog.actions if a in chosen["action"]],
        "spheres": [(catalog.spheres[s], kept["spheres"][s]) for s in catalog.spheres if s in chosen["sphere"]],
        "blocking": [catalog.questions[q] for q in chosen["blocking"]],
        "strengths": [catalog.questions[q] for q in chosen["strength"]],
    }


def _title(asked: Round, kind: str, key: str) -> str:
    catalog = catalog_of(asked)
    if kind == "sphere":
        return catalog.spheres[key].title
    return catalog.actions[key].title if kind == "action" else catalog.questions[key].text
