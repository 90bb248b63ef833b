"""Signals that stand, as pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from forefend.errors import ForecastError, NotLoaded, StoreError
from forefend.locale import N_
from forefend.signals.listing import figures, look, standing
from forefend.signals.model import ALARM, NOTICE, WARNING, Rule, Signal
from forefend.signals.rules import rules
from forefend.store import Figure
from forefend.web.design.page import Page

WORDS = {NOTICE: N_("notice"), WARNING: N_("warning"), ALARM: N_("alarm")}
MEANT = {
    NOTICE: N_("look, when there is time"),
    WARNING: N_("look this week"),
    ALARM: N_("look today"),
}


@dataclass(frozen=True, kw_only=True)
class Line:
    """A signal in words, with the figures that fired it, the leading one first."""

    signal: Signal
    iso3: str
    severity: str
    step: int
    title: str
    sentence: str
    day: date
    also: tuple[str, ...]
    evidence: tuple[Figure, ...]

    @property
    def rule(self) -> Rule:
        """The rule it comes from."""
        return self.signal.rule


def lines(page: Page, *, iso3: str = "", gravest: int | None = None) -> tuple[list[Line], int]:
    """Return the signals that stand, newest first, or so many of the ``gravest``, and how many there are in all.

    Raises NotLoaded, ForecastError and StoreError.
    """
    seen = look(page.bench.store, as_of=page.bench.today)
    found = standing(seen, iso3=iso3)
    count = len(found)
    if gravest is not None:
        found = tuple(sorted(found, key=lambda signal: -signal.hit.severity))[:gravest]
    return [_line(page, signal, evidence) for signal, evidence in figures(seen, found)], count


def signals_page(page: Page) -> dict[str, Any]:
    """Return every signal that stands, and the rules they come from."""
    named = [{"rule": rule, "title": page.lang.gettext(rule.title)} for rule in rules().values()]
    try:
        found, count = lines(page)
        newest = look(page.bench.store, as_of=page.bench.today).newest
    except (NotLoaded, ForecastError, StoreError) as refusal:
        return {"refusal": str(refusal), "rules": named}
    return {
        "lines": found,
        "n": count,
        "newest": newest,
        "rules": named,
        "counts": [
            (page.lang.gettext(word), page.lang.gettext(MEANT[step]), sum(line.step == step for line in found))
            for step, word in sorted(WORDS.items(), reverse=True)
        ],
    }


def _line(page: Page, signal: Signal, evidence: tuple[Figure, ...]) -> Line:
    lang, known = page.lang, rules()
    return Line(
        signal=signal,
        iso3=signal.hit.iso3,
        severity=lang.gettext(WORDS[signal.hit.severity]),
        step=signal.hit.severity,
        title=lang.gettext(signal.rule.title),
        sentence=signal.hit.sentence_in(lang),
        day=signal.day,
        also=tuple(lang.gettext(known[identifier].title) for identifier in signal.also if identifier in known),
        evidence=evidence,
    )
