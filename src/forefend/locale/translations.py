"""The files of translations: ``<code>/LC_MESSAGES/forefend.po``, compiled to ``.mo`` on disk or in memory."""

from __future__ import annotations

import io
import re
from gettext import GNUTranslations
from pathlib import Path
from typing import TYPE_CHECKING

from forefend.errors import ForefendError
from forefend.locale.direction import isolate_figures

if TYPE_CHECKING:
    from collections.abc import Sequence

    from babel import Locale
    from babel.messages import Message

DOMAIN = "forefend"
FOLDER = Path(__file__).parent
REVIEWED = "reviewed"  # context under which a compiled file lists the texts whose translation was confirmed


def codes(folder: Path = FOLDER) -> tuple[str, ...]:
    """Return the languages that have a folder here, sorted."""
    return tuple(sorted(path.parent.parent.name for path in folder.glob(f"*/LC_MESSAGES/{DOMAIN}.po")))


def po_path(code: str, *, folder: Path = FOLDER) -> Path:
    """Return where the translations into a language are kept."""
    return folder / code / "LC_MESSAGES" / f"{DOMAIN}.po"


def has_translations(code: str, *, folder: Path = FOLDER) -> bool:
    """Whether any text is translated, told from the file without parsing it."""
    after_header = po_path(code, folder=folder).read_text(encoding="utf-8").partition("\n\n")[2]
    return re.search(r'^msgstr(?:\[0\])? "(?:[^"]|"\n"[^"])', after_header, flags=re.MULTILINE) is not None


def read_translations(code: str, *, folder: Path = FOLDER) -> GNUTranslations:
    """Read the compiled translations; where none are there or they are older than the text, compile in memory.

    Raises ForefendError when the file is missing or damaged.
    """
    source = po_path(code, folder=folder)
    compiled = source.with_suffix(".mo")
    try:
        if compiled.is_file() and (not source.is_file() or compiled.stat().st_mtime >= source.stat().st_mtime):
            content = compiled.read_bytes()
        else:
            content = compile_po(source.read_bytes(), code=code)
        return GNUTranslations(io.BytesIO(content))
    except FileNotFoundError:
        raise ForefendError(f"The translations {source} are missing. Install Forefend again.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ForefendError(f"The translations {compiled} cannot be read ({error}). Run: python -m forefend.locale.compile") from None


def compile_po(content: bytes, *, code: str) -> bytes:
    """Turn the text of a ``.po`` file into the bytes of a ``.mo`` file, with the list of reviewed texts in it.

    Raises ForefendError naming the first entry that cannot be followed.
    """
    from babel.messages.catalog import Catalog
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import PoFileError, read_po

    try:
        read = read_po(io.BytesIO(content), locale=code, domain=DOMAIN, abort_invalid=True, ignore_obsolete=True)
    except (PoFileError, UnicodeDecodeError, ValueError) as error:
        raise ForefendError(f"The translations into {code!r} cannot be compiled: {error}. Correct the .po file.") from None
    made = Catalog(locale=read.locale, domain=DOMAIN, charset="utf-8", fuzzy=False)
    made.mime_headers = read.mime_headers  # the file's own plural rule, not Babel's
    for message in read:
        if not message.id or not is_translated(message) or message.fuzzy:
            continue
        made.add(message.id, _shielded(message.string, locale=read.locale), context=message.context)
        if is_marked_reviewed(message):
            first = message.id if isinstance(message.id, str) else message.id[0]
            made.add(first, "1", context=REVIEWED)
    buffer = io.BytesIO()
    write_mo(buffer, made)
    return buffer.getvalue()


def _shielded(string: str | Sequence[str] | None, *, locale: Locale | None) -> str | tuple[str, ...] | None:
    """Return a translation with its ranges and per cents isolated where the language runs from right to left."""
    if string is None or locale is None or locale.character_order != "right-to-left":
        return string if string is None or isinstance(string, str) else tuple(string)
    return isolate_figures(string) if isinstance(string, str) else tuple(isolate_figures(form) for form in string)


def is_translated(message: Message) -> bool:
    """Whether an entry has its translation, in every plural form."""
    return all(message.string) if isinstance(message.string, list | tuple) else bool(message.string)


def is_marked_reviewed(message: Message) -> bool:
    """Whether the translator's comment says ``reviewed`` (by whom, when). Silence counts as not reviewed."""
    return any(comment.strip().startswith(REVIEWED) for comment in message.user_comments)
