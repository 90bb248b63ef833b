"""A round as tables of plain values: everything in it that one person may read, and nothing else, not even as a number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Prefetch

from forefend.web.accounts.models import Person
from forefend.web.accounts.reading import most_restrictive
from forefend.web.assessment.models import Answer, AnswerVersion, Assignment, Clash, Remark, Round
from forefend.web.assessment.reading import answers_for, contributions_for
from forefend.web.evidence.models import Evidence, Support, Version
from forefend.web.evidence.reading import evidence_for
from forefend.web.exchange.columns import COLUMNS
from forefend.web.exchange.result_tables import groups, questions
from forefend.web.exchange.told_rows import told_rows

Row = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Table:
    """Rows under named columns; values are texts, numbers, truth values, None, or lists and records of these."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(kw_only=True)
class Seen:
    """What one person may read of a round, read once for all tables."""

    round: Round
    person: Person
    answers: list[Answer] = field(init=False)
    evidence: list[Evidence] = field(init=False)
    supports: dict[int, list[int]] = field(init=False)

    def __post_init__(self) -> None:
        """Read answers and their evidence, each by its own rule."""
        self.answers = list(answers_for(self.person, contribution__round=self.round).order_by("contribution__institution__key", "pk"))
        mine = {answer.pk for answer in self.answers}
        pairs = Support.objects.filter(answer__contribution__round=self.round, evidence__in=evidence_for(self.person).values("pk"))
        self.supports = {}
        for answer, piece in pairs.order_by("pk").values_list("answer_id", "evidence_id"):
            if answer in mine:
                self.supports.setdefault(answer, []).append(piece)
        wanted = {piece for pieces in self.supports.values() for piece in pieces}
        found = evidence_for(self.person).filter(pk__in=wanted).select_related("institution", "added_by").order_by("pk")
        self.evidence = list(found.prefetch_related(Prefetch("versions", queryset=Version.objects.order_by("number"))))

    @property
    def marking(self) -> str:
        """The marking of all of it together."""
        return most_restrictive((*(a.marking for a in self.answers), *(e.marking for e in self.evidence)), at_least=self.round.marking)


def tables(seen: Seen, *, only: str = "") -> Iterator[Table]:
    """Give the tables of a round; ``only`` names one of them."""
    for name, make in TABLES.items():
        if only in ("", name):
            rows = tuple({key: plain(value) for key, value in row.items()} for row in make(seen))
            yield Table(name=name, columns=COLUMNS[name], rows=rows)


