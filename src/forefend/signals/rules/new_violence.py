"""Killings in a state that had seen none for years."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from forefend.locale import N_
from forefend.signals.matrix import deaths_figure, hits_where, whole
from forefend.signals.measures import last
from forefend.signals.model import WARNING, Hit, Rule
from forefend.signals.seen import Seen
from forefend.store import Figure

QUIET_MONTHS = 60
RECENT_MONTHS = 3
DEATHS = 10
WHY = N_("%(deaths)s killed in one-sided violence in three months, after none in the five years before")


def hits(seen: Seen) -> Iterator[Hit]:
    """Yield months with enough deaths after five years without any; a state counted for fewer years is left out."""
    deaths = seen.deaths()
    recent = last(deaths, RECENT_MONTHS)
    before = np.pad(last(deaths, QUIET_MONTHS), ((0, 0), (RECENT_MONTHS, 0)))[:, : deaths.shape[1]]
    counted = last((~np.isnan(deaths)).astype(float), QUIET_MONTHS + RECENT_MONTHS) == QUIET_MONTHS + RECENT_MONTHS
    fired = (recent >= DEATHS) & (before == 0) & counted
    return hits_where(
        seen, fired, level=recent, severity=WARNING, why=WHY, said=lambda state, column: {"deaths": whole(recent[state, column])}
    )


def evidence(seen: Seen, hit: Hit) -> tuple[Figure, ...]:
    """Return the deaths of the last three months, and of the five years with them."""
    return (deaths_figure(seen, hit, months=RECENT_MONTHS), deaths_figure(seen, hit, months=QUIET_MONTHS + RECENT_MONTHS))


RULE = Rule(
    id="new_violence",
    title=N_("New violence in a calm country"),
    watches=N_("deaths in one-sided violence in a state without any for five years"),
    threshold=N_("10 killed in three months"),
    budget=1,
    is_tested=True,
    hits=hits,
    evidence=evidence,
)
