"""Model cards: what each model learns from, how it scored when tested, and where it fails. Written from the log of scoring runs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.safestring import SafeString

import forefend
from forefend.web.design.charts import drawn

FOLDERS = (Path(forefend.__file__).parent / "cards", Path(forefend.__file__).parents[2] / "docs" / "models")
MADE_BY = "Written by"
BOLD = re.compile(r"\*\*(.+?)\*\*")
DRAWING = re.compile(r"!\[(.*?)\]\(([\w-]+\.svg)\)")
STYLE = re.compile(r"<style>.*?</style>", flags=re.DOTALL)  # a page has its own, and its policy allows no other


@dataclass(frozen=True, kw_only=True)
class Block:
    """A part of a card: ``kind`` is heading, part, text, list, table or drawing; ``lead`` are bold words a text begins with."""

    kind: str
    text: str = ""
    lead: str = ""
    rows: tuple[tuple[str, ...], ...] = ()
    drawing: SafeString | str = ""


@dataclass(frozen=True, kw_only=True)
class Card:
    """A card by the name of its file."""

    id: str
    title: str
    blocks: tuple[Block, ...]


@cache
def cards() -> dict[str, Card]:
    """Return every card by id; none where this installation came without them."""
    folder = next((folder for folder in FOLDERS if folder.is_dir()), None)
    found = [] if folder is None else [_card(path) for path in sorted(folder.glob("*.md"))]
    return {card.id: card for card in found}


def _card(path: Path) -> Card:
    parts = [part.strip() for part in path.read_text(encoding="utf-8").split("\n\n") if part.strip()]
    return Card(id=path.stem, title=parts[0].lstrip("# "), blocks=tuple(_blocks(parts[1:], folder=path.parent)))


def _blocks(parts: Sequence[str], *, folder: Path) -> Iterator[Block]:
    for part in parts:
        lines = part.splitlines()
        if drawing := DRAWING.fullmatch(part):
            yield from _drawing(folder / drawing.group(2), told=drawing.group(1))
        elif part.startswith("#"):
            yield Block(kind="heading" if part.startswith("## ") else "part", text=part.lstrip("# "))
        elif part.startswith("|"):
            yield Block(kind="table", rows=tuple(_cells(line) for line in lines if not set(line) <= set("|-: ")))
        elif part.startswith("- "):
            yield Block(kind="list", rows=tuple((line.removeprefix("- "),) for line in lines))
        elif not part.startswith(MADE_BY):
            found = BOLD.match(part)
            yield Block(kind="text", lead=found.group(1) if found else "", text=_plain(part[found.end() :] if found else part))


def _drawing(path: Path, *, told: str) -> Iterator[Block]:
    if path.is_file():
        yield Block(kind="drawing", text=told, drawing=drawn(STYLE.sub("", path.read_text(encoding="utf-8"))))


def _cells(line: str) -> tuple[str, ...]:
    return tuple(_plain(cell.strip()) for cell in line.strip().strip("|").split("|"))


def _plain(text: str) -> str:
    return BOLD.sub(r"\1", text).replace("`", "").strip()
