"""Offline rounds: given, taken on another installation, answered, given back, merged; and what is refused on the way."""

from __future__ import annotations

import hashlib
import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client, override_settings

from forefend.errors import AssessmentError, NotAllowed
from forefend.locale import language
from forefend.web.accounts.models import Duty, Institution, Person
from forefend.web.assessment import actions
from forefend.web.assessment.actions.answering import Content
from forefend.web.assessment.models import Answer, Clash, Contribution, Round
from forefend.web.audit.chain import verify
from forefend.web.audit.models import Entry
from forefend.web.evidence import files
from forefend.web.evidence.actions import Details, NewFile, add_evidence
from forefend.web.evidence.models import Evidence, Version
from forefend.web.exchange.actions.taking_in import Outcome, take_in
from forefend.web.exchange.arriving import compare
from forefend.web.exchange.models import TakenRound
from forefend.web.exchange.offline import package
from forefend.web.exchange.offline.giving import give
from forefend.web.exchange.offline.giving_back import give_back
from forefend.web.exchange.offline.merging import ORIGIN, read_back
from forefend.web.exchange.offline.taking import take

from .conftest import NOW, World

SECRET = "zzsecretzz"  # noqa: S105 - a text to be looked for
EN = language("en")
Browser = Callable[[Person], Client]


@contextmanager
def elsewhere() -> Iterator[None]:
    """Be another installation: one with another secret."""
    with override_settings(SECRET_KEY="of a laptop"):  # noqa: S106 - it protects nothing
        yield


def given(world: World, key: str = "interior") -> bytes:
    return give(world.parts[key], world.people[key], lang=EN).content


def on_laptop(content: bytes) -> tuple[TakenRound, Person]:
    """Take a round elsewhere, and let somebody answer it there. Both installations share one database here."""
    with elsewhere():
        taken = take(content, by="command line")
    who = Person.objects.create_user(f"laptop{taken.pk}@example.org", name="On The Laptop", institution=taken.institution)
    Duty.objects.create(person=who, role="respondent", since=NOW, given_by="test")
    return taken, who


def write(taken: TakenRound, who: Person, question: str, *, value: float, comment: str) -> Answer:
    part = Contribution.objects.get(round=taken.round)
    standing = Answer.objects.filter(contribution=part, question=question).first()
    content = Content(kind="level", value=value, comment=comment, checked_on=date(2026, 11, 2))
    saved = actions.save_answer(
        contribution=part, question=question, content=content, base_version=standing.version if standing else 0, by=who
    )
    assert saved.clash is None
    return saved.answer


def back(taken: TakenRound, who: Person) -> bytes:
    with elsewhere():
        return give_back(taken, who).content


def merged(content: bytes, by: Person) -> Outcome:
    found = read_back(content)
    return take_in(part=found.part, arriving=found.arriving, by=by, origin=ORIGIN, files=found.file_of)


def sent(data: bytes, name: str = "register.pdf") -> NewFile:
    return NewFile(coming=files.receive([data]), filename=name)


def details(title: str, **changes: Any) -> Details:
    return Details(**({"title": title, "letter": "B", "number": 2, "dated": date(2025, 12, 31)} | changes))  # type: ignore[arg-type]


def answer_of(world: World, question: str, key: str = "interior") -> Answer:
    return Answer.objects.get(contribution=world.parts[key], question=question)


