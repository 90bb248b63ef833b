"""Pages of evidence: what they show to whom, what they take in, and what they answer to everybody else."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import date
from unittest.mock import patch

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from forefend.web.accounts.models import Person
from forefend.web.evidence import actions, files, uploads
from forefend.web.evidence.actions import NewFile
from forefend.web.evidence.models import Evidence, Upload
from web.test_pages import read

from .conftest import World
from .test_actions import said
from .test_reading import make

AsPerson = Callable[[Person], Client]
OPEN_TO_ALL_ROLES = 200


def form(**changes: object) -> dict[str, object]:
    given: dict[str, object] = {
        "title": "Complaints register 2025", "letter": "B", "number": "2", "dated": "2025-12-31", "marking": "AMBER", "note": "Page 4.",
    }  # fmt: skip
    return given | changes


def sent(data: bytes = b"%PDF-1.7", name: str = "register.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, content_type="text/html")  # what the browser says of it counts for nothing


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_evidence_is_added_with_its_file_and_found_again(world: World, as_person: AsPerson, lang: str) -> None:
    client = as_person(world.people["interior"])
    address = f"/{lang}/evidence/add/?answer={world.answers['interior'].pk}"
    assert client.get(address).status_code == 200
    answer = client.post(address, form(file=sent()))
    evidence = Evidence.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/{lang}/evidence/{evidence.pk}/")
    assert list(evidence.supports.all()) == [world.answers["interior"]]
    page = client.get(answer["Location"])
    body = page.content.decode()
    assert page.status_code == 200
    assert body.count("TLP:AMBER") == 2  # above the page, and beside the piece
    assert hashlib.sha256(b"%PDF-1.7").hexdigest() in body
    assert "N5.5" in body
    assert "Complaints register 2025" in client.get(f"/{lang}/evidence/").content.decode()
    assert "Complaints register 2025" in client.get(f"/{lang}/evidence/?show=own&q=register").content.decode()
    assert "Complaints register 2025" not in client.get(f"/{lang}/evidence/?show=withdrawn").content.decode()


def test_what_is_missing_is_said_at_the_top_and_at_the_field(world: World, as_person: AsPerson) -> None:
    client = as_person(world.people["interior"])
    answer = client.post("/en/evidence/add/", {"marking": "AMBER", "dated": "31.12.2025"})
    body = answer.content.decode()
    assert answer.status_code == 400
    summary = body[body.index('class="errsum"') : body.index("</ul>", body.index('class="errsum"'))]
    for field, sentence in {
        "id_title": "Give the evidence a title.",
        "id_letter": "Choose how reliable the source is.",
        "id_number": "Choose how credible the content is.",
        "id_dated": "Enter the date as year, month and day, such as 2026-03-31.",
    }.items():
        assert f'<a href="#{field}">{sentence}</a>' in summary
    answer = client.post("/en/evidence/add/", form())
    assert "Choose a file, or give a link." in answer.content.decode()
    answer = client.post("/en/evidence/add/", form(url="javascript:alert(1)"))
    assert "The link is not an address of the web" in answer.content.decode()
    answer = client.post("/en/evidence/add/", form(file=sent(b"")))
    assert "The file is empty" in answer.content.decode()
    assert not Evidence.objects.exists()


def test_markup_in_a_title_a_note_or_a_name_is_only_text(world: World, as_person: AsPerson) -> None:
    client = as_person(world.people["interior"])
    evil = "<script>alert(1)</script>"
    answer = client.post("/en/evidence/add/", form(title=evil, note=f"</dd>{evil}", file=sent(name=f"{evil}.pdf")))
    for address in (answer["Location"], "/en/evidence/"):
        body = client.get(address).content.decode()
        assert "<script>alert" not in body
        assert "&lt;script&gt;" in body


def test_a_file_is_handed_out_to_be_saved_and_never_shown(world: World, as_person: AsPerson) -> None:
    interior = world.people["interior"]
    file = NewFile(coming=files.receive([b"<script>alert(1)</script>"]), filename='تقرير "سنوي"\r\n.html')
    evidence = actions.add_evidence(by=interior, details=said(), file=file)
    answer = as_person(interior).get(f"/en/evidence/{evidence.pk}/1/file/")
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content) == b"<script>alert(1)</script>"
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("sandbox")
    assert answer["Cache-Control"] == "private, no-store"
    files.path_of(evidence.versions.get().sha256).unlink()
    gone = as_person(interior).get(f"/en/evidence/{evidence.pk}/1/file/")
    assert (gone.status_code, "no longer in the data folder" in gone.content.decode()) == (404, True)


def test_a_piece_is_changed_gets_a_version_and_is_withdrawn(world: World, as_person: AsPerson) -> None:
    interior = world.people["interior"]
    evidence = actions.add_evidence(by=interior, details=said(), file=NewFile(coming=files.receive([b"1"]), filename="a.pdf"))
    client, root = as_person(interior), f"/en/evidence/{evidence.pk}/"
    assert client.get(f"{root}details/").status_code == 200
    assert client.post(f"{root}details/", form(letter="E", expires="2026-01-31")).status_code == 302
    assert client.post(f"{root}details/", form(expires="2020-01-01")).status_code == 400
    assert "The change was saved." in client.get(root).content.decode()
    assert client.post(f"{root}version/", {}).status_code == 400
    assert client.post(f"{root}version/", {"file": sent(b"2")}).status_code == 302
    assert client.post(f"{root}withdraw/", {"reason": " "}).status_code == 400
    assert client.post(f"{root}withdraw/", {"reason": "It names a witness."}).status_code == 302
    body = client.get(root).content.decode()
    assert "It names a witness." in body
    assert f"{root}1/file/" in body
    assert f"{root}2/file/" in body
    assert "Withdraw this piece" not in body
    evidence.refresh_from_db()
    assert (evidence.letter, evidence.expires, evidence.versions.count()) == ("E", date(2026, 1, 31), 2)
    assert client.post(f"{root}version/", {"file": sent(b"3")}).status_code == 400


def test_a_piece_is_attached_and_taken_away(world: World, as_person: AsPerson) -> None:
    interior = world.people["interior"]
    evidence = actions.add_evidence(by=interior, details=said(url="https://example.org/"))
    address = f"/en/evidence/{evidence.pk}/answers/{world.answers['interior'].pk}/"
    client = as_person(interior)
    assert client.post(address, {"do": "attach"}).status_code == 302
    assert evidence.supports.count() == 1
    assert client.post(address, {"do": "detach"}).status_code == 302
    assert evidence.supports.count() == 0
    world.hand_in("interior")
    answer = client.post(address, {"do": "attach"})
    assert (answer.status_code, "was handed in" in answer.content.decode()) == (409, True)


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_every_page_reads_right_and_keeps_the_strict_policy(world: World, as_person: AsPerson, lang: str) -> None:
    interior, answer = world.people["interior"], world.answers["interior"]
    file = NewFile(coming=files.receive([b"1"]), filename="a.pdf")
    evidence = actions.add_evidence(by=interior, details=said(note="1 < 2", expires=date(2026, 1, 1)), file=file, answer=answer)
    gone = actions.add_evidence(by=interior, details=said(marking="RED", url="https://example.org/"))
    other = actions.add_evidence(by=interior, details=said(title="Drawn", url="https://example.org/"), answer=answer)
    actions.draw_from(evidence=other, sources=[evidence], by=interior)
    actions.withdraw(evidence=gone, reason="So.", by=interior)
    client = as_person(interior)
    paths = ["", "add/", *(f"{piece.pk}/" for piece in (evidence, gone, other)), f"{evidence.pk}/details/"]
    for path in (*paths, "?show=withdrawn", "?show=expired", "?q=none"):
        page = read(client.get(f"/{lang}/evidence/{path}").content.decode())
        assert (page.mistakes, page.unclosed, len(page.h1), page.styles, page.handlers, page.scripts_inside) == ([], [], 1, [], [], 0), path
        assert len(page.ids) == len(set(page.ids)), path
        assert page.root["lang"] == lang


# Everybody else -------------------------------------------------------------------------------------


def addresses(evidence: Evidence, answer: int) -> list[tuple[str, str]]:
    root = f"/en/evidence/{evidence.pk}/"
    return [
        ("GET", root), ("GET", f"{root}1/file/"), ("GET", f"{root}details/"), ("POST", f"{root}details/"), ("POST", f"{root}version/"),
        ("POST", f"{root}withdraw/"), ("POST", f"{root}answers/{answer}/"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "role", ["reviewer", "reader", "auditor", "administrator", "nobody", "justice", "coalition", "coordinator", "focal_point"]
)
def test_who_may_not_read_a_piece_is_answered_as_if_it_were_not_there(world: World, as_person: AsPerson, role: str) -> None:
    file = NewFile(coming=files.receive([b"1"]), filename="a.pdf")
    evidence = actions.add_evidence(by=world.people["interior"], details=said(title="Names of witnesses", marking="RED"), file=file)
    client = as_person(world.people[role])
    there = {client.generic(method, address).status_code for method, address in addresses(evidence, world.answers["interior"].pk)}
    assert there == {404}
    here, nowhere = (
        client.get(f"/en/evidence/{number}/").content.replace(f"/evidence/{number}/".encode(), b"") for number in (evidence.pk, 10**9)
    )
    assert here == nowhere
    listed = client.get("/en/evidence/")
    assert listed.status_code == OPEN_TO_ALL_ROLES
    assert "Names of witnesses" not in listed.content.decode()
    assert "Names of witnesses" not in client.get("/en/evidence/?q=witnesses").content.decode()


@pytest.mark.parametrize("role", ["reviewer", "reader", "auditor"])
def test_who_may_only_read_changes_nothing(world: World, as_person: AsPerson, role: str) -> None:
    evidence = make(world, of="interior", by="interior", marking="CLEAR", readers=set(), supports={"interior"})
    world.hand_in("interior")
    client = as_person(world.people[role])
    page = client.get(f"/en/evidence/{evidence.pk}/")
    assert page.status_code == 200
    assert "details/" not in page.content.decode()
    posts = [(method, address) for method, address in addresses(evidence, world.answers["interior"].pk)[2:]]
    assert {client.generic(method, address).status_code for method, address in posts} == {404}
    for method, address in (("GET", "/en/evidence/add/"), ("POST", "/en/evidence/add/"), ("POST", "/en/evidence/uploads/")):
        assert client.generic(method, address).status_code == 404


def test_a_stranger_is_asked_to_sign_in(world: World) -> None:
    client = Client(headers={"host": "127.0.0.1"})
    for address in ("/en/evidence/", "/en/evidence/add/", "/en/evidence/1/", "/en/evidence/1/1/file/", "/en/evidence/uploads/x/"):
        answer = client.get(address)
        assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/account/login/")


@pytest.mark.parametrize(
    "address",
    ["add/?answer=x", f"add/?answer={'9' * 30}", "add/?answer=0", f"{'9' * 30}/", f"1/{'9' * 30}/file/"],
)
def test_numbers_that_are_nobodys_lead_nowhere(world: World, as_person: AsPerson, address: str) -> None:
    assert as_person(world.people["interior"]).get(f"/en/evidence/{address}").status_code == 404


@pytest.mark.parametrize("query", ["?page=x", "?page=999999999999", "?show=everything", "?q=%00%00", "?q=%25%27%22", "?page=-1"])
def test_any_list_that_is_asked_for_is_a_list(world: World, as_person: AsPerson, query: str) -> None:
    assert as_person(world.people["interior"]).get(f"/en/evidence/{query}").status_code == 200


def test_answers_of_others_are_not_named_before_they_are_handed_in(world: World, as_person: AsPerson) -> None:
    evidence = make(world, of="interior", by="interior", marking="GREEN", readers=set(), supports={"interior", "justice"})
    client = as_person(world.people["interior"])
    body = client.get(f"/en/evidence/{evidence.pk}/").content.decode()
    assert "The justice" not in body
    assert "It supports 1 answer" in body
    assert client.get(f"/en/evidence/add/?answer={world.answers['justice'].pk}").status_code == 404
    answer = client.post(f"/en/evidence/{evidence.pk}/answers/{world.answers['justice'].pk}/", {"do": "detach"})
    assert answer.status_code == 404


# Large files ----------------------------------------------------------------------------------------


def test_a_file_sent_in_pieces_becomes_evidence(world: World, as_person: AsPerson) -> None:
    client, data = as_person(world.people["interior"]), b"0123456789" * 1000
    begun = client.post("/en/evidence/uploads/", {"filename": "large.pdf", "size": len(data), "fingerprint": "large"}).json()
    assert (begun["received"], begun["size"]) == (0, len(data))

    def piece(offset: int, end: int, **headers: str) -> dict[str, object]:
        return client.post(f"{begun['address']}?offset={offset}", data[offset:end], "application/octet-stream", headers=headers).json()  # type: ignore[no-any-return]

    assert piece(0, 6000)["received"] == 6000
    assert client.get(begun["address"]).json()["received"] == 6000
    assert piece(4000, 8000)["received"] == 8000
    refused = piece(9000, 10000)
    assert (refused["received"], "Go on at byte 8000" in str(refused["sentence"])) == (8000, True)
    assert "damaged" in str(piece(8000, 10000, **{"x-content-sha256": "0" * 64})["sentence"])
    early = client.post("/en/evidence/add/", form(upload=begun["token"]))
    assert (early.status_code, "not come in whole" in early.content.decode()) == (400, True)
    assert piece(8000, 10000)["received"] == 10000
    assert client.post("/en/evidence/add/", form(upload=begun["token"])).status_code == 302
    version = Evidence.objects.get().versions.get()
    assert (version.filename, version.sha256) == ("large.pdf", hashlib.sha256(data).hexdigest())
    assert not Upload.objects.exists()
    again = client.post("/en/evidence/add/", form(upload=begun["token"]))
    assert again.status_code == 404  # a replayed form finds nothing


def test_sizes_and_places_that_are_none_are_refused(world: World, as_person: AsPerson) -> None:
    client = as_person(world.people["interior"])
    for size in ("", "-1", "x", "0", str(2 * 1024**3 + 1), "9" * 30, "١٢"):
        answer = client.post("/en/evidence/uploads/", {"filename": "x", "size": size})
        assert (answer.status_code, bool(answer.json()["sentence"])) == (409, True)
    upload = uploads.begin(by=world.people["interior"], filename="x", size=4)
    for offset in ("", "-1", "x", "9" * 30):
        assert client.post(f"/en/evidence/uploads/{upload.token}/?offset={offset}", b"1234", "application/octet-stream").status_code == 400
    assert client.post("/en/evidence/uploads/none/?offset=0", b"1234", "application/octet-stream").status_code == 404
    assert client.get("/en/evidence/uploads/").status_code == 405
    with patch.object(uploads, "PIECE_AT_MOST", 3):
        assert client.post(f"/en/evidence/uploads/{upload.token}/?offset=0", b"1234", "application/octet-stream").status_code == 409


class Unread:
    """A body that must not be read."""

    def read(self, *_: object) -> bytes:
        raise AssertionError("the body was read")

    readline = __iter__ = read


@pytest.mark.parametrize(
    ("path", "sentence"), [("/en/evidence/add/", "larger than 2 GB"), ("/en/rounds/", "larger than 64 MB"), ("/ar/evidence/add/", "2")]
)
def test_a_body_that_claims_too_much_is_refused_before_it_is_read(world: World, as_person: AsPerson, path: str, sentence: str) -> None:
    client = as_person(world.people["interior"])
    answer = client.generic(
        "POST", path, CONTENT_LENGTH=str(3 * 1024**3), CONTENT_TYPE="multipart/form-data; boundary=x", **{"wsgi.input": Unread()}
    )
    assert (answer.status_code, sentence in answer.content.decode()) == (413, True)


def test_the_list_has_pages(world: World, as_person: AsPerson) -> None:
    for _ in range(51):
        make(world, of="interior", by="interior", marking="AMBER", readers=set(), supports=set())
    client = as_person(world.people["interior"])
    first, second = (client.get(f"/en/evidence/?page={number}").content.decode() for number in (1, 2))
    shown = [re.findall(r'href="/en/evidence/(\d+)/"', body) for body in (first, second)]
    assert [len(set(found)) for found in shown] == [50, 1]
    assert not set(shown[0]) & set(shown[1])
