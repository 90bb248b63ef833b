"""What people change of themselves: language, digest, sessions."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction

from forefend.errors import AccountError, NotAllowed
from forefend.locale import N_
from forefend.web.accounts.actions.rules import MARKING, allow_language
from forefend.web.accounts.models import Person
from forefend.web.audit.actions import record

NO_NAME = N_("Enter your name.")


@transaction.atomic
def change_own_settings(*, name: str, language: str, wants_digest: bool, by: Person) -> Person:
    """Change how somebody is named, in which language the workbench speaks to them, and whether it writes in one letter a day."""
    if not name.strip():
        raise AccountError(NO_NAME)
    allow_language(language)
    locked = Person.objects.select_for_update().get(pk=by.pk)
    before = _settings(locked)
    locked.name, locked.language, locked.wants_digest = name.strip()[:120], language, wants_digest
    after = _settings(locked)
    if after != before:
        locked.save(update_fields=["name", "language", "wants_digest"])
        record(
            "person.settings_changed", subject=locked.key, by=by, before=before, after=after, marking=MARKING,
            moves=None if after["name"] != before["name"] else (),  # results say who reconciled
        )  # fmt: skip
    by.name, by.language, by.wants_digest = locked.name, locked.language, locked.wants_digest
    return locked


@transaction.atomic
def end_session(*, session: UserSession, by: Person) -> None:
    """End one of the own sessions: whoever sits at it is signed out."""
    if session.user_id != by.pk:
        raise NotAllowed("This session is not yours.")
    session.end()
    record("session.ended", subject=by.key, by=by, before={"began": session.created_at}, marking=MARKING)


def end_all_sessions(person: Person) -> None:
    """End every session of a person; called within an action."""
    for session in UserSession.objects.filter(user=person):
        session.end()


def forget_second_factors(person: Person) -> None:
    """Take the second factors and recovery codes from a person; called within an action."""
    Authenticator.objects.filter(user=person).delete()


def _settings(person: Person) -> dict[str, object]:
    return {"name": person.name, "language": person.language, "wants_digest": person.wants_digest}
