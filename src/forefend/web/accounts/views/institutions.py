"""Institutions: those that answer, from the catalog's bodies or beside them."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404

from forefend.errors import AccountError
from forefend.locale import Language
from forefend.web.accounts import actions, queries
from forefend.web.accounts.forms import ChangeInstitutionForm, InstitutionForm
from forefend.web.accounts.models import KINDS, Institution, Person
from forefend.web.accounts.views.asking import let_in, only, reader_of, sent
from forefend.web.accounts.views.people import has_mail, private
from forefend.web.design.page import Page, page_of, show

RESPONDENT = "respondent"


@only("GET", "HEAD", "POST")
def every(request: HttpRequest, lang: Language) -> HttpResponse:
    """Show the institutions; a POST adds one."""
    reader = reader_of(request)
    may_change = queries.may_change_institutions(reader)
    let_in(may_change or queries.may_see_people(reader))
    page = page_of(request)
    form = InstitutionForm(lang, sent(request), bodies=_bodies(page), kinds=_kinds(lang))
    link = ""
    if request.method == "POST":
        let_in(may_change)
        if form.is_valid():
            try:
                path = _add(dict(form.cleaned_data), by=reader)
            except AccountError as refusal:
                form.refuse(refusal, field="email" if form.cleaned_data["email"] else "title")
            else:
                if not path or has_mail():
                    return HttpResponseRedirect(page.link("institutions", done="added"))
                link = request.build_absolute_uri(path)
                form = InstitutionForm(lang, bodies=_bodies(page), kinds=_kinds(lang))
    shown = {
        "form": form,
        "institutions": [(one, kind_title(one.kind, lang)) for one in queries.institutions().filter(is_practice=False)],
        "may_change": may_change,
        "n_questions": _questions_by_body(page),
        "done": "added" if link else request.GET.get("done", ""),
        "link": link,
    }
    return private(show(request, "accounts/institutions.html", shown, status=422 if form.errors else 200))


@transaction.atomic
def _add(given: dict[str, Any], *, by: Person) -> str:
    """Add an institution, and invite who answers for it where an address was given; returns the path of that invitation."""
    email, language = given.pop("email"), given.pop("language")
    made = actions.add_institution(**given, by=by)
    if not email:
        return ""
    return actions.invite(email=email, roles=[RESPONDENT], institution=made, language=language, by=by)[1]


@only("GET", "HEAD", "POST")
def one(request: HttpRequest, lang: Language, key: str) -> HttpResponse:
    """Show one institution and the people of it; a POST changes what is said of it."""
    reader = reader_of(request)
    may_change = queries.may_change_institutions(reader)
    let_in(may_change or queries.may_see_people(reader))
    found = get_object_or_404(Institution, key=key)
    initial = {"title": found.title, "kind": found.kind, "is_protected": found.is_protected}
    form = ChangeInstitutionForm(lang, sent(request), kinds=_kinds(lang), initial=initial)
    if request.method == "POST":
        let_in(may_change)
        if form.is_valid():
            try:
                actions.change_institution(institution=found, **form.cleaned_data, by=reader)
            except AccountError as refusal:
                form.refuse(refusal, field="reason")
            else:
                return HttpResponseRedirect(page_of(request).link("institution", key, done="saved"))
    shown = {
        "institution": found,
        "kind": kind_title(found.kind, lang),
        "people": queries.people().filter(institution=found),
        "form": form,
        "may_change": may_change,
        "may_see_people": queries.may_see_people(reader),
        "done": request.GET.get("done", ""),
    }
    return show(request, "accounts/institution.html", shown, status=422 if form.errors else 200)


def kind_title(kind: str, lang: Language) -> str:
    """Name a type of respondent."""
    return {
        "government": lang.gettext("Government"),
        "independent_bodies": lang.gettext("Independent body"),
        "civil_society": lang.gettext("Civil society"),
        "external": lang.gettext("Outside the state"),
    }[kind]


def _kinds(lang: Language) -> list[tuple[str, str]]:
    return [(kind, kind_title(kind, lang)) for kind in KINDS]


def _bodies(page: Page) -> list[tuple[str, str]]:
    """Return the bodies of the catalog that are no institution yet, those usually asked most first."""
    taken = set(Institution.objects.filter(is_practice=False).values_list("body", flat=True))
    asked = _questions_by_body(page)
    left = [body for key, body in page.bench.catalog.bodies.items() if key not in taken]
    return [(body.id, page.lang.gettext(body.title)) for body in sorted(left, key=lambda body: (-asked.get(body.id, 0), body.id))]


def _questions_by_body(page: Page) -> dict[str, int]:
    """Count the questions each body usually answers."""
    found: dict[str, int] = {}
    for question in page.bench.catalog.questions.values():
        for body in question.usual_respondents:
            found[body] = found.get(body, 0) + 1
    return found
