"""GDELT's master file list: a line a file, with size, MD5 and address."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from forefend.errors import SourceError, UnexpectedData
from forefend.sources.gdelt_events.exports import NAME, day_of
from forefend.store.asking import Asking

ROOT = "http://data.gdeltproject.org/gdeltv2/"  # the publisher's list gives these addresses; it offers no https ones
LIST = "masterfilelist.txt"
LINES = "masterfilelist-lines.txt"  # what is kept of the list: the lines of the files taken
FIRST_DAY, LAST_DAY = "FOREFEND_GDELT_FROM", "FOREFEND_GDELT_TO"
DAYS_AT_MOST = 366
LINE = re.compile(r"(\d+) ([0-9a-f]{32}) (\S+)")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line of the list."""

    line: str
    size: int
    md5: str
    address: str

    @property
    def name(self) -> str:
        """The file's name."""
        return self.address.rsplit("/", 1)[-1]


def collect(asking: Asking) -> list[Path]:
    """Download the exports of a range of days, by default the newest whole day, with the list's lines of them.

    The range is given by the environment variables FOREFEND_GDELT_FROM and FOREFEND_GDELT_TO (YYYY-MM-DD). What
    an earlier, broken-off call got is not asked for again.
    """
    whole = asking.file(ROOT + LIST, name=LIST)
    exports = list(exports_in(whole))
    if not exports:
        raise UnexpectedData(f"{LIST} lists no export of events. The publisher has changed it; the connector must be updated.")
    first, last = days_asked(os.environ if asking.environ is None else asking.environ, newest=day_of(exports[-1].name))
    wanted = [entry for entry in exports if first <= day_of(entry.name) <= last]
    if not wanted:
        raise SourceError(f"GDELT lists no export from {first} to {last}. Correct {FIRST_DAY} and {LAST_DAY}.")
    if strange := [entry.address for entry in wanted if not entry.address.startswith(ROOT)]:
        raise UnexpectedData(f"{LIST} names an address outside the publisher's: {strange[0][:100]}. Nothing was downloaded.")
    lines = asking.folder / LINES
    lines.write_text("".join(f"{entry.line}\n" for entry in wanted), encoding="utf-8")
    got = [asking.file(entry.address, name=entry.name) for entry in wanted]
    whole.unlink()
    return [lines, *got]


def days_asked(environ: Mapping[str, str], *, newest: date) -> tuple[date, date]:
    """Return the first and last day to fetch. ``newest`` is the day of the newest export, which is not over yet."""
    yesterday = date.fromordinal(newest.toordinal() - 1)
    last = _day(environ, LAST_DAY) or max(yesterday, _day(environ, FIRST_DAY) or yesterday)
    first = _day(environ, FIRST_DAY) or last
    if last < first:
        raise SourceError(f"{FIRST_DAY} {first} lies after {LAST_DAY} {last}. Correct one of them.")
    if (last - first).days >= DAYS_AT_MOST:
        raise SourceError(f"From {first} to {last} are more than {DAYS_AT_MOST} days, 96 files each. Fetch them in parts.")
    return first, last


def exports_in(path: Path) -> Iterator[Entry]:
    """Return the list's entries of event exports, oldest first as they stand there; other files' lines are passed over."""
    with path.open(encoding="utf-8", errors="replace") as stream:
        for line in stream:
            found = LINE.fullmatch(line.strip())
            if found and NAME.fullmatch(found[3].rsplit("/", 1)[-1]):
                yield Entry(line=line.strip(), size=int(found[1]), md5=found[2], address=found[3])


def check_files(lists: Iterable[Path], *, exports: Mapping[str, Path]) -> None:
    """Refuse exports that differ from what the list says of them, or are not in it."""
    entries = {entry.name: entry for path in lists for entry in exports_in(path)}
    for name, path in sorted(exports.items()):
        if name not in entries:
            raise UnexpectedData(f"{name} is not in the master list given with it. Give the list that names it, or none.")
        with path.open("rb") as stream:
            md5 = hashlib.file_digest(stream, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
        if md5 != entries[name].md5 or path.stat().st_size != entries[name].size:
            raise UnexpectedData(f"{name} is not the file of the master list: its MD5 or size differs. Download it again.")


def _day(environ: Mapping[str, str], name: str) -> date | None:
    written = environ.get(name, "").strip()
    try:
        return date.fromisoformat(written) if written else None
    except ValueError:
        raise SourceError(f"{name} is {written!r}. Give a day such as 2026-11-24.") from None
