"""Commands run in this process on a store of their own."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from forefend.cli import main

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in this process on a store of its own; returns status, standard output, standard error."""
    monkeypatch.setenv("FOREFEND_DATA_DIR", str(tmp_path / "data"))
    for name in ("FOREFEND_OUR_STATE", "FOREFEND_CONFIG", "FOREFEND_LANGUAGE", "FOREFEND_MARKING"):
        monkeypatch.delenv(name, raising=False)

    def call(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["forefend", *words])
        status = 0
        try:
            main.run()
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else 1
        told = capsys.readouterr()
        return status, told.out, told.err

    return call
