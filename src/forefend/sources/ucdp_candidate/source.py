"""UCDP Candidate Events: preliminary events of the months after the yearly release, one csv a month.

Known oddities: some files have no header row; an event recurs in later files under the same id, and the newest
file wins; a file of several months (``v26_01_26_06``) replaces the files of those months, and events it no
longer holds were withdrawn; names may carry ``XXX`` where an actor is not yet known. The figures are not final
and can be off by an order of magnitude for one massacre, so that events and series have names of their own.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import polars as pl

from forefend.errors import SourceUnavailable, UnexpectedData
from forefend.places import universe
from forefend.sources.contract import Files, Parsed, check_columns, reject
from forefend.sources.families.ucdp_events import LAYOUT, OUT_OF_SCOPE, READ, events_of, months_of, years_so_far
from forefend.sources.reading.tables import framed, text_table
from forefend.sources.reading.unpacked import unpacked
from forefend.sources.reading.workbook import rectangles
from forefend.store.asking import Asking

ADDRESS = "https://ucdp.uu.se/downloads/"
NAME = re.compile(
    r"GEDEvent_v(?P<year>\d\d)_(?:0_(?P<month>\d{1,2})|0?(?P<first>\d{1,2})_(?P=year)_(?P<last>\d{1,2}))\.(?:csv|csv\.gz|xlsx)",
    re.IGNORECASE,
)
LINK = re.compile(r"candidateged/(GEDEvent_v\d\d_[\d_]+\.csv)", re.IGNORECASE)
LIMIT = 300_000_000  # bytes; a file of six months has about eight million
LONGEST_LINE = 100_000  # bytes; enough for the first record
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
MONTHS = 12
REPEATED = "a newer file holds this event"
WITHDRAWN = "withdrawn: the newer file of these months no longer holds this event"


@dataclass(frozen=True, kw_only=True, order=True)
class Release:
    """One file, by what its name says: the year and months it covers. Sorted, the newest stands last."""

    year: int
    last: int
    is_whole_period: bool
    first: int
    name: str


def release(name: str) -> Release:
    """Read a file's name; raises UnexpectedData where it is not one of a Candidate file."""
    found = NAME.fullmatch(name)
    if found is None:
        raise UnexpectedData(
            f"{name} is not named as a Candidate file (GEDEvent_v26_0_8.csv, GEDEvent_v26_01_26_06.csv). "
            "The name tells which file is newer: give it the publisher's name."
        )
    last = int(found["month"] or found["last"])
    first = int(found["first"] or last)
    if not 1 <= first <= last <= MONTHS:
        raise UnexpectedData(f"{name} names a month that does not exist. Give the file the publisher's name.")
    return Release(year=2000 + int(found["year"]), last=last, is_whole_period=found["month"] is None, first=first, name=name)


def collect(asking: Asking) -> list[Path]:
    """Fetch what the publisher's page lists of the two newest years, without the files a longer one replaces."""
    page = asking.file(ADDRESS, name="downloads.html").read_text(encoding="utf-8", errors="replace")
    listed = sorted({release(name) for name in LINK.findall(page)})
    if not listed:
        raise SourceUnavailable(f"{ADDRESS} lists no Candidate files. The publisher may have moved them: import them from disk.")
    newest = [found for found in listed if found.year >= listed[-1].year - 1]
    whole = {year: max((f.last for f in newest if f.year == year and f.is_whole_period), default=0) for year in {f.year for f in newest}}
    wanted = [f for f in newest if f.last > whole[f.year] or (f.is_whole_period and f.last == whole[f.year])]
    return [asking.file(f"{ADDRESS}candidateged/{found.name}", name=found.name) for found in wanted]


