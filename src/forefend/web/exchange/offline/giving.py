"""Giving a round to a machine without a network: one institution's questions, answers and evidence, with the catalog they need.

Answers and evidence marked RED never go into such a file, whoever makes it: nobody can say who will open it.
"""

from __future__ import annotations

import secrets
from collections import defaultdict
from typing import Any

from django.utils import timezone

from forefend.errors import NotAllowed
from forefend.locale import Language
from forefend.web.accounts.models import Person
from forefend.web.accounts.permissions import may
from forefend.web.accounts.reading import RED, most_restrictive
from forefend.web.accounts.roles import ANSWER, COORDINATE
from forefend.web.assessment.models import Answer, Contribution, Remark
from forefend.web.assessment.reading import NOT_HERE, answers_for
from forefend.web.evidence.models import Support
from forefend.web.evidence.reading import evidence_for
from forefend.web.exchange.actions.handing_out import handed_out
from forefend.web.exchange.arriving import require_open
from forefend.web.exchange.handed import Handed, named
from forefend.web.exchange.home import derived, home_id
from forefend.web.exchange.offline.package import CATALOG, CONTENT, ENDING, GIVEN, README, as_json, pack
from forefend.web.exchange.offline.parts import Packing, answer_record
from forefend.web.project.workbench import workbench

TYPE = "application/octet-stream"


def give(part: Contribution, person: Person, *, lang: Language) -> Handed:
    """Make the file of one institution's part of a round, with what the person may read of it."""
    is_own = may(person, ANSWER) and person.institution_id == part.institution_id
    if not is_own and not may(person, COORDINATE):
        raise NotAllowed(NOT_HERE)
    require_open(part)
    asked, nonce = part.round, secrets.token_hex(16)
    answers = [answer for answer in answers_for(person, contribution=part).order_by("pk") if answer.marking != RED]
    packing = Packing()
    content = _content(part, person, answers, packing) | {"key": key_of(part, nonce)}
    parts = {CONTENT: as_json(content), CATALOG: as_json(asked.edition.content), README: _readme(part, lang), **packing.files}
    manifest = {
        "kind": GIVEN, "home": home_id(), "round": asked.pk, "institution": part.institution.key, "nonce": nonce,
        "made_at": timezone.now().isoformat(timespec="seconds"), "edition": asked.edition.digest,
    }  # fmt: skip
    marking = most_restrictive(
        (*(answer.marking for answer in answers), *(piece["marking"] for piece in content["evidence"])), at_least=asked.marking
    )
    handed_out(asked, what="offline round", form=ENDING, marking=marking, by=person, institution=part.institution.key)
    name = named("round", asked.pk, part.institution.key, marking=marking, ending=ENDING)
    return Handed(name=name, content=pack(manifest, parts), content_type=TYPE, marking=marking)


def key_of(part: Contribution, nonce: str) -> str:
    """Return the key by which the answers that come back prove that they belong here; it need not be kept."""
    return derived("offline round", str(part.round_id), part.institution.key, nonce)


def _content(part: Contribution, person: Person, answers: list[Answer], packing: Packing) -> dict[str, Any]:
    asked, institution = part.round, part.institution
    return {
        "round": {
            "title": asked.title, "state": asked.state, "actions": asked.actions, "opens_on": asked.opens_on.isoformat(),
            "due_on": part.due_on.isoformat(), "marking": asked.marking, "is_practice": asked.is_practice, "edition": asked.edition.key,
        },
        "institution": {
            "key": institution.key, "title": institution.title, "kind": institution.kind, "body": institution.body,
            "is_protected": institution.is_protected,
        },
        "home_name": workbench().organisation,
        "given_by": person.name,
        "questions": list(part.assignments.values_list("question", flat=True)),
        "conditions": [
            {"name": c.name, "holds": c.holds, "reason": c.reason, "source": c.source} for c in asked.conditions.order_by("name")
        ],
        "answers": [answer_record(answer) for answer in answers],
        "requests": _requests(answers),
        "evidence": _evidence(part, person, answers, packing),
    }  # fmt: skip


def _requests(answers: list[Answer]) -> list[dict[str, Any]]:
    """Return what reviewers still ask for: whoever answers elsewhere has to know."""
    questions = {answer.pk: answer.question for answer in answers}
    found: dict[int, dict[str, Any]] = {}
    remarks = Remark.objects.filter(request__answer__in=questions, request__closed_at__isnull=True)
    for remark in remarks.select_related("by", "request").order_by("request_id", "at", "pk"):
        told = found.setdefault(remark.request_id, {"question": questions[remark.request.answer_id], "remarks": []})
        told["remarks"].append({"text": remark.text, "at": remark.at.isoformat(), "by": remark.by.name})
    return list(found.values())


def _evidence(part: Contribution, person: Person, answers: list[Answer], packing: Packing) -> list[Any]:
    questions = {answer.pk: answer.question for answer in answers}
    supported: dict[int, set[str]] = defaultdict(set)
    for answer, piece in Support.objects.filter(answer__in=questions).values_list("answer_id", "evidence_id"):
        supported[piece].add(questions[answer])
    own = evidence_for(person).filter(institution=part.institution_id, withdrawn_at__isnull=True).exclude(marking=RED).order_by("pk")
    return [packing.record(piece, supported[piece.pk]) for piece in own]


def _readme(part: Contribution, lang: Language) -> bytes:
    text = lang.gettext
    lines = [
        text(
            "%(round)s: the questions of %(institution)s, with its answers and evidence.",
            round=part.round.title,
            institution=part.institution.title,
        ),
        text("On a machine with Forefend and no network: forefend round take FILE, then forefend start."),
        text("When it is filled in: forefend round give ROUND -o BACK.forefend, and merge that file where this one came from."),
        text("Answers and evidence marked RED are not in this file."),
        "",
    ]  # fmt: skip
    return "\r\n".join(lines).encode("utf-8-sig")
