"""What is done with evidence: taken in, graded, marked, withdrawn, attached; each with its row of the record."""

from __future__ import annotations

import hashlib
import stat
import sys
from datetime import date
from pathlib import Path
from unittest.mock import patch

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from forefend.errors import NotAllowed
from forefend.web.audit import chain
from forefend.web.audit.models import Entry
from forefend.web.evidence import actions, files
from forefend.web.evidence.actions import Details, NewFile
from forefend.web.evidence.models import Evidence, Support, Version
from forefend.web.evidence.queries import evidence_of
from forefend.web.evidence.refusals import EvidenceError

from .conftest import World

REPORT = b"%PDF-1.7 complaints register 2025"


def sent(data: bytes = REPORT, name: str = "register.pdf") -> NewFile:
    return NewFile(coming=files.receive([data]), filename=name)


def said(**changes: object) -> Details:
    given: dict[str, object] = {"title": "Complaints register 2025", "letter": "B", "number": 2, "dated": date(2025, 12, 31)}
    return Details(**(given | changes))  # type: ignore[arg-type]


def added(world: World, who: str = "interior", **changes: object) -> Evidence:
    return actions.add_evidence(by=world.people[who], details=said(**changes), file=sent())


def test_a_file_is_kept_by_its_hash_and_recorded(world: World, files: Path) -> None:
    evidence = added(world)
    version = evidence.versions.get()
    digest = hashlib.sha256(REPORT).hexdigest()
    assert (version.number, version.sha256, version.size, version.scan, version.media_type) == (
        1,
        digest,
        len(REPORT),
        "none",
        "application/pdf",
    )
    kept = [path for path in files.rglob("*") if path.is_file()]
    assert [path.relative_to(files).as_posix() for path in kept] == [f"{digest[:2]}/{digest}"]
    assert kept[0].read_bytes() == REPORT
    if sys.platform != "win32":
        assert stat.S_IMODE(kept[0].stat().st_mode) == 0o600
    row = Entry.objects.get(event="evidence.added")
    assert (row.subject, row.actor, row.after["sha256"], row.after["grade"]) == (evidence.key, world.people["interior"].key, digest, "B2")
    assert chain.verify().is_whole


def test_the_same_bytes_are_kept_once(world: World, files: Path) -> None:
    added(world)
    added(world, title="The same register, from another desk")
    assert len([path for path in files.rglob("*") if path.is_file()]) == 1
    assert Evidence.objects.count() == 2


def test_a_link_needs_no_file_but_an_address_of_the_web(world: World) -> None:
    interior = world.people["interior"]
    assert not actions.add_evidence(by=interior, details=said(url="https://example.org/report")).versions.exists()
    for address in (
        "javascript:alert(1)",
        "file:///etc/passwd",
        "data:text/html,x",
        "ftp://example.org/x",
        "//example.org",
        "example",
        "https://example.org/\x00",
        "https://example.org/" + "x" * 1000,
    ):
        with pytest.raises(EvidenceError, match="address of the web"):
            actions.add_evidence(by=interior, details=said(url=address))
    with pytest.raises(EvidenceError, match="Choose a file"):
        actions.add_evidence(by=interior, details=said())


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"title": " \x00\u202e "}, "Give the evidence a title"),
        ({"title": "x" * 201}, "longer than 200"),
        ({"letter": "G"}, "Grade the evidence"),
        ({"number": 7}, "Grade the evidence"),
        ({"marking": "SECRET"}, "who may read"),
        ({"dated": date(2999, 1, 1)}, "dated after today"),
        ({"expires": date(2025, 1, 1)}, "expire before"),
        ({"note": "x" * 5001}, "longer than 5000"),
    ],
)
def test_what_cannot_be_said_is_refused(world: World, changes: dict[str, object], sentence: str) -> None:
    with pytest.raises(EvidenceError, match=sentence):
        actions.add_evidence(by=world.people["interior"], details=said(**changes), file=sent())
    assert not Evidence.objects.exists()


def test_a_new_version_leaves_the_older_bytes(world: World) -> None:
    evidence = added(world)
    actions.add_version(evidence=evidence, file=sent(b"corrected", "register 2.pdf"), by=world.people["interior"])
    first, second = evidence.versions.order_by("number")
    assert files.path_of(first.sha256).read_bytes() == REPORT
    assert files.path_of(second.sha256).read_bytes() == b"corrected"
    with pytest.raises(IntegrityError), transaction.atomic():
        Version.objects.filter(pk=first.pk).update(sha256="0" * 64)
    with pytest.raises(IntegrityError), transaction.atomic():
        Version.objects.filter(pk=first.pk).delete()


