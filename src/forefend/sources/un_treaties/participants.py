"""Tables of participants as the depositary writes them: a name, a date of signature, a date of consent with its letter."""

from __future__ import annotations

import html
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from forefend.errors import UnexpectedData

ACTS = {
    "": "ratification",
    "a": "accession",
    "d": "succession",
    "A": "acceptance",
    "AA": "approval",
    "c": "formal confirmation",
    "s": "definitive signature",
}
CONSENT = ("Ratification", "Accession", "Acceptance", "Approval", "Succession(d)", "Formal confirmation")
DATE = re.compile(r"(\[?)\s*(\d{1,2} [A-Z][a-z]{2} \d{4})\s*([A-Za-z]{0,2})\s*\]?")


@dataclass(frozen=True, kw_only=True)
class Participant:
    """One row of a table, with what it says of the state's consent."""

    row: int
    name: str
    signature: str
    consent: str


@dataclass(frozen=True, kw_only=True)
class Written:
    """A date as the depositary writes it; ``is_withdrawn`` when it stands in brackets."""

    day: date
    act: str
    is_withdrawn: bool


def from_xml(path: Path) -> list[Participant]:
    """Read the publisher's XML: ``Treaty/Participants/Table/TGroup`` with one head row and rows of entries."""
    content = path.read_bytes()
    if b"<!ENTITY" in content:
        raise UnexpectedData(f"{path.name} declares entities, which the publisher's files do not. Get it again.")
    try:
        root = ET.fromstring(content)  # noqa: S314 - entities are refused above
    except ET.ParseError as error:
        raise UnexpectedData(f"{path.name} is cut off or not XML: {error}. Get it from the publisher again.") from None
    group = root.find("Treaty/Participants/Table/TGroup")
    head = root.find("Treaty/Participants/Table/TGroup/Thead/Row")
    if group is None or head is None:
        raise UnexpectedData(
            f"{path.name} has no table of participants. The publisher's layout has changed; the connector must be updated."
        )
    columns = [plain(_text(entry)) for entry in head]
    rows = [[plain(_text(entry)) for entry in row] for row in group.findall("Tbody/Rows/Row")]
    return from_rows(columns, rows, file=path.name)


def from_rows(columns: list[str], rows: Iterable[list[str]], *, file: str) -> list[Participant]:
    """Read a table of participants; provisional application is out of scope, an unknown column is an error."""
    places = _places(columns, file=file)
    found = []
    for number, row in enumerate(rows, start=1):
        if len(row) != len(columns):
            raise UnexpectedData(f"{file}, row {number} has {len(row)} entries instead of {len(columns)}. Get it from the publisher again.")
        cells = {kind: row[place] for kind, place in places.items()}
        found.append(Participant(row=number, name=cells["name"], signature=cells.get("signature", ""), consent=cells["consent"]))
    return found


def written(text: str, *, file: str) -> Written | None:
    """Read a date such as ``22 Mar 1956 a``; None where nothing is written. Raises UnexpectedData for anything else."""
    if not text:
        return None
    found = DATE.fullmatch(text)
    if not found or found[3] not in ACTS:
        raise UnexpectedData(f"{file} has a date new to this connector: {text!r}.")
    day = datetime.strptime(found[2], "%d %b %Y").date()  # noqa: DTZ007 - a day has no zone
    return Written(day=day, act=ACTS[found[3]], is_withdrawn=bool(found[1]))


def plain(text: str) -> str:
    """Reduce a cell to its words: no footnote marks, no doubled spaces or tabs."""
    without_notes = re.sub(r"<superscript>.*?</superscript>", "", html.unescape(text), flags=re.IGNORECASE | re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", "", without_notes).split())


def _text(entry: ET.Element) -> str:
    """Return an entry's text without that of footnote marks, which are elements in some files and escaped in others."""
    parts = [entry.text or ""]
    for child in entry:
        parts += ["" if child.tag.lower() == "superscript" else "".join(child.itertext()), child.tail or ""]
    return "".join(parts)


def _places(columns: list[str], *, file: str) -> dict[str, int]:
    places: dict[str, int] = {}
    for place, column in enumerate(columns):
        kind = _kind(column)
        if kind in places or not kind:
            raise UnexpectedData(f"Unread columns in {file}: {column}. The publisher's layout has changed.")
        if kind != "out of scope":
            places[kind] = place
    if missing := [kind for kind in ("name", "consent") if kind not in places]:
        raise UnexpectedData(f"Columns missing in {file}: {', '.join(missing)}. Get the file from the publisher again.")
    return places


def _kind(column: str) -> str:
    if column == "Participant":
        return "name"
    if column.startswith("Provisional application"):
        return "out of scope"
    if column.startswith("Signature"):
        return "signature"
    return "consent" if any(word in column for word in CONSENT) else ""
