"""Taking in what was shown: each answer by the action that answers, so that nothing is overwritten; then its evidence."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import transaction

from forefend.web.accounts.models import Person
from forefend.web.accounts.reading import RED
from forefend.web.assessment import actions
from forefend.web.assessment.models import Answer, Contribution
from forefend.web.audit.actions import record
from forefend.web.evidence.actions import Details, NewFile, add_evidence, attach
from forefend.web.evidence.models import Evidence
from forefend.web.exchange.arriving import Arriving, Compared, Piece, compare

UNTOUCHED = ("same", "kept")
Files = Callable[[Piece], NewFile | None]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of a file: questions whose answer was saved, those whose text clashed, and how much evidence was added."""

    saved: tuple[str, ...]
    clashed: tuple[str, ...]
    n_pieces: int


@transaction.atomic
def take_in(*, part: Contribution, arriving: Sequence[Arriving], by: Person, origin: str, files: Files = lambda _: None) -> Outcome:
    """Take in everything that can be, or nothing at all. It is compared again here, where nobody else can be in between."""
    locked = Contribution.objects.select_for_update(of=("self",)).select_related("round__edition", "institution").get(pk=part.pk)
    saved, clashed, n_pieces = [], [], 0
    made: dict[tuple[str, str], int] = {}  # one piece may come with several answers
    for one in compare(locked, arriving, by):
        if not one.does_something:
            continue
        answer, is_clash = _answer(locked, one, by=by, origin=origin)
        if answer is None:
            continue
        if one.state not in UNTOUCHED:
            (clashed if is_clash else saved).append(one.arriving.question)
        n_pieces += sum(_evidence(answer, piece, number, by=by, files=files, made=made) for piece, number in one.pieces)
    # Every answer has its own row, as open as the answer; this one says no more than that a file was taken in.
    record("round.taken_in", subject=part.key, by=by, after={"origin": origin}, marking=part.round.marking, moves=(part.round.key,))
    return Outcome(saved=tuple(saved), clashed=tuple(clashed), n_pieces=n_pieces)


def _answer(part: Contribution, one: Compared, *, by: Person, origin: str) -> tuple[Answer | None, bool]:
    """Save one answer; returns it as it stands, and whether what came was kept beside it as a clash."""
    if one.arriving.content is None or one.state in UNTOUCHED:
        return _marked(one.standing, one, by=by), False
    done = actions.save_answer(
        contribution=part,
        question=one.arriving.question,
        content=one.arriving.content,
        base_version=one.arriving.base_version,
        by=by,
        origin=origin,
    )
    return (done.answer, True) if done.clash is not None else (_marked(done.answer, one, by=by), False)


def _marked(answer: Answer | None, one: Compared, *, by: Person) -> Answer | None:
    """Give an answer the marking it comes with."""
    return actions.mark_answer(answer=answer, marking=one.marking, by=by) if answer is not None and one.marking else answer


def _evidence(answer: Answer, piece: Piece, number: int, *, by: Person, files: Files, made: dict[tuple[str, str], int]) -> bool:
    """Attach a piece that is here, or add it first; tells whether it supports the answer now."""
    number = number or made.get((piece.url, piece.sha256), 0)
    if number:
        attach(evidence=Evidence.objects.get(pk=number), answer=answer, by=by)
        return True
    file = files(piece) if piece.sha256 else None
    if file is None and not piece.url:
        return False
    # What comes for an answer that is for named readers is for them alone, too: a file has no column for that.
    is_red = answer.marking == RED
    details = Details(
        title=piece.title, letter=piece.letter, number=piece.number, dated=piece.dated, expires=piece.expires,
        marking=RED if is_red else piece.marking, readers=[*answer.readers.all(), answer.saved_by] if is_red else (),
        note=piece.note, url=piece.url,
    )  # fmt: skip
    made[piece.url, piece.sha256] = add_evidence(by=by, details=details, file=file, answer=answer).pk
    return True