def test_a_round_goes_to_a_laptop_and_comes_back_whole(world: World) -> None:
    untouched, changed, both, new = (world.level_question(n) for n in range(4))
    for question in (untouched, changed, both):
        world.answer("interior", question, value=1.0, comment=f"At home {question}")
    register = add_evidence(
        by=world.people["interior"], details=details("Register"), file=sent(b"%PDF register"), answer=answer_of(world, changed)
    )
    taken, who = on_laptop(given(world))
    part = Contribution.objects.get(round=taken.round)
    assert list(part.assignments.values_list("question", flat=True)) == list(world.questions)
    assert [a.comment for a in part.answers.order_by("question")] == [
        a.comment for a in world.parts["interior"].answers.order_by("question")
    ]
    assert Version.objects.filter(evidence__supports__contribution=part).get().sha256 == hashlib.sha256(b"%PDF register").hexdigest()
    write(taken, who, changed, value=3.0, comment="On the laptop")
    write(taken, who, both, value=0.0, comment="On the laptop too")
    fresh = write(taken, who, new, value=2.0, comment="New on the laptop")
    add_evidence(by=who, details=details("Photographs", marking="AMBER+STRICT"), file=sent(b"JPEG photographs", "p.jpg"), answer=fresh)
    world.answer("interior", both, value=4.0, comment="Changed at home meanwhile")
    done = merged(back(taken, who), world.people["interior"])
    assert (set(done.saved), done.clashed, done.n_pieces) == ({changed, new}, (both,), 1)
    assert answer_of(world, untouched).version == 1
    assert (answer_of(world, changed).value, answer_of(world, changed).comment) == (3.0, "On the laptop")
    assert (answer_of(world, both).comment, answer_of(world, both).version) == ("Changed at home meanwhile", 2)
    clash = Clash.objects.get(answer=answer_of(world, both))
    assert (clash.content["comment"], clash.origin, clash.base_version) == ("On the laptop too", "offline round", 1)
    photographs = Evidence.objects.get(supports=answer_of(world, new))
    assert (photographs.title, photographs.marking, f"{photographs.letter}{photographs.number}") == ("Photographs", "AMBER+STRICT", "B2")
    assert files.path_of(photographs.versions.get().sha256).read_bytes() == b"JPEG photographs"
    assert list(Evidence.objects.filter(supports=answer_of(world, changed))) == [register]
    assert Entry.objects.get(event="round.taken_in").after == {"origin": "offline round"}
    assert Entry.objects.filter(event="answer.clashed").count() == 1
    assert verify().is_whole


def test_merging_the_same_file_again_changes_nothing(world: World) -> None:
    same, both = world.level_question(), world.level_question(1)
    world.answer("interior", both, value=1.0, comment="First")
    taken, who = on_laptop(given(world))
    write(taken, who, same, value=2.0, comment="Once")
    write(taken, who, both, value=2.0, comment="Laptop")
    world.answer("interior", both, value=3.0, comment="Home")
    content = back(taken, who)
    merged(content, world.people["interior"])
    clash = Clash.objects.get()
    actions.settle_clash(clash=clash, settled_as="kept", by=world.people["interior"])
    before = list(Answer.objects.order_by("pk").values_list("pk", "version"))
    done = merged(content, world.people["interior"])
    assert (done.saved, done.clashed, done.n_pieces) == ((), (), 0)
    assert list(Answer.objects.order_by("pk").values_list("pk", "version")) == before
    assert Clash.objects.count() == 1


def test_what_is_red_goes_into_no_file_in_either_direction(world: World) -> None:
    question, other = world.level_question(), world.level_question(1)
    red = world.answer("interior", question, value=1.0, comment=SECRET, marking="RED")
    add_evidence(by=world.people["interior"], details=details(SECRET, marking="RED"), file=sent(SECRET.encode()), answer=red)
    content = given(world)
    assert SECRET not in everything_in(content)
    assert world.level_question() in everything_in(content)  # it is asked, as it was
    taken, who = on_laptop(content)
    write(taken, who, other, value=2.0, comment="Fine")
    mine = write(taken, who, question, value=4.0, comment=f"{SECRET} of the laptop")
    actions.mark_answer(answer=mine, marking="RED", by=who)
    content = back(taken, who)
    assert SECRET not in everything_in(content)
    done = merged(content, world.people["interior"])
    assert done.saved == (other,)
    assert answer_of(world, question).comment == SECRET


