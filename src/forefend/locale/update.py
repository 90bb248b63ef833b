"""``python -m forefend.locale.update [LANGUAGE …]``: collect all texts and bring the translation files up to date.

Without a language, those with at least one translation are updated; name a language to begin it. Translations
are kept, also of texts that are gone (at the end, marked obsolete). Nothing that changes from run to run or
from machine to machine is written: no times, no absolute paths, no line numbers.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Collection
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from forefend.errors import ForefendError
from forefend.locale.translations import DOMAIN, FOLDER, codes, has_translations, is_marked_reviewed, is_translated, po_path

PACKAGE = FOLDER.parent
METHODS = [
    ("locale/**", "ignore"),
    ("**.py", "forefend.locale.extract:extract_module"),
    ("**/templates/**.html", "forefend.locale.extract:extract_template"),
    ("catalog/data/**.yaml", "forefend.catalog.messages:extract_catalog"),
    ("places/data/states.csv", "forefend.locale.extract:extract_regions"),
]
# ``text`` is what modules with many texts call gettext.
KEYWORDS: dict[str, tuple[int, ...] | None] = {"gettext": None, "text": None, "ngettext": (1, 2), "N_": None}
UNREVIEWED = "unreviewed"
CHANGING = re.compile(
    r'^"(?:POT-Creation-Date|PO-Revision-Date|Generated-By|Last-Translator|Language-Team|Report-Msgid-Bugs-To): .*\\n"\n', re.MULTILINE
)


def collect(package: Path = PACKAGE) -> Catalog:
    """Return all texts of the package, each with the files it is in and, from the catalog, the ids it belongs to."""
    found = Catalog(domain=DOMAIN, fuzzy=False)
    texts = extract_from_dir(package, METHODS, keywords=KEYWORDS, comment_tags=("Translators:",))
    for path, line, message, comments, context in sorted(texts, key=lambda text: (Path(text[0]).as_posix(), text[1])):
        if message:
            where = f"{package.name}/{Path(path).as_posix()}"
            found.add(message, locations=[(where, line)], auto_comments=comments, context=context)
    return found


def update(template: Catalog, *, folder: Path = FOLDER, begin: Collection[str] = ()) -> dict[str, tuple[int, int]]:
    """Write the files of the languages in use and of those to begin; return how many texts are translated of how many.

    Raises ForefendError when a language to begin has no file.
    """
    unknown = sorted(set(begin) - set(codes(folder)))
    if unknown:
        raise ForefendError(f"Language {unknown[0]!r} has no file. Create {DOMAIN}.po with its header in {unknown[0]}/LC_MESSAGES first.")
    counts = {}
    for code in codes(folder):
        if code not in begin and not has_translations(code, folder=folder):
            continue
        path = po_path(code, folder=folder)
        text = merged(path.read_text(encoding="utf-8"), template, code=code)
        path.write_text(text, encoding="utf-8", newline="\n")
        messages = [message for message in read_po(io.StringIO(text), locale=code) if message.id]
        counts[code] = (sum(map(is_translated, messages)), len(messages))
    return counts


def merged(text: str, template: Catalog, *, code: str) -> str:
    """Return the text of a translation file with the texts of the template, each translation kept.

    A translation that no person is named for is marked ``unreviewed``.
    """
    known = read_po(io.StringIO(text), locale=code, domain=DOMAIN)
    _revive(known, template)
    header, headers = known.header_comment, known.mime_headers
    known.update(template, no_fuzzy_matching=True, update_header_comment=False)
    known.header_comment, known.mime_headers, known.fuzzy = header, headers, False
    for message in [*known, *known.obsolete.values()]:
        if message.id and is_translated(message) and not is_marked_reviewed(message) and UNREVIEWED not in message.user_comments:
            message.user_comments.insert(0, UNREVIEWED)
    buffer = io.BytesIO()
    write_po(buffer, known, width=120, include_lineno=False, sort_by_file=False)
    return CHANGING.sub("", buffer.getvalue().decode("utf-8")).replace("Project-Id-Version:  ", "Project-Id-Version: ")


def _revive(known: Catalog, template: Catalog) -> None:
    """Take back the translation of a text that was gone and is used again."""
    for key, message in list(known.obsolete.items()):
        if template.get(message.id, message.context) is not None:
            known[message.id] = message
            del known.obsolete[key]


if __name__ == "__main__":
    try:
        for name, (done, total) in update(collect(), begin=sys.argv[1:]).items():
            sys.stdout.write(f"{name}: {done} of {total} texts translated\n")
    except (ForefendError, OSError) as refusal:
        sys.stderr.write(f"forefend: {refusal}\n")
        sys.exit(1)
