"""How people come: the link of the first start, invitations, and new links for those who lost their way in."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from forefend.errors import AccountError
from forefend.locale import N_
from forefend.locale import language as language_of
from forefend.places import resolve
from forefend.web.accounts.actions.holding import start_duty
from forefend.web.accounts.actions.own import NO_NAME, end_all_sessions, forget_second_factors
from forefend.web.accounts.actions.rules import ADMINISTRATOR, MARKING, By, allow, allow_language, allow_roles
from forefend.web.accounts.links import VALID, new_token, path_of, refuse_unusable, usable
from forefend.web.accounts.models import Instance, Institution, Invitation, Person
from forefend.web.accounts.roles import ANSWER, INVITE, MANAGE_PEOPLE, ROLES
from forefend.web.audit.actions import record
from forefend.web.letters import actions as letters
from forefend.web.letters.addresses import whole

NO_ADDRESS = N_("%(address)s is no address of a person. Give one such as name@ministry.example.")
HAS_ACCOUNT = N_("%(address)s has an account already. Give that person a duty instead.")
IS_INVITED = N_("%(address)s is invited already. Withdraw that invitation first, or wait for it to be used.")
NEEDS_INSTITUTION = N_("Choose the institution this person answers for.")
NAME_AT_MOST, ADDRESS_AT_MOST = 120, 254
NEEDS_ROLE = N_("Choose at least one role.")
IS_SET_UP = N_("This installation is set up already. Sign in, or ask an administrator for an invitation.")


@transaction.atomic
def make_first_link(*, by: By) -> str:
    """Make the link by which the first administrator comes, and end earlier ones; returns its token.

    Raises AccountError once somebody keeps people in order.
    """
    if has_administrator():
        raise AccountError(IS_SET_UP)
    now = timezone.now()
    Invitation.objects.filter(is_first=True, used_at__isnull=True, withdrawn_at__isnull=True).update(withdrawn_at=now)
    token, digest = new_token()
    made = Invitation.objects.create(digest=digest, email="", is_first=True, roles=[ADMINISTRATOR], made_at=now, expires_at=now + VALID)
    record("installation.link_made", subject=f"invitation:{made.pk}", by=by, after={"until": made.expires_at}, marking=MARKING)
    return token


@transaction.atomic
def set_up_installation(  # each is asked on the first page
    *,
    name: str,
    email: str,
    password: str,
    state: str,
    organisation: str,
    language: str,
    is_focal_point: bool,
    by: Invitation,
) -> Person:
    """Make the first administrator from the link of the first start, and keep whose installation it is."""
    link = _locked(by)
    if has_administrator() or not link.is_first:
        raise AccountError(IS_SET_UP)
    iso3 = resolve(state)
    person = _make_person(email=email, name=name, password=password, language=language)
    link.used_at, link.email = timezone.now(), person.email
    link.save(update_fields=["used_at", "email"])
    for role in (ADMINISTRATOR, *(["focal_point"] if is_focal_point else [])):
        start_duty(person, role, by=person)
    before = Instance.objects.filter(pk=1).first()
    Instance.objects.update_or_create(pk=1, defaults={"state": iso3, "organisation": organisation, "set_up_at": timezone.now()})
    record(
        "installation.set_up",
        subject="installation",
        by=person,
        before={"state": before.state, "organisation": before.organisation} if before else None,
        after={"state": iso3, "organisation": organisation, "person": person.key, "is_focal_point": is_focal_point},
        marking=MARKING,
    )
    return person


@transaction.atomic
def invite(
    *,
    email: str,
    name: str = "",
    roles: Sequence[str],
    institution: Institution | None = None,
    language: str = "en",
    by: By,
) -> tuple[Invitation, str]:
    """Invite somebody to roles; returns the invitation and the path of its link, which is kept nowhere else."""
    allow(by, INVITE)
    allow_roles(by, list(roles))
    allow_language(language)
    address = email.strip().lower()
    _refuse_invitation(address, roles, institution)
    now = timezone.now()
    token, digest = new_token()
    made = Invitation.objects.create(
        digest=digest,
        email=address,
        name=name.strip()[:NAME_AT_MOST],
        language=language,
        roles=list(roles),
        institution=institution,
        invited_by=by if isinstance(by, Person) else None,
        made_at=now,
        expires_at=now + VALID,
    )
    record(
        "person.invited",
        subject=f"invitation:{made.pk}",
        by=by,
        after={"address": address, "roles": list(roles), "institution": institution.key if institution else "", "until": made.expires_at},
        marking=MARKING,
    )
    path = path_of(token, language=language)
    _write_invitation(made, path, by=by)
    return made, path


@transaction.atomic
def withdraw_invitation(*, invitation: Invitation, by: By) -> None:
    """End an invitation that was not used; whoever may give its roles may take it back."""
    allow(by, INVITE)
    locked = _locked(invitation)
    if not locked.roles:  # a new link for somebody who lost theirs, which only who keeps people in order makes
        allow(by, MANAGE_PEOPLE)
    allow_roles(by, locked.roles)
    locked.withdrawn_at = timezone.now()
    locked.save(update_fields=["withdrawn_at"])
    record("invitation.withdrawn", subject=f"invitation:{locked.pk}", by=by, after={"address": locked.email}, marking=MARKING)


@transaction.atomic
def accept_invitation(*, name: str, password: str, language: str, by: Invitation) -> Person:
    """Make an account from an invitation, or give a new password to the person a renewed link is for."""
    link = _locked(by)
    if link.is_first:
        raise AccountError(IS_SET_UP)
    person = Person.objects.select_for_update().filter(email=link.email).first()
    if person is not None and link.roles:
        raise AccountError(HAS_ACCOUNT, address=link.email)
    if person is None:
        person = _make_person(email=link.email, name=name, password=password, language=language, institution=link.institution)
        for role in link.roles:
            start_duty(person, role, by=link.invited_by or person)
        event = "person.came"
    else:
        person.set_password(password)
        person.language = language
        person.save(update_fields=["password", "language"])
        event = "person.renewed"
    link.used_at = timezone.now()
    link.save(update_fields=["used_at"])
    record(event, subject=person.key, by=person, after={"invitation": f"invitation:{link.pk}", "roles": link.roles}, marking=MARKING)
    return person


@transaction.atomic
def renew_sign_in(*, person: Person, by: By) -> str:
    """Take password, second factors and sessions from somebody who lost them, and make a new link; returns its path."""
    allow(by, MANAGE_PEOPLE)
    locked = Person.objects.select_for_update().get(pk=person.pk)
    locked.set_unusable_password()
    locked.save(update_fields=["password"])
    forget_second_factors(locked)
    end_all_sessions(locked)
    now = timezone.now()
    Invitation.objects.filter(email=locked.email, used_at__isnull=True, withdrawn_at__isnull=True).update(withdrawn_at=now)
    token, digest = new_token()
    made = Invitation.objects.create(
        digest=digest, email=locked.email, name=locked.name, language=locked.language, roles=[],
        invited_by=by if isinstance(by, Person) else None, made_at=now, expires_at=now + VALID,
    )  # fmt: skip
    record("person.sign_in_renewed", subject=locked.key, by=by, after={"invitation": f"invitation:{made.pk}"}, marking=MARKING)
    path = path_of(token, language=locked.language)
    _write_invitation(made, path, by=by)
    return path


def has_administrator() -> bool:
    """Tell whether somebody active keeps people in order."""
    return Person.objects.filter(is_active=True, duties__role=ADMINISTRATOR, duties__until__isnull=True).exists()


def _locked(invitation: Invitation) -> Invitation:
    # Two who use one link at the same moment: the second waits here, and finds it used.
    locked = Invitation.objects.select_for_update(of=("self",)).select_related("institution", "invited_by").get(pk=invitation.pk)
    refuse_unusable(locked)
    return locked


def _refuse_invitation(address: str, roles: Sequence[str], institution: Institution | None) -> None:
    _refuse_address(address)
    if not roles:
        raise AccountError(NEEDS_ROLE)
    if institution is None and any(ANSWER in ROLES[role].permissions for role in roles):
        raise AccountError(NEEDS_INSTITUTION)
    if Person.objects.filter(email=address).exists():
        raise AccountError(HAS_ACCOUNT, address=address)
    if usable().filter(email=address).exists():
        raise AccountError(IS_INVITED, address=address)


def _refuse_address(address: str) -> None:
    try:
        validate_email(address)
    except ValidationError:
        raise AccountError(NO_ADDRESS, address=address) from None
    if len(address) > ADDRESS_AT_MOST:
        raise AccountError(NO_ADDRESS, address=address[:60])


def _make_person(*, email: str, name: str, password: str, language: str, institution: Institution | None = None) -> Person:
    allow_language(language)
    address = email.strip().lower()
    if not name.strip():
        raise AccountError(NO_NAME)
    _refuse_address(address)
    if Person.objects.filter(email=address).exists():
        raise AccountError(HAS_ACCOUNT, address=address)
    return Person.objects.create_user(address, password, name=name.strip()[:NAME_AT_MOST], language=language, institution=institution)


def _write_invitation(invitation: Invitation, path: str, *, by: By) -> None:
    lang = language_of(invitation.language)
    name = by.name if isinstance(by, Person) else lang.gettext("The administrator")
    said = lang.gettext(
        "%(name)s invites you to work in Forefend. Open this link once, by %(day)s, to set your password:",
        name=name,
        day=lang.date(invitation.expires_at.date()),
    )
    letters.write(
        to=invitation,
        subject=lang.gettext("Your invitation to Forefend"),
        text="\n\n".join((said, whole(path), lang.gettext("Whoever has the link can use it: do not pass it on."))),
        about=f"invitation:{invitation.pk}",
        is_forgotten_when_sent=True,
    )