def plain(value: Any) -> Any:
    """Return a value in the types of JSON."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(entry) for entry in value]
    return value


def _institutions(seen: Seen) -> Iterable[Row]:
    for part in contributions_for(seen.person, seen.round).select_related("institution", "handed_in_by"):
        yield {
            "institution": part.institution.key, "title": part.institution.title, "kind": part.institution.kind,
            "is_protected": part.institution.is_protected, "stage": part.stage, "due_on": part.due_on,
            "handed_in_at": part.handed_in_at, "handed_in_by": part.handed_in_by.name if part.handed_in_by else None,
            "closed_because": part.closed_because,
        }  # fmt: skip


def _asked(seen: Seen) -> Iterable[Row]:
    rows = Assignment.objects.filter(contribution__in=contributions_for(seen.person, seen.round)).order_by("contribution_id", "pk")
    for key, question in rows.values_list("contribution__institution__key", "question"):
        yield {"institution": key, "question": question}


def _answers(seen: Seen) -> Iterable[Row]:
    for answer in seen.answers:
        suggestion = answer.suggestion or {}
        yield {
            "id": answer.pk, "question": answer.question, "institution": answer.contribution.institution.key,
            "kind": answer.kind, "value": answer.value, "comment": answer.comment, "confidence": answer.sure,
            "checked_on": answer.checked_on, "marking": answer.marking, "suggested_level": suggestion.get("level"),
            "is_taken_over": answer.is_taken_over, "departs_because": answer.departs_because, "version": answer.version,
            "saved_at": answer.saved_at, "saved_by": answer.saved_by.name, "counts": _counts(answer),
            "evidence": seen.supports.get(answer.pk, []),
        }  # fmt: skip


def _counts(answer: Answer) -> bool:
    """Whether the answer is part of the result: handed in, and its institution not closed."""
    return answer.contribution.stage != "draft" and not answer.contribution.closed_because


def _versions(seen: Seen) -> Iterable[Row]:
    own = {answer.pk for answer in seen.answers}
    found = AnswerVersion.objects.filter(answer__contribution__round=seen.round).select_related("saved_by").order_by("answer_id", "version")
    for version in found:
        if version.answer_id in own:
            yield {"answer": version.answer_id, "version": version.version, "saved_at": version.saved_at,
                   "saved_by": version.saved_by.name, "content": version.content}  # fmt: skip


def _clashes(seen: Seen) -> Iterable[Row]:
    own = {answer.pk for answer in seen.answers}
    for clash in Clash.objects.filter(answer__contribution__round=seen.round).select_related("written_by").order_by("pk"):
        if clash.answer_id in own:
            yield {"answer": clash.answer_id, "base_version": clash.base_version, "origin": clash.origin, "written_at": clash.written_at,
                   "written_by": clash.written_by.name, "settled_as": clash.settled_as, "content": clash.content}  # fmt: skip


def _requests(seen: Seen) -> Iterable[Row]:
    own = {answer.pk for answer in seen.answers}
    found = (
        Remark.objects.filter(request__answer__contribution__round=seen.round).select_related("by", "request").order_by("request_id", "pk")
    )
    for remark in found:
        if remark.request.answer_id in own:
            yield {"request": remark.request_id, "answer": remark.request.answer_id, "is_open": remark.request.closed_at is None,
                   "text": remark.text, "at": remark.at, "by": remark.by.name}  # fmt: skip


def _rulings(seen: Seen) -> Iterable[Row]:
    newest = {ruling.question: ruling.pk for ruling in seen.round.rulings.order_by("pk")}
    for ruling in seen.round.rulings.select_related("by").order_by("question", "at", "pk"):
        yield {"question": ruling.question, "score": ruling.score, "reason": ruling.reason, "at": ruling.at, "by": ruling.by.name,
               "stands": newest[ruling.question] == ruling.pk}  # fmt: skip


def _conditions(seen: Seen) -> Iterable[Row]:
    for condition in seen.round.conditions.select_related("set_by", "confirmed_by_lead", "confirmed_outside"):
        yield {
            "condition": condition.name, "holds": condition.holds, "reason": condition.reason, "source": condition.source,
            "set_at": condition.set_at, "set_by": condition.set_by.name,
            "confirmed_by": [person.name for person in (condition.confirmed_by_lead, condition.confirmed_outside) if person],
        }  # fmt: skip


def _evidence(seen: Seen) -> Iterable[Row]:
    supported: dict[int, list[int]] = defaultdict(list)
    for answer, pieces in seen.supports.items():
        for number in pieces:
            supported[number].append(answer)
    for piece in seen.evidence:
        yield {
            "id": piece.pk, "title": piece.title, "institution": piece.institution.key, "grade": f"{piece.letter}{piece.number}",
            "dated": piece.dated, "expires": piece.expires, "marking": piece.marking, "link": piece.url, "note": piece.note,
            "added_at": piece.added_at, "added_by": piece.added_by.name, "withdrawn_because": piece.withdrawn_because,
            "files": [
                {"version": v.number, "filename": v.filename, "size": v.size, "sha256": v.sha256} for v in piece.versions.all()
            ],
            "answers": supported[piece.pk],
        }  # fmt: skip


def _record(seen: Seen) -> Iterable[Row]:
    parts = contributions_for(seen.person, seen.round)
    keys = [seen.round.key, *(part.key for part in parts), *(a.key for a in seen.answers), *(e.key for e in seen.evidence)]
    return told_rows(seen.person, keys)


TABLES: Mapping[str, Callable[[Seen], Iterable[Row]]] = {
    "institutions": _institutions,
    "asked": _asked,
    "answers": _answers,
    "versions": _versions,
    "clashes": _clashes,
    "requests": _requests,
    "rulings": _rulings,
    "conditions": _conditions,
    "results": lambda seen: questions(seen.round, seen.person),
    "groups": lambda seen: groups(seen.round, seen.person),
    "evidence": _evidence,
    "record": _record,
}
