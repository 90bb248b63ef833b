"""The workbench as a reader meets it: ``forefend start`` in its own process, Chromium, and axe-core."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from installations import FOREFEND, environment, running
from playwright.sync_api import Browser, Error, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
QUIET = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"]


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core."""
    if not AXE.is_file():
        pytest.skip("axe-core is not installed; run: sh scripts/browser.sh")
    return AXE.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def workbench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a workbench with the embedded figures and nothing else, on a free port."""
    with running(tmp_path_factory.mktemp("store")) as address:
        yield address


@pytest.fixture(scope="session")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a workbench whose ledger holds forecasts of cheap models, one of them in hindsight."""
    folder = tmp_path_factory.mktemp("issued")
    for given in (
        ["annual", "--model", "logit"],
        ["monthly", "--model", "windows"],
        ["monthly", "--model", "windows", "--as-of", "2023-12"],
    ):
        subprocess.run([FOREFEND, "ledger", "issue", *given], env=environment(folder), check=True, capture_output=True)
    with running(folder) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    if not CHROMIUM.exists():
        pytest.skip("Chromium is not installed; run: sh scripts/system.sh test")
    with sync_playwright() as driver:
        try:
            opened = driver.chromium.launch(executable_path=str(CHROMIUM), args=QUIET)
        except Error as error:
            pytest.fail(f"Chromium did not start: {error}")
        yield opened
        opened.close()
