"""What a rule is, what it says of a month (a hit), and what reaches people (a signal)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from forefend.locale import Language
from forefend.panel.deaths import month_end
from forefend.signals.seen import Seen
from forefend.store import Figure

NOTICE, WARNING, ALARM = 1, 2, 3
SEVERITIES = {NOTICE: "notice", WARNING: "warning", ALARM: "alarm"}
COOL_DOWN_MONTHS = 6  # 180 days
REPEAT_MONTHS = 3  # within them not even a higher level repeats a signal, as it is about these months
RISE = 1.1  # times the level of the last signal: what counts as a higher level


@dataclass(frozen=True, kw_only=True)
class Hit:
    """A rule's condition met by a state in a month, or on a day within it.

    ``level`` says how far, in the rule's own unit, and ``spell`` which situation it belongs to: a new one is told as new.
    ``why`` is a sentence for people with what was ``said`` in it: numbers, dates, and texts, of which ``words`` names
    those that are translated themselves.
    """

    iso3: str
    month: date
    severity: int
    level: float
    why: str
    said: Mapping[str, object] = field(default_factory=dict)
    words: tuple[str, ...] = ()
    spell: int = 0
    day: date | None = None

    @property
    def sentence(self) -> str:
        """The reason with its numbers, in English."""
        return self.why % self.said

    def sentence_in(self, lang: Language) -> str:
        """The reason in a language."""
        said = {name: self._worded(name, value, lang) for name, value in self.said.items()}
        return lang.gettext(self.why, **said) if said else lang.gettext(self.why)

    def _worded(self, name: str, value: object, lang: Language) -> object:
        if isinstance(value, date):
            return lang.date(value)
        return lang.gettext(str(value)) if name in self.words else value


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A rule as its file declares it.

    ``watches`` and ``threshold`` are phrases for people. ``budget`` is how many signals a year are allowed: of a tested rule
    what its threshold gave on 2015-2021, of an untested one a limit that is kept. ``is_ahead``: it tells of what may come,
    not of what has happened. ``reads_deaths``: it looks at counts of deaths, which end earlier than other data.
    ``evidence`` makes the figures that fired a hit, the leading one first.
    """

    id: str
    title: str
    watches: str
    threshold: str
    budget: float
    is_tested: bool
    is_ahead: bool = False
    reads_deaths: bool = True
    hits: Callable[[Seen], Iterable[Hit]]
    evidence: Callable[[Seen, Hit], tuple[Figure, ...]]


@dataclass(frozen=True, kw_only=True)
class Signal:
    """What is told: the hit, the rule it comes from, and ``also``, ids of rules that met their condition meanwhile."""

    rule: Rule
    hit: Hit
    also: tuple[str, ...] = ()

    @property
    def severity(self) -> str:
        """The severity as a word."""
        return SEVERITIES[self.hit.severity]

    @property
    def day(self) -> date:
        """The day of the event, else the last day of the month that fired it."""
        return self.hit.day or month_end(self.hit.month)
