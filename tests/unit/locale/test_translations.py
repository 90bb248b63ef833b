"""Files of translations: compiled on disk or in memory, with the same answers and clear refusals."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from forefend.errors import ForefendError
from forefend.locale.compile import compile_all
from forefend.locale.language import Language
from forefend.locale.translations import codes, compile_po, has_translations, read_translations

PO = """
msgid ""
msgstr ""
"Language: ar\\n"
"Plural-Forms: nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 && n%100<=99 ? 4 : 5);\\n"
"Content-Type: text/plain; charset=utf-8\\n"

# unreviewed
msgid "Chance"
msgstr "احتمال"

# reviewed by the legal adviser, 2026-01-10
msgid "Window"
msgstr "نافذة"

msgid "No translation"
msgstr ""

#, fuzzy
msgid "Guess"
msgstr "تخمين"

# unreviewed
msgid "%(n)s day"
msgid_plural "%(n)s days"
msgstr[0] "لا أيام"
msgstr[1] "يوم واحد"
msgstr[2] "يومان"
msgstr[3] "%(n)s أيام"
msgstr[4] "%(n)s يومًا"
msgstr[5] "%(n)s يوم"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "ar" / "LC_MESSAGES" / "forefend.po"
    path.parent.mkdir(parents=True)
    path.write_text(PO, encoding="utf-8")
    return tmp_path


def read(folder: Path) -> Language:
    return Language("ar", read_translations("ar", folder=folder))


def test_without_a_compiled_file_the_text_is_compiled_in_memory(folder: Path) -> None:
    arabic = read(folder)
    assert arabic.gettext("Chance") == "احتمال"
    assert not list(folder.rglob("*.mo"))


def test_compiled_on_disk_gives_the_same_answers(folder: Path) -> None:
    in_memory = read(folder)
    assert [path.name for path in compile_all(folder)] == ["forefend.mo"]
    assert [path.name for path in (folder / "ar" / "LC_MESSAGES").iterdir() if path.suffix == ".part"] == []
    on_disk = read(folder)
    for text in ("Chance", "Window", "No translation", "Guess", "%(n)s day"):
        assert on_disk.gettext(text) == in_memory.gettext(text)
        assert on_disk.has(text) == in_memory.has(text)
        assert on_disk.is_reviewed(text) == in_memory.is_reviewed(text)


def test_a_compiled_file_older_than_the_text_is_not_used(folder: Path) -> None:
    (compiled,) = compile_all(folder)
    source = compiled.with_suffix(".po")
    source.write_text(PO.replace("احتمال", "فرصة"), encoding="utf-8")
    os.utime(compiled, ns=(0, 0))
    assert read(folder).gettext("Chance") == "فرصة"


def test_what_is_translated_and_what_is_reviewed_are_two_questions(folder: Path) -> None:
    arabic = read(folder)
    assert arabic.has("Chance")
    assert not arabic.is_reviewed("Chance")
    assert arabic.is_reviewed("Window")
    assert not arabic.has("No translation")
    assert not arabic.has("Guess"), "a guess by similarity is no translation"
    assert arabic.gettext("Guess") == "Guess"


@pytest.mark.parametrize(
    ("n", "text"), [(0, "لا أيام"), (1, "يوم واحد"), (2, "يومان"), (3, "\u20683\u2069 أيام"), (11, "\u206811\u2069 يومًا")]
)
def test_arabic_has_six_plurals(folder: Path, n: int, text: str) -> None:
    arabic = read(folder)
    assert arabic.has("%(n)s day")
    assert arabic.ngettext("%(n)s day", "%(n)s days", n) == text


def test_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ForefendError, match="are missing"):
        read_translations("ar", folder=tmp_path)


def test_a_damaged_compiled_file_is_one_sentence(folder: Path) -> None:
    (compiled,) = compile_all(folder)
    compiled.write_bytes(b"not a catalog")
    with pytest.raises(ForefendError, match=r"forefend[.]locale[.]compile"):
        read_translations("ar", folder=folder)


@pytest.mark.parametrize("text", [PO + '\nmsgid "open\n', PO.replace("احتمال", "\udcff")])
def test_text_that_is_no_po_file_is_refused(text: str) -> None:
    with pytest.raises(ForefendError, match="cannot be compiled"):
        compile_po(text.encode("utf-8", "surrogateescape"), code="ar")


def test_languages_are_the_folders(folder: Path) -> None:
    (folder / "notes").mkdir()
    assert codes(folder) == ("ar",)
    assert has_translations("ar", folder=folder)
    path = folder / "ar" / "LC_MESSAGES" / "forefend.po"
    path.write_text('msgid ""\nmsgstr ""\n"Language: ar\\n"\n\nmsgid "Chance"\nmsgstr ""\n', encoding="utf-8")
    assert not has_translations("ar", folder=folder)
    path.write_text('msgid ""\nmsgstr ""\n"Language: ar\\n"\n\nmsgid "Chance"\nmsgstr ""\n"فرصة"\n', encoding="utf-8")
    assert has_translations("ar", folder=folder)
