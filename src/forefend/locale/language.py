"""One language: its texts, its direction, and how it writes numbers, ranges, shares, dates and codes.

Digits are 0-9 in every language, so that a figure reads the same in a brief, a table and a data file.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from gettext import NullTranslations
from typing import TYPE_CHECKING, Literal

from forefend.errors import ForefendError, SettingsError
from forefend.locale.direction import isolate
from forefend.locale.translations import REVIEWED, codes, has_translations, read_translations

if TYPE_CHECKING:
    from babel import Locale

SOURCE_LANGUAGE = "en"
LANGUAGES: tuple[str, ...] = (SOURCE_LANGUAGE, *(code for code in codes() if code != SOURCE_LANGUAGE))
TRANSLATED: tuple[str, ...] = tuple(code for code in LANGUAGES if code == SOURCE_LANGUAGE or has_translations(code))
EN_DASH = "–"
MINUS = "\u2212"
NARROW_NO_BREAK_SPACE = "\u202f"
LABELLED = re.compile(r"([A-Z]+[0-9]+(?:\.[0-9]+)?): (.+)")
DIRECTION_MARKS = {ord(mark): None for mark in "\u200e\u200f\u061c"}
# United Nations usage: 13 August 2026, not August 13, 2026.
FORMATS = {SOURCE_LANGUAGE: "en_GB"}


@dataclass(frozen=True)
class Language:
    """A language people read; get one with :func:`language`."""

    code: str
    texts: NullTranslations

    @property
    def conventions(self) -> Locale:
        """The CLDR locale whose formats are followed."""
        return _conventions(self.code)

    @property
    def name(self) -> str:
        """The language's own name for itself."""
        return str(self.conventions.get_language_name(self.code))

    @property
    def direction(self) -> Literal["ltr", "rtl"]:
        """Direction of writing, as in the ``dir`` attribute of HTML."""
        return "rtl" if self.is_rtl else "ltr"

    @property
    def is_rtl(self) -> bool:
        """Whether the language is written from right to left."""
        return self.conventions.character_order == "right-to-left"

    def gettext(self, msgid: str, /, **params: object) -> str:
        """Return the text in this language, or in English where it is not translated.

        ``%(name)s`` in the text takes the parameter of that name, isolated in right-to-left text. Without
        parameters the text is returned as it is, ``%`` included. A label that says whose it is, ``N1: cautious gap``, is
        translated after its code.
        """
        whose, what = self._labelled(msgid)
        if whose:
            return self.gettext("%(whose)s: %(what)s", whose=whose, what=self.texts.gettext(what))
        return self._fill(self.texts.gettext(msgid) if msgid else "", params)

    def ngettext(self, one: str, many: str, n: int, /, **params: object) -> str:
        """Return the form of the text for ``n`` things; ``%(n)s`` is the number itself, formatted."""
        return self._fill(self.texts.ngettext(one, many, n), {"n": self.number(n), **params})

    def has(self, msgid: str) -> bool:
        """Whether the text is available in this language. English has all: it is the language of the source."""
        return self.code == SOURCE_LANGUAGE or _holds(self.texts, msgid) or self._labelled(msgid)[0] != ""

    def is_reviewed(self, msgid: str) -> bool:
        """Whether a person who knows language and field has confirmed the translation of this text."""
        return self.code == SOURCE_LANGUAGE or _holds(self.texts, f"{REVIEWED}\x04{msgid}")

    def number(self, x: float, decimals: int = 0) -> str:
        """Write a number with a fixed count of decimals; raises ForefendError when it is not finite."""
        return self.isolate(self._digits(x, decimals))

    def range(self, low: float, high: float, decimals: int = 2) -> str:
        """Write an interval: ``0.22–0.55``."""
        return self.isolate(self._interval(low, high, decimals))

    def percent(self, share: float, decimals: int = 0) -> str:
        """Write a share of 0-1 as ``80 %``, with a no-break space."""
        return self.isolate(f"{self._digits(100 * share, decimals)}{NARROW_NO_BREAK_SPACE}%")

    def percent_range(self, low: float, high: float, decimals: int = 0) -> str:
        """Write an interval of shares of 0-1 as ``22–55 %``."""
        return self.isolate(f"{self._interval(100 * low, 100 * high, decimals)}{NARROW_NO_BREAK_SPACE}%")

    def year_range(self, first: int, last: int) -> str:
        """Write a span of years: ``2022–2024``."""
        return self.isolate(f"{first}{EN_DASH}{last}")

    def date(self, d: datetime.date) -> str:
        """Write a day: ``13 August 2026``."""
        from babel.dates import format_date

        return self.isolate(format_date(d, format="long", locale=self.conventions))

    def month(self, d: datetime.date) -> str:
        """Write the month a day lies in: ``December 2024``."""
        from babel.dates import format_skeleton

        return self.isolate(format_skeleton("yMMMM", d, locale=self.conventions))

    def code_text(self, code: object) -> str:
        """Write a code or id (``RF8.3``, ``A/RES/75/277``) so that its parts keep their order."""
        return self.isolate(code)

    def isolate(self, text: object) -> str:
        """Shield a text from the direction of its surroundings; unchanged in left-to-right languages."""
        return isolate(str(text)) if self.is_rtl else str(text)

    def _labelled(self, msgid: str) -> tuple[str, str]:
        """Return the code and the text of a label that is translated in this way only, else nothing."""
        found = None if self.code == SOURCE_LANGUAGE else LABELLED.fullmatch(msgid)
        if found is None or _holds(self.texts, msgid) or not _holds(self.texts, found[2]):
            return "", ""
        return found[1], found[2]

    def _fill(self, text: str, params: Mapping[str, object]) -> str:
        return text % {name: self.isolate(value) for name, value in params.items()} if params else text

    def _interval(self, low: float, high: float, decimals: int) -> str:
        first, last = self._digits(low, decimals), self._digits(high, decimals)
        # A dash beside a minus sign cannot be read.
        dash = f" {EN_DASH} " if MINUS in first + last else EN_DASH
        return f"{first}{dash}{last}"

    def _digits(self, x: float, decimals: int) -> str:
        if not math.isfinite(x):
            raise ForefendError(f"{x} is not a number that can be shown. Show why the value is missing instead.")
        from babel.numbers import format_decimal

        rounded = Decimal(str(x)).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
        pattern = "#,##0." + "0" * decimals if decimals > 0 else "#,##0"
        text = format_decimal(rounded or abs(rounded), format=pattern, locale=self.conventions, numbering_system="latn")
        return str(text).translate(DIRECTION_MARKS).replace("-", MINUS)


def _holds(texts: NullTranslations, msgid: str) -> bool:
    marker = object()
    held: Mapping[object, object] = getattr(texts, "_catalog", {})  # the standard library has no public look-up without fallback
    return held.get(msgid, held.get((msgid, 0), marker)) is not marker


def languages() -> tuple[str, ...]:
    """Return the languages a page should offer: English, then those with at least one translated text."""
    return TRANSLATED


@lru_cache
def language(code: str) -> Language:
    """Return a language by its code; raises SettingsError naming the codes there are."""
    if code not in LANGUAGES:
        raise SettingsError(f"Language {code!r} is not available. Give one of: {', '.join(LANGUAGES)}.")
    return Language(code, NullTranslations() if code == SOURCE_LANGUAGE else read_translations(code))


@lru_cache
def _conventions(code: str) -> Locale:
    from babel import Locale

    return Locale.parse(FORMATS.get(code, code))
