"""Broken copies of a workbook and of a Word template: read, refused with one sentence, or named fault by fault; never anything else."""

from __future__ import annotations

import io
import random
import zipfile
from collections import Counter
from datetime import date

import docx
import pytest

from forefend.brief.answer_rows import Handout, Link, Standing
from forefend.brief.document import Document, Heading, Paragraph
from forefend.brief.reading.answer_book import read_answer_book
from forefend.brief.render.answer_book import render_answer_book
from forefend.brief.render.template import check, fill
from forefend.catalog import load_catalog
from forefend.errors import ForefendError
from forefend.locale import language

CATALOG = load_catalog()
TODAY = date(2026, 11, 24)
COUNT = 40
INSERTED = (b"<x/>", b"&#x0;", b'"', b"999999999999", b"-1", b"NaN", b"\xff", b"]]>", b"A1:XFD1048576", b"{{ x }}", b"{% if %}", b"{{")
HANDOUT = Handout(
    round="7", round_title="R", institution="i", institution_title="I", edition=CATALOG.editions["framework"],
    questions=tuple(CATALOG.questions)[:8],
)  # fmt: skip
REPORT = Document(
    kind="test", title="A test", subject="SDN", language="en", direction="ltr", marking="RED", day=TODAY, reference="T-1", organisation="M",
    pages=((Heading("T", 1), Paragraph(("x",), "lede")),), labels={"running": "Running", "reference": "T-1"},
)  # fmt: skip


def workbook() -> bytes:
    standing = {
        name: Standing(kind="level", value=2.0, comment="_x0041_ seen", sure="low", checked_on=TODAY, version=3, evidence=(Link("a", "https://e.org"),))
        for name in HANDOUT.questions[:4]
    }  # fmt: skip
    return render_answer_book(HANDOUT, CATALOG, standing, lang=language("en"), today=TODAY)


def template() -> bytes:
    word = docx.Document()
    word.sections[0].header.paragraphs[0].text = "{{ marking }}"
    for text in ("{{ title }}", "{%p for s in sections %}", "{{ s.title }}", "{{ s.content }}", "{%p endfor %}", "{{ content }}"):
        word.add_paragraph(text)
    target = io.BytesIO()
    word.save(target)
    return target.getvalue()


def broken(content: bytes, draw: random.Random) -> bytes:
    """Change bytes of the file, or of one part of it, or leave a part out."""
    if draw.random() < 0.25:
        changed = bytearray(content)
        for _ in range(draw.randint(1, 20)):
            changed[draw.randrange(len(changed))] = draw.randrange(256)
        return bytes(changed)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    name = draw.choice(list(parts))
    data = bytearray(parts.pop(name))
    for _ in range(draw.randint(1, 4)):
        place = draw.randrange(len(data) + 1)
        if draw.random() < 0.4:
            del data[place : place + draw.randint(1, 60)]
        else:
            data[place:place] = draw.choice(INSERTED)
    if draw.random() < 0.9:
        parts[name] = bytes(data)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for known, kept in parts.items():
            made.writestr(known, kept)
    return target.getvalue()


@pytest.mark.filterwarnings("ignore")  # a damaged file makes the libraries warn
def test_broken_workbooks_are_read_or_refused() -> None:
    draw, whole, seen = random.Random(1), workbook(), Counter[str]()  # noqa: S311 - a draw for a test, the same each time
    for _ in range(COUNT):
        try:
            found = read_answer_book(broken(whole, draw), HANDOUT, CATALOG, today=TODAY)
        except ForefendError as refusal:
            seen["refused" if "\n" not in str(refusal) else "refused at length"] += 1
        else:
            assert all(language("ar").gettext(problem.sentence, **problem.params) for problem in found.problems)
            seen["read"] += 1
    assert min(seen["refused"], seen["read"]) > 0
    assert seen["refused at length"] == 0


@pytest.mark.filterwarnings("ignore")  # as above
def test_broken_templates_are_filled_or_named() -> None:
    draw, whole, seen = random.Random(2), template(), Counter[str]()  # noqa: S311 - as above
    for _ in range(COUNT):
        content = broken(whole, draw)
        if check(content):
            seen["named"] += 1
            continue
        try:
            assert fill(content, REPORT).startswith(b"PK")
            seen["filled"] += 1
        except ForefendError:
            seen["refused"] += 1
    assert min(seen["named"], seen["filled"]) > 0
