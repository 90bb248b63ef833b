"""What of an adopted round everybody may read: chosen item by item by a person, and taken back the same way."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from forefend.assess.transitions import SETTLED
from forefend.errors import AssessmentError
from forefend.locale import N_
from forefend.web.accounts.models import Person
from forefend.web.accounts.permissions import require
from forefend.web.accounts.roles import PUBLISH
from forefend.web.assessment.models import PublicItem, Round
from forefend.web.audit.actions import record

KINDS = ("sphere", "action", "blocking", "strength")


@transaction.atomic
def publish(*, round: Round, kind: str, key: str, by: Person) -> PublicItem:  # noqa: A002 - the field's word
    """Make one item of an adopted round public. Practice rounds are never public."""
    require(by, PUBLISH)
    locked = Round.objects.select_for_update().get(pk=round.pk)
    if locked.stage not in SETTLED:
        raise AssessmentError(N_("Only an adopted round can be made public. Adopt it first."))
    if locked.is_practice:
        raise AssessmentError(N_("This round is for practice. Nothing of it can be made public."))
    if key not in items_of(locked).get(kind, ()):
        raise AssessmentError(N_("%(item)s is no item of this round that could be made public. Choose among those listed."), item=key)
    made, is_new = PublicItem.objects.get_or_create(round=locked, kind=kind, key=key, defaults={"at": timezone.now(), "by": by})
    if is_new:
        record("item.published", subject=locked.key, by=by, after={"kind": kind, "key": key}, marking="CLEAR")
    return made


@transaction.atomic
def withdraw(*, round: Round, kind: str, key: str, by: Person) -> None:  # noqa: A002 - the field's word
    """Take an item back; who read it meanwhile keeps what was read."""
    require(by, PUBLISH)
    removed, _ = PublicItem.objects.filter(round=round, kind=kind, key=key).delete()
    if removed:
        record("item.withdrawn", subject=round.key, by=by, before={"kind": kind, "key": key}, marking="CLEAR")


def items_of(asked: Round) -> dict[str, tuple[str, ...]]:
    """Return what of an adopted round can be made public, by kind."""
    adoption = getattr(asked, "adoption", None)
    if adoption is None:
        return {}
    kept = adoption.result
    return {
        "sphere": tuple(kept["spheres"]),
        "action": tuple(kept["actions"]),
        "blocking": tuple(name for name, question in kept["questions"].items() if question["is_blocking"]),
        "strength": tuple(kept["strengths"]["questions"]),
    }
