"""Small rounds of the self-assessment for tests: respondents, answers and evidence in one line each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from forefend.assess.answers import EvidencePiece, GivenAnswer, Respondent, RoundAnswers
from forefend.catalog import Catalog, load_catalog

TODAY = date(2026, 11, 24)
MINISTRY = Respondent(id="justice", title="Ministry of justice", kind="government")
POLICE = Respondent(id="police", title="Police", kind="government")
INTERIOR = Respondent(id="interior", title="Ministry of the interior", kind="government")
NHRI = Respondent(id="nhri", title="Human rights commission", kind="independent_bodies")
ASSOCIATION = Respondent(id="association", title="An association", kind="civil_society", is_protected=True)
ASSOCIATION_2 = Respondent(id="association2", title="Another association", kind="civil_society", is_protected=True)
ASSOCIATION_3 = Respondent(id="association3", title="A third association", kind="civil_society", is_protected=True)
EVERYBODY = (MINISTRY, POLICE, INTERIOR, NHRI, ASSOCIATION, ASSOCIATION_2, ASSOCIATION_3)


def piece(grade: str, **changed: Any) -> EvidencePiece:
    """One piece of evidence by its grade, dated a month ago."""
    known = EvidencePiece(
        id=changed.get("id", f"piece-{grade}"), title="A report", letter=grade[0], number=int(grade[1]), dated=TODAY - timedelta(days=30)
    )
    return replace(known, **changed)


def answer(question: str, respondent: Respondent, value: float | str, /, **changed: Any) -> GivenAnswer:
    """One answer, checked today: a level, or one of the words."""
    given: dict[str, Any] = {"kind": value} if isinstance(value, str) else {"kind": "level", "value": float(value)}
    known: dict[str, Any] = {
        "id": f"{question}-{respondent.id}", "question": question, "respondent": respondent, "checked_on": TODAY,
        "comment": f"What {respondent.id} says on {question}.",
    }  # fmt: skip
    return GivenAnswer(**(known | given | changed))


def round_of(*answers: GivenAnswer, actions: Sequence[str] = ("N1",), **changed: Any) -> RoundAnswers:
    """A round over the shipped catalog (or ``catalog``) that asks each of its questions of all who answered it."""
    asked: dict[str, tuple[str, ...]] = {}
    for given in answers:
        asked[given.question] = (*asked.get(given.question, ()), given.respondent.id)
    known: dict[str, Any] = {
        "id": "round-1", "title": "First round", "state": "GHA", "catalog": load_catalog(), "actions": tuple(actions), "today": TODAY,
        "respondents": {one.id: one for one in EVERYBODY}, "asked": asked,
    }  # fmt: skip
    return RoundAnswers(answers=answers, **(known | changed))


def catalog_with(changes: Mapping[str, Mapping[str, Any] | None]) -> Catalog:
    """The shipped catalog with questions changed by id (None takes one away); a new id is copied from ``like``."""
    shipped = load_catalog()
    questions = dict(shipped.questions)
    for identifier, change in changes.items():
        if change is None:
            del questions[identifier]
            continue
        fields = dict(change)
        origin = shipped.questions[fields.pop("like", identifier)]
        questions[identifier] = origin.model_copy(update={"id": identifier, **fields})
    actions = {
        known: action.model_copy(update={"questions": tuple(q.id for q in questions.values() if q.action == known)})
        for known, action in shipped.actions.items()
    }
    return shipped.model_copy(update={"questions": questions, "actions": actions})
