"""How a figure's value is written, by its unit, and how a missing one is said."""

from __future__ import annotations

from forefend.locale import N_, Language
from forefend.store import Figure

# Units in which a figure is a share of 1 and is read in per cent.
SHARES = frozenset({"share", "probability", "chance", "agreement"})
# Units in which 1 says that something is held and 0 that it is not.
HELD = frozenset({"border", "lever", "seat", "treaty"})
WHOLE = frozenset({
    "active-duty personnel", "cases in force", "country-years", "deaths", "onsets", "organisations", "people", "percentile", "pledges",
    "rows", "states", "treaties",
})  # fmt: skip
MISSING = {
    "not monitored": N_("not monitored"),
    "too old": N_("too old"),
    "no record": N_("no record"),
    "outside coverage": N_("outside coverage"),
    "not issued": N_("not issued"),
}
NOT_LOADED = "not loaded: fetch "


def value_text(figure: Figure, lang: Language, *, decimals: int | None = None, form: str = "") -> str:
    """Write a figure's value as a reader reads it; where there is none, the reason.

    ``form`` plain writes a share as a number between 0 and 1, as scales of 0-1 are read.
    """
    if figure.value is None:
        return missing_text(figure.missing, lang)
    if figure.unit in HELD:
        return lang.gettext("yes") if figure.value else lang.gettext("no")
    if form == "plain":
        return lang.number(figure.value, 2 if decimals is None else decimals)
    if figure.unit in SHARES:
        return lang.percent(figure.value, _share_decimals(figure.value) if decimals is None else decimals)
    return lang.number(figure.value, _decimals(figure) if decimals is None else decimals)


def interval_text(figure: Figure, lang: Language, *, decimals: int | None = None) -> str:
    """Write the bounds of a figure, or nothing where it has none."""
    if figure.low is None or figure.high is None:
        return ""
    if figure.unit in SHARES:
        return lang.percent_range(figure.low, figure.high, _share_decimals(figure.high) if decimals is None else decimals)
    return lang.range(figure.low, figure.high, _decimals(figure) if decimals is None else decimals)


def points_text(difference: float, lang: Language) -> str:
    """Write a difference of shares of 1 in percentage points with its sign; a difference that rounds to 0 has none."""
    rounded = round(100 * difference, 1)
    sign = "" if rounded == 0 else "+" if rounded > 0 else "−"
    return lang.code_text(sign + lang.number(abs(rounded), 1))


def missing_text(reason: str, lang: Language) -> str:
    """Say why there is no number."""
    if reason.startswith(NOT_LOADED):
        return lang.gettext("not loaded: fetch %(source)s", source=lang.code_text(reason.removeprefix(NOT_LOADED)))
    return lang.gettext(MISSING.get(reason, reason))


def _share_decimals(value: float) -> int:
    """One decimal for chances under a tenth, where whole per cents would hide the difference."""
    return 1 if abs(value) < 0.0995 and value != 0 else 0


def _decimals(figure: Figure) -> int:
    value = abs(figure.value or 0.0)
    if figure.unit in WHOLE or value >= 100 or value == int(value):
        return 0
    return 1 if value >= 10 else 2
