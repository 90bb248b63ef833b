"""A document as Word: real headings, tables with head rows, links to the notes, marking on every page; made to be edited.

Columns that hold text stand side by side in a table without lines; those that hold a table follow one another,
as a table within a table is hard to edit and to read aloud.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from html import unescape
from itertools import groupby
from typing import TYPE_CHECKING, Any

from forefend.brief.document import (
    Block,
    Bullets,
    Cell,
    Columns,
    Document,
    Drawing,
    English,
    Heading,
    Inline,
    Mark,
    Paragraph,
    Space,
    Strong,
    Table,
    Words,
)
from forefend.brief.render import ooxml
from forefend.brief.render.appendix import appendix
from forefend.brief.render.docx_styles import ALL_SIDES, INK, INK_2, set_styles
from forefend.brief.render.docx_widths import CELL_GAP, widths_of
from forefend.brief.render.raster import png, size
from forefend.locale import N_, Language, language, strip_isolates

if TYPE_CHECKING:
    from docx.document import Document as Word
    from docx.text.paragraph import Paragraph as WordParagraph

TABLE = N_("Table %(number)s")
BLUE = "1B4B8F"
TLP_COLOURS = {"CLEAR": "FFFFFF", "GREEN": "33FF00", "AMBER": "FFC000", "AMBER+STRICT": "FFC000", "RED": "FF2B2B"}
TWIPS_PER_MM = 1440 / 25.4
PAGE_WIDTH, PAGE_HEIGHT, MARGIN = 210, 297, 18  # millimetres
TEXT_WIDTH = round((PAGE_WIDTH - 2 * MARGIN) * TWIPS_PER_MM)
MM_PER_UNIT = 25.4 / 96  # of a drawing
LABEL = re.compile(r'<svg[^>]* aria-label="([^"]*)"')
PARAGRAPHS = {"plain": "Normal", "lede": "Lede", "lede2": "Lede", "note": "Note", "kick": "Kick", "small": "Note"}
FIELDS = {"\x1a": "PAGE", "\x1b": "NUMPAGES"}


def render_docx(document: Document) -> bytes:
    """Return the Word file."""
    import docx

    word = docx.Document()
    writer = Writer(word, document, language(document.language), word, numbers=document.numbers)
    _set_properties(writer)
    set_styles(word, is_rtl=writer.is_rtl)
    _set_sheet(writer)
    if document.translation_note:
        ooxml.set_borders(_text(writer, (document.translation_note,), "Note"), kind="dashed", colour=INK_2, size=6, sides=ALL_SIDES)
    for place, page in enumerate((*document.pages, appendix(document, writer.lang))):
        writer.opens_page = place > 0
        write_blocks(writer, page)
    target = io.BytesIO()
    word.save(target)
    return target.getvalue()


@dataclass
class Writer:
    """The document being written, and where the next block goes: the body, or a cell that stands beside others."""

    word: Word
    document: Document
    lang: Language
    place: Any
    width: int = TEXT_WIDTH
    numbers: dict[str, int] = field(default_factory=dict)
    spare: Any = None  # the empty paragraph that a new cell has
    opens_page: bool = False
    bookmarks: int = 0
    tables: int = 0
    pictures: int = 0
    style_ids: dict[str, str] = field(default_factory=dict)

    @property
    def is_rtl(self) -> bool:
        """Whether the document is written from right to left."""
        return self.document.direction == "rtl"

    def paragraph(self, style: str) -> WordParagraph:
        """Add a paragraph at the place."""
        made: WordParagraph = self.spare if self.spare is not None else self.place.add_paragraph()
        made._p.style = self.style_id(style)
        self.spare = None
        if self.is_rtl:
            ooxml.set_rtl(made)
        if self.opens_page:
            made.paragraph_format.page_break_before = True
            self.opens_page = False
        return made

    def style_id(self, name: str) -> str:
        """Return the id of a style; looked up once, as the library searches all styles each time."""
        if name not in self.style_ids:
            self.style_ids[name] = str(self.word.styles[name].style_id)
        return self.style_ids[name]

    def inside(self, cell: Any, *, width: int) -> _Aside:
        """Write into a cell until the block ends."""
        return _Aside(self, cell, width)


class _Aside:
    """A cell that is being written into."""

    def __init__(self, writer: Writer, cell: Any, width: int) -> None:
        self.writer, self.cell, self.width = writer, cell, width

    def __enter__(self) -> None:
        writer = self.writer
        self.before = (writer.place, writer.width, writer.spare)
        writer.place, writer.width, writer.spare = self.cell, self.width, self.cell.paragraphs[0]

    def __exit__(self, *_: object) -> None:
        self.writer.place, self.writer.width, self.writer.spare = self.before


def write_blocks(writer: Writer, blocks: Sequence[Block]) -> None:
    """Write blocks one after another."""
    for block in blocks:
        WRITERS[type(block)](writer, block)


def _set_properties(writer: Writer) -> None:
    document, properties = writer.document, writer.word.core_properties
    properties.title, properties.author = ooxml.clean(document.title), ooxml.clean(document.organisation)
    properties.language, properties.keywords = ooxml.tag(document.language), f"TLP:{document.marking}"
    properties.subject = ooxml.clean(document.reference)
    properties.comments, properties.last_modified_by = "", ""
    properties.created = properties.modified = datetime.combine(document.day, time(), tzinfo=UTC)
    ooxml.set_language(writer.word, document.language, is_rtl=writer.is_rtl)


def _set_sheet(writer: Writer) -> None:
    """Set the paper, and what stands at head and foot of every page."""
    from docx.enum.text import WD_TAB_ALIGNMENT
    from docx.shared import Mm, Pt

    section, document = writer.word.sections[0], writer.document
    section.page_width, section.page_height = Mm(PAGE_WIDTH), Mm(PAGE_HEIGHT)
    section.left_margin = section.right_margin = Mm(MARGIN)
    section.top_margin, section.bottom_margin = Mm(26), Mm(20)
    section.header_distance, section.footer_distance = Mm(11), Mm(9)
    for part, style, side in ((section.header, "Header", "bottom"), (section.footer, "Footer", "top")):
        line = part.paragraphs[0]
        line.style = writer.word.styles[style]
        if writer.is_rtl:
            ooxml.set_rtl(line)
        stops = line.paragraph_format.tab_stops
        for stop in list(writer.word.styles[style].paragraph_format.tab_stops):
            stops.add_tab_stop(stop.position, WD_TAB_ALIGNMENT.CLEAR)
        stops.add_tab_stop(Mm((PAGE_WIDTH - 2 * MARGIN) / 2), WD_TAB_ALIGNMENT.CENTER)
        stops.add_tab_stop(Mm(PAGE_WIDTH - 2 * MARGIN), WD_TAB_ALIGNMENT.RIGHT)
        line.paragraph_format.space_after = Pt(0)
        is_head = part is section.header
        _write(writer, line, (document.labels["running"],) if is_head else (document.organisation, " · ", document.labels["reference"]))
        line.add_run("\t")
        (run,) = ooxml.add_text(line, f" TLP:{document.marking} ", is_rtl=False, is_bold=True)
        ooxml.shade(run, ground="000000", colour=TLP_COLOURS[document.marking])
        line.add_run("\t")
        if is_head:
            ooxml.add_text(line, "Forefend", is_rtl=False, is_bold=True)
        else:
            _page_numbers(writer, line)
        ooxml.set_borders(line, colour=BLUE if is_head else "C8CDD5", size=12 if is_head else 4, sides=(side,))


def _page_numbers(writer: Writer, line: WordParagraph) -> None:
    """Write "page of pages" in the reader's language; the word processor knows the numbers."""
    told = writer.lang.gettext("%(page)s of %(pages)s", page="\x1a", pages="\x1b")
    for part in re.split("([\x1a\x1b])", told):
        if part in FIELDS:
            ooxml.add_field(line, FIELDS[part])
        elif part:
            ooxml.add_text(line, part, is_rtl=writer.is_rtl)


