"""Texts of page templates, as an extractor for Babel finds them."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from forefend.locale.extract import extract_template
from forefend.locale.update import collect


def found(source: str) -> list[tuple[int, str | tuple[str, ...]]]:
    return [(line, text) for line, _, text, _ in extract_template(io.BytesIO(source.encode()), {}, (), {})]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ('{% t "Chance of %(name)s" name=value %}', "Chance of %(name)s"),
        ("{% t 'one quote' %}", "one quote"),
        (r'{% t "a \"quoted\" word" %}', 'a "quoted" word'),
        ("<c-card title=\"{% t 'in an attribute' %}\" />", "in an attribute"),
        ('{%t "tight"%}', "tight"),
        ('{% t "kept" as label %}', "kept"),
        ('{% t "المتوسط" %}', "المتوسط"),
    ],
)
def test_a_text_is_found(source: str, text: str) -> None:
    assert found(source) == [(1, text)]


@pytest.mark.parametrize(
    "source",
    [
        '{% nt "%(n)s day" "%(n)s days" count %}',
        "<c-card title=\"{% nt '%(n)s day' '%(n)s days' count|length %}\" />",
        '{% nt "%(n)s day"\n  "%(n)s days" count as label %}',
    ],
)
def test_both_forms_of_a_text_that_counts_are_found(source: str) -> None:
    assert found(source) == [(1, ("%(n)s day", "%(n)s days"))]


def test_forms_reach_the_template_of_translations_as_plural(tmp_path: Path) -> None:
    page = tmp_path / "web" / "templates" / "page.html"
    page.parent.mkdir(parents=True)
    page.write_text('{% nt "%(n)s day" "%(n)s days" count %}{% t "One text" %}', encoding="utf-8")
    assert [message.id for message in collect(tmp_path) if message.id] == [("%(n)s day", "%(n)s days"), "One text"]


def test_the_sentence_of_a_formula_is_found_beside_what_a_module_asks_for(tmp_path: Path) -> None:
    module = tmp_path / "sums.py"
    module.write_text(
        '@formula("sum of the rows")\ndef total(rows):\n    sheet.formula(1, "=SUM(A1)")\n    return lang.gettext("Total")\n',
        encoding="utf-8",
    )
    assert sorted(message.id for message in collect(tmp_path) if message.id) == ["Total", "sum of the rows"]


def test_regions_are_found_once_each(tmp_path: Path) -> None:
    table = tmp_path / "places" / "data" / "states.csv"
    table.parent.mkdir(parents=True)
    table.write_text(
        "# Kept by hand.\niso3,region,subregion\nDZA,Africa,Northern Africa\nEGY,Africa,Northern Africa\nATA,,\n", encoding="utf-8"
    )
    assert [message.id for message in collect(tmp_path) if message.id] == ["Africa", "Northern Africa"]


@pytest.mark.parametrize(
    "source",
    [
        "{% t name %}",
        "{% nt one many count %}",
        '{% nt "only one form" count %}',
        '{% trans "other tag" %}',
        '{% t "" %}',
        '{# {% t "off" %} #}',
        '{% comment %}\n{% t "off" %}{% endcomment %}',
    ],
)
def test_what_is_no_text_is_left_out(source: str) -> None:
    assert found(source) == []


def test_lines_are_counted_from_one_and_through_comments() -> None:
    assert found('{# a\nb #}\n<p>{% t "one" %}</p>\n{% t "two" %}{% t "three" %}') == [(3, "one"), (4, "two"), (4, "three")]
