"""What pages and commands read of people, duties, institutions and invitations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone

from forefend.web.accounts.links import usable
from forefend.web.accounts.models import Duty, Institution, Invitation, Person
from forefend.web.accounts.permissions import gives, may
from forefend.web.accounts.roles import COORDINATE, INVITE, MANAGE_PEOPLE, ROLES, Role
from forefend.web.project.sought import words_of


@dataclass(frozen=True, kw_only=True)
class HeldDuty:
    """A duty with the role it is, as a page says it."""

    duty: Duty
    role: Role
    may_end: bool = False


def duties_of(person: Person, *, reader: Person | None = None) -> list[HeldDuty]:
    """Return the duties somebody holds today, and which of them the reader may end."""
    given = gives(reader) if reader else ()
    held = Duty.objects.filter(person=person, until__isnull=True)
    return [HeldDuty(duty=duty, role=ROLES[duty.role], may_end=duty.role in given) for duty in held]


def ended_duties_of(person: Person) -> list[HeldDuty]:
    """Return the duties somebody once held, and to whom they went."""
    ended = Duty.objects.filter(person=person, until__isnull=False).select_related("handed_to__person").order_by("-until")
    return [HeldDuty(duty=duty, role=ROLES[duty.role]) for duty in ended]


def people(text: str = "") -> QuerySet[Person]:
    """Return everybody with an account whose name, address or institution has all the words, with the duties held today in ``held``."""
    held = Prefetch("duties", Duty.objects.filter(until__isnull=True), to_attr="held")
    found = Person.objects.select_related("institution").prefetch_related(held).order_by("-is_active", "name", "pk")
    for word in words_of(text):
        found = found.filter(Q(name__icontains=word) | Q(email__icontains=word) | Q(institution__title__icontains=word))
    return found


def open_invitations() -> QuerySet[Invitation]:
    """Return the invitations that can still be used, without the link of the first start."""
    return usable().filter(is_first=False).select_related("institution", "invited_by")


def ended_invitations(*, at_most: int = 20) -> list[Invitation]:
    """Return invitations that expired unused, the newest first."""
    found = Invitation.objects.filter(used_at__isnull=True, withdrawn_at__isnull=True, expires_at__lte=timezone.now(), is_first=False)
    return list(found.select_related("institution")[:at_most])


def institutions() -> QuerySet[Institution]:
    """Return the institutions with the number of people who belong to each."""
    return Institution.objects.annotate(n_people=Count("people", filter=Q(people__is_active=True)))


def may_see_people(reader: Person) -> bool:
    """Tell whether the pages of people are open to the reader."""
    return may(reader, INVITE) or may(reader, MANAGE_PEOPLE)


def may_change_institutions(reader: Person) -> bool:
    """Tell whether the reader may add and change institutions."""
    return may(reader, COORDINATE) or may(reader, MANAGE_PEOPLE)


def may_hand_over(reader: Person, person: Person) -> bool:
    """Tell whether the reader may hand over the duties of a person."""
    if may(reader, MANAGE_PEOPLE):
        return True
    roles = {held.duty.role for held in duties_of(person)}
    return may(reader, INVITE) and (reader.pk == person.pk or roles <= set(gives(reader)))


def heirs_of(person: Person) -> QuerySet[Person]:
    """Return who could take over from somebody."""
    return Person.objects.filter(is_active=True, is_practice=person.is_practice).exclude(pk=person.pk)


def sessions_of(person: Person, *, current: str) -> list[dict[str, Any]]:
    """Return the sessions somebody is signed in with; those that ended by themselves are forgotten."""
    found = sorted(UserSession.objects.purge_and_list(person), key=lambda session: session.created_at, reverse=True)
    return [{"session": session, "is_current": session.session_key == current} for session in found]


@dataclass(frozen=True, kw_only=True)
class Factors:
    """The second factors of a person."""

    has_app: bool
    n_keys: int
    n_codes: int
    added_at: datetime | None


def factors_of(person: Person) -> Factors:
    """Return which second factors a person has."""
    found = list(Authenticator.objects.filter(user=person))
    app = next((a for a in found if a.type == Authenticator.Type.TOTP), None)
    codes = next((a for a in found if a.type == Authenticator.Type.RECOVERY_CODES), None)
    return Factors(
        has_app=app is not None,
        n_keys=sum(a.type == Authenticator.Type.WEBAUTHN for a in found),
        n_codes=len(codes.wrap().get_unused_codes()) if codes else 0,
        added_at=app.created_at if app else None,
    )
