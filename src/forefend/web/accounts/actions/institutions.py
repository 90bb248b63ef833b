"""Institutions: added from the catalog's bodies or beside them, changed with a reason; and who belongs to which."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from forefend.errors import AccountError
from forefend.locale import N_
from forefend.web.accounts.actions.rules import MARKING, By, allow
from forefend.web.accounts.models import KINDS, Institution, Person
from forefend.web.accounts.permissions import may
from forefend.web.accounts.roles import ANSWER, COORDINATE, MANAGE_PEOPLE
from forefend.web.audit.actions import record
from forefend.web.project.workbench import workbench

NO_BODY = N_("There is no body %(body)s in the catalog.")
NO_TITLE = N_("Enter the name of the institution.")
NO_KIND = N_("Choose what kind of respondent the institution is.")
IS_THERE = N_("There is an institution named %(title)s already.")
NEEDS_REASON = N_("Say why the institution is counted as another kind than the catalog says.")
NEEDS_INSTITUTION = N_("%(name)s answers for an institution. End that duty first, or choose another institution.")
TITLE_AT_MOST = 200
CIVIL_SOCIETY = "civil_society"


@transaction.atomic
def add_institution(
    *, body: str = "", title: str = "", kind: str = "", is_protected: bool | None = None, is_practice: bool = False, by: By
) -> Institution:
    """Add an institution: a body of the catalog, whose kind follows from it, or another one of a given kind.

    Civil society is protected unless it is said otherwise: its scores are shown only among three or more.
    """
    allow(by, COORDINATE, MANAGE_PEOPLE)
    named, counted = _as_catalog_says(body, title, kind)
    if Institution.objects.filter(title__iexact=named, is_practice=is_practice).exists():
        raise AccountError(IS_THERE, title=named)
    made = Institution.objects.create(
        key=_free_key(body or named),
        title=named,
        kind=counted,
        body=body,
        is_protected=counted == CIVIL_SOCIETY if is_protected is None else is_protected,
        is_practice=is_practice,
        made_at=timezone.now(),
    )
    record("institution.added", subject=f"institution:{made.key}", by=by, after=_said(made), marking=MARKING)
    return made


@transaction.atomic
def change_institution(*, institution: Institution, title: str, kind: str, is_protected: bool, reason: str = "", by: By) -> Institution:
    """Change what is said of an institution. That it is of another kind than the catalog says needs a reason."""
    allow(by, COORDINATE, MANAGE_PEOPLE)
    locked = Institution.objects.select_for_update().get(pk=institution.pk)
    before = _said(locked)
    if kind not in KINDS:
        raise AccountError(NO_KIND)
    if not title.strip():
        raise AccountError(NO_TITLE)
    if kind != locked.kind and not reason.strip():
        raise AccountError(NEEDS_REASON)
    if Institution.objects.filter(title__iexact=title.strip(), is_practice=locked.is_practice).exclude(pk=locked.pk).exists():
        raise AccountError(IS_THERE, title=title.strip())
    locked.title, locked.kind, locked.is_protected = title.strip()[:TITLE_AT_MOST], kind, is_protected
    after = _said(locked)
    if after != before:
        locked.save(update_fields=["title", "kind", "is_protected"])
        record(
            "institution.changed", subject=f"institution:{locked.key}", by=by, before=before, after=after, reason=reason, marking=MARKING
        )
    return locked


@transaction.atomic
def move_person(*, person: Person, institution: Institution | None, by: By) -> Person:
    """Say to which institution somebody belongs; who answers reads that institution's answers from then on, and no other's."""
    allow(by, MANAGE_PEOPLE)
    locked = Person.objects.select_for_update(of=("self",)).select_related("institution").get(pk=person.pk)
    before = {"institution": locked.institution.key if locked.institution else ""}
    after = {"institution": institution.key if institution else ""}
    if institution is None and may(locked, ANSWER):
        raise AccountError(NEEDS_INSTITUTION, name=locked.name)
    if before != after:
        locked.institution = institution
        locked.save(update_fields=["institution"])
        record("person.moved", subject=locked.key, by=by, before=before, after=after, marking=MARKING)
    return locked


def kind_of(body: str) -> str:
    """Return the kind of respondent a body of the catalog is; raises AccountError for one it does not know."""
    found = next((kind for kind, bodies in workbench().catalog.respondent_types.items() if body in bodies), "")
    if not found:
        raise AccountError(NO_BODY, body=body)
    return found


def _as_catalog_says(body: str, title: str, kind: str) -> tuple[str, str]:
    counted = kind_of(body) if body else kind
    if counted not in KINDS:
        raise AccountError(NO_KIND)
    named = (title.strip() or (workbench().catalog.bodies[body].title if body else ""))[:TITLE_AT_MOST]
    if not named:
        raise AccountError(NO_TITLE)
    return named, counted


def _free_key(wanted: str) -> str:
    base = slugify(wanted.replace("_", "-"))[:50] or "institution"
    taken = set(Institution.objects.filter(key__startswith=base).values_list("key", flat=True))
    return next(key for key in (base, *(f"{base}-{n}" for n in range(2, 10_000))) if key not in taken)


def _said(institution: Institution) -> dict[str, object]:
    return {
        "title": institution.title,
        "kind": institution.kind,
        "body": institution.body,
        "is_protected": institution.is_protected,
        "is_practice": institution.is_practice,
    }
