"""A worked example, clearly marked: a practice round of one action with three invented institutions and their answers.

Nothing in it describes a state. It never enters results, reports or what is public of a real round.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from forefend.catalog import Catalog
from forefend.locale import Language
from forefend.web.accounts.models import Institution, Person
from forefend.web.accounts.permissions import require
from forefend.web.accounts.roles import COORDINATE
from forefend.web.assessment.actions.answering import KINDS_OF
from forefend.web.assessment.actions.rounds import ask, open_round
from forefend.web.assessment.models import Answer, AnswerVersion, Contribution, Round
from forefend.web.audit.actions import record

ACTION = "N10"
BODIES = (("practice-ministry", "interior_ministry", "government"), ("practice-nhri", "nhri", "independent_bodies"),
          ("practice-society", "civil_society", "civil_society"))  # fmt: skip
LEVELS = {"practice-ministry": (3, 4, 3, 2), "practice-nhri": (2, 3, 2, 1), "practice-society": (1, 2, 1, 0)}


@transaction.atomic
def make_practice_round(*, state: str, catalog: Catalog, lang: Language, by: Person) -> Round:
    """Make a practice round whose answers are handed in, so that results, reconciliation and reports can be tried."""
    require(by, COORDINATE)
    today = timezone.now().date()
    made = open_round(
        title=lang.gettext("Practice: an invented example"), state=state, catalog=catalog, actions=[ACTION], opens_on=today,
        due_on=today + timedelta(days=30), by=by, is_practice=True,
    )  # fmt: skip
    for key, body, kind in BODIES:
        institution = _institution(key, title=lang.gettext("Practice: %(body)s", body=catalog.bodies[body].title), body=body, kind=kind)
        part = ask(round=made, institution=institution, questions=catalog.actions[ACTION].questions, by=by)
        _answer(part, catalog, levels=LEVELS[key], comment=lang.gettext("An invented answer, for practice."), by=by)
        part.stage, part.handed_in_at, part.handed_in_by = "submitted", timezone.now(), by
        part.save(update_fields=["stage", "handed_in_at", "handed_in_by"])
    record("round.practice_made", subject=made.key, by=by, after={"action": ACTION}, moves=(made.key,))
    return made


def _institution(key: str, *, title: str, body: str, kind: str) -> Institution:
    defaults = {"title": title, "kind": kind, "body": body, "is_practice": True, "made_at": timezone.now()}
    return Institution.objects.get_or_create(key=key, defaults=defaults)[0]


def _answer(part: Contribution, catalog: Catalog, *, levels: tuple[int, ...], comment: str, by: Person) -> None:
    from forefend.web.assessment.actions.answering import contents_of

    now = timezone.now()
    for place, question in enumerate(catalog.actions[ACTION].questions):
        level = levels[place % len(levels)]
        kinds = KINDS_OF[catalog.questions[question].type]
        kind = kinds[0] if kinds[0] == "level" else ("yes" if level >= 4 else "partly" if level >= 2 else "no")
        if kinds[0] == "number":
            kind = "unknown"
        answer = Answer.objects.create(
            contribution=part, question=question, kind=kind, value=float(level) if kind == "level" else None, comment=comment,
            sure="moderate", checked_on=now.date(), saved_at=now, saved_by=by, marking=part.round.marking,
        )  # fmt: skip
        AnswerVersion.objects.create(answer=answer, version=1, content=contents_of(answer), saved_at=now, saved_by=by)
