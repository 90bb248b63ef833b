"""Looks at a file's first bytes: is it what its name says, or a web page, or nothing?"""

from __future__ import annotations

import gzip
import re
import zipfile
import zlib
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
BEFORE_PAGES = re.compile(rb"\s*(<\?xml.*?\?>|<!--.*?-->)", re.DOTALL)  # what may stand before a page begins
HEAD_BYTES = 1024


def check_content(path: Path, *, name: str = "") -> None:
    """Refuse an empty file, a web page in place of data, a broken zip, and a file that is not of its kind."""
    name = name or path.name
    head = _head(path)
    if not head.strip():
        raise UnexpectedData(f"{name} is empty. Get it from the publisher again.")
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    kind = Path(name).suffix.lower()
    if _is_page(_unpacked(path) if kind == ".gz" else text) and kind not in {".html", ".htm"}:
        raise UnexpectedData(f"{name} is a web page, not data. The address may have moved, or it asks for a login: get the file by hand.")
    if kind in BEGINNINGS and not text.startswith(BEGINNINGS[kind]):
        raise UnexpectedData(f"{name} is not a {kind.removeprefix('.')} file. Get it from the publisher again.")
    if kind in {".zip", ".xlsx"} and not zipfile.is_zipfile(path):
        raise UnexpectedData(f"{name} is cut off or damaged. Download it again.")


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(HEAD_BYTES)
    except OSError as error:
        raise UnexpectedData(f"{path} could not be read: {error.strerror}. Check its permissions.") from None


def _unpacked(path: Path) -> bytes:
    """Return how a gzip file begins inside; nothing when it is broken, which its reader tells better."""
    try:
        with gzip.open(path) as stream:
            return stream.read(HEAD_BYTES)
    except (OSError, EOFError, zlib.error):
        return b""


def _is_page(head: bytes) -> bool:
    text = head.replace(b"\0", b"") if head.startswith((b"\xff\xfe", b"\xfe\xff")) else head  # UTF-16: every other byte
    text = text.lstrip(b"\xff\xfe\xef\xbb\xbf")
    while found := BEFORE_PAGES.match(text):
        text = text[found.end() :]
    return text.lstrip().lower().startswith(PAGES)
