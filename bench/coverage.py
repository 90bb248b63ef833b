"""How much of the assessment public data can pre-fill: the starter alone, and with every file of a folder imported.

``python bench/coverage.py [MANIFEST FOLDER]``. Shares are means over ten states of all regions with their range, as data differ by
state; the denominators are the catalog's own ``measurable`` flags, which were fixed before the connectors. A question is
pre-filled when a rule shows something, directly or as a stand-in; how many get a level set is told apart, and is far less.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter, defaultdict
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import mean

from forefend.assess.coverage import Entry, best, coverage
from forefend.catalog import load_catalog
from forefend.places import universe
from forefend.settings import Settings
from forefend.sources.manifest import import_folder
from forefend.sources.registry import sources
from forefend.store import Store, open_store

CATALOG = load_catalog()
TODAY = datetime.now(UTC).date()
ALL_STATES = sorted(universe("un_members"))
SAMPLE = ("GHA", "SDN", "MMR", "FRA", "TUV", "COL", "JOR", "IDN", "KAZ", "FJI")  # all regions, many sizes
LEVEL = ("direct", "hand-kept")
ANY = (*LEVEL, "proxy")
REACH = {"starter": (7, 0.15, 0.30), "all files": (13, 0.35, 0.70)}


def main() -> None:
    """Print the table; exit status 1 when a figure is not reached."""
    with tempfile.TemporaryDirectory() as folder:
        is_reached = report("starter", open_store(Settings(data_dir=Path(folder) / "starter")))
        if len(sys.argv) == 3:
            store = open_store(Settings(data_dir=Path(folder) / "all"))
            outcomes = import_folder(store, Path(sys.argv[2]), manifest=Path(sys.argv[1]), today=TODAY)
            print("\n".join(f"refused {o.source}: {o.refusal}" for o in outcomes if o.refusal))
            is_reached = report("all files", store, is_whole=True) and is_reached
    series = declared_series(today=TODAY)
    declared, rich = (sum(len(series[action]) >= many for action in CATALOG.actions) for many in (1, 3))
    print(f"direct series by declared connectors: { ({action: len(series[action]) for action in CATALOG.actions}) }")
    print(f"connectors declared for {declared} of 21 actions, with three direct series or more for {rich} of 21 (reach 17)")
    sys.exit(0 if is_reached and rich >= 17 else 1)


def report(name: str, store: Store, *, is_whole: bool = False) -> bool:
    """Print the figures of one store; true when all are reached."""
    many, of_all, of_measurable = REACH[name]
    world = coverage(store, CATALOG, today=TODAY)
    direct = Counter(group for group, _ in {(e.group, e.series) for e in world if e.has_data and e.strength in ("direct", "hand-kept")})
    rich = sum(direct[action] >= 3 for action in CATALOG.actions)
    by_state = {iso3: coverage(store, CATALOG, today=TODAY, iso3=iso3) for iso3 in SAMPLE}
    questions = [shares(entries, CATALOG.questions, kinds=ANY) for entries in by_state.values()]
    levels = [shares(entries, CATALOG.questions, kinds=LEVEL) for entries in by_state.values()]
    risks = [shares(entries, CATALOG.indicators, kinds=ANY) for entries in by_state.values()]
    direct_risks = [shares(entries, CATALOG.indicators, kinds=LEVEL) for entries in by_state.values()]
    print(f"== {name}")
    print(f"actions with three direct series or more: {rich} of 21 (reach {many}); {dict(direct)}")
    print(f"questions pre-filled, of all: {spread([q[0] for q in questions])} (reach {of_all:.0%})")
    print(f"questions pre-filled, of the measurable: {spread([q[1] for q in questions])} (reach {of_measurable:.0%})")
    print(f"  of them with a level set: {spread([q[0] for q in levels])} of all, {spread([q[1] for q in levels])} of the measurable")
    print(f"risk indicators with data, of the measurable: {spread([r[1] for r in risks])}{' (reach 60%)' if is_whole else ''}")
    print(f"  of them by a direct series: {spread([r[1] for r in direct_risks])}")
    print("by state: " + ", ".join(f"{iso3} {q[0]:.0%}/{q[1]:.0%}" for iso3, q in zip(by_state, questions, strict=True)))
    reached = rich >= many and mean(q[0] for q in questions) >= of_all and mean(q[1] for q in questions) >= of_measurable
    return reached and (not is_whole or mean(r[1] for r in risks) >= 0.6)


def shares(entries: tuple[Entry, ...], items: object, *, kinds: tuple[str, ...]) -> tuple[float, float]:
    """Return the shares of items with data of some kinds, of all and of the measurable ones."""
    grouped: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.item in items:  # type: ignore[operator]  # a mapping of the catalog
            grouped.setdefault(entry.item, []).append(entry)
    filled = {item for item, found in grouped.items() if best(found) in kinds}
    measurable = {item for item, found in grouped.items() if found[0].is_measurable}
    return len(filled) / len(grouped), len(filled & measurable) / len(measurable)


def declared_series(*, today: date) -> dict[str, set[str]]:
    """The direct series that some connector is declared for, by action; what is kept by hand is no connector's."""
    with tempfile.TemporaryDirectory() as folder:
        entries = coverage(open_store(Settings(data_dir=Path(folder), embedded=False)), CATALOG, today=today)
    found: dict[str, set[str]] = defaultdict(set)
    for entry in entries:
        if entry.series and entry.strength == "direct" and entry.source in sources():
            found[entry.group].add(entry.series)
    return found


def spread(values: list[float]) -> str:
    """Write a mean with its range."""
    return f"{mean(values):.0%} ({min(values):.0%}–{max(values):.0%})"


if __name__ == "__main__":
    main()
