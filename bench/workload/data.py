"""A workbench of a large state, all of it made up: written in bulk, as it would stand after years of use.

500 people in 100 institutions, 10 rounds over all actions, 70,000 answers with their versions, 20,000 pieces of evidence that
support 40,000 of them, and the audit log of it all, chained. Nine rounds were reviewed; in the tenth, half of the
institutions have handed in and half still answer.
"""

from __future__ import annotations

import random
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

N_PEOPLE, N_INSTITUTIONS, N_ROUNDS = 500, 100, 10
ANSWERS_EACH = 70  # of one institution in one round: 70,000 in all
N_EVIDENCE, N_SUPPORTS = 20_000, 40_000
KINDS = ("government",) * 6 + ("independent_bodies",) * 2 + ("civil_society",) * 2
LEADS = ("focal_point", "coordinator", "coordinator", "coordinator", "reviewer", "reviewer", "reviewer", "auditor", "administrator")
N_READERS = 20
MARKINGS = ("CLEAR", "GREEN", "AMBER", "AMBER", "AMBER", "AMBER", "AMBER", "AMBER+STRICT", "AMBER+STRICT", "RED")
ANSWER_MARKINGS = ("GREEN", "AMBER", "AMBER", "AMBER", "AMBER", "AMBER", "AMBER", "AMBER", "AMBER+STRICT")
BATCH = 2_000
STATE = "GHA"
WORDS = ("report", "register", "law", "decree", "minutes", "survey", "budget", "complaints", "training", "police", "court", "annual")
SENTENCES = (
    "The unit reports to the Inspector-General and has a budget of its own.",
    "Complaints are received at the regional offices; results are not published.",
    "The law was passed, and its regulations are still being drafted.",
    "Training reaches the officers of the capital and of four regions.",
    "Civil society is heard once a year; its proposals are answered in writing.",
)
NOW = datetime.now(UTC)


@dataclass(frozen=True, kw_only=True)
class Made:
    """What was made, as far as virtual users need it."""

    rounds: tuple[int, ...]
    answering: dict[int, int]  # person → own institution, of those who still answer in the last round
    leads: tuple[int, ...]  # who coordinates, and so invites people
    reviewers: tuple[int, ...]
    readers: tuple[int, ...]


def make(seed: int = 7) -> Made:
    """Fill an empty, migrated database."""
    from django.db import transaction

    chance = random.Random(seed)  # noqa: S311 - made-up data
    with transaction.atomic():
        institutions, people, respondents = _people(chance)
        rounds = _rounds(people["coordinator"][0])
        contributions = _contributions(chance, rounds, institutions, respondents)
        answers = _answers(chance, contributions, respondents)
        _evidence(chance, institutions, respondents, answers)
        _record(answers)
    last = rounds[-1].pk
    answering = {
        person.pk: part.institution_id
        for part, _ in contributions
        if part.round_id == last and part.stage == "draft"
        for person in respondents[part.institution_id]
    }
    return Made(
        rounds=tuple(r.pk for r in rounds),
        answering=answering,
        leads=tuple(p.pk for role in ("focal_point", "coordinator") for p in people[role]),
        reviewers=tuple(p.pk for p in people["reviewer"]),
        readers=tuple(p.pk for p in people["reader"]),
    )


