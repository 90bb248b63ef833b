"""Answers that come in from a workbook or an offline round, held against what stands: nothing is written here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from forefend.assess.transitions import answers_are_open
from forefend.errors import AssessmentError, NotAllowed
from forefend.locale import N_
from forefend.web.accounts.models import Person
from forefend.web.accounts.permissions import may
from forefend.web.accounts.roles import ANSWER
from forefend.web.assessment.actions.answering import Content, contents_of, problem_with
from forefend.web.assessment.editions import catalog_of
from forefend.web.assessment.models import Answer, Clash, Contribution
from forefend.web.assessment.reading import NOT_HERE, answers_for
from forefend.web.evidence.models import Evidence, Support, Version
from forefend.web.evidence.reading import evidence_for

CLOSED = N_("These answers were handed in, so they are closed. Ask the coordinator to return them; nothing was changed.")
NOT_ASKED = N_("%(question)s was not put to this institution. Ask the coordinator to assign it.")
TWICE = N_("%(question)s comes twice in the file. Keep one of the two.")
HIDDEN = N_("%(question)s is answered and marked for others, so it cannot be changed by this file. Ask in your institution.")
NO_LINK = N_("The evidence “%(title)s” has no link. Add its file in the workbench.")


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A piece of evidence that comes with an answer: a link, or a file by its hash.

    ``known_as`` is its number here where it went out from here.
    """

    title: str
    url: str = ""
    letter: str = "F"
    number: int = 6  # nobody has judged it yet
    dated: date | None = None
    expires: date | None = None
    marking: str = "AMBER"
    note: str = ""
    filename: str = ""
    sha256: str = ""
    known_as: int = 0


@dataclass(frozen=True, kw_only=True)
class Arriving:
    """One answer that comes in, the version it was written on, and where in the file it stands.

    ``content`` is None where only evidence comes.
    """

    question: str
    content: Content | None
    base_version: int
    pieces: tuple[Piece, ...] = ()
    where: str = ""
    written_by: str = ""
    marking: str = ""


@dataclass(frozen=True, kw_only=True)
class Compared:
    """An answer beside what stands. ``state``: new, changed, clash, same, refused, or kept: a clash that the
    same file brought before.

    ``pieces`` are those that are not here yet or do not support this answer yet. ``marking`` is the one that comes with it,
    where it is another than that of what stands.
    """

    arriving: Arriving
    state: str
    standing: Answer | None = None
    marking: str = ""
    pieces: tuple[tuple[Piece, int], ...] = ()
    refused: AssessmentError | None = None
    refused_pieces: tuple[AssessmentError, ...] = ()

    @property
    def does_something(self) -> bool:
        """Whether taking it in changes anything."""
        return self.state in ("new", "changed", "clash") or bool((self.pieces or self.marking) and self.state != "refused")


@dataclass(kw_only=True)
class Here:
    """What stands in one institution's part, read once."""

    part: Contribution
    person: Person
    answers: Mapping[str, Answer] = field(init=False)
    readable: frozenset[int] = field(init=False)
    asked: frozenset[str] = field(init=False)
    supports: frozenset[tuple[int, int]] = field(init=False)
    by_url: Mapping[str, int] = field(init=False)
    by_hash: Mapping[str, int] = field(init=False)
    numbers: frozenset[int] = field(init=False)

    def __post_init__(self) -> None:
        """Read it."""
        self.answers = {a.question: a for a in Answer.objects.filter(contribution=self.part).select_related("saved_by")}
        self.readable = frozenset(answers_for(self.person, contribution=self.part).values_list("pk", flat=True))
        self.asked = frozenset(self.part.assignments.values_list("question", flat=True))
        pairs = Support.objects.filter(answer__contribution=self.part)
        self.supports = frozenset(pairs.values_list("answer_id", "evidence_id"))
        own = evidence_for(self.person).filter(institution=self.part.institution_id, withdrawn_at__isnull=True)
        self.numbers = frozenset(own.values_list("pk", flat=True))
        self.by_url = dict(Evidence.objects.filter(pk__in=self.numbers).exclude(url="").values_list("url", "pk"))
        self.by_hash = dict(Version.objects.filter(evidence__in=self.numbers).values_list("sha256", "evidence_id"))

    def number_of(self, piece: Piece) -> int:
        """Return the number of a piece that is here already, by its number, hash or link; 0 for one that is not."""
        if piece.known_as in self.numbers:
            return piece.known_as
        return self.by_hash.get(piece.sha256, 0) if piece.sha256 else self.by_url.get(piece.url, 0)


def require_open(part: Contribution) -> None:
    """Raise AssessmentError unless the institution may still change its answers."""
    if part.closed_because or not answers_are_open(part.round.stage, part.stage):
        raise AssessmentError(CLOSED)


def compare(part: Contribution, arriving: Sequence[Arriving], person: Person) -> list[Compared]:
    """Hold what comes in against what stands, in the order it comes; only for people of the institution."""
    if not may(person, ANSWER) or person.institution_id != part.institution_id:
        raise NotAllowed(NOT_HERE)
    require_open(part)
    here, times = Here(part=part, person=person), Counter(one.question for one in arriving)
    return [_compared(one, here, is_twice=times[one.question] > 1) for one in arriving]


def _compared(one: Arriving, here: Here, *, is_twice: bool) -> Compared:
    problem = _problem(one, here, is_twice=is_twice)
    if problem is not None:
        return Compared(arriving=one, state="refused", refused=problem)
    answer = here.answers.get(one.question)
    if answer is not None and answer.pk not in here.readable:
        return Compared(arriving=one, state="refused", refused=AssessmentError(HIDDEN, question=one.question))
    found = [(piece, here.number_of(piece)) for piece in one.pieces]
    usable = [(piece, number) for piece, number in found if number or piece.url or piece.sha256]
    state = _state(one, answer)
    return Compared(
        arriving=one,
        state=state,
        standing=answer,
        marking=_marking(one, answer, here, state=state),
        pieces=tuple((piece, number) for piece, number in usable if answer is None or (answer.pk, number) not in here.supports),
        refused_pieces=tuple(AssessmentError(NO_LINK, title=piece.title) for piece, number in found if (piece, number) not in usable),
    )


def _state(one: Arriving, answer: Answer | None) -> str:
    if one.content is None:
        return "same"
    if answer is None:
        return "new"
    written = as_kept(one.content)
    if contents_of(answer) == written:
        return "same"
    if answer.version == one.base_version:
        return "changed"
    is_kept = Clash.objects.filter(answer=answer, content=written, base_version=one.base_version).exists()
    return "kept" if is_kept else "clash"


def _marking(one: Arriving, answer: Answer | None, here: Here, *, state: str) -> str:
    stands = here.part.round.marking if answer is None else answer.marking
    return one.marking if one.marking and one.marking != stands and state in ("new", "changed", "same") else ""


def as_kept(content: Content) -> dict[str, object]:
    """Return what is written in the types in which answers are kept."""
    return contents_of(
        Answer(
            kind=content.kind, value=content.value, comment=content.comment, sure=content.sure, checked_on=content.checked_on,
            suggestion=dict(content.suggestion) if content.suggestion else None, is_taken_over=content.is_taken_over,
            departs_because=content.departs_because,
        )
    )  # fmt: skip


def _problem(one: Arriving, here: Here, *, is_twice: bool) -> AssessmentError | None:
    if one.question not in here.asked:
        return AssessmentError(NOT_ASKED, question=one.question)
    if is_twice:
        return AssessmentError(TWICE, question=one.question)
    if one.content is None:
        return None
    return problem_with(catalog_of(here.part.round).questions[one.question], one.content)
