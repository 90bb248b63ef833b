"""The same from the command line, in a process and a folder of their own: people, institutions, the record, what is due."""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

RUN = """
import json, sys, io, contextlib
from forefend.cli.main import run
for words in json.loads(sys.argv[1]):
    out, err, status = io.StringIO(), io.StringIO(), 0
    sys.argv = ["forefend", *words]
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            run()
        except SystemExit as end:
            status = end.code or 0
    sys.__stdout__.write(json.dumps([status, out.getvalue(), err.getvalue()]) + "\\n")
"""
LONG_AGO = """
import time_machine, datetime
from forefend.web.project.opening import open_database
open_database()
from django.db import transaction
from forefend.web.audit.actions import record
for year in (2024, 2025):
    with time_machine.travel(datetime.datetime(year, 3, 1, tzinfo=datetime.UTC)), transaction.atomic():
        record("thing.made", subject=f"thing:{year}", by="command line")
"""


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a command ended with."""

    status: int
    out: str
    err: str


@pytest.fixture
def database() -> None:
    """Commands have a database of their own."""


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an empty database, made once."""
    folder = tmp_path_factory.mktemp("migrated")
    commands(folder, "institution list")
    return folder


@pytest.fixture
def folder(migrated: Path, tmp_path: Path) -> Path:
    """A folder of the test's own with an empty database."""
    return Path(shutil.copytree(migrated, tmp_path / "data"))


def environment(folder: Path) -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("FOREFEND_")} | {"FOREFEND_DATA_DIR": str(folder)}


def commands(folder: Path, *lines: str) -> list[Said]:
    """Run commands one after another in one process."""
    words = json.dumps([line.split() for line in lines])
    ran = subprocess.run([sys.executable, "-c", RUN, words], env=environment(folder), capture_output=True, text=True, check=True)
    said = [json.loads(line) for line in ran.stdout.splitlines() if line.startswith("[")]
    assert len(said) == len(lines), ran.stderr
    return [Said(status=status, out=out, err=err) for status, out, err in said]


def test_people_and_institutions(folder: Path) -> None:
    first, second, added, other, invited, twice, people, unknown, role, tick = commands(
        folder,
        "user first-link --language ar",
        "user first-link",
        "institution add --body parliament",
        "institution add --title Council",
        "user invite kofi@example.org --role respondent --institution parliament",
        "user invite KOFI@example.org --role reader",
        "user list --format json",
        "user duty nobody@example.org reader",
        "user invite esi@example.org --role king",
        "tick",
    )
    assert re.fullmatch(r"http://127\.0\.0\.1:8471/ar/welcome/[\w-]{43}/  \(valid for 7 days, once\)\n", first.out)
    assert second.out != first.out
    assert added.out.startswith("parliament: ")
    assert "independent_bodies" in added.out
    assert (other.status, "kind of respondent" in other.err) == (1, True)
    assert "/en/welcome/" in invited.out
    assert (twice.status, "invited already" in twice.err) == (1, True)
    assert json.loads(people.out) == []
    assert (unknown.status, role.status) == (1, 1)
    assert "no role king" in role.err
    assert tick.out == "Reminders written: 0. Letters sent: 0; waiting: 0.\n"
    assert len(list((folder / "outbox").iterdir())) == 1  # the invitation left at once, as a file
    kept = sqlite3.connect(folder / "workbench.sqlite3").execute("select text from letters_letter").fetchall()
    assert all("welcome" not in text for (text,) in kept)


def test_duties_from_the_command_line(folder: Path) -> None:
    make = (
        "from forefend.web.project.opening import open_database; open_database()\n"
        "from forefend.web.accounts.models import Person\n"
        "for name in ('ama', 'kofi'): Person.objects.create_user(name + '@example.org', name=name.title())\n"
    )
    subprocess.run([sys.executable, "-c", make], env=environment(folder), check=True)
    given, again, last, handed, people, closed, ended, renewed, verified = commands(
        folder,
        "user duty ama@example.org administrator",
        "user duty ama@example.org administrator",
        "user duty ama@example.org administrator --end",
        "user hand-over ama@example.org --to kofi@example.org --reason posting",
        "user list --format json",
        "user deactivate kofi@example.org",
        "user duty ama@example.org administrator --end",
        "user renew ama@example.org",
        "verify audit",
    )
    assert given.status == 0
    assert (again.status, "already" in again.err) == (1, True)
    assert (last.status, "last administrator" in last.err) == (1, True)
    assert "Kofi takes over from Ama: administrator" in handed.out
    assert {row["address"]: row["duties"] for row in json.loads(people.out)} == {"ama@example.org": "", "kofi@example.org": "administrator"}
    assert (closed.status, "last administrator" in closed.err) == (1, True)
    assert (ended.status, "does not hold" in ended.err) == (1, True)
    assert "/en/welcome/" in renewed.out
    assert verified.status == 0
    assert "The record is whole" in verified.out


def test_the_record_is_proved_exported_and_shortened(folder: Path) -> None:
    subprocess.run([sys.executable, "-c", LONG_AGO], env=environment(folder), check=True)
    file = folder / "record.jsonl"
    made, bare, future, nonsense, pruned, after, nothing, whole = commands(
        folder,
        "institution add --body parliament",
        "verify audit --prune-before 2025-01-01",
        f"verify audit --export {file} --prune-before 2999-01-01",
        f"verify audit --export {file} --prune-before yesterday",
        f"verify audit --export {file} --prune-before 2025-01-01",
        "verify audit",
        f"verify audit --export {folder / 'none.jsonl'} --prune-before 2025-01-01",
        f"verify audit --export {folder / 'all.jsonl'}",
    )
    assert made.status == 0
    assert [said.status for said in (bare, future, nonsense)] == [1, 1, 1]
    assert pruned.out.splitlines()[0] == "The record is whole: 3 changes, each chained to the one before."
    assert "1 rows up to row 1 were written" in pruned.out
    assert [json.loads(line)["subject"] for line in file.read_text().splitlines()] == ["thing:2024"]
    assert after.status == 0
    assert "No row is older" in nothing.out
    assert not (folder / "none.jsonl").exists()
    assert whole.status == 0
    assert [json.loads(line)["number"] for line in (folder / "all.jsonl").read_text().splitlines()] == [2, 3, 4]


def test_the_first_row_that_does_not_fit_is_named(folder: Path) -> None:
    commands(folder, "institution add --body parliament", "institution add --body nhri", "institution add --body police")
    database = sqlite3.connect(folder / "workbench.sqlite3")
    database.execute("DROP TRIGGER audit_entry_stays")
    database.execute("UPDATE audit_entry SET reason = 'forged' WHERE number = 2")
    database.commit()
    database.close()
    (verdict,) = commands(folder, f"verify audit --export {folder / 'x.jsonl'}")
    assert verdict.status == 1
    assert "Row 2 does not fit" in verdict.err
    assert not (folder / "x.jsonl").exists()
