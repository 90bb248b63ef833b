"""The workbook of one institution: made from what its reader may see, and read back as answers to be compared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from forefend.brief.answer_rows import Handout, Incoming, Link, Problem, Standing
from forefend.errors import NotAllowed
from forefend.locale import Language
from forefend.web.accounts.models import Person
from forefend.web.accounts.permissions import may
from forefend.web.accounts.reading import most_restrictive
from forefend.web.accounts.roles import ANSWER, COORDINATE
from forefend.web.assessment.actions.answering import Content
from forefend.web.assessment.editions import catalog_of
from forefend.web.assessment.models import Answer, AnswerVersion, Contribution
from forefend.web.assessment.reading import NOT_HERE, answers_for
from forefend.web.evidence.models import Support
from forefend.web.evidence.reading import evidence_for
from forefend.web.exchange.actions.handing_out import handed_out
from forefend.web.exchange.arriving import Arriving, Piece, require_open
from forefend.web.exchange.handed import Handed, named
from forefend.web.exchange.home import round_id
from forefend.web.project.workbench import workbench

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ORIGIN = "workbook"


def workbook_file(part: Contribution, person: Person, *, lang: Language) -> Handed:
    """Make the workbook of an institution, for people of it and for those who run the round."""
    is_own = may(person, ANSWER) and person.institution_id == part.institution_id
    if not is_own and not may(person, COORDINATE):
        raise NotAllowed(NOT_HERE)
    require_open(part)
    from forefend.brief.render.answer_book import render_answer_book

    answers = list(answers_for(person, contribution=part))
    links = _links(part, person)
    standing = {answer.question: _standing(answer, links.get(answer.pk, ())) for answer in answers}
    marking = most_restrictive((answer.marking for answer in answers), at_least=part.round.marking)
    handout = handout_of(part, marking=marking)
    content = render_answer_book(handout, catalog_of(part.round), standing, lang=lang, today=workbench().today)
    handed_out(part.round, what="workbook", form="xlsx", marking=marking, by=person, institution=part.institution.key)
    name = named("answers", part.round.pk, part.institution.key, marking=marking, ending="xlsx")
    return Handed(name=name, content=content, content_type=EXCEL, marking=marking)


def read_workbook(part: Contribution, person: Person, content: bytes) -> tuple[list[Arriving], Sequence[Problem]]:
    """Read a filled workbook; raises ForefendError for one that is none, or another round's, institution's or edition's."""
    require_open(part)
    from forefend.brief.reading.answer_book import read_answer_book

    found = read_answer_book(content, handout_of(part), catalog_of(part.round), today=workbench().today)
    own = {answer.question: answer for answer in answers_for(person, contribution=part)}
    links = _links(part, person)
    written = {(version.answer_id, version.version): version.content for version in AnswerVersion.objects.filter(answer__in=own.values())}
    arriving = []
    for row in found.changed:
        answer = own.get(row.question)
        before = written.get((answer.pk, row.base_version)) if answer is not None else None
        known = set(links.get(answer.pk, ())) if answer is not None else set()
        arriving.append(_arriving(row, before, known=known, marking=part.round.marking))
    return arriving, found.problems


def handout_of(part: Contribution, *, marking: str = "AMBER") -> Handout:
    """Return whose workbook it is."""
    asked = part.round
    return Handout(
        round=round_id(asked), round_title=asked.title, institution=part.institution.key, institution_title=part.institution.title,
        edition=f"{asked.edition.key} {asked.edition.digest[:12]}", marking=marking, due_on=part.due_on,
        questions=tuple(part.assignments.values_list("question", flat=True)),
    )  # fmt: skip


def _links(part: Contribution, person: Person) -> Mapping[int, tuple[Link, ...]]:
    """Return the evidence of each answer as a workbook holds it."""
    readable = evidence_for(person).filter(withdrawn_at__isnull=True)
    found: dict[int, list[Link]] = defaultdict(list)
    pairs = Support.objects.filter(answer__contribution=part, evidence__in=readable.values("pk")).order_by("at", "pk")
    for answer, title, url in pairs.values_list("answer_id", "evidence__title", "evidence__url"):
        found[answer].append(Link(title, url))
    return {answer: tuple(links) for answer, links in found.items()}


def _standing(answer: Answer, evidence: tuple[Link, ...]) -> Standing:
    return Standing(
        kind=answer.kind, value=answer.value, comment=answer.comment, sure=answer.sure, checked_on=answer.checked_on, evidence=evidence,
        version=answer.version,
    )  # fmt: skip


def _arriving(row: Incoming, before: Mapping[str, object] | None, *, known: set[Link], marking: str) -> Arriving:
    content = Content(kind=row.kind, value=row.value, comment=row.comment, sure=row.sure, checked_on=row.checked_on)
    if before is not None:
        content = _as_before(content, before)
    titles = {link.title for link in known}
    new = [link for link in row.evidence if link not in known and (link.link or link.title not in titles)]
    return Arriving(
        question=row.question, content=content, base_version=row.base_version, where=str(row.row),
        pieces=tuple(Piece(title=link.title, url=link.link, marking=marking) for link in new),
    )  # fmt: skip


def _as_before(content: Content, before: Mapping[str, object]) -> Content:
    """Carry over what a workbook does not hold: what public data said, whether that still stands, and why it was departed from."""
    is_same_answer = (content.kind, content.value) == (before["kind"], before["value"])
    comment = str(before["comment"])
    return Content(
        kind=content.kind, value=content.value, sure=content.sure, checked_on=content.checked_on,
        comment=comment if comment.strip() == content.comment else content.comment,
        suggestion=before["suggestion"], is_taken_over=bool(before["is_taken_over"]) and is_same_answer,
        departs_because=str(before["departs_because"]),
    )  # fmt: skip
