"""Many people write on the same answers at once: nothing is lost, nothing overwritten unseen, nothing written after handing in."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from forefend.web.assessment import actions, editions
from forefend.web.assessment.models import Answer, AnswerVersion, Clash, Contribution
from forefend.web.audit import chain
from forefend.web.audit.models import Entry
from forefend.web.project import moving
from forefend.web.project.database import FILE, sqlite
from web.assessment.builders import build

from .conftest import SERVER, needs_postgresql

EDITORS = Path(__file__).parent / "editors.py"
PROCESSES, PEOPLE, EDITS = 2, 20, 5
PATIENCE_SECONDS = 240


@pytest.fixture(autouse=True)
def database(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """These tests bring their own databases, and write to no other."""
    del django_db_setup
    with django_db_blocker.unblock():
        editions._catalog.cache_clear()
        yield
        editions._catalog.cache_clear()


def begin(described: dict[str, Any]) -> None:
    from django.core.management import call_command

    with moving.database_as("many", described), moving.looking_at("many"):
        call_command("migrate", database="many", interactive=False, verbosity=0)
        with transaction.atomic(using="many"), transaction.atomic():
            build(asked=("interior",))


def write_at_once(folder: Path, address: str, *, run: str) -> list[dict[str, Any]]:
    given = {name: value for name, value in os.environ.items() if not name.startswith("FOREFEND_")}
    given |= {"FOREFEND_DATA_DIR": str(folder), "FOREFEND_DATABASE": address}
    commands = [[sys.executable, str(EDITORS), f"{run} {n}", str(PEOPLE), str(EDITS)] for n in range(PROCESSES)]
    running = [subprocess.Popen(command, env=given, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for command in commands]
    said: list[dict[str, Any]] = []
    for process in running:
        out, errors = process.communicate(timeout=PATIENCE_SECONDS)
        assert process.returncode == 0, errors
        said += json.loads(out)
    return said


def check(said: list[dict[str, Any]]) -> None:
    """Every text is kept exactly once: as a version, or as a clash beside the one that stood."""
    versions = {row.content["comment"]: row for row in AnswerVersion.objects.select_related("answer")}
    clashes = {row.content["comment"]: row for row in Clash.objects.all()}
    assert len(versions) == AnswerVersion.objects.count()
    assert len(clashes) == Clash.objects.count()
    for one in said:
        if one["state"] == "saved":
            kept = versions[one["text"]]
            assert (kept.version, kept.answer.question) == (one["version"], one["question"])
            assert kept.version == one["base"] + 1  # written on the version before, and on no other
            assert one["text"] not in clashes
        else:
            assert clashes[one["text"]].base_version == one["base"]
            assert one["text"] not in versions
    for answer in Answer.objects.all():
        numbers = sorted(row.version for row in versions.values() if row.answer_id == answer.pk)
        assert numbers == list(range(1, answer.version + 1))
        assert versions[answer.comment].version == answer.version
    assert Entry.objects.filter(event__in=("answer.given", "answer.changed")).count() == len(versions)
    assert Entry.objects.filter(event="answer.clashed").count() == len(clashes)
    assert chain.verify().is_whole


def many(described: dict[str, Any], folder: Path, address: str) -> None:
    begin(described)
    said = write_at_once(folder, address, run="open")
    states = Counter(one["state"] for one in said)
    assert sum(states.values()) == PROCESSES * PEOPLE * EDITS
    assert states["saved"] >= 2
    assert states["clash"] >= 2  # they did write at once
    assert states["refused"] == 0
    with moving.database_as("many", described), moving.looking_at("many"), transaction.atomic(using="many"), transaction.atomic():
        check(said)
        for clash in Clash.objects.filter(settled_at__isnull=True):
            actions.settle_clash(clash=clash, settled_as="kept", by=clash.written_by)
        part = Contribution.objects.get()
        actions.hand_in(contribution=part, by=Clash.objects.earliest("pk").written_by)
        before = list(AnswerVersion.objects.values_list("pk", flat=True))
    after = write_at_once(folder, address, run="closed")
    assert {one["state"] for one in after} == {"refused"}
    with moving.database_as("many", described), moving.looking_at("many"):
        assert list(AnswerVersion.objects.values_list("pk", flat=True)) == before
        assert chain.verify().is_whole


def test_many_write_at_once_on_sqlite(tmp_path: Path) -> None:
    many(sqlite(str(tmp_path / FILE)), tmp_path, "")


@needs_postgresql
def test_many_write_at_once_on_postgresql(tmp_path: Path, on_postgresql: dict[str, Any]) -> None:
    many(on_postgresql, tmp_path, SERVER.rsplit("/", 1)[0] + f"/{on_postgresql['NAME']}")
