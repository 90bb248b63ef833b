"""Pages of the workbench under 20 concurrent readers on the loopback address, and memory at rest.

Each page is asked once cold, then a bounded number of times by 20 readers who each keep one connection.
Rival in the same run: a static file from the same server, the floor that no page can go below.
"""

from __future__ import annotations

import argparse
import http.client
import os
import socket
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median

BIN = Path(sys.executable).parent
READERS = 20
LIMIT_SECONDS = 0.3
LIMIT_MB = 512
FLOOR = "/static/css/forefend.css"
PAGES = [
    "/en/?for=GHA", "/ar/?for=GHA", "/en/outlook/", "/ar/outlook/?for=GHA", "/en/country/SDN/?for=GHA", "/ar/country/SDN/?for=GHA",
    "/en/country/TUV/", "/en/assessment/?for=GHA", "/ar/assessment/N7/?for=GHA", "/en/options/SDN/?for=GHA", "/en/library/framework/N5/",
    "/en/library/glossary/", "/en/library/sources/", "/en/library/methods/", "/en/search/?q=sudan", "/en/search/?q=hate%20speech",
]  # fmt: skip


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def asked(connection: http.client.HTTPConnection, path: str) -> float:
    """Ask for a page and return the seconds until its last byte."""
    begun = time.perf_counter()
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != 200 or not body:
        raise SystemExit(f"{path} answered {answer.status}")
    return time.perf_counter() - begun


def reader(port: int, path: str, times: int) -> list[float]:
    """Read one page several times over one connection."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        return [asked(connection, path) for _ in range(times)]
    finally:
        connection.close()


def read_together(port: int, path: str, each: int) -> list[float]:
    """Let all readers read one page at once; returns every time, sorted."""
    with ThreadPoolExecutor(READERS) as pool:
        return sorted(seconds for found in pool.map(lambda _: reader(port, path, each), range(READERS)) for seconds in found)


def memory_mb(root: int) -> float:
    """Return the resident memory of a process and its children."""
    listed = subprocess.run(["ps", "-eo", "pid,ppid,rss"], capture_output=True, text=True, check=True).stdout.split("\n")[1:]
    rows = [[int(cell) for cell in line.split()] for line in listed if line.strip()]
    family = {root}
    while more := {pid for pid, parent, _ in rows if parent in family} - family:
        family |= more
    return sum(rss for pid, _, rss in rows if pid in family) / 1024


def measure(port: int, path: str, each: int) -> tuple[float, float, float]:
    """Return the first, the median and the 95th percentile of the seconds a page takes."""
    first = reader(port, path, 1)[0]
    seconds = read_together(port, path, each)
    return first, median(seconds), seconds[int(0.95 * (len(seconds) - 1))]


def main() -> None:
    """Measure and print; exit status 1 when a page or the memory is over its limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--each", type=int, default=15, help="times each reader reads each page")
    each = parser.parse_args().each
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        environ = {name: value for name, value in os.environ.items() if not name.startswith("FOREFEND_")} | {"FOREFEND_DATA_DIR": folder}
        begun = time.perf_counter()
        process = subprocess.Popen(
            [str(BIN / "forefend"), "start", "--no-browser", "--port", str(port)], env=environ, stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        try:
            process.stdout.readline()
            print(f"ready after {time.perf_counter() - begun:.2f} s; {READERS} readers, each page {READERS * each} times")
            is_over = report(port, process.pid, each)
        finally:
            process.terminate()
            process.wait(30)
    sys.exit(is_over)


def report(port: int, pid: int, each: int) -> bool:
    """Print a line for each page and for memory; true when a limit is passed."""
    at_start = memory_mb(pid)
    _, floor, _ = measure(port, FLOOR, each)
    print(f"{'floor: ' + FLOOR:<36} p50 {1000 * floor:6.1f} ms")
    is_over = False
    for path in PAGES:
        first, middle, slow = measure(port, path, each)
        over = slow > LIMIT_SECONDS
        is_over = is_over or over
        print(
            f"{path:<36} first {1000 * first:7.1f}  p50 {1000 * middle:6.1f}  p95 {1000 * slow:6.1f} ms"
            f"  ×{middle / floor:.1f} of the floor{'  OVER' if over else ''}"
        )
    after = memory_mb(pid)
    print(f"memory, all processes: {at_start:.0f} MB before the first page, {after:.0f} MB after all pages (limit {LIMIT_MB} MB)")
    return is_over or after > LIMIT_MB


if __name__ == "__main__":
    main()
