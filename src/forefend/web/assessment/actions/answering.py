"""Answering a question: each institution by itself, each version kept, and nothing overwritten unseen."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from forefend.assess.answers import ANSWER_KINDS
from forefend.assess.transitions import answers_are_open
from forefend.catalog.model import Question
from forefend.errors import AssessmentError, NotAllowed
from forefend.locale import N_
from forefend.settings import MARKINGS
from forefend.web.accounts.models import Person
from forefend.web.accounts.permissions import may
from forefend.web.accounts.reading import RED, most_restrictive
from forefend.web.accounts.roles import ANSWER
from forefend.web.assessment.actions.moved import round_counting, round_of
from forefend.web.assessment.actions.texts import STRANGE, is_text
from forefend.web.assessment.editions import catalog_of
from forefend.web.assessment.models import SURE, Answer, AnswerVersion, Clash, Contribution
from forefend.web.assessment.reading import may_read_answer
from forefend.web.audit.actions import record

COMMENT_AT_MOST = 20_000
KINDS_OF: Mapping[str, tuple[str, ...]] = {
    "maturity": ("level", "unknown", "not_applicable"),
    "yes_no_partly": ("yes", "partly", "no", "unknown", "not_applicable"),
    "numeric": ("number", "unknown", "not_applicable"),
}


@dataclass(frozen=True, kw_only=True)
class Content:
    """What is written in an answer; ``suggestion`` is what public data said when it was looked at."""

    kind: str
    value: float | None = None
    comment: str = ""
    sure: str = ""
    checked_on: date
    suggestion: Mapping[str, Any] | None = None
    is_taken_over: bool = False
    departs_because: str = ""


@dataclass(frozen=True, kw_only=True)
class Saved:
    """What became of a save: the answer as it stands, and the clash that was kept when somebody else had been faster."""

    answer: Answer
    clash: Clash | None = None
    is_changed: bool = True


@transaction.atomic
def save_answer(
    *, contribution: Contribution, question: str, content: Content, base_version: int, by: Person, origin: str = "page"
) -> Saved:
    """Save an answer written on ``base_version`` (0: there was none).

    When another version stands meanwhile, that one stays, what was written now is kept as a clash, and both are shown
    side by side; nothing is lost and nothing overwritten.
    """
    locked = _locked(contribution, by=by)
    _check(locked, question, content)
    answer = Answer.objects.select_for_update().filter(contribution=locked, question=question).first()
    _refuse_hidden(answer, by=by)
    if answer is not None and contents_of(answer) == _plain(content):
        return Saved(answer=answer, is_changed=False)
    if answer is None:
        return Saved(answer=_first(locked, question, content, by=by))
    if answer.version != base_version:
        return Saved(answer=answer, clash=_keep_clash(answer, content, base_version=base_version, by=by, origin=origin), is_changed=False)
    return Saved(answer=_change(answer, content, by=by))


@transaction.atomic
def take_over(*, contribution: Contribution, question: str, suggestion: Mapping[str, Any], base_version: int, by: Person) -> Saved:
    """Take over what public data suggest for one question, as it stands. There is no way to take over many at once."""
    asked = catalog_of(contribution.round).questions.get(question)
    if asked is None or suggestion.get("level") is None:
        raise AssessmentError(N_("Public data suggest no level for %(question)s. Choose one of the answers shown."), question=question)
    kind, value = _as_answer(asked, suggestion)
    content = Content(
        kind=kind, value=value, comment=str(suggestion.get("sentence", "")), checked_on=timezone.now().date(), suggestion=suggestion,
        is_taken_over=True,
    )  # fmt: skip
    return save_answer(contribution=contribution, question=question, content=content, base_version=base_version, by=by)


@transaction.atomic
def settle_clash(*, clash: Clash, settled_as: str, by: Person, joined: Content | None = None) -> Answer:
    """Decide between two texts: ``kept`` what stands, ``replaced`` by the other, or ``joined`` as written anew."""
    locked = _locked(clash.answer.contribution, by=by)
    again = Clash.objects.select_for_update().get(pk=clash.pk)
    if again.settled_at is not None:
        raise AssessmentError(N_("Somebody has decided this already. Reload the page to see how."))
    answer = Answer.objects.select_for_update().get(pk=clash.answer_id)
    _refuse_hidden(answer, by=by)
    content = joined if settled_as == "joined" else _content(again.content) if settled_as == "replaced" else None
    if content is not None:
        _check(locked, answer.question, content)
        answer = _change(answer, content, by=by)
    elif settled_as != "kept":
        raise AssessmentError(N_("Choose which of the two texts stands, or write a new one."))
    again.settled_at, again.settled_as = timezone.now(), settled_as
    again.save(update_fields=["settled_at", "settled_as"])
    record("answer.clash_settled", subject=answer.key, by=by, after={"clash": again.pk, "as": settled_as}, marking=answer.marking, moves=())
    return answer


@transaction.atomic
def mark_answer(*, answer: Answer, marking: str, by: Person, readers: Collection[Person] = ()) -> Answer:
    """Set who may read an answer, by its TLP 2.0 marking; RED names its readers beside who wrote it and who marks it.

    Only who may read it can mark it, so that nobody opens what was closed to them.
    """
    _locked(answer.contribution, by=by)
    locked = Answer.objects.select_for_update().get(pk=answer.pk)
    _refuse_hidden(locked, by=by)
    if marking not in MARKINGS:
        raise AssessmentError(N_("There is no marking %(name)s. Give one of %(known)s."), name=marking, known=", ".join(MARKINGS))
    before = {"marking": locked.marking}
    named = {*readers, by} if marking == RED else set()
    locked.marking = marking
    locked.save(update_fields=["marking"])
    locked.readers.set(named)
    after = {"marking": marking, "readers": sorted(person.key for person in named)}
    narrower = most_restrictive((before["marking"], marking))  # the row speaks of what was closed, too
    record(
        "answer.marked",
        subject=locked.key,
        by=by,
        before=before,
        after=after,
        marking=narrower,
        moves=round_of(locked),
    )
    return locked


def contents_of(answer: Answer) -> dict[str, Any]:
    """Return what is written in an answer, in the types of JSON."""
    return _plain(
        Content(
            kind=answer.kind, value=answer.value, comment=answer.comment, sure=answer.sure, checked_on=answer.checked_on,
            suggestion=answer.suggestion, is_taken_over=answer.is_taken_over, departs_because=answer.departs_because,
        )
    )  # fmt: skip


def written_in(answer: Answer) -> Content:
    """Return what is written in an answer as it can be saved again."""
    return _content(contents_of(answer))


def _locked(contribution: Contribution, *, by: Person) -> Contribution:
    if not may(by, ANSWER) or by.institution_id != contribution.institution_id:
        raise NotAllowed("Only people of the institution that was asked can answer.")
    # One save at a time within an institution: nobody hands in, or writes the first answer, between reading and writing.
    found = Contribution.objects.select_for_update(of=("self",)).select_related("round", "institution").get(pk=contribution.pk)
    if not answers_are_open(found.round.stage, found.stage) or found.closed_because:
        raise AssessmentError(
            N_("These answers were handed in, so they are closed. Ask the coordinator to return them; nothing was changed.")
        )
    return found


def _refuse_hidden(answer: Answer | None, *, by: Person) -> None:
    """A colleague's RED answer is neither shown nor changed by who it does not name."""
    if answer is not None and answer.marking == RED and not may_read_answer(by, answer):
        raise AssessmentError(N_("Somebody of your institution answered this and marked it for others. Ask the coordinator who that is."))


