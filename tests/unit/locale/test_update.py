"""Bringing translation files up to date: nothing lost, nothing that changes from run to run."""

from __future__ import annotations

from pathlib import Path

import pytest

from forefend.errors import ForefendError
from forefend.locale.translations import compile_po, read_translations
from forefend.locale.update import collect, merged, update

PO = """# Arabic.
msgid ""
msgstr ""
"Project-Id-Version: forefend\\n"
"POT-Creation-Date: 2020-01-01 10:00+0100\\n"
"Language: ar\\n"
"Plural-Forms: nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 && n%100<=99 ? 4 : 5);\\n"
"Content-Type: text/plain; charset=utf-8\\n"

# reviewed by the legal adviser, 2026-01-10
msgid "Window"
msgstr "نافذة"

msgid "Chance"
msgstr "احتمال"

msgid "Dropped from the program"
msgstr "محذوف"
"""
CODE = """
from forefend.locale import N_
TITLE = N_("Window")
def show(lang, n):
    text = lang.gettext
    return lang.gettext("Chance"), text("Alias"), lang.ngettext("%(n)s day", "%(n)s days", n), lang.gettext(TITLE)
"""


@pytest.fixture
def package(tmp_path: Path) -> Path:
    root = tmp_path / "program"
    for name, content in {
        "part.py": CODE,
        "web/app/templates/app/page.html": '<p>{% t "On the page" %}</p>',
        "catalog/data/framework.yaml": "actions:\n- id: N1\n  title: An action\n  sphere: national\n",
        "locale/own.py": 'gettext("never of the locale itself")',
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content, encoding="utf-8")
    return root


def test_texts_come_from_code_pages_and_catalog(package: Path) -> None:
    found = {message.id: message for message in collect(package) if message.id}
    assert set(found) == {"Window", "Chance", "Alias", ("%(n)s day", "%(n)s days"), "On the page", "An action"}
    assert found["An action"].auto_comments == ["N1 title"]
    assert found["An action"].locations[0][0] == "program/catalog/data/framework.yaml"


def test_translations_are_kept_and_marked(package: Path) -> None:
    text = merged(PO, collect(package), code="ar")
    assert '# reviewed by the legal adviser, 2026-01-10\n#: program/part.py\nmsgid "Window"\nmsgstr "نافذة"' in text
    assert '# unreviewed\n#: program/part.py\nmsgid "Chance"\nmsgstr "احتمال"' in text
    assert '#~ msgid "Dropped from the program"\n#~ msgstr "محذوف"' in text
    assert 'msgid "Alias"\nmsgstr ""' in text
    assert text.startswith("# Arabic.\n")


def test_a_second_run_changes_nothing(package: Path) -> None:
    once = merged(PO, collect(package), code="ar")
    assert merged(once, collect(package), code="ar") == once


def test_no_time_and_no_path_of_a_machine_is_written(package: Path) -> None:
    text = merged(PO, collect(package), code="ar")
    assert "Date" not in text
    assert "Babel" not in text
    assert str(package) not in text
    assert "part.py:" not in text


def test_a_dropped_text_that_comes_back_has_its_translation(package: Path) -> None:
    once = merged(PO, collect(package), code="ar")
    (package / "more.py").write_text('N_("Dropped from the program")', encoding="utf-8")
    assert '#: program/more.py\nmsgid "Dropped from the program"\nmsgstr "محذوف"' in merged(once, collect(package), code="ar")


def test_only_languages_in_use_are_written_unless_one_is_begun(package: Path, tmp_path: Path) -> None:
    empty = 'msgid ""\nmsgstr ""\n"Language: fr\\n"\n"Plural-Forms: nplurals=2; plural=(n > 1);\\n"\n'
    for code, text in {"ar": PO, "fr": empty}.items():
        path = tmp_path / code / "LC_MESSAGES" / "forefend.po"
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
    assert update(collect(package), folder=tmp_path) == {"ar": (2, 6)}
    assert (tmp_path / "fr" / "LC_MESSAGES" / "forefend.po").read_text(encoding="utf-8") == empty
    assert update(collect(package), folder=tmp_path, begin=["fr"])["fr"] == (0, 6)
    assert read_translations("ar", folder=tmp_path).gettext("Window") == "نافذة"
    with pytest.raises(ForefendError, match="'xx' has no file"):
        update(collect(package), folder=tmp_path, begin=["xx"])


def test_what_is_written_compiles(package: Path) -> None:
    assert compile_po(merged(PO, collect(package), code="ar").encode(), code="ar")
