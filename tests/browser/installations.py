"""Installations of Forefend in their own process, each with an own folder and port."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FOREFEND = str(Path(sys.executable).parent / "forefend")


def environment(folder: Path) -> dict[str, str]:
    """The environment of an installation that keeps its data in a folder."""
    return {name: value for name, value in os.environ.items() if not name.startswith("FOREFEND_")} | {"FOREFEND_DATA_DIR": str(folder)}


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """Run a workbench on a free port; gives its address."""
    with started(folder) as (address, _):
        yield address


@contextmanager
def started(folder: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Run a workbench on a free port; gives its address and the process, whose next line has the first administrator's link."""
    port = subprocess.run(
        [sys.executable, "-c", "import socket; s = socket.socket(); s.bind(('127.0.0.1', 0)); print(s.getsockname()[1])"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
    process = subprocess.Popen(
        [FOREFEND, "start", "--no-browser", "--port", port], env=environment(folder), stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        assert "is open at" in process.stdout.readline()
        yield f"http://127.0.0.1:{port}", process
    finally:
        process.terminate()
        process.wait(30)
        process.stdout.close()


@contextmanager
def begun(folder: Path) -> Iterator[tuple[str, str]]:
    """Run a new workbench; gives its address and the one-time link for the first administrator."""
    with started(folder) as (address, process):
        assert process.stdout is not None
        line = process.stdout.readline()
        yield address, next(word for word in line.split() if "/welcome/" in word)
