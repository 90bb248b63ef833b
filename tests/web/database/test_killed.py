"""Killed without warning under load: what was acknowledged is there, the record is whole, and nothing is half written."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.db import transaction

from forefend.web.assessment import editions
from forefend.web.assessment.models import Answer, AnswerVersion
from forefend.web.audit import chain
from forefend.web.audit.models import Entry
from forefend.web.evidence.models import Evidence, Support, Version
from forefend.web.project import moving
from forefend.web.project.database import FILE, sqlite
from web.assessment.builders import build

from .conftest import SERVER, needs_postgresql

WRITER = Path(__file__).parent / "writer.py"
WRITERS = ("interior", "justice", "coalition")
KILLED_AFTER = (25, 40)  # acknowledged saves, of every writer at least one, before the first and the second kill
PATIENCE_SECONDS = 180


@pytest.fixture(autouse=True)
def database(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """These tests bring their own databases, and write to no other."""
    del django_db_setup
    with django_db_blocker.unblock():
        editions._catalog.cache_clear()
        yield
        editions._catalog.cache_clear()


def begin(alias: str) -> None:
    """Open a round in an empty database."""
    from django.core.management import call_command

    with moving.looking_at(alias):
        call_command("migrate", database=alias, interactive=False, verbosity=0)
        with transaction.atomic(using=alias), transaction.atomic():
            build()


def work_until_killed(folder: Path, address: str, *, run: str, enough: int) -> list[dict[str, Any]]:
    """Let several processes save at once, kill them all in the middle, and return what they had acknowledged."""
    given = {name: value for name, value in os.environ.items() if not name.startswith("FOREFEND_")}
    given |= {"FOREFEND_DATA_DIR": str(folder), "FOREFEND_DATABASE": address}
    said: list[dict[str, Any]] = []
    heard: set[str] = set()
    writers = [
        subprocess.Popen([sys.executable, str(WRITER), key, run], env=given, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for key in WRITERS
    ]

    def listen(key: str, writer: subprocess.Popen[str]) -> None:
        assert writer.stdout is not None
        for line in writer.stdout:  # a line that was cut off by the kill was no acknowledgement
            if line.endswith("\n"):
                said.append(json.loads(line))
                heard.add(key)
                if len(said) >= enough and len(heard) == len(WRITERS):  # not before the slowest to start works too
                    for other in writers:
                        other.send_signal(signal.SIGKILL)

    listeners = [Thread(target=listen, args=pair) for pair in zip(WRITERS, writers, strict=True)]
    for listener in listeners:
        listener.start()
    for listener, writer in zip(listeners, writers, strict=True):
        listener.join(PATIENCE_SECONDS)
        writer.kill()
        _, errors = writer.communicate()
        assert writer.returncode == -signal.SIGKILL, errors
    return said


def check(alias: str, folder: Path, said: list[dict[str, Any]]) -> None:
    """Hold the database against what was acknowledged."""
    with moving.looking_at(alias):
        versions = {(row.answer_id, row.version): row.content for row in AnswerVersion.objects.all()}
        for saved in said:
            if "answer" in saved:
                assert versions[saved["answer"], saved["version"]]["comment"] == saved["comment"]
            else:
                assert Version.objects.get(evidence=saved["evidence"]).sha256 == saved["sha256"]
                assert Support.objects.filter(evidence=saved["evidence"]).exists()
        for answer in Answer.objects.all():
            kept = sorted(version for key, version in versions if key == answer.pk)
            assert kept == list(range(1, answer.version + 1))
            assert versions[answer.pk, answer.version]["comment"] == answer.comment
        assert Entry.objects.filter(event__in=("answer.given", "answer.changed")).count() == len(versions)
        assert Entry.objects.filter(event="evidence.added").count() == Evidence.objects.count() == Version.objects.count()
        for version in Version.objects.all():  # also those whose acknowledgement did not come through
            data = (folder / "evidence" / version.sha256[:2] / version.sha256).read_bytes()
            assert hashlib.sha256(data).hexdigest() == version.sha256
        assert chain.verify().is_whole


def killed_twice(described: dict[str, Any], folder: Path, address: str) -> None:
    """Kill, look, go on in the same database, kill again, look at everything."""
    said: list[dict[str, Any]] = []
    for run, enough in enumerate(KILLED_AFTER, start=1):
        said += work_until_killed(folder, address, run=f"run {run}", enough=enough)
        assert len(said) >= enough
        with moving.database_as("killed", described):
            check("killed", folder, said)
    assert {saved["comment"].split(", ")[1] for saved in said if "comment" in saved} == set(WRITERS)  # they did work at once


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no SIGKILL")
def test_nothing_acknowledged_is_lost_on_sqlite(tmp_path: Path) -> None:
    described = sqlite(str(tmp_path / FILE))
    with moving.database_as("killed", described):
        begin("killed")
    killed_twice(described, tmp_path, "")


@needs_postgresql
def test_nothing_acknowledged_is_lost_on_postgresql(tmp_path: Path, on_postgresql: dict[str, Any]) -> None:
    with moving.database_as("killed", on_postgresql):
        begin("killed")
    killed_twice(on_postgresql, tmp_path, SERVER.rsplit("/", 1)[0] + f"/{on_postgresql['NAME']}")
