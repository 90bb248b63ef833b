"""Generated events to country-months: DuckDB and Spark by the same expression, plain Polars and pandas beside them.

    python bench/engines.py [--sizes 1000000 10000000] [--full] [--memory 4] [--contenders duckdb polars]

Each contender runs in a process of its own that may hold ``--memory`` GB of data; one that needs more dies and is said
to. Seconds are of reading and counting, after the engine has started; those of the whole process and of the processor
(which other work on the machine does not lengthen) stand beside them. ``--full``
adds 10^8 events (about 0.5 GB of Parquet, written in parts). Reach: DuckDB survives every size, ten times the
events take at most twelve times as long beyond 10^6, and whoever survives gives the same figures.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path

QUICK, FULL = (1_000_000, 10_000_000), 100_000_000
PART_ROWS = 5_000_000
TIMES_AT_MOST = 12.0
BEFORE, AFTER = date(2015, 2, 18), 3_900  # GDELT 2.0's first day, and the days since


@dataclass(frozen=True)
class Counted:
    """What a contender found, and what it took to count: seconds, and of a child process memory and processor seconds."""

    seconds: float
    rows: list[tuple[object, ...]]
    child_gigabytes: float = 0.0
    child_cpu: float = 0.0


def generate(folder: Path, *, rows: int) -> list[Path]:
    """Write events in parts: country with unequal weight, day, class of GDELT; a twentieth without a country."""
    import numpy as np
    import polars as pl

    from forefend.places import states

    chance = np.random.default_rng(1)
    codes = [*sorted(states()), None]
    weights = 1 / np.arange(1, len(codes) + 1)
    weights[-1] = weights[:-1].sum() / 19
    bounds = np.cumsum(weights / weights.sum())
    kind = pl.Series(codes, dtype=pl.String)
    paths = []
    for number, first in enumerate(range(0, rows, PART_ROWS)):
        n = min(PART_ROWS, rows - first)
        place = np.minimum(np.searchsorted(bounds, chance.random(n)), len(codes) - 1)
        day = pl.Series(chance.integers(0, AFTER, n, dtype=np.int32) + (BEFORE - date(1970, 1, 1)).days).cast(pl.Date)
        quad = pl.Series(chance.integers(1, 5, n, dtype=np.int8))
        paths.append(folder / f"events-{number:03}.parquet")
        pl.DataFrame({"iso3": kind[pl.Series(place)], "day": day, "quad": quad}).write_parquet(paths[-1], compression="zstd")
    return paths


def by_engine(name: str, paths: list[Path], *, memory_gb: float) -> Counted:
    """Count with an engine; Spark counts in a Java process, whose figures are added."""
    from forefend.panel.event_counts import event_panel
    from forefend.store.engine import open_engine

    with open_engine(name, memory_gb=memory_gb / 2) as engine:
        started, used = time.perf_counter(), _children()[1]
        frame = event_panel(engine, paths, parts={"conflict": lambda events: events["quad"] == 4})
        ended, (held, using) = time.perf_counter(), _children()
    return Counted(ended - started, frame.rows(), held, using - used)


def by_polars(paths: list[Path]) -> Counted:
    """Count with Polars' streaming engine."""
    import polars as pl

    started = time.perf_counter()
    rows = pl.scan_parquet(paths).drop_nulls(["iso3", "day"]).group_by("iso3", start=pl.col("day").dt.truncate("1mo"))
    counted = rows.agg(events=pl.len().cast(pl.Int64), conflict_events=(pl.col("quad") == 4).sum().cast(pl.Int64))
    shared = counted.with_columns(conflict_share=pl.col("conflict_events") / pl.col("events")).sort("iso3", "start")
    frame = shared.collect(engine="streaming")
    return Counted(time.perf_counter() - started, frame.rows())


def by_pandas(paths: list[Path]) -> Counted:
    """Count with pandas, in Arrow's types, which need the least."""
    import pandas as pd

    started = time.perf_counter()
    frame = pd.concat([pd.read_parquet(path, dtype_backend="pyarrow") for path in paths]).dropna(subset=["iso3", "day"])
    frame["start"] = pd.to_datetime(frame.pop("day")).dt.to_period("M").dt.start_time
    frame["conflict_events"] = (frame.pop("quad") == 4).astype("int64")
    counted = frame.groupby(["iso3", "start"], sort=True)["conflict_events"].agg(["count", "sum"]).reset_index()
    rows: list[tuple[object, ...]] = [
        (str(iso3), start.date(), int(events), int(conflict), int(conflict) / int(events))
        for iso3, start, events, conflict in counted.itertuples(index=False)
    ]
    return Counted(time.perf_counter() - started, rows)


