"""Every address of the project, for every role and for strangers: who is let in, and that nobody reads what is not theirs."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator

import pytest
from django.http import HttpResponse
from django.test import Client

from forefend.web.accounts.models import Person
from forefend.web.assessment import showing
from forefend.web.assessment.models import Answer
from forefend.web.letters.models import Letter

from .addresses import addresses
from .builders import browser, day
from .planted import Planted, plant

LEADS = {"focal_point", "coordinator"}
ANSWERS = LEADS | {"reviewer"}
RESULTS = ANSWERS | {"reader", "auditor"}
RESPONDENTS = {"interior", "interior/2", "justice", "justice/2", "nhri", "coalition"}
OUTSIDE = {"nhri", "coalition"}
EVERYBODY = RESULTS | RESPONDENTS | {"administrator", "nobody"}
# Who is shown the page of a round; everybody else is told that there is none.
OPEN_TO = {
    "rounds": EVERYBODY,
    "round-new": LEADS,
    "round": RESULTS | RESPONDENTS,
    "round-stage": LEADS,
    "round-dates": LEADS,
    "round-carry": LEADS,
    "round-fresh": set(),
    "round-action": RESULTS,
    "round-opportunities": RESULTS,
    "round-judge": RESULTS,
    "round-reconcile": ANSWERS,
    "round-checks": ANSWERS,
    "round-compare": RESULTS,
    "round-institutions": ANSWERS,
    "round-part": ANSWERS,
    "round-conditions": RESULTS | OUTSIDE,
    "round-question": ANSWERS,
    "answering": RESPONDENTS,
    "answer": RESPONDENTS,
    "round-public": {"focal_point"},
}
POST_ONLY = {"round-practice", "answer-save"}
MAY_BE = {200, 302, 400, 404, 405, 409}
PEOPLE = sorted(EVERYBODY)


@pytest.fixture
def planted() -> Planted:
    return plant()


def texts(response: HttpResponse) -> Iterator[str]:
    """All that an answer says, in lower case: its body, its headers, and what is packed within."""
    yield str(dict(response.headers)).lower()
    body = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
    yield from _unpacked(body)


def _unpacked(body: bytes) -> Iterator[str]:
    if not body.startswith(b"PK\x03\x04"):
        yield body.decode("utf-8", "replace").lower()
        return
    with zipfile.ZipFile(io.BytesIO(body)) as packed:
        for name in packed.namelist():
            yield name.lower()
            yield from _unpacked(packed.read(name))


def leaks(response: HttpResponse, closed: list[str]) -> set[str]:
    said = "\n".join(texts(response))
    return {secret for secret in closed if re.search(rf"{re.escape(secret)}(?![a-z0-9])", said)}


def as_person(planted: Planted, name: str) -> tuple[Client, Person | None]:
    who = planted.world.people[name] if name != "stranger" else None
    return browser(who), who


@pytest.mark.parametrize("name", [*PEOPLE, "stranger"])
def test_nobody_is_shown_what_is_not_theirs(planted: Planted, name: str) -> None:
    client, who = as_person(planted, name)
    closed = planted.closed_to(who)
    assert closed
    for address_name, path in addresses(planted):
        response = client.get(path)
        assert response.status_code in MAY_BE, path
        assert leaks(response, closed) == set(), path
        if address_name in OPEN_TO:
            is_open = name in OPEN_TO[address_name]
            assert response.status_code == (200 if is_open else 302 if who is None else 404), path
        if address_name in POST_ONLY and who is not None:
            assert response.status_code == 405, path
    for path in (
        "/en/search/?q=zq",
        "/en/search/?q=zqjusticem3x2",
        "/en/evidence/?q=zq",
        "/en/evidence/?show=own",
        "/en/audit/?subject=answer",
    ):
        response = client.get(path)
        assert leaks(response, closed) == set(), path
    for kind in ("csv", "jsonl"):
        response = client.post(f"/en/audit/export/{kind}/")
        assert response.status_code == (200 if name == "auditor" else 302 if who is None else 404)
        assert leaks(response, closed) == set(), kind


def test_the_secrets_are_shown_to_those_who_may_read_them(planted: Planted) -> None:
    """The walk would find nothing where nothing is shown at all."""
    shown: dict[str, set[str]] = {}
    for name in ("interior", "justice", "reviewer", "coordinator"):
        client, _ = as_person(planted, name)
        for address_name, path in addresses(planted):
            if address_name in {"answer", "round-question", "round-part", "round-judge", "evidence", "evidence-piece"}:
                shown.setdefault(name, set()).update(leaks(client.get(path), list(planted.secrets)))
    assert {"zqinteriorm3x2 it is", "zqinteriorm3x6 it is", "zqclash", "zqinteriorm3x6title"} <= shown["interior"]
    assert {"zqremark", "zqreply", "zqjusticem3x7"} <= shown["justice"]
    assert {"zqremark", "zqruling", "zqjusticem3x7", "zqclosing", "zqcoalitionm3x3"} <= shown["reviewer"]
    assert {"zqjudged", "zqmitigation", "zqruling", "zqjusticem3x2title"} <= shown["coordinator"]


def test_letters_hold_no_secret(planted: Planted) -> None:
    letters = list(Letter.objects.all())
    assert letters
    for letter in letters:
        assert "zq" not in f"{letter.subject} {letter.text}"


def bodies(planted: Planted, name: str, *, without: set[str]) -> dict[str, str]:
    """All that one person is shown, without what changes by itself."""
    client, _ = as_person(planted, name)
    found = {}
    for address_name, path in addresses(planted):
        # the record of what was taken along grows by the walk itself
        if (
            address_name not in without
            and "/record." not in path
            and ("/rounds/" in path or "/evidence/" in path or "/public/" in path or path.endswith("/me/"))
        ):
            said = "\n".join(_steady(text) for text in texts(client.get(path)))
            found[path] = said
    return found


def _steady(text: str) -> str:
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)
    return re.sub(r"csrftoken=\w+|\d\d:\d\d:\d\d[.\dz+:]*|[0-9a-f]{64}", "", text)


def plant_hidden(planted: Planted, key: str, *, marking: str) -> None:
    world = planted.world
    Answer.objects.create(
        contribution=world.part(key), question="M3.1", kind="no", comment="zqhidden", marking=marking, checked_on=day(),
        saved_at=world.round.made_at, saved_by=world.people[key],
    )  # fmt: skip
    showing.kept.clear()  # this answer came by no action, so no record told that results have to be made anew


@pytest.mark.parametrize(
    ("name", "marking"),
    [
        *((name, "RED") for name in ("focal_point", "coordinator", "reviewer", "reader", "auditor", "coalition", "administrator")),
        *((name, "AMBER") for name in ("reader", "auditor", "coalition", "interior")),
    ],
)
def test_an_answer_that_is_hidden_is_not_even_counted(planted: Planted, name: str, marking: str) -> None:
    without = {"round-everything", "round-report", "round-offline-file", "round-part-offline"}  # each says when it was made
    before = bodies(planted, name, without=without)
    plant_hidden(planted, "justice", marking=marking)
    after = bodies(planted, name, without=without)
    assert [path for path in before if before[path] != after[path]] == []


def test_the_count_would_have_shown_it(planted: Planted) -> None:
    before = bodies(planted, "coordinator", without=set())
    plant_hidden(planted, "justice", marking="AMBER")
    after = bodies(planted, "coordinator", without=set())
    changed = {path.rstrip("/").rpartition("/")[2] for path in before if before[path] != after[path]}
    assert {"M3", "M3.1", "institutions"} <= changed
