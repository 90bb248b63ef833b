"""What people judge of one option: the form, what stands, and every judgement before it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from forefend.errors import AssessmentError, NotAllowed
from forefend.locale import N_, Language
from forefend.options.judgements import Judgement
from forefend.web.accounts.permissions import require
from forefend.web.accounts.roles import COORDINATE, READ_RESULTS
from forefend.web.assessment import actions
from forefend.web.assessment.actions.judging import SETTLED
from forefend.web.assessment.editions import catalog_of
from forefend.web.assessment.forms import JudgementForm
from forefend.web.assessment.reading import NOT_HERE, round_for
from forefend.web.design.page import page_of, show
from forefend.web.project.errors import said_by


def page(request: HttpRequest, lang: Language, identifier: int, option: str) -> HttpResponse:
    """Show the judgements of an option; who coordinates adds one."""
    require(request.user, READ_RESULTS, COORDINATE)
    asked = round_for(request.user, identifier)
    catalog = catalog_of(asked)
    entry = catalog.options.get(option)
    if entry is None:
        raise NotAllowed(NOT_HERE)
    levers = {name: catalog.leverage_types[name].title for name in entry.leverage_types}
    given = list(asked.judged.filter(option=option).select_related("by").order_by("-pk"))
    may_judge = COORDINATE in page_of(request).may and asked.stage not in SETTLED
    form = None
    if may_judge:
        form = JudgementForm(request.POST or None, lang=lang, levers=levers, initial=_start(given[0].content if given else {}))
        if request.method == "POST" and form.is_valid():
            try:
                actions.judge(round=asked, judgement=Judgement(option=option, **form.judged()), by=request.user)
            except AssessmentError as refusal:
                form.add_error(None, said_by(refusal, lang))
            else:
                return HttpResponseRedirect(reverse("round-judge", args=[lang, asked.pk, option]))
    elif request.method == "POST":
        require(request.user, COORDINATE)
        raise AssessmentError(N_("The round is put away. Judge the option in a newer one."))
    rows = [(said, _shown(said.content, lang, levers)) for said in given]
    context = {"round": asked, "option": entry, "form": form, "given": rows, "marking": asked.marking}
    status = 200 if form is None or not form.errors else 409 if form.non_field_errors() else 422
    return show(request, "assessment/rounds/judge.html", context, status=status)


def _start(content: dict[str, Any]) -> dict[str, Any]:
    """Return what the form begins with: the judgement that stands."""
    levers = {f"lever_{name}": value for name, value in content.get("levers", {}).items()}
    is_lawful = {None: "", True: "yes", False: "no"}[content.get("is_lawful")]
    return content | levers | {"is_lawful": is_lawful}


def _shown(content: dict[str, Any], lang: Language, levers: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return what a judgement says, field by field, in the words of the form; what was left empty is left out."""
    found = []
    for name, field in JudgementForm(lang=lang, levers=levers).fields.items():
        value = _start(content).get(name)
        if value in (None, "", False):
            continue
        words = dict(getattr(field, "choices", ()))
        said = (
            lang.gettext("yes") if value is True else words.get(str(value)) or (lang.number(value, 2) if _is_number(value) else str(value))
        )
        found.append((str(field.label), said))
    return found


def _is_number(value: object) -> bool:
    return isinstance(value, int | float)
