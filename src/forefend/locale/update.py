"""``python -m forefend.locale.update``: collect all texts and bring the translation files up to date.

Translations are kept; texts that are gone are dropped; nothing that changes from run to run is written.
"""

from __future__ import annotations

import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from forefend.locale.language import DOMAIN, HERE, languages

PACKAGE = HERE.parent
METHODS = [
    ("locale/**", "ignore"),
    ("**.py", "python"),
    ("web/**/templates/**.html", "forefend.locale.extract:extract_template"),
    ("catalog/data/**.yaml", "forefend.catalog.messages:extract_catalog"),
]
KEYWORDS = {"gettext": None, "ngettext": (1, 2), "N_": None}


def collect() -> Catalog:
    """Return all texts of the package."""
    found = Catalog(domain=DOMAIN, fuzzy=False)
    for path, line, message, comments, _context in extract_from_dir(PACKAGE, METHODS, keywords=KEYWORDS, comment_tags=("Translators:",)):
        if message:
            found.add(message, locations=[(Path(path).as_posix(), line)], auto_comments=comments)
    return found


def update() -> dict[str, tuple[int, int]]:
    """Write every language's file; return, per language, how many texts are translated of how many."""
    template = collect()
    counts = {}
    for code in languages()[1:]:
        path = HERE / code / "LC_MESSAGES" / f"{DOMAIN}.po"
        with path.open("rb") as stream:
            known = read_po(stream, locale=code)
        known.update(template, no_fuzzy_matching=True)
        known.obsolete.clear()
        with path.open("wb") as stream:
            write_po(stream, known, omit_header=False, no_location=True, sort_output=False, include_previous=False, ignore_obsolete=True)
        messages = [message for message in known if message.id]
        counts[code] = (
            sum(bool(message.string and (isinstance(message.string, str) or all(message.string))) for message in messages),
            len(messages),
        )
    return counts


if __name__ == "__main__":
    for name, (done, total) in update().items():
        sys.stdout.write(f"{name}: {done} of {total} texts translated\n")
