"""Decides which hits reach people: cool-downs, one signal for what several rules say at once, and the budget of untested rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from forefend.signals.model import COOL_DOWN_MONTHS, REPEAT_MONTHS, RISE, Hit, Rule, Signal

YEAR = 12
UNTESTED_A_YEAR = 4  # of the 40 a year in all; the others are what tested rules gave on 2015-2021


@dataclass(kw_only=True)
class _Told:
    """What was told so far: signals in order, and the places of the newest ones by state, and by rule and state."""

    signals: list[Signal] = field(default_factory=list)
    by_state: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    by_rule: dict[tuple[str, str], Hit] = field(default_factory=dict)
    months: dict[str, list[date]] = field(default_factory=lambda: defaultdict(list))
    untested: set[str] = field(default_factory=set)

    def add(self, rule: Rule, hit: Hit) -> None:
        if not rule.is_tested:
            self.untested.add(rule.id)
        self.by_state[hit.iso3].append(len(self.signals))
        self.by_rule[rule.id, hit.iso3] = hit
        self.months[rule.id].append(hit.month)
        self.signals.append(Signal(rule=rule, hit=hit))

    def note(self, rule: Rule, place: int) -> None:
        told = self.signals[place]
        if rule.id != told.rule.id and rule.id not in told.also:
            self.signals[place] = replace(told, also=(*told.also, rule.id))

    def has_budget(self, rule: Rule, month: date) -> bool:
        """Whether an untested rule, and untested rules together, have told less than they may within a year."""
        others = [told for name in self.untested for told in self.months[name]]
        limits = ((self.months[rule.id], rule.budget), (others, UNTESTED_A_YEAR))
        return all(sum(months_between(told, month) < YEAR for told in months) < limit for months, limit in limits)

    def standing(self, hit: Hit, *, rule: Rule) -> int | None:
        """Return the place of another rule's signal on the state that is as severe and still stands.

        It stands for 180 days for what has happened, which confirms it, and for 90 days for what lies ahead.
        """
        reach = REPEAT_MONTHS if rule.is_ahead else COOL_DOWN_MONTHS
        for place in reversed(self.by_state[hit.iso3]):
            told = self.signals[place]
            if months_between(told.hit.month, hit.month) >= reach:
                return None
            if told.rule.id != rule.id and told.hit.severity >= hit.severity:
                return place
        return None


def let_through(hits: Iterable[tuple[Rule, Hit]]) -> tuple[Signal, ...]:
    """Return the signals in order of month; what comes later never changes what was told before, but for ``also``."""
    told = _Told()
    ordered = sorted(hits, key=_order)
    for rule, hit in ordered:
        if not _is_due(told.by_rule.get((rule.id, hit.iso3)), hit):
            continue
        place = told.standing(hit, rule=rule)
        if place is not None:
            told.note(rule, place)
        elif rule.is_tested or told.has_budget(rule, hit.month):
            told.add(rule, hit)
    return tuple(told.signals)


def _order(pair: tuple[Rule, Hit]) -> tuple[object, ...]:
    """By month; within one the gravest first, then tested rules, the one that tells most often before others."""
    rule, hit = pair
    return (hit.month, -hit.severity, not rule.is_tested, -rule.budget, rule.id, -hit.level, hit.iso3)


def months_between(first: date, later: date) -> int:
    """Return how many calendar months lie between two months."""
    return (later.year - first.year) * 12 + later.month - first.month


def _is_due(before: Hit | None, hit: Hit) -> bool:
    """180 days after the rule's last signal on the state; after 90, where the level has risen or the situation is a new one."""
    if before is None:
        return True
    since = months_between(before.month, hit.month)
    is_new = hit.spell != before.spell or hit.level >= RISE * before.level
    return since >= COOL_DOWN_MONTHS or (since >= REPEAT_MONTHS and is_new)
