"""A document as one HTML file that needs nothing else: styles, fonts and drawings are in it."""

from __future__ import annotations

import base64
import itertools
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
    Words,
)
from forefend.brief.render.appendix import appendix
from forefend.chart import CSS, FONTS
from forefend.chart.svg import hatch
from forefend.locale import Language, language

TLP_CLASS = {"CLEAR": "clear", "GREEN": "green", "AMBER": "amber", "AMBER+STRICT": "amber", "RED": "red"}
WEIGHTS = {"Regular": 400, "SemiBold": 600}
# Which characters each file of the fonts is asked for, as in tokens.css; a file that a document does not need is left out.
RANGES = {
    "Latin1": "U+0000, U+000D, U+0020-007E, U+00A0-00FF, U+0131, U+0152-0153, U+02C6, U+02DA, U+02DC, U+2013-2014, U+2018-201A, "
    "U+201C-201E, U+2020-2022, U+2026, U+2030, U+2039-203A, U+2044, U+2074, U+20AC, U+2122, U+2212, U+FB01-FB02",
    "Latin2": "U+0100-024F, U+0259, U+1E00-1EFF, U+20A0-20AB, U+20AD-20CF",
    "Pi": "U+202F, U+2032-2033, U+2070, U+2075-2079, U+2080-2081, U+2116, U+2190-2199, U+2206, U+2211, U+221A, U+221E, U+2248, U+2260, "
    "U+2264-2265, U+25CA, U+2713",
    "Arabic": "U+0600-06FF, U+0750-077F, U+08A0-08FF, U+FB50-FDFF, U+FE70-FEFE",
}
SPAN = re.compile(r"U\+([0-9A-F]+)(?:-([0-9A-F]+))?")
DRAWING = re.compile(r"(<svg [^>]*>)(.*?</svg>)", flags=re.DOTALL)
LABEL = re.compile(r' aria-label="([^"]*)"')


def render_html(document: Document, *, is_print: bool = False) -> str:
    """Return the whole page. For print, fonts are named by file and drawings carry their own colours."""
    lang = language(document.language)
    numbers = document.numbers
    sheets = "".join(f'<section class="page">{_blocks(page, numbers)}</section>' for page in document.pages)
    notes = f'<section class="page appendix">{_blocks(appendix(document, lang), numbers)}</section>'
    unreviewed = f'<p class="note unreviewed">{_words(document.translation_note)}</p>' if document.translation_note else ""
    top = f'<header class="run">{_brand()}<span class="what">{_words(document.labels["running"])}</span>{_tlp(document)}</header>'
    foot = (
        f'<footer class="runf"><span>{escape(document.organisation)}</span><span>{_words(document.labels["reference"])}</span>'
        f'<span class="pageno"></span></footer>'
    )
    main = f"<main>{unreviewed}{sheets}{notes}</main>"
    # Print repeats header and footer from their first place on; a page is read in order.
    body = f"{top}{foot}{main}" if is_print else f"{hatch()}{top}{main}{foot}"
    style = (
        _fonts(frozenset(f"{body}{document.title}"), is_print=is_print)
        + _style(is_print=is_print)
        + (_page_numbers(lang) if is_print else "")
    )
    page = (
        f'<!doctype html>\n<html lang="{document.language}" dir="{document.direction}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="generator" content="Forefend">\n'
        f"<title>{escape(document.title)}</title>\n<style>{style}</style>\n</head>\n"
        f'<body class="{"print" if is_print else "screen"}">{body}</body>\n</html>\n'
    )
    return _coloured(page) if is_print else page


def _blocks(blocks: Sequence[Block], numbers: dict[str, int]) -> str:
    return "".join(_block(block, numbers) for block in blocks)


def _block(block: Block, numbers: dict[str, int]) -> str:
    return RENDERERS[type(block)](block, numbers)


def _words(words: Words) -> str:
    return _part(words, {})


def _heading(block: Heading, _numbers: dict[str, int]) -> str:
    name = {1: "h1", 2: "h2", 3: "h3"}[block.level]
    part = ' class="part"' if block.is_part else ""
    return f"<{name}{part}>{_words(block.text)}</{name}>"