def test_changes_are_recorded_each_by_itself(world: World) -> None:
    evidence = added(world)
    coordinator, interior = world.people["coordinator"], world.people["interior"]
    actions.change(
        evidence=evidence, details=said(letter="C", expires=date(2027, 1, 1), marking="RED", readers=(coordinator,)), by=interior
    )
    events = list(Entry.objects.order_by("number").values_list("event", flat=True))
    assert events == ["evidence.added", "evidence.graded", "evidence.expiry_set", "evidence.marked"]
    graded = Entry.objects.get(event="evidence.graded")
    assert (graded.before, graded.after) == ({"letter": "B", "number": 2}, {"letter": "C", "number": 2})
    marked = Entry.objects.get(event="evidence.marked")
    assert marked.marking == "RED"
    assert marked.after == {"marking": "RED", "readers": [coordinator.key]}
    evidence.refresh_from_db()
    actions.mark(evidence=evidence, marking="GREEN", by=interior)
    assert not evidence.readers.exists()
    assert Entry.objects.filter(event="evidence.marked").latest("number").marking == "RED"  # it speaks of what was RED
    n_rows = Entry.objects.count()
    evidence.refresh_from_db()
    actions.change(evidence=evidence, details=said(letter="C", expires=date(2027, 1, 1), marking="GREEN"), by=interior)
    assert Entry.objects.count() == n_rows


def test_a_withdrawn_piece_stays_and_supports_nothing(world: World) -> None:
    evidence, interior, answer = added(world), world.people["interior"], world.answers["interior"]
    actions.attach(evidence=evidence, answer=answer, by=interior)
    with pytest.raises(EvidenceError, match="Write why"):
        actions.withdraw(evidence=evidence, reason="  ", by=interior)
    actions.withdraw(evidence=evidence, reason="It names a witness.", by=interior)
    evidence.refresh_from_db()
    assert evidence.withdrawn_because == "It names a witness."
    assert Entry.objects.get(event="evidence.withdrawn").reason == "It names a witness."
    assert evidence_of([answer], interior) == {}
    for again in (
        lambda: actions.withdraw(evidence=evidence, reason="Again.", by=interior),
        lambda: actions.add_version(evidence=evidence, file=sent(), by=interior),
        lambda: actions.attach(evidence=evidence, answer=world.answers["interior/2"], by=interior),
    ):
        with pytest.raises(EvidenceError, match="was withdrawn"):
            again()


def test_one_piece_supports_many_answers_until_they_are_handed_in(world: World) -> None:
    evidence, interior = added(world), world.people["interior"]
    for key in ("interior", "interior/2", "interior"):  # the second time changes nothing
        actions.attach(evidence=evidence, answer=world.answers[key], by=interior)
    assert Support.objects.filter(evidence=evidence).count() == 2
    assert Entry.objects.filter(event="evidence.attached").count() == 2
    assert actions.detach(evidence=evidence, answer=world.answers["interior/2"], by=interior)
    assert not actions.detach(evidence=evidence, answer=world.answers["interior/2"], by=interior)
    world.hand_in("interior")
    for change in (actions.attach, actions.detach):
        with pytest.raises(EvidenceError, match="was handed in"):
            change(evidence=evidence, answer=world.answers["interior"], by=interior)


def test_nobody_attaches_to_the_answer_of_another_institution(world: World) -> None:
    evidence = added(world, "justice")
    with pytest.raises(NotAllowed):
        actions.attach(evidence=evidence, answer=world.answers["interior"], by=world.people["justice"])
    with pytest.raises(NotAllowed):
        actions.attach(evidence=added(world), answer=world.answers["justice"], by=world.people["justice"])
    with pytest.raises(NotAllowed):
        actions.add_evidence(
            by=world.people["justice"], details=said(url="https://example.org/"), institution=world.institutions["interior"]
        )


@pytest.mark.parametrize("role", ["reviewer", "reader", "auditor", "administrator", "nobody", "justice"])
def test_who_has_no_duty_for_it_changes_nothing(world: World, role: str) -> None:
    evidence, by = added(world, marking="CLEAR"), world.people[role]
    actions.attach(evidence=evidence, answer=world.answers["interior"], by=world.people["interior"])
    world.hand_in("interior")
    n_rows = Entry.objects.count()
    for change in (
        lambda: actions.add_version(evidence=evidence, file=sent(), by=by),
        lambda: actions.grade(evidence=evidence, letter="A", number=1, by=by),
        lambda: actions.mark(evidence=evidence, marking="RED", by=by),
        lambda: actions.expire(evidence=evidence, expires=date(2027, 1, 1), by=by),
        lambda: actions.describe(evidence=evidence, title="Mine", dated=None, note="", by=by),
        lambda: actions.withdraw(evidence=evidence, reason="So.", by=by),
        lambda: actions.draw_from(evidence=evidence, sources=[], by=by),
    ):
        with pytest.raises(NotAllowed):
            change()
    if role != "justice":
        with pytest.raises(NotAllowed):
            actions.add_evidence(by=by, details=said(url="https://example.org/"))
    assert Entry.objects.count() == n_rows


