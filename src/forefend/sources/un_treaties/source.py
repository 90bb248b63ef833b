"""Treaty status: who is party to which instrument, from the depositary's XML or from two public mirrors of it.

The mirrors are tables of March 2015 (dates of signature and consent) and of August 2022 (status and year,
with flags). Both have errors of their own, so none replaces the other: each release stands as a snapshot,
and readers show them side by side.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from forefend.errors import PlaceError, UnexpectedData
from forefend.places import from_code, resolve
from forefend.sources.contract import Download, Files, Metadata, Parsed, check_columns
from forefend.sources.un_treaties.instruments import INSTRUMENTS, SHORT_NAMES, file_names, number_of
from forefend.sources.un_treaties.participants import Participant, from_rows, from_xml, plain, written
from forefend.store.tables import FACTS, REJECTED

LONG_2015 = ("untc", "treaty", "iso3", "participant", "signature", "ratification_accession_succession")
STATUS_2022 = ("member", "state party", "year ratification or accession", "signatory", "no action", "status")
STATUSES = {"state party": "party", "signatory state": "signatory, not party", "no action": "not party"}
ISO2_QUIRKS = {"S": "SS", "TP": "TL"}  # South Sudan and Timor-Leste in the tables of 2022
CONTRADICTS = "status and flags of the row differ"
NO_DATE = "listed without a date in force"
UN_NAMES = {"Congo": "COG"}  # the depositary's Congo is the Republic; the other is always named in full


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One statement of one table about one state."""

    iso3: str
    key: str
    status: str
    cited: str
    row: int
    kind: str = "treaty"
    start: date | None = None
    date_text: str | None = None
    checked: str | None = None
    note: str | None = None


@dataclass(frozen=True, kw_only=True)
class Refused:
    """A row that cannot be used, with the reason."""

    row: int
    reason: str
    content: str


Rows = Iterator[Fact | Refused]


def addresses(metadata: Metadata) -> list[Download]:
    """Return the depositary's XML of every instrument."""
    return [Download(name=name, address=address) for name, address in file_names().items()]


def read(files: Files) -> Parsed:
    """Read one release: the XML files of the depositary, or the files of one of the two mirrors."""
    releases = {_release(name) for name in files}
    if len(releases) != 1:
        raise UnexpectedData("The files belong to different releases of treaty status. Import each release by itself.")
    found = [entry for name, path in sorted(files.items()) for entry in _read_file(path, name=name)]
    facts = [asdict(entry) for entry in found if isinstance(entry, Fact)]
    refused = [asdict(entry) for entry in found if isinstance(entry, Refused)]
    return Parsed(
        tables={"facts": pl.DataFrame(facts, schema={name: FACTS[name] for name in Fact.__dataclass_fields__})},
        rejected=pl.DataFrame(refused, schema=REJECTED),
        vintage=releases.pop(),
    )


def _release(name: str) -> str:
    if name.endswith(".en.xml"):
        return ""
    if name == "untc_2015_long.csv" or name.removesuffix(".csv") in INSTRUMENTS:
        return "2015-03"
    if name == "status_2022_long.csv" or re.fullmatch(r"hr_status_\w+\.csv", name):
        return "2022-08"
    raise UnexpectedData(f"{name} is not a table of treaty status known here. Give the depositary's XML (IV-1.en.xml) or a known mirror.")


def _read_file(path: Path, *, name: str) -> Rows:
    if name.endswith(".en.xml"):
        number = number_of(name)
        if not number:
            raise UnexpectedData(f"{name} is an instrument that is not read here. Leave it out.")
        yield from _from_participants(from_xml(path), number=number, on=None, file=name)
    elif name == "untc_2015_long.csv":
        yield from _long_2015(path, name=name)
    elif name.startswith(("status_2022", "hr_status")):
        yield from _status_2022(path, name=name)
    else:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            columns, *rows = [[plain(cell) for cell in row] for row in csv.reader(stream)]
        participants = from_rows(columns, rows, file=name)
        yield from _from_participants(participants, number=name.removesuffix(".csv"), on=date(2015, 3, 1), file=name)


