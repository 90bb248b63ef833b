"""What a person may do: the permissions of the duties held today, and nothing else."""

from __future__ import annotations

from forefend.errors import NotAllowed
from forefend.web.accounts.models import Duty, Person
from forefend.web.accounts.roles import GIVES, ROLES

NOT_HERE = "This is not open to you. Ask the R2P Focal Point, or sign in as somebody else."  # a page never shows it


def roles_of(person: Person) -> tuple[str, ...]:
    """Return the roles a person holds today."""
    if not person.is_active:
        return ()
    kept: tuple[str, ...] | None = person.__dict__.get("_roles")
    if kept is None:
        kept = tuple(Duty.objects.filter(person=person, until__isnull=True).order_by("pk").values_list("role", flat=True))
        person.__dict__["_roles"] = kept
    return kept


def permissions_of(person: Person) -> frozenset[str]:
    """Return all that a person may do."""
    return frozenset().union(*(ROLES[role].permissions for role in roles_of(person)))


def may(person: Person, permission: str) -> bool:
    """Tell whether a person has a permission."""
    return permission in permissions_of(person)


def gives(person: Person) -> tuple[str, ...]:
    """Return the roles a person may give and take."""
    given = {role for held in roles_of(person) for role in GIVES.get(held, ())}
    return tuple(role for role in ROLES if role in given)


def require(person: Person, *wanted: str) -> None:
    """Raise NotAllowed unless the person has one of the permissions."""
    if not any(may(person, permission) for permission in wanted):
        raise NotAllowed(NOT_HERE)


def forget(person: Person) -> None:
    """Read the duties anew the next time: after they changed within a request."""
    person.__dict__.pop("_roles", None)
