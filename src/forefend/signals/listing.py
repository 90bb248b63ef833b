"""All signals up to a day, and those that stand on it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from forefend.errors import ForecastError
from forefend.forecast.issued import stamp
from forefend.forecast.memory import remember
from forefend.panel.deaths import months_before
from forefend.signals.gate import let_through, months_between
from forefend.signals.model import COOL_DOWN_MONTHS, Signal
from forefend.signals.rules import rules
from forefend.signals.seen import FIRST, Seen, look
from forefend.store import Figure

EARLIEST = months_before(FIRST, -12)


def all_signals(seen: Seen) -> tuple[Signal, ...]:
    """Return every signal from January 2014 to what is seen; kept while the store and its ledger stay the same.

    Raises StoreError where the ledger is damaged, as one rule reads it.
    """
    key = ("signals", seen.as_of, stamp(seen.store))
    return remember(seen.store, key, lambda: let_through((rule, hit) for rule in rules().values() for hit in rule.hits(seen)))


def standing(seen: Seen, *, iso3: str = "") -> tuple[Signal, ...]:
    """Return the signals of the last 180 days, the newest and gravest first.

    Of what is read from deaths, these are the last 180 days before the newest month that is counted. Raises ForecastError
    for a day before 2015.
    """
    if seen.as_of < EARLIEST:
        raise ForecastError(f"Signals begin with {EARLIEST:%Y-%m}, when a year of cool-downs is known. Give that month or a later one.")
    today = seen.as_of.replace(day=1)
    found = [s for s in all_signals(seen) if _stands(s, seen.newest if s.rule.reads_deaths else today) and iso3 in {"", s.hit.iso3}]
    return tuple(sorted(found, key=lambda s: (-s.day.toordinal(), -s.hit.severity, s.rule.id, s.hit.iso3)))


def figures(seen: Seen, signals: Iterable[Signal]) -> list[tuple[Signal, tuple[Figure, ...]]]:
    """Return signals each with the figures that fired it, the leading one first."""
    return [(signal, signal.rule.evidence(seen, signal.hit)) for signal in signals]


def _stands(signal: Signal, newest: date) -> bool:
    return 0 <= months_between(signal.hit.month, newest) < COOL_DOWN_MONTHS


__all__ = ["all_signals", "figures", "look", "standing"]
