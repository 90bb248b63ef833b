"""Checks of what was written: copies, personal data, and markings that would give away what they cover."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from forefend.assess.answers import GivenAnswer
from forefend.assess.checks.registry import At, Seen, check
from forefend.locale import N_

MANY = 3
LONG_ENOUGH = 20  # characters; shorter notes repeat by chance
MARKINGS = ("CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED")  # TLP 2.0, the most open first
EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
PHONE = re.compile(r"(?<![\w/.-])(?:\+|0)(?:[ ()-]*\d){8,14}(?![\w/-])")  # with the sign or nought a number is dialled by


@check(
    "text.same_in_many",
    severity="warns",
    title=N_("The same text in many answers"),
    sentence=N_("%(institution)s gives the same text to %(count)s questions, first to %(question)s. Say what holds for each."),
)
def same_in_many(seen: Seen) -> Iterator[At]:
    """A text that fits everything explains nothing."""
    for given in seen.by_respondent.values():
        alike: dict[str, list[GivenAnswer]] = defaultdict(list)
        for one in given:
            alike[seen.plain(one.comment)].append(one)
        for text, same in alike.items():
            if len(text) >= LONG_ENOUGH and len({one.question for one in same}) >= MANY:
                yield At(answer=same[0], params={"count": len({one.question for one in same})})


@check(
    "text.copied_between",
    severity="asks",
    title=N_("Two institutions, one text"),
    sentence=N_("%(institution)s and %(other)s give the same text to %(question)s. Did they answer separately?"),
)
def copied_between(seen: Seen) -> Iterator[At]:
    """Agreement counts only among those who were asked apart."""
    first: dict[tuple[str, str], GivenAnswer] = {}
    for given in seen.answers:
        text = seen.plain(given.comment)
        earlier = first.setdefault((given.question, text), given)
        if len(text) >= LONG_ENOUGH and earlier.respondent.id != given.respondent.id:
            yield At(answer=given, params={"other": earlier.respondent.title})


@check(
    "text.repeats_the_question",
    severity="asks",
    title=N_("A comment that repeats the question"),
    sentence=N_(
        "The comment of %(institution)s on %(question)s only repeats the words of the question or of a level. What is seen in practice?"
    ),
)
def repeats_the_question(seen: Seen) -> Iterator[At]:
    """The anchor is the claim; the comment should carry it."""
    words: dict[str, set[str]] = {}
    for given in seen.answers:
        if given.question not in words:
            asked = seen.question(given.question)
            words[given.question] = {seen.plain(text) for text in (asked.text, *asked.levels.values(), *asked.answers.values())} - {""}
        if seen.plain(given.comment) in words[given.question]:
            yield At(answer=given)


@check(
    "text.personal_data",
    severity="warns",
    title=N_("Personal data in a comment"),
    sentence=N_("The comment of %(institution)s on %(question)s seems to hold an email address or telephone number. Take it out."),
)
def personal_data(seen: Seen) -> Iterator[At]:
    """Identities are kept apart, or not at all."""
    yield from (At(answer=given) for given in seen.answers if EMAIL.search(given.comment) or PHONE.search(given.comment))


@check(
    "text.marked_below_its_evidence",
    severity="stops",
    title=N_("An answer marked below its evidence"),
    sentence=N_(
        "The answer of %(institution)s to %(question)s is marked %(marking)s, its evidence %(evidence)s. Mark it as its evidence is."
    ),
)
def marked_below_its_evidence(seen: Seen) -> Iterator[At]:
    """What is drawn from a thing takes its marking."""
    for given in seen.answers:
        strictest = max((piece.marking for piece in given.evidence), key=_strictness, default=given.marking)
        if _strictness(strictest) > _strictness(given.marking):
            yield At(answer=given, params={"marking": given.marking, "evidence": strictest})


@check(
    "text.no_such_marking",
    severity="stops",
    title=N_("A marking that does not exist"),
    sentence=N_(
        "The answer of %(institution)s to %(question)s bears the marking %(marking)s, which does not exist. Choose one of TLP 2.0."
    ),
)
def no_such_marking(seen: Seen) -> Iterator[At]:
    """It is treated as the strictest until then."""
    yield from (At(answer=given, params={"marking": given.marking}) for given in seen.answers if given.marking not in MARKINGS)


@check(
    "text.open_answer_of_a_protected_respondent",
    severity="asks",
    title=N_("A protected respondent's answer marked as open"),
    sentence=N_(
        "The answer of %(institution)s to %(question)s may be passed on by its marking, though the institution is protected. Is that meant?"
    ),
)
def open_answer_of_a_protected_respondent(seen: Seen) -> Iterator[At]:
    """Consent to show is one thing, a marking for the world another."""
    for given in seen.answers:
        if given.respondent.is_protected and not given.is_shared and given.marking in MARKINGS[:2]:
            yield At(answer=given)


def _strictness(marking: str) -> int:
    return MARKINGS.index(marking) if marking in MARKINGS else len(MARKINGS)
