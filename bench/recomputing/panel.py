"""Second implementation of the forecasts' formulas: deaths by state and span as plain dictionaries."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from statistics import NormalDist
from typing import Any

from recomputing.basic import NoNumber, quantile

Row = dict[str, Any]
Spans = dict[str, list[float | None]]  # by state, oldest first; None: the span begins before the state is counted

FIRST_YEAR = 1989
MASS_KILLING = 1000  # deaths in a span
# Classes of a base year by the deaths of that year: at least, and fewer than.
CLASSES = {"none": (0, 1), "few": (1, 25), "some": (25, 250), "many": (250, MASS_KILLING)}
SPAN_CLASSES = (1, 25, 100, 250, 1000)  # each begins at so many deaths; below 1 is the class without deaths
CASES_NEEDED = 20


class Deaths:
    """Deaths by state and month, months counted from January 1989 (0) to the newest."""

    def __init__(self, rows: list[Row], panel: Row) -> None:
        self.states: list[str] = panel["states"].split()
        self.n_months = month_number(date.fromisoformat(panel["newest"] + "-01")) + 1
        self.first = {iso3: 12 * (panel["since"].get(iso3, FIRST_YEAR) - FIRST_YEAR) for iso3 in self.states}
        self.cells: dict[tuple[str, int], float] = defaultdict(float)
        for row in rows:
            month = month_number(row["start"])
            if row["iso3"] in self.first and row["value"] is not None and month < self.n_months:
                self.cells[row["iso3"], month] += row["value"]

    def months(self, iso3: str, begin: int, end: int) -> list[float] | None:
        """Return the deaths of months ``begin`` to before ``end``; None where the state is not counted in all of them."""
        if begin < self.first[iso3]:
            return None
        return [self.cells.get((iso3, month), 0.0) for month in range(begin, end)]

    def spans(self) -> Spans:
        """Return the sums of twelve months each, counted back from the newest month."""
        begins = range(self.n_months % 12, self.n_months, 12)
        found: Spans = {}
        for iso3 in self.states:
            parts = [self.months(iso3, begin, begin + 12) for begin in begins]
            found[iso3] = [None if part is None else math.fsum(part) for part in parts]
        return found


def month_number(day: date) -> int:
    """Return how many months after January 1989 a day lies."""
    return 12 * (day.year - FIRST_YEAR) + day.month - 1


def class_cases(inputs: list[list[Row]], params: Row) -> list[bool]:
    """Return, for every country-year of a class whose two following years are known, whether an onset followed.

    An onset is a year with 1,000 deaths or more after three years that each had fewer; a year in which the
    state is not counted had fewer. The first base year is the third of all, as three years before the year
    after it must be known.
    """
    found = []
    for deaths in Deaths(inputs[0], params["panel"]).spans().values():
        is_mass = [value is not None and value >= MASS_KILLING for value in deaths]

        onsets = {year for year in range(3, len(deaths)) if is_mass[year] and not any(is_mass[year - 3 : year])}
        known = [year for year in range(2, len(deaths) - 2) if deaths[year] is not None]
        alike = [year for year in known if params["death_class"] in ("all", class_of(deaths, year))]
        found += [bool(onsets & {year + 1, year + 2}) for year in alike]
    return found


def class_of(deaths: list[float | None], year: int) -> str:
    """Return the class of a base year: apart when it or the year before was above the line, else by its deaths."""
    if any(value is not None and value >= MASS_KILLING for value in deaths[year - 1 : year + 1]):
        return "under_way"
    value = deaths[year]
    return next(name for name, (low, high) in CLASSES.items() if value is not None and low <= value < high)


def wilson(inputs: list[list[Row]], *, side: int) -> float:
    """Return an end of Wilson's 90 % interval: a root of (p - x)² = z² x (1 - x) / n, with n half the trials."""
    hits, trials = (rows[0]["value"] for rows in inputs)
    if not trials:
        raise NoNumber("not defined: division by 0")
    p, ratio = hits / trials, NormalDist().inv_cdf(0.95) ** 2 / (trials / 2)
    a, b, c = 1 + ratio, -(2 * p + ratio), p * p
    return min(1.0, max(0.0, (-b + side * math.sqrt(max(0.0, b * b - 4 * a * c))) / (2 * a)))


