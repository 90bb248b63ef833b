"""The parts of a brief and of a document: what changed between releases, dates ahead, key factors, languages, fonts, labels."""

from __future__ import annotations

import ast
import io
import logging
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import forefend.brief
from deaths_release import write_release
from forefend.brief.country.ask import Ask
from forefend.brief.country.means import means
from forefend.brief.country.opening import finding, opening
from forefend.brief.country.risks import REVIEWS, ahead
from forefend.brief.country.violence import releases
from forefend.brief.document import Block, Document, Drawing, English, Heading, Mark, Paragraph, Table
from forefend.brief.render.html import render_html
from forefend.brief.words import compose, listed, plain, say, when
from forefend.catalog import load_catalog
from forefend.chart.svg import frame, text
from forefend.locale import language, strip_isolates
from forefend.store import Store, recompute
from forefend.store.opening import EMBEDDED

TODAY = date(2026, 11, 24)
OLD = [("SDN", "os", f"{year}-{month:02}", 10.0) for year in range(2020, 2025) for month in range(1, 13)]
NEW = [(iso3, kind, month, deaths + 5) for iso3, kind, month, deaths in OLD]


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store(tmp_path_factory.mktemp("store"), embedded=EMBEDDED)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def ask(store: Store, country: str, *, lang: str = "en", actor: str = "GHA") -> Ask:
    return Ask(store, load_catalog(), country, actor, language(lang), TODAY)


def document(*blocks: Block, lang: str = "en") -> Document:
    return Document(
        kind="test", title="T", subject="SDN", language=lang, direction=language(lang).direction, marking="AMBER", day=TODAY,
        reference="x", organisation="y", pages=((Heading("T", 1), *blocks),), labels={"running": "T", "reference": "x"},
    )  # fmt: skip


def told(blocks: tuple[Block, ...]) -> str:
    return " ".join(strip_isolates(plain(block.content)) for block in blocks if isinstance(block, Paragraph))


def test_one_release_shows_no_change(store: Store, tmp_path: Path) -> None:
    write_release(store, tmp_path / "a", OLD, vintage="25.1", published=date(2025, 6, 10))
    assert "Only one release" in told(releases(ask(store, "SDN")))


def test_two_releases_are_set_side_by_side(store: Store, tmp_path: Path) -> None:
    write_release(store, tmp_path / "a", OLD, vintage="25.1", published=date(2025, 6, 10))
    write_release(store, tmp_path / "b", NEW, vintage="26.1", published=date(2026, 6, 10))
    blocks = releases(ask(store, "SDN"))
    (table,) = [block for block in blocks if isinstance(block, Table)]
    shown = [[plain(cell.content) for cell in row] for row in table.rows]
    assert shown == [["2022", "120", "180", "60"], ["2023", "120", "180", "60"], ["2024", "120", "180", "60"]]
    assert "Release 25.1 came out on 10 June 2025" in told(blocks)
    marks = [part for row in table.rows for cell in row for part in cell.content if isinstance(part, Mark)]
    assert [recompute(store, mark.figure) for mark in marks] == [mark.figure.value for mark in marks]


def test_a_release_brought_twice_is_one_release(store: Store, tmp_path: Path) -> None:
    write_release(store, tmp_path / "a", OLD, vintage="26.1", published=date(2026, 6, 10))
    write_release(store, tmp_path / "b", NEW, vintage="26.1", published=date(2026, 6, 10))
    assert "Only one release" in told(releases(ask(store, "SDN")))


def test_a_state_no_release_counts_gets_no_zero(store: Store, tmp_path: Path) -> None:
    write_release(store, tmp_path / "a", OLD, vintage="25.1", published=date(2025, 6, 10))
    write_release(store, tmp_path / "b", NEW, vintage="26.1", published=date(2026, 6, 10))
    blocks = releases(ask(store, "TUV"))
    assert "Neither release counts this state" in told(blocks)
    assert not any(isinstance(block, Table) for block in blocks)


def test_no_mass_killing_is_claimed_where_a_chance_is_missing_for_want_of_data(embedded: Store) -> None:
    request = ask(embedded, "FRA")
    request.__dict__["outlook"] = replace(request.outlook, reference_class=None, reason="not monitored")
    sentence = plain(finding(request))
    assert "No chance is given: not monitored." in sentence
    assert "1,000" not in sentence


def test_dates_ahead_are_ahead_and_about_the_country_first(embedded: Store) -> None:
    entries = ahead(ask(embedded, "SDN"))
    assert 0 < len(entries) <= 6
    assert all(entry.start is not None and entry.start >= TODAY.replace(day=1) for entry in entries)
    assert all(entry.about == "SDN" for entry in entries)
    others = ahead(ask(embedded, "FRA"))
    assert not any(entry.window.id in REVIEWS and entry.about != "FRA" for entry in others)
    assert len({entry.window.id for entry in others if not entry.about}) == len([entry for entry in others if not entry.about])


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("2027-01", "January 2027"),
        ("2027-01-18", "18 January 2027"),
        ("2026-11/2026-12", "November 2026 – December 2026"),
        ("2027", "2027"),
        ("first quarter", "first quarter"),
        ("2027-13", "2027-13"),
    ],
)
def test_dates_are_written_as_people_write_them(given: str, shown: str) -> None:
    assert when(language("en"), given) == shown


