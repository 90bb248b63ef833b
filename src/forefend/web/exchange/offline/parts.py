"""What of a round travels, as plain records: the same words for those who pack and those who unpack."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from forefend.web.assessment.actions.answering import contents_of
from forefend.web.assessment.models import Answer
from forefend.web.evidence.files import path_of
from forefend.web.evidence.models import Evidence
from forefend.web.exchange.offline.package import LARGEST_FILE

FILES_AT_MOST = 40 * 1024**2  # of all evidence together; what is larger stays where it is, and is named


def answer_record(answer: Answer) -> dict[str, Any]:
    """Return an answer as it travels."""
    return {
        "question": answer.question, "version": answer.version, "content": contents_of(answer), "marking": answer.marking,
        "saved_at": answer.saved_at.isoformat(), "saved_by": answer.saved_by.name,
    }  # fmt: skip


@dataclass(kw_only=True)
class Packing:
    """Evidence being packed: its records, and the files as far as there is room for them."""

    files: dict[str, bytes] = field(default_factory=dict)
    left: int = FILES_AT_MOST

    def record(self, piece: Evidence, questions: Iterable[str]) -> Mapping[str, Any]:
        """Return a piece as it travels; its newest file is packed beside it where there is room."""
        newest = piece.versions.order_by("-number").first()
        told = {
            "id": piece.pk, "title": piece.title, "url": piece.url, "letter": piece.letter, "number": piece.number,
            "dated": piece.dated.isoformat() if piece.dated else None, "expires": piece.expires.isoformat() if piece.expires else None,
            "marking": piece.marking, "note": piece.note, "questions": sorted(questions), "file": None,
        }  # fmt: skip
        if newest is None:
            return told
        is_packed = self._pack(newest.sha256, newest.size)
        return told | {
            "file": {"filename": newest.filename, "sha256": newest.sha256, "size": newest.size, "is_packed": is_packed},
        }

    def _pack(self, sha256: str, size: int) -> bool:
        name, path = f"evidence/{sha256}", path_of(sha256)
        if name in self.files:
            return True
        if size > min(LARGEST_FILE, self.left) or not path.is_file():
            return False
        self.files[name] = path.read_bytes()
        self.left -= size
        return True