def test_when_the_record_cannot_be_written_nothing_is_changed(world: World) -> None:
    evidence = added(world)
    with patch("forefend.web.evidence.actions.record", side_effect=RuntimeError), pytest.raises(RuntimeError), transaction.atomic():
        actions.grade(evidence=evidence, letter="A", number=1, by=world.people["interior"])
    evidence.refresh_from_db()
    assert evidence.letter == "B"
    with patch("forefend.web.evidence.actions.record", side_effect=RuntimeError), pytest.raises(RuntimeError), transaction.atomic():
        added(world, title="Another")
    assert not Evidence.objects.filter(title="Another").exists()


def test_what_was_drawn_from_another_says_so_to_the_rules(world: World) -> None:
    interior, answer = world.people["interior"], world.answers["interior"]
    source, drawn = added(world), added(world, title="News of the register")
    for piece in (source, drawn):
        actions.attach(evidence=piece, answer=answer, by=interior)
    actions.draw_from(evidence=drawn, sources=[source], by=interior)
    pieces = {piece.id: piece for piece in evidence_of([answer], interior)[answer.pk]}
    assert pieces[str(drawn.pk)].independent_of == (str(source.pk),)
    assert pieces[str(source.pk)].independent_of == ()
    for evidence, sources in ((source, [drawn]), (source, [source]), (source, [added(world, "justice")])):
        with pytest.raises(EvidenceError):
            actions.draw_from(evidence=evidence, sources=sources, by=interior)


def test_evidence_of_thousands_of_answers_takes_two_queries(world: World, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    interior = world.people["interior"]
    evidence = added(world)
    for key in ("interior", "interior/2"):
        actions.attach(evidence=evidence, answer=world.answers[key], by=interior)
    many = [world.answers["interior"], world.answers["interior/2"], *[world.answers["interior"]] * 2_000]
    evidence_of(many[:1], interior)  # duties are read once
    with django_assert_num_queries(2):
        found = evidence_of(many, interior)
    assert {key: [piece.id for piece in pieces] for key, pieces in found.items()} == {answer.pk: [str(evidence.pk)] for answer in many[:2]}


@pytest.mark.parametrize("change", ["marked", "withdrawn", "detached"])
def test_what_is_handed_in_beside_a_change_counts_as_moved_by_it(world: World, monkeypatch: pytest.MonkeyPatch, change: str) -> None:
    """The other one was faster by as much as this one waits for its turn to be recorded; a result may be made in between."""
    by, answer = world.people["interior"], world.answers["interior"]
    evidence = added(world)
    actions.attach(evidence=evidence, answer=answer, by=by)
    recorded = actions.record

    def after_the_other(event: str, **told: object) -> None:
        world.hand_in("interior")
        recorded(event, **told)  # type: ignore[arg-type]

    monkeypatch.setattr(actions, "record", after_the_other)
    before = chain.last_moved(world.round.key)
    if change == "marked":
        actions.mark(evidence=evidence, marking="RED", by=by)
    elif change == "withdrawn":
        actions.withdraw(evidence=evidence, reason="It names a witness.", by=by)
    else:
        actions.detach(evidence=evidence, answer=answer, by=by)
    assert chain.last_moved(world.round.key) != before


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one lock, which whoever writes takes when they begin")
@pytest.mark.parametrize("change", ["attached", "detached", "added"])
def test_nobody_hands_in_an_answer_while_its_evidence_changes(world: World, change: str) -> None:
    """The part is locked before the record, in the order of handing in: otherwise each of the two would wait for the other."""
    by, answer, evidence = world.people["interior"], world.answers["interior"], added(world)
    if change == "detached":
        actions.attach(evidence=evidence, answer=answer, by=by)
    with CaptureQueriesContext(connection) as asked:
        if change == "added":
            actions.add_evidence(by=by, details=said(url="https://example.org/register"), answer=answer)
        elif change == "attached":
            actions.attach(evidence=evidence, answer=answer, by=by)
        else:
            actions.detach(evidence=evidence, answer=answer, by=by)
    locked = [query["sql"] for query in asked if "FOR UPDATE" in query["sql"]]
    tables = ["head" if "audit_head" in sql else "part" if 'OF "assessment_contribution"' in sql else "piece" for sql in locked]
    assert tables.index("part") < tables.index("head")
