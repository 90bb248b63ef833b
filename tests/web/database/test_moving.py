"""The database moves to another one, both ways, and proves that nothing was lost."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connections, transaction

from forefend.errors import ForefendError, StoreError
from forefend.web.accounts.models import Person
from forefend.web.assessment.models import Edition
from forefend.web.audit import chain
from forefend.web.audit.models import Entry
from forefend.web.evidence import actions
from forefend.web.evidence.models import Evidence, Support
from forefend.web.project import moving
from forefend.web.project.database import FILE, sqlite
from web.evidence.conftest import NOW, build
from web.evidence.test_actions import said

from .conftest import SERVER, needs_postgresql


@pytest.fixture(autouse=True)
def database(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """These tests bring their own databases, and write to no other."""
    del django_db_setup
    with django_db_blocker.unblock():
        yield


def quick(path: Path) -> dict[str, Any]:
    """Describe an SQLite file that never waits for the disk, as only tests may."""
    described = sqlite(str(path))
    return described | {"OPTIONS": described["OPTIONS"] | {"init_command": "PRAGMA synchronous=OFF; PRAGMA journal_mode=MEMORY;"}}


def fill(alias: str) -> None:
    """Write what a workbench holds, with what databases keep differently: moments, texts of any script, records, floats, gaps."""
    from django.core.management import call_command

    with moving.looking_at(alias):
        call_command("migrate", database=alias, interactive=False, verbosity=0)
        with transaction.atomic(using=alias), transaction.atomic():
            world = build()
            interior = world.people["interior"]
            Person.objects.filter(pk=interior.pk).update(joined_at=NOW - timedelta(days=400, microseconds=1), name="وزارة الداخلية 🕊")
            evidence = actions.add_evidence(by=interior, details=said(url="https://example.org/", note="أ\n\t„Zeile“"))
            actions.attach(evidence=evidence, answer=world.answers["interior"], by=interior)
            content = {"z": [1, 2.5, 1e-07, None, True, "أ"], "a": {"ü": 2.0}}
            Edition.objects.create(key="kept", digest="1" * 64, content=content, kept_at=NOW)
            gone = Evidence.objects.create(
                title="gone", institution=evidence.institution, letter="A", number=1, added_at=NOW, added_by=interior
            )
            gone.delete()


def counted(alias: str) -> dict[str, tuple[int, str]]:
    return {row.table: (row.n_rows, row.digest) for row in (moving._digest_of(model, alias) for model in moving.every_model())}


def moved(source: dict[str, Any], target: dict[str, Any]) -> None:
    """Move a filled database to an empty one, look at both, then on to a third that is like the first."""
    with moving.database_as("old", source), moving.database_as("new", target):
        fill("old")
        before = counted("old")
        found = moving.move(source="old", target="new", verify=chain.verify)
        assert counted("old") == before
        assert counted("new") == before
        assert {row.table: (row.n_rows, row.digest) for row in found} == {name: row for name, row in before.items() if row[0]}
        assert before["evidence_evidence"][0] == 1
        assert before["audit_entry"][0] == 2
        look_at_new()
        with pytest.raises(StoreError, match="not empty"):
            moving.move(source="old", target="new", verify=chain.verify)


def look_at_new() -> None:
    with moving.looking_at("new"), transaction.atomic(using="new"), transaction.atomic():
        assert chain.verify().is_whole
        interior = Person.objects.get(email="interior@example.org")
        assert (interior.name, interior.joined_at) == ("وزارة الداخلية 🕊", NOW - timedelta(days=400, microseconds=1))
        first = Evidence.objects.get()
        later = actions.add_evidence(by=interior, details=said(title="Later", url="https://example.org/"))
        assert later.pk >= first.pk + 2  # the number of the removed row is not given again
        assert Entry.objects.count() == 3
        assert Support.objects.get().evidence == first
        with pytest.raises(Exception, match="only appended"), transaction.atomic(using="new"):
            Entry.objects.update(reason="altered")
        assert chain.verify().is_whole
        transaction.set_rollback(True, using="new")


def test_from_one_file_to_another(tmp_path: Path) -> None:
    moved(quick(tmp_path / "old.sqlite3"), quick(tmp_path / "new.sqlite3"))


@needs_postgresql
def test_from_sqlite_to_postgresql(tmp_path: Path, on_postgresql: dict[str, Any]) -> None:
    moved(quick(tmp_path / "old.sqlite3"), on_postgresql)


@needs_postgresql
def test_the_command_moves_there_and_back(tmp_path: Path, on_postgresql: dict[str, Any]) -> None:
    address = SERVER.rsplit("/", 1)[0] + f"/{on_postgresql['NAME']}"
    there, back = tmp_path / "there", tmp_path / "back"
    there.mkdir()
    with moving.database_as("old", quick(there / FILE)):
        fill("old")
        before = counted("old")
    for folder, database, to in ((there, "", address), (back, address, "sqlite")):
        given = {name: value for name, value in os.environ.items() if not name.startswith("FOREFEND_")}
        given |= {"FOREFEND_DATA_DIR": str(folder), "FOREFEND_DATABASE": database}
        run = [str(Path(sys.executable).parent / "forefend"), "database", "move", "--to", to]
        done = subprocess.run(run, env=given, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")
        assert f"{sum(n for n, _ in before.values())} rows" in done.stdout
        assert "the record of changes is whole" in done.stdout
    again = subprocess.run(run, env=given, capture_output=True, text=True, check=False)
    assert again.returncode != 0
    assert "is not empty" in again.stderr
    with moving.database_as("old", quick(back / FILE)):
        assert counted("old") == before


def test_a_row_that_is_lost_or_altered_on_the_way_is_noticed_and_nothing_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    insert = moving._insert

    def losing(model: Any, fields: Any, rows: list[Any], target: str) -> None:
        if model is Person:
            rows = rows[1:]
        insert(model, fields, rows, target)

    def altering(model: Any, fields: Any, rows: list[Any], target: str) -> None:
        if model is Evidence:
            rows[0].number = 1
        insert(model, fields, rows, target)

    with moving.database_as("old", quick(tmp_path / "old.sqlite3")), moving.database_as("new", quick(tmp_path / "new.sqlite3")):
        fill("old")
        for unfaithful in (losing, altering):
            monkeypatch.setattr(moving, "_insert", unfaithful)
            with pytest.raises((StoreError, Exception), match=r"differs in the new database|FOREIGN KEY"):
                moving.move(source="old", target="new", verify=chain.verify)
            assert not Person.objects.using("new").exists()
        monkeypatch.setattr(moving, "_insert", insert)
        with connections["old"].cursor() as cursor:
            cursor.execute("DROP TRIGGER audit_entry_stays")
            cursor.execute("UPDATE audit_entry SET reason = 'altered' WHERE number = 1")
        with pytest.raises(StoreError, match="not whole"):
            moving.move(source="old", target="new", verify=chain.verify)
        assert not Person.objects.using("new").exists()


def test_a_database_that_is_older_or_not_ours_is_refused(tmp_path: Path) -> None:
    with moving.database_as("old", quick(tmp_path / "old.sqlite3")), moving.database_as("new", quick(tmp_path / "new.sqlite3")):
        with pytest.raises(StoreError, match="older version"):
            moving.move(source="old", target="new", verify=chain.verify)
        with connections["new"].cursor() as cursor:
            cursor.execute("CREATE TABLE theirs (a INTEGER)")
        with pytest.raises(StoreError, match="not empty: it holds the table theirs"):
            moving.refuse_filled("new")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ([{"b": 1, "a": 2.0}], [{"a": 2, "b": 1.0}]),
        ([NOW], [NOW.astimezone(__import__("zoneinfo").ZoneInfo("Asia/Kathmandu"))]),
        ([b"\x00"], [memoryview(b"\x00")]),
    ],
)
def test_the_same_row_has_the_same_digest_from_any_database(one: list[Any], other: list[Any]) -> None:
    assert moving.digest_of_row(one) == moving.digest_of_row(other)


def test_another_row_has_another_digest() -> None:
    rows: list[list[Any]] = [
        [1],
        ["1"],
        [None],
        [""],
        ["None"],
        [True],
        [1.5],
        [{"a": 1}],
        [{"a": "1"}],
        [[1]],
        [NOW],
        [NOW.date()],
        [b"1"],
    ]
    assert len({moving.digest_of_row(row) for row in rows}) == len(rows)


def test_the_command_refuses_in_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from forefend.cli.database import move

    monkeypatch.setenv("FOREFEND_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("FOREFEND_DATABASE", raising=False)
    for to, sentence in {
        "sqlite": "on SQLite already",
        "mysql://x/y": "Give --to as postgresql",
        "postgresql://x@localhost/y": "no database to move",
        "postgresql://x": "not the address of a PostgreSQL database",
    }.items():
        with pytest.raises(ForefendError, match=sentence):
            move(to=to)
