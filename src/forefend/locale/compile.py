"""``python -m forefend.locale.compile``: check every translation file and compile it for tools that read ``.mo``.

Forefend itself reads the text files, so that a ministry can correct a term with an editor.
"""

from __future__ import annotations

import sys

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from forefend.locale.language import DOMAIN, HERE, languages


def compile_all() -> list[str]:
    """Compile every language and return a line for each placeholder that does not match its text."""
    problems = []
    for code in languages()[1:]:
        path = HERE / code / "LC_MESSAGES" / f"{DOMAIN}.po"
        with path.open("rb") as stream:
            messages = read_po(stream, locale=code)
        problems += [f"{code}: {message.id!r}: {error}" for message, errors in messages.check() for error in errors]
        with path.with_suffix(".mo").open("wb") as stream:
            write_mo(stream, messages)
    return problems


if __name__ == "__main__":
    found = compile_all()
    sys.stderr.writelines(f"{line}\n" for line in found)
    sys.exit(bool(found))
