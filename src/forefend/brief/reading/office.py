"""A Word or Excel file from outside, checked before anything reads it.

Refused are: what is no such file whatever its name, macros, files too large when unpacked, parts that load something from
elsewhere, embedded objects, and XML that defines entities.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from typing import Literal

from forefend.errors import ForefendError

Kind = Literal["Word", "Excel"]
MAIN = {"Word": "word/document.xml", "Excel": "xl/workbook.xml"}
CONTENT = {"Word": b"wordprocessingml.document.main+xml", "Excel": b"spreadsheetml.sheet.main+xml"}
FORMS = {"Word": ".docx", "Excel": ".xlsx"}
TYPES = "[Content_Types].xml"
MOST_PARTS = 2_000
MOST_BYTES = 64 * 1024 * 1024  # of all parts together, unpacked
LARGEST_PART = 32 * 1024 * 1024
LARGEST_FILE = 16 * 1024 * 1024
MACROS = re.compile(r"vbaProject|vbaData|macrosheets|\.bin\Z", flags=re.IGNORECASE)
HARMLESS_BINARY = re.compile(r"printerSettings\d*\.bin\Z")
EMBEDDED = re.compile(r"(?:embeddings|activeX|externalLinks|ctrlProps)/", flags=re.IGNORECASE)
RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
EXTERNAL = re.compile(rb"TargetMode\s*=\s*[\"']External[\"']")
HYPERLINK = re.compile(rb"Type\s*=\s*[\"'][^\"']*/hyperlink[\"']")
DEFINES = ("<!DOCTYPE", "<!ENTITY")


def check_package(content: bytes, *, kind: Kind, most_bytes: int = MOST_BYTES) -> None:
    """Raise ForefendError when the file is not a plain file of its kind; the sentence says why.

    ``most_bytes`` is how much it may have unpacked.
    """
    if len(content) > LARGEST_FILE:
        raise ForefendError(f"The file has {len(content) // 1_000_000} MB; {LARGEST_FILE // 1_000_000} MB are read. Send a smaller one.")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            _check(package, kind, most_bytes=most_bytes)
    except (zipfile.BadZipFile, zlib.error, struct.error, NotImplementedError, EOFError, OSError, RuntimeError, ValueError) as error:
        raise _no_such_file(kind) from error


def _no_such_file(kind: Kind) -> ForefendError:
    return ForefendError(f"This is not a file of {kind}, whatever its name says. Save it as {FORMS[kind]} and send it again.")


def _check(package: zipfile.ZipFile, kind: Kind, *, most_bytes: int) -> None:
    parts = package.infolist()
    names = {part.filename for part in parts}
    if MAIN[kind] not in names or TYPES not in names:
        raise _no_such_file(kind)
    if len(names) != len(parts):
        raise ForefendError("The file holds a part twice. Save it anew and send it again.")
    _check_size(parts, most_bytes=most_bytes)
    if any(MACROS.search(name) and not HARMLESS_BINARY.search(name) for name in names) or b"macroEnabled" in _read(package, TYPES):
        raise ForefendError(f"The file holds macros. Save it as {FORMS[kind]}, without macros, and send it again.")
    if CONTENT[kind] not in _read(package, TYPES):
        raise _no_such_file(kind)
    for name in sorted(names):
        if EMBEDDED.search(name):
            raise ForefendError(f"The file holds an embedded object or a link to another file ({name}). Remove it and send it again.")
        if name.endswith((".xml", ".rels", ".vml")):
            _check_part(_read(package, name), name=name)


def _check_size(parts: list[zipfile.ZipInfo], *, most_bytes: int) -> None:
    """Refuse by what the file says of itself; reading stops at the same bounds, should it lie."""
    total = sum(part.file_size for part in parts)
    if len(parts) > MOST_PARTS or total > most_bytes or any(part.file_size > LARGEST_PART for part in parts):
        raise ForefendError("The file is too large when unpacked. Send one with less in it.")


def _read(package: zipfile.ZipFile, name: str) -> bytes:
    with package.open(name) as part:
        found = part.read(LARGEST_PART + 1)
    if len(found) > LARGEST_PART:
        raise ForefendError("The file is too large when unpacked. Send one with less in it.")
    return found


def _check_part(content: bytes, *, name: str) -> None:
    for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
        if any(word.encode(encoding) in content for word in DEFINES):
            raise ForefendError(f"The file defines entities ({name}), which no office program does. Save it anew and send it again.")
    for relation in RELATION.findall(content) if name.endswith(".rels") else ():
        if EXTERNAL.search(relation) and not HYPERLINK.search(relation):
            raise ForefendError(f"The file loads something from elsewhere ({name}). Remove it and send it again.")
