"""What every change of people looks at first: who asks, and what must not be lost."""

from __future__ import annotations

from forefend.errors import AccountError, NotAllowed
from forefend.locale import N_
from forefend.web.accounts.models import Duty, Person
from forefend.web.accounts.permissions import gives, may, require
from forefend.web.accounts.roles import MANAGE_PEOPLE, ROLES
from forefend.web.project.offered import OFFERED

By = Person | str  # a person, or what acts without one: whoever may run the command line holds the installation anyway
MARKING = "GREEN"  # who holds which duty is for all who work here to know
ADMINISTRATOR = "administrator"
NO_LANGUAGE = N_("Choose one of the languages offered.")
LAST = N_("%(name)s is the last administrator. Make somebody else an administrator first.")


def allow(by: By, *permissions: str) -> None:
    """Raise NotAllowed unless ``by`` has one of the permissions."""
    if isinstance(by, Person):
        require(by, *permissions)


def allow_roles(by: By, roles: list[str] | tuple[str, ...]) -> None:
    """Raise NotAllowed unless ``by`` may give every one of the roles; AccountError for a role there is not."""
    unknown = [role for role in roles if role not in ROLES]
    if unknown:
        raise AccountError(N_("There is no role %(role)s. Give one of: %(roles)s."), role=unknown[0], roles=", ".join(ROLES))
    if isinstance(by, Person) and not set(roles) <= set(gives(by)):
        raise NotAllowed("This role is not yours to give.")


def allow_language(language: str) -> None:
    """Raise AccountError for a language the workbench does not speak."""
    if language not in OFFERED:
        raise AccountError(NO_LANGUAGE)


def key_of(by: By) -> str:
    """Return how the audit log names who acts."""
    return by if isinstance(by, str) else by.key


def keep_an_administrator(person: Person) -> None:
    """Raise AccountError when the person is the only active one who keeps people in order.

    The rows are locked, so that two administrators cannot remove each other at the same moment.
    """
    held = Duty.objects.select_for_update().filter(role=ADMINISTRATOR, until__isnull=True, person__is_active=True)
    holders = set(held.values_list("person_id", flat=True))
    if holders == {person.pk}:
        raise AccountError(LAST, name=person.name)


def manages(by: By) -> bool:
    """Tell whether ``by`` keeps people in order."""
    return isinstance(by, str) or may(by, MANAGE_PEOPLE)
