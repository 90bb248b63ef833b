"""The shipped translations: they fit their texts, and the program asks for texts in a way that can be translated."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import forefend
from forefend.catalog import load_catalog
from forefend.locale import LANGUAGES, language
from forefend.locale.translations import is_marked_reviewed, is_translated, po_path

SOURCE = Path(forefend.__file__).parent
TRANSLATIONS = [code for code in LANGUAGES if code != "en"]
PLACEHOLDER = re.compile(r"%\((\w+)\)s")
ASKING = {"gettext", "ngettext", "N_"}


@pytest.mark.parametrize("code", TRANSLATIONS)
def test_placeholders_match(code: str) -> None:
    with po_path(code).open("rb") as stream:
        messages = [message for message in read_po(stream, locale=code) if message.id and is_translated(message)]
    for message in messages:
        ids = [message.id] if isinstance(message.id, str) else list(message.id)
        strings = [message.string] if isinstance(message.string, str) else list(message.string)
        wanted = set(PLACEHOLDER.findall(ids[-1]))
        for string in strings:
            # A plural form may leave the number out: "two days" is one word in Arabic.
            assert wanted - {"n", "months"} <= set(PLACEHOLDER.findall(string)) <= wanted, message.id


@pytest.mark.parametrize("code", TRANSLATIONS)
def test_every_translation_says_whether_a_person_reviewed_it(code: str) -> None:
    with po_path(code).open("rb") as stream:
        for message in read_po(stream, locale=code):
            if message.id and is_translated(message):
                assert is_marked_reviewed(message) or "unreviewed" in message.user_comments, message.id


def test_what_names_the_framework_is_in_arabic_and_marked_unreviewed() -> None:
    arabic, catalog = language("ar"), load_catalog()
    texts = [
        *(sphere.title for sphere in catalog.spheres.values()),
        *(action.title for action in catalog.actions.values()),
        *(factor.title for factor in catalog.risk_factors.values()),
        *(lever.title for lever in catalog.leverage_types.values()),
        *(term.term for term in catalog.terms.values()),
    ]
    assert [text for text in texts if not arabic.has(text)] == []
    assert [text for text in texts if arabic.is_reviewed(text)] == []
    assert arabic.gettext("Genocide") == "الإبادة الجماعية"


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.py")), ids=lambda path: str(path.relative_to(SOURCE)))
def test_no_text_for_translation_is_an_f_string(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in ASKING:
            assert not any(isinstance(argument, ast.JoinedStr) for argument in node.args), f"{path.name}:{node.lineno}"
