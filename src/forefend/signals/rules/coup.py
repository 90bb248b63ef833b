"""A coup, or an attempt at one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from forefend.errors import NotLoaded
from forefend.locale import N_
from forefend.panel.deaths import month_end
from forefend.signals.matrix import deaths_figure
from forefend.signals.model import ALARM, WARNING, Hit, Rule
from forefend.signals.seen import FIRST, Seen
from forefend.store import Figure, compute, observations

ATTEMPTS, SUCCESSES = "coup_attempts", "coup_successes"
DONE, TRIED = N_("A coup succeeded"), N_("A coup was attempted")
LONGEST_DAYS = 31  # rows by year cannot say when, and fire nothing


def hits(seen: Seen) -> Iterator[Hit]:
    """Yield months with an attempt; nothing where no list by month is loaded."""
    try:
        rows = seen.store.read(observations((ATTEMPTS, SUCCESSES), start=FIRST, end=month_end(seen.as_of)), as_of=seen.as_of).frame
    except NotLoaded:
        return
    found: dict[tuple[str, date], dict[str, float]] = {}
    for iso3, indicator, start, end, value in rows.select("iso3", "indicator", "start", "end", "value").iter_rows():
        if value and (end - start).days < LONGEST_DAYS:
            found.setdefault((iso3, start.replace(day=1)), {})[indicator] = value
    for (iso3, month), counts in sorted(found.items()):
        succeeded = SUCCESSES in counts
        yield Hit(
            iso3=iso3,
            month=month,
            severity=ALARM if succeeded else WARNING,
            level=2.0 if succeeded else 1.0,
            why=DONE if succeeded else TRIED,
        )


def evidence(seen: Seen, hit: Hit) -> tuple[Figure, ...]:
    """Return the attempts of the month, and deaths of the twelve months before."""
    query = observations(ATTEMPTS, iso3=hit.iso3, start=hit.month, end=month_end(hit.month))
    attempts = compute(
        seen.store,
        label=N_("Coup attempts"),
        unit="attempts",
        formula="total",
        inputs=[query],
        period=f"{hit.month:%Y-%m}",
        as_of=seen.as_of,
    )
    return (attempts, deaths_figure(seen, hit, months=12))


RULE = Rule(
    id="coup",
    title=N_("Coup"),
    watches=N_("coup attempts by the military or others of the state"),
    threshold=N_("any attempt; a successful one is an alarm"),
    budget=2,
    is_tested=True,
    reads_deaths=False,
    hits=hits,
    evidence=evidence,
)
