"""Bytes and names: kept whole or not at all, never under a name somebody gave, in pieces that may break off anywhere."""

from __future__ import annotations

import hashlib
import io
import shlex
import sys
import unicodedata
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import settings as settings_of
from hypothesis import strategies as st

from forefend.errors import NotAllowed
from forefend.settings import Settings
from forefend.web.audit.models import Entry
from forefend.web.evidence import files as stored
from forefend.web.evidence import scanning, uploads
from forefend.web.evidence.actions import NewFile, add_evidence
from forefend.web.evidence.models import Evidence, Upload
from forefend.web.evidence.names import media_type, shown_name
from forefend.web.evidence.refusals import EvidenceError

from .conftest import World
from .test_actions import said

NAMES = {
    "report.pdf": "report.pdf",
    "../../etc/passwd": "passwd",
    "C:\\Users\\me\\secret plan.docx": "secret plan.docx",
    '<script>alert("x")</script>.html': "script_.html",
    '<img src=x onerror="alert(1)">.svg': "_img src=x onerror=_alert(1)__.svg",
    "nul\x00l.txt": "null.txt",
    "line\r\nSet-Cookie: a=b.txt": "lineSet-Cookie_ a=b.txt",
    "annual\u202efdp.exe": "annualfdp.exe",
    "تقرير سنوي.pdf": "تقرير سنوي.pdf",
    "..": "file",
    "": "file",
    ".htaccess": "htaccess",
    "CON.txt": "_CON.txt",
    "x" * 500 + ".pdf": "x" * 196 + ".pdf",
}


@pytest.mark.parametrize(("name", "shown"), NAMES.items())
def test_a_name_is_cleaned_before_it_is_shown(name: str, shown: str) -> None:
    assert shown_name(name) == shown


@given(st.text(max_size=400))
def test_no_name_holds_a_path_a_sign_of_control_or_markup(name: str) -> None:
    shown = shown_name(name)
    assert 0 < len(shown.encode()) <= 255
    assert not set('/\\<>:"|?*') & set(shown)
    assert not any(unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for letter in shown)
    assert shown == shown.strip(" .")
    assert shown_name(shown) == shown


def test_the_media_type_is_never_what_a_browser_would_run() -> None:
    assert media_type("report.PDF") == "application/pdf"
    for name in ("page.html", "drawing.svg", "page.xhtml", "code.js", "feed.xml", "none", "macro.docm"):
        assert media_type(name) == "application/octet-stream"


def left_over(folder: Path) -> list[str]:
    return [path.name for path in (folder / "coming").glob("*") if path.suffix != ".lock"] if folder.exists() else []


def test_a_file_that_is_too_large_leaves_nothing_behind(files: Path) -> None:
    def without_end() -> Iterator[bytes]:
        while True:
            yield b"x" * 1024

    with patch.object(stored, "BYTES_AT_MOST", 10_000), pytest.raises(EvidenceError, match="larger than"):
        stored.receive(without_end())
    assert left_over(files) == []
    with pytest.raises(EvidenceError, match="is empty"):
        stored.receive([])
    assert left_over(files) == []


def test_a_line_that_breaks_leaves_nothing_behind(files: Path) -> None:
    def broken() -> Iterator[bytes]:
        yield b"half"
        raise ConnectionResetError(104, "Connection reset by peer")

    with pytest.raises(EvidenceError, match="could not be kept: Connection reset by peer"):
        stored.receive(broken())
    assert left_over(files) == []


def test_a_bomb_is_kept_as_bytes_and_never_opened(world: World) -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(20):
            archive.writestr(f"{number}.txt", b"\0" * 10_000_000)
    data = bomb.getvalue()
    assert len(data) < 1_000_000
    with patch("zipfile.ZipFile", side_effect=AssertionError("it was opened")):
        evidence = add_evidence(by=world.people["interior"], details=said(), file=NewFile(coming=stored.receive([data]), filename="a.zip"))
    assert stored.path_of(evidence.versions.get().sha256).read_bytes() == data


# In pieces ------------------------------------------------------------------------------------------


def begun(world: World, data: bytes, **given: str) -> Upload:
    return uploads.begin(by=world.people["interior"], filename="large.pdf", size=len(data), **given)


