"""One-time links: the guided start of an installation, and the acceptance of an invitation."""

from __future__ import annotations

from allauth.account.internal.flows.login import record_authentication
from allauth.account.signals import user_logged_in
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from forefend.errors import AccountError
from forefend.locale import Language
from forefend.places import place_name, states
from forefend.web.accounts import actions
from forefend.web.accounts.forms import AcceptForm, FirstForm
from forefend.web.accounts.links import invitation_of
from forefend.web.accounts.models import Invitation, Person
from forefend.web.accounts.roles import ROLES
from forefend.web.accounts.views.asking import only, sent
from forefend.web.accounts.views.people import private
from forefend.web.design.page import page_of, show
from forefend.web.project.errors import said_by

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
SAID_AS_NOT_FOUND = 404


@only("GET", "HEAD", "POST")
def welcome(request: HttpRequest, lang: Language, token: str) -> HttpResponse:
    """Show the form a link stands for; a POST makes the account and signs the person in."""
    try:
        invitation = invitation_of(token)
        return private(_first(request, lang, invitation) if invitation.is_first else _accept(request, lang, invitation))
    except AccountError as refusal:
        said = said_by(refusal, lang)
        return private(show(request, "accounts/no_invitation.html", {"sentence": said}, status=SAID_AS_NOT_FOUND))


def _first(request: HttpRequest, lang: Language, invitation: Invitation) -> HttpResponse:
    state = page_of(request).bench.our_state
    initial = {
        "language": lang.code,
        "state": place_name(state, lang.code) if state else "",
        "organisation": page_of(request).bench.organisation,
        "is_focal_point": True,
    }
    form = FirstForm(lang, sent(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        person = actions.set_up_installation(**form.cleaned_data, by=invitation)
        return _sign_in(request, person)
    shown = {"form": form, "states": sorted(place_name(iso3, lang.code) for iso3 in states()), "until": invitation.expires_at}
    return show(request, "accounts/set_up.html", shown, status=422 if form.errors else 200)


def _accept(request: HttpRequest, lang: Language, invitation: Invitation) -> HttpResponse:
    person = Person.objects.filter(email=invitation.email).first() if not invitation.roles else None
    initial = {"name": invitation.name, "language": person.language if person else lang.code}
    given = request.POST.copy() if request.method == "POST" else None
    if given is not None:
        given["email"] = invitation.email  # only compared with the password
    form = AcceptForm(lang, given, has_account=person is not None, initial=initial)
    if given is not None and form.is_valid():
        name = form.cleaned_data.get("name", invitation.name)
        made = actions.accept_invitation(
            name=name, password=form.cleaned_data["password"], language=form.cleaned_data["language"], by=invitation
        )
        return _sign_in(request, made)
    shown = {"form": form, "invitation": invitation, "roles": [ROLES[role] for role in invitation.roles], "has_account": person is not None}
    return show(request, "accounts/accept.html", shown, status=422 if form.errors else 200)


def _sign_in(request: HttpRequest, person: Person) -> HttpResponse:
    """Sign in who has just set a password, as if by it; lead to the second factor where one is required."""
    if not person.is_active:
        return HttpResponseRedirect(reverse("account_inactive"))
    if request.user.is_authenticated:
        logout(request)
    record_authentication(request, person, method="password", reauthenticated=True, email=person.email)
    login(request, person, backend=BACKEND)
    user_logged_in.send(sender=Person, request=request, response=None, user=person)  # allauth's own, for the list of sessions
    if page_of(request).bench.settings.second_factor == "required":
        return HttpResponseRedirect(reverse("mfa_activate_totp") + f"?lang={person.language}")
    return HttpResponseRedirect(f"/{person.language}/me/first-steps/" if _begins(person) else f"/{person.language}/me/")


def _begins(person: Person) -> bool:
    from forefend.web.accounts.beginning import is_for

    return is_for(person)
