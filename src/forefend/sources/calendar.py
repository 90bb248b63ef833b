"""When a publisher's next release is expected, read from the first words of ``cadence`` in ``source.yaml``."""

from __future__ import annotations

from datetime import date

from dateutil.relativedelta import relativedelta

# The first words of a cadence → the usual distance between releases; None where none can be told or none will come.
CADENCES: dict[str, relativedelta | None] = {
    "continuous": relativedelta(days=7),
    "every 15 minutes": relativedelta(days=1),
    "daily": relativedelta(days=1),
    "weekly": relativedelta(days=7),
    "monthly": relativedelta(months=1),
    "quarterly": relativedelta(months=3),
    "about every three months": relativedelta(months=3),
    "every six months": relativedelta(months=6),
    "with each session": relativedelta(months=6),
    "yearly": relativedelta(years=1),
    "every two years": relativedelta(years=2),
    "after each": None,
    "irregular": None,
    "ended": None,
    "when a fact is checked or changes": None,
}


def interval_of(cadence: str) -> relativedelta | None:
    """Return the usual distance between two releases; raises KeyError for words this calendar does not know."""
    found = max((words for words in CADENCES if cadence.lower().startswith(words)), key=len, default=None)
    if found is None:
        raise KeyError(cadence)
    return CADENCES[found]


def next_expected(cadence: str, *, published: date) -> date | None:
    """Return the day by which the release after one of that day is expected; None where none can be told."""
    interval = interval_of(cadence)
    return None if interval is None else published + interval
