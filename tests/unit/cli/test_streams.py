"""What happens to the output: closed, full and narrow streams, files that are kept whole, and a workbench that stops."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from forefend.cli.output import Format, emit, write_file
from forefend.errors import ForefendError

PROGRAM = "from forefend.cli.main import run; run()"


def forefend(tmp_path: Path, *words: str, after: str = "", **environ: str) -> subprocess.CompletedProcess[str]:
    """Run a command by way of the shell, so that its output can be led anywhere."""
    line = f'"$0" -c "$1" {" ".join(words)} {after}'
    return subprocess.run(
        ["bash", "-c", line, sys.executable, PROGRAM],
        env=os.environ | {"FOREFEND_DATA_DIR": str(tmp_path / "data")} | environ,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


@pytest.mark.parametrize("words", ["catalog show N1", "catalog export", "--help", "gaps --help"])
def test_reader_that_has_enough_causes_no_trace(tmp_path: Path, words: str) -> None:
    assert forefend(tmp_path, words, after="| head -1").stderr == ""
    assert forefend(tmp_path, words, after="| true").stderr == ""


@pytest.mark.parametrize("words", ["gaps", "outlook monthly", "sources import", "catalog show"])
def test_help_has_one_look(tmp_path: Path, words: str) -> None:
    shown = forefend(tmp_path, words, "--help").stdout
    assert shown.startswith("Usage: ")
    assert "[[" not in shown


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no device that is always full")
@pytest.mark.parametrize("words", ["catalog show N1", "catalog export", "sources list"])
def test_full_disk_behind_standard_output_is_one_sentence(tmp_path: Path, words: str) -> None:
    done = forefend(tmp_path, words, after="> /dev/full")
    assert done.returncode == 1
    assert done.stderr.startswith("forefend: The result could not be read or written: No space left on device.")
    assert done.stderr.count("\n") == 1


def test_closed_standard_output_is_no_fault(tmp_path: Path) -> None:
    done = forefend(tmp_path, "sources list", after=">&-")
    assert (done.returncode, done.stderr) == (0, "")


def test_output_is_utf8_whatever_the_locale(tmp_path: Path) -> None:
    done = forefend(tmp_path, "catalog export", PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, "")
    assert "–" in done.stdout


def test_file_is_written_whole_or_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "table.csv"
    write_file(target, b"old")
    target.chmod(0o640)
    write_file(target, b"new")
    assert (target.read_bytes(), target.stat().st_mode & 0o777) == (b"new", 0o640)

    def full(path: Path, content: bytes) -> int:
        path.open("wb").close()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(ForefendError, match="No space left on device"):
        write_file(target, b"newer")
    assert target.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [target]


def test_table_asked_for_in_a_file_is_a_table(tmp_path: Path) -> None:
    emit([{"action": "N1", "gap": None}], columns=("action", "gap"), format=Format.TABLE, output=tmp_path / "table.txt")
    assert (tmp_path / "table.txt").read_text(encoding="utf-8").split() == ["action", "gap", "N1", "–"]


def test_file_behind_a_link_is_written_and_the_link_stays(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "table.csv")
    write_file(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "table.csv").read_bytes() == b"new"


@pytest.mark.loopback
@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent to a group of processes")
@pytest.mark.parametrize("seconds", [0.9, 1.2, 3])
def test_workbench_stops_at_ctrl_c_also_while_it_starts(tmp_path: Path, socket_enabled: None, seconds: float) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "start", "--no-browser", "--port", str(port)],
        env=os.environ | {"FOREFEND_DATA_DIR": str(tmp_path / "data")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        time.sleep(seconds)
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: parent and worker both get it
        _, err = process.communicate(timeout=20)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        pytest.fail("the workbench did not stop")
    assert "Traceback" not in err


def test_ctrl_c_while_a_class_is_made_is_a_stop_like_any_other(monkeypatch: pytest.MonkeyPatch) -> None:
    from forefend.cli import main
    from forefend.errors import ForefendError

    def interrupted(*_: object) -> None:
        raise RuntimeError("Error calling __set_name__") from KeyboardInterrupt()

    monkeypatch.setattr(main.TyperGroup, "invoke", interrupted)
    with pytest.raises(ForefendError, match="stopped"):
        main.LazyGroup(name="forefend").invoke(None)
