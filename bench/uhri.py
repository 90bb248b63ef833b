"""Import of the full export of the Universal Human Rights Index, and json.load reading and counting the same file, in one run.

    python bench/uhri.py [--megabytes 400] [--runs 3]

Generates entries in the publisher's layout (texts of some paragraphs, several themes each, a fifth of them
recommendations of the Universal Periodic Review), then starts each contender in a process of its own and reports
wall time and peak memory, their ratio and their spread. Reach: 60 s and 400 MB for a file of 400 MB, with hashing.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

SECONDS, MEGABYTES = 60.0, 400.0
BODIES = [
    "CRC",
    "CCPR",
    "CAT",
    "CEDAW",
    "CERD",
    "CESCR",
    "CED",
    "CRPD",
    "SR Torture",
    "WG on Arbitrary Detention",
    "SR Minority Issues",
    "UPR",
]
WORDS = (
    "The",
    "Committee",
    "recommends",
    "that",
    "the",
    "State",
    "party",
    "take",
    "all",
    "measures",
    "in",
    "law",
    "to",
    "prevent",
    "“ill-treatment”",
)
THEMES = [
    "Violence against women",
    "Rights related to name, identity & nationality",
    "Administration of justice & fair trial",
    "Right to health",
    "Enforced disappearances",
    "Prohibition of torture & ill-treatment (including cruel, inhuman or degrading treatment)",
    "Minorities",
    "Arbitrary arrest & detention",
    *(f"Theme without bearing {n}" for n in range(60)),
]


def generate(path: Path, *, megabytes: int) -> int:
    """Write an array in the publisher's form; returns how many entries it has."""
    from forefend.places import place_name, states

    chance = random.Random(1)  # noqa: S311 - made-up entries, not secrets
    names = [place_name(code, "en") for code in sorted(states())]
    count = 0
    with path.open("w", encoding="utf-8") as stream:
        stream.write("[")
        while stream.tell() < megabytes * 1_000_000:
            batch = [_entry(count + n, chance=chance, names=names) for n in range(1_000)]
            stream.write(("," if count else "") + ",".join(json.dumps(entry, ensure_ascii=False) for entry in batch))
            count += len(batch)
        stream.write("]")
    return count


def _entry(number: int, *, chance: random.Random, names: list[str]) -> dict[str, object]:
    body = chance.choice(BODIES)
    day = f"{date(2007, 1, 1) + timedelta(days=chance.randrange(7_000))}T00:00:00"
    is_review = body == "UPR"
    return {
        "AffectedPersons": ["Children", "Women & girls"][: number % 3],
        "AnnotationId": f"{chance.getrandbits(128):032x}",
        "AnnotationType": "- Recommendations" if is_review or number % 2 else "- Concerns/Observations",
        "Body": f"- {body}",
        "Countries": [chance.choice(names)],
        "DocumentId": f"document-{number // 20}",
        "PublicationDate": day,
        "PublicationDateOnUhri": day,
        "Regions": ["Region"],
        "Sdgs": ["16.2 - Protect children from abuse, exploitation, trafficking and violence"] * (number % 3),
        "Symbol": f"X/C/{number // 20}",
        "Text": " ".join(chance.choices(WORDS, k=chance.randrange(60, 240))),
        "Themes": chance.sample(THEMES, k=chance.randrange(1, 8)),
        "UprCycle": "4th cycle" if is_review else None,
        "UprPositions": [chance.choice(("- Supported", "- Noted"))] if is_review else [],
        "UprRecommendingCountry": chance.sample(names, k=2) if is_review else [],
        "UprRecommendingRegions": [],
        "UprSession": ["40"] if is_review else [],
    }


def ours(path: Path) -> int:
    """Import as a user does: hash, read, check, count, write the snapshot; returns the observations stored."""
    from forefend.sources.intake import import_files
    from forefend.sources.registry import find_source
    from forefend.store import Store

    with tempfile.TemporaryDirectory() as folder:
        return import_files(Store(Path(folder)), find_source("uhri"), [path], today=date(2026, 11, 24)).rows["observations"]


def rival(path: Path) -> int:
    """Read the same file with json.load and count by state, year, body and theme, storing nothing."""
    with path.open(encoding="utf-8") as stream:
        entries = json.load(stream)
    counts = Counter(
        (country, entry["PublicationDate"][:4], entry["Body"], theme)
        for entry in entries
        for country in entry["Countries"]
        for theme in entry["Themes"]
    )
    return len(counts)


CONTENDERS = {"forefend": ours, "json.load": rival}


def measure(name: str, path: Path) -> dict[str, float]:
    """Run one contender in a fresh process and return what it reports of itself; nothing where it did not survive."""
    command = [sys.executable, __file__, "--contender", name, "--file", str(path)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        print(f"{name} did not finish: {done.stderr.strip().splitlines()[-1:] or 'stopped by the system'}")
        return {}
    return dict(json.loads(done.stdout))


def contend(name: str, path: Path) -> None:
    """Be that process. Time counts from here, so imports count for both."""
    begin = time.perf_counter()
    rows = CONTENDERS[name](path)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": time.perf_counter() - begin, "megabytes": peak, "rows": rows}))


def main() -> int:
    """Generate, measure, print; 1 when the figures are not reached."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--megabytes", type=int, default=400)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--contender", choices=sorted(CONTENDERS))
    parser.add_argument("--file", type=Path)
    given = parser.parse_args()
    if given.contender:
        contend(given.contender, given.file)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export-full-en.json"
        entries = generate(path, megabytes=given.megabytes)
        print(f"{entries} entries, {path.stat().st_size / 1e6:.0f} MB of json")
        runs = {name: [result for _ in range(given.runs) if (result := measure(name, path))] for name in CONTENDERS}
    for name, results in runs.items():
        if results:
            seconds, peak = [r["seconds"] for r in results], max(r["megabytes"] for r in results)
            print(
                f"{name:9} median {statistics.median(seconds):6.2f} s (from {min(seconds):.2f} to {max(seconds):.2f}), peak {peak:.0f} MB"
            )
    own, other = runs["forefend"], runs["json.load"]
    if own and other:
        time_ratio = statistics.median(r["seconds"] for r in own) / statistics.median(r["seconds"] for r in other)
        memory_ratio = max(r["megabytes"] for r in own) / max(r["megabytes"] for r in other)
        print(f"forefend takes {time_ratio:.2f} of the time and {memory_ratio:.2f} of the memory of json.load, and stored the release")
    is_reached = bool(own) and max(r["seconds"] for r in own) <= SECONDS and max(r["megabytes"] for r in own) <= MEGABYTES
    print(f"reach {SECONDS:.0f} s and {MEGABYTES:.0f} MB: {'reached' if is_reached else 'not reached'}")
    return 0 if is_reached else 1


if __name__ == "__main__":
    sys.exit(main())