def _check(contribution: Contribution, question: str, content: Content) -> None:
    if not contribution.assignments.filter(question=question).exists():
        raise AssessmentError(N_("%(question)s was not put to this institution. Ask the coordinator to assign it."), question=question)
    asked = catalog_of(contribution.round).questions[question]
    problem = problem_with(asked, content)
    if problem is not None:
        raise problem


def problem_with(asked: Question, content: Content) -> AssessmentError | None:
    """Return what is wrong with an answer to a question, in one sentence; None when nothing is."""
    if content.kind not in ANSWER_KINDS or content.kind not in KINDS_OF[asked.type]:
        return AssessmentError(N_("%(question)s has no answer yet. Choose one of the answers shown."), question=asked.id)
    if content.kind == "level" and content.value not in {0.0, 1.0, 2.0, 3.0, 4.0}:
        return AssessmentError(N_("%(question)s asks for a level from 0 to 4. Choose one."), question=asked.id)
    if content.kind == "number" and (content.value is None or not math.isfinite(content.value)):
        return AssessmentError(N_("%(question)s asks for a number. Enter it, or choose unknown."), question=asked.id)
    if content.kind == "not_applicable" and not content.comment.strip():
        return AssessmentError(N_("Write why the question does not apply. A missing law, body or will is a gap, not a reason."))
    return _problem_with_text(content)


