"""The styles of a report in Word, and those that a ministry's template lacks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from forefend.brief.render import ooxml

if TYPE_CHECKING:
    from docx.document import Document as Word

FAMILY = "Arial"  # is on every machine, and holds Arabic
INK, INK_2 = "14181D", "424A55"
ALL_SIDES = ("top", "left", "bottom", "right")
# Name, what it is based on, points, bold, colour, points before and after.
STYLES: tuple[tuple[str, str, float, bool, str, float, float], ...] = (
    ("Normal", "", 9.5, False, INK, 0, 5),
    ("Heading 1", "Normal", 24, True, INK, 0, 6),
    ("Heading 2", "Normal", 16, True, INK, 8, 4),
    ("Heading 3", "Normal", 10.5, True, INK, 10, 3),
    ("Part", "Heading 2", 10.5, True, INK, 10, 3),
    ("Lede", "Normal", 12.5, False, INK, 0, 6),
    ("Note", "Normal", 8, False, INK_2, 0, 4),
    ("Kick", "Normal", 8.5, False, INK_2, 0, 2),
    ("Left open", "Note", 8, False, INK_2, 0, 0),
    ("Caption", "Note", 8, False, INK_2, 6, 2),
    ("Table text", "Normal", 8.5, False, INK, 1, 1),
    ("Table notes", "Table text", 7, False, INK, 0, 0),
    ("List Bullet", "Normal", 9.5, False, INK, 0, 2),
    ("Header", "Normal", 8, False, INK_2, 0, 0),
    ("Footer", "Normal", 8, False, INK_2, 0, 0),
)


def set_styles(word: Word, *, is_rtl: bool) -> None:
    """Give a new document all styles of a report."""
    styles = word.styles
    for known in STYLES:
        _set_style(styles, known, family=FAMILY, is_rtl=is_rtl)
    _draw_lines(styles, [name for name, *_ in STYLES])


def add_missing_styles(word: Word, *, is_rtl: bool) -> None:
    """Add the styles that a template lacks, in the template's own letters; those it has stay as they are."""
    missing = [known for known in STYLES if known[0] not in word.styles]
    for known in missing:
        _set_style(word.styles, known, family="", is_rtl=is_rtl)
    _draw_lines(word.styles, [name for name, *_ in missing])


def _set_style(styles: Any, known: tuple[str, str, float, bool, str, float, float], *, family: str, is_rtl: bool) -> None:
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import Pt

    name, base, points, is_bold, colour, before, after = known
    style = styles[name] if name in styles else styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = styles[base] if base else None
    ooxml.set_fonts(style, family=family, points=points, is_bold=is_bold, colour=colour)
    spacing = style.paragraph_format
    spacing.space_before, spacing.space_after, spacing.line_spacing = Pt(before), Pt(after), 1.3 if is_rtl else 1.12
    spacing.keep_with_next = name.startswith("Heading") or name in ("Part", "Caption")


def _draw_lines(styles: Any, names: Sequence[str]) -> None:
    from docx.shared import Pt

    for name in names:
        if name in ("Heading 3", "Part"):
            ooxml.set_borders(styles[name], colour=INK, size=8, sides=("top",))
        if name == "Left open":
            styles[name].paragraph_format.left_indent = styles[name].paragraph_format.right_indent = Pt(5)
            ooxml.set_borders(styles[name], kind="dashed", colour=INK_2, size=6, sides=ALL_SIDES)