def test_an_upload_goes_on_where_it_stopped(world: World, files: Path) -> None:
    data, by = bytes(range(256)) * 40, world.people["interior"]
    first = begun(world, data, fingerprint="large.pdf:10240:1")
    assert uploads.append(token=first.token, offset=0, data=data[:4000], by=by).received == 4000
    again = begun(world, data, fingerprint="large.pdf:10240:1")
    assert (again.token, again.received) == (first.token, 4000)
    assert begun(world, data, fingerprint="large.pdf:10240:2").token != first.token
    with pytest.raises(EvidenceError, match="Go on at byte 4000"):
        uploads.append(token=first.token, offset=5000, data=data[5000:], by=by)
    with pytest.raises(EvidenceError, match="not come in whole"):
        uploads.finish(token=first.token, by=by)
    uploads.append(token=first.token, offset=4000, data=data[4000:], by=by, sha256=hashlib.sha256(data[4000:]).hexdigest())
    coming, name = uploads.finish(token=first.token, by=by, sha256=hashlib.sha256(data).hexdigest())
    assert (coming.path.read_bytes(), coming.size, name) == (data, len(data), "large.pdf")
    with pytest.raises(NotAllowed):
        uploads.finish(token=first.token, by=by)


@settings_of(max_examples=30, deadline=None)
@given(data=st.binary(min_size=1, max_size=600), cuts=st.lists(st.tuples(st.integers(0, 600), st.integers(1, 600)), max_size=12))
def test_pieces_may_come_twice_overlap_or_miss_and_the_bytes_are_the_same(data: bytes, cuts: list[tuple[int, int]]) -> None:
    from .conftest import person

    by = person(f"p{Upload.objects.count()}-{timezone.now().timestamp()}", "coordinator")
    upload = uploads.begin(by=by, filename="x", size=len(data))
    for offset, length in cuts:
        before = uploads.upload_of(upload.token, by=by).received
        piece = data[offset : offset + length]
        if offset > before:
            with pytest.raises(EvidenceError):
                uploads.append(token=upload.token, offset=offset, data=piece, by=by)
        else:
            assert uploads.append(token=upload.token, offset=offset, data=piece, by=by).received == max(before, offset + len(piece))
    received = uploads.upload_of(upload.token, by=by).received
    uploads.append(token=upload.token, offset=received, data=data[received:], by=by)
    coming, _ = uploads.finish(token=upload.token, by=by)
    assert coming.path.read_bytes() == data
    assert coming.sha256 == hashlib.sha256(data).hexdigest()