def test_files_that_are_too_large_to_travel_stay_and_are_named(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    question = world.level_question()
    answer = world.answer("interior", question, comment="With evidence")
    who = world.people["interior"]
    for title, data in (("Small", b"small"), ("Large", b"large" * 30)):
        add_evidence(by=who, details=details(title), file=sent(data), answer=answer)
    monkeypatch.setattr("forefend.web.exchange.offline.parts.LARGEST_FILE", 100)
    content = given(world)
    told = {
        piece["title"]: piece["file"]["is_packed"] for piece in package.unpack(content, kind=package.GIVEN).json("content.json")["evidence"]
    }
    assert told == {"Small": True, "Large": False}
    taken, laptop = on_laptop(content)
    there = Evidence.objects.filter(supports__contribution__round=taken.round)
    assert {piece.title: piece.versions.count() for piece in there} == {"Small": 1, "Large": 0}
    fresh = write(taken, laptop, world.level_question(1), value=1.0, comment="New")
    add_evidence(by=laptop, details=details("Too large to come back"), file=sent(b"laptop" * 30), answer=fresh)
    found = read_back(back(taken, laptop))
    (one,) = [one for one in compare(found.part, found.arriving, who) if one.arriving.question == world.level_question(1)]
    assert [str(refusal) for refusal in one.refused_pieces] == [
        "The evidence “Too large to come back” has no link. Add its file in the workbench."
    ]
    assert merged(back(taken, laptop), who).n_pieces == 0


def test_a_file_that_is_here_already_is_attached_and_not_added_again(world: World) -> None:
    question, who = world.level_question(), world.people["interior"]
    here = add_evidence(by=who, details=details("Register at home"), file=sent(b"the same bytes"))
    taken, laptop = on_laptop(given(world))
    fresh = write(taken, laptop, question, value=1.0, comment="New")
    add_evidence(by=laptop, details=details("The same under another name"), file=sent(b"the same bytes"), answer=fresh)
    n_pieces = Evidence.objects.count()
    assert merged(back(taken, laptop), who).n_pieces == 1
    assert Evidence.objects.count() == n_pieces
    assert list(Evidence.objects.filter(supports=answer_of(world, question))) == [here]


def test_a_marking_that_was_narrowed_on_the_laptop_is_narrowed_at_home(world: World) -> None:
    question, new = world.level_question(), world.level_question(1)
    world.answer("interior", question, comment="At home")
    taken, who = on_laptop(given(world))
    part = Contribution.objects.get(round=taken.round)
    actions.mark_answer(answer=part.answers.get(question=question), marking="AMBER+STRICT", by=who)
    actions.mark_answer(answer=write(taken, who, new, value=1.0, comment="New"), marking="AMBER+STRICT", by=who)
    merged(back(taken, who), world.people["interior"])
    assert [answer_of(world, q).marking for q in (question, new)] == ["AMBER+STRICT", "AMBER+STRICT"]


def everything_in(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())


def repacked(content: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    """Alter a file as somebody would who knows zip and JSON, and nothing else."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return target.getvalue()


def resealed(parts: dict[str, bytes], **changes: Any) -> None:
    """Make the digests fit again, as somebody would who knows the format too."""
    manifest = json.loads(parts["manifest.json"]) | changes
    names = set(parts) - {"manifest.json", "seal.json"}
    manifest["parts"] = {name: hashlib.sha256(parts[name]).hexdigest() for name in names}
    parts["manifest.json"] = package.as_json(manifest)
    proof = json.loads(parts["seal.json"])["proof"]
    parts["seal.json"] = package.as_json({"manifest_sha256": hashlib.sha256(parts["manifest.json"]).hexdigest(), "proof": proof})


def lie(parts: dict[str, bytes]) -> None:
    content = json.loads(parts["content.json"])
    content["answers"][0]["content"]["comment"] = "Forged"
    parts["content.json"] = package.as_json(content)


def cleverly(parts: dict[str, bytes]) -> None:
    lie(parts)
    resealed(parts)


ALTERED = {
    "one letter": lambda content: repacked(content, lie),
    "digests made to fit": lambda content: repacked(content, cleverly),
    "a part more": lambda content: repacked(content, lambda parts: parts.update({"evidence/x": b"x"})),
    "a part less": lambda content: repacked(content, lambda parts: parts.pop("content.json")),
    "a newer format": lambda content: repacked(content, lambda parts: resealed(parts, version=2)),
    "another format": lambda content: repacked(content, lambda parts: resealed(parts, format="other")),
    "another home": lambda content: repacked(content, lambda parts: resealed(parts, home="f" * 32)),
    "another round": lambda content: repacked(content, lambda parts: resealed(parts, round=999_999)),
    "another institution": lambda content: repacked(content, lambda parts: resealed(parts, institution="nhri")),
    "cut in half": lambda content: content[: len(content) // 2],
    "no zip": lambda content: b"forefend",
    "nothing": lambda content: b"",
    "no manifest": lambda content: repacked(content, lambda parts: parts.pop("manifest.json")),
    "a manifest that is a list": lambda content: repacked(content, lambda parts: parts.update({"manifest.json": b"[]"})),
    "deep": lambda content: repacked(content, lambda parts: parts.update({"manifest.json": b"[" * 100_000})),
}


def test_a_file_that_was_altered_is_of_elsewhere_or_newer_is_refused_and_nothing_is_changed(world: World, as_person: Browser) -> None:
    question = world.level_question()
    taken, who = on_laptop(given(world))
    write(taken, who, question, value=2.0, comment="True")
    content = back(taken, who)
    browser, path = as_person(world.people["interior"]), f"/en/rounds/{world.round.pk}/offline/"
    n_rows = Entry.objects.count()
    for name, alter in ALTERED.items():
        with pytest.raises(AssessmentError):
            read_back(alter(content))
        file = io.BytesIO(alter(content))
        file.name = "back.forefend"
        refused = browser.post(path, {"file": file})
        assert refused.status_code == 422, name
        assert refused.content.decode().count('class="errsum"') == 1, name
    with pytest.raises(AssessmentError, match="another installation"), elsewhere():
        read_back(content)
    assert Entry.objects.count() == n_rows
    assert not Answer.objects.filter(contribution=world.parts["interior"]).exists()


def test_what_is_packed_cannot_make_an_answer_that_a_form_could_not(world: World) -> None:
    """Whoever holds the laptop holds its key too; what they write is believed no more for it."""
    question = world.level_question()
    taken, who = on_laptop(given(world))
    write(taken, who, question, value=2.0, comment="True")
    plain = json.loads(package.unpack(back(taken, who), kind=package.BACK).parts["content.json"])
    manifest = {
        name: value
        for name, value in package.unpack(back(taken, who), kind=package.BACK).manifest.items()
        if name not in ("parts", "format", "version")
    }
    for change in (
        {"kind": "level", "value": 17.0},
        {"kind": "level", "value": "4"},
        {"kind": "level", "value": None},
        {"kind": "number", "value": 4.0},
        {"kind": "sure"},
        {"comment": "x" * 20_001},
        {"comment": None},
        {"comment": "\x00"},
        {"suggestion": "x"},
        {"sure": "very"},
        {"checked_on": "yesterday"},
        {"kind": "not_applicable", "value": None, "comment": " "},
    ):
        content = json.loads(json.dumps(plain))
        content["answers"][0]["content"] |= change
        forged = package.pack(manifest, {"content.json": package.as_json(content)}, key=taken.key)
        try:
            done = merged(forged, world.people["interior"])
        except AssessmentError:
            continue
        assert done.saved == (), change
    assert not Answer.objects.filter(contribution=world.parts["interior"]).exists()


def test_a_closed_round_takes_nothing_back(world: World) -> None:
    question = world.level_question()
    taken, who = on_laptop(given(world))
    write(taken, who, question, value=2.0, comment="Late")
    content = back(taken, who)
    world.answer("interior", world.level_question(1))
    world.hand_in("interior")
    with pytest.raises(AssessmentError, match="handed in"):
        read_back(content)
    world.parts["interior"].refresh_from_db()
    with pytest.raises(AssessmentError, match="handed in"):
        given(world)
    assert not Answer.objects.filter(contribution=world.parts["interior"], question=question).exists()


def test_a_round_is_taken_once_and_never_where_it_was_given(world: World) -> None:
    content = given(world)
    with pytest.raises(AssessmentError, match="gave this file itself"):
        take(content, by="command line")
    taken, who = on_laptop(content)
    n_rounds = Round.objects.count()
    with elsewhere(), pytest.raises(AssessmentError, match="taken already"):
        take(content, by="command line")
    with elsewhere(), pytest.raises(AssessmentError, match="given back"):
        take(back(taken, who), by="command line")
    with pytest.raises(AssessmentError, match="nothing to merge"):
        read_back(content)
    assert Round.objects.count() == n_rounds


@pytest.mark.parametrize("name", ["one letter", "a part more", "a part less", "a newer format", "cut in half", "no zip"])
def test_an_altered_file_is_not_taken(world: World, name: str) -> None:
    world.answer("interior", world.level_question(), comment="True")
    content = ALTERED[name](given(world))
    n_rounds = Round.objects.count()
    with elsewhere(), pytest.raises(AssessmentError):
        take(content, by="command line")
    assert (Round.objects.count(), TakenRound.objects.count()) == (n_rounds, 0)


def test_a_zip_bomb_is_not_unpacked(world: World) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", b"0" * (package.LARGEST_TEXT + 10))
    with pytest.raises(AssessmentError, match="too large"):
        read_back(target.getvalue())


def test_only_the_institution_itself_merges_and_sees_what_would_change(world: World) -> None:
    taken, who = on_laptop(given(world))
    write(taken, who, world.level_question(), value=2.0, comment="True")
    found = read_back(back(taken, who))
    for name, person in world.people.items():
        if name not in ("interior", "colleague"):
            with pytest.raises(NotAllowed):
                compare(found.part, found.arriving, person)
            with pytest.raises(NotAllowed):
                take_in(part=found.part, arriving=found.arriving, by=person, origin=ORIGIN)


def test_two_texts_are_decided_before_a_round_is_given_back(world: World) -> None:
    question = world.level_question()
    world.answer("interior", question, comment="Home")
    taken, who = on_laptop(given(world))
    write(taken, who, question, value=2.0, comment="One")
    part = Contribution.objects.get(round=taken.round)
    content = Content(kind="level", value=3.0, comment="Other", checked_on=date(2026, 11, 2))
    actions.save_answer(contribution=part, question=question, content=content, base_version=1, by=who)
    with pytest.raises(AssessmentError, match="Two texts wait"):
        back(taken, who)


def test_pages_show_what_a_file_would_change_and_where_a_round_was_taken_from(world: World, as_person: Browser) -> None:
    question = world.level_question()
    browser, path = as_person(world.people["interior"]), f"/en/rounds/{world.round.pk}/offline/"
    content = browser.get(f"{path}round.forefend").content
    taken, who = on_laptop(content)
    laptop = as_person(who)
    assert "taken from elsewhere" in laptop.get(f"/en/rounds/{taken.round.pk}/answer/").content.decode()
    page = laptop.get(f"/en/rounds/{taken.round.pk}/offline/").content.decode()
    assert "Make the file that goes back" in page
    fresh = write(taken, who, question, value=3.0, comment="From the laptop")
    add_evidence(by=who, details=details("Photographs"), file=sent(b"JPEG", "p.jpg"), answer=fresh)
    with elsewhere():
        file = io.BytesIO(give_back(taken, who).content)
    file.name = "back.forefend"
    shown = browser.post(path, {"file": file})
    text = shown.content.decode()
    assert all(said in text for said in ("1 answer is new", "From the laptop", "On The Laptop", "Photographs"))
    assert not Answer.objects.filter(contribution=world.parts["interior"]).exists()
    token = text.partition('name="token" value="')[2].partition('"')[0]
    done = browser.post(path, {"token": token}, follow=True)
    assert "1 answer was saved. 1 piece of evidence was added." in done.content.decode()
    assert answer_of(world, question).comment == "From the laptop"
    file.seek(0)
    assert laptop.post(f"/en/rounds/{taken.round.pk}/offline/", {"file": file}).status_code == 422
    file.seek(0)
    assert as_person(world.people["nhri"]).post(path, {"file": file}).status_code == 422


LAPTOP = """
import sys
from datetime import date
from pathlib import Path
from forefend.web.project.opening import open_database
open_database()
from forefend.locale import language
from forefend.web.accounts.models import Duty, Institution, Person
from django.utils import timezone
from forefend.web.assessment import actions
from forefend.web.assessment.actions.answering import Content
from forefend.web.assessment.models import Answer, Contribution
from forefend.web.evidence import files
from forefend.web.evidence.actions import Details, NewFile, add_evidence
from forefend.web.exchange.arriving import compare
from forefend.web.exchange.models import TakenRound
given, question = sys.argv[1:]
taken = TakenRound.objects.get()
who = Person.objects.create_user("me@example.org", name="Me", institution=taken.institution)
Duty.objects.create(person=who, role="respondent", since=timezone.now(), given_by="test")
part = Contribution.objects.get(round=taken.round)
standing = Answer.objects.get(contribution=part, question=question)
comment = "\\u0645\\u0646 \\u0627\\u0644\\u062d\\u0627\\u0633\\u0648\\u0628"
content = Content(kind="level", value=4.0, comment=comment, checked_on=date(2026, 11, 3))
saved = actions.save_answer(contribution=part, question=question, content=content, base_version=standing.version, by=who)
file = NewFile(coming=files.receive([b"a photograph"]), filename="p.jpg")
add_evidence(by=who, details=Details(title="Photo", letter="C", number=3), file=file, answer=saved.answer)
"""


def test_two_installations_in_two_processes_with_two_databases(world: World, tmp_path: Path) -> None:
    question = world.level_question()
    world.answer("interior", question, value=1.0, comment="At home")
    out, returned = tmp_path / "given.forefend", tmp_path / "back.forefend"
    out.write_bytes(given(world))
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FOREFEND_")}
    environment = kept | {"FOREFEND_DATA_DIR": str(tmp_path / "laptop")}

    def run(*command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, *command], env=environment, capture_output=True, text=True, timeout=240, check=False)

    forefend = ("-c", "from forefend.cli.main import run; run()", "round")
    took = run(*forefend, "take", str(out))
    assert took.returncode == 0, took.stderr
    assert "The interior" in took.stdout
    again = run(*forefend, "take", str(out))
    assert (again.returncode, "taken already" in again.stderr) == (1, True)
    wrote = run("-c", LAPTOP, str(out), question)
    assert wrote.returncode == 0, wrote.stderr
    gave = run(*forefend, "give", "1", "-o", str(returned))
    assert gave.returncode == 0, gave.stderr
    listed = json.loads(run(*forefend, "list", "--format", "json").stdout)
    assert [(row["title"], row["institutions"]) for row in listed] == [("Round 2026", "interior")]
    for command in ("report", "export"):
        refused = run(*forefend, command, "1", "-o", str(tmp_path / ("r.zip" if command == "export" else "r.html")))
        assert (refused.returncode, "not open to you" in refused.stderr) == (1, True)
    elsewhere_again = run(*forefend, "merge", str(returned))
    assert (elsewhere_again.returncode, "another installation" in elsewhere_again.stderr) == (1, True)
    done = merged(returned.read_bytes(), world.people["interior"])
    assert (done.saved, done.clashed, done.n_pieces) == ((question,), (), 1)
    assert answer_of(world, question).comment == "من الحاسوب"
    assert Institution.objects.filter(key="interior").count() == 1