def _text(writer: Writer, content: Sequence[Inline], style: str) -> WordParagraph:
    paragraph = writer.paragraph(style)
    _write(writer, paragraph, content)
    return paragraph


def _write(writer: Writer, paragraph: WordParagraph, content: Sequence[Inline], *, is_bold: bool = False) -> None:
    for part in _joined(content):
        if isinstance(part, Mark):
            number = writer.numbers[part.figure.id]
            ooxml.add_text(paragraph, part.shown, is_rtl=writer.is_rtl, is_bold=is_bold)
            for run in ooxml.add_text(paragraph, writer.lang.isolate(f"[{number}]"), is_rtl=writer.is_rtl, anchor=f"n{number}"):
                ooxml.raise_up(run, colour=BLUE)
        elif isinstance(part, English):
            _english(writer, paragraph, part, is_bold=is_bold)
        else:
            is_strong = isinstance(part, Strong)
            text = part.text if isinstance(part, Strong) else part
            ooxml.add_text(paragraph, text, is_rtl=writer.is_rtl, is_bold=is_bold or is_strong)


def _joined(content: Sequence[Inline]) -> Iterator[Inline]:
    """Join texts that follow each other, as an isolate may begin in one and end in another."""
    for is_text, parts in groupby(content, key=lambda part: isinstance(part, str)):
        together = list(parts)
        yield from ("".join(part for part in together if isinstance(part, str)),) if is_text else together


