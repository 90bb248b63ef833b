"""People: who is here with which duties, invitations, one person, and the hand-over."""

from __future__ import annotations

from collections.abc import Callable

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404

from forefend.errors import AccountError
from forefend.locale import Language
from forefend.web.accounts import actions, queries
from forefend.web.accounts.forms import DutyForm, HandOverForm, InviteForm, MoveForm, PageForm, roles_to_give
from forefend.web.accounts.models import Duty, Institution, Invitation, Person
from forefend.web.accounts.permissions import may
from forefend.web.accounts.roles import MANAGE_PEOPLE, ROLES
from forefend.web.accounts.views.asking import let_in, only, person_of, reader_of, sent
from forefend.web.design.page import page_of, show
from forefend.web.project.workbench import workbench

PER_PAGE = 50
TEXT_AT_MOST = 100


@only("GET", "HEAD", "POST")
def everybody(request: HttpRequest, lang: Language) -> HttpResponse:
    """Show people and invitations; a POST invites somebody. The link is shown once, on the answer to the form."""
    reader = reader_of(request)
    let_in(queries.may_see_people(reader))
    form = InviteForm(lang, sent(request), reader=reader, initial={"language": lang.code})
    made, link = None, ""
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        institution = Institution.objects.filter(key=given.pop("institution")).first()
        try:
            made, path = actions.invite(**given, institution=institution, by=reader)
        except AccountError as refusal:
            form.refuse(refusal, field="email")
        else:
            link = "" if has_mail() else request.build_absolute_uri(path)
            form = InviteForm(lang, reader=reader, initial={"language": lang.code})
    text = request.GET.get("q", "")[:TEXT_AT_MOST]
    found = Paginator(queries.people(text), PER_PAGE).get_page(request.GET.get("page", "1"))
    shown = {
        "form": form,
        "found": found,
        "text": text,
        "made": made,
        "link": link,
        "has_mail": has_mail(),
        "people": [(one, [ROLES[duty.role] for duty in one.held]) for one in found],  # type: ignore[attr-defined]
        "invitations": [(one, [ROLES[role] for role in one.roles]) for one in queries.open_invitations()],
        "ended": queries.ended_invitations(),
        "done": request.GET.get("done", ""),
        "may_change_institutions": queries.may_change_institutions(reader),
    }
    return private(show(request, "accounts/people.html", shown, status=422 if form.errors else 200))


@only("POST")
def withdraw(request: HttpRequest, lang: Language, pk: int) -> HttpResponse:
    """Withdraw an invitation."""
    reader = reader_of(request)
    let_in(queries.may_see_people(reader))
    actions.withdraw_invitation(invitation=get_object_or_404(Invitation, pk=pk, is_first=False), by=reader)
    return HttpResponseRedirect(page_of(request).link("people", done="withdrawn"))


@only("GET", "HEAD", "POST")
def one(request: HttpRequest, lang: Language, pk: int) -> HttpResponse:
    """Show one person; a POST does what its button says."""
    reader = reader_of(request)
    let_in(queries.may_see_people(reader))
    person = person_of(pk)
    held = {duty.duty.role for duty in queries.duties_of(person)}
    left = [option for option in roles_to_give(reader, lang) if option[0] not in held]
    asked = request.POST.get("do", "")
    duty = DutyForm(lang, request.POST if asked == "give" else None, left=left)
    move = MoveForm(lang, request.POST if asked == "move" else None, initial={"institution": _key(person)})
    link = ""
    if request.method == "POST":
        done, link = _do(request, person, reader, asked, forms={"give": duty, "move": move})
        if done and not link:
            return HttpResponseRedirect(page_of(request).link("person", pk, done=done))
        person = person_of(pk)
    shown = {
        "person": person,
        "duties": queries.duties_of(person, reader=reader),
        "ended": queries.ended_duties_of(person),
        "duty": duty,
        "move": move,
        "left": left,
        "link": link,
        "is_reader": reader.pk == person.pk,
        "manages": may(reader, MANAGE_PEOPLE),
        "may_hand_over": queries.may_hand_over(reader, person),
        "done": request.GET.get("done", ""),
        "has_mail": has_mail(),
    }
    return private(show(request, "accounts/person.html", shown, status=422 if duty.errors or move.errors else 200))


def _do(request: HttpRequest, person: Person, reader: Person, asked: str, *, forms: dict[str, PageForm]) -> tuple[str, str]:
    """Do what a button asks; returns what was done, and the link that was made. A refusal stands on the form, or is a page."""
    simple: dict[str, Callable[[], object]] = {
        "end": lambda: actions.end_duty(duty=get_object_or_404(Duty, pk=_number(request.POST.get("duty")), person=person), by=reader),
        "deactivate": lambda: actions.deactivate(person=person, by=reader),
        "reactivate": lambda: actions.reactivate(person=person, by=reader),
    }
    if asked in simple:
        simple[asked]()
        return asked, ""
    if asked == "renew":
        path = actions.renew_sign_in(person=person, by=reader)
        return "renewed", "" if has_mail() else request.build_absolute_uri(path)
    form = forms.get(asked)
    if form is None or not form.is_valid():
        return "", ""
    try:
        if asked == "give":
            actions.give_duty(person=person, role=form.cleaned_data["role"], by=reader)
        else:
            institution = Institution.objects.filter(key=form.cleaned_data["institution"]).first()
            actions.move_person(person=person, institution=institution, by=reader)
    except AccountError as refusal:
        form.refuse(refusal, field="role" if asked == "give" else "institution")
        return "", ""
    return asked, ""


@only("GET", "HEAD", "POST")
def hand_over(request: HttpRequest, lang: Language, pk: int) -> HttpResponse:
    """Hand all duties of a person to another."""
    reader = reader_of(request)
    let_in(queries.may_see_people(reader))
    person = person_of(pk)
    let_in(queries.may_hand_over(reader, person))
    form = HandOverForm(lang, sent(request), heirs=queries.heirs_of(person).exclude(pk=reader.pk))
    if request.method == "POST" and form.is_valid():
        heir = person_of(int(form.cleaned_data["to"]))
        try:
            actions.hand_over(person=person, to=heir, reason=form.cleaned_data["reason"], by=reader)
        except AccountError as refusal:
            form.refuse(refusal, field="to")
        else:
            where = ("person", heir.pk) if queries.may_see_people(_fresh(reader)) else ("me",)
            return HttpResponseRedirect(page_of(request).link(*where, done="handed"))
    shown = {"person": person, "duties": queries.duties_of(person), "form": form}
    return show(request, "accounts/hand_over.html", shown, status=422 if form.errors else 200)


def has_mail() -> bool:
    """Tell whether letters leave by a mail server; else links are shown, to be handed over by other means."""
    return bool(workbench().settings.smtp)


def private(response: HttpResponse) -> HttpResponse:
    """Let no browser keep a page that may hold a one-time link."""
    response["Cache-Control"] = "no-store"
    return response


def _fresh(reader: Person) -> Person:
    return Person.objects.get(pk=reader.pk)


def _key(person: Person) -> str:
    return person.institution.key if person.institution else ""


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 18 else 0
