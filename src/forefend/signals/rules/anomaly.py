"""Far more killed than a state's own five years before would lead one to expect."""

from __future__ import annotations

from collections.abc import Iterator

from forefend.locale import N_
from forefend.panel.deaths import month_end, months_before, window_query
from forefend.signals import formulas  # noqa: F401 - registers the formula named below
from forefend.signals.matrix import deaths_figure, hits_where, whole
from forefend.signals.measures import REACH, last
from forefend.signals.model import WARNING, Hit, Rule
from forefend.signals.seen import Seen
from forefend.signals.unusual import rarity
from forefend.store import Figure, compute

RARITY = 8.0
WHY = N_("%(deaths)s killed in one-sided violence in six months: by the five years before, a chance of 1 in %(odds)s")
LABEL = N_("How unusual recent deaths are, as minus the decimal logarithm of their chance")


def hits(seen: Seen) -> Iterator[Hit]:
    """Yield months rarer than the threshold in a window of one, three or six months."""
    deaths = seen.deaths()
    rare, recent = rarity(deaths), last(deaths, 6)
    return hits_where(
        seen,
        rare >= RARITY,
        level=rare,
        severity=WARNING,
        why=WHY,
        said=lambda state, column: {"deaths": whole(recent[state, column]), "odds": whole(10 ** min(rare[state, column], 12.0))},
    )


def evidence(seen: Seen, hit: Hit) -> tuple[Figure, ...]:
    """Return the rarity, then deaths of the last month and of six."""
    first = months_before(hit.month, REACH - 1)
    query = window_query(seen.store, kind="os", start=first, end=month_end(hit.month), iso3=hit.iso3, as_of=seen.as_of)
    params = {"month": f"{hit.month:%Y-%m}"}
    rare = compute(seen.store, label=LABEL, unit="", formula="months_rarity", inputs=[query], params=params, period=params["month"])
    return (rare, deaths_figure(seen, hit, months=1), deaths_figure(seen, hit, months=6))


RULE = Rule(
    id="anomaly",
    title=N_("Unusual by the country's own past"),
    watches=N_("deaths in one-sided violence in the last one, three and six months against the five years before"),
    threshold=N_("a chance of 1 in 100 million or less by a negative binomial distribution"),
    budget=1,
    is_tested=True,
    hits=hits,
    evidence=evidence,
)