def test_bytes_written_before_a_crash_are_written_again(world: World) -> None:
    data, by = b"0123456789", world.people["interior"]
    upload = begun(world, data)
    uploads.append(token=upload.token, offset=0, data=data[:4], by=by)
    with patch.object(uploads, "_set_received", side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
        uploads.append(token=upload.token, offset=4, data=b"XXXXXX", by=by)
    assert uploads.upload_of(upload.token, by=by).received == 4
    uploads.append(token=upload.token, offset=4, data=data[4:], by=by)
    assert uploads.finish(token=upload.token, by=by)[0].path.read_bytes() == data


def test_what_is_wrong_with_a_piece_is_said(world: World) -> None:
    by = world.people["interior"]
    upload = begun(world, b"0123456789")
    with pytest.raises(EvidenceError, match="damaged on its way"):
        uploads.append(token=upload.token, offset=0, data=b"0123", by=by, sha256="0" * 64)
    with pytest.raises(EvidenceError, match="more than the file was said to hold"):
        uploads.append(token=upload.token, offset=0, data=b"0123456789X", by=by)
    with patch.object(uploads, "PIECE_AT_MOST", 3), pytest.raises(EvidenceError, match="may have"):
        uploads.append(token=upload.token, offset=0, data=b"0123", by=by)
    assert uploads.upload_of(upload.token, by=by).received == 0
    uploads.append(token=upload.token, offset=0, data=b"0123456789", by=by)
    with pytest.raises(EvidenceError, match="not the one that was sent"):
        uploads.finish(token=upload.token, by=by, sha256="0" * 64)


def test_an_upload_belongs_to_who_began_it(world: World) -> None:
    upload = begun(world, b"0123456789")
    for who in ("justice", "coordinator", "administrator"):
        for step in (
            lambda by: uploads.upload_of(upload.token, by=by),
            lambda by: uploads.append(token=upload.token, offset=0, data=b"0", by=by),
            lambda by: uploads.finish(token=upload.token, by=by),
        ):
            with pytest.raises(NotAllowed):
                step(world.people[who])
    for who in ("reader", "reviewer", "auditor", "administrator", "nobody"):
        with pytest.raises(NotAllowed):
            uploads.begin(by=world.people[who], filename="x", size=1)


def test_a_claim_of_more_than_two_gigabytes_is_refused_before_anything_comes(world: World, files: Path) -> None:
    with pytest.raises(EvidenceError, match="larger than 2 GB"):
        uploads.begin(by=world.people["interior"], filename="x", size=2 * 1024**3 + 1)
    assert not Upload.objects.exists()
    assert left_over(files) == []


def test_uploads_that_nobody_goes_on_with_are_removed(world: World, files: Path) -> None:
    by = world.people["interior"]
    old = begun(world, b"0123456789")
    uploads.append(token=old.token, offset=0, data=b"0123", by=by)
    with patch.object(uploads.timezone, "now", return_value=timezone.now() + timedelta(days=8)):
        uploads.begin(by=by, filename="x", size=1)
    assert not Upload.objects.filter(token=old.token).exists()
    assert left_over(files) == []
    for _ in range(uploads.OPEN_AT_MOST - 1):
        uploads.begin(by=by, filename="x", size=1)
    with pytest.raises(EvidenceError, match="still coming in"):
        uploads.begin(by=by, filename="x", size=1)


# Scanned --------------------------------------------------------------------------------------------


def with_scanner(settings: Any, code: str) -> None:
    settings.FOREFEND = Settings(
        data_dir=settings.FOREFEND.data_dir, scanner=f"{shlex.quote(sys.executable)} -c {shlex.quote('import sys; ' + code)}"
    )


def test_a_scanner_that_finds_something_has_the_file_removed_and_recorded(world: World, files: Path, settings: Any) -> None:
    with_scanner(settings, "sys.exit(b'EICAR' in open(sys.argv[1], 'rb').read())")
    by = world.people["interior"]
    clean = add_evidence(by=by, details=said(), file=NewFile(coming=stored.receive([b"harmless"]), filename="a.pdf"))
    assert clean.versions.get().scan == "clean"
    with pytest.raises(EvidenceError, match=r"refused b\.pdf"):
        add_evidence(by=by, details=said(), file=NewFile(coming=stored.receive([b"EICAR"]), filename="../b.pdf"))
    assert left_over(files) == []
    assert not stored.path_of(hashlib.sha256(b"EICAR").hexdigest()).exists()
    assert Evidence.objects.count() == 1
    row = Entry.objects.get(event="evidence.refused")
    assert (row.actor, row.after["filename"], row.after["sha256"]) == (by.key, "b.pdf", hashlib.sha256(b"EICAR").hexdigest())


@pytest.mark.parametrize(
    ("scanner", "sentence"),
    [("/nonexistent/scanner --quiet", "cannot be run"), ('clamdscan "', "cannot be run")],
)
def test_a_scanner_that_cannot_be_run_lets_no_file_in(world: World, files: Path, settings: Any, scanner: str, sentence: str) -> None:
    settings.FOREFEND = Settings(data_dir=settings.FOREFEND.data_dir, scanner=scanner)
    with pytest.raises(EvidenceError, match=sentence):
        add_evidence(by=world.people["interior"], details=said(), file=NewFile(coming=stored.receive([b"x"]), filename="a.pdf"))
    assert (left_over(files), Evidence.objects.count()) == ([], 0)


def test_a_scanner_that_hangs_lets_no_file_in(world: World, files: Path, settings: Any) -> None:
    with_scanner(settings, "import time; time.sleep(60)")
    with patch.object(scanning, "SECONDS_AT_MOST", 0.2), pytest.raises(EvidenceError, match="did not finish"):
        add_evidence(by=world.people["interior"], details=said(), file=NewFile(coming=stored.receive([b"x"]), filename="a.pdf"))
    assert (left_over(files), Evidence.objects.count()) == ([], 0)
