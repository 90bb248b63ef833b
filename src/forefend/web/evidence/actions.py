"""Every change of evidence: one function each, in one transaction with its row of the audit log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from forefend.assess.transitions import COUNTED, answers_are_open
from forefend.errors import NotAllowed
from forefend.locale import N_
from forefend.settings import MARKINGS
from forefend.web.accounts.models import Institution, Person
from forefend.web.accounts.permissions import may, require
from forefend.web.accounts.reading import RED
from forefend.web.accounts.roles import ANSWER, COORDINATE
from forefend.web.assessment.models import Answer, Contribution, key_of_round
from forefend.web.assessment.reading import answer_for
from forefend.web.audit.actions import record
from forefend.web.evidence.files import Coming, settle
from forefend.web.evidence.models import LETTERS, NUMBERS, Evidence, Support, Version
from forefend.web.evidence.names import clean_line, clean_text, media_type, shown_name
from forefend.web.evidence.reading import NOT_HERE, evidence_for, require_change
from forefend.web.evidence.refusals import EvidenceError
from forefend.web.evidence.scanning import NOT_SCANNED, scan

TITLE_AT_MOST = 200
TEXT_AT_MOST = 5_000
LINK_AT_MOST = 1_000
_is_address = URLValidator(schemes=["http", "https"])


@dataclass(frozen=True, kw_only=True)
class Details:
    """What is said about a piece of evidence. ``readers`` are named for RED alone."""

    title: str
    letter: str
    number: int
    dated: date | None = None
    expires: date | None = None
    marking: str = "AMBER"
    readers: Sequence[Person] = ()
    note: str = ""
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class NewFile:
    """A file that came in, and the name its sender gave it."""

    coming: Coming
    filename: str


def add_evidence(
    *, by: Person, details: Details, file: NewFile | None = None, institution: Institution | None = None, answer: Answer | None = None
) -> Evidence:
    """Take in a piece of evidence, a file or a link; with an answer it supports that one at once."""
    require(by, ANSWER, COORDINATE)
    of = _institution(by, institution)
    if file is None and not details.url:
        raise EvidenceError(N_("Choose a file, or give a link."))
    _check(details)
    scanned = scan(file.coming, filename=shown_name(file.filename), by=by) if file else NOT_SCANNED
    with transaction.atomic():
        if answer is not None:  # locked before the record, as whoever hands in does
            _require_support(by, answer)
            _refuse_handed_in(answer)
        evidence = Evidence.objects.create(
            title=clean_line(details.title), url=details.url, institution=of, letter=details.letter, number=details.number,
            dated=details.dated, expires=details.expires, marking=details.marking, note=clean_text(details.note),
            added_at=timezone.now(), added_by=by,
        )  # fmt: skip
        evidence.readers.set(details.readers if details.marking == RED else ())
        kept = _keep_version(evidence, file, scanned=scanned, by=by) if file else None
        after = _said(evidence) | {"institution": of.key, "url": details.url} | (_file(kept) if kept else {})
        record("evidence.added", subject=evidence.key, by=by, after=after, marking=evidence.marking)
        if answer is not None:
            attach(evidence=evidence, answer=answer, by=by)
    return evidence


def add_version(*, evidence: Evidence, file: NewFile, by: Person) -> Version:
    """Take in a newer file of a piece; the older ones stay as they are."""
    require_change(by, evidence)
    _refuse_withdrawn(evidence)
    scanned = scan(file.coming, filename=shown_name(file.filename), by=by)
    with transaction.atomic():
        locked = Evidence.objects.select_for_update().get(pk=evidence.pk)
        _refuse_withdrawn(locked)
        kept = _keep_version(locked, file, scanned=scanned, by=by)
        record("evidence.version_added", subject=locked.key, by=by, after=_file(kept), marking=locked.marking)
    return kept


@transaction.atomic
def change(*, evidence: Evidence, details: Details, by: Person, sources: Sequence[Evidence] | None = None) -> Evidence:
    """Change what is said about a piece; each kind of change has its own row of the audit log."""
    describe(evidence=evidence, title=details.title, dated=details.dated, note=details.note, by=by)
    grade(evidence=evidence, letter=details.letter, number=details.number, by=by)
    expire(evidence=evidence, expires=details.expires, by=by)
    if sources is not None:
        draw_from(evidence=evidence, sources=list(sources), by=by)
    return mark(evidence=evidence, marking=details.marking, readers=details.readers, by=by)


def describe(*, evidence: Evidence, title: str, dated: date | None, note: str, by: Person) -> Evidence:
    """Correct the title, the date of its own, or the note of a piece."""
    return _change(evidence, "evidence.described", by=by, title=clean_line(title), dated=dated, note=clean_text(note))


def grade(*, evidence: Evidence, letter: str, number: int, by: Person) -> Evidence:
    """Grade a piece: the reliability of its source by a letter, the credibility of what it says by a number."""
    return _change(evidence, "evidence.graded", by=by, letter=letter, number=number)


def expire(*, evidence: Evidence, expires: date | None, by: Person) -> Evidence:
    """Set the day from which a piece no longer counts, or take it back."""
    return _change(evidence, "evidence.expiry_set", by=by, expires=expires)


def mark(*, evidence: Evidence, marking: str, by: Person, readers: Sequence[Person] = ()) -> Evidence:
    """Set who may read a piece, by its TLP 2.0 marking; RED names its readers."""
    require_change(by, evidence)
    _check_marking(marking)
    named = sorted(readers, key=lambda person: person.pk) if marking == RED else []
    with transaction.atomic():
        locked = Evidence.objects.select_for_update().get(pk=evidence.pk)
        before = {"marking": locked.marking, "readers": [reader.key for reader in locked.readers.order_by("pk")]}
        after = {"marking": marking, "readers": [person.key for person in named]}
        if before == after:
            return locked
        locked.marking = marking
        locked.save(update_fields=["marking"])
        locked.readers.set(named)
        # The row itself is marked by the narrower of the two, as it speaks of both.
        narrower = max(before["marking"], marking, key=MARKINGS.index)
        _record("evidence.marked", locked, by=by, before=before, after=after, marking=narrower)
    return locked


def withdraw(*, evidence: Evidence, reason: str, by: Person) -> Evidence:
    """Withdraw a piece: it stays where it is, with the reason, and supports nothing from then on."""
    if not (said := clean_text(reason)):
        raise EvidenceError(N_("Write why this piece is withdrawn."))
    _check_text(said)
    return _change(evidence, "evidence.withdrawn", by=by, reason=said, withdrawn_at=timezone.now(), withdrawn_because=said)


@transaction.atomic
def draw_from(*, evidence: Evidence, sources: Sequence[Evidence], by: Person) -> Evidence:
    """Say from which other pieces this one was drawn; it is then not counted beside them."""
    require_change(by, evidence)
    wanted = {source.pk for source in sources}
    if evidence.pk in wanted or evidence_for(by).filter(pk__in=wanted).count() != len(wanted):
        raise EvidenceError(N_("Choose other pieces of evidence that you may read."))
    if Evidence.objects.filter(pk__in=wanted, drawn_from=evidence).exists():
        raise EvidenceError(N_("One of these pieces was itself drawn from this one. Choose the one that came first."))
    locked = Evidence.objects.select_for_update().get(pk=evidence.pk)
    before = sorted(locked.drawn_from.values_list("pk", flat=True))
    if before != sorted(wanted):
        locked.drawn_from.set(sources)
        after = {"drawn_from": sorted(wanted)}
        _record("evidence.drawn_from", locked, by=by, before={"drawn_from": before}, after=after)
    return locked


@transaction.atomic
def attach(*, evidence: Evidence, answer: Answer, by: Person) -> Support:
    """Say that a piece supports an answer; one piece may support many."""
    locked = _for_support(evidence, answer, by=by)
    _refuse_withdrawn(locked)
    support, is_new = Support.objects.get_or_create(evidence=locked, answer=answer, defaults={"at": timezone.now(), "by": by})
    if is_new:
        _record("evidence.attached", locked, by=by, after={"answer": answer.key})
    return support


@transaction.atomic
def detach(*, evidence: Evidence, answer: Answer, by: Person) -> bool:
    """Take a piece away from an answer; both stay. Tells whether it supported the answer."""
    locked = _for_support(evidence, answer, by=by)
    n_removed, _ = Support.objects.filter(evidence=locked, answer=answer).delete()
    if n_removed:
        _record("evidence.detached", locked, by=by, before={"answer": answer.key}, taken_from=(answer,))
    return bool(n_removed)


def may_support(person: Person, answer: Answer) -> bool:
    """Tell whether a person may attach evidence to an answer, or take it away, as far as duties go."""
    return may(person, COORDINATE) or (may(person, ANSWER) and answer.contribution.institution_id == person.institution_id)


def _for_support(evidence: Evidence, answer: Answer, *, by: Person) -> Evidence:
    """Return the piece, locked, when this person may attach it to the answer and the answer is still open."""
    _require_support(by, answer)
    require_change(by, evidence)
    _refuse_handed_in(answer)
    return Evidence.objects.select_for_update().get(pk=evidence.pk)


def _require_support(by: Person, answer: Answer) -> None:
    if not may_support(by, answer_for(by, answer.pk)):
        raise NotAllowed(NOT_HERE)


def _refuse_handed_in(answer: Answer) -> None:
    """Lock the part that the answer is of, so that nobody hands it in between the look at it and the change."""
    part = Contribution.objects.select_for_update(of=("self",)).select_related("round").get(pk=answer.contribution_id)
    if not answers_are_open(part.round.stage, part.stage) or part.closed_because:
        raise EvidenceError(N_("The answer was handed in, so its evidence stays as it is. Ask the coordinator to return it."))


def _institution(by: Person, given: Institution | None) -> Institution:
    if given is None or (given.pk == by.institution_id and may(by, ANSWER)):
        if by.institution is None:
            raise EvidenceError(N_("Choose the institution whose evidence this is."))
        return by.institution
    if not may(by, COORDINATE):
        raise NotAllowed(NOT_HERE)
    return given


def _keep_version(evidence: Evidence, file: NewFile, *, scanned: str, by: Person) -> Version:
    newest = evidence.versions.order_by("-number").first()
    name = shown_name(file.filename)
    settle(file.coming)
    return Version.objects.create(
        evidence=evidence, number=newest.number + 1 if newest else 1, filename=name, media_type=media_type(name), size=file.coming.size,
        sha256=file.coming.sha256, scan=scanned, stored_at=timezone.now(), stored_by=by,
    )  # fmt: skip


def _change(evidence: Evidence, event: str, *, by: Person, reason: str = "", **fields: Any) -> Evidence:
    require_change(by, evidence)
    with transaction.atomic():
        locked = Evidence.objects.select_for_update().get(pk=evidence.pk)
        _refuse_withdrawn(locked)
        before = {name: getattr(locked, name) for name in fields}
        if before == fields:
            return locked
        for name, value in fields.items():
            setattr(locked, name, value)
        _check(_details(locked))
        locked.save(update_fields=list(fields))
        _record(event, locked, by=by, before=before, after=fields, reason=reason)
    return locked


def _record(event: str, piece: Evidence, *, by: Person, marking: str = "", taken_from: Sequence[Answer] = (), **told: Any) -> None:
    """Write down a change that results may count, marked as the piece is unless it is said otherwise."""
    moves = partial(_moved_by, piece, taken_from)
    record(event, subject=piece.key, by=by, marking=marking or piece.marking, moves=moves, **told)


def _moved_by(evidence: Evidence, taken_from: Sequence[Answer]) -> set[str]:
    """Return the rounds whose results count an answer that the piece supports, or supported until now.

    To be asked where no other change can come in between: an answer that is handed in beside this one counts, too.
    """
    supported = Q(pk__in=Support.objects.filter(evidence=evidence).values("answer")) | Q(pk__in=[answer.pk for answer in taken_from])
    counted = Answer.objects.filter(supported, contribution__stage__in=COUNTED).order_by()
    return {key_of_round(found) for found in counted.values_list("contribution__round", flat=True).distinct()}


def _refuse_withdrawn(evidence: Evidence) -> None:
    if evidence.withdrawn_at is not None:
        raise EvidenceError(N_("This piece was withdrawn, so nothing about it changes any more. Add a new one."))


def _check(details: Details) -> None:
    if not clean_line(details.title):
        raise EvidenceError(N_("Give the evidence a title."))
    if len(details.title) > TITLE_AT_MOST:
        raise EvidenceError(N_("The title is longer than %(n)s characters. Shorten it."), n=TITLE_AT_MOST)
    if details.letter not in LETTERS or details.number not in NUMBERS:
        raise EvidenceError(N_("Grade the evidence: a letter for its source, a number for what it says."))
    _check_marking(details.marking)
    _check_text(details.note)
    _check_dates(details)
    _check_link(details.url)


def _check_marking(marking: str) -> None:
    if marking not in MARKINGS:
        raise EvidenceError(N_("Choose who may read the evidence."))


def _check_text(text: str) -> None:
    if len(text) > TEXT_AT_MOST:
        raise EvidenceError(N_("The text is longer than %(n)s characters. Shorten it, or attach it as a file."), n=TEXT_AT_MOST)


def _check_dates(details: Details) -> None:
    if details.dated is not None and details.dated > timezone.now().date():
        raise EvidenceError(N_("The evidence cannot be dated after today. Correct its date."))
    if details.dated is not None and details.expires is not None and details.expires < details.dated:
        raise EvidenceError(N_("The evidence cannot expire before its own date. Correct one of the two."))


def _check_link(url: str) -> None:
    if not url:
        return
    refusal = EvidenceError(N_("The link is not an address of the web. Give one that begins with https://."))
    if clean_line(url) != url or len(url) > LINK_AT_MOST:
        raise refusal
    try:
        _is_address(url)
    except ValidationError:
        raise refusal from None


def _details(evidence: Evidence) -> Details:
    return Details(
        title=evidence.title, letter=evidence.letter, number=evidence.number, dated=evidence.dated, expires=evidence.expires,
        marking=evidence.marking, note=evidence.note, url=evidence.url,
    )  # fmt: skip


def _said(evidence: Evidence) -> dict[str, Any]:
    return {
        "title": evidence.title, "grade": f"{evidence.letter}{evidence.number}", "dated": evidence.dated, "expires": evidence.expires,
        "marking": evidence.marking, "readers": [reader.key for reader in evidence.readers.order_by("pk")], "note": evidence.note,
    }  # fmt: skip


def _file(version: Version) -> dict[str, Any]:
    return {
        "version": version.number, "filename": version.filename, "size": version.size, "sha256": version.sha256, "scan": version.scan,
    }  # fmt: skip
