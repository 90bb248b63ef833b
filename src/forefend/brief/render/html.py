"""A document as one HTML file that needs nothing else: styles, fonts and drawings are in it."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Sequence
from functools import cache
from html import escape
from typing import Any

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
)
from forefend.brief.render.appendix import appendix
from forefend.chart import CSS, FONTS
from forefend.chart.svg import hatch
from forefend.locale import language

TLP_CLASS = {"CLEAR": "clear", "GREEN": "green", "AMBER": "amber", "AMBER+STRICT": "amber", "RED": "red"}
WEIGHTS = {"Regular": 400, "SemiBold": 600}
RANGES = {
    "Latin1": "U+0000-00FF, U+2013-2014, U+2018-201D, U+2022, U+2026, U+202F, U+2066-2069, U+2212, U+00D7",
    "Latin2": "U+0100-024F",
    "Pi": "U+2190-21FF, U+2260-2265",
}


def render_html(document: Document, *, is_print: bool = False) -> str:
    """Return the whole page. For print, fonts are named by file and drawings carry their own colours."""
    lang = language(document.language)
    numbers = document.numbers
    sheets = "".join(f'<section class="page">{_blocks(page, numbers)}</section>' for page in document.pages)
    notes = f'<section class="page appendix">{_blocks(appendix(document, lang), numbers)}</section>'
    unreviewed = f'<p class="note unreviewed">{escape(document.translation_note)}</p>' if document.translation_note else ""
    body = (
        f'<header class="run">{_brand()}<span class="what">{escape(document.labels["running"])}</span>{_tlp(document)}</header>'
        f'<footer class="runf"><span>{escape(document.organisation)}</span><span>{escape(document.labels["reference"])}</span>'
        f'<span class="pageno"></span></footer>'
        f"<main>{unreviewed}{sheets}{notes}</main>"
    )
    page = (
        f'<!doctype html>\n<html lang="{document.language}" dir="{document.direction}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="generator" content="Forefend">\n'
        f"<title>{escape(document.title)}</title>\n<style>{_fonts(is_print=is_print)}{_style()}</style>\n</head>\n"
        f'<body class="{"print" if is_print else "screen"}">{hatch()}{body}</body>\n</html>\n'
    )
    return _coloured(page) if is_print else page


def _blocks(blocks: Sequence[Block], numbers: dict[str, int]) -> str:
    return "".join(_block(block, numbers) for block in blocks)


def _block(block: Block, numbers: dict[str, int]) -> str:
    return RENDERERS[type(block)](block, numbers)


def _heading(block: Heading, _numbers: dict[str, int]) -> str:
    name = {1: "h1", 2: "h2", 3: "h3"}[block.level]
    return f"<{name}>{escape(block.text)}</{name}>"


def _paragraph(block: Paragraph, numbers: dict[str, int]) -> str:
    return f'<p class="{block.style}">{_inline(block.content, numbers)}</p>'


def _bullets(block: Bullets, numbers: dict[str, int]) -> str:
    return f'<ul class="{block.style}">{"".join(f"<li>{_inline(item, numbers)}</li>" for item in block.items)}</ul>'


def _drawing(block: Drawing, numbers: dict[str, int]) -> str:
    title = f'<p class="ftitle">{escape(block.title)}</p>' if block.title else ""
    note = f'<figcaption class="note">{_inline(block.note, numbers)}</figcaption>' if block.note else ""
    return f'<figure class="{block.style}">{title}{block.svg}{note}</figure>'


def _space(block: Space, _numbers: dict[str, int]) -> str:
    return f'<div class="space"><p class="spacet">{escape(block.title)}</p><p class="note">{escape(block.hint)}</p></div>'


def _columns(block: Columns, numbers: dict[str, int]) -> str:
    count = len(block.children)
    shares = block.shares or tuple(1 / count for _ in range(count))
    names = [f"c{round(share * 12)}" for share in shares]
    inner = "".join(f'<div class="col {name}">{_blocks(child, numbers)}</div>' for name, child in zip(names, block.children, strict=True))
    return f'<div class="cols">{inner}</div>'


def _table(block: Table, numbers: dict[str, int]) -> str:
    head = "".join(f'<th scope="col"{_class(cell)}>{_inline(cell.content, numbers)}</th>' for cell in block.head)
    rows = "".join(f"<tr>{''.join(_cell(cell, numbers) for cell in row)}</tr>" for row in block.rows)
    heading = f"<thead><tr>{head}</tr></thead>" if block.head else ""
    caption = f"<caption>{escape(block.caption)}</caption>"
    return f'<div class="scroll"><table class="t {block.style}">{caption}{heading}<tbody>{rows}</tbody></table></div>'


def _cell(cell: Cell, numbers: dict[str, int]) -> str:
    inner = _inline(cell.content, numbers) + cell.drawing
    anchor = f' id="{escape(cell.anchor)}"' if cell.anchor else ""
    return f'<th scope="row"{anchor}{_class(cell)}>{inner}</th>' if cell.is_head else f"<td{anchor}{_class(cell)}>{inner}</td>"


def _class(cell: Cell) -> str:
    return ' class="num"' if cell.is_number else ""


def _inline(content: Sequence[Inline], numbers: dict[str, int]) -> str:
    return "".join(_part(part, numbers) for part in content)


def _part(part: Inline, numbers: dict[str, int]) -> str:
    if isinstance(part, Mark):
        number = numbers[part.figure.id]
        return f'<span class="fig">{escape(part.shown)}</span><a class="mk" href="#n{number}"><sup>[{number}]</sup></a>'
    if isinstance(part, Strong):
        return f"<b>{escape(part.text)}</b>"
    if isinstance(part, English):
        return f'<span lang="en" dir="ltr">{escape(part.text)}</span>'
    return escape(part)


def _brand() -> str:
    mark = (
        '<svg viewBox="0 0 34 24" width="30" height="21" aria-hidden="true"><path class="wh" d="M2 6v12M2 12h17"/>'
        '<circle class="dot" cx="10" cy="12" r="5"/><rect class="bar" x="23" y="0" width="11" height="24"/></svg>'
    )
    return f'<span class="brand">{mark}<span>Forefend</span></span>'


def _tlp(document: Document) -> str:
    return f'<span class="tlp tlp--{TLP_CLASS[document.marking]}" dir="ltr">TLP:{escape(document.marking)}</span>'


@cache
def _style() -> str:
    return (CSS / "document.css").read_text(encoding="utf-8")


@cache
def _fonts(*, is_print: bool) -> str:
    faces = []
    for path in sorted(FONTS.glob("*.woff2")):
        weight = WEIGHTS[path.stem.split("-")[1]]
        source = path.as_uri() if is_print else "data:font/woff2;base64," + base64.b64encode(path.read_bytes()).decode()
        family = "IBM Plex Sans Arabic" if "Arabic" in path.stem else "IBM Plex Sans"
        ranges = next((f"unicode-range:{span};" for name, span in RANGES.items() if path.stem.endswith(name)), "")
        faces.append(f'@font-face{{font-family:"{family}";font-weight:{weight};{ranges}src:url("{source}") format("woff2")}}')
    return "".join(faces)


def _coloured(page: str) -> str:
    """Give each drawing its colours: the PDF renderer does not apply the page's styles inside drawings."""
    colours = f"<style>{(CSS / 'drawing.css').read_text(encoding='utf-8')}</style>"
    pattern = re.sub(r"^<svg[^>]*>|</svg>$", "", hatch())
    return re.sub(r"(<svg (?!width=\"0\")[^>]*>)", lambda found: found.group(1) + colours + pattern, page)


RENDERERS: dict[type, Callable[[Any, dict[str, int]], str]] = {
    Heading: _heading,
    Paragraph: _paragraph,
    Bullets: _bullets,
    Table: _table,
    Drawing: _drawing,
    Space: _space,
    Columns: _columns,
}
