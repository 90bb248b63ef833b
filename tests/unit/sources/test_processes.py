"""Two processes, and Ctrl-C, against one store; with the real command and a source from an outside package."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Release = Callable[..., Path]
Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start(outside: Path, tmp_path: Path) -> Start:
    """Start ``forefend sources …`` in a process of its own."""

    def run(*arguments: object) -> subprocess.Popen[str]:
        program = "from forefend.cli.main import run; run()"
        return subprocess.Popen(
            [sys.executable, "-c", program, "sources", *map(str, arguments)],
            env=os.environ | {"PYTHONPATH": str(outside), "FOREFEND_DATA_DIR": str(tmp_path / "store"), "FOREFEND_EMBEDDED": "no"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return run


def files(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file() and path.name != "lock"}


def test_two_writers_and_an_interruption(start: Start, release: Release, tmp_path: Path) -> None:
    """One waits in the middle of an import; another is refused; the first is then interrupted; nothing has changed."""
    done = start("import", "tiny", release("good.csv"), "--vintage", "2025", "--published", "2025-06-01")
    out, err = done.communicate()
    assert (done.returncode, err) == (0, "")
    assert json.loads(out)[0]["result"] == "stored"
    before = files(tmp_path / "store")

    first = start("import", "tiny", release("wait.csv", value="2"), "--vintage", "2026")
    assert first.stdout is not None
    assert first.stdout.readline() == "reading\n"
    second = start("import", "tiny", release("other.csv", value="3"), "--vintage", "2026")
    out, err = second.communicate()
    assert (second.returncode, out) == (1, "")
    assert "Another Forefend process is writing" in err
    assert err.count("\n") == 1

    reader = start("status")
    out, err = reader.communicate()
    loaded = [row for row in json.loads(out) if row["source"] == "tiny"]
    assert [(row["vintage"], row["newest"], row["rows"], row["state"]) for row in loaded] == [("2025", "2024-12-31", 10, "own")]

    first.send_signal(signal.SIGINT)
    out, err = first.communicate()
    assert first.returncode == 1
    assert err == "forefend: stopped; nothing was changed.\n"
    assert files(tmp_path / "store") == before
    assert not (tmp_path / "store" / "incoming").exists()


def test_refusal_is_one_line_and_status_one(start: Start, release: Release, tmp_path: Path) -> None:
    broken = tmp_path / "broken.csv"
    broken.write_text("<html>")
    for arguments in (("import", "tiny", broken), ("import", "nothing", broken), ("fetch", "nothing"), ("import", tmp_path)):
        process = start(*arguments)
        out, err = process.communicate()
        assert (process.returncode, out) == (1, "")
        assert err.startswith("forefend: ")
        assert err.count("\n") == 1


def test_folder_report_names_every_source_and_fails_at_the_end(start: Start, release: Release, tmp_path: Path) -> None:
    folder = release().parent
    manifest = "- {source: tiny, files: [tiny.csv], vintage: '2026'}\n- {source: ucdp_ged, files: [tiny.csv]}\n"
    (folder / "forefend-manifest.yaml").write_text(manifest)
    process = start("import", folder)
    out, err = process.communicate()
    assert process.returncode == 1
    assert [(row["source"], row["result"]) for row in json.loads(out)] == [("tiny", "stored"), ("ucdp_ged", "refused")]
    assert err == "forefend: 1 of 2 sources were refused: ucdp_ged. The others are stored.\n"
    process = start("status", "--format", "csv")
    out, err = process.communicate()
    assert "ucdp_ged,not loaded: fetch," in out
    assert "tiny,own,2026," in out
