"""A brief as Word: real styles, links that lead to notes, marking on every page, direction of writing, pictures with text."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from datetime import date
from itertools import groupby
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from PIL import Image

from forefend.brief.briefs.country import country_brief
from forefend.brief.document import Cell, Document, English, Paragraph, Table
from forefend.brief.render.docx import render_docx
from forefend.brief.render.ooxml import directed
from forefend.brief.render.raster import png, size
from forefend.catalog import load_catalog
from forefend.chart.bars import gap_bar, interval, percentile_strip
from forefend.locale import language
from forefend.store import Store
from forefend.store.opening import EMBEDDED

LEFT, RIGHT = "\u200e", "\u200f"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store(tmp_path_factory.mktemp("store"), embedded=EMBEDDED)


@pytest.fixture(scope="module", params=["en", "ar"])
def brief(store: Store, request: pytest.FixtureRequest) -> Document:
    lang = language(request.param)
    return country_brief(store, load_catalog(), "SDN", for_state="GHA", lang=lang, marking="AMBER", today=date(2026, 11, 24))


@pytest.fixture(scope="module")
def word(brief: Document) -> Any:
    return docx.Document(io.BytesIO(render_docx(brief)))


def small(*blocks: Any, **changes: Any) -> Document:
    plain = Document(
        kind="test", title="A test", subject="SDN", language="en", direction="ltr", marking="RED", day=date(2026, 11, 24), reference="T-1",
        organisation="Ministry", pages=(blocks,), labels={"running": "Running", "reference": "Reference T-1"},
    )  # fmt: skip
    return replace(plain, **changes)


def paragraphs(word: Any) -> list[Any]:
    return list(word.element.body.iter(qn("w:p")))


def text_of(element: Any) -> str:
    return "".join(node.text or "" for node in element.iter(qn("w:t")))


def test_properties_and_language_are_those_of_the_document(brief: Document, word: Any) -> None:
    properties = word.core_properties
    assert (properties.title, properties.author) == (brief.title, brief.organisation)
    assert properties.created.date() == brief.day
    (declared,) = word.styles.element.find(qn("w:docDefaults")).iter(qn("w:lang"))
    assert declared.get(qn("w:bidi" if brief.direction == "rtl" else "w:val")).startswith(brief.language)


def test_headings_have_heading_styles_and_each_page_opens_a_sheet(brief: Document, word: Any) -> None:
    styles = [p.style.name for p in word.paragraphs if p.style.name.startswith("Heading")]
    assert styles.count("Heading 1") == 1
    assert styles.count("Heading 2") == 4  # three further pages and the appendix
    assert sum(p.paragraph_format.page_break_before is True for p in word.paragraphs) == len(brief.pages)


def test_every_page_is_marked_and_numbered(brief: Document, word: Any) -> None:
    (section,) = word.sections
    for part in (section.header, section.footer):
        assert f"TLP:{brief.marking}" in text_of(part._element)
    codes = [node.text.strip() for node in section.footer._element.iter(qn("w:instrText"))]
    assert sorted(codes) == ["NUMPAGES", "PAGE"]


def test_every_mark_leads_to_its_row_in_the_appendix(brief: Document, word: Any) -> None:
    targets = {node.get(qn("w:name")) for node in word.element.iter(qn("w:bookmarkStart"))}
    links = {node.get(qn("w:anchor")) for node in word.element.iter(qn("w:hyperlink"))}
    assert len(links) == len(brief.figures)
    assert links <= targets
    identifiers = [node.get(qn("w:id")) for node in word.element.iter(qn("w:bookmarkStart"))]
    assert len(identifiers) == len(set(identifiers))


def test_tables_have_head_rows_and_captions(word: Any) -> None:
    with_head = [t for t in word.tables if t._tbl.tblPr.find(qn("w:tblCaption")) is not None]
    assert with_head
    for table in with_head:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val"))
    numbered = [p for p in word.paragraphs if p.style.name == "Caption"]
    assert len(numbered) == len(with_head)


def test_drawings_are_pictures_that_are_read_out_or_marked_as_decoration(word: Any) -> None:
    pictures = list(word.element.body.iter("{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"))
    assert pictures
    told = [picture.get("descr") for picture in pictures]
    assert any(told)
    for picture in pictures:
        decorative = [node for node in picture.iter() if node.tag.endswith("}decorative")]
        assert bool(picture.get("descr")) != bool(decorative)


def test_arabic_runs_from_right_to_left_and_its_numbers_do_not(store: Store) -> None:
    lang = language("ar")
    brief = country_brief(store, load_catalog(), "SDN", for_state="GHA", lang=lang, marking="AMBER", today=date(2026, 11, 24))
    word = docx.Document(io.BytesIO(render_docx(brief)))
    assert all(p.find(f"{qn('w:pPr')}/{qn('w:bidi')}") is not None for p in paragraphs(word) if text_of(p))
    for paragraph in paragraphs(word):
        runs = [(text_of(run), run.find(f"{qn('w:rPr')}/{qn('w:rtl')}") is not None) for run in paragraph.iter(qn("w:r"))]
        for is_rtl, group in groupby((run for run in runs if run[0]), key=lambda run: run[1]):
            told = "".join(piece for piece, _ in group)
            if re.search(r"\d[\d,.]*–\d", told):
                assert (is_rtl, told[0], told[-1]) == (False, LEFT, LEFT), told
            if re.search("[\u0621-\u064a]", told):
                assert is_rtl, told
    assert not re.search("[\u2066-\u2069]", "".join(text_of(p) for p in paragraphs(word)))
    assert all(t._tbl.tblPr.find(qn("w:bidiVisual")) is not None for t in word.tables)


def test_a_text_is_cut_where_its_direction_changes() -> None:
    assert directed("قيمة \u20680.22–0.55\u2069.", is_rtl=True) == [
        ("قيمة ", True),
        (f"{LEFT}0.22–0.55{LEFT}", False),
        (f"{RIGHT}.", True),
    ]
    assert directed("في \u2068السودان\u2069", is_rtl=True) == [("في السودان", True)]
    assert directed("أ\u2069ب", is_rtl=True) == [("أب", True)]
    assert directed("a \u2068b\u2069", is_rtl=False) == [("a \u2068b\u2069", False)]


def test_an_isolate_may_span_several_parts_of_a_sentence() -> None:
    document = small(
        Paragraph(
            ("الأمر \u2066forefend ", "\u2068GHA\u2069", " x\u2069."),
        ),
        language="ar",
        direction="rtl",
    )
    word = docx.Document(io.BytesIO(render_docx(document)))
    assert [(run.text, run.font.rtl) for run in word.paragraphs[0].runs] == [
        ("الأمر ", True), (f"{LEFT}forefend GHA x{LEFT}", None), (f"{RIGHT}.", True),
    ]  # fmt: skip


def test_english_within_arabic_is_tagged_as_english() -> None:
    document = small(Paragraph((English("Not translated (yet)."),)), language="ar", direction="rtl")
    word = docx.Document(io.BytesIO(render_docx(document)))
    (run,) = [r for p in word.paragraphs for r in p.runs if "Not translated" in r.text]
    assert run._r.find(f"{qn('w:rPr')}/{qn('w:lang')}").get(qn("w:val")) == "en-GB"
    assert run.font.rtl is None


def test_what_the_format_cannot_hold_is_left_out_and_markup_stays_text() -> None:
    cell = Cell(("<b>&amp;</b>\x00\x0b=1+1",))
    document = small(
        Paragraph(("\x07bell <script>",)), Table((), ((cell,),), caption="C\x01"), title="T\x02 <&>", organisation="M\x03inistry"
    )
    content = render_docx(document)
    word = docx.Document(io.BytesIO(content))
    assert "bell <script>" in word.paragraphs[0].text
    assert word.tables[0].rows[0].cells[0].text == "<b>&amp;</b>=1+1"
    assert word.core_properties.title == "T <&>"
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert "word/vbaProject.bin" not in parts.namelist()


def test_a_drawing_keeps_its_hatching_and_its_side() -> None:
    known, unknown = (Image.open(io.BytesIO(png(svg))) for svg in (percentile_strip(95.0), percentile_strip(None)))
    assert known.size == unknown.size == (570, 54)
    dark = [x for x in range(known.width) if known.getpixel((x, 27)) == (134, 32, 15)]
    assert min(dark) > 0.9 * known.width
    shades = {unknown.getpixel((x, 27)) for x in range(10, 200)}
    assert (255, 255, 255) in shades
    assert len(shades) > 2
    mirrored = Image.open(io.BytesIO(png(percentile_strip(95.0), is_mirrored=True)))
    assert mirrored.getpixel((570 - 1 - dark[0], 27)) == (134, 32, 15)


def test_an_axis_is_not_mirrored() -> None:
    drawing = interval(0.03, 0.01, 0.05, base=0.02, lang=language("ar"), label="x")
    assert png(drawing, is_mirrored=True) == png(drawing)


def test_a_gap_bar_shows_the_range_left_open() -> None:
    drawing = gap_bar(0.25, 0.75, observed=0.5, cautious=0.7)
    assert size(drawing) == (230.0, 20.0)
    image = Image.open(io.BytesIO(png(drawing)))
    assert image.getpixel((60, 30)) == (20, 24, 29)  # certain gap
    assert image.getpixel((640, 30)) == (232, 235, 239)  # beyond the highest possible gap
