"""The record as an auditor reads it: rows as far as their marking allows, the check, and the files to take away."""

from __future__ import annotations

import csv
import io
import json

import pytest
from django.test import Client
from django.utils import timezone

from forefend.web.accounts.models import Duty, Person
from forefend.web.accounts.roles import ROLES
from forefend.web.audit.actions import record
from forefend.web.audit.models import Entry
from forefend.web.audit.queries import ROWS_SHOWN
from forefend.web.audit.words import EVENTS

SECRET = "what only some may read"  # noqa: S105 - nobody's


def person(name: str, *roles: str) -> Person:
    made = Person.objects.create_user(f"{name}@example.org", name=name)
    for role in roles:
        Duty.objects.create(person=made, role=role, since=timezone.now(), given_by="system")
    return made


def signed_in(who: Person) -> Client:
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(who)
    session = client.session
    session["has_second_factor"] = True
    session.save()
    return client


def text(client: Client, query: str = "") -> str:
    return client.get(f"/en/audit/{query}").content.decode()


@pytest.mark.parametrize(("marking", "roles", "is_shown"), [
    ("CLEAR", ["auditor"], True), ("GREEN", ["auditor"], True), ("AMBER", ["auditor"], False), ("AMBER+STRICT", ["auditor"], False),
    ("RED", ["auditor"], False), ("AMBER", ["auditor", "reviewer"], True), ("AMBER+STRICT", ["auditor", "coordinator"], True),
    ("RED", ["auditor", "focal_point"], False), ("RED", ["auditor", "administrator"], False),
])  # fmt: skip
def test_what_a_row_says_is_shown_as_its_marking_allows(marking: str, roles: list[str], is_shown: bool) -> None:
    writer = person("Kofi", "respondent")
    record("answer.given", subject="answer:1", by=writer, after={"comment": SECRET}, reason=SECRET, marking=marking)
    client = signed_in(person("Esi", *roles))
    html = text(client)
    assert "answer:1" in html  # that something happened is never hidden
    assert "Kofi" in html
    assert (SECRET in html) is is_shown
    for kind in ("csv", "jsonl"):
        file = b"".join(client.post(f"/en/audit/export/{kind}/").streaming_content).decode()  # type: ignore[attr-defined]
        assert "answer:1" in file
        assert (SECRET in file) is is_shown


def test_who_wrote_a_red_row_reads_it() -> None:
    writer = person("Kofi", "respondent", "auditor")
    record("answer.given", subject="answer:1", by=writer, after={"comment": SECRET}, marking="RED")
    assert SECRET in text(signed_in(writer))


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"auditor"}))
def test_only_an_auditor_reads_checks_and_exports(role: str) -> None:
    client = signed_in(person("Esi", role))
    assert client.get("/en/audit/").status_code == client.post("/en/audit/").status_code == 404
    assert client.post("/en/audit/export/csv/").status_code == 404
    assert not Entry.objects.filter(event="audit.exported").exists()


def test_rows_are_found_by_what_and_whom_they_are_about() -> None:
    kofi = person("Kofi")
    for number in range(3):
        record("thing.made", subject=f"thing:{number}", by=kofi)
    record("thing.lost", subject="thing:1", by="command line")
    client = signed_in(person("Esi", "auditor"))

    def rows(query: str) -> int:
        return text(client, query).count('<th role="rowheader"')

    assert rows("?subject=thing:1") == 2
    assert rows(f"?actor={kofi.key}") == 3
    assert rows("?actor=kofi") == 3
    assert rows("?event=thing.lost") == 1
    assert rows("?subject=thing:1&actor=command+line") == 1
    assert rows("?subject=%25") == 0
    assert "No row fits" in text(client, "?subject=nothing")


def test_pages_of_rows_follow_one_another() -> None:
    for number in range(ROWS_SHOWN + 5):
        record("thing.made", subject=f"thing:{number}", by="command line")
    client = signed_in(person("Esi", "auditor"))
    first = text(client, "?event=thing")
    assert first.count('<th role="rowheader"') == ROWS_SHOWN
    assert "below=6" in first
    assert text(client, "?event=thing&below=6").count('<th role="rowheader"') == 5
    for nonsense in ("x", "-1", "9" * 40, "²", "1e3"):
        assert client.get(f"/en/audit/?below={nonsense}").status_code == 200


def test_the_check_says_what_it_found() -> None:
    record("thing.made", subject="thing:1", by="command line")
    client = signed_in(person("Esi", "auditor"))
    said = client.post("/en/audit/").content.decode()
    assert "The record is whole" in said
    assert client.post("/ar/audit/").status_code == 200


def test_a_broken_record_is_said_with_its_first_row(monkeypatch: pytest.MonkeyPatch) -> None:
    from forefend.web.audit import chain

    for number in range(3):
        record("thing.made", subject=f"thing:{number}", by="command line")
    client = signed_in(person("Esi", "auditor"))
    whole = chain.digest_of
    monkeypatch.setattr(chain, "digest_of", lambda entry: "0" * 64 if entry.subject == "thing:1" else whole(entry))
    said = client.post("/en/audit/").content.decode()
    assert "The record is not whole" in said
    assert "Row 2 does not fit" in said


def test_the_files_hold_every_row_and_no_formula() -> None:
    record("thing.made", subject="thing:1", by="command line", after={"a": "é ü ن"}, reason='=HYPERLINK("http://evil")', marking="GREEN")
    client = signed_in(person("Esi", "auditor"))
    response = client.post("/en/audit/export/csv/")
    rows = list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode())))  # type: ignore[attr-defined]
    assert [row["event"] for row in rows][-2:] == ["thing.made", "audit.exported"] or "thing.made" in {row["event"] for row in rows}
    assert all(not cell.startswith(("=", "+", "@")) for row in rows for cell in row.values())
    lines = b"".join(client.post("/en/audit/export/jsonl/").streaming_content).decode().splitlines()  # type: ignore[attr-defined]
    records = [json.loads(line) for line in lines]
    assert [row["number"] for row in records] == list(range(records[0]["number"], records[0]["number"] + len(records)))
    assert Entry.objects.filter(event="audit.exported").count() == 2
    assert client.get("/en/audit/export/csv/").status_code == 405
    assert client.post("/en/audit/export/exe/").status_code == 404


def test_every_event_of_people_has_words() -> None:
    import re
    from pathlib import Path

    import forefend.web

    code = "".join(path.read_text(encoding="utf-8") for path in Path(forefend.web.__file__).parent.glob("a*/**/*.py"))
    events = set(re.findall(r'record\(\s*"([a-z_]+\.[a-z_]+)"', code)) | set(re.findall(r'_record\("([a-z_]+\.[a-z_]+)"', code))
    ours = {
        event
        for event in events
        if event.split(".")[0] in {"person", "duty", "duties", "invitation", "institution", "installation", "audit"}
    }
    assert len(ours) > 15
    assert ours <= set(EVENTS)
