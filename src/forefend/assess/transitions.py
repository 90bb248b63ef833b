"""The stages of a round and of one institution's contribution to it, in one table; what is not in it is refused.

Permissions are plain names that the workbench gives to roles. The readiness of a step (has everybody handed
in?) is judged from the facts that the caller brings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from forefend.errors import TransitionRefused
from forefend.locale import N_

Kind = Literal["round", "contribution"]
Permission = Literal["answer", "review", "coordinate", "adopt"]
Verb = Literal["submit", "return", "review", "adopt", "archive"]

ROUND_STAGES = ("draft", "submitted", "returned", "reviewed", "adopted", "archived")
CONTRIBUTION_STAGES = ("draft", "submitted", "returned", "reviewed")
STAGES: Mapping[Kind, tuple[str, ...]] = {"round": ROUND_STAGES, "contribution": CONTRIBUTION_STAGES}
TITLES: Mapping[str, str] = {
    "draft": N_("Draft"),
    "submitted": N_("Submitted"),
    "returned": N_("Returned"),
    "reviewed": N_("Reviewed"),
    "adopted": N_("Adopted"),
    "archived": N_("Archived"),
}
WORDS: Mapping[Verb, str] = {
    "submit": N_("Submit"),
    "return": N_("Return"),
    "review": N_("Mark as reviewed"),
    "adopt": N_("Adopt"),
    "archive": N_("Archive"),
}
ANSWERING = ("draft", "returned")  # of a contribution, and of a round: answers are still given
HANDED_IN = ("submitted", "reviewed")
COUNTED = (*HANDED_IN, "returned")  # results count what was handed in once, also while a change is asked for
REVIEWED = ("reviewed", "adopted", "archived")  # of a round: nothing more is asked
SETTLED = ("adopted", "archived")  # of a round: nothing changes any more
OPEN_WITHIN: Mapping[str, tuple[str, ...]] = {  # stage of the round → stages of a contribution whose answers may be edited
    "draft": ANSWERING,
    "returned": ANSWERING,
    "submitted": ("returned",),  # one answer sent back need not send back the whole round
}
REVIEWABLE_WITHIN = ("draft", "submitted", "returned")


@dataclass(frozen=True, kw_only=True)
class Transition:
    """One step that may be taken: by whom, and whether a written reason is asked for."""

    kind: Kind
    source: str
    target: str
    verb: Verb
    permission: Permission
    needs_reason: bool = False


def _step(kind: Kind, source: str, target: str, verb: Verb, *, by: Permission, needs_reason: bool = False) -> Transition:
    return Transition(kind=kind, source=source, target=target, verb=verb, permission=by, needs_reason=needs_reason)


TRANSITIONS: tuple[Transition, ...] = (
    _step("round", "draft", "submitted", "submit", by="coordinate"),
    _step("round", "submitted", "returned", "return", by="review", needs_reason=True),
    _step("round", "submitted", "reviewed", "review", by="review"),
    _step("round", "returned", "submitted", "submit", by="coordinate"),
    _step("round", "reviewed", "returned", "return", by="review", needs_reason=True),
    _step("round", "reviewed", "adopted", "adopt", by="adopt"),
    _step("round", "adopted", "archived", "archive", by="coordinate"),
    _step("contribution", "draft", "submitted", "submit", by="answer"),
    _step("contribution", "submitted", "returned", "return", by="review", needs_reason=True),
    _step("contribution", "submitted", "reviewed", "review", by="review"),
    _step("contribution", "returned", "submitted", "submit", by="answer"),
    _step("contribution", "reviewed", "returned", "return", by="review", needs_reason=True),
)


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the readiness of a step depends on.

    ``contributions`` gives the stage of each institution's part of the round; those in ``closed`` the
    coordinator has closed without it. For a contribution only ``round_stage`` and ``open_requests`` count.
    ``stopping`` counts standing checks that stop.
    """

    round_stage: str = "draft"
    contributions: Mapping[str, str] = field(default_factory=dict)
    closed: frozenset[str] = frozenset()
    open_requests: int = 0
    stopping: int = 0

    @property
    def missing(self) -> tuple[str, ...]:
        """Institutions that have not handed in and were not closed."""
        return tuple(who for who, stage in self.contributions.items() if who not in self.closed and stage not in HANDED_IN)


def allowed(kind: Kind, stage: str) -> tuple[Transition, ...]:
    """Return the steps that lead on from a stage."""
    if stage not in STAGES[kind]:
        raise TransitionRefused(f"A {kind} has no stage {stage!r}. Give one of {', '.join(STAGES[kind])}.")
    return tuple(step for step in TRANSITIONS if step.kind == kind and step.source == stage)


def transition(kind: Kind, source: str, target: str) -> Transition:
    """Return the step between two stages; raises TransitionRefused when the table has none."""
    steps = allowed(kind, source)
    for step in steps:
        if step.target == target:
            return step
    can = f"Choose {' or '.join(step.target for step in steps)}." if steps else "Start a new round instead."
    raise TransitionRefused(f"A {kind} that is {source} cannot become {target}. {can}")


def check_step(step: Transition, *, facts: Facts, reason: str = "") -> None:
    """Refuse a step that the table knows but whose time has not come, with one sentence on what is missing."""
    if step.needs_reason and not reason.strip():
        raise TransitionRefused(N_("A reason is missing. Write what has to change, so that those who answer can act on it."))
    if step.kind == "contribution":
        _check_contribution(step, facts=facts)
    else:
        _check_round(step, facts=facts)


def answers_are_open(round_stage: str, contribution_stage: str) -> bool:
    """Tell whether an institution may still change its answers."""
    return contribution_stage in OPEN_WITHIN.get(round_stage, ())


def _check_contribution(step: Transition, *, facts: Facts) -> None:
    if step.verb == "submit" and not answers_are_open(facts.round_stage, step.source):
        raise TransitionRefused(
            N_("The round is %(stage)s, so nothing more can be handed in. Ask the coordinator to return it."), stage=facts.round_stage
        )
    if step.verb != "submit" and facts.round_stage not in REVIEWABLE_WITHIN:
        raise TransitionRefused(N_("The round is %(stage)s, so its answers are settled. Return the round first."), stage=facts.round_stage)
    if step.verb == "review" and facts.open_requests:
        raise TransitionRefused(N_("There are open requests for change (%(n)s). Close them, or return the answers."), n=facts.open_requests)


def _check_round(step: Transition, *, facts: Facts) -> None:
    if step.verb in {"submit", "review"} and facts.missing:
        raise TransitionRefused(
            N_("Not handed in: %(names)s. Wait for them, or close their part of the round."), names=", ".join(facts.missing)
        )
    if step.verb == "submit" and not facts.contributions:
        raise TransitionRefused(N_("Nobody was asked in this round. Assign its questions to institutions first."))
    if step.verb == "adopt" and facts.open_requests:
        raise TransitionRefused(N_("There are open requests for change (%(n)s). Close them, or return the round."), n=facts.open_requests)
    if step.verb == "adopt" and facts.stopping:
        raise TransitionRefused(
            N_("Standing checks that stop have found something (%(n)s). Correct it, or return the round."), n=facts.stopping
        )
