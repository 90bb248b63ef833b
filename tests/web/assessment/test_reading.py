"""Who reads which answer: every query against the rule for one thing, for people, markings and stages of any kind."""

from __future__ import annotations

from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forefend.assess.transitions import COUNTED
from forefend.errors import NotAllowed
from forefend.settings import MARKINGS
from forefend.web.accounts.models import Duty, Institution, Person
from forefend.web.accounts.permissions import may, permissions_of
from forefend.web.accounts.roles import ANSWER, COORDINATE, READ_ANSWERS, READ_RESULTS, ROLES
from forefend.web.assessment import showing
from forefend.web.assessment.models import Answer, Contribution, Edition, Round
from forefend.web.assessment.reading import answer_for, answers_for, contributions_for, may_read_answer, own_contribution, rounds_for
from forefend.web.assessment.records import every_answer, round_answers
from forefend.web.assessment.showing import shown
from forefend.web.assessment.views.institutions import progress
from forefend.web.project.workbench import workbench

from .builders import day

KEYS = ("interior", "nhri", "coalition")
KINDS = {"interior": "government", "nhri": "independent_bodies", "coalition": "civil_society"}
PATHS = {
    "draft": (),
    "submitted": ("submitted",),
    "returned": ("submitted", "returned"),
    "reviewed": ("submitted", "reviewed"),
    "adopted": ("submitted", "reviewed", "adopted"),
    "archived": ("submitted", "reviewed", "adopted", "archived"),
}
PEOPLE = st.lists(
    st.fixed_dictionaries(
        {
            "roles": st.sets(st.sampled_from(sorted(ROLES)), max_size=2),
            "ended": st.sets(st.sampled_from(sorted(ROLES)), max_size=1),
            "of": st.sampled_from([*KEYS, None]),
            "is_active": st.sampled_from([True, True, True, False]),
        }
    ),
    min_size=2,
    max_size=6,
)
ANSWERS = st.lists(
    st.fixed_dictionaries(
        {
            "of": st.sampled_from(KEYS),
            "by": st.integers(0, 20),
            "marking": st.sampled_from(MARKINGS),
            "readers": st.sets(st.integers(0, 20), max_size=2),
        }
    ),
    min_size=1,
    max_size=9,
)
PARTS = st.fixed_dictionaries(
    {key: st.tuples(st.sampled_from(["draft", "submitted", "returned", "reviewed"]), st.booleans()) for key in KEYS}
)
ROUND_STAGE = st.sampled_from(sorted(PATHS))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(people=PEOPLE, answers=ANSWERS, parts=PARTS, stage=ROUND_STAGE)
def test_every_query_of_answers_follows_the_rule(
    people: list[dict[str, Any]], answers: list[dict[str, Any]], parts: dict[str, tuple[str, bool]], stage: str
) -> None:
    with transaction.atomic():
        made = build(people, answers, parts, stage)
        for who in made:
            hold(who)
        transaction.set_rollback(True)


def make_people(people: list[dict[str, Any]], of: dict[str, Institution]) -> list[Person]:
    now = timezone.now()
    made = []
    for number, one in enumerate(people):
        who = Person.objects.create_user(
            f"p{number}@example.org", name=f"P{number}", institution=of.get(one["of"]), is_active=one["is_active"]
        )
        for role in one["roles"]:
            Duty.objects.create(person=who, role=role, since=now, given_by="test")
        for role in one["ended"] - one["roles"]:
            Duty.objects.create(person=who, role=role, since=now, until=now, ended_by="test", given_by="test")
        made.append(who)
    return made


def build(people: list[dict[str, Any]], answers: list[dict[str, Any]], parts: dict[str, tuple[str, bool]], stage: str) -> list[Person]:
    """Put a world into the database as it might stand, whoever could have made it."""
    now = timezone.now()
    of = {key: Institution.objects.create(key=key, title=key, kind=kind, made_at=now, is_protected=True) for key, kind in KINDS.items()}
    made = make_people(people, of)
    edition = Edition.objects.create(key="test", digest="0" * 64, content={}, kept_at=now)
    asked = Round.objects.create(
        title="Round", state="GHA", edition=edition, actions=["M3"], opens_on=day(), due_on=day(9), made_at=now, made_by=made[0]
    )
    for key, (_, is_closed) in parts.items():
        Contribution.objects.create(round=asked, institution=of[key], due_on=day(9), closed_because="So." if is_closed else "")
    for number, one in enumerate(answers):
        answer = Answer.objects.create(
            contribution=Contribution.objects.get(institution=of[one["of"]]), question=f"M3.{number}", kind="unknown", checked_on=day(),
            marking=one["marking"], saved_at=now, saved_by=made[one["by"] % len(made)],
        )  # fmt: skip
        answer.readers.set({made[n % len(made)] for n in one["readers"]})
    with connection.cursor() as cursor:
        for key, (part_stage, _) in parts.items():
            for step in PATHS[part_stage]:
                cursor.execute("UPDATE assessment_contribution SET stage = %s WHERE institution_id = %s", [step, of[key].pk])
        for step in PATHS[stage]:
            cursor.execute("UPDATE assessment_round SET stage = %s", [step])
    return made


