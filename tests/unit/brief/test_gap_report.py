"""The gap report: every number opens to the answers it rests on, nothing withheld shows, the strictest marking holds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from assess_rounds import (
    ASSOCIATION,
    ASSOCIATION_2,
    ASSOCIATION_3,
    INTERIOR,
    MINISTRY,
    NHRI,
    POLICE,
    TODAY,
    answer,
    piece,
    round_of,
)
from forefend.assess.answers import RoundAnswers, Ruling
from forefend.assess.checks import standing
from forefend.assess.gaps import gaps
from forefend.assess.results import results
from forefend.assess.round_figures import group_figures, question_figures
from forefend.brief.briefs.gaps import draft_report, gap_report
from forefend.brief.document import Document
from forefend.brief.reading.numbers import number_record
from forefend.brief.render.docx import render_docx
from forefend.brief.render.html import render_html
from forefend.brief.render.json import render_json
from forefend.catalog import load_catalog
from forefend.errors import ForefendError
from forefend.locale import language
from forefend.options.opportunities import opportunities_of
from forefend.settings import MARKINGS
from forefend.store import Figure, Store, recompute
from forefend.store.opening import EMBEDDED
from made_rounds import made_round

CATALOG = load_catalog()


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store(tmp_path_factory.mktemp("store"), embedded=EMBEDDED)


def report(store: Store, round_: RoundAnswers, *, lang: str = "en", marking: str = "GREEN", **extra: Any) -> Document:
    return gap_report(results(round_), round_.catalog, store=store, lang=language(lang), marking=marking, **extra)


def all_parts(figure: Figure) -> Iterator[Figure]:
    yield figure
    for entry in figure.inputs:
        assert isinstance(entry, Figure)
        yield from all_parts(entry)


@pytest.fixture(scope="module")
def whole(store: Store) -> Document:
    round_ = made_round()
    found = results(round_)
    return report(store, round_, findings=standing(round_, found=found), opportunities=opportunities_of(store, CATALOG, found, today=TODAY))


@pytest.mark.parametrize("seed", range(4))
def test_every_figure_is_the_one_of_the_results(store: Store, seed: int) -> None:
    found = results(made_round(seed))
    opened = question_figures(store, CATALOG, found)
    for group in (*found.actions.values(), *found.spheres.values()):
        figures = group_figures(store, group, found, opened)
        plain = group.figures
        if plain is None:
            assert figures.cautious_gap.missing
            continue
        for figure, value in (
            (figures.coverage, plain.coverage), (figures.gap, plain.gap), (figures.gap_low, plain.gap_low),
            (figures.gap_high, plain.gap_high), (figures.cautious_gap, plain.cautious_gap), (figures.confidence, plain.confidence),
        ):  # fmt: skip
            assert figure.value == (value if value is None else pytest.approx(value, abs=1e-12))
            assert (figure.value is None) == bool(figure.missing)
    for name, figures in opened.items():
        question = found.questions[name]
        assert figures.score.value == (None if question.score is None else pytest.approx(question.score))
        if question.score is not None:
            assert figures.cautious.value == pytest.approx(question.cautious)
            assert figures.confidence.value == pytest.approx(question.confidence)


def test_every_number_comes_out_the_same_again_from_the_json_alone(store: Store, whole: Document) -> None:
    record = json.loads(render_json(whole))
    assert len(record["figures"]) > 200
    for entry in record["figures"]:
        again = Figure.from_dict(number_record(record, entry["id"]) or {}, store=store)
        assert again.id == entry["id"]
        assert recompute(store, again) == pytest.approx(entry["value"])


def test_parts_of_numbers_open_by_themselves_and_each_stands_once(store: Store) -> None:
    document = report(store, round_of(answer("N1.1", MINISTRY, 3), answer("N1.1", POLICE, 1)))
    record = json.loads(render_json(document))
    assert [part["label"] for part in record["parts"].values()].count("N1.1: Police") == 1
    (police,) = [name for name, part in record["parts"].items() if part["label"] == "N1.1: Police"]
    assert (number_record(record, police) or {})["params"]["score"] == 1.0
    assert number_record(record, "n000000000000") is None


def test_a_report_that_was_tampered_with_is_told(store: Store) -> None:
    record = json.loads(render_json(report(store, round_of(answer("N1.1", MINISTRY, 3)))))
    number = next(known["id"] for known in record["figures"] if known["inputs"])
    name = next(iter(record["parts"]))
    record["parts"][name]["inputs"] = [{"part": name}]
    with pytest.raises(ValueError, match="rests on itself"):
        number_record(record, number)
    record["parts"] = {}
    with pytest.raises(ValueError, match="not in the report"):
        number_record(record, number)


def test_numbers_end_at_answers_of_institutions(store: Store) -> None:
    round_ = round_of(answer("N1.1", MINISTRY, 3), answer("N1.1", POLICE, 1), answer("N1.1", NHRI, 2))
    found = results(round_)
    figures = group_figures(store, found.actions["N1"], found, question_figures(store, CATALOG, found))
    leaves = [part for part in all_parts(figures.cautious_gap) if not part.inputs]
    assert {(leaf.params["institution"], leaf.params["score"]) for leaf in leaves} == {
        ("Ministry of justice", 3.0), ("Police", 1.0), ("Human rights commission", 2.0),
    }  # fmt: skip
    assert {leaf.formula for leaf in leaves} == {"given_answer"}


def test_what_a_protected_respondent_said_is_not_in_the_report(store: Store) -> None:
    hidden = answer("N1.1", ASSOCIATION, 1, is_shared=False, comment="Nobody may know.")
    round_ = round_of(answer("N1.1", MINISTRY, 4), hidden)
    document = report(store, round_)
    text = render_json(document) + render_html(document)
    assert ASSOCIATION.title not in text
    assert "Nobody may know" not in text
    for part in (part for figure in document.figures for part in all_parts(figure)):
        assert part.formula not in ("type_median", "mean_of_types", "given_answer"), part
        assert "agreement" not in part.params
    shared = report(store, round_of(answer("N1.1", MINISTRY, 4), replace(hidden, is_shared=True)))
    assert ASSOCIATION.title in render_json(shared)


def test_three_of_a_type_show_their_median_and_no_single_answer(store: Store) -> None:
    them = (ASSOCIATION, ASSOCIATION_2, ASSOCIATION_3)
    round_ = round_of(
        answer("N1.1", MINISTRY, 4), *(answer("N1.1", who, level, is_shared=False) for who, level in zip(them, (0, 1, 3), strict=True))
    )
    text = render_json(report(store, round_))
    assert "given_together" in text
    assert "N1.1: civil society" in text
    for who in them:
        assert who.title not in text


def test_the_strictest_marking_of_what_is_in_holds(store: Store) -> None:
    for marking in MARKINGS[1:]:
        round_ = round_of(answer("N1.1", MINISTRY, 3, marking="GREEN"), answer("N1.1", NHRI, 2, marking=marking))
        assert report(store, round_, marking="GREEN").marking == marking
    secret = answer("N1.1", MINISTRY, 3, marking="GREEN", evidence=(piece("B2", marking="RED"),))
    assert report(store, round_of(secret), marking="GREEN").marking == "RED"
    with pytest.raises(ForefendError, match="no marking"):
        report(store, round_of(answer("N1.1", MINISTRY, 3, marking="NONSENSE")))


def test_the_opening_says_what_is_published_largest_and_blocking(store: Store) -> None:
    proof = (piece("B2"),)
    given = [answer(name, who, 1, evidence=proof) for name in CATALOG.actions["N1"].questions[:6] for who in (MINISTRY, NHRI)]
    text = render_html(report(store, round_of(*given, answer("N2.1", MINISTRY, 0), actions=("N1", "N2"))))
    assert "of 2 actions can be published" in text
    assert "A cautious reader sees the largest in N2" in text
    assert "What blocks" in text
    assert 'score <span class="fig">0</span>' in text


def test_state_and_civil_society_apart_is_a_finding(store: Store) -> None:
    round_ = round_of(answer("N1.1", MINISTRY, 4), answer("N1.1", ASSOCIATION, 1))
    text = render_html(report(store, round_))
    assert "That is a finding, and no noise." in text
    ruled = replace(round_, rulings={"N1.1": Ruling(question="N1.1", score=3.0, reason="Seen <again>.", by="c", on=TODAY)})
    text = render_html(report(store, ruled))
    assert "That is a finding, and no noise." in text
    assert "Seen &lt;again&gt;." in text


def test_a_round_with_no_answer_has_a_report_that_says_so(store: Store) -> None:
    document = report(store, round_of(actions=tuple(CATALOG.actions)))
    text = render_html(document)
    assert "The observed gap of 0 of 21 actions can be published." in text
    assert document.marking == "GREEN"


def test_findings_are_all_counted(whole: Document) -> None:
    round_ = made_round()
    findings = standing(round_)
    text = render_html(whole)
    assert findings
    for check in {finding.check for finding in findings}:
        own = [finding for finding in findings if finding.check == check]
        assert f"({len(own)}): " in text or len(own) <= 3


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_each_form_is_written_in_each_language(store: Store, lang: str) -> None:
    document = report(store, round_of(answer("N1.1", MINISTRY, 3), answer("N1.1", INTERIOR, 1)), lang=lang)
    assert render_docx(document).startswith(b"PK")
    page = render_html(document)
    assert f'dir="{"rtl" if lang == "ar" else "ltr"}"' in page
    assert 'href="#n1"' in page
    assert 'id="n1"' in page


def test_the_draft_from_public_data_opens_to_its_sources(store: Store) -> None:
    found = gaps(store, CATALOG, "GHA", today=TODAY)
    document = draft_report(found, CATALOG, "GHA", lang=language("en"), marking="AMBER", today=TODAY)
    answered = sum(gap.n_answered for gap in found)
    assert answered > 0
    assert f"for {answered} of {len(CATALOG.questions)} questions" in render_html(document)
    assert document.snapshots
    for figure in document.figures:
        assert recompute(store, figure) == pytest.approx(figure.value)
