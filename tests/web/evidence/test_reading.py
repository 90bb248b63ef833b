"""Who reads what: every query of evidence, for every role and marking, against the rule for one thing."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forefend.errors import NotAllowed
from forefend.settings import MARKINGS
from forefend.web.accounts.models import Person
from forefend.web.accounts.permissions import may
from forefend.web.accounts.roles import ANSWER, COORDINATE
from forefend.web.assessment.models import Answer, Contribution
from forefend.web.evidence import queries
from forefend.web.evidence.models import Evidence, Support
from forefend.web.evidence.reading import evidence_for, evidence_with, may_change, may_read_piece

from .conftest import NOW, World, build

TODAY = date(2026, 11, 2)
KEYS = ("interior", "justice", "coalition")
ADDERS = (*KEYS, "coordinator", "focal_point")
PIECES = st.lists(
    st.fixed_dictionaries(
        {
            "of": st.sampled_from(KEYS),
            "by": st.sampled_from(ADDERS),
            "marking": st.sampled_from(MARKINGS),
            "readers": st.sets(st.sampled_from((*KEYS, "reviewer", "reader", "coordinator", "nobody")), max_size=2),
            "supports": st.sets(st.sampled_from([*KEYS, *(f"{key}/2" for key in KEYS)]), max_size=3),
            "is_withdrawn": st.booleans(),
            "expires": st.sampled_from([None, date(2026, 1, 1), date(2027, 1, 1)]),
        }
    ),
    min_size=1,
    max_size=8,
)
STAGES = st.fixed_dictionaries({key: st.sampled_from(["draft", "submitted", "returned", "reviewed"]) for key in KEYS})
ROUND_STAGES = st.sampled_from(["draft", "submitted", "returned", "reviewed", "adopted", "archived"])


def make(world: World, *, of: str, by: str, marking: str, readers: set[str], supports: set[str], **more: object) -> Evidence:
    """Make a piece as it might stand in the database, whoever could have made it."""
    withdrawn = {"withdrawn_at": NOW, "withdrawn_because": "So."} if more.get("is_withdrawn") else {}
    piece = Evidence.objects.create(
        title=f"{marking} of {of}", url="https://example.org/", institution=world.institutions[of], letter="B", number=2, marking=marking,
        expires=more.get("expires"), added_at=NOW, added_by=world.people[by], **withdrawn,
    )  # fmt: skip
    piece.readers.set([world.people[name] for name in readers])
    for key in supports:
        Support.objects.create(evidence=piece, answer=world.answers[key], at=NOW, by=world.people[by])
    return piece


def listed(person: Person, shown: str) -> set[int]:
    return {piece.pk for piece in queries.listing(person, today=TODAY, shown=shown).pieces}


def one_by_one(person: Person, piece: Evidence) -> bool:
    try:
        return evidence_with(person, piece.pk) == piece
    except NotAllowed:
        return False


PATHS = {
    "draft": [],
    "submitted": ["submitted"],
    "returned": ["submitted", "returned"],
    "reviewed": ["submitted", "reviewed"],
    "adopted": ["submitted", "reviewed", "adopted"],
    "archived": ["submitted", "reviewed", "adopted", "archived"],
}


def set_stages(stages: dict[str, str], round_stage: str) -> None:
    """Bring the round and its parts to their stages, by the steps that the database allows."""
    with connection.cursor() as cursor:
        for contribution in Contribution.objects.select_related("institution"):
            for step in PATHS[stages[contribution.institution.key]]:
                cursor.execute("UPDATE assessment_contribution SET stage = %s WHERE id = %s", [step, contribution.pk])
        for step in PATHS[round_stage]:
            cursor.execute("UPDATE assessment_round SET stage = %s", [step])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(pieces=PIECES, stages=STAGES, round_stage=ROUND_STAGES)
def test_every_query_of_evidence_follows_the_rule(pieces: list[dict[str, object]], stages: dict[str, str], round_stage: str) -> None:
    with transaction.atomic():  # the world is built anew for each case
        check(pieces, stages, round_stage)
        transaction.set_rollback(True)


def check(pieces: list[dict[str, object]], stages: dict[str, str], round_stage: str) -> None:
    """Hold every query against the rule for one thing, for every person."""
    world = build()
    made = [make(world, **piece) for piece in pieces]  # type: ignore[arg-type]
    set_stages(stages, round_stage)
    answers = list(Answer.objects.all())
    for role, person in world.people.items():
        open_to = {piece.pk for piece in made if may_read_piece(person, piece)}
        assert set(evidence_for(person).values_list("pk", flat=True)) == open_to, role
        assert evidence_for(person).count() == len(open_to), role
        assert {piece.pk for piece in made if one_by_one(person, piece)} == open_to, role
        standing = {piece.pk for piece in made if piece.pk in open_to and piece.withdrawn_at is None}
        assert listed(person, "standing") == standing, role
        assert listed(person, "withdrawn") == open_to - standing, role
        assert listed(person, "own") == {piece.pk for piece in made if piece.pk in standing and piece.added_by == person}, role
        assert listed(person, "expired") == {p.pk for p in made if p.pk in standing and p.expires and p.expires < TODAY}, role
        assert queries.listing(person, today=TODAY, text="of").n_found == len(standing), role
        for many in (answers, answers * (queries.FEW_ANSWERS // len(answers) + 1)):
            found = queries.evidence_of(many, person)
            for answer in answers:
                supports = set(Support.objects.filter(answer=answer, evidence__in=standing).values_list("evidence", flat=True))
                assert {int(piece.id) for piece in found.get(answer.pk, ())} == supports, role
        for piece in made:
            beside = set(queries.beside(person, piece).values_list("pk", flat=True))
            assert beside <= open_to - {piece.pk}, role
            assert set(queries.sources_of(person, piece)) <= set(made), role
            changeable = may(person, COORDINATE) or (may(person, ANSWER) and person.institution_id == piece.institution_id)
            assert may_change(person, piece) == (piece.pk in open_to and changeable), role


def test_red_is_read_by_its_author_and_the_named_alone(world: World) -> None:
    piece = make(world, of="interior", by="interior", marking="RED", readers={"reviewer"}, supports={"interior"})
    world.hand_in("interior")
    assert {name for name, person in world.people.items() if evidence_for(person).filter(pk=piece.pk).exists()} == {"interior", "reviewer"}


@pytest.mark.parametrize("marking", ["AMBER", "AMBER+STRICT", "GREEN", "CLEAR"])
def test_evidence_is_private_until_an_answer_with_it_is_handed_in(world: World, marking: str) -> None:
    piece = make(world, of="interior", by="interior", marking=marking, readers=set(), supports={"interior"})

    def readers() -> set[str]:
        return {name for name, person in world.people.items() if evidence_for(person).filter(pk=piece.pk).exists()}

    assert readers() == {"interior"}
    world.hand_in("justice")
    assert readers() == {"interior"}
    world.hand_in("interior")
    leading = {"interior", "focal_point", "coordinator", "reviewer"}
    assert readers() == (leading | {"reader", "auditor"} if marking in {"GREEN", "CLEAR"} else leading)


def test_what_ended_duties_could_read_is_closed(world: World) -> None:
    piece = make(world, of="interior", by="interior", marking="AMBER", readers=set(), supports={"interior"})
    interior = world.people["interior"]
    interior.duties.update(until=NOW, ended_by="test")
    again = Person.objects.get(pk=interior.pk)
    assert not evidence_for(again).filter(pk=piece.pk).exists()
    again.is_active = False
    assert not evidence_for(again).exists()
