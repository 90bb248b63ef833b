"""Backup and restore by the commands themselves: what is kept comes back, and nothing damaged is put in place."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

FOREFEND = str(Path(sys.executable).parent / "forefend")
pytestmark = pytest.mark.xdist_group("keeping")


def run(folder: Path, *given: str, ok: bool = True) -> str:
    env = {name: value for name, value in os.environ.items() if not name.startswith("FOREFEND_")} | {"FOREFEND_DATA_DIR": str(folder)}
    done = subprocess.run([FOREFEND, *given], env=env, capture_output=True, text=True, check=False)
    assert (done.returncode == 0) is ok, done.stdout + done.stderr
    return done.stdout if ok else done.stderr


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """An installation with an institution, evidence and thresholds of its own, and its backup."""
    folder = tmp_path_factory.mktemp("kept") / "data"
    run(folder, "institution", "add", "--body", "nhri")
    (folder / "evidence" / "ab").mkdir(parents=True)
    (folder / "evidence" / "ab" / "abcd").write_bytes(b"evidence" * 1000)
    (folder / "overrides.yaml").write_text("[]\n")
    file = folder.parent / "kept.zip"
    assert "proved by its hash" in run(folder, "backup", "-o", str(file))
    return folder, file


def test_everything_comes_back(kept: tuple[Path, Path], tmp_path: Path) -> None:
    folder, file = kept
    new = tmp_path / "new"
    assert "is whole" in run(folder, "verify", "backup", str(file))
    assert "all proved" in run(new, "restore", str(file))
    assert run(new, "institution", "list", "--format", "json") == run(folder, "institution", "list", "--format", "json")
    assert (new / "evidence" / "ab" / "abcd").read_bytes() == b"evidence" * 1000
    assert (new / "overrides.yaml").read_text() == "[]\n"
    assert "is whole" in run(new, "verify", "audit")


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps who may read a file elsewhere")
def test_a_backup_and_what_comes_out_of_it_are_for_their_owner_alone(kept: tuple[Path, Path], tmp_path: Path) -> None:
    new = tmp_path / "new"
    run(new, "restore", str(kept[1]))
    opened = [path for path in (kept[1], new, *new.rglob("*")) if path.is_file() or path == new]
    assert len(opened) > 4
    assert [path.name for path in opened if path.stat().st_mode & 0o077] == []


def test_what_signs_sessions_is_not_in_it(kept: tuple[Path, Path]) -> None:
    with zipfile.ZipFile(kept[1]) as archive:
        assert "secret-key" not in archive.namelist()


def test_what_is_there_is_moved_aside_and_only_when_asked(kept: tuple[Path, Path], tmp_path: Path) -> None:
    new = tmp_path / "full"
    new.mkdir()
    (new / "mine.txt").write_text("mine")
    assert "is not empty" in run(new, "restore", str(kept[1]), ok=False)
    run(new, "restore", str(kept[1]), "--replace")
    (aside,) = tmp_path.glob("full.before-*")
    assert (aside / "mine.txt").read_text() == "mine"


@pytest.mark.parametrize("harm", ["cut", "byte", "missing", "outside", "newer", "not a zip"])
def test_a_damaged_backup_is_refused_and_nothing_is_put_in_place(kept: tuple[Path, Path], tmp_path: Path, harm: str) -> None:
    file = tmp_path / "harmed.zip"
    harmed(kept[1], file, harm)
    new = tmp_path / "new"
    assert run(new, "restore", str(file), ok=False).startswith("forefend: ")
    assert not (new / "workbench.sqlite3").exists()
    run(new, "verify", "backup", str(file), ok=False)


def harmed(source: Path, target: Path, harm: str) -> None:
    """Write a copy of a backup with one harm done to it."""
    if harm == "cut":
        target.write_bytes(source.read_bytes()[:-2000])
        return
    if harm == "not a zip":
        target.write_text("no backup")
        return
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        manifest = json.loads(old.read("manifest.json"))
        for name in old.namelist():
            if name == "manifest.json" or (harm == "missing" and name == "overrides.yaml"):
                continue
            content = old.read(name)
            new.writestr("../out" if harm == "outside" and name == "overrides.yaml" else name, content + b"x" * (harm == "byte"))
        if harm == "outside":
            next(entry for entry in manifest["files"] if entry["name"] == "overrides.yaml")["name"] = "../out"
        if harm == "newer":
            manifest["format"] = 99
        new.writestr("manifest.json", json.dumps(manifest))


def test_an_altered_record_of_changes_is_named(kept: tuple[Path, Path], tmp_path: Path) -> None:
    import hashlib

    file, database = tmp_path / "altered.zip", tmp_path / "workbench.sqlite3"
    with zipfile.ZipFile(kept[1]) as old, zipfile.ZipFile(file, "w") as new:
        database.write_bytes(old.read("workbench.sqlite3"))
        with sqlite3.connect(database) as base:
            base.execute("DROP TRIGGER audit_entry_stays")
            base.execute("UPDATE audit_entry SET actor_name = 'somebody else' WHERE number = 1")
        base.close()
        manifest = json.loads(old.read("manifest.json"))
        for name in old.namelist():
            if name not in ("manifest.json", "workbench.sqlite3"):
                new.writestr(name, old.read(name))
        new.write(database, "workbench.sqlite3")
        entry = next(entry for entry in manifest["files"] if entry["name"] == "workbench.sqlite3")
        entry |= {"size": database.stat().st_size, "sha256": hashlib.sha256(database.read_bytes()).hexdigest()}
        new.writestr("manifest.json", json.dumps(manifest))
    assert "Row 1 does not fit" in run(tmp_path / "new", "restore", str(file), ok=False)