def _children() -> tuple[float, float]:
    """Return the most memory that any child process has held, in GB, and the processor's seconds of all."""
    most = seconds = 0.0
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            fields = dict(line.split(":\t", 1) for line in status.read_text().splitlines() if ":\t" in line)
        except OSError:
            continue
        if fields.get("PPid", "").strip() == str(os.getpid()) and "VmHWM" in fields:
            most = max(most, int(fields["VmHWM"].split()[0]) / 1024**2)
            told = status.with_name("stat").read_text().rpartition(")")[2].split()
            seconds += (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")
    return most, seconds


CONTENDERS = ("duckdb", "spark", "polars", "pandas")


def contend(name: str, folder: Path, *, memory_gb: float) -> None:
    """Be one contender: count, and say what it took."""
    limit = int(memory_gb * 1024**3)
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    begun = time.perf_counter()
    paths = sorted(folder.glob("*.parquet"))
    if name in {"polars", "pandas"}:
        counted = {"polars": by_polars, "pandas": by_pandas}[name](paths)
    else:
        counted = by_engine(name, paths, memory_gb=memory_gb)
    own = resource.getrusage(resource.RUSAGE_SELF)
    figures = {
        "seconds": counted.seconds,
        "whole": time.perf_counter() - begun,
        "cpu": own.ru_utime + own.ru_stime + counted.child_cpu,
        "gigabytes": own.ru_maxrss / 1024**2 + counted.child_gigabytes,
        "rows": len(counted.rows),
        "digest": hashlib.sha256(repr(counted.rows).encode()).hexdigest()[:12],
    }
    print(json.dumps(figures))


def measure(name: str, folder: Path, *, memory_gb: float, patience: int) -> dict[str, float | str]:
    """Run one contender in a fresh process; a dead one says why in a word."""
    command = [sys.executable, __file__, "--contender", name, "--folder", str(folder), "--memory", str(memory_gb)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=patience, check=False)
    except subprocess.TimeoutExpired:
        return {"died": f"took more than {patience} s"}
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no word"])[-1]
        return {"died": f"status {done.returncode}: {last[:90]}"}
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))


def main() -> int:
    """Generate, measure, print the curve; 1 when the figures are not reached."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--sizes", type=int, nargs="+", default=list(QUICK))
    parser.add_argument("--full", action="store_true", help="10^8 events as well")
    parser.add_argument("--memory", type=float, default=4.0, help="GB a contender may hold")
    parser.add_argument("--patience", type=int, default=900, help="seconds a contender may take")
    parser.add_argument("--contenders", nargs="+", choices=CONTENDERS, default=list(CONTENDERS))
    parser.add_argument("--contender", choices=CONTENDERS)
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    if given.contender:
        contend(given.contender, given.folder, memory_gb=given.memory)
        return 0
    sizes = sorted({*given.sizes, *([FULL] if given.full else [])})
    results = {(size, name): figures for size in sizes for name, figures in _run(size, given).items()}
    return _judge(results, sizes=sizes)


def _run(size: int, given: argparse.Namespace) -> dict[str, dict[str, float | str]]:
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        paths = generate(Path(folder), rows=size)
        written = sum(path.stat().st_size for path in paths) / 1e6
        print(
            f"{size:,} events, {written:.0f} MB of Parquet in {len(paths)} parts, written in {time.perf_counter() - begun:.0f} s",
            flush=True,
        )
        found = {}
        for name in given.contenders:
            found[name] = figures = measure(name, Path(folder), memory_gb=given.memory, patience=given.patience)
            if "died" in figures:
                print(f"  {name:7} did not survive {given.memory:g} GB: {figures['died']}", flush=True)
            else:
                print(
                    f"  {name:7} {figures['seconds']:7.2f} s (whole process {figures['whole']:6.2f} s), processor {figures['cpu']:6.2f} s, "
                    f"peak {figures['gigabytes']:.2f} GB, {figures['rows']} rows, digest {figures['digest']}",
                    flush=True,
                )
    return found


def _judge(results: dict[tuple[int, str], dict[str, float | str]], *, sizes: list[int]) -> int:
    faults = []
    for size in sizes:
        digests = {figures["digest"] for (n, _), figures in results.items() if n == size and "digest" in figures}
        if len(digests) > 1:
            faults.append(f"the figures of {size:,} events differ")
        if "died" in results.get((size, "duckdb"), {}):
            faults.append(f"DuckDB did not survive {size:,} events")
    for smaller, larger in pairwise(sizes):
        before, after = (results.get((n, "duckdb"), {}).get("cpu") for n in (smaller, larger))
        if isinstance(before, float) and isinstance(after, float):
            times, limit = after / before, TIMES_AT_MOST / 10 * larger / smaller
            print(f"duckdb: {larger // smaller} times the events took {times:.1f} times the processor's time")
            faults += [f"more than {limit:g} times"] if times > limit else []
    print("reached" if not faults else f"not reached: {'; '.join(faults)}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
