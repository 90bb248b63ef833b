"""Letters: written with the change they tell of, sent once, never in the way of a request."""

from __future__ import annotations

import smtplib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.conf import settings as django_settings
from django.core import mail
from django.db import DatabaseError, transaction
from django.utils import timezone

from forefend.errors import StoreError
from forefend.settings import Settings
from forefend.web.letters import actions
from forefend.web.letters.addresses import beginning
from forefend.web.letters.models import Letter

Capture = Callable[..., Any]


@dataclass
class Somebody:
    """Whom a letter goes to."""

    email: str = "kofi@example.org"
    language: str = "en"
    is_practice: bool = False


def write(subject: str = "Something waits", **given: Any) -> Letter | None:
    return actions.write(**({"to": Somebody(), "subject": subject, "text": "See /en/me/", "about": "thing:1"} | given))


@pytest.fixture
def outbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """Letters that left, in memory."""
    monkeypatch.setattr(django_settings, "EMAIL_BACKEND", "django.core.mail.backends.locmem.EmailBackend")
    mail.outbox = []
    yield mail.outbox
    mail.outbox = []


def test_a_letter_leaves_after_the_change_is_kept(outbox: list[Any], django_capture_on_commit_callbacks: Capture) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        write()
        assert outbox == []
    assert [(letter.subject, letter.to) for letter in outbox] == [("Something waits", ["kofi@example.org"])]
    assert Letter.objects.get().sent_at is not None
    assert actions.deliver() == 0
    assert len(outbox) == 1


def test_a_change_that_is_undone_writes_nobody(outbox: list[Any], django_capture_on_commit_callbacks: Capture) -> None:
    def fail() -> None:
        write()
        raise ValueError("undone")

    with django_capture_on_commit_callbacks(execute=True), pytest.raises(ValueError, match="undone"), transaction.atomic():
        fail()
    assert outbox == []
    assert not Letter.objects.exists()


def test_a_letter_is_only_written_within_a_change(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "connection", SimpleNamespace(in_atomic_block=False))
    with pytest.raises(StoreError):
        write()


def test_about_the_same_thing_once_in_a_period() -> None:
    assert write(period="2026-11-20") is not None
    assert write(period="2026-11-20") is None
    assert write(period="2026-11-21") is not None
    assert write(period="2026-11-20", to=Somebody(email="esi@example.org")) is not None
    assert write() is not None
    assert write() is not None
    assert Letter.objects.count() == 5


def test_nobody_writes_to_the_practice_space() -> None:
    assert write(to=Somebody(is_practice=True)) is None


def test_a_subject_is_one_line(outbox: list[Any]) -> None:
    write(subject="Hello\r\nBcc: everybody@example.org\n" + "x" * 500)
    actions.deliver()
    assert "\n" not in outbox[0].subject
    assert outbox[0].recipients() == ["kofi@example.org"]
    assert len(Letter.objects.get().subject) == 200


def test_a_one_time_link_is_forgotten_once_sent(outbox: list[Any]) -> None:
    write(text="https://x/en/welcome/secret-token/", is_forgotten_when_sent=True)
    write(text="stays", about="thing:2")
    actions.deliver()
    assert {"secret-token" in letter.body for letter in outbox} == {True, False}
    assert not Letter.objects.filter(text__contains="secret-token").exists()
    assert Letter.objects.filter(text="stays").exists()


@pytest.mark.parametrize("error", [
    ConnectionRefusedError("refused"), smtplib.SMTPServerDisconnected("gone"), TimeoutError("slow"), smtplib.SMTPRecipientsRefused({}),
])  # fmt: skip
def test_a_server_that_fails_is_tried_again_later_and_stops_nothing(
    monkeypatch: pytest.MonkeyPatch, outbox: list[Any], error: Exception, django_capture_on_commit_callbacks: Capture
) -> None:
    def fail(*_: Any, **__: Any) -> int:
        raise error

    with time_machine.travel(timezone.now(), tick=False) as clock:
        with monkeypatch.context() as broken:
            broken.setattr("django.core.mail.EmailMessage.send", fail)
            with django_capture_on_commit_callbacks(execute=True):
                write()
            write(about="thing:2")
        failed = Letter.objects.get(about="thing:1")
        assert (failed.sent_at, failed.tries) == (None, 1)
        assert type(error).__name__ in failed.last_error
        assert actions.deliver() == 1  # the other one; the failed one waits
        clock.shift(timedelta(minutes=5, seconds=1))
        assert actions.deliver() == 1
    assert len(outbox) == 2
    assert Letter.objects.get(about="thing:1").last_error == ""


