"""Sign-ins, sign-outs and second factors on record: allauth changes them, and tells here."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import password_changed
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest

from forefend.web.accounts.models import Person
from forefend.web.audit.actions import record

MARKING = "GREEN"
STRANGER = "stranger"


@receiver(user_logged_in, dispatch_uid="forefend-signed-in")
def signed_in(sender: Any, request: HttpRequest, user: Person, **_: Any) -> None:
    """Record who signed in."""
    _record("person.signed_in", user)


@receiver(user_logged_out, dispatch_uid="forefend-signed-out")
def signed_out(sender: Any, request: HttpRequest, user: Person | None, **_: Any) -> None:
    """Record who signed out."""
    if user is not None:
        _record("person.signed_out", user)


@receiver(user_login_failed, dispatch_uid="forefend-refused")
def refused(sender: Any, credentials: dict[str, Any], **_: Any) -> None:
    """Record a failed sign-in to an account there is; addresses that are nobody's would let strangers fill the record."""
    address = str(credentials.get("email") or credentials.get("username") or "").strip().lower()
    person = Person.objects.filter(email=address).first()
    if person is not None:
        with transaction.atomic():
            record("person.sign_in_refused", subject=person.key, by=STRANGER, marking=MARKING)


@receiver(password_changed, dispatch_uid="forefend-password")
def new_password(sender: Any, request: HttpRequest, user: Person, **_: Any) -> None:
    """Record that somebody changed their password."""
    _record("person.password_changed", user)


@receiver(authenticator_added, dispatch_uid="forefend-factor-added")
def factor_added(sender: Any, request: HttpRequest, user: Person, authenticator: Any, **_: Any) -> None:
    """Record a new second factor."""
    _record("second_factor.added", user, kind=str(authenticator.type))


@receiver(authenticator_reset, dispatch_uid="forefend-factor-reset")
def factor_reset(sender: Any, request: HttpRequest, user: Person, authenticator: Any, **_: Any) -> None:
    """Record new recovery codes."""
    _record("second_factor.reset", user, kind=str(authenticator.type))


@receiver(authenticator_removed, dispatch_uid="forefend-factor-removed")
def factor_removed(sender: Any, request: HttpRequest, user: Person, authenticator: Any, **_: Any) -> None:
    """Record a second factor that went; the gate looks anew whether one is left."""
    request.session.pop("has_second_factor", None)
    _record("second_factor.removed", user, kind=str(authenticator.type))


def _record(event: str, person: Person, **after: object) -> None:
    with transaction.atomic():
        record(event, subject=person.key, by=person, after=after or None, marking=MARKING)
