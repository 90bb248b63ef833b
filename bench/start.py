"""From a clean clone to the first page: ``make start`` in a fresh folder, until the address answers; then a second start.

The cold figure uses an empty package cache (``--cold``), the warm one the caches there are. Stops by itself.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PORT = 8479
ADDRESS = f"http://127.0.0.1:{PORT}/en/"
GIVE_UP_AFTER = 900


def until_first_page(folder: Path, *, environment: dict[str, str]) -> float:
    """Run ``make start`` and return the seconds until the first page answers 200."""
    begun = time.perf_counter()
    process = subprocess.Popen(["make", "start"], cwd=folder, env=environment, start_new_session=True, stdout=subprocess.DEVNULL)
    try:
        while time.perf_counter() - begun < GIVE_UP_AFTER:
            if process.poll() is not None:
                sys.exit(f"make start ended with status {process.returncode} before the first page")
            try:
                with urllib.request.urlopen(ADDRESS, timeout=5) as answer:
                    if answer.status == 200:
                        return time.perf_counter() - begun
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.1)
        sys.exit("no page within 15 minutes")
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=20)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cold", action="store_true", help="use empty package caches")
    is_cold = parser.parse_args().cold
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(folder / "clone")], check=True)
        environment = os.environ | {"FOREFEND_PORT": str(PORT), "FOREFEND_DATA_DIR": str(folder / "data")}
        if is_cold:
            environment |= {"UV_CACHE_DIR": str(folder / "uv"), "PIP_CACHE_DIR": str(folder / "pip")}
        first = until_first_page(folder / "clone", environment=environment)
        second = until_first_page(folder / "clone", environment=environment)
    print(f"clean clone to first page, {'cold' if is_cold else 'warm'} cache: {first:.1f} s  limit 180 s (warm)")
    print(f"second start: {second:.1f} s  limit 5 s")


if __name__ == "__main__":
    main()