def test_key_factors_are_those_in_the_worst_fifth(embedded: Store) -> None:
    page = render_html(document(*opening(ask(embedded, "SDN"))[2:]))
    assert "Growth of GDP per head" in page
    calm = render_html(document(*opening(ask(embedded, "FRA"))[2:]))
    assert "No factor stands in the worst fifth" in calm


def test_low_relevance_is_said(embedded: Store) -> None:
    assert "Relevance is low here" in told(means(ask(embedded, "FRA")))
    assert "Relevance is low here" not in told(means(ask(embedded, "SDN")))


def test_a_seat_is_told_in_words_and_recomputes(embedded: Store) -> None:
    marks = [
        part
        for block in means(ask(embedded, "SDN"))
        if isinstance(block, Table)
        for row in block.rows
        for cell in row
        for part in cell.content
        if isinstance(part, Mark)
    ]
    seats = [mark for mark in marks if mark.figure.unit == "seat"]
    assert seats
    assert all(mark.shown == "seat held" and recompute(embedded, mark.figure) == 1 for mark in seats)


def test_a_sentence_without_translation_is_english_with_its_marks(embedded: Store) -> None:
    french = language("fr")
    figure = ask(embedded, "SDN").deaths("os", 2024)
    content = compose(french, "A sentence nobody translated: %(deaths)s.", deaths=Mark(figure, "2,316"))
    (whole,) = content
    assert isinstance(whole, English)
    assert whole.text == "A sentence nobody translated: 2,316."
    made = document(Paragraph(content), lang="fr")
    assert made.figures == (figure,)
    page = render_html(made)
    assert '<span lang="en" dir="ltr">A sentence nobody translated: <span class="fig">2,316</span><a class="mk" href="#n1">' in page


def test_a_title_without_translation_is_marked_too() -> None:
    assert isinstance(say(language("fr"), "A title nobody translated"), English)
    page = render_html(document(Heading(say(language("ar"), "A title nobody translated"), 2), lang="ar"))
    assert '<h2><span lang="en" dir="ltr">A title nobody translated</span></h2>' in page


def test_arabic_lists_take_arabic_commas() -> None:
    assert plain(listed(language("ar"), [("أ",), ("ب",)])) == "أ، ب"
    assert plain(listed(language("en"), [("a",), ("b",)], is_long=True)) == "a; b"


def test_every_text_of_a_brief_is_found_for_translation() -> None:
    """A bare text given to one of these is never translated, as only ``N_`` and ``gettext`` are looked for."""
    bare = []
    for path in Path(str(forefend.brief.__file__)).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"say", "compose", "head"}:
                bare += [f"{path.name}:{node.lineno}" for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
    assert bare == []


def test_only_the_fonts_a_document_needs_are_in_it() -> None:
    english, arabic = render_html(document()), render_html(document(Paragraph(("نص",)), lang="ar"))
    assert 'font-family:"IBM Plex Sans Arabic";font-weight' not in english
    assert 'font-family:"IBM Plex Sans Arabic";font-weight' in arabic
    assert "U+0100-024F" not in english
    assert "U+0100-024F" in render_html(document(Paragraph(("Erdoğan",))))


@pytest.fixture
def print_pdf(caplog: pytest.LogCaptureFixture) -> Any:
    pytest.importorskip("weasyprint")
    from forefend.brief.render.pdf import render_pdf

    def render(made: Document) -> Any:
        from pypdf import PdfReader

        with caplog.at_level(logging.WARNING, logger="weasyprint"):
            content = render_pdf(made)
        assert [record.message for record in caplog.records if record.name.startswith("weasyprint")] == []
        return PdfReader(io.BytesIO(content))

    return render


def test_letters_of_an_arabic_label_are_set_together(print_pdf: Any) -> None:
    """Set one by one they stand unjoined and in the wrong order."""
    svg = frame(text(10, 20, "السودان"), width=200, height=40, label="خريطة")
    reader = print_pdf(document(Drawing(svg, title="خريطة"), lang="ar"))
    page = reader.pages[0]
    forms = [form.get_object() for form in page["/Resources"].get("/XObject", {}).values()]
    streams = [page.get_contents().get_data(), *(form.get_data() for form in forms)]
    assert "السودان" in page.extract_text()
    assert sum(stream.count(b"TJ") + stream.count(b"Tj") for stream in streams) < len("السودان") + 12


def test_ranges_come_out_of_the_pdf_in_order(print_pdf: Any) -> None:
    arabic = language("ar")
    sentence = f"النطاق {arabic.range(0.22, 0.55, 2)} والنسبة {arabic.percent(0.8)}"
    reader = print_pdf(document(Paragraph((sentence,)), lang="ar"))
    found = strip_isolates(reader.pages[0].extract_text())
    assert "0.22–0.55" in found
    assert "80\u202f%" in found or "80 %" in found


def test_pages_are_counted_in_the_readers_language(print_pdf: Any) -> None:
    reader = print_pdf(document())
    assert "1 of 2" in reader.pages[0].extract_text()
    assert str(reader.metadata.title) == "T"