def _paragraph(block: Paragraph, numbers: dict[str, int]) -> str:
    return f'<p class="{block.style}">{_inline(block.content, numbers)}</p>'


def _bullets(block: Bullets, numbers: dict[str, int]) -> str:
    return f'<ul class="{block.style}">{"".join(f"<li>{_inline(item, numbers)}</li>" for item in block.items)}</ul>'


def _drawing(block: Drawing, numbers: dict[str, int]) -> str:
    title = f'<p class="ftitle">{_words(block.title)}</p>' if block.title else ""
    note = f'<figcaption class="note">{_inline(block.note, numbers)}</figcaption>' if block.note else ""
    return f'<figure class="{block.style}">{title}{block.svg}{note}</figure>'


def _space(block: Space, _numbers: dict[str, int]) -> str:
    return f'<div class="space"><p class="spacet">{_words(block.title)}</p><p class="note">{_words(block.hint)}</p></div>'


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
    caption = f"<caption>{_words(block.caption)}</caption>"
    label = escape(block.caption if isinstance(block.caption, str) else block.caption.text)
    table = f'<table class="t {block.style}">{caption}{heading}<tbody>{rows}</tbody></table>'
    return f'<div class="scroll" role="region" tabindex="0" aria-label="{label}">{table}</div>'


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
        return f'<span lang="en" dir="ltr">{_inline(part.content, numbers) or escape(part.text)}</span>'
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
def _style(*, is_print: bool) -> str:
    names = ("document", "document-print" if is_print else "document-screen")
    return "".join((CSS / f"{name}.css").read_text(encoding="utf-8") for name in names)


def _page_numbers(lang: Language) -> str:
    """Say "page of pages" in the reader's language; only the style sheet knows the numbers."""
    told = lang.gettext("%(page)s of %(pages)s", page="\0", pages="\1")
    counted = {"\0": '" counter(page) "', "\1": '" counter(pages) "'}
    content = "".join(counted.get(character, "" if character in '"\\' else character) for character in told)
    return f'.print .pageno::after{{content:"{content}"}}'


@cache
def _fonts(characters: frozenset[str], *, is_print: bool) -> str:
    """Return the faces that hold the characters, by file for print and within the page else."""
    faces = []
    for path in sorted(FONTS.glob("*.woff2")):
        spans = next(span for name, span in RANGES.items() if name in path.stem)
        if characters.isdisjoint(_characters(spans)):
            continue
        weight = WEIGHTS[path.stem.split("-")[1]]
        source = path.as_uri() if is_print else "data:font/woff2;base64," + base64.b64encode(path.read_bytes()).decode()
        family = "IBM Plex Sans Arabic" if "Arabic" in path.stem else "IBM Plex Sans"
        asked = "" if "Arabic" in path.stem else f"unicode-range:{spans};"
        faces.append(f'@font-face{{font-family:"{family}";font-weight:{weight};{asked}src:url("{source}") format("woff2")}}')
    return "".join(faces)


@cache
def _characters(spans: str) -> frozenset[str]:
    found = [(int(first, 16), int(last or first, 16)) for first, last in SPAN.findall(spans)]
    return frozenset(chr(code) for first, last in found for code in range(first, last + 1))


def _coloured(page: str) -> str:
    """Give each drawing its colours and its text for those who do not see it, as the PDF renderer takes both from within."""
    colours = f"<style>{(CSS / 'drawing.css').read_text(encoding='utf-8')}</style>"
    count = itertools.count(1)

    def whole(found: re.Match[str]) -> str:
        opening, content = found.groups()
        label = LABEL.search(opening)
        title = f"<title>{label.group(1)}</title>" if label else ""
        name = f"hatch{next(count)}"
        if "url(#hatch)" not in content:
            return f"{opening}{title}{colours}{content}"
        pattern = re.sub(r"^<svg[^>]*>|</svg>$", "", hatch(name))
        return f"{opening}{title}{colours}{pattern}{content.replace('url(#hatch)', f'url(#{name})')}"

    return DRAWING.sub(whole, page)


RENDERERS: dict[type, Callable[[Any, dict[str, int]], str]] = {
    Heading: _heading,
    Paragraph: _paragraph,
    Bullets: _bullets,
    Table: _table,
    Drawing: _drawing,
    Space: _space,
    Columns: _columns,
}