def _people(chance: random.Random) -> tuple[list[Any], dict[str, list[Any]], dict[int, list[Any]]]:
    from forefend.web.accounts.models import Duty, Instance, Institution, Person

    institutions = Institution.objects.bulk_create(
        Institution(key=f"institution-{n}", title=f"Institution {n}", kind=chance.choice(KINDS), is_protected=n % 10 == 9, made_at=NOW)
        for n in range(N_INSTITUTIONS)
    )
    roles = [*LEADS, *["reader"] * N_READERS]
    n_respondents = N_PEOPLE - len(roles)
    unusable = "!bench"
    made = Person.objects.bulk_create(
        [
            Person(email=f"person{n}@example.org", name=f"Person {n}", institution=institutions[n % N_INSTITUTIONS], password=unusable)
            for n in range(n_respondents)
        ]
        + [Person(email=f"lead{n}@example.org", name=f"Lead {n}", password=unusable) for n in range(len(roles))]
    )
    duties = [*["respondent"] * n_respondents, *roles]
    Duty.objects.bulk_create(Duty(person=person, role=role, since=NOW, given_by="bench") for person, role in zip(made, duties, strict=True))
    Instance.objects.create(state=STATE, organisation="Bench", set_up_at=NOW)
    by_role: dict[str, list[Any]] = {}
    respondents: dict[int, list[Any]] = {}
    for person, role in zip(made, duties, strict=True):
        by_role.setdefault(role, []).append(person)
        if role == "respondent":
            respondents.setdefault(person.institution_id, []).append(person)
    return institutions, by_role, respondents


def _rounds(by: Any) -> list[Any]:
    from forefend.web.assessment.editions import keep_edition
    from forefend.web.assessment.models import Round
    from forefend.web.project.workbench import workbench

    catalog = workbench().catalog
    edition = keep_edition(catalog)
    rounds = []
    for n in range(N_ROUNDS):
        begins = NOW.date() - timedelta(days=180 * (N_ROUNDS - 1 - n) + 20)
        rounds.append(
            Round.objects.create(
                title=f"Assessment {n + 1}", state=STATE, edition=edition, actions=list(catalog.actions), made_at=NOW, made_by=by,
                stage="draft" if n == N_ROUNDS - 1 else "reviewed", opens_on=begins, due_on=begins + timedelta(days=60),
                follows=rounds[-1] if rounds else None,
            )
        )  # fmt: skip
    return rounds


def _contributions(chance: random.Random, rounds: list[Any], institutions: list[Any], respondents: dict[int, list[Any]]) -> list[Any]:
    """Return each part of each round with the questions put to it; the last round is half handed in."""
    from forefend.web.assessment.models import Assignment, Contribution
    from forefend.web.project.workbench import workbench

    questions = list(workbench().catalog.questions)
    chosen = {institution.pk: sorted(chance.sample(questions, ANSWERS_EACH)) for institution in institutions}
    parts = []
    for asked in rounds:
        for number, institution in enumerate(institutions):
            stage = "reviewed" if asked.stage != "draft" else "draft" if number % 2 else "submitted"
            handed = {} if stage == "draft" else {"handed_in_at": NOW, "handed_in_by": respondents[institution.pk][0]}
            parts.append(Contribution(round=asked, institution=institution, stage=stage, due_on=asked.due_on, **handed))
    parts = Contribution.objects.bulk_create(parts, batch_size=BATCH)
    Assignment.objects.bulk_create(
        [Assignment(contribution=part, question=question) for part in parts for question in chosen[part.institution_id]], batch_size=BATCH
    )
    return [(part, chosen[part.institution_id]) for part in parts]


def _answers(chance: random.Random, contributions: list[Any], respondents: dict[int, list[Any]]) -> list[Any]:
    from forefend.web.assessment.actions.answering import Content
    from forefend.web.assessment.models import Answer, AnswerVersion
    from forefend.web.project.workbench import workbench

    types = {question.id: question.type for question in workbench().catalog.questions.values()}
    answers = []
    for part, questions in contributions:
        for question in questions:
            kind, value = _answer(chance, types[question])
            answers.append(
                Answer(
                    contribution=part, question=question, kind=kind, value=value, comment=chance.choice(SENTENCES),
                    sure=chance.choice(("low", "moderate", "high")), marking=chance.choice(ANSWER_MARKINGS), saved_at=NOW,
                    checked_on=part.due_on - timedelta(days=chance.randrange(60)), saved_by=chance.choice(respondents[part.institution_id]),
                )
            )  # fmt: skip
    answers = Answer.objects.bulk_create(answers, batch_size=BATCH)
    versions = [
        AnswerVersion(answer=a, version=1, content=_content(a, Content), saved_at=a.saved_at, saved_by_id=a.saved_by_id) for a in answers
    ]
    AnswerVersion.objects.bulk_create(versions, batch_size=BATCH)
    return answers


