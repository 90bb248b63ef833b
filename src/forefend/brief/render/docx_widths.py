"""How wide the columns of a table in Word are; word processors differ in how they would find it themselves."""

from __future__ import annotations

from collections.abc import Sequence

from forefend.brief.document import Cell, Mark
from forefend.brief.render.raster import size
from forefend.brief.words import plain
from forefend.locale import strip_isolates

WIDEST = 80  # letters that a column asks for
NOTE_ROOM = "00"  # the number of a note is small
LONGEST_WORD = 16  # letters of a word that is not broken
LETTER_WIDTH = {"text": 98, "notes": 80}  # of a bold letter in a table
UNITS_PER_LETTER = 12.0  # of a drawing, which may be set smaller than it is
CELL_GAP = 200  # between columns of a table, with a little to spare


def widths_of(rows: Sequence[Sequence[Cell]], total: int, *, style: str) -> list[int]:
    """Share a width among columns: room for the longest word or the drawing, and what is left by the length of the texts."""
    columns = list(zip(*rows, strict=True))
    least = [max(map(_longest_word, column)) for column in columns]
    asked = [max(1, min(WIDEST, max(map(_length, column))) - room) for column, room in zip(columns, least, strict=True)]
    rooms = [room * LETTER_WIDTH[style] + CELL_GAP for room in least]
    left = max(0, total - sum(rooms))
    widths = [room + left * share / sum(asked) for room, share in zip(rooms, asked, strict=True)]
    return [round(width * total / sum(widths)) for width in widths]


def _length(cell: Cell) -> int:
    return len(strip_isolates(_shown(cell)))


def _longest_word(cell: Cell) -> int:
    longest = max(len(word) for word in strip_isolates(_shown(cell)).split(" "))
    drawn = round(size(cell.drawing)[0] / UNITS_PER_LETTER) if cell.drawing else 0
    return max(min(longest, LONGEST_WORD), drawn)


def _shown(cell: Cell) -> str:
    """The text of a cell with room for the numbers of its notes."""
    return "".join(f"{part.shown}{NOTE_ROOM}" if isinstance(part, Mark) else plain((part,)) for part in cell.content)
