"""The deaths of twelve months pass a line for the first time in three years."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from forefend.forecast.history import Matrix
from forefend.locale import N_
from forefend.signals.matrix import deaths_figure, hits_where, whole
from forefend.signals.measures import highest, last
from forefend.signals.model import ALARM, NOTICE, WARNING, Hit, Rule
from forefend.signals.seen import Seen
from forefend.store import Figure

LINES = {25: NOTICE, 100: WARNING, 1000: ALARM}  # the three lines, each with its severity
TOLD = (100, 1000)  # those within the budget; 25 is left to the rule escalation_in_sight, which tells before it is passed
BEFORE = 36
WHY = N_("%(deaths)s killed in one-sided violence in twelve months, the first time in three years that %(line)s was passed")


def hits(seen: Seen) -> Iterator[Hit]:
    """Yield the month in which a line is passed, at the highest line of that month."""
    year = last(seen.deaths(), 12)
    line = passed(year)
    severity = np.select([line == number for number in LINES], list(LINES.values()), default=0)
    return hits_where(
        seen,
        line > 0,
        level=line,
        severity=severity.astype(float),
        why=WHY,
        said=lambda state, column: {"deaths": whole(year[state, column]), "line": whole(line[state, column])},
    )


def passed(year: Matrix) -> Matrix:
    """Return the highest line newly passed, by state and month, else 0."""
    before = np.pad(highest(year, BEFORE), ((0, 0), (1, 0)))[:, :-1]
    found = np.zeros(year.shape)
    for line in TOLD:
        found[(year >= line) & (before < line)] = line
    return found


def evidence(seen: Seen, hit: Hit) -> tuple[Figure, ...]:
    """Return the deaths of the last twelve months."""
    return (deaths_figure(seen, hit, months=12), deaths_figure(seen, hit, months=3))


RULE = Rule(
    id="threshold",
    title=N_("A line is passed"),
    watches=N_("deaths in one-sided violence in twelve months"),
    threshold=N_("100 or 1,000, for the first time in three years"),
    budget=2,
    is_tested=True,
    hits=hits,
    evidence=evidence,
)