def hold(who: Person) -> None:
    """Hold every query against the rule for one answer."""
    every = list(Answer.objects.select_related("contribution"))
    open_to = {answer.pk for answer in every if may_read_answer(who, answer)}
    assert set(answers_for(who).values_list("pk", flat=True)) == open_to
    assert answers_for(who).count() == len(open_to)
    assert {answer.pk for answer in every if one_by_one(who, answer.pk)} == open_to
    for answer in every:
        as_promised(who, answer, is_open=answer.pk in open_to)
    asked = Round.objects.get()
    knows = may(who, READ_RESULTS) or may(who, COORDINATE)
    own = may(who, ANSWER) and who.institution_id is not None
    assert rounds_for(who).filter(pk=asked.pk).exists() == (knows or own)
    wanted = (
        Contribution.objects.all() if may(who, READ_ANSWERS) else Contribution.objects.filter(institution=who.institution_id) if own else []
    )
    assert set(contributions_for(who, asked)) == set(wanted)
    counted = {row.part.pk: row.n_answered for row in progress(asked, contributions_for(who, asked), today=day(), person=who)}
    for part, n_answered in counted.items():
        hidden = sum(a.contribution_id == part and a.marking == "RED" and a.pk not in open_to for a in every)
        assert n_answered == sum(a.contribution_id == part for a in every) - hidden


def as_promised(who: Person, answer: Answer, *, is_open: bool) -> None:
    """What the pages promise, said in other words than the rule's."""
    if answer.marking == "RED":
        assert is_open == (who.pk == answer.saved_by_id or answer.readers.filter(pk=who.pk).exists())
        return
    is_own = may(who, ANSWER) and who.institution_id == answer.contribution.institution_id
    if answer.contribution.stage == "draft" or not permissions_of(who) & {READ_ANSWERS, READ_RESULTS}:
        assert is_open == is_own
    elif may(who, READ_ANSWERS):
        assert is_open
    else:
        assert is_open == (is_own or answer.marking in {"GREEN", "CLEAR"})


def one_by_one(who: Person, identifier: int) -> bool:
    try:
        return answer_for(who, identifier).pk == identifier
    except NotAllowed:
        return False


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(people=PEOPLE, answers=ANSWERS, parts=PARTS, stage=ROUND_STAGE)
def test_results_are_made_of_what_was_handed_in_and_may_be_read(
    people: list[dict[str, Any]], answers: list[dict[str, Any]], parts: dict[str, tuple[str, bool]], stage: str
) -> None:
    from unittest.mock import patch

    with transaction.atomic(), patch("forefend.web.assessment.records.catalog_of", return_value=workbench().catalog):
        made = build(people, answers, parts, stage)
        asked = Round.objects.get()
        showing.kept.clear()
        counted = Answer.objects.filter(contribution__stage__in=COUNTED, contribution__closed_because="")
        assert {int(given_.id) for given_ in every_answer(asked, today=day()).answers} == set(counted.values_list("pk", flat=True))
        for who in made:
            found = {int(given_.id) for given_ in round_answers(asked, who, today=day()).answers}
            kept = {int(given_.id) for given_ in shown(asked, who).answers.answers}
            assert kept == found, "what is kept for another person came in its place"
            assert found == set(answers_for(who).filter(pk__in=counted).values_list("pk", flat=True))
            with_drafts = {int(given_.id) for given_ in round_answers(asked, who, today=day(), with_drafts=True).answers}
            assert found <= with_drafts
            drafts = Answer.objects.filter(pk__in=with_drafts - found)
            assert all(answer.contribution.institution_id == who.institution_id for answer in drafts.select_related("contribution"))
            if may(who, ANSWER) and who.institution_id:
                assert own_contribution(who, asked).institution_id == who.institution_id
        transaction.set_rollback(True)