def _english(writer: Writer, paragraph: WordParagraph, part: English, *, is_bold: bool) -> None:
    """Write what has no translation as English, from left to right, whatever surrounds it."""
    if not writer.is_rtl:
        _write(writer, paragraph, part.content or (part.text,), is_bold=is_bold)
        return
    left, right = ooxml.MARKS[False], ooxml.MARKS[True]
    ooxml.add_text(paragraph, left, is_rtl=False)
    for inner in part.content or (part.text,):
        if isinstance(inner, Mark):
            _write(writer, paragraph, (inner,), is_bold=is_bold)
        else:
            text = strip_isolates(inner if isinstance(inner, str) else inner.text)
            ooxml.add_text(paragraph, text, is_rtl=False, language="en", is_bold=is_bold or isinstance(inner, Strong))
    ooxml.add_text(paragraph, left, is_rtl=False)
    ooxml.add_text(paragraph, right, is_rtl=True)


def _heading(writer: Writer, block: Heading) -> None:
    _text(writer, (block.text,), "Part" if block.is_part else f"Heading {block.level}")


def _paragraph(writer: Writer, block: Paragraph) -> None:
    _text(writer, block.content, PARAGRAPHS[block.style])


def _bullets(writer: Writer, block: Bullets) -> None:
    for item in block.items:
        paragraph = _text(writer, item, "List Bullet")
        if block.style == "small":
            ooxml.resize(paragraph, points=8)


def _drawing(writer: Writer, block: Drawing) -> None:
    if block.title:
        paragraph = writer.paragraph("Normal")
        _write(writer, paragraph, (block.title,), is_bold=True)
        paragraph.paragraph_format.keep_with_next = True
    paragraph = writer.paragraph("Normal")
    _picture(writer, paragraph, block.svg, widest=writer.width)
    if block.note:
        paragraph.paragraph_format.keep_with_next = True
        _text(writer, block.note, "Note")


def _picture(writer: Writer, paragraph: WordParagraph, svg: str, *, widest: int) -> None:
    from docx.shared import Mm, Twips

    if not svg:
        return
    width = min(Mm(size(svg)[0] * MM_PER_UNIT), Twips(widest))
    picture = paragraph.add_run().add_picture(io.BytesIO(png(svg, is_mirrored=writer.is_rtl)), width=width)
    writer.pictures += 1
    label = LABEL.match(svg)
    told = strip_isolates(unescape(label.group(1))) if label else ""
    ooxml.describe(picture, told, name=writer.lang.gettext("Drawing %(number)s", number=writer.pictures))


def _space(writer: Writer, block: Space) -> None:
    title = writer.paragraph("Left open")
    _write(writer, title, (block.title,), is_bold=True)
    title.paragraph_format.keep_with_next = True
    _text(writer, (block.hint,), "Left open")


