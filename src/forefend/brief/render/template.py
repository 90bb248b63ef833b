"""The ministry's own Word template: fields are filled in, and a checker names each one that is wrong.

A template comes from outside. Only fields, loops over the lists below, conditions and a few filters are allowed in it;
nothing can be called or computed. Fields that hold a whole part of the report stand alone in their paragraph.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from forefend.brief.document import Block, Document, English, Heading, Paragraph, Words
from forefend.brief.reading.office import check_package
from forefend.brief.render import ooxml
from forefend.brief.render.appendix import appendix, value_of
from forefend.brief.render.docx import Writer, write_blocks
from forefend.brief.render.docx_styles import add_missing_styles
from forefend.brief.render.template_fields import Checker, environment
from forefend.brief.words import plain
from forefend.errors import ForefendError
from forefend.locale import Language, language

LARGEST_PART = 2 * 1024 * 1024
TAGS = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")
CLOSES = {"{{": "}}", "{%": "%}", "{#": "#}"}
PLACE = re.compile("\ue000([a-z]+:\\d+)\ue001")
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
EMU_PER_TWIP = 635  # the library's unit and the format's
HEADERS = ("HEADER_URI", "FOOTER_URI")


def fill(template: bytes, document: Document) -> bytes:
    """Return the template filled with a report; raises ForefendError with every fault when it cannot be used."""
    faults = check(template)
    if faults:
        raise ForefendError(" ".join(faults))
    opened = _open(template)
    lang = language(document.language)
    parts = {"content:0": [*document.pages], "sources:0": [appendix(document, lang)]}
    parts |= {f"section:{place}": [_without_title(page)] for place, page in enumerate(document.pages)}
    target = io.BytesIO()
    with _damage_told():
        opened.render(_values(document, lang), jinja_env=environment(), autoescape=True)
        opened.save(target)
        return _with_blocks(target.getvalue(), document, lang, parts)


def check(template: bytes) -> list[str]:
    """Return what is wrong with a template, a sentence each; empty when it can be used."""
    from jinja2 import TemplateSyntaxError

    try:
        check_package(template, kind="Word")
        opened = _open(template)
        with _damage_told():
            parts = list(_parts(opened))
            faults = [fault for part in parts for fault in (*_misplaced(part), *_unclosed(part.paragraphs, place=part.place))]
            if faults:  # the engine is not asked to read what is not closed: it would search to the end from each opening
                return list(dict.fromkeys(faults))
            sources = [(part, opened.patch_xml(part.source)) for part in parts]
    except ForefendError as error:
        return [str(error)]
    checker = Checker()
    for part, source in sources:
        try:
            tree = environment().parse(source)
        except TemplateSyntaxError as error:
            faults.append(f"In the {part.place}: {_sentence(error.message or '')}")
            continue
        checker.walk(tree, place=part.place)
        faults += _not_alone(part.paragraphs) if part.place == "text" else []
    faults += checker.faults
    if not faults and "marking" not in checker.shown_in_margins:
        faults.append("The marking is not on every page. Put {{ marking }} in the header or the footer.")
    return list(dict.fromkeys(faults))


def _open(template: bytes) -> Any:
    try:
        from docxtpl import DocxTemplate  # type: ignore[import-untyped]
    except ModuleNotFoundError:
        raise ForefendError("Word needs the extra documents. Install it with: pip install 'forefend[documents]'") from None
    opened = DocxTemplate(io.BytesIO(template))
    with _damage_told():
        opened.init_docx()
    return opened


@contextmanager
def _damage_told() -> Iterator[None]:
    """Say that a file is damaged: the library raises whatever the part that it is damaged in raises."""
    try:
        yield
    except ForefendError:
        raise
    except Exception as error:
        raise ForefendError("The file cannot be read as Word. Open it in Word, save it anew as .docx and send it again.") from error


@dataclass(frozen=True)
class _Part:
    """A part that fields may stand in: its name, its source, its paragraphs, and its elements where it has some."""

    place: str
    source: str
    paragraphs: list[str]
    element: Any = None


def _parts(opened: Any) -> Iterator[_Part]:
    yield _read(opened, "text", opened.docx._element.body)
    for kind, name in zip(HEADERS, ("header", "footer"), strict=True):
        for _, part in opened.get_headers_footers(getattr(opened, kind)):
            yield _read(opened, name, part._element)
    for part in opened.docx.part.package.parts:
        if part.content_type.endswith("wordprocessingml.footnotes+xml"):
            yield _read(opened, "footnotes", ooxml.parse(part.blob.decode("utf-8")))
    for name in ("author", "comments", "identifier", "language", "subject", "title"):
        value = getattr(opened.docx.core_properties, name)
        yield _Part(f"property {name}", value, [value])


def _read(opened: Any, place: str, element: Any) -> _Part:
    source = opened.xml_to_string(element)
    if len(source) > LARGEST_PART:
        raise ForefendError("The template is too large. Take out what is not needed in each report.")
    plain_tree = ooxml.parse(source)  # the library's own elements give other texts than those they hold
    paragraphs = ["".join(node.text or "" for node in paragraph.iter(f"{W}t")) for paragraph in plain_tree.iter(f"{W}p")]
    return _Part(place, source, paragraphs, plain_tree)


def _misplaced(part: _Part) -> Iterator[str]:
    """Name tags that stand anywhere but in the text of a paragraph."""
    for node in part.element.iter() if part.element is not None else ():
        is_text = node.tag == f"{W}t" and any(parent.tag == f"{W}p" for parent in node.iterancestors())
        texts = [*node.attrib.values(), node.tail or "", "" if is_text else node.text or ""]
        found = next((text for text in texts if TAGS.search(text)), None)
        if found is not None:
            yield f"In the {part.place}, “{found[:30].strip()}” stands in a property or a code of Word. Write fields in plain text only."


def _unclosed(paragraphs: Sequence[str], *, place: str) -> Iterator[str]:
    """Name each tag that is opened and not closed in its paragraph, or closed and not opened."""
    for paragraph in paragraphs:
        if len(re.findall(r"\{%p\b", paragraph)) > 1:
            yield f"In the {place}, {{%p … %}} stands twice in “{paragraph[:40]}”. Each {{%p … %}} stands in a paragraph of its own."
        opening = None
        for tag in TAGS.finditer(paragraph):
            if opening is None and tag.group() in CLOSES:
                opening = tag
            elif opening is not None and tag.group() == CLOSES[opening.group()]:
                opening = None
            elif opening is None:
                yield f"In the {place}, {_near(paragraph, tag)} is not opened."
            else:
                break
        if opening is not None:
            shown = f"{_near(paragraph, opening)} is not closed in its paragraph"
            yield f"In the {place}, {shown}. Write {CLOSES[opening.group()]} where it ends."


def _near(paragraph: str, tag: re.Match[str]) -> str:
    start = tag.start() if tag.group() in CLOSES else max(0, tag.start() - 20)
    return f"“{paragraph[start : start + 30].strip()}”"


def _not_alone(paragraphs: Sequence[str]) -> Iterator[str]:
    names = "|".join(("content", "sources", r"\w+\.content"))
    for paragraph in paragraphs:
        found = re.search(r"\{\{\s*(" + names + r")\s*\}\}", paragraph)
        if found and re.sub(r"\{%.*?%\}", "", paragraph).strip() != found.group():
            yield f"{{{{ {found.group(1)} }}}} holds whole paragraphs. Put it in a paragraph of its own."


def _sentence(message: str) -> str:
    text = message.strip().rstrip(".")
    return f"{text[:1].upper()}{text[1:]}."


def _values(document: Document, lang: Language) -> dict[str, object]:
    def told(text: str) -> str:
        """A text as Word needs it, with marks of direction where it changes."""
        return "".join(piece for piece, _ in ooxml.directed(ooxml.clean(text), is_rtl=lang.is_rtl))

    return {
        "title": told(document.title),
        "organisation": told(document.organisation),
        "reference": told(lang.code_text(document.reference)),
        "date": told(lang.date(document.day)),
        "marking": f"TLP:{document.marking}",
        "subject": told(lang.code_text(document.subject)),
        "language": lang.name,
        "summary": told(_summary(document)),
        "content": "\ue000content:0\ue001",
        "sources": "\ue000sources:0\ue001",
        "sections": [
            {"title": told(_words(_title(page))), "content": f"\ue000section:{place}\ue001"} for place, page in enumerate(document.pages)
        ],
        "figures": [
            {
                "number": str(number), "label": told(lang.gettext(figure.label)), "value": told(plain(value_of(figure, lang))),
                "period": told(lang.code_text(figure.period)),
            }
            for number, figure in enumerate(document.figures, start=1)
        ],
    }  # fmt: skip


def _summary(document: Document) -> str:
    ledes = (block for page in document.pages for block in page if isinstance(block, Paragraph) and block.style == "lede")
    first = next(ledes, None)
    return "" if first is None else plain(first.content)


def _title(page: Sequence[Block]) -> Words:
    return next((block.text for block in page if isinstance(block, Heading)), "")


def _words(words: Words) -> str:
    return words.text if isinstance(words, English) else words


def _without_title(page: Sequence[Block]) -> tuple[Block, ...]:
    first = next((block for block in page if isinstance(block, Heading)), None)
    return tuple(block for block in page if block is not first)


def _with_blocks(content: bytes, document: Document, lang: Language, parts: Mapping[str, Sequence[Sequence[Block]]]) -> bytes:
    """Put whole parts of the report where their fields stand, in the template's own styles."""
    import docx

    word = docx.Document(io.BytesIO(content))
    add_missing_styles(word, is_rtl=lang.is_rtl)
    writer = Writer(word, document, lang, word, numbers=document.numbers)
    section = word.sections[-1]
    if section.page_width and section.left_margin is not None and section.right_margin is not None:
        writer.width = round((section.page_width - section.left_margin - section.right_margin) / EMU_PER_TWIP)
    for paragraph in list(word.element.body.iter(f"{W}p")):
        found = PLACE.search("".join(node.text or "" for node in paragraph.iter(f"{W}t")))
        if found:
            _replace(paragraph, writer, parts[found.group(1)])
    word.core_properties.keywords = f"TLP:{document.marking}"
    target = io.BytesIO()
    word.save(target)
    return target.getvalue()


def _replace(paragraph: Any, writer: Writer, pages: Sequence[Sequence[Block]]) -> None:
    body = writer.word.element.body
    before = set(body)
    for place, page in enumerate(pages):
        writer.opens_page = place > 0
        write_blocks(writer, page)
    for made in [element for element in body if element not in before]:
        paragraph.addprevious(made)
    paragraph.getparent().remove(paragraph)
