"""Several people at the same moment: a link is used once, an administrator stays, duties go to one person, the record is whole."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from forefend.web.accounts.actions.coming import IS_SET_UP
from forefend.web.accounts.actions.holding import NOTHING
from forefend.web.accounts.actions.rules import LAST
from forefend.web.accounts.links import USED
from web.database.conftest import SERVER, needs_postgresql, on_postgresql

__all__ = ["on_postgresql"]
SCRIPT = Path(__file__).parent / "at_once.py"


@pytest.fixture
def database() -> None:
    """The people of these tests have a database of their own."""


def play(folder: Path, address: str = "") -> dict[str, list[Any]]:
    given = {name: value for name, value in os.environ.items() if not name.startswith("FOREFEND_")}
    given |= {"FOREFEND_DATA_DIR": str(folder), "FOREFEND_DATABASE": address}
    ran = subprocess.run([sys.executable, str(SCRIPT)], env=given, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    said: dict[str, list[Any]] = json.loads(ran.stdout)
    return said


def check(said: dict[str, list[Any]]) -> None:
    assert said["set_up"].count("done") == 1
    assert set(said["set_up"]) <= {"done", USED, IS_SET_UP}
    assert said["accept"] == sorted([USED] * 5 + ["done"])
    assert said["people"] == [1, 2]
    assert said["remove"] == sorted([LAST] + ["done"] * 5)
    assert said["hand_over"] == sorted([NOTHING] * 5 + ["done"])
    assert said["left"] == [1, 1]
    assert said["whole"] == [True]


def test_at_once_on_sqlite(tmp_path: Path) -> None:
    check(play(tmp_path))


@needs_postgresql
def test_at_once_on_postgresql(tmp_path: Path, on_postgresql: dict[str, Any]) -> None:
    check(play(tmp_path, SERVER.rsplit("/", 1)[0] + f"/{on_postgresql['NAME']}"))