def _from_participants(participants: list[Participant], *, number: str, on: date | None, file: str) -> Rows:
    for entry in participants:
        try:
            iso3 = UN_NAMES.get(entry.name) or resolve(entry.name, on=on)
        except PlaceError as refusal:
            yield Refused(row=entry.row, reason=f"not one state of today: {refusal}", content=f"{number} {entry.name}")
            continue
        yield _consent(entry, iso3=iso3, number=number, file=file)


def _consent(entry: Participant, *, iso3: str, number: str, file: str) -> Fact:
    signature, consent = written(entry.signature, file=file), written(entry.consent, file=file)
    base: dict[str, Any] = {"iso3": iso3, "key": INSTRUMENTS[number], "cited": f"UN Treaty Collection {number}", "row": entry.row}
    if consent:
        note = f"{consent.act}; signed {entry.signature}" if signature else consent.act
        if consent.is_withdrawn:
            return Fact(**base, status="withdrawn", date_text=entry.consent, note=note)
        return Fact(**base, status="party", start=consent.day, date_text=entry.consent, note=note)
    if signature and not signature.is_withdrawn:
        return Fact(**base, status="signatory, not party", start=signature.day, date_text=entry.signature)
    return Fact(**base, status="unclear", date_text=entry.signature or None, checked=NO_DATE)


def _long_2015(path: Path, *, name: str) -> Rows:
    for number, row in _records(path, read=LONG_2015, name=name):
        if row["untc"] not in INSTRUMENTS:
            raise UnexpectedData(f"untc has codes new to this connector in {name}: {row['untc']!r}.")
        if not row["iso3"]:
            yield Refused(row=number, reason="not a state", content=f"{row['untc']} {row['participant']}")
            continue
        entry = Participant(
            row=number, name=row["participant"], signature=row["signature"], consent=row["ratification_accession_succession"]
        )
        yield _consent(entry, iso3=resolve(row["iso3"]), number=row["untc"], file=name)


def _status_2022(path: Path, *, name: str) -> Rows:
    is_long = name == "status_2022_long.csv"
    read = (*STATUS_2022, "treaty", "iso3") if is_long else (*STATUS_2022, "iso2")
    for number, row in _records(path, read=read, optional=("note", "iso2"), name=name):
        short = row["treaty"] if is_long else name.removeprefix("hr_status_").removesuffix(".csv").upper()
        if short not in SHORT_NAMES or row["status"] not in STATUSES:
            raise UnexpectedData(f"treaty or status has codes new to this connector in {name}: {short!r}, {row['status']!r}.")
        iso3 = resolve(row["iso3"]) if is_long else from_code(ISO2_QUIRKS.get(row["iso2"], row["iso2"]), scheme="alpha2")
        year = row["year ratification or accession"]
        contradicts = _contradicts(row)
        flags = "; ".join(f"{flag}: {row[flag] or 'empty'}" for flag in ("state party", "signatory", "no action"))
        said = (f"status: {row['status']}; {flags}",) if contradicts else ()
        yield Fact(
            iso3=iso3,
            key=SHORT_NAMES[short],
            status="unclear" if contradicts else STATUSES[row["status"]],
            start=date(int(year), 1, 1) if year else None,
            date_text=year or None,
            checked=CONTRADICTS if contradicts else None,
            cited=f"UN Treaty Collection, {short}, August 2022",
            note="; ".join((*said, *([row["note"]] if row.get("note") else []))) or None,
            row=number,
        )


def _contradicts(row: dict[str, str]) -> bool:
    """Whether the status in words and the flags of one row say different things; an empty flag says nothing."""
    expected = {"state party": "state party", "signatory": "signatory state", "no action": "no action"}
    return any(row[flag] not in ("", "1" if words == row["status"] else "0") for flag, words in expected.items())


def _records(path: Path, *, read: tuple[str, ...], name: str, optional: tuple[str, ...] = ()) -> Iterator[tuple[int, dict[str, str]]]:
    """Return numbered rows by column; the case of the header varies between the mirror's files."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        header, *rows = list(csv.reader(stream))
    columns = [column.strip().lower() for column in header]
    check_columns(columns, read=read, optional=optional, file=name)
    for number, row in enumerate(rows, start=1):
        if len(row) != len(columns):
            raise UnexpectedData(f"{name}, row {number} has {len(row)} cells instead of {len(columns)}. Get the file again.")
        yield number, {column: cell.strip() for column, cell in zip(columns, row, strict=True)}
