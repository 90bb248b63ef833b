"""The World Factbook as JSON, one file a country in folders by region: entries by country, for the connectors that read it.

The publisher closed the Factbook in 2026; its text is in the public domain and kept as JSON by others.
"""

from __future__ import annotations

import html
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from forefend.errors import PlaceError, UnexpectedData
from forefend.places import resolve

LARGEST_BYTES = 200_000_000  # the whole Factbook is 12 MB
TAG = re.compile(r"<[^>]+>")
# Entries by the publisher's two letters that are no states: oceans, the world, the European Union, bases, islets, and
# areas counted apart from the state they belong to.
NOT_STATES = frozenset({
    "at", "ax", "bq", "cr", "dx", "ee", "gz", "ip", "jn", "oo", "pf", "pg", "um", "we", "wq", "xo", "xq", "xx", "zh", "zn",
})  # fmt: skip
NOT_A_STATE = "an ocean, a group, a base or an area counted apart, not a state"


@dataclass(frozen=True, kw_only=True)
class Country:
    """One entry: its number in the archive, the publisher's two letters, the state it is about (None for none)."""

    row: int
    gec: str
    name: str
    iso3: str | None
    sections: Mapping[str, Any]

    def text(self, section: str, field: str) -> str:
        """Return the plain text of a field, without mark-up; empty where there is none."""
        return self._part(section, field, part="text")

    def note(self, section: str, field: str) -> str:
        """Return the plain text of the note to a field; empty where there is none."""
        return self._part(section, field, part="note")

    def _part(self, section: str, field: str, *, part: str) -> str:
        held = self.sections.get(section, {})
        found = held.get(field, {}) if isinstance(held, Mapping) else {}
        written = found.get(part, "") if isinstance(found, Mapping) else found if part == "text" else ""
        return " ".join(html.unescape(TAG.sub(" ", str(written))).split())


def countries(path: Path, *, name: str) -> Iterator[Country]:
    """Read the entries of a zip archive, or of one country's file, in order of their name.

    Raises UnexpectedData naming the file that is no entry.
    """
    for row, (label, content) in enumerate(_files(path, name=name), start=1):
        try:
            sections = json.loads(content.decode("utf-8-sig"))
        except ValueError:
            raise UnexpectedData(f"{label} in {name} is not JSON. Get the archive again.") from None
        if not isinstance(sections, Mapping):
            raise UnexpectedData(f"{label} in {name} is not an entry of the Factbook. Get the archive again.")
        gec = PurePosixPath(label).stem.lower()
        names = _names(sections)
        yield Country(row=row, gec=gec, name=names[0] if names else gec, iso3=_state(gec, names), sections=sections)


def _files(path: Path, *, name: str) -> Iterator[tuple[str, bytes]]:
    if path.suffix.lower() != ".zip":
        yield name, path.read_bytes()
        return
    with zipfile.ZipFile(path) as archive:
        members = sorted((m for m in archive.infolist() if _is_entry(m.filename)), key=lambda m: m.filename)
        if not members:
            raise UnexpectedData(f"{name} holds no entries of the Factbook. Get the archive again.")
        if sum(member.file_size for member in members) > LARGEST_BYTES:
            raise UnexpectedData(f"{name} unpacks to more than {LARGEST_BYTES:,} bytes. It is not what is offered.")
        for member in members:
            yield member.filename, archive.read(member)


def _is_entry(filename: str) -> bool:
    """Entries are two letters in a folder by region; what else an archive of the repository holds is not read."""
    return re.search(r"(^|/)[a-z-]+/[a-z]{2}\.json$", filename) is not None


def _names(sections: Mapping[str, Any]) -> list[str]:
    held = sections.get("Government", {})
    forms = held.get("Country name", {}) if isinstance(held, Mapping) else {}
    found = [forms.get(f"conventional {form} form", {}) for form in ("short", "long")] if isinstance(forms, Mapping) else []
    texts = [html.unescape(str(entry.get("text", ""))).strip() for entry in found if isinstance(entry, Mapping)]
    return [text for text in texts if text and text != "none"]


def _state(gec: str, names: list[str]) -> str | None:
    if gec in NOT_STATES:
        return None
    refusal = "it gives no name of a country"
    for name in names:
        try:
            return resolve(name, publisher="factbook")
        except PlaceError as error:
            refusal = str(error)
    raise UnexpectedData(f"The entry {gec} of the Factbook is new to this connector: {refusal}")
