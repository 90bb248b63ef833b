"""Names that people and other programs gave: cleaned before anybody sees them, and never used as a path."""

from __future__ import annotations

import re
import unicodedata

NAMELESS = "file"
BYTES_AT_MOST = 200  # file systems take 255, and a browser may add a number
NOT_SHOWN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}  # control, format (such as right-to-left override), half characters, separators
NOT_IN_NAMES = re.compile(r'[<>:"|?*]')
DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", flags=re.IGNORECASE)
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f]")
UNTYPED = "application/octet-stream"
# What a browser or a telephone may open with the program it has for it; everything else is bytes.
MEDIA_TYPES = {
    "csv": "text/csv",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odt": "application/vnd.oasis.opendocument.text",
    "pdf": "application/pdf",
    "png": "image/png",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "txt": "text/plain",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}


def shown_name(given: str) -> str:
    """Return a file's name as it is shown and offered for saving: one name without folders, signs of control or markup."""
    name = re.split(r"[/\\]", unicodedata.normalize("NFC", given))[-1]
    name = "".join(letter for letter in name if unicodedata.category(letter) not in NOT_SHOWN)
    name = NOT_IN_NAMES.sub("_", name).strip(" .")
    if DEVICES.fullmatch(name):
        name = f"_{name}"
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 10:
        stem, dot, ending = name, "", ""
    room = BYTES_AT_MOST - len((dot + ending).encode())
    stem = stem.encode()[:room].decode(errors="ignore").rstrip(" .")
    return stem + dot + ending or NAMELESS


def media_type(name: str) -> str:
    """Return the media type that a file's ending stands for; never what the sender said it was."""
    return MEDIA_TYPES.get(name.rpartition(".")[2].lower(), UNTYPED)


def clean_line(given: str) -> str:
    """Return a text of one line without signs of control or of turned direction."""
    kept = "".join(letter if unicodedata.category(letter) not in {"Cc", "Cs", "Zl", "Zp"} else " " for letter in given)
    return " ".join(TURNING.sub("", kept).split())


def clean_text(given: str) -> str:
    """Return a text of several lines without signs of control."""
    lines = given.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(letter for letter in lines if letter in "\n\t" or unicodedata.category(letter) not in {"Cc", "Cs"}).strip()
