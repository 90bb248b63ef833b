"""The ministry's own Word template: filled in its styles, checked by name, and never run."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn

from forefend.brief.briefs.country import country_brief
from forefend.brief.document import Document
from forefend.brief.reading import office
from forefend.brief.render.template import check, fill
from forefend.brief.render.template_fields import FIELDS
from forefend.catalog import load_catalog
from forefend.errors import ForefendError
from forefend.locale import language
from forefend.store import Store
from forefend.store.opening import EMBEDDED


@pytest.fixture(scope="module", params=["en", "ar"])
def brief(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Document:
    store = Store(tmp_path_factory.mktemp("store"), embedded=EMBEDDED)
    lang = language(request.param)
    return country_brief(store, load_catalog(), "SDN", for_state="GHA", lang=lang, marking="AMBER", today=date(2026, 11, 24))


def template(*paragraphs: str, header: str = "{{ marking }}", footer: str = "", title: str = "") -> bytes:
    word = docx.Document()
    for text in paragraphs:
        word.add_paragraph(text)
    word.sections[0].header.paragraphs[0].text = header
    word.sections[0].footer.paragraphs[0].text = footer
    word.core_properties.title = title
    target = io.BytesIO()
    word.save(target)
    return target.getvalue()


def changed(content: bytes, *, add: dict[str, bytes] | None = None, change: Callable[[str, bytes], bytes] | None = None) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            data = old.read(part)
            new.writestr(part.filename, change(part.filename, data) if change else data)
        for name, data in (add or {}).items():
            new.writestr(name, data)
    return target.getvalue()


def texts(content: bytes) -> list[str]:
    return [p.text for p in docx.Document(io.BytesIO(content)).paragraphs]


def test_fields_are_filled_in_and_parts_stand_in_their_place(brief: Document) -> None:
    made = fill(template("Before {{ title }}", "{{ content }}", "After {{ date }}", "{{ sources }}", title="{{ title }}"), brief)
    word = docx.Document(io.BytesIO(made))
    shown = [p.text for p in word.paragraphs]
    assert shown[0] == f"Before {brief.title}"
    place = next(n for n, text in enumerate(shown) if text.startswith("After "))
    assert 20 < place < len(shown) - 5  # the report before it, the sources after it
    assert word.core_properties.title == brief.title
    assert "TLP:AMBER" in word.sections[0].header.paragraphs[0].text
    targets = {node.get(qn("w:name")) for node in word.element.iter(qn("w:bookmarkStart"))}
    links = {node.get(qn("w:anchor")) for node in word.element.iter(qn("w:hyperlink"))}
    assert links
    assert links <= targets
    assert word.element.body[-1].tag == qn("w:sectPr")


def test_lists_are_gone_through(brief: Document) -> None:
    made = fill(
        template("{%p for part in sections %}", "§ {{ part.title }}", "{{ part.content }}", "{%p endfor %}", "{{ figures | default }}"[:0]),
        brief,
    )
    shown = texts(made)
    assert sum(text.startswith("§ ") for text in shown) == len(brief.pages)
    assert not any("\ue000" in text or "{" in text for text in shown)


def test_the_template_keeps_its_own_styles(brief: Document) -> None:
    word = docx.Document()
    word.styles["Heading 2"].font.name = "Courier New"
    word.sections[0].footer.paragraphs[0].text = "{{ marking }}"
    word.add_paragraph("{{ content }}")
    target = io.BytesIO()
    word.save(target)
    made = docx.Document(io.BytesIO(fill(target.getvalue(), brief)))
    assert made.styles["Heading 2"].font.name == "Courier New"
    assert any(p.style.name == "Heading 2" for p in made.paragraphs)
    assert made.styles["Lede"].font.name is None


def test_hostile_values_stay_text(brief: Document) -> None:
    from dataclasses import replace

    made = fill(template("{{ title }}|{{ organisation }}"), replace(brief, title="{{ 7*7 }} <w:p/> &amp;", organisation="{% x %}\x07"))
    assert texts(made)[0] == "{{ 7*7 }} <w:p/> &amp;|{% x %}"


FAULTS = {
    "{{ titel }}": "no field “titel”. Did you mean “title”",
    "{{ zebra }}": "no field “zebra”. There are: title, organisation",
    "{{ title": "“{{ title” is not closed in its paragraph. Write }} where it ends",
    "title }}": "“title }}” is not opened",
    "{% if title %}x": "unexpected end|Unexpected end",
    "{% for s in sections %}{{ s.titel }}{% endfor %}": "no field “s.titel”. Did you mean “s.title”",
    "{% for s in title %}x{% endfor %}": "“title” is no list. Lists are sections, figures",
    "{{ sections }}": "“sections” is a list. Write {% for item in sections %}",
    "{{ sections.title }}": "“sections” has no part “title”",
    "{{ title.upper }}": "“title” has no part “upper”",
    "{{ title | uppr }}": "no filter “uppr”. Did you mean “upper”",
    "See {{ content }} here": "{{ content }} holds whole paragraphs. Put it in a paragraph of its own",
    "{{ title * 1000000000 }}": "is not allowed in a template",
    "{{ 10 ** 10 }}": "is not allowed in a template",
    "{{ title.__class__.__mro__ }}": "is not allowed in a template",
    "{{ ''.__class__ }}": "is not allowed in a template",
    "{{ range(10) }}": "“range()” is not allowed in a template",
    "{{ cycler }}": "no field “cycler”",
    "{% set x = 1 %}": "is not allowed in a template",
    "{% include 'x' %}": "is not allowed in a template",
    "{% import 'x' as y %}": "is not allowed in a template",
    "{% macro m() %}{% endmacro %}": "is not allowed in a template",
    "{% for a in figures %}{% for b in figures %}x{% endfor %}{% endfor %}": "A loop stands within another",
    "{% for a in figures %}x{% endfor %}" * 21: "more than 20 loops",
    "{% for a in figures recursive %}x{% endfor %}": "is not allowed in a template",
    "{% for a in figures if a %}x{% endfor %}": "is not allowed in a template",
    "{% nonsense %}": "nonsense",
    "{{ }}": "xpected",
    "{%p if title %}x{%p endif %}": "Each {%p … %} stands in a paragraph of its own",
}


@pytest.mark.parametrize("text", FAULTS)
def test_each_fault_is_named_in_a_sentence(text: str) -> None:
    import re

    faults = check(template(text))
    assert any(re.search("|".join(map(re.escape, FAULTS[text].split("|"))), fault) for fault in faults), faults
    assert all(fault[0].isupper() or fault.startswith(("“", "{{")) for fault in faults)
    assert all(fault.endswith((".", "?")) for fault in faults)


HOSTILE = {
    "openings": ("{{" * 200_000, "is not closed"),
    "a long string": ("{{ '" + "a" * 300_000, "is not closed"),
    "an attribute": ('x</w:t></w:r><w:r><w:t xml:lang="' + "{{" * 50_000 + '">x', "a property or a code of Word"),
    "a code of Word": ("x</w:t></w:r><w:r><w:instrText>{{ title }}</w:instrText></w:r><w:r><w:t>x", "a property or a code of Word"),
    "many fields": ("{{ title }}" * 20_000, ""),
    "many paragraphs": ("x</w:t></w:r></w:p><w:p><w:r><w:t>{{ title }}" * 8_000, ""),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_what_is_made_to_take_long_is_answered_soon(case: str) -> None:
    text, wanted = HOSTILE[case]
    body = template("BODY")
    content = changed(body, change=lambda name, data: data.replace(b"BODY", text.encode()) if name == "word/document.xml" else data)
    started = time.perf_counter()
    faults = check(content)
    assert time.perf_counter() - started < 20
    assert any(wanted in fault for fault in faults) if wanted else faults == []


def test_a_template_with_a_fault_is_not_filled(brief: Document) -> None:
    with pytest.raises(ForefendError, match="titel"):
        fill(template("{{ titel }}"), brief)


def test_every_documented_field_is_known_and_every_known_field_documented() -> None:
    page = (Path(__file__).resolve().parents[3] / "docs" / "how-to" / "word-templates.md").read_text(encoding="utf-8")
    for name, shape in FIELDS.items():
        assert f"`{{{{ {name} }}}}`" in page or f"`{name}`" in page
        assert isinstance(shape, str) or all(f"`{part}`" in page for part in shape)
    plain = [name for name, shape in FIELDS.items() if shape == "text"]
    assert check(template(*(f"{{{{ {name} }}}}" for name in plain), "{{ content }}", "{{ sources }}")) == []


def test_the_marking_must_stand_on_every_page() -> None:
    assert check(template("{{ marking }}", header="")) == [
        "The marking is not on every page. Put {{ marking }} in the header or the footer."
    ]
    assert check(template("x", header="", footer="{{ marking }}")) == []
    assert any("cannot stand in the footer" in fault for fault in check(template("x", footer="{{ content }}")))


def test_fields_are_checked_in_properties_too() -> None:
    assert any("property title" in fault or "titel" in fault for fault in check(template("x", title="{{ titel }}")))


def test_a_field_that_word_cut_into_runs_is_whole_again(brief: Document) -> None:
    word = docx.Document(io.BytesIO(template()))
    paragraph = word.add_paragraph()
    for piece in ("{", "{ ti", "tle }", "}"):
        paragraph.add_run(piece).bold = piece == "{ ti"
    target = io.BytesIO()
    word.save(target)
    assert check(target.getvalue()) == []
    assert brief.title in texts(fill(target.getvalue(), brief))


def _types(name: str, data: bytes, *, old: bytes, new: bytes) -> bytes:
    return data.replace(old, new) if name == office.TYPES else data


def external(kind: str) -> Callable[[str, bytes], bytes]:
    added = (
        f'<Relationship Id="rIdX" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" '
        f'Target="https://example.org/x" TargetMode="External"/></Relationships>'
    ).encode()
    return lambda name, data: data.replace(b"</Relationships>", added) if name == "word/_rels/document.xml.rels" else data


def bomb() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(office.TYPES, "x")
        made.writestr("word/document.xml", b"0" * (office.LARGEST_PART + 1))
    return target.getvalue()


def lying_bomb() -> bytes:
    """A part that says it is small and is not: its size is set to 10 in both places of the archive."""
    content = bytearray(changed(template("x"), add={"word/big.xml": b"0" * 1_000_000}))
    size = (1_000_000).to_bytes(4, "little")
    return bytes(content.replace(size, (10).to_bytes(4, "little")))


PACKAGES: dict[str, tuple[Callable[[], bytes], str]] = {
    "no zip": (lambda: b"%PDF-1.7 not a zip", "not a file of Word"),
    "empty": (lambda: b"", "not a file of Word"),
    "an Excel file": (lambda: Path(__file__).read_bytes(), "not a file of Word"),
    "a zip of something else": (lambda: changed(template("x"), change=lambda n, d: b"")[:0] or _zip({"a.txt": b"x"}), "not a file of Word"),
    "macros": (lambda: changed(template("x"), add={"word/vbaProject.bin": b"x"}), "holds macros"),
    "macros by type": (
        lambda: changed(
            template("x"),
            change=lambda n, d: _types(
                n, d, old=b"vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
                new=b"vnd.ms-word.document.macroEnabled.main+xml",
            ),
        ),
        "holds macros",
    ),
    "embedded object": (lambda: changed(template("x"), add={"word/embeddings/oleObject1.xml": b"x"}), "embedded object"),
    "remote template": (lambda: changed(template("x"), change=external("attachedTemplate")), "loads something from elsewhere"),
    "remote picture": (lambda: changed(template("x"), change=external("image")), "loads something from elsewhere"),
    "entities": (
        lambda: changed(template("x"), change=lambda n, d: b'<!DOCTYPE x [<!ENTITY a "b">]>' + d if n == "word/document.xml" else d),
        "defines entities",
    ),
    "bomb": (bomb, "too large when unpacked"),
    "lying bomb": (lying_bomb, "not a file of Word|too large"),
    "too large": (lambda: b"PK" + b"0" * office.LARGEST_FILE, "MB are read"),
}  # fmt: skip


def _zip(parts: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        for name, data in parts.items():
            made.writestr(name, data)
    return target.getvalue()


@pytest.mark.parametrize("case", PACKAGES)
def test_dangerous_or_wrong_files_are_refused(case: str) -> None:
    import re

    make, wanted = PACKAGES[case]
    (fault,) = check(make())
    assert re.search(wanted, fault)


def test_a_link_of_a_template_is_allowed() -> None:
    assert check(changed(template("x"), change=external("hyperlink"))) == []


def test_ministry_and_reader_see_the_same_numbers(brief: Document) -> None:
    made = fill(template("{%p for f in figures %}", "{{ f.number }} = {{ f.value }}", "{%p endfor %}"), brief)
    rows: list[Any] = [text for text in texts(made) if " = " in text]
    assert len(rows) == len(brief.figures)
