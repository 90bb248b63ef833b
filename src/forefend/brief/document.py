"""A neutral document: headings, text with marked figures, tables, drawings, spaces left for an analyst.

Renderers know only this. Every number in it is a ``Mark`` on a ``Figure``; the document numbers its figures
in the order they are met, and the appendix and the JSON resolve each number to value, snapshot, formula
and licence.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from forefend.errors import ForefendError
from forefend.settings import MARKINGS
from forefend.store import Figure, Snapshot

OPEN_LICENCES = ("cc0", "cc by", "facts", "public domain", "free use")
CLOSED_TERMS = ("-nc", "-nd", "to be confirmed")


@dataclass(frozen=True)
class Mark:
    """A number in running text: what is shown, and the figure it stands for."""

    figure: Figure
    shown: str


@dataclass(frozen=True)
class Strong:
    """Words that carry the sentence."""

    text: str


@dataclass(frozen=True)
class English:
    """A text that has no translation yet and is shown in English; ``content`` are its parts where figures stand in it."""

    text: str
    content: tuple[Inline, ...] = ()


Words = str | English
Inline = str | Mark | Strong | English


@dataclass(frozen=True)
class Heading:
    """A heading; level 1 names the report, 2 opens a page, 3 a part of it.

    Parts of the page that the title opens are level 2 and look like other parts: no level is left out.
    """

    text: Words
    level: int = 3
    is_part: bool = False


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; ``style`` is plain, lede, note or kick."""

    content: tuple[Inline, ...]
    style: str = "plain"


@dataclass(frozen=True)
class Bullets:
    """A list without order."""

    items: tuple[tuple[Inline, ...], ...]
    style: str = "plain"


@dataclass(frozen=True)
class Cell:
    """One cell of a table; numbers are aligned, a drawing may take the place of text,
    and ``anchor`` names the cell so that marks lead to it."""

    content: tuple[Inline, ...] = ()
    is_number: bool = False
    is_head: bool = False
    drawing: str = ""
    anchor: str = ""


@dataclass(frozen=True)
class Table:
    """A table with a head row and a caption for readers who do not see it."""

    head: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    caption: Words
    style: str = ""


@dataclass(frozen=True)
class Drawing:
    """A chart or map with its title and what stands under it."""

    svg: str
    title: Words = ""
    note: tuple[Inline, ...] = ()
    style: str = ""


@dataclass(frozen=True)
class Space:
    """A place only an analyst can fill, left empty and marked; nothing is invented for it."""

    title: Words
    hint: Words


@dataclass(frozen=True)
class Columns:
    """Blocks side by side; ``shares`` are their widths as parts of the whole."""

    children: tuple[tuple[Block, ...], ...]
    shares: tuple[float, ...] = ()


Block = Heading | Paragraph | Bullets | Table | Drawing | Space | Columns


@dataclass(frozen=True, kw_only=True)
class Document:
    """A whole report. ``pages`` are what a reader turns; each begins on a new sheet when printed."""

    kind: str
    title: str
    subject: str
    language: str
    direction: str
    marking: str
    day: date
    reference: str
    organisation: str
    pages: tuple[tuple[Block, ...], ...]
    translation_note: Words = ""
    labels: dict[str, Words] = field(default_factory=dict)

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Every figure once, in the order met; its place is its note number."""
        found: dict[str, Figure] = {}
        for page in self.pages:
            for mark in _marks(page):
                found.setdefault(mark.figure.id, mark.figure)
        return tuple(found.values())

    @property
    def numbers(self) -> dict[str, int]:
        """Note number of each figure by its id, from 1."""
        return {figure.id: number for number, figure in enumerate(self.figures, start=1)}

    @property
    def snapshots(self) -> tuple[Snapshot, ...]:
        """Every snapshot the figures rest on, once."""
        return tuple({snapshot.id: snapshot for figure in self.figures for snapshot in figure.snapshots}.values())


def check_marking(marking: str, figures: Sequence[Figure]) -> str:
    """Return the marking, or refuse it: CLEAR asks that every input is open.

    Raises ForefendError for an unknown label and for CLEAR over an input that is not open.
    """
    if marking not in MARKINGS:
        raise ForefendError(f"There is no marking {marking!r}. Give one of {', '.join(MARKINGS)}.")
    closed = sorted({s.title for figure in figures for s in figure.snapshots if not is_open(s)})
    if marking == "CLEAR" and closed:
        raise ForefendError(
            f"The brief cannot be marked CLEAR, as it rests on data that are not open: {', '.join(closed)}. Mark it GREEN or higher."
        )
    return marking


def is_open(snapshot: Snapshot) -> bool:
    """Tell whether anyone may see and pass on what rests on a snapshot."""
    licence = snapshot.licence.lower()
    if any(term in licence for term in CLOSED_TERMS):
        return False
    return (snapshot.may_ship and licence.startswith(OPEN_LICENCES)) or "free use" in licence


def _marks(blocks: Sequence[Block]) -> Iterator[Mark]:
    for block in blocks:
        if isinstance(block, Columns):
            for child in block.children:
                yield from _marks(child)
        else:
            for content in _contents(block):
                yield from _marks_in(content)


def _marks_in(content: Sequence[Inline]) -> Iterator[Mark]:
    for part in content:
        if isinstance(part, Mark):
            yield part
        elif isinstance(part, English):
            yield from _marks_in(part.content)


def _contents(block: Block) -> Iterator[tuple[Inline, ...]]:
    if isinstance(block, Paragraph):
        yield block.content
    elif isinstance(block, Bullets):
        yield from block.items
    elif isinstance(block, Drawing):
        yield block.note
    elif isinstance(block, Table):
        yield from (cell.content for row in (block.head, *block.rows) for cell in row)
