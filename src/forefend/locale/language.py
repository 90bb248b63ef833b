"""One language: its texts, and the one formatter for numbers, ranges, dates and codes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date as Day  # noqa: N812 - Language has methods of these names
from functools import cache
from pathlib import Path

from babel import Locale
from babel.dates import format_date
from babel.messages.catalog import Catalog as Messages
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.plural import PluralRule

from forefend.errors import SettingsError
from forefend.locale.direction import isolate

HERE = Path(__file__).parent
DOMAIN = "forefend"
THIN_SPACE = "\u202f"  # narrow, not broken: between a number and its sign
EN_DASH = "\u2013"
MINUS = "\u2212"
UNREVIEWED = "unreviewed"


def languages() -> tuple[str, ...]:
    """Return the codes of all languages there are, read from the folders of this room; English first."""
    return ("en", *sorted(path.parts[-3] for path in HERE.glob(f"*/LC_MESSAGES/{DOMAIN}.po")))


@cache
def language(code: str) -> Language:
    """Return a language by its code; raises SettingsError naming the ones there are."""
    if code not in languages():
        raise SettingsError(f"There is no language {code!r}. Known languages: {', '.join(languages())}.")
    return Language(code=code)


@dataclass(frozen=True)
class Language:
    """A language a reader reads. Digits are always 0-9; in right-to-left text every number is isolated."""

    code: str

    @property
    def is_rtl(self) -> bool:
        """Whether the script runs from right to left."""
        return bool(Locale.parse(self.code).text_direction == "rtl")

    @property
    def direction(self) -> str:
        """``ltr`` or ``rtl``, as HTML wants it."""
        return "rtl" if self.is_rtl else "ltr"

    def gettext(self, message: str, **params: object) -> str:
        """Translate a text with named placeholders; English where there is no translation."""
        return self._fill(_texts(self.code).get(message, message), params)

    def ngettext(self, one: str, many: str, number: int, **params: object) -> str:
        """Translate a text that depends on a count."""
        forms = _plurals(self.code).get(one)
        if forms is None:
            return self._fill(one if number == 1 else many, params)
        return self._fill(forms[_plural_index(self.code, number)], params)

    def has(self, message: str) -> bool:
        """Tell whether a text can be shown in this language."""
        return self.code == "en" or message in _texts(self.code)

    def is_reviewed(self, message: str) -> bool:
        """Tell whether a person reviewed the translation of a text."""
        return message not in _unreviewed(self.code)

    def isolate(self, text: object) -> str:
        """Protect a name or other text of unknown direction."""
        return isolate(str(text)) if self.is_rtl else str(text)

    def code_text(self, text: object) -> str:
        """Protect a code, an address or a number that is already formatted."""
        return isolate(str(text), is_left_to_right=True) if self.is_rtl else str(text)

    def number(self, value: float, decimals: int = 0) -> str:
        """Write a number with thousands parted: 2,032."""
        return self.code_text(self._digits(value, decimals))

    def range(self, low: float, high: float, decimals: int = 0) -> str:
        """Write a range, the lower end first: 0.22–0.55."""
        return self.code_text(f"{self._digits(low, decimals)}{EN_DASH}{self._digits(high, decimals)}")

    def percent(self, share: float, decimals: int = 0) -> str:
        """Write a share of 1 as per cent: 80 %."""
        return self.code_text(f"{self._digits(100 * share, decimals)}{THIN_SPACE}%")

    def percent_range(self, low: float, high: float, decimals: int = 0) -> str:
        """Write a range of shares as per cent: 4.8–10.8 %."""
        return self.code_text(f"{self._digits(100 * low, decimals)}{EN_DASH}{self._digits(100 * high, decimals)}{THIN_SPACE}%")

    def year_range(self, first: int, last: int) -> str:
        """Write a span of years: 2022–2024."""
        return self.code_text(f"{first}{EN_DASH}{last}")

    def date(self, day: Day) -> str:
        """Write a day: 24 November 2026."""
        return self.isolate(format_date(day, "d MMMM y", locale=self.code))

    def month(self, day: Day) -> str:
        """Write a month: December 2024."""
        return self.isolate(format_date(day, "MMMM y", locale=self.code))

    def _digits(self, value: float, decimals: int) -> str:
        pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
        text = str(format_decimal(round(value, decimals) + 0.0, format=pattern, locale="en"))
        return text.replace("-", MINUS)

    def _fill(self, text: str, params: dict[str, object]) -> str:
        if not params:
            return text
        return text % {name: self.isolate(value) for name, value in params.items()}


def _messages(code: str) -> Messages:
    with (HERE / code / "LC_MESSAGES" / f"{DOMAIN}.po").open("rb") as stream:
        return read_po(stream, locale=code)


@cache
def _loaded(code: str) -> tuple[dict[str, str], dict[str, tuple[str, ...]], frozenset[str]]:
    if code == "en":
        return {}, {}, frozenset()
    singular: dict[str, str] = {}
    plural: dict[str, tuple[str, ...]] = {}
    unreviewed = set()
    for message in _messages(code):
        if not message.id or message.fuzzy:
            continue
        first = message.id if isinstance(message.id, str) else message.id[0]
        if isinstance(message.string, str) and message.string:
            singular[first] = message.string
        elif isinstance(message.string, tuple | list) and all(message.string):
            plural[first] = tuple(message.string)
        if UNREVIEWED in message.user_comments:
            unreviewed.add(first)
    return singular, plural, frozenset(unreviewed)


def _texts(code: str) -> dict[str, str]:
    return _loaded(code)[0]


def _plurals(code: str) -> dict[str, tuple[str, ...]]:
    return _loaded(code)[1]


def _unreviewed(code: str) -> frozenset[str]:
    return _loaded(code)[2]


def _plural_index(code: str, number: int) -> int:
    if code == "ar":  # the six forms of Arabic, in gettext's order
        if number in (0, 1, 2):
            return number
        if 3 <= number % 100 <= 10:
            return 3
        return 4 if 11 <= number % 100 <= 99 else 5
    rule: PluralRule = Locale.parse(code).plural_form
    return 0 if rule(number) == "one" else 1
