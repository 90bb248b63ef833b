"""One country's whole picture from the store, warm: outlook, 14 factors, 21 gaps, leverage and options, in one process.

``python bench/picture.py [MANIFEST FOLDER]`` measures it with a whole collection imported, else with the starter.
First looks, at a country of which nothing was asked before, are printed beside it.
Rival: reading the same snapshots' Parquet files once through Polars and nothing else, the floor of any answer from disk.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import polars as pl

from forefend.assess.gaps import gaps
from forefend.assess.profile import profile
from forefend.catalog import load_catalog
from forefend.forecast.outlook import country_outlook
from forefend.options.leverage import leverage
from forefend.settings import Settings
from forefend.sources.manifest import import_folder
from forefend.store import Store, open_store

COUNTRIES = ("SDN", "MMR", "GHA", "FRA", "COL")
BEFORE = "KEN"  # looked at first, so that what is read from disk once is read
RUNS = 5
LIMIT_MS = 150.0
TODAY = datetime.now(UTC).date()


def main() -> None:
    """Measure each part and the whole; exit status 1 when the median of the whole is over its limit."""
    catalog = load_catalog()
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Settings(data_dir=Path(folder)))
        if len(sys.argv) == 3:
            import_folder(store, Path(sys.argv[2]), manifest=Path(sys.argv[1]), today=TODAY)
        parts: dict[str, Callable[[str], object]] = {
            "outlook": lambda iso3: country_outlook(store, iso3, today=TODAY),
            "profile": lambda iso3: profile(store, catalog, iso3, today=TODAY),
            "gaps": lambda iso3: gaps(store, catalog, iso3, today=TODAY),
            "leverage": lambda iso3: leverage(store, catalog, "GHA", iso3, today=TODAY),
        }
        for part in parts.values():
            part(BEFORE)
        first = [sum(once(part, iso3) for part in parts.values()) for iso3 in COUNTRIES]
        found = {name: [timed(part, iso3) for iso3 in COUNTRIES] for name, part in parts.items()}
        floor = timed_floor(store)
    for name, values in found.items():
        print(f"{name:<9} {median(values):7.1f} ms ({min(values):.1f}–{max(values):.1f})")
    whole = [sum(values) for values in zip(*found.values(), strict=True)]
    middle = median(whole)
    print(f"whole     {middle:7.1f} ms ({min(whole):.1f}–{max(whole):.1f}), limit {LIMIT_MS:.0f} ms")
    print(f"first look {median(first):6.1f} ms ({min(first):.1f}–{max(first):.1f})")
    print(f"floor: reading every row of the store once {floor:.0f} ms, ratio {middle / floor:.2f}")
    sys.exit(middle > LIMIT_MS)


def timed(part: Callable[[str], object], iso3: str) -> float:
    """Return the median time of a warm call in milliseconds."""
    part(iso3)
    return median(once(part, iso3) for _ in range(RUNS))


def once(part: Callable[[str], object], iso3: str) -> float:
    """Return the time of one call in milliseconds."""
    begun = time.perf_counter()
    part(iso3)
    return 1000 * (time.perf_counter() - begun)


def timed_floor(store: Store) -> float:
    """Return how long it takes to read every table of every snapshot, in milliseconds."""
    paths = [path for s in store.snapshots for path in store.folder(s).glob("*.parquet") if path.stem in s.contents]
    begun = time.perf_counter()
    for path in paths:
        pl.read_parquet(path, glob=False)
    return 1000 * (time.perf_counter() - begun)


if __name__ == "__main__":
    main()