def read(files: Files) -> Parsed:
    """Read one file or several together; of an event in several, the newest file's row counts."""
    releases = sorted((release(name) for name in files), reverse=True)
    tables = [_table(found.name, files[found.name]) for found in releases]
    kept, left = _newest(releases, tables)
    found = [events_of(table.drop("file"), file=entry.name, kinds="candidate_") for entry, table in zip(releases, kept, strict=True)]
    events = pl.concat([part.events for part in found])
    first, last = _covered(releases)
    name = "ucdp_candidate_{}"
    years = years_so_far(events, name="ucdp_candidate_{}_year", first=first, last=last, covered=universe("ucdp")) if events.height else None
    observed = [months_of(events, name=name), *([] if years is None else [years])]
    return Parsed(
        tables={"events": events, "observations": pl.concat(observed, how="diagonal")},
        rejected=pl.concat([*(part.rejected for part in found), *left]),
        vintage=f"{releases[0].year}-{releases[0].last:02}",
        notes=(f"Preliminary figures, {first.isoformat()} to {last.isoformat()}; not to be added to those of the yearly release.",),
    )


def _newest(releases: list[Release], tables: list[pl.DataFrame]) -> tuple[list[pl.DataFrame], list[pl.DataFrame]]:
    """Part each table, newest first, into rows that count and rows that a newer file repeats or has withdrawn."""
    seen: set[str] = set()
    kept: list[pl.DataFrame] = []
    left: list[pl.DataFrame] = []
    for place, (entry, table) in enumerate(zip(releases, tables, strict=True)):
        is_repeated = pl.col("id").is_in(list(seen))
        left.append(reject(table.filter(is_repeated), reason=REPEATED))
        rest = table.filter(~is_repeated.fill_null(value=False))
        if any(_replaces(newer, entry) for newer in releases[:place]):
            left.append(reject(rest, reason=WITHDRAWN))
            rest = rest.clear()
        kept.append(rest)
        seen |= set(table["id"].drop_nulls())
    return kept, left


def _replaces(newer: Release, older: Release) -> bool:
    return newer.is_whole_period and newer.year == older.year and newer.first <= older.first and older.last <= newer.last


def _covered(releases: list[Release]) -> tuple[date, date]:
    """First and last day of the newest run of months without a gap."""
    months = sorted({(entry.year, month) for entry in releases for month in range(entry.first, entry.last + 1)}, reverse=True)
    first = last = months[0]
    for month in months[1:]:
        if month != ((first[0] - 1, MONTHS) if first[1] == 1 else (first[0], first[1] - 1)):
            break
        first = month
    after = date(last[0] + last[1] // MONTHS, last[1] % MONTHS + 1, 1)
    return date(*first, 1), after - timedelta(days=1)


def _table(name: str, path: Path) -> pl.DataFrame:
    """Return one file's columns as text; a file without a header is read by the publisher's order of columns."""
    if path.suffix.lower() == ".xlsx":
        rows = next(iter(rectangles(path).values()), [])
        frame = framed(rows[0], rows[1:], name=name) if rows and "id" in rows[0] else _without_header(rows, name=name)
    else:
        content = unpacked(path, limit=LIMIT).removeprefix(BYTE_ORDER_MARK)
        line = content[:LONGEST_LINE].decode("utf-8", errors="replace")
        first = next(csv.reader(io.StringIO(line, newline="")), [])
        if "id" not in first:
            _check_first(first, name=name)
            content = ",".join(LAYOUT).encode() + b"\n" + content
        frame = text_table(content, name=name)
    check_columns(frame.columns[1:], read=READ, out_of_scope=OUT_OF_SCOPE, file=name)
    return frame.select("row", *(pl.col(column).replace("", None) for column in READ), file=pl.lit(name))


def _without_header(rows: list[list[str]], *, name: str) -> pl.DataFrame:
    _check_first(rows[0] if rows else [], name=name)
    return framed(list(LAYOUT), [row + [""] * (len(LAYOUT) - len(row)) for row in rows], name=name)


def _check_first(cells: list[str], *, name: str) -> None:
    """Refuse a first line that is neither the header nor an event."""
    if not cells or not cells[0].isdigit():
        raise UnexpectedData(f"{name} begins with neither a header nor an event. Get it from the publisher again.")
