"""Which evidence a person may read: every query of evidence begins here.

Evidence is private to its institution until an answer that it supports was handed in; a coordinator also reads what they
added themselves. Who is named by a RED piece reads it in any case, and nobody else does.
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from forefend.errors import NotAllowed
from forefend.web.accounts.models import Person
from forefend.web.accounts.permissions import NOT_HERE, may
from forefend.web.accounts.reading import RED, STILL_PRIVATE, may_read, readable
from forefend.web.accounts.roles import ANSWER, COORDINATE, READ_ANSWERS, READ_RESULTS
from forefend.web.evidence.models import Evidence, Support, Version

PRIVATE = Q(answer__contribution__stage=STILL_PRIVATE)


def evidence_for(person: Person) -> QuerySet[Evidence]:
    """Return the evidence a person may read, each piece once."""
    # The rule joins the named readers, which would give a piece once for each of them; here they are a condition of their own.
    named = Evidence.readers.through.objects.filter(person=person).values("evidence")
    rule = readable(person, institution="institution", author="added_by", readers="readers")
    marked = _replaced(rule, ("readers__pk", person.pk), Q(pk__in=named))
    if not (may(person, READ_ANSWERS) or may(person, READ_RESULTS)):
        return Evidence.objects.filter(marked)  # beside RED, only what the own institution has: the person's own, handed in or not
    handed_in = Support.objects.filter(evidence=OuterRef("pk")).exclude(PRIVATE)
    whenever = Q(marking=RED) | Q(Exists(handed_in))
    if may(person, ANSWER) and person.institution_id is not None:
        whenever |= Q(institution=person.institution_id)
    if may(person, COORDINATE):
        whenever |= Q(added_by=person)
    return Evidence.objects.filter(marked, whenever)


def evidence_with(person: Person, identifier: int) -> Evidence:
    """Return one piece of evidence; raises NotAllowed when there is none that the person may read."""
    found = evidence_for(person).select_related("institution", "added_by").filter(pk=identifier).first()
    if found is None:
        raise NotAllowed(NOT_HERE)
    return found


def version_of(evidence: Evidence, number: int) -> Version:
    """Return one version of a piece; raises NotAllowed when there is none."""
    found = evidence.versions.filter(number=number).first()
    if found is None:
        raise NotAllowed(NOT_HERE)
    return found


def may_read_piece(person: Person, evidence: Evidence) -> bool:
    """Tell the same of one piece, by the rule for one thing: what tests hold the queries against."""
    supported = Support.objects.filter(evidence=evidence)
    return may_read(
        person,
        marking=evidence.marking,
        institution_id=evidence.institution_id,
        author_id=evidence.added_by_id,
        reader_ids=set(evidence.readers.values_list("pk", flat=True)),
        is_handed_in=supported.exclude(PRIVATE).exists() or (may(person, COORDINATE) and evidence.added_by_id == person.pk),
    )


def may_change(person: Person, evidence: Evidence) -> bool:
    """Tell whether a person who may read a piece may also change it: people of its institution who answer, and who coordinates."""
    is_own = may(person, ANSWER) and person.institution_id == evidence.institution_id
    return (is_own or may(person, COORDINATE)) and evidence_for(person).filter(pk=evidence.pk).exists()


def require_change(person: Person, evidence: Evidence) -> None:
    """Raise NotAllowed unless the person may change the piece."""
    if not may_change(person, evidence):
        raise NotAllowed(NOT_HERE)


def _replaced(rule: Q, old: tuple[str, object], new: Q) -> Q:
    """Return a rule with one of its conditions replaced by another."""
    parts = [_replaced(part, old, new) if isinstance(part, Q) else new if part == old else part for part in rule.children]
    return Q(*parts, _connector=rule.connector, _negated=rule.negated)