def _problem_with_text(content: Content) -> AssessmentError | None:
    if len(content.comment) > COMMENT_AT_MOST:
        return AssessmentError(
            N_("The comment is longer than %(n)s characters. Shorten it, or attach a file as evidence."), n=COMMENT_AT_MOST
        )
    if len(content.departs_because) > COMMENT_AT_MOST:
        return AssessmentError(N_("The reason is longer than %(n)s characters. Shorten it."), n=COMMENT_AT_MOST)
    if not is_text(content.comment) or not is_text(content.departs_because):
        return AssessmentError(STRANGE)
    return None if content.sure in SURE else AssessmentError(N_("Choose low, moderate or high confidence."))


def _first(contribution: Contribution, question: str, content: Content, *, by: Person) -> Answer:
    answer = Answer.objects.create(
        contribution=contribution, question=question, marking=contribution.round.marking, saved_at=timezone.now(), saved_by=by, version=1,
        **_fields(content),
    )  # fmt: skip
    _keep_version(answer, by=by)
    record("answer.given", subject=answer.key, by=by, after=_shown(answer), marking=answer.marking, moves=round_counting(answer))
    return answer


def _change(answer: Answer, content: Content, *, by: Person) -> Answer:
    before = _shown(answer)
    if answer.marking == RED and answer.saved_by_id != by.pk:
        answer.readers.add(answer.saved_by_id)  # who wrote it before goes on reading it
    for name, value in _fields(content).items():
        setattr(answer, name, value)
    answer.version += 1
    answer.saved_at, answer.saved_by = timezone.now(), by
    answer.save()
    _keep_version(answer, by=by)
    record(
        "answer.changed", subject=answer.key, by=by, before=before, after=_shown(answer), marking=answer.marking,
        moves=round_counting(answer),
    )  # fmt: skip
    return answer


def _keep_clash(answer: Answer, content: Content, *, base_version: int, by: Person, origin: str) -> Clash:
    same = Clash.objects.filter(answer=answer, content=_plain(content), written_by=by, settled_at__isnull=True).first()
    if same is not None:  # the same form was sent twice
        return same
    clash = Clash.objects.create(
        answer=answer, base_version=base_version, content=_plain(content), origin=origin, written_at=timezone.now(), written_by=by
    )
    record(
        "answer.clashed",
        subject=answer.key,
        by=by,
        after={"base_version": base_version, "origin": origin},
        marking=answer.marking,
        moves=(),
    )
    return clash


def _keep_version(answer: Answer, *, by: Person) -> None:
    AnswerVersion.objects.create(answer=answer, version=answer.version, content=contents_of(answer), saved_at=answer.saved_at, saved_by=by)


def _fields(content: Content) -> dict[str, Any]:
    return {**asdict(content), "suggestion": dict(content.suggestion) if content.suggestion else None}


def _shown(answer: Answer) -> dict[str, Any]:
    """What the audit log keeps of an answer: all but long texts, whose versions are kept beside the answer."""
    return {"question": answer.question, "kind": answer.kind, "value": answer.value, "version": answer.version, "sure": answer.sure}


def _plain(content: Content) -> dict[str, Any]:
    return {**_fields(content), "checked_on": content.checked_on.isoformat()}


def _content(plain: Mapping[str, Any]) -> Content:
    return Content(**{**plain, "checked_on": date.fromisoformat(plain["checked_on"])})


def _as_answer(asked: Question, suggestion: Mapping[str, Any]) -> tuple[str, float | None]:
    """Return the answer of a question's own kind that a suggestion stands for; the lower level where it lies between two."""
    level, number = float(suggestion["level"]), suggestion.get("number")
    if asked.type == "yes_no_partly":
        return ("yes" if level >= 4 else "partly" if level >= 2 else "no"), None
    if asked.type == "maturity":
        return "level", float(int(level))
    if number is not None:
        return "number", float(number)
    raise AssessmentError(N_("%(question)s asks for a number. Enter it; what public data say stands beside it."), question=asked.id)
