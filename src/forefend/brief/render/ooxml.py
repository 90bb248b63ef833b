"""What python-docx has no words for: direction of writing, languages, fields, links within, shading, captions of tables.

In right-to-left text a word processor draws each run by its own direction. A text is therefore cut at its isolates:
a number, a range or a code becomes a run from left to right within a paragraph from right to left. Method: Unicode
Standard Annex 9.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from forefend.errors import ForefendError
from forefend.locale import PDI
from forefend.locale.direction import OPENING

try:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor, Twips
    from lxml import etree  # type: ignore[import-untyped]
except ModuleNotFoundError:
    raise ForefendError("Word needs the extra documents. Install it with: pip install 'forefend[documents]'") from None

if TYPE_CHECKING:
    from docx.document import Document as Word
    from docx.styles.style import ParagraphStyle
    from docx.table import Table as WordTable
    from docx.table import _Cell as WordCell
    from docx.table import _Row as WordRow
    from docx.text.paragraph import Paragraph as WordParagraph
    from docx.text.run import Run

RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
LETTER = re.compile(r"[^\W\d_]")
NO_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
LEFT_TO_RIGHT_ISOLATE = "\u2066"
MARKS = {False: "\u200e", True: "\u200f"}  # left-to-right and right-to-left mark
TAGS = {"en": "en-GB", "ar": "ar-SA", "fr": "fr-FR", "es": "es-ES", "ru": "ru-RU", "zh": "zh-CN"}
SPACING = {"dashed": "4"}
GUTTER, TABLE_GAP = 240, 140  # between columns that stand side by side, and those of a table


def tag(language: str) -> str:
    """Return the language tag of a language as word processors know it."""
    return TAGS.get(language, language)


def element(name: str, /, **attributes: object) -> Any:
    """Return an element of the word processing namespace: ``element("shd", val="clear")``."""
    made = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), clean(str(value)))
    return made


def parse(content: str) -> Any:
    """Read the XML of a part as it stands, with nothing resolved or fetched."""
    return etree.fromstring(content.encode(), etree.XMLParser(resolve_entities=False, no_network=True))


def directed(text: str, *, is_rtl: bool) -> list[tuple[str, bool]]:
    """Cut a text into pieces of one direction: the text, and whether it runs from right to left.

    Fonts of word processors often lack the isolates, and draw boxes or misplace what follows; the older marks of
    direction, which all have, take their place. A mark on each side of a border between two directions does the same.
    """
    if not is_rtl:
        return [(text, False)]
    stack = [True]
    marked: list[tuple[str, bool]] = []
    for place, character in enumerate(text):
        if character in OPENING:
            inner = character != LEFT_TO_RIGHT_ISOLATE and _opens_rtl(text[place + 1 :])
            marked += [] if inner == stack[-1] else [(MARKS[inner], inner)]
            stack.append(inner)
        elif character == PDI and len(stack) > 1:
            inner, outer = stack.pop(), stack[-1]
            marked += [] if inner == outer else [(MARKS[inner], inner), (MARKS[outer], outer)]
        elif character != PDI:  # one that closes nothing is left out
            marked.append((character, stack[-1]))
    return [("".join(character for character, _ in piece), runs_rtl) for runs_rtl, piece in groupby(marked, key=lambda pair: pair[1])]


def _opens_rtl(text: str) -> bool:
    """Tell whether the first letter of what an isolate holds is written from right to left; digits are not."""
    first = LETTER.search(text.partition(PDI)[0])
    return bool(first and RIGHT_TO_LEFT.match(first.group()))


def clean(text: str) -> str:
    """Leave out what the format cannot hold."""
    return NO_CONTROL.sub("", text)


def add_text(
    paragraph: WordParagraph, text: str, *, is_rtl: bool, language: str = "", style: str = "", is_bold: bool = False, anchor: str = ""
) -> list[Run]:
    """Add a text in runs by direction; with ``anchor`` they lead to the bookmark of that name."""
    link = element("hyperlink", anchor=anchor, history=1) if anchor else None
    runs = []
    for piece, runs_rtl in directed(clean(text), is_rtl=is_rtl):
        run = paragraph.add_run(piece, style=style or None)
        properties = run._r.get_or_add_rPr()
        if is_bold:
            run.bold = True
            run.font.cs_bold = True
        if runs_rtl:
            run.font.rtl = True
        if language:
            properties.append(element("lang", val=tag(language)))
        if link is not None:
            link.append(run._r)
        runs.append(run)
    if link is not None:
        paragraph._p.append(link)
    return runs


def set_rtl(paragraph: WordParagraph) -> None:
    """Let a paragraph run from right to left."""
    _put_first(paragraph._p.get_or_add_pPr(), element("bidi"))


def _put_first(properties: Any, made: Any) -> None:
    """Insert a property where the order of the format asks for it: before spacing, indents and alignment."""
    later = ("adjustRightInd", "snapToGrid", "spacing", "ind", "contextualSpacing", "mirrorIndents", "jc", "outlineLvl", "rPr", "sectPr")
    for place, child in enumerate(properties):
        if child.tag in {qn(f"w:{name}") for name in later}:
            properties.insert(place, made)
            return
    properties.append(made)


def bookmark(paragraph: WordParagraph, name: str, *, number: int) -> None:
    """Give a place the name that links lead to."""
    paragraph._p.append(element("bookmarkStart", id=number, name=name))
    paragraph._p.append(element("bookmarkEnd", id=number))


def add_field(paragraph: WordParagraph, code: str, *, shown: str = "1") -> None:
    """Add a field that the word processor fills in: PAGE, NUMPAGES, SEQ."""
    for kind in ("begin", "instr", "separate", "shown", "end"):
        run = paragraph.add_run()
        if kind == "instr":
            instruction = element("instrText")
            instruction.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
            instruction.text = f" {code} "
            run._r.append(instruction)
        elif kind == "shown":
            run.text = shown
        else:
            run._r.append(element("fldChar", fldCharType=kind))


def set_borders(paragraph: WordParagraph | ParagraphStyle, *, kind: str = "single", colour: str, size: int, sides: Sequence[str]) -> None:
    """Draw lines beside a paragraph or a paragraph style; ``size`` is in eighths of a point."""
    borders = element("pBdr")
    for side in ("top", "left", "bottom", "right"):
        if side in sides:
            borders.append(element(side, val=kind, sz=size, space=SPACING.get(kind, "2"), color=colour))
    properties = paragraph._element.get_or_add_pPr()
    properties.insert_element_before(
        borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:bidi", "w:spacing", "w:ind", "w:jc", "w:outlineLvl", "w:rPr"
    )


def shade(run: Run, *, ground: str, colour: str) -> None:
    """Set a run in a colour on a ground of its own."""
    run.font.color.rgb = RGBColor.from_string(colour)
    run._r.get_or_add_rPr().append(element("shd", val="clear", color="auto", fill=ground))


def raise_up(run: Run, *, colour: str) -> None:
    """Set a run small and high, as the number of a note."""
    run.font.color.rgb = RGBColor.from_string(colour)
    run.font.superscript = True


def resize(paragraph: WordParagraph, *, points: float) -> None:
    """Set the letters of a paragraph in another size."""
    paragraph.paragraph_format.space_after = Pt(points / 5)
    mark = paragraph._p.get_or_add_pPr()
    for properties in [*(run._r.get_or_add_rPr() for run in paragraph.runs), _mark_properties(mark)]:
        properties.append(element("sz", val=round(2 * points)))
        properties.append(element("szCs", val=round(2 * points)))


def _mark_properties(paragraph_properties: Any) -> Any:
    found = paragraph_properties.find(qn("w:rPr"))
    if found is None:
        found = element("rPr")
        paragraph_properties.append(found)
    return found


def set_fonts(style: Any, *, family: str, points: float, is_bold: bool = False, colour: str = "") -> None:
    """Set a style's letters, those of right-to-left scripts too, which word processors keep apart.

    Without a family the style has that of the style it is based on.
    """
    properties = style.element.get_or_add_rPr()
    for name in ("rFonts", "b", "bCs", "i", "iCs", "color", "sz", "szCs"):
        for old in properties.findall(qn(f"w:{name}")):
            properties.remove(old)
    parts = [element("rFonts", ascii=family, hAnsi=family, eastAsia=family, cs=family)] if family else []
    parts += [element("b"), element("bCs")] if is_bold else [element("b", val=0), element("bCs", val=0)]
    parts += [element("i", val=0), element("iCs", val=0)]
    parts += [element("color", val=colour)] if colour else []
    parts += [element("sz", val=round(2 * points)), element("szCs", val=round(2 * points))]
    for place, part in enumerate(parts):
        properties.insert(place, part)


def set_language(word: Word, language: str, *, is_rtl: bool) -> None:
    """Say which language the whole document is written in, for reading aloud and for spelling."""
    defaults = word.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    for old in defaults.findall(qn("w:lang")):
        defaults.remove(old)
    left = tag("en" if is_rtl else language)
    defaults.append(element("lang", val=left, eastAsia=left, bidi=tag(language if is_rtl else "ar")))


def set_table(table: WordTable, *, caption: str, widths: Sequence[int], is_rtl: bool, is_lined: bool) -> None:
    """Give a table its caption for assistive technology, its widths (twentieths of a point), lines and direction."""
    properties = table._tbl.tblPr
    for old in list(properties):
        properties.remove(old)
    parts = [
        *([element("bidiVisual")] if is_rtl else []),
        element("tblW", w=sum(widths), type="dxa"),
        _lines(is_lined=is_lined),
        element("tblLayout", type="fixed"),
        _cell_margins(gap=TABLE_GAP if is_lined else GUTTER),
        element("tblLook", val="0620" if is_lined else "0600", firstRow=int(is_lined), noHBand=1, noVBand=1),
        *([element("tblCaption", val=caption)] if caption else []),
    ]
    properties.extend(parts)
    for column, width in zip(table._tbl.tblGrid.findall(qn("w:gridCol")), widths, strict=True):
        column.set(qn("w:w"), str(width))
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Twips(width)


def _lines(*, is_lined: bool) -> Any:
    borders = element("tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        is_drawn = is_lined and side in ("bottom", "insideH")
        borders.append(element(side, val="single", sz=4, space=0, color="E1E4E9") if is_drawn else element(side, val="nil"))
    return borders


def _cell_margins(*, gap: int) -> Any:
    margins = element("tblCellMar")
    for side, width in (("top", 20), ("left", gap // 2), ("bottom", 20), ("right", gap // 2)):
        margins.append(element(side, w=width, type="dxa"))
    return margins


def set_row(row: WordRow, *, is_head: bool) -> None:
    """Keep a row on one page; a head row comes again on each page."""
    properties = row._tr.get_or_add_trPr()
    properties.append(element("cantSplit"))
    if is_head:
        properties.append(element("tblHeader"))


def line_under(cell: WordCell, *, colour: str) -> None:
    """Draw the line under a head cell."""
    borders = element("tcBorders")
    borders.append(element("bottom", val="single", sz=6, space=0, color=colour))
    cell._tc.get_or_add_tcPr().append(borders)


def describe(picture: Any, text: str, *, name: str) -> None:
    """Give a picture the text that is read out in its place; without one it is marked as decoration."""
    properties = picture._inline.docPr
    properties.set("name", name)
    properties.set("descr", clean(text))
    if text:
        return
    space = "http://schemas.microsoft.com/office/drawing/2017/decorative"
    main = "http://schemas.openxmlformats.org/drawingml/2006/main"
    extensions = etree.SubElement(properties, f"{{{main}}}extLst")
    extension = etree.SubElement(extensions, f"{{{main}}}ext", uri="{C183D7F6-B498-43B3-948B-1728B52AA6E4}")
    etree.SubElement(extension, f"{{{space}}}decorative", nsmap={"adec": space}, val="1")