def span_class(deaths: float) -> int:
    """Return how many of the class limits the deaths of a span reach, 0 for none."""
    return sum(deaths >= limit - 0.5 for limit in SPAN_CLASSES)


class NextSpan:
    """What followed past spans, by class: as it was after a quiet span, else as a multiple of the span before."""

    def __init__(self, spans: Spans, *, until: int) -> None:
        """Learn from the first ``until`` spans alone."""
        followed: dict[int, list[float]] = defaultdict(list)
        for deaths in spans.values():
            for before, after in pairwise(deaths[:until]):
                if before is not None and after is not None:
                    kind = span_class(before)
                    followed[kind].append(after / before if kind else after)
        self.followed = {kind: sorted(values) for kind, values in followed.items()}

    def quantile(self, last: float | None, q: float) -> float | None:
        """Return a quantile of the span after one with ``last`` deaths; None where too few past spans are alike."""
        if last is None:
            return None
        alike = self.followed.get(span_class(last), [])
        if len(alike) < CASES_NEEDED:
            return None
        return quantile(alike, q) * (last if span_class(last) else 1)


def next_span_quantile(inputs: list[list[Row]], params: Row) -> float:
    """Return a quantile of the twelve months after the newest."""
    spans = Deaths(inputs[0], params["panel"]).spans()
    own = spans[params["iso3"]]
    value = NextSpan(spans, until=len(own)).quantile(own[-1], params["q"])
    if value is None:
        raise NoNumber("not monitored")
    return value


def months_ahead(inputs: list[list[Row]], params: Row) -> list[tuple[float, list[float]]]:
    """Return each later month's deaths with the twelve months before its origin.

    Origins lie 12, 24, ... months before the newest month. Cases are the states in ``only``, or, with none
    named, those with deaths in the twelve months before.
    """
    deaths = Deaths(inputs[0], params["panel"])
    found = []
    for back in range(1, params["origins"] + 1):
        origin = deaths.n_months - 12 * back
        for iso3 in deaths.states:
            before = deaths.months(iso3, origin - 12, origin)
            ahead = deaths.months(iso3, origin, origin + 12)
            if before is not None and ahead is not None and is_case(iso3, sum(before), params):
                found += [(value, before) for value in ahead]
    return some(found)


def spans_ahead(inputs: list[list[Row]], params: Row, *quantiles: float) -> list[tuple[float, list[float]]]:
    """Return each later span's deaths with quantiles of the forecast made from earlier spans alone; cases as for months."""
    spans = Deaths(inputs[0], params["panel"]).spans()
    n_spans = len(next(iter(spans.values())))
    found = []
    for back in range(1, params["origins"] + 1):
        learnt = NextSpan(spans, until=n_spans - back)
        for iso3, before, outcome in _pairs(spans, place=n_spans - back):
            if is_case(iso3, before, params):
                bounds = [learnt.quantile(before, q) for q in quantiles or (0.5,)]
                if None not in bounds:
                    found.append((outcome, [bound for bound in bounds if bound is not None]))
    return some(found)


def _pairs(spans: Spans, *, place: int) -> Iterator[tuple[str, float, float]]:
    for iso3, deaths in spans.items():
        before, outcome = deaths[place - 1], deaths[place]
        if before is not None and outcome is not None:
            yield iso3, before, outcome


def is_case(iso3: str, deaths_before: float, params: Row) -> bool:
    """Tell whether a state is tested at an origin."""
    return iso3 in params["only"] if params["only"] else deaths_before > 0


def some(cases: list[tuple[float, list[float]]]) -> list[tuple[float, list[float]]]:
    """Return cases; raises NoNumber where there are none."""
    if not cases:
        raise NoNumber("no deaths in the months before")
    return cases
