"""Checks of evidence: whether it is there, fits what is claimed, and is still good."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from itertools import combinations

from forefend.assess.answers import EvidencePiece, GivenAnswer
from forefend.assess.checks.registry import At, Seen, check
from forefend.assess.evidence import are_independent, counting, is_expired, weight_of
from forefend.assess.scoring import AGEING, C3, RELIABILITY
from forefend.locale import N_

EXPIRES_WITHIN = timedelta(days=60)
MANY_ANSWERS = 10
WEAK_LETTERS = ("E", "F")
IMPROBABLE = 5


@check(
    "evidence.level_4_without",
    severity="warns",
    title=N_("Level 4 with no evidence"),
    sentence=N_("%(institution)s gives level 4 to %(question)s with no evidence; a cautious reader counts 2. Attach proof of practice."),
)
def level_4_without(seen: Seen) -> Iterator[At]:
    """In place, used and reviewed: that leaves traces."""
    yield from (At(answer=given) for given in seen.answers if seen.score(given) == 4 and not _good(given, seen=seen))


@check(
    "evidence.level_3_weak",
    severity="asks",
    title=N_("Level 3 or more on weak evidence"),
    sentence=N_("%(institution)s gives more than 2 to %(question)s on evidence below C3. Is there something better?"),
)
def level_3_weak(seen: Seen) -> Iterator[At]:
    """Levels 3 and 4 need proof of practice; none at all is another check."""
    for given in seen.answers:
        carried = [weight_of(piece) or 0.0 for piece in _good(given, seen=seen)]
        if (seen.score(given) or 0.0) > 2 and carried and max(carried) < C3 - 1e-9:
            yield At(answer=given)


@check(
    "evidence.expired",
    severity="warns",
    title=N_("Evidence has expired"),
    sentence=N_("The evidence “%(title)s” for %(question)s has expired and counts no more. Attach its successor, or extend it."),
)
def expired(seen: Seen) -> Iterator[At]:
    """Expired pieces carry nothing."""
    for given, piece in _pieces(seen):
        if is_expired(piece, today=seen.round.today):
            yield At(answer=given, params={"title": piece.title})


@check(
    "evidence.expires_soon",
    severity="asks",
    title=N_("Evidence expires soon"),
    sentence=N_("The evidence “%(title)s” for %(question)s expires within 60 days. Who will renew it?"),
)
def expires_soon(seen: Seen) -> Iterator[At]:
    """In time to do something about it."""
    for given, piece in _pieces(seen):
        if piece.expires and seen.round.today <= piece.expires <= seen.round.today + EXPIRES_WITHIN:
            yield At(answer=given, params={"title": piece.title})


@check(
    "evidence.older_than_half_life",
    severity="warns",
    title=N_("Evidence is older than its half-life"),
    sentence=N_("The evidence “%(title)s” for %(question)s is %(days)s days old, older than such facts keep. Look for a newer one."),
)
def older_than_half_life(seen: Seen) -> Iterator[At]:
    """By the piece's own date, whenever it was uploaded."""
    for given, piece in _pieces(seen):
        ageing = AGEING[seen.question(given.question).ageing]
        days = (seen.round.today - piece.dated).days if piece.dated else 0
        if days > ageing.grace_days + ageing.half_life_days:
            yield At(answer=given, params={"title": piece.title, "days": days})


@check(
    "evidence.undated",
    severity="asks",
    title=N_("Evidence has no date"),
    sentence=N_("The evidence “%(title)s” for %(question)s has no date of its own. When was it written?"),
)
def undated(seen: Seen) -> Iterator[At]:
    """The day of the upload says nothing."""
    yield from (At(answer=given, params={"title": piece.title}) for given, piece in _pieces(seen) if piece.dated is None)


@check(
    "evidence.dated_ahead",
    severity="stops",
    title=N_("Evidence is dated in the future"),
    sentence=N_("The evidence “%(title)s” for %(question)s is dated after today. Correct its date."),
)
def dated_ahead(seen: Seen) -> Iterator[At]:
    """A slip of the pen, or worse."""
    for given, piece in _pieces(seen):
        if piece.dated and piece.dated > seen.round.today:
            yield At(answer=given, params={"title": piece.title})


@check(
    "evidence.improbable",
    severity="asks",
    title=N_("Evidence that supports nothing"),
    sentence=N_("The evidence “%(title)s” for %(question)s is graded improbable and supports nothing. Why is it attached?"),
)
def improbable(seen: Seen) -> Iterator[At]:
    """Credibility 5 is left out of every figure."""
    yield from (At(answer=given, params={"title": piece.title}) for given, piece in _pieces(seen) if piece.number == IMPROBABLE)


@check(
    "evidence.no_such_grade",
    severity="stops",
    title=N_("A grade that does not exist"),
    sentence=N_(
        "The evidence “%(title)s” for %(question)s has the grade %(grade)s, which does not exist. Give a letter A–F and a number 1–6."
    ),
)
def no_such_grade(seen: Seen) -> Iterator[At]:
    """It would count as nothing, unseen."""
    for given, piece in _pieces(seen):
        if piece.letter not in RELIABILITY or not 1 <= piece.number <= 6:
            yield At(answer=given, params={"title": piece.title, "grade": f"{piece.letter}{piece.number}"})


@check(
    "evidence.one_for_many",
    severity="asks",
    title=N_("One piece carries many answers"),
    sentence=N_("The evidence “%(title)s” is attached to %(count)s questions. Does it speak to each of them?"),
)
def one_for_many(seen: Seen) -> Iterator[At]:
    """One report cannot prove everything."""
    attached: dict[str, set[str]] = defaultdict(set)
    titles = {}
    for given, piece in _pieces(seen):
        attached[piece.id].add(given.question)
        titles[piece.id] = piece.title
    for known, questions in attached.items():
        if len(questions) >= MANY_ANSWERS:
            yield At(params={"title": titles[known], "count": len(questions)})


@check(
    "evidence.echo",
    severity="asks",
    title=N_("Several pieces, one source"),
    sentence=N_("All evidence for %(question)s was drawn from one source and counts once. Is there an independent one?"),
)
def echo(seen: Seen) -> Iterator[At]:
    """Repeating a source does not confirm it."""
    for question in seen.asked:
        pieces = counting((piece for given in question.answers for piece in given.evidence), today=seen.round.today)
        if len(pieces) > 1 and not any(are_independent(one, other) for one, other in combinations(pieces, 2)):
            yield At(question=question.id)


@check(
    "evidence.sure_on_weak",
    severity="warns",
    title=N_("High confidence on weak evidence"),
    sentence=N_("%(institution)s is highly confident of %(question)s, with no evidence graded above E. Say why, or lower the confidence."),
)
def sure_on_weak(seen: Seen) -> Iterator[At]:
    """Confidence needs a ground that others can see."""
    for given in seen.answers:
        if given.sure != "high" or seen.score(given) is None:
            continue
        if all(piece.letter in WEAK_LETTERS for piece in _good(given, seen=seen)):
            yield At(answer=given)


def _pieces(seen: Seen) -> Iterator[tuple[GivenAnswer, EvidencePiece]]:
    yield from ((given, piece) for given in seen.answers for piece in given.evidence)


def _good(given: GivenAnswer, *, seen: Seen) -> tuple[EvidencePiece, ...]:
    return counting(given.evidence, today=seen.round.today) if given.evidence else ()
