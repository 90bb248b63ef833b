"""Wall time of the commands a desk officer waits for, each a fresh process, against its limit.

Rival: ``python -c pass`` in the same run, the floor that no command can go below.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

BIN = Path(sys.executable).parent
FOREFEND = str(BIN / "forefend")


def commands(folder: Path) -> list[tuple[str, list[str], float | None]]:
    """Return name, command and limit in seconds."""
    return [
        ("python -c pass", [sys.executable, "-c", "pass"], None),
        ("forefend --help", [FOREFEND, "--help"], 0.5),
        ("forefend gaps GHA", [FOREFEND, "gaps", "GHA"], 2.0),
        ("brief PDF", [FOREFEND, "brief", "country", "SDN", "--for", "GHA", "-o", str(folder / "brief.pdf")], 6.0),
        ("brief PDF, Arabic", [FOREFEND, "brief", "country", "SDN", "--for", "GHA", "--lang", "ar", "-o", str(folder / "ar.pdf")], 6.0),
        ("brief HTML", [FOREFEND, "brief", "country", "SDN", "--for", "GHA", "-o", str(folder / "brief.html")], 2.0),
    ]


def timed(command: list[str]) -> float:
    """Run a command to its end and return its wall time in seconds."""
    begun = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - begun


def main() -> None:
    """Measure and print; exit status 1 when a median is over its limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    is_over = False
    with tempfile.TemporaryDirectory() as folder:
        floor = 0.0
        for name, command, limit in commands(Path(folder)):
            timed(command)  # warm the file cache
            seconds = sorted(timed(command) for _ in range(runs))
            middle = median(seconds)
            floor = floor or middle
            over = limit is not None and middle > limit
            is_over = is_over or over
            wanted = "" if limit is None else f"  limit {limit:.1f} s{'  OVER' if over else ''}"
            print(
                f"{name:<20} {middle:6.2f} s  ({seconds[0]:.2f}–{seconds[-1]:.2f}, {runs} runs)  ×{middle / floor:.0f} of the floor{wanted}"
            )
    sys.exit(is_over)


if __name__ == "__main__":
    main()