def test_a_letter_that_never_leaves_is_given_up_and_stays_to_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.core.mail.EmailMessage.send", lambda *_, **__: (_ for _ in ()).throw(OSError("down")))
    with time_machine.travel(timezone.now(), tick=False) as clock:
        write()
        for _ in range(actions.TRIES_AT_MOST + 3):
            actions.deliver()
            clock.shift(timedelta(minutes=6))
    letter = Letter.objects.get()
    assert (letter.tries, letter.sent_at) == (actions.TRIES_AT_MOST, None)


def test_a_letter_taken_up_by_another_is_left_to_it(outbox: list[Any]) -> None:
    write()
    letter = Letter.objects.get()
    Letter.objects.update(tries=1, tried_at=timezone.now())  # another process was faster
    assert actions._send(letter) is False
    assert actions.deliver() == 0
    assert outbox == []


def test_without_a_server_letters_are_files_for_their_owner_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, django_capture_on_commit_callbacks: Capture
) -> None:
    folder = tmp_path / "outbox"
    monkeypatch.setattr(django_settings, "EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend")
    monkeypatch.setattr(django_settings, "EMAIL_FILE_PATH", str(folder))
    with django_capture_on_commit_callbacks(execute=True):
        write(subject="مرحبا")
    files = list(folder.iterdir())
    assert len(files) == 1
    assert b"kofi@example.org" in files[0].read_bytes()
    assert folder.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(("given", "begins"), [
    ({}, "http://127.0.0.1:8471"), ({"port": 9000}, "http://127.0.0.1:9000"), ({"address": "::"}, "http://127.0.0.1:8471"),
    ({"address": "::1"}, "http://[::1]:8471"), ({"public_url": "https://r2p.example/"}, "https://r2p.example"),
])  # fmt: skip
def test_links_begin_as_others_reach_the_workbench(tmp_path: Path, given: dict[str, Any], begins: str) -> None:
    assert beginning(Settings(data_dir=tmp_path, **given)) == begins


@pytest.mark.parametrize("error", [OSError("no space left"), DatabaseError("locked")])
def test_a_full_disk_or_a_busy_database_never_reaches_the_request(
    monkeypatch: pytest.MonkeyPatch, error: Exception, django_capture_on_commit_callbacks: Capture
) -> None:
    def fail() -> None:
        raise error

    monkeypatch.setattr(actions, "prepare_outbox" if isinstance(error, OSError) else "deliver", fail)
    with django_capture_on_commit_callbacks(execute=True):
        write()
    assert Letter.objects.get().sent_at is None


def test_with_a_server_a_request_does_not_wait_for_it(monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Capture) -> None:
    begun: list[Any] = []
    monkeypatch.setattr(django_settings, "FOREFEND", SimpleNamespace(smtp="smtp://mail.example"))
    monkeypatch.setattr(actions, "Thread", lambda target, daemon: SimpleNamespace(start=lambda: begun.append((target, daemon))))
    monkeypatch.setattr(actions, "deliver", lambda: pytest.fail("sent within the request"))
    with django_capture_on_commit_callbacks(execute=True):
        write()
    assert begun == [(actions._send_beside, True)]


@pytest.mark.parametrize("is_broken", [True, False])
def test_the_thread_that_sends_ends_quietly_and_gives_its_connection_back(monkeypatch: pytest.MonkeyPatch, is_broken: bool) -> None:
    closed: list[bool] = []

    def deliver() -> int:
        if is_broken:
            raise DatabaseError("gone")
        return 0

    monkeypatch.setattr(actions, "deliver", deliver)
    monkeypatch.setattr(actions, "connection", SimpleNamespace(close=lambda: closed.append(True)))
    actions._send_beside()
    assert closed == [True]
