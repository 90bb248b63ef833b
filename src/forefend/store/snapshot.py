"""A snapshot: the publisher's bytes as they were on one day, what they are, and who allows what with them."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any


@dataclass(frozen=True, kw_only=True)
class SnapshotFile:
    """One file of a snapshot: name, size in bytes, and sha256 of its content."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """What is known of a stored release. Never edited after it is written.

    ``vintage`` is the publisher's name of the release (26.1, v15, 2025-12); ``published`` the day it came
    out, by which *as of* reads are ordered. ``contents`` lists, per table, the indicators, channels or
    kinds it holds; ``rows`` and ``rejected`` count what was read. ``priority`` breaks ties between
    snapshots of one day: the higher wins. ``is_synthetic`` marks generated samples.
    """

    id: str
    source: str
    title: str
    publisher: str
    vintage: str
    published: date
    licence: str
    may_ship: bool
    grade: str
    citation: str
    address: str
    retrieved: datetime
    files: tuple[SnapshotFile, ...]
    contents: dict[str, list[str]]
    rows: dict[str, int]
    rejected: int = 0
    priority: int = 0
    format_basis: str = "seen"
    is_embedded: bool = False
    is_synthetic: bool = False
    notes: tuple[str, ...] = field(default=())

    def to_json(self) -> str:
        """Return the snapshot's record as stable JSON: same snapshot, same bytes."""
        return json.dumps(asdict(self), default=_as_text, ensure_ascii=False, indent=1, sort_keys=True) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Snapshot:
        """Read a record written by ``to_json``; raises KeyError, TypeError or ValueError when it is not one."""
        data: dict[str, Any] = json.loads(text)
        data["published"] = date.fromisoformat(data["published"])
        data["retrieved"] = datetime.fromisoformat(data["retrieved"])
        data["files"] = tuple(SnapshotFile(**entry) for entry in data["files"])
        data["notes"] = tuple(data["notes"])
        if not (isinstance(data["contents"], dict) and all(isinstance(count, int) for count in data["rows"].values())):
            raise ValueError("not the record of a snapshot")
        return cls(**data)


def snapshot_id(*, source: str, vintage: str, files: tuple[SnapshotFile, ...]) -> str:
    """Name a snapshot by what it is: source, vintage, and a digest over its files."""
    digest = hashlib.sha256("".join(f"{entry.name}:{entry.sha256}\n" for entry in sorted(files, key=lambda f: f.name)).encode())
    safe = "".join(letter if letter.isalnum() or letter in ".-" else "-" for letter in vintage)
    return f"{source}@{safe}-{digest.hexdigest()[:10]}"


def describe_file(path: Path, *, name: str | None = None) -> SnapshotFile:
    """Measure and hash a file on disk."""
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return SnapshotFile(name=name or path.name, size=path.stat().st_size, sha256=digest)


def _as_text(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no JSON form here")
