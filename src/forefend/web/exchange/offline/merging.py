"""Reading a round that was given back: whose it is, that it is whole, and which answers and evidence come with it."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from forefend.errors import AssessmentError
from forefend.locale import N_
from forefend.settings import MARKINGS
from forefend.web.accounts.reading import RED
from forefend.web.assessment.actions.answering import COMMENT_AT_MOST, Content
from forefend.web.assessment.models import Contribution
from forefend.web.evidence.actions import NewFile
from forefend.web.evidence.files import receive
from forefend.web.exchange.arriving import Arriving, Piece, require_open
from forefend.web.exchange.home import home_id
from forefend.web.exchange.offline.giving import key_of
from forefend.web.exchange.offline.package import BACK, CONTENT, Package, unpack
from forefend.web.project.workbench import workbench

ORIGIN = "offline round"
OTHER_HOME = N_("This round was given by another installation. Merge it there; nothing was changed.")
NOT_OURS = N_("The file does not prove that it belongs to a round that was given here. Ask for it again; nothing was changed.")
OTHER_ROUND = N_("This file belongs to another round or institution. Send it on the page of that one; nothing was changed.")
OTHER_EDITION = N_("The round was given with another edition of the catalog than it has now. Nothing was changed.")
MALFORMED = N_("The file holds something that no answer can be (%(question)s). Nothing was changed.")


@dataclass(frozen=True, kw_only=True)
class GivenBack:
    """A round that was given back: the part of the round it belongs to, what comes, and the files with it."""

    part: Contribution
    arriving: tuple[Arriving, ...]
    package: Package

    def file_of(self, piece: Piece) -> NewFile | None:
        """Return the file of a piece of evidence, taken in and not yet placed."""
        content = self.package.parts.get(f"evidence/{piece.sha256}")
        return NewFile(coming=receive([content]), filename=piece.filename) if content is not None else None


def read_back(content: bytes, *, part: Contribution | None = None) -> GivenBack:
    """Read a file; raises AssessmentError in one sentence when it is not whole, not of here, or its round is closed.

    ``part`` is the one it must belong to, where that is known.
    """
    package = unpack(content, kind=BACK)
    manifest = package.manifest
    if manifest.get("home") != home_id():
        raise AssessmentError(OTHER_HOME)
    found = _part(manifest)
    if found is None or not package.is_signed_with(key_of(found, str(manifest.get("nonce", "")))):
        raise AssessmentError(NOT_OURS)
    if part is not None and part.pk != found.pk:
        raise AssessmentError(OTHER_ROUND)
    if manifest.get("edition") != found.round.edition.digest:
        raise AssessmentError(OTHER_EDITION)
    require_open(found)
    return GivenBack(part=found, arriving=_arriving(package), package=package)


def _part(manifest: Mapping[str, Any]) -> Contribution | None:
    number, key = manifest.get("round"), manifest.get("institution")
    if not isinstance(number, int) or not isinstance(key, str):
        return None
    parts = Contribution.objects.select_related("round__edition", "institution")
    return parts.filter(round=number, institution__key=key).first()


def _arriving(package: Package) -> tuple[Arriving, ...]:
    told = package.json(CONTENT)
    pieces: dict[str, list[Piece]] = defaultdict(list)
    question = CONTENT
    try:
        for piece in told["evidence"]:
            for question in piece["questions"]:
                pieces[question].append(_piece(piece, package))
        answers = []
        for answer in told["answers"]:
            question = str(answer["question"])[:12]
            answers.append(_answer(answer, tuple(pieces.pop(question, ()))))
    except (KeyError, TypeError, ValueError, AttributeError):
        raise AssessmentError(MALFORMED, question=question) from None
    return (*answers, *(Arriving(question=key, content=None, base_version=0, pieces=tuple(own)) for key, own in pieces.items()))


def _answer(told: Mapping[str, Any], pieces: tuple[Piece, ...]) -> Arriving:
    marking = told["marking"] if told["marking"] in MARKINGS and told["marking"] != RED else ""
    return Arriving(
        question=str(told["question"])[:12], content=_content(told["content"]), base_version=int(told["base_version"]), pieces=pieces,
        written_by=str(told["saved_by"])[:120], marking=marking,
    )  # fmt: skip


def _content(told: Mapping[str, Any]) -> Content:
    """Read an answer; what stands in a file is believed no more than what stands in a form."""
    kind, value, suggestion = str(told["kind"]), told["value"], told["suggestion"]
    has_value = kind in ("level", "number")
    if (has_value and not _is_number(value)) or not isinstance(suggestion, dict | None):
        raise ValueError(kind)
    departs, comment = told["departs_because"], told["comment"]
    if not isinstance(comment, str) or not isinstance(departs, str) or len(departs) > COMMENT_AT_MOST:
        raise ValueError(kind)
    return Content(
        kind=kind, value=float(value) if has_value else None, comment=comment, sure=str(told["sure"]),
        checked_on=min(date.fromisoformat(told["checked_on"]), workbench().today), suggestion=suggestion,
        is_taken_over=told["is_taken_over"] is True, departs_because=departs,
    )  # fmt: skip


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _piece(told: Mapping[str, Any], package: Package) -> Piece:
    file = told["file"] or {}
    is_packed = f"evidence/{file.get('sha256', '')}" in package.parts
    known_as = int(told["known_as"])
    return Piece(
        title=str(told["title"]), url=str(told["url"]), letter=str(told["letter"]), number=int(told["number"]),
        dated=date.fromisoformat(told["dated"]) if told["dated"] else None, note=str(told["note"]),
        expires=date.fromisoformat(told["expires"]) if told["expires"] else None, known_as=known_as,
        marking=str(told["marking"]), filename=str(file.get("filename", "")), sha256=str(file["sha256"]) if is_packed else "",
    )  # fmt: skip
