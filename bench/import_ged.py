"""Import of a full GED zip, and pandas reading and grouping the same file, in one run.

    python bench/import_ged.py [--rows 400000] [--runs 3]

Generates events in the real layout of 49 columns (texts with quotes and line breaks, a few sources each),
then starts each contender in a process of its own and reports wall time and peak memory, their ratio and
their spread. Reach: 15 s and 1.5 GB for 400,000 rows, with unpacking and hashing.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from datetime import date, timedelta
from io import TextIOWrapper
from pathlib import Path

COLUMNS = [
    "id",
    "relid",
    "year",
    "active_year",
    "code_status",
    "type_of_violence",
    "conflict_dset_id",
    "conflict_new_id",
    "conflict_name",
    "dyad_dset_id",
    "dyad_new_id",
    "dyad_name",
    "side_a_dset_id",
    "side_a_new_id",
    "side_a",
    "side_b_dset_id",
    "side_b_new_id",
    "side_b",
    "number_of_sources",
    "source_article",
    "source_office",
    "source_date",
    "source_headline",
    "source_original",
    "where_prec",
    "where_coordinates",
    "where_description",
    "adm_1",
    "adm_2",
    "latitude",
    "longitude",
    "geom_wkt",
    "priogrid_gid",
    "country",
    "country_id",
    "region",
    "event_clarity",
    "date_prec",
    "date_start",
    "date_end",
    "deaths_a",
    "deaths_b",
    "deaths_civilians",
    "deaths_unknown",
    "best",
    "high",
    "low",
    "gwnoa",
    "gwnob",
]
SECONDS, GIGABYTES = 15.0, 1.5


def generate(path: Path, *, rows: int) -> int:
    """Write a zip in the publisher's form; returns the size of the csv in it."""
    from forefend.places import codes

    chance = random.Random(1)  # noqa: S311 - made-up events, not secrets
    states = sorted(number for number in codes("gw") if isinstance(number, int))
    first = date(1989, 1, 1)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("GEDEvent_v26_1.csv", "w") as packed, TextIOWrapper(packed, "utf-8", newline="") as text:
            writer = csv.writer(text)
            writer.writerow(COLUMNS)
            writer.writerows(_event(n, chance=chance, states=states, first=first) for n in range(1, rows + 1))
        return archive.getinfo("GEDEvent_v26_1.csv").file_size


def _event(n: int, *, chance: random.Random, states: list[int], first: date) -> list[object]:
    begin = first + timedelta(days=chance.randrange(13_500))
    end = begin + timedelta(days=chance.choice((0, 0, 0, 1, 5)))
    state, kind, best = chance.choice(states), chance.choice((1, 1, 1, 2, 3)), int(chance.paretovariate(1.2)) - 1
    headline = f'Town {n % 900} shelled, "dozens" flee; army says {best} dead'
    article = ";".join(f'"Agency {chance.randrange(50)},{begin.isoformat()},{headline}"' for _ in range(chance.choice((1, 1, 2))))
    original = "army spokesman\nlocal doctors" if n % 7 == 0 else "police"
    place = f"Town {n % 900}, about {n % 40} km from the provincial capital"
    sides = [
        f"X{kind}",
        100 + n % 700,
        f"Government of state {state}",
        f"Y{kind}",
        900 + n % 700,
        "Civilians" if kind == 3 else f"Group {n % 300}",
    ]
    latitude, longitude = round(chance.uniform(-35, 60), 6), round(chance.uniform(-80, 140), 6)
    return [
        *(n, f"REL-{n}", begin.year, 1, "Clear", kind, n % 500, n % 500, f"State {state}: Territory {n % 60}", n % 900, n % 900),
        *(f"Government of state {state} - Group {n % 300}", *sides, 1, article, "Agency", begin.isoformat(), headline, original),
        *(chance.randint(1, 6), f"Town {n % 900}", place, f"Province {n % 30}", f"District {n % 200}", latitude, longitude),
        *(f"POINT ({longitude} {latitude})", 100_000 + n % 60_000, f"State {state}", state, "Asia", 1, 1),
        *(f"{begin} 00:00:00.000", f"{end} 00:00:00.000", 0, 0, best if kind == 3 else 0, 0, best, best * 2, best // 2, state, ""),
    ]


def ours(path: Path) -> int:
    """Import as a user does: hash, unpack, read, check, write the snapshot; returns the events stored."""
    from forefend.sources.intake import import_files
    from forefend.sources.registry import find_source
    from forefend.store import Store

    with tempfile.TemporaryDirectory() as folder:
        return import_files(Store(Path(folder)), find_source("ucdp_ged"), [path], today=date(2026, 11, 24)).rows["events"]


def rival(path: Path) -> int:
    """Read and group the same file with pandas, storing nothing."""
    import pandas as pd

    frame = pd.read_csv(path, low_memory=False)
    month = frame["date_start"].str.slice(0, 7)
    frame.groupby([frame["country_id"], month, frame["type_of_violence"]])["best"].agg(["sum", "count"])
    return len(frame)


CONTENDERS = {"forefend": ours, "pandas": rival}


def measure(name: str, path: Path) -> dict[str, float]:
    """Run one contender in a fresh process and return what it reports of itself."""
    done = subprocess.run([sys.executable, __file__, "--contender", name, "--file", str(path)], check=True, capture_output=True, text=True)
    return dict(json.loads(done.stdout))


def contend(name: str, path: Path) -> None:
    """Be that process. Time counts from here, so imports count for both."""
    begin = time.perf_counter()
    rows = CONTENDERS[name](path)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    print(json.dumps({"seconds": time.perf_counter() - begin, "gigabytes": peak, "rows": rows}))


def main() -> int:
    """Generate, measure, print; 1 when the figures are not reached."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rows", type=int, default=400_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--contender", choices=sorted(CONTENDERS))
    parser.add_argument("--file", type=Path)
    given = parser.parse_args()
    if given.contender:
        contend(given.contender, given.file)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ged261-csv.zip"
        size = generate(path, rows=given.rows)
        print(f"{given.rows} rows, {size / 1e6:.0f} MB of csv in a zip of {path.stat().st_size / 1e6:.0f} MB")
        runs = {name: [measure(name, path) for _ in range(given.runs)] for name in CONTENDERS}
    for name, results in runs.items():
        seconds, peak = [r["seconds"] for r in results], max(r["gigabytes"] for r in results)
        print(f"{name:9} median {statistics.median(seconds):6.2f} s (from {min(seconds):.2f} to {max(seconds):.2f}), peak {peak:.2f} GB")
    medians = {name: statistics.median(r["seconds"] for r in results) for name, results in runs.items()}
    print(f"forefend takes {medians['forefend'] / medians['pandas']:.2f} of the time of pandas, and has stored the release as well")
    is_reached = max(r["seconds"] for r in runs["forefend"]) <= SECONDS and max(r["gigabytes"] for r in runs["forefend"]) <= GIGABYTES
    print(f"reach {SECONDS:.0f} s and {GIGABYTES} GB: {'reached' if is_reached else 'not reached'}")
    return 0 if is_reached else 1


if __name__ == "__main__":
    sys.exit(main())
