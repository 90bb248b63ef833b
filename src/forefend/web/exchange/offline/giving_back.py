"""Giving the answers of a taken round back: what changed since it was taken, signed with the key it came with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from forefend.errors import AssessmentError, NotAllowed
from forefend.locale import N_
from forefend.web.accounts.models import Person
from forefend.web.accounts.permissions import may
from forefend.web.accounts.reading import RED, most_restrictive
from forefend.web.accounts.roles import ANSWER
from forefend.web.assessment.models import Answer, Clash
from forefend.web.assessment.reading import NOT_HERE, answers_for
from forefend.web.evidence.models import Support
from forefend.web.evidence.reading import evidence_for
from forefend.web.exchange.actions.handing_out import handed_out
from forefend.web.exchange.handed import Handed, named
from forefend.web.exchange.models import TakenRound
from forefend.web.exchange.offline.giving import TYPE
from forefend.web.exchange.offline.package import BACK, CONTENT, ENDING, as_json, pack
from forefend.web.exchange.offline.parts import Packing, answer_record

UNDECIDED = N_("Two texts wait for a decision on %(question)s. Decide which one stands, then give the round back.")


def give_back(taken: TakenRound, person: Person) -> Handed:
    """Make the file that is merged where the round came from; answers marked RED stay on this machine."""
    if not may(person, ANSWER) or person.institution_id != taken.institution_id:
        raise NotAllowed(NOT_HERE)
    asked = taken.round
    waiting = Clash.objects.filter(answer__contribution__round=asked, settled_at__isnull=True).select_related("answer").first()
    if waiting is not None:
        raise AssessmentError(UNDECIDED, question=waiting.answer.question)
    own = answers_for(person, contribution__round=asked, contribution__institution=taken.institution).order_by("pk")
    answers = [answer for answer in own if answer.marking != RED]
    packing = Packing()
    content = {
        "answers": [_told(answer, taken) for answer in answers if _is_changed(answer, taken)],
        "evidence": _evidence(taken, person, answers, packing),
    }
    manifest = {
        "kind": BACK, "home": taken.home, "round": taken.home_round, "institution": taken.institution.key, "nonce": taken.nonce,
        "made_at": timezone.now().isoformat(timespec="seconds"), "edition": asked.edition.digest,
    }  # fmt: skip
    marking = most_restrictive(
        (*(answer.marking for answer in answers), *(piece["marking"] for piece in content["evidence"])), at_least=asked.marking
    )
    handed_out(asked, what="offline round given back", form=ENDING, marking=marking, by=person, institution=taken.institution.key)
    name = named("round", taken.home_round, taken.institution.key, "back", marking=marking, ending=ENDING)
    packed = pack(manifest, {CONTENT: as_json(content), **packing.files}, key=taken.key)
    return Handed(name=name, content=packed, content_type=TYPE, marking=marking)


def _is_changed(answer: Answer, taken: TakenRound) -> bool:
    base = taken.bases.get(answer.question)
    return base is None or (answer.version, answer.marking) != (base["version"], base["marking"])


def _told(answer: Answer, taken: TakenRound) -> Mapping[str, Any]:
    base = taken.bases.get(answer.question)
    return answer_record(answer) | {"base_version": base["version"] if base else 0}


def _evidence(taken: TakenRound, person: Person, answers: list[Answer], packing: Packing) -> list[Any]:
    """Return the evidence that supports one of the answers here, with its number at home where it came from there."""
    questions = {answer.pk: answer.question for answer in answers}
    supported: dict[int, set[str]] = defaultdict(set)
    for answer, piece in Support.objects.filter(answer__in=questions).values_list("answer_id", "evidence_id"):
        supported[piece].add(questions[answer])
    own = evidence_for(person).filter(pk__in=supported, institution=taken.institution, withdrawn_at__isnull=True).exclude(marking=RED)
    found = []
    for piece in own.order_by("pk"):
        known_as = int(taken.pieces.get(str(piece.pk), 0))
        room = Packing(left=0) if known_as else packing  # what came from home need not travel back
        found.append(dict(room.record(piece, supported[piece.pk])) | {"known_as": known_as})
    return found
