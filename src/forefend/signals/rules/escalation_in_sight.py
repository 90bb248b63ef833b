"""A calm state whose past counts give a high chance of 25 deaths within three months."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from forefend.locale import N_
from forefend.panel.deaths import month_end, months_before, window_query
from forefend.signals import formulas  # noqa: F401 - registers the formula named below
from forefend.signals.chance import escalation_chance
from forefend.signals.matrix import deaths_figure, hits_where, whole
from forefend.signals.measures import REACH, is_calm, spells
from forefend.signals.model import WARNING, Hit, Rule
from forefend.signals.seen import KINDS, Seen
from forefend.store import Figure, compute

CHANCE = 0.175
WHY = N_(
    "A chance of %(chance)s %% that 25 or more are killed in one-sided violence within three months, after fewer than 25 in the last three"
)
LABEL = N_("Chance of 25 deaths in one-sided violence within three months")


def hits(seen: Seen) -> Iterator[Hit]:
    """Yield every calm state and month whose chance reaches the threshold."""
    deaths = seen.deaths()
    chance = np.nan_to_num(escalation_chance(deaths, seen.deaths("sb"), seen.deaths("ns")))
    fired = is_calm(deaths) & (chance >= CHANCE)
    return hits_where(
        seen,
        fired,
        level=chance,
        severity=WARNING,
        why=WHY,
        said=lambda state, column: {"chance": whole(100 * chance[state, column])},
        spell=spells(deaths),
    )


def evidence(seen: Seen, hit: Hit) -> tuple[Figure, ...]:
    """Return the chance, then deaths of the last three and twelve months."""
    first = months_before(hit.month, REACH - 1)
    queries = [
        window_query(seen.store, kind=kind, start=first, end=month_end(hit.month), iso3=hit.iso3, as_of=seen.as_of) for kind in KINDS
    ]
    params = {"month": f"{hit.month:%Y-%m}"}
    chance = compute(
        seen.store, label=LABEL, unit="chance", formula="escalation_logit", inputs=queries, params=params, period=params["month"]
    )
    return (chance, deaths_figure(seen, hit, months=3), deaths_figure(seen, hit, months=12))


RULE = Rule(
    id="escalation_in_sight",
    title=N_("Escalation in sight"),
    watches=N_("deaths of all three kinds of organised violence in a calm state, over ten years"),
    threshold=N_("a chance of 17.5 % or more that 25 are killed within three months"),
    budget=30,
    is_tested=True,
    is_ahead=True,
    hits=hits,
    evidence=evidence,
)
