"""What a round of the self-assessment holds, as plain records: the input of every rule of the assessment.

The workbench fills these from its database, the offline round from a file; nothing here knows either.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from forefend.catalog import Catalog

AnswerKind = Literal["level", "yes", "partly", "no", "number", "unknown", "not_applicable"]
ANSWER_KINDS: tuple[AnswerKind, ...] = ("level", "yes", "partly", "no", "number", "unknown", "not_applicable")
SureWord = Literal["", "low", "moderate", "high"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Respondent:
    """An institution that answers; ``kind`` is one of the catalog's respondent types. ``is_protected``: its own
    score is shown only among three or more of its type, or with its consent."""

    id: str
    title: str
    kind: str
    is_protected: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class EvidencePiece:
    """A piece of evidence as far as rules need it: its Admiralty grade (A–F, 1–6), its own date, when it expires.

    ``independent_of`` names pieces it was drawn from; it is then not counted beside them.
    """

    id: str
    title: str
    letter: str
    number: int
    dated: date | None
    expires: date | None = None
    independent_of: tuple[str, ...] = ()
    marking: str = "AMBER"


@dataclass(frozen=True, kw_only=True, slots=True)  # a large round holds thousands
class GivenAnswer:
    """What one institution answers to one question.

    ``value`` is the level 0–4 for ``level``, the number for ``number``, else None. ``checked_on`` is the day the
    answer was last checked against its source; ages count from it. ``suggested`` is the level that public data
    suggested when the answer was given, ``is_taken_over`` whether it was accepted as it stood.
    ``open_requests`` counts a reviewer's requests for change that nobody has closed. ``given_by`` and
    ``reviewed_by`` are people.
    """

    id: str
    question: str
    respondent: Respondent
    kind: AnswerKind
    value: float | None = None
    comment: str = ""
    sure: SureWord = ""
    checked_on: date
    evidence: tuple[EvidencePiece, ...] = ()
    suggested: float | None = None
    is_taken_over: bool = False
    departs_because: str = ""
    open_requests: int = 0
    marking: str = "AMBER"
    is_shared: bool = True  # a protected respondent's consent to show its own score
    given_by: str = ""
    reviewed_by: str = ""


@dataclass(frozen=True, kw_only=True)
class Ruling:
    """The level a coordinator gives where institutions differ, with its written reason; the answers stay as they are.

    ``score`` is None where the ruling is that it cannot be known."""

    question: str
    score: float | None
    reason: str
    by: str
    on: date


@dataclass(frozen=True, kw_only=True)
class ConditionFact:
    """What a condition of the state profile rests on: its source, and the types of respondents that confirmed it."""

    source: str = ""
    confirmed_by: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RoundAnswers:
    """One round: the pinned catalog, the actions in scope, who was asked what, and all that was answered.

    ``conditions`` holds what the state profile settles; a condition that is not in it counts as true.
    ``asked`` gives the respondents of each question. ``stage`` is a stage of ``transitions``, and so is that of each
    respondent's contribution; those in ``closed`` the coordinator closed before they handed in.
    """

    id: str
    title: str
    state: str
    catalog: Catalog
    actions: tuple[str, ...]
    respondents: Mapping[str, Respondent]
    asked: Mapping[str, tuple[str, ...]]
    answers: tuple[GivenAnswer, ...]
    rulings: Mapping[str, Ruling] = field(default_factory=dict)
    conditions: Mapping[str, bool] = field(default_factory=dict)
    stage: str = "draft"
    today: date
    condition_facts: Mapping[str, ConditionFact] = field(default_factory=dict)
    contributions: Mapping[str, str] = field(default_factory=dict)
    closed: frozenset[str] = frozenset()
    due: date | None = None
