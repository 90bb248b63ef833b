"""The country brief on five very different countries, in both languages: whole, sourced, re-computable, marked."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from forefend.brief.briefs.country import country_brief
from forefend.brief.document import Document, Paragraph, is_open
from forefend.brief.render.html import render_html
from forefend.brief.render.json import render_json
from forefend.catalog import load_catalog
from forefend.errors import AmbiguousPlace, ForefendError, UnknownPlace
from forefend.locale import language, strip_isolates
from forefend.store import Figure, Store, recompute
from forefend.store.opening import EMBEDDED

TODAY = date(2026, 11, 24)
COUNTRIES = ("SDN", "MMR", "GHA", "FRA", "TUV")
EXTERNAL = re.compile(r"""(?:src|href)=["'](?!#|data:)|url\((?!["']?(?:data:|#))|@import""")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store(tmp_path_factory.mktemp("store"), embedded=EMBEDDED)


def written(store: Store, country: str = "SDN", *, lang: str = "en", marking: str = "AMBER", for_state: str = "GHA") -> Document:
    return country_brief(store, load_catalog(), country, for_state=for_state, lang=language(lang), marking=marking, today=TODAY)


def first_text(document: Document) -> str:
    (lede,) = [b for b in document.pages[0] if isinstance(b, Paragraph) and b.style == "lede"]
    return strip_isolates(
        "".join(part if isinstance(part, str) else getattr(part, "shown", getattr(part, "text", "")) for part in lede.content)
    )


@pytest.mark.parametrize("lang", ["en", "ar"])
@pytest.mark.parametrize("country", COUNTRIES)
def test_every_figure_has_a_value_with_its_snapshot_or_a_reason(store: Store, country: str, lang: str) -> None:
    document = written(store, country, lang=lang)
    assert len(document.pages) == 4
    for figure in document.figures:
        if figure.value is None:
            assert figure.missing
        else:
            assert figure.formula


@pytest.mark.parametrize("country", COUNTRIES)
def test_every_figure_comes_out_the_same_again(store: Store, country: str) -> None:
    for figure in written(store, country).figures:
        assert recompute(store, figure) == pytest.approx(figure.value) or figure.value is None


def test_every_figure_recomputes_from_the_json_alone(store: Store) -> None:
    record = json.loads(render_json(written(store)))
    for entry in record["figures"]:
        assert recompute(store, Figure.from_dict(entry, store=store)) == pytest.approx(entry["value"])


def test_marks_in_the_text_lead_to_the_appendix(store: Store) -> None:
    page = render_html(written(store))
    marks = {int(n) for n in re.findall(r'href="#n(\d+)"', page)}
    rows = {int(n) for n in re.findall(r'id="n(\d+)"', page)}
    assert marks
    assert marks <= rows


def test_the_first_sentence_says_how_old_the_data_are(store: Store) -> None:
    assert first_text(written(store)).startswith("The newest deaths counted here are of December 2024, 23 months ago.")


def test_fresh_data_need_no_such_sentence(store: Store) -> None:
    fresh = country_brief(store, load_catalog(), "SDN", for_state="GHA", lang=language("en"), marking="AMBER", today=date(2025, 2, 1))
    assert first_text(fresh).startswith("One-sided violence killed")


def test_outside_coverage_is_said_and_is_no_number(store: Store) -> None:
    document = written(store, "TUV")
    assert "Tuvalu is not forecast" in first_text(document)
    assert not any(figure.label.startswith("Deaths in one-sided") and figure.value == 0 for figure in document.figures)


def test_what_only_an_analyst_can_judge_is_left_open(store: Store) -> None:
    spaces = re.findall(r'class="space"', render_html(written(store)))
    assert len(spaces) == 2


def test_no_likelihood_word_stands_for_a_model(store: Store) -> None:
    text = strip_isolates(re.sub(r"<[^>]+>", " ", render_html(written(store, "MMR"))))
    assert not re.search(r"\b(unlikely|highly likely|almost certain|remote chance|realistic possibility)\b", text)


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_the_page_needs_nothing_else(store: Store, lang: str) -> None:
    page = render_html(written(store, lang=lang))
    assert not EXTERNAL.search(page)
    assert page.count("<h1>") == 1
    assert f'lang="{lang}" dir="{language(lang).direction}"' in page
    assert "<script" not in page


def test_english_left_in_an_arabic_brief_says_so(store: Store) -> None:
    page = render_html(written(store, lang="ar"))
    assert '<span lang="en" dir="ltr">' in page
    assert "unreviewed" in page


def test_hostile_text_stays_text(store: Store) -> None:
    document = country_brief(
        store,
        load_catalog(),
        "SDN",
        for_state="GHA",
        lang=language("en"),
        marking="AMBER",
        today=TODAY,
        organisation="<script>alert(1)</script>",
    )
    assert "<script>" not in render_html(document)


def test_clear_needs_open_inputs_only(store: Store) -> None:
    document = written(store, marking="CLEAR")
    assert all(is_open(snapshot) for snapshot in document.snapshots)


@pytest.mark.parametrize(
    "licence", ["CC BY-NC 4.0", "CC BY-NC-SA 4.0", "CC BY-ND 4.0", "UN terms of use; redistribution to be confirmed", "none stated"]
)
def test_what_may_not_be_passed_on_is_not_open(store: Store, licence: str) -> None:
    assert not is_open(replace(store.snapshots[0], licence=licence, may_ship=True))


@pytest.mark.parametrize("licence", ["CC BY 4.0", "CC BY-SA 4.0", "CC0 1.0", "UN data terms, free use with attribution"])
def test_what_anyone_may_pass_on_is_open(store: Store, licence: str) -> None:
    assert is_open(replace(store.snapshots[0], licence=licence, may_ship=True))


@pytest.mark.parametrize(("marking", "told"), [("SECRET", "no marking 'SECRET'"), ("", "no marking")])
def test_an_unknown_marking_is_refused(store: Store, marking: str, told: str) -> None:
    with pytest.raises(ForefendError, match=told):
        written(store, marking=marking)


def test_names_are_never_guessed(store: Store) -> None:
    with pytest.raises(AmbiguousPlace):
        written(store, "Congo")
    with pytest.raises(UnknownPlace):
        written(store, "Atlantis")


@pytest.fixture(scope="module", params=["en", "ar"])
def pdf(request: pytest.FixtureRequest, store: Store) -> tuple[str, bytes]:
    pytest.importorskip("weasyprint")
    from forefend.brief.render.pdf import render_pdf

    return request.param, render_pdf(written(store, lang=request.param))


def test_every_drawing_in_the_pdf_has_its_text_for_those_who_do_not_see_it(pdf: tuple[str, bytes]) -> None:
    from pypdf import PdfReader

    def figures(element: Any) -> Iterator[Any]:
        element = element.get_object()
        if isinstance(element, list):
            for child in element:
                yield from figures(child)
        elif hasattr(element, "get"):
            if element.get("/S") == "/Figure":
                yield element
            if "/K" in element:
                yield from figures(element["/K"])

    found = list(figures(PdfReader(io.BytesIO(pdf[1])).trailer["/Root"]["/StructTreeRoot"]))
    assert len(found) > 14
    assert all(str(figure.get("/Alt", "")).strip() for figure in found)


def test_headings_leave_no_level_out(store: Store) -> None:
    levels = [int(level) for level in re.findall(r"<h([1-6])[ >]", render_html(written(store)))]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_pdf_is_tagged_titled_and_marked_on_every_page(pdf: tuple[str, bytes]) -> None:
    from pypdf import PdfReader

    lang, content = pdf
    reader = PdfReader(io.BytesIO(content))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert str(root["/Lang"]).startswith(lang)
    assert reader.metadata is not None
    assert reader.metadata.title
    for page in reader.pages:
        assert "TLP:AMBER" in page.extract_text()
        assert page.mediabox.width == pytest.approx(595.28, abs=0.5)


def test_the_body_of_the_brief_is_four_pages(pdf: tuple[str, bytes]) -> None:
    from pypdf import PdfReader

    lang, content = pdf
    titles = {"en": "Sources and figures", "ar": language("ar").gettext("Sources and figures")}
    pages = [strip_isolates(page.extract_text()) for page in PdfReader(io.BytesIO(content)).pages]
    assert titles[lang] in pages[4]


def test_ranges_and_per_cent_keep_their_order_in_arabic(tmp_path: Path) -> None:
    """``0.22–0.55`` and ``80 %`` survive the PDF: in order, not reversed."""
    pytest.importorskip("weasyprint")
    import shutil
    import subprocess

    from forefend.brief.document import Heading
    from forefend.brief.render.pdf import render_pdf

    arabic = language("ar")
    sentence = (f"النطاق {arabic.range(0.22, 0.55, 2)} والنسبة {arabic.percent(0.8)}",)
    document = Document(
        kind="test", title="نص", subject="SDN", language="ar", direction="rtl", marking="AMBER", day=TODAY, reference="x", organisation="y",
        pages=((Heading("نص", 1), Paragraph(sentence)),), labels={"running": "نص", "reference": "x"},
    )  # fmt: skip
    path = tmp_path / "ar.pdf"
    path.write_bytes(render_pdf(document))
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not here")
    drawn = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True).stdout
    plain = strip_isolates(drawn)
    assert "0.22–0.55" in plain
    assert re.search(r"80\s?%", plain)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize(
    ("country", "state", "lang"), [("GHA", "GHA", "en"), ("FRA", "GHA", "en"), ("TUV", "FRA", "ar"), ("SDN", "FRA", "ar")]
)
def test_four_pages_hold_very_different_countries(store: Store, country: str, state: str, lang: str) -> None:
    """Much at home, nothing to say, nothing known, and everything at once."""
    pytest.importorskip("weasyprint")
    from pypdf import PdfReader

    from forefend.brief.render.pdf import render_pdf

    content = render_pdf(written(store, country, for_state=state, lang=lang))
    pages = [strip_isolates(page.extract_text()) for page in PdfReader(io.BytesIO(content)).pages]
    assert language(lang).gettext("Sources and figures") in pages[4]
