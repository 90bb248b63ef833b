"""Every action of the assessment: how a world is prepared for it, how it is called, and who may."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from forefend.options.judgements import Judgement
from forefend.web.accounts.models import Person
from forefend.web.assessment import actions
from forefend.web.assessment.models import Answer, Clash, Contribution
from forefend.web.project.workbench import workbench

from .builders import World, asked_to_change, condition, day, kind_of, said

Call = Callable[[Person], object]
LEADS = frozenset({"focal_point", "coordinator"})
REVIEWERS = frozenset({"focal_point", "reviewer"})
OWN = frozenset({"interior", "interior/2"})
OPTION = "national.focal_point"


@dataclass(frozen=True, kw_only=True)
class Doing:
    """One action. ``prepare`` readies the world and returns the call; ``event`` is what it writes into the record last."""

    prepare: Callable[[World], Call]
    by: frozenset[str]
    event: str


def clash_of(world: World) -> Clash:
    """Two people of the interior ministry write on the same version."""
    world.answer("interior", "M3.2")
    world.save("interior", "M3.2", base=1, comment="First.")
    kept = world.save("interior", "M3.2", by="interior/2", base=1, comment="Second.")
    assert kept.clash is not None
    return kept.clash


def _ask(world: World) -> Call:
    actions.unask(contribution=world.part("interior"), questions=["M3.5"], by=world.people["coordinator"])
    return lambda by: actions.ask(round=world.round, institution=world.institutions["interior"], questions=["M3.5"], by=by)


def _open(world: World) -> Call:
    return lambda by: actions.open_round(
        title="Another", state="GHA", catalog=workbench().catalog, actions=["N5"], opens_on=day(), due_on=day(9), by=by
    )


def _settle(world: World) -> Call:
    clash = clash_of(world)
    return lambda by: actions.settle_clash(clash=clash, settled_as="replaced", by=by)


def _mark(world: World) -> Call:
    answer = world.answer("interior", "M3.2")
    return lambda by: actions.mark_answer(answer=answer, marking="GREEN", by=by)


def _handed_in(world: World, *, then: Callable[[Contribution], Call]) -> Call:
    world.answer("interior", "M3.2")
    world.hand_in("interior")
    return then(world.part("interior"))


def _to(target: str) -> Callable[[World], Call]:
    def prepare(world: World) -> Call:
        return _handed_in(
            world, then=lambda part: lambda by: actions.move_contribution(contribution=part, target=target, by=by, reason="See N.")
        )

    return prepare


def _request(world: World) -> Call:
    answer = world.answer("interior", "M3.2")
    world.hand_in("interior")
    return lambda by: actions.request_change(answer=answer, text="Name the law.", by=by)


def _in_thread(action: Callable[..., object], **more: Any) -> Callable[[World], Call]:
    def prepare(world: World) -> Call:
        world.answer("interior", "M3.2")
        world.hand_in("interior")
        request = asked_to_change(world)
        return lambda by: action(request=request, by=by, **more)

    return prepare


def _round_to(*before: str, target: str) -> Callable[[World], Call]:
    def prepare(world: World) -> Call:
        world.answered()
        world.hand_in()
        world.move(*before)
        return lambda by: actions.move_round(round=world.round, target=target, by=by, reason="Look at it again.")

    return prepare


def _confirm(world: World) -> Call:
    made = condition(world)
    return lambda by: actions.confirm_condition(condition=made, by=by)


def _publish(world: World) -> Call:
    world.adopted()
    return lambda by: actions.publish(round=world.round, kind="action", key="M3", by=by)


def _withdraw(world: World) -> Call:
    _publish(world)(world.people["focal_point"])
    return lambda by: actions.withdraw(round=world.round, kind="action", key="M3", by=by)


def _carry(world: World) -> Call:
    world.adopted()
    return lambda by: actions.carry_round(
        source=world.round, title="Next", catalog=workbench().catalog, opens_on=day(), due_on=day(30), by=by
    )


def _take_carried(world: World) -> Call:
    made = _carry(world)(world.people["coordinator"])
    part = Contribution.objects.get(round=made, institution=world.institutions["interior"])
    return lambda by: actions.take_carried(contribution=part, question="M3.2", base_version=0, by=by)


def _take_over(world: World) -> Call:
    return lambda by: actions.take_over(
        contribution=world.part("interior"), question="M3.2", suggestion={"level": 3.0, "sentence": "Data say so."}, base_version=0, by=by
    )


def _save(world: World) -> Call:
    return lambda by: actions.save_answer(contribution=world.part("interior"), question="M3.2", content=said(), base_version=0, by=by)


def _hand_in(world: World) -> Call:
    kind, value = kind_of(world.catalog, "M3.1")
    world.answer("interior", "M3.1", kind=kind, value=value)
    return lambda by: actions.hand_in(contribution=world.part("interior"), by=by)


def _judge(world: World) -> Call:
    judgement = Judgement(option=OPTION, acceptability=0.7, reason="The cabinet agreed in May.")
    return lambda by: actions.judge(round=world.round, judgement=judgement, by=by)


DOINGS: dict[str, Doing] = {
    "open_round": Doing(prepare=_open, by=LEADS, event="round.opened"),
    "ask": Doing(prepare=_ask, by=LEADS, event="round.asked"),
    "unask": Doing(
        prepare=lambda w: lambda by: actions.unask(contribution=w.part("interior"), questions=["M3.5"], by=by),
        by=LEADS,
        event="round.unasked",
    ),
    "change_dates": Doing(
        prepare=lambda w: lambda by: actions.change_dates(round=w.round, opens_on=day(1), due_on=day(40), by=by),
        by=LEADS,
        event="round.dated",
    ),
    "save_answer": Doing(prepare=_save, by=OWN, event="answer.given"),
    "take_over": Doing(prepare=_take_over, by=OWN, event="answer.given"),
    "mark_answer": Doing(prepare=_mark, by=OWN, event="answer.marked"),
    "settle_clash": Doing(prepare=_settle, by=OWN, event="answer.clash_settled"),
    "hand_in": Doing(prepare=_hand_in, by=OWN, event="contribution.submitted"),
    "share_scores": Doing(
        prepare=lambda w: lambda by: actions.share_scores(contribution=w.part("coalition"), shares=True, by=by),
        by=frozenset({"coalition"}),
        event="contribution.scores_shared",
    ),
    "move_contribution": Doing(prepare=_to("returned"), by=REVIEWERS, event="contribution.returned"),
    "move_contribution/reviewed": Doing(prepare=_to("reviewed"), by=REVIEWERS, event="contribution.reviewed"),
    "close_part": Doing(
        prepare=lambda w: lambda by: actions.close_part(contribution=w.part("justice"), reason="It was dissolved.", by=by),
        by=LEADS,
        event="contribution.closed",
    ),
    "request_change": Doing(prepare=_request, by=REVIEWERS, event="request.opened"),
    "remark": Doing(prepare=_in_thread(actions.remark, text="It is the act of 2020."), by=REVIEWERS | OWN, event="request.remarked"),
    "close_request": Doing(prepare=_in_thread(actions.close_request), by=REVIEWERS, event="request.closed"),
    "rule": Doing(
        prepare=lambda w: lambda by: actions.rule(round=w.round, question="M3.2", score=3.0, reason="The act decides.", by=by),
        by=LEADS,
        event="question.ruled",
    ),
    "set_condition": Doing(
        prepare=lambda w: lambda by: actions.set_condition(round=w.round, name="is_un_member", holds=False, reason="It left.", by=by),
        by=LEADS,
        event="condition.set",
    ),
    "confirm_condition": Doing(prepare=_confirm, by=frozenset({"focal_point", "nhri", "coalition"}), event="condition.confirmed"),
    "judge": Doing(prepare=_judge, by=LEADS, event="option.judged"),
    "move_round": Doing(prepare=_round_to(target="submitted"), by=LEADS, event="round.submitted"),
    "move_round/returned": Doing(prepare=_round_to("submitted", target="returned"), by=REVIEWERS, event="round.returned"),
    "move_round/reviewed": Doing(prepare=_round_to("submitted", target="reviewed"), by=REVIEWERS, event="round.reviewed"),
    "move_round/adopted": Doing(
        prepare=_round_to("submitted", "reviewed", target="adopted"), by=frozenset({"focal_point"}), event="round.adopted"
    ),
    "move_round/archived": Doing(
        prepare=_round_to("submitted", "reviewed", "adopted", target="archived"), by=LEADS, event="round.archived"
    ),
    "publish": Doing(prepare=_publish, by=frozenset({"focal_point"}), event="item.published"),
    "withdraw": Doing(prepare=_withdraw, by=frozenset({"focal_point"}), event="item.withdrawn"),
    "carry_round": Doing(prepare=_carry, by=LEADS, event="round.carried"),
    "take_carried": Doing(prepare=_take_carried, by=OWN, event="answer.given"),
}


def an_answer(world: World, key: str = "interior") -> Answer:
    """The newest answer of an institution."""
    return Answer.objects.filter(contribution=world.part(key)).latest("pk")
