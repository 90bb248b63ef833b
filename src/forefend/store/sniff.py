"""Looks at a file's first bytes: is it what its name says, or a web page, or nothing?"""

from __future__ import annotations

import zipfile
from pathlib import Path

from forefend.errors import UnexpectedData

# How files of a kind begin, by the end of their name; text has no fixed beginning.
BEGINNINGS: dict[str, tuple[bytes, ...]] = {
    ".zip": (b"PK\x03\x04",),
    ".xlsx": (b"PK\x03\x04",),
    ".gz": (b"\x1f\x8b",),
    ".xml": (b"<",),
    ".json": (b"{", b"["),
    ".pdf": (b"%PDF",),
    ".parquet": (b"PAR1",),
}
PAGES = (b"<!doctype html", b"<html", b"<head", b"<body")


def check_content(path: Path, *, name: str = "") -> None:
    """Refuse an empty file, a web page in place of data, a broken zip, and a file that is not of its kind."""
    name = name or path.name
    with path.open("rb") as stream:
        head = stream.read(1024)
    if not head.strip():
        raise UnexpectedData(f"{name} is empty. Get it from the publisher again.")
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    kind = Path(name).suffix.lower()
    if text.lower().startswith(PAGES) and kind not in {".html", ".htm"}:
        raise UnexpectedData(f"{name} is a web page, not data. The address may have moved, or it asks for a login: get the file by hand.")
    if kind in BEGINNINGS and not text.startswith(BEGINNINGS[kind]):
        raise UnexpectedData(f"{name} is not a {kind.removeprefix('.')} file. Get it from the publisher again.")
    if kind in {".zip", ".xlsx"} and not zipfile.is_zipfile(path):
        raise UnexpectedData(f"{name} is cut off or damaged. Download it again.")
