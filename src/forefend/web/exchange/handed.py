"""A file that is handed out: its name says what it is and how it is marked."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse


@dataclass(frozen=True, kw_only=True)
class Handed:
    """A file, and the marking of all that is in it."""

    name: str
    content: bytes
    content_type: str
    marking: str


def named(*parts: object, marking: str, ending: str) -> str:
    """Return a file's name of plain letters, with its marking before the ending."""
    told = "-".join(str(part) for part in parts if part != "")
    kept = "".join(letter if letter.isascii() and (letter.isalnum() or letter in "-_") else "-" for letter in told)
    return f"{kept}.TLP-{marking.replace('+', '-')}.{ending}"


def hand_out(file: Handed) -> HttpResponse:
    """Answer with a file that is saved, never opened within the site."""
    response = HttpResponse(file.content, content_type=file.content_type)
    response["Content-Disposition"] = f'attachment; filename="{file.name}"'
    response["Cache-Control"] = "no-store"
    return response
