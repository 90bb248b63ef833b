"""Universal Human Rights Index: what treaty bodies, special procedures and the Universal Periodic Review said of a state.

The full export is one JSON array of some 400 MB. It is read entry by entry, and only counts are kept, so the
memory needed does not grow with the file. The wording of observations is not kept, and the year of the newest
entry is left out: the export is made daily, and a part of a year would pass for a fall.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import polars as pl

from forefend.errors import PlaceError, UnexpectedData
from forefend.places import resolve
from forefend.sources.contract import Download, Files, Metadata, Parsed
from forefend.sources.uhri.themes import CONCERNS, RECOMMENDATIONS, REVIEW, TREATY_BODIES, themes_of
from forefend.store.tables import OBSERVATIONS, REJECTED, TIES

READ = ("AnnotationId", "AnnotationType", "Body", "Countries", "DocumentId", "PublicationDate", "Themes")
OF_REVIEWS = ("UprPositions", "UprRecommendingCountry")
OUT_OF_SCOPE = {
    "AffectedPersons", "PublicationDateOnUhri", "Regions", "Sdgs", "Symbol", "Text", "UprCycle", "UprRecommendingRegions", "UprSession",
    "DocumentType", "DocumentTitle", "Link",
}  # fmt: skip
KNOWN = frozenset({*READ, *OF_REVIEWS, *OUT_OF_SCOPE})
LISTS = ("Countries", "Themes", *OF_REVIEWS)
TYPES = {CONCERNS: "concerns", RECOMMENDATIONS: "recommendations"}
SUPPORTED, ANSWERS = "Supported", ("Supported", "Noted", "Not Supported", "Supported/Noted", "Partially Supported")
MOST_REJECTED = 100_000  # of a file with more unusable entries nothing is good, and the memory is not endless
Key = tuple[str, str, int]


@dataclass
class _Counts:
    """What was counted so far; ``first`` is the first entry that counted."""

    values: Counter[Key] = field(default_factory=Counter)  # state, series, year
    ties: Counter[tuple[str, str, int]] = field(default_factory=Counter)  # recommending state, state under review, year
    supported: Counter[tuple[str, int]] = field(default_factory=Counter)
    answered: Counter[tuple[str, int]] = field(default_factory=Counter)
    documents: set[tuple[str, str, int, str]] = field(default_factory=set)
    first: dict[Key, int] = field(default_factory=dict)
    rejected: list[tuple[int, str, str]] = field(default_factory=list)
    newest: str = ""


def addresses(metadata: Metadata) -> list[Download]:
    """Return the full export in English."""
    return [Download(name="export-full-en.json", address=metadata.address)]


def read(files: Files) -> Parsed:
    """Read the full export; the release is named by the newest day of publication in it."""
    if len(files) != 1:
        raise UnexpectedData(f"The export is one json file, but {len(files)} files were given. Import them one by one.")
    ((name, path),) = files.items()
    counts = _Counts()
    for number, entry in enumerate(_entries(path, name=name), start=1):
        if reason := _count(counts, entry, number=number, name=name):
            counts.rejected.append(
                (number, reason, json.dumps({key: entry.get(key) for key in READ}, default=str, ensure_ascii=False)[:500])
            )
            if len(counts.rejected) > MOST_REJECTED:
                raise UnexpectedData(f"{name} has more than {MOST_REJECTED} entries that cannot be used, the last because {reason}.")
    running = int(counts.newest[:4] or 0)
    observations, ties = (table.filter(pl.col("start").dt.year() < running) for table in (_observations(counts), _ties(counts)))
    return Parsed(
        tables={"observations": observations, "ties": ties},
        rejected=pl.DataFrame(counts.rejected, schema=REJECTED, orient="row"),
        vintage=counts.newest,
        published=date.fromisoformat(counts.newest) if counts.newest else None,
    )


def _entries(path: Path, *, name: str) -> Iterator[dict[str, Any]]:
    import ijson

    count = 0
    try:
        with path.open("rb") as stream:
            for entry in ijson.items(stream, "item", use_float=True):
                count += 1
                if not isinstance(entry, dict):
                    raise UnexpectedData(f"{name}, entry {count} is no object. The publisher's layout has changed.")
                yield entry
    except (ijson.JSONError, UnicodeDecodeError):
        raise UnexpectedData(f"{name} is cut off or not JSON after entry {count}. Get it from the publisher again.") from None
    if not count:
        raise UnexpectedData(f"{name} holds no entry of the index. Get it from the publisher again.")


def _check(entry: dict[str, Any], *, number: int, name: str) -> None:
    if not entry.keys() <= KNOWN:
        unread = ", ".join(sorted(entry.keys() - KNOWN))
        raise UnexpectedData(f"Unread fields in {name}, entry {number}: {unread}. The publisher's layout has changed.")
    for key in READ:
        if key not in entry:
            raise UnexpectedData(f"{name}, entry {number} has no {key}. The publisher's layout has changed; the connector must be updated.")
    for key in LISTS:
        if not isinstance(entry.get(key) or [], list):
            raise UnexpectedData(f"{name}, entry {number}: {key} is no list. The publisher's layout has changed.")


def _count(counts: _Counts, entry: dict[str, Any], *, number: int, name: str) -> str:
    """Count one entry; returns why it cannot be used, or nothing."""
    _check(entry, number=number, name=name)
    kind = TYPES.get(_plain(str(entry["AnnotationType"] or "")))
    body, day = _plain(str(entry["Body"] or "")), str(entry["PublicationDate"] or "")[:10]
    year = _year(day)
    states = {code for country in entry["Countries"] or [] if (code := _state(str(country)))}
    if kind is None or not body:
        return "neither a concern nor a recommendation, or of no body"
    if not year:
        return "the day of publication is missing or no date"
    if not states:
        return "no state is named"
    mechanism = "upr" if body == REVIEW else "treaty_bodies" if body in TREATY_BODIES else "special_procedures"
    themes = {theme for label in entry["Themes"] or [] for theme in _themes(str(label))}
    series = [f"uhri_{kind}", f"uhri_{mechanism}", *(f"uhri_theme_{theme}" for theme in themes)]
    for state in states:
        for one in series:
            counts.values[state, one, year] += 1
            counts.first.setdefault((state, one, year), number)
        if mechanism != "upr":
            counts.documents.add((state, mechanism, year, str(entry["DocumentId"])))
    if mechanism == "upr":
        _count_review(counts, entry, states=states, year=year)
    counts.newest = max(counts.newest, day)
    return ""


def _count_review(counts: _Counts, entry: dict[str, Any], *, states: set[str], year: int) -> None:
    answers = {_plain(str(answer)) for answer in entry.get("UprPositions") or []}
    senders = {code for country in entry.get("UprRecommendingCountry") or [] if (code := _state(str(country)))}
    for state in states:
        for sender in senders - {state}:
            counts.ties[sender, state, year] += 1
        if len(answers) == 1 and answers <= {*ANSWERS}:
            counts.answered[state, year] += 1
            counts.supported[state, year] += answers == {SUPPORTED}


@lru_cache(maxsize=20_000)
def _themes(label: str) -> tuple[str, ...]:
    return themes_of(label)


@lru_cache(maxsize=20_000)
def _plain(text: str) -> str:
    """Labels begin with a dash in the export."""
    return text.strip().lstrip("-").strip()


@lru_cache(maxsize=20_000)
def _year(day: str) -> int:
    try:
        year = date.fromisoformat(day).year
    except ValueError:
        return 0
    return year if 1970 <= year <= 2100 else 0


@lru_cache(maxsize=20_000)
def _state(name: str) -> str:
    try:
        return resolve(_plain(name))
    except PlaceError:
        return ""


def _observations(counts: _Counts) -> pl.DataFrame:
    rows: list[tuple[str, str, int, float, int | None]] = [
        (state, series, year, float(n), counts.first[state, series, year]) for (state, series, year), n in counts.values.items()
    ]
    names = {"treaty_bodies": "uhri_treaty_body_documents", "special_procedures": "uhri_special_procedure_documents"}
    documents = Counter((state, names[mechanism], year) for state, mechanism, year, _ in counts.documents)
    rows += [(state, series, year, float(n), None) for (state, series, year), n in documents.items()]
    rows += [
        (state, "uhri_upr_supported_share", year, counts.supported[state, year] / n, None) for (state, year), n in counts.answered.items()
    ]
    made: Counter[tuple[str, int]] = Counter()
    for (sender, _, year), n in counts.ties.items():
        made[sender, year] += n
    rows += [(state, "uhri_upr_made", year, float(n), None) for (state, year), n in made.items()]
    frame = pl.DataFrame(rows, schema=["iso3", "indicator", "year", "value", "row"], orient="row") if rows else None
    if frame is None:
        return OBSERVATIONS.to_frame()
    return (
        frame.with_columns(start=pl.date("year", 1, 1), end=pl.date("year", 12, 31), low=pl.lit(None), high=pl.lit(None))
        .select(list(OBSERVATIONS))
        .cast(OBSERVATIONS)
        .sort("indicator", "iso3", "start")
    )


def _ties(counts: _Counts) -> pl.DataFrame:
    rows = [
        ("uhri_upr_recommendations", sender, state, date(year, 1, 1), date(year, 12, 31), float(n), "recommendations", None)
        for (sender, state, year), n in counts.ties.items()
    ]
    return pl.DataFrame(rows, schema=dict(TIES), orient="row").sort("from_iso3", "to_iso3", "start")
