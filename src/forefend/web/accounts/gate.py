"""The gate: who is let in to which address.

Until the first administrator exists, an installation that only this machine can reach shows its public data to whoever sits
at it, as there is nothing else to show. From then on, and from the start where others can reach it, everybody signs in.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from forefend.web.accounts.models import Person
from forefend.web.project.hosts import is_on_this_machine_alone
from forefend.web.project.offered import without_language
from forefend.web.project.workbench import workbench

Answer = Callable[[HttpRequest], HttpResponse]
OPEN_FOR_ALL = ("account/", "public/", "welcome/", "static/")  # after the language, where there is one
NEEDS_A_PERSON = ("rounds/", "evidence/", "people/", "audit/", "inbox/", "me/")
SECOND_FACTOR = ("account/2fa/", "account/logout/", "account/reauthenticate/", "account/password/")


class Gate:
    """Middleware that asks strangers to sign in, and people without a second factor to set one up."""

    _somebody_exists = False

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let the request pass, or send the reader where to sign in."""
        path = without_language(request.path)
        if is_let_in(request, path):
            return self.get_response(request)
        if request.user.is_authenticated:
            return HttpResponseRedirect(reverse("mfa_index"))
        query = urlencode({"next": request.get_full_path()}) if request.method in ("GET", "HEAD") else ""
        return HttpResponseRedirect(reverse("account_login") + (f"?{query}" if query else ""))


def is_let_in(request: HttpRequest, path: str) -> bool:
    """Tell whether a request may pass the gate."""
    if request.user.is_authenticated:
        return has_what_is_required(request) or path.startswith((*SECOND_FACTOR, "static/"))
    if path.startswith(OPEN_FOR_ALL) or request.path == "/":  # the bare address only leads on to the home page of a language
        return True
    return is_open_house() and not path.startswith(NEEDS_A_PERSON)


def has_what_is_required(request: HttpRequest) -> bool:
    """Tell whether a signed-in person has the second factor that this installation requires."""
    if workbench().settings.second_factor != "required" or request.session.get("has_second_factor"):
        return True
    from allauth.mfa.utils import is_mfa_enabled

    if is_mfa_enabled(request.user):
        request.session["has_second_factor"] = True
        return True
    return request.session.get("came_by_single_sign_on") == request.user.pk


def is_open_house() -> bool:
    """Tell whether nobody has an account yet and only this machine can reach the workbench."""
    if not is_on_this_machine_alone(workbench().settings):
        return False
    if not Gate._somebody_exists:
        Gate._somebody_exists = Person.objects.exists()
    return not Gate._somebody_exists
