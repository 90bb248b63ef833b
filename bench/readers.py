"""How long a reader takes while nobody writes, and while another process lands snapshots one after another.

    python bench/readers.py [--readers 2] [--snapshots 8] [--rows 400000]

Every read opens the store anew and reads one state's rows from disk: an open store would answer from memory, in a
tenth of a millisecond. Reach: while a writer writes, the median stays below three times that of the quiet store and no
read waits for a whole write.
"""

from __future__ import annotations

import argparse
import multiprocessing
import statistics
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from multiprocessing.synchronize import Event
from pathlib import Path

TIMES_AT_MOST = 3.0


def write(root: Path, *, number: int, rows: int) -> float:
    """Land one snapshot with so many observations; returns the seconds it took."""
    import polars as pl

    from forefend.places import states
    from forefend.store import Snapshot, Store
    from forefend.store.snapshot import describe_file, snapshot_id
    from forefend.store.tables import REJECTED

    codes = sorted(states())
    table = pl.DataFrame({"row": pl.int_range(rows, eager=True)}).select(
        iso3=pl.Series(codes).gather(pl.int_range(rows, eager=True) % len(codes)),
        indicator=pl.lit("series"),
        start=pl.date(1990, 1, 1) + pl.duration(days=pl.col("row") // len(codes)),
        end=pl.date(1990, 1, 1) + pl.duration(days=pl.col("row") // len(codes)),
        value=pl.col("row").cast(pl.Float64) + number,
        row=pl.col("row"),
    )
    path = root / f"file-{number}.csv"
    path.write_text(f"{number}\n", encoding="utf-8")
    files = (describe_file(path),)
    snapshot = Snapshot(
        **dict.fromkeys(("source", "title", "publisher", "licence", "citation", "address"), "bench"),
        id=snapshot_id(source="bench", vintage=str(number), files=files),
        vintage=str(number),
        published=date(2020, 1, 1) + timedelta(days=number),
        may_ship=False,
        grade="A",
        retrieved=datetime.now(UTC),
        files=files,
        contents={"observations": ["series"]},
        rows={"observations": rows},
    )
    begun = time.perf_counter()
    Store(root / "store").write(snapshot, files=[path], tables={"observations": table}, rejected=REJECTED.to_frame())
    return time.perf_counter() - begun


def read_on(root: Path, ended: Event, answers: multiprocessing.Queue[list[float]], at_most: int) -> None:
    """Read until told to end; sends the seconds of each read."""
    from forefend.store import Store, observations

    taken = list[float]()
    while not ended.is_set() and len(taken) < at_most:
        begun = time.perf_counter()
        frame = Store(root / "store").read(observations("series", iso3="MLI")).frame
        taken.append(time.perf_counter() - begun)
        if not frame.height:
            raise SystemExit("a read found nothing")
        time.sleep(0.01)
    answers.put(taken)


def measure(root: Path, *, readers: int, writing: int, rows: int) -> tuple[list[float], list[float]]:
    """Let readers read, with so many snapshots landing meanwhile or none; returns seconds of reads and of writes."""
    context = multiprocessing.get_context("spawn")
    ended, answers = context.Event(), context.Queue()
    at_most = sys.maxsize if writing else 150
    processes = [context.Process(target=read_on, args=(root, ended, answers, at_most)) for _ in range(readers)]
    for process in processes:
        process.start()
    time.sleep(3)  # until they read
    writes = [write(root, number=number, rows=rows) for number in range(1, writing + 1)]
    if writing:
        ended.set()
    reads = [seconds for _ in processes for seconds in answers.get(timeout=120)]
    for process in processes:
        process.join()
    return reads, writes


def main() -> int:
    """Measure both, print, compare; 1 when the figures are not reached."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--readers", type=int, default=2)
    parser.add_argument("--snapshots", type=int, default=8)
    parser.add_argument("--rows", type=int, default=400_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        write(root, number=0, rows=given.rows)
        quiet, _ = measure(root, readers=given.readers, writing=0, rows=given.rows)
        busy, writes = measure(root, readers=given.readers, writing=given.snapshots, rows=given.rows)
    for name, reads in (("quiet", quiet), ("writing", busy)):
        middle, late, longest = (
            1000 * seconds for seconds in (statistics.median(reads), statistics.quantiles(reads, n=20)[-1], max(reads))
        )
        print(f"{name:8} {len(reads)} reads, median {middle:.1f} ms, 95th {late:.1f} ms, longest {longest:.0f} ms")
    print(f"writes   {len(writes)} of {given.rows} rows, median {1000 * statistics.median(writes):.0f} ms")
    times = statistics.median(busy) / statistics.median(quiet)
    is_reached = times <= TIMES_AT_MOST
    print(f"the median read takes {times:.2f} times as long while a snapshot lands: {'reached' if is_reached else 'not reached'}")
    return 0 if is_reached else 1


if __name__ == "__main__":
    sys.exit(main())
