"""The own page: duties, settings, second factors, sessions; and the first steps of an installation."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404

from forefend.errors import AccountError
from forefend.locale import Language
from forefend.web.accounts import actions, beginning, queries
from forefend.web.accounts.forms import OwnForm
from forefend.web.accounts.models import Person
from forefend.web.accounts.permissions import may
from forefend.web.accounts.roles import READ_AUDIT
from forefend.web.accounts.views.asking import let_in, only, reader_of, sent
from forefend.web.design.page import page_of, show

DONE = ("saved", "session")


@only("GET", "HEAD", "POST")
def me(request: HttpRequest, lang: Language) -> HttpResponse:
    """Show the own page; a POST changes the own settings."""
    reader = reader_of(request)
    form = OwnForm(lang, sent(request), initial=_initial(reader))
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_own_settings(**form.cleaned_data, by=reader)
        except AccountError as refusal:
            form.refuse(refusal)
        else:
            return HttpResponseRedirect(f"/{reader.language}/me/?done=saved")
    return show(request, "accounts/me.html", {"form": form} | _about(request, reader), status=422 if form.errors else 200)


def _about(request: HttpRequest, reader: Person) -> dict[str, object]:
    return {
        "duties": queries.duties_of(reader),
        "factors": queries.factors_of(reader),
        "sessions": queries.sessions_of(reader, current=request.session.session_key or ""),
        "done": request.GET.get("done", ""),
        "may_see_people": queries.may_see_people(reader),
        "may_change_institutions": queries.may_change_institutions(reader),
        "may_read_audit": may(reader, READ_AUDIT),
        "may_begin": beginning.is_for(reader),
    }


def _initial(reader: Person) -> dict[str, object]:
    return {"name": reader.name, "language": reader.language, "wants_digest": reader.wants_digest}


@only("POST")
def end_session(request: HttpRequest, lang: Language, pk: int) -> HttpResponse:
    """End one of the own sessions."""
    reader = reader_of(request)
    actions.end_session(session=get_object_or_404(UserSession, pk=pk, user=reader), by=reader)
    return HttpResponseRedirect(page_of(request).link("me", done="session") + "#sessions")


@only("GET", "HEAD")
def first_steps(request: HttpRequest, lang: Language) -> HttpResponse:
    """Show what is left to do until there is a first picture."""
    let_in(beginning.is_for(reader_of(request)))
    return show(request, "accounts/first_steps.html", beginning.steps(page_of(request)))