def _columns(writer: Writer, block: Columns) -> None:
    if any(isinstance(inner, Table | Columns) for child in block.children for inner in child):
        for child in block.children:
            write_blocks(writer, child)
        return
    count = len(block.children)
    widths = [round(writer.width * share) for share in block.shares or (1 / count,) * count]
    table = _new_table(writer, rows=1, widths=widths)
    ooxml.set_table(table, caption="", widths=widths, is_rtl=writer.is_rtl, is_lined=False)
    for cell, width, child in zip(table.rows[0].cells, widths, block.children, strict=True):
        with writer.inside(cell, width=width - ooxml.GUTTER):
            write_blocks(writer, child)
    _after_table(writer)


def _new_table(writer: Writer, *, rows: int, widths: Sequence[int]) -> Any:
    """Add a table; one that opens a page needs a paragraph before it, as a table cannot ask for a new page."""
    if writer.opens_page:
        ooxml.resize(writer.paragraph("Normal"), points=1)
    if writer.place is writer.word:
        return writer.word.add_table(rows, len(widths))
    table = writer.place.add_table(rows, len(widths))
    writer.spare = None
    return table


def _after_table(writer: Writer) -> None:
    """Part a table from what follows it: two that touch become one."""
    ooxml.resize(writer.paragraph("Note"), points=4)


def _table(writer: Writer, block: Table) -> None:
    rows = ([block.head] if block.head else []) + list(block.rows)
    if not rows:
        return
    is_notes = "notes" in block.style
    widths = widths_of(rows, writer.width, style="notes" if is_notes else "text")
    _caption(writer, block.caption)
    table = _new_table(writer, rows=len(rows), widths=widths)
    caption = block.caption if isinstance(block.caption, str) else block.caption.text
    ooxml.set_table(table, caption=strip_isolates(caption), widths=widths, is_rtl=writer.is_rtl, is_lined=True)
    for place, (row, made) in enumerate(zip(rows, table.rows, strict=True)):
        is_head = bool(block.head) and place == 0
        ooxml.set_row(made, is_head=is_head)
        for cell, target, width in zip(row, made.cells, widths, strict=True):
            with writer.inside(target, width=width - CELL_GAP):
                _cell(writer, cell, style="Table notes" if is_notes else "Table text", is_head=is_head)
            if is_head:
                ooxml.line_under(target, colour=INK)
    _after_table(writer)


def _caption(writer: Writer, caption: Words) -> None:
    """Number and name a table, so that a list of tables can be made."""
    paragraph = writer.paragraph("Caption")
    writer.tables += 1
    told = writer.lang.gettext(TABLE, number="\x1a")
    is_rtl = writer.is_rtl and writer.lang.has(TABLE)
    before, _, after = strip_isolates(told).partition("\x1a")
    ooxml.add_text(paragraph, before, is_rtl=is_rtl, language="" if is_rtl == writer.is_rtl else "en")
    ooxml.add_field(paragraph, "SEQ Table \\* ARABIC", shown=str(writer.tables))
    ooxml.add_text(paragraph, f"{after}. ", is_rtl=writer.is_rtl)
    _write(writer, paragraph, (caption,))


def _cell(writer: Writer, cell: Cell, *, style: str, is_head: bool) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    paragraph = writer.paragraph(style)
    if cell.is_number and not writer.is_rtl:  # digits keep their units on the right, so columns of numbers line up there anyway
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    if is_head:
        paragraph.paragraph_format.keep_with_next = True
    if cell.anchor:
        writer.bookmarks += 1
        ooxml.bookmark(paragraph, cell.anchor, number=writer.bookmarks)
    _write(writer, paragraph, cell.content, is_bold=is_head or cell.is_head)
    _picture(writer, paragraph, cell.drawing, widest=writer.width)


WRITERS: dict[type, Callable[[Writer, Any], None]] = {
    Heading: _heading,
    Paragraph: _paragraph,
    Bullets: _bullets,
    Table: _table,
    Drawing: _drawing,
    Space: _space,
    Columns: _columns,
}
