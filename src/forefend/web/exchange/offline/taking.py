"""Taking a round that another installation gave: it is made here, marked as taken, and answered with the ordinary pages."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from forefend.catalog.kept import read_kept
from forefend.errors import AssessmentError, CatalogError
from forefend.locale import N_
from forefend.web.accounts.models import Institution, Person
from forefend.web.assessment.models import Answer, AnswerVersion, Assignment, Condition, Contribution, Edition, Remark, Request, Round
from forefend.web.audit.actions import record
from forefend.web.evidence.files import receive, settle
from forefend.web.evidence.models import Evidence, Support, Version
from forefend.web.evidence.names import media_type, shown_name
from forefend.web.exchange.home import home_id
from forefend.web.exchange.models import TakenRound
from forefend.web.exchange.offline.package import CATALOG, CONTENT, GIVEN, Package, unpack

OUR_OWN = N_("This installation gave this file itself. Take it on the other machine.")
TAKEN = N_("This file was taken already: the round is here. Answer it, and give it back.")
BROKEN = N_("The file lacks something a round needs (%(what)s). Ask for it again; nothing was changed.")


def take(content: bytes, *, by: str) -> TakenRound:
    """Make the round of a file here; raises AssessmentError, changing nothing, for a file that cannot be taken."""
    package = unpack(content, kind=GIVEN)
    manifest = package.manifest
    if manifest.get("home") == home_id():
        raise AssessmentError(OUR_OWN)
    if TakenRound.objects.filter(home=manifest.get("home"), nonce=manifest.get("nonce")).exists():
        raise AssessmentError(TAKEN)
    try:
        with transaction.atomic():
            return _Taking(package, by=by).made()
    except (KeyError, TypeError, ValueError) as missing:  # the digests are right, so whoever packed it left something out
        raise AssessmentError(BROKEN, what=str(missing)[:60]) from None


class _Taking:
    """One file being taken: what is made of each part of it."""

    def __init__(self, package: Package, *, by: str) -> None:
        self.package, self.by, self.now = package, by, timezone.now()
        self.content: Mapping[str, Any] = package.json(CONTENT)
        self.sender = self._sender()

    def made(self) -> TakenRound:
        """Make everything, with its row of the record."""
        institution = self._institution()
        asked = self._round()
        part = Contribution.objects.create(round=asked, institution=institution, due_on=asked.due_on)
        Assignment.objects.bulk_create([Assignment(contribution=part, question=question) for question in self.content["questions"]])
        answers = {told["question"]: self._answer(part, told) for told in self.content["answers"]}
        self._requests(answers)
        self._conditions(asked)
        pieces = {str(self._piece(institution, told, answers).pk): int(told["id"]) for told in self.content["evidence"]}
        manifest = self.package.manifest
        taken = TakenRound.objects.create(
            round=asked, institution=institution, home=manifest["home"], home_name=str(self.content["home_name"])[:200],
            home_round=int(manifest["round"]), nonce=manifest["nonce"], key=self.content["key"], pieces=pieces,
            bases={question: {"version": answer.version, "marking": answer.marking} for question, answer in answers.items()},
            given_at=datetime.fromisoformat(manifest["made_at"]),
            given_by=str(self.content["given_by"])[:120], taken_at=self.now, taken_by=self.by,
        )  # fmt: skip
        told = {"home": taken.home, "home_round": taken.home_round, "institution": institution.key, "answers": len(answers)}
        record("round.taken", subject=asked.key, by=self.by, after=told, moves=(asked.key,))
        return taken

    def _sender(self) -> Person:
        """Return who stands for the people elsewhere: an account nobody can sign in to."""
        home = str(self.package.manifest["home"])[:32]
        name = str(self.content["home_name"] or self.content["given_by"])[:120] or home
        found = Person.objects.filter(email=f"{home}@elsewhere.invalid").first()
        return found or Person.objects.create_user(f"{home}@elsewhere.invalid", name=name, is_active=False)

    def _institution(self) -> Institution:
        told = self.content["institution"]
        defaults = {name: told[name] for name in ("title", "kind", "body", "is_protected")} | {
            "made_at": self.now, "is_practice": bool(self.content["round"]["is_practice"]),
        }  # fmt: skip
        return Institution.objects.get_or_create(key=told["key"], defaults=defaults)[0]

    def _round(self) -> Round:
        told = self.content["round"]
        return Round.objects.create(
            title=told["title"], state=told["state"], edition=self._edition(), actions=told["actions"], marking=told["marking"],
            opens_on=date.fromisoformat(told["opens_on"]), due_on=date.fromisoformat(told["due_on"]), is_practice=told["is_practice"],
            made_at=self.now, made_by=self.sender,
        )  # fmt: skip

    def _edition(self) -> Edition:
        """Return the catalog the round was given with, by the digest that the manifest names."""
        kept = self.package.json(CATALOG)
        digest = hashlib.sha256(json.dumps(kept, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
        if digest != self.package.manifest["edition"]:
            raise AssessmentError(BROKEN, what="edition")
        found = Edition.objects.filter(digest=digest).first()
        if found is not None:
            return found
        try:
            read_kept(kept)
        except CatalogError as error:
            raise AssessmentError(str(error)) from None
        return Edition.objects.create(key=self.content["round"]["edition"], digest=digest, content=kept, kept_at=self.now)

    def _answer(self, part: Contribution, told: Mapping[str, Any]) -> Answer:
        written = told["content"]
        answer = Answer.objects.create(
            contribution=part, question=told["question"], marking=told["marking"], version=told["version"], saved_by=self.sender,
            saved_at=datetime.fromisoformat(told["saved_at"]), **{**written, "checked_on": date.fromisoformat(written["checked_on"])},
        )  # fmt: skip
        AnswerVersion.objects.create(answer=answer, version=answer.version, content=written, saved_at=answer.saved_at, saved_by=self.sender)
        return answer

    def _requests(self, answers: Mapping[str, Answer]) -> None:
        for told in self.content["requests"]:
            opened = Request.objects.create(answer=answers[told["question"]], opened_at=self.now, opened_by=self.sender)
            for remark in told["remarks"]:
                at = datetime.fromisoformat(remark["at"])
                Remark.objects.create(request=opened, text=f"{remark['by']}: {remark['text']}", at=at, by=self.sender)

    def _conditions(self, asked: Round) -> None:
        for told in self.content["conditions"]:
            known = {name: told[name] for name in ("name", "holds", "reason", "source")}
            Condition.objects.create(round=asked, set_at=self.now, set_by=self.sender, **known)

    def _piece(self, institution: Institution, told: Mapping[str, Any], answers: Mapping[str, Answer]) -> Evidence:
        piece = Evidence.objects.create(
            title=told["title"], url=told["url"], institution=institution, letter=told["letter"], number=told["number"],
            dated=date.fromisoformat(told["dated"]) if told["dated"] else None, marking=told["marking"], note=told["note"],
            expires=date.fromisoformat(told["expires"]) if told["expires"] else None, added_at=self.now, added_by=self.sender,
        )  # fmt: skip
        self._file(piece, told["file"])
        for question in told["questions"]:
            Support.objects.create(evidence=piece, answer=answers[question], at=self.now, by=self.sender)
        return piece

    def _file(self, piece: Evidence, file: Mapping[str, Any] | None) -> None:
        if file is None or not file["is_packed"]:
            return
        coming = receive([self.package.parts[f"evidence/{file['sha256']}"]])
        if coming.sha256 != file["sha256"]:
            coming.drop()
            raise AssessmentError(BROKEN, what=file["sha256"])
        settle(coming)
        name = shown_name(file["filename"])
        Version.objects.create(
            evidence=piece, number=1, filename=name, media_type=media_type(name), size=coming.size, sha256=coming.sha256,
            stored_at=self.now, stored_by=self.sender,
        )  # fmt: skip