def _answer(chance: random.Random, question_type: str) -> tuple[str, float | None]:
    if chance.random() < 0.08:
        return "unknown", None
    if question_type == "maturity":
        return "level", float(chance.choice((0, 1, 1, 2, 2, 2, 3, 3, 4)))
    if question_type == "numeric":
        return "number", float(chance.randrange(100))
    return chance.choice(("yes", "partly", "no")), None


def _content(answer: Any, content: Any) -> dict[str, Any]:
    said = content(kind=answer.kind, value=answer.value, comment=answer.comment, sure=answer.sure, checked_on=answer.checked_on)
    return asdict(said) | {"checked_on": answer.checked_on.isoformat()}


def _evidence(chance: random.Random, institutions: list[Any], respondents: dict[int, list[Any]], answers: list[Any]) -> None:
    from forefend.web.evidence.models import Evidence, Support, Version

    pieces = []
    for number in range(N_EVIDENCE):
        institution = institutions[number % N_INSTITUTIONS]
        by = chance.choice(respondents[institution.pk])
        dated = date(2020, 1, 1) + timedelta(days=chance.randrange(2_400))
        pieces.append(
            Evidence(
                title=f"{chance.choice(WORDS).title()} {chance.choice(WORDS)} {number}", institution=institution, added_by=by,
                letter=chance.choice("AABBBCCD"), number=chance.choice((1, 2, 2, 3, 3, 4)), dated=dated, marking=chance.choice(MARKINGS),
                url="" if number % 2 else f"https://example.org/{number}", added_at=NOW - timedelta(minutes=number),
            )
        )  # fmt: skip
    pieces = Evidence.objects.bulk_create(pieces, batch_size=BATCH)
    files = [
        Version(
            evidence=piece, number=1, filename=f"file {piece.pk}.pdf", media_type="application/pdf", size=100_000,
            sha256=f"{piece.pk:064x}", stored_at=NOW, stored_by_id=piece.added_by_id,
        )
        for piece in pieces
        if not piece.url
    ]  # fmt: skip
    Version.objects.bulk_create(files, batch_size=BATCH)
    by_institution: dict[int, list[Any]] = {}
    for answer in answers:
        by_institution.setdefault(answer.contribution.institution_id, []).append(answer)
    pairs: set[tuple[int, int]] = set()
    while len(pairs) < N_SUPPORTS:
        piece = pieces[len(pairs) % N_EVIDENCE]
        pairs.add((piece.pk, chance.choice(by_institution[piece.institution_id]).pk))
    by_id = {piece.pk: piece.added_by_id for piece in pieces}
    supports = [Support(evidence_id=piece, answer_id=answer, at=NOW, by_id=by_id[piece]) for piece, answer in sorted(pairs)]
    Support.objects.bulk_create(supports, batch_size=BATCH)


def _record(answers: list[Any]) -> None:
    """Write the audit log of the answers, chained as the workbench chains it."""
    from forefend.web.audit.chain import digest_of
    from forefend.web.audit.models import Entry, Head

    head = Head.objects.get(pk=1)
    number, previous, rows = head.number, head.digest, []
    for answer in answers:
        number += 1
        row = Entry(
            number=number, at=NOW, actor=f"person:{answer.saved_by_id}", actor_name="Person", event="answer.given", subject=answer.key,
            marking=answer.marking, after={"question": answer.question, "kind": answer.kind, "value": answer.value}, previous=previous,
        )  # fmt: skip
        row.digest = previous = digest_of(row)
        rows.append(row)
    Entry.objects.bulk_create(rows, batch_size=BATCH)
    Head.objects.filter(pk=1).update(number=number, digest=previous, at=NOW)
