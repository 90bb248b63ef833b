"""Duties: given, ended, handed over; and accounts closed and opened again."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from forefend.errors import AccountError, NotAllowed
from forefend.locale import N_
from forefend.locale import language as language_of
from forefend.web.accounts.actions.own import end_all_sessions
from forefend.web.accounts.actions.rules import ADMINISTRATOR, MARKING, By, allow, allow_roles, keep_an_administrator, key_of, manages
from forefend.web.accounts.links import usable
from forefend.web.accounts.models import Duty, Person
from forefend.web.accounts.permissions import forget, gives, may
from forefend.web.accounts.roles import ANSWER, INVITE, MANAGE_PEOPLE, ROLES
from forefend.web.audit.actions import record
from forefend.web.letters import actions as letters
from forefend.web.letters.addresses import whole

HOLDS = N_("%(name)s holds this duty already.")
ENDED = N_("This duty has ended already.")
GONE = N_("%(name)s has no open account. Open it again first.")
NOTHING = N_("%(name)s holds no duty that could be handed over.")
SAME = N_("Choose somebody else: duties cannot be handed over to the person who holds them.")
NOT_TO_ONESELF = N_("Nobody gives themselves a duty. Ask another administrator, or use forefend user duty on the machine itself.")
NEEDS_INSTITUTION = N_("%(name)s belongs to no institution. Say first for which one they answer.")
OTHER_INSTITUTION = N_(
    "%(name)s answers for another institution. One person answers for one institution: end that duty first, or choose somebody else."
)


def start_duty(person: Person, role: str, *, by: By) -> Duty:
    """Write a duty down with its row of the audit log; called within an action."""
    duty = Duty.objects.create(person=person, role=role, since=timezone.now(), given_by=key_of(by))
    forget(person)
    record("duty.given", subject=person.key, by=by, after={"duty": duty.pk, "role": role}, marking=MARKING)
    return duty


@transaction.atomic
def give_duty(*, person: Person, role: str, by: By) -> Duty:
    """Give somebody a role from now on."""
    allow(by, INVITE, MANAGE_PEOPLE)
    allow_roles(by, [role])
    locked = _open_account(person)
    if isinstance(by, Person) and by.pk == locked.pk:
        raise AccountError(NOT_TO_ONESELF)
    if Duty.objects.filter(person=locked, role=role, until__isnull=True).exists():
        raise AccountError(HOLDS, name=locked.name)
    if ANSWER in ROLES[role].permissions and locked.institution_id is None:
        raise AccountError(NEEDS_INSTITUTION, name=locked.name)
    duty = start_duty(locked, role, by=by)
    forget(person)
    _tell(locked, N_("You have a new duty in Forefend"), N_("Your new duty: %(roles)s."), [role], about=f"duty:{duty.pk}")
    return duty


@transaction.atomic
def end_duty(*, duty: Duty, by: By, reason: str = "") -> Duty:
    """End a duty; it stays on record. The last administrator stays."""
    allow(by, INVITE, MANAGE_PEOPLE)
    locked = Duty.objects.select_for_update(of=("self",)).select_related("person").get(pk=duty.pk)
    allow_roles(by, [locked.role])
    if locked.until is not None:
        raise AccountError(ENDED)
    if locked.role == ADMINISTRATOR:
        keep_an_administrator(locked.person)
    _end(locked, by=by)
    record("duty.ended", subject=locked.person.key, by=by, before={"duty": locked.pk, "role": locked.role}, reason=reason, marking=MARKING)
    forget(duty.person)
    _recall_invitations(locked.person, by=by)
    return locked


@transaction.atomic
def hand_over(*, person: Person, to: Person, by: By, reason: str = "") -> list[Duty]:
    """Hand every duty of one person to another in one step, and the institution they answer for.

    What was marked RED is for the people it names: that a duty changes hands opens none of it. Returns the new duties.
    """
    held = list(Duty.objects.select_for_update().filter(person=person, until__isnull=True))
    _allow_hand_over(by, person, [duty.role for duty in held])
    heir = _open_account(to)
    if heir.pk == person.pk:
        raise AccountError(SAME)
    if isinstance(by, Person) and by.pk == heir.pk:
        raise AccountError(NOT_TO_ONESELF)
    if not held:
        raise AccountError(NOTHING, name=person.name)
    before = {"institution": heir.institution.key if heir.institution else ""}
    _take_institution(person, heir, [duty.role for duty in held])
    has = {duty.role: duty for duty in Duty.objects.filter(person=heir, until__isnull=True)}
    given = []
    for duty in held:
        new = has.get(duty.role) or start_duty(heir, duty.role, by=by)
        _end(duty, by=by, handed_to=new)
        given.append(new)
    for one in (person, to, heir):
        forget(one)
    roles = [duty.role for duty in held]
    after = {"to": heir.key, "roles": roles, "institution": heir.institution.key if heir.institution else ""}
    if settings.FOREFEND.smtp:  # links left by letter, so who leaves knows none; who takes over stands for them from now on
        usable().filter(invited_by=person).exclude(roles=[]).update(invited_by=heir)
    record("duties.handed_over", subject=person.key, by=by, before=before, after=after, reason=reason, marking=MARKING)
    recalled = _recall_invitations(person, by=by)
    _tell_both(person, heir, roles, about=f"handed:{held[0].pk}", recalled=recalled)
    return given


@transaction.atomic
def deactivate(*, person: Person, by: By, reason: str = "") -> None:
    """Close an account and end its sessions; duties stay written down and rest. The last administrator stays."""
    allow(by, MANAGE_PEOPLE)
    keep_an_administrator(person)
    locked = Person.objects.select_for_update().get(pk=person.pk)
    if not locked.is_active:
        raise AccountError(N_("The account of %(name)s is closed already."), name=locked.name)
    locked.is_active = person.is_active = False
    locked.save(update_fields=["is_active"])
    end_all_sessions(locked)
    forget(person)
    record("person.deactivated", subject=locked.key, by=by, reason=reason, marking=MARKING)
    _recall_invitations(locked, by=by)


@transaction.atomic
def reactivate(*, person: Person, by: By, reason: str = "") -> None:
    """Open a closed account again, with the duties it had."""
    allow(by, MANAGE_PEOPLE)
    locked = Person.objects.select_for_update().get(pk=person.pk)
    if locked.is_active:
        raise AccountError(N_("The account of %(name)s is open already."), name=locked.name)
    locked.is_active = person.is_active = True
    locked.save(update_fields=["is_active"])
    forget(person)
    record("person.reactivated", subject=locked.key, by=by, reason=reason, marking=MARKING)


def _allow_hand_over(by: By, person: Person, roles: list[str]) -> None:
    """Who keeps people in order hands over all; who invites, what they may give, and all of their own."""
    if manages(by):
        return
    allow(by, INVITE)
    if isinstance(by, Person) and by.pk != person.pk and not set(roles) <= set(gives(by)):
        raise NotAllowed("These duties are not yours to hand over.")


def _open_account(person: Person) -> Person:
    locked = Person.objects.select_for_update(of=("self",)).select_related("institution").get(pk=person.pk)
    if not locked.is_active:
        raise AccountError(GONE, name=locked.name)
    return locked


def _take_institution(person: Person, heir: Person, roles: list[str]) -> None:
    """Let the heir answer for the institution; raises AccountError when they answer for another one."""
    if not any(ANSWER in ROLES[role].permissions for role in roles) or person.institution_id in (None, heir.institution_id):
        return
    answers = any(ANSWER in ROLES[duty.role].permissions for duty in Duty.objects.filter(person=heir, until__isnull=True))
    if answers:
        raise AccountError(OTHER_INSTITUTION, name=heir.name)
    heir.institution = person.institution
    heir.save(update_fields=["institution"])


def _end(duty: Duty, *, by: By, handed_to: Duty | None = None) -> None:
    duty.until, duty.ended_by, duty.handed_to = timezone.now(), key_of(by), handed_to
    duty.save(update_fields=["until", "ended_by", "handed_to"])


def _recall_invitations(person: Person, *, by: By) -> list[str]:
    """Withdraw the open invitations to roles that the person who sent them can no longer give, and new links they can no longer make.

    Returns the addresses they were for.
    """
    forget(person)
    recalled = []
    for invitation in usable().filter(invited_by=person).select_for_update():
        if not (set(invitation.roles) <= set(gives(person)) if invitation.roles else may(person, MANAGE_PEOPLE)):
            invitation.withdrawn_at = timezone.now()
            invitation.save(update_fields=["withdrawn_at"])
            after = {"address": invitation.email, "invited_by": person.key}
            record("invitation.withdrawn", subject=f"invitation:{invitation.pk}", by=by, after=after, marking=MARKING)
            recalled.append(invitation.email)
    return recalled


def _tell(person: Person, subject: str, text: str, roles: list[str], *, about: str, recalled: Sequence[str] = (), **values: object) -> None:
    lang = language_of(person.language)
    named = lang.gettext("; ").join(lang.gettext(ROLES[role].title) for role in roles)
    link = whole(f"/{lang.code}/me/")
    said = lang.gettext(text, roles=named, **values)
    if recalled:
        sentence = N_("Open invitations were withdrawn, as who leaves may know their links: %(addresses)s. Invite these people anew.")
        said += "\n\n" + lang.gettext(sentence, addresses=", ".join(recalled))
    letters.write(to=person, subject=lang.gettext(subject), text=f"{said}\n\n{link}", about=about)


def _tell_both(person: Person, heir: Person, roles: list[str], *, about: str, recalled: Sequence[str]) -> None:
    subject = N_("Duties were handed over in Forefend")
    taken = N_("You take over from %(name)s: %(roles)s. What was marked RED for %(name)s alone is not handed over: its author decides.")
    given = N_("%(name)s takes over your duties: %(roles)s. What was marked RED for you alone is not handed over.")
    _tell(heir, subject, taken, roles, about=about, name=person.name, recalled=recalled)
    _tell(person, subject, given, roles, about=about, name=heir.name)
