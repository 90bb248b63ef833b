"""The mandate of a mission, investigation or embargo ends within 90 days in a state where civilians are killed."""

from __future__ import annotations

from collections.abc import Iterator

from forefend.locale import N_
from forefend.signals.ahead import statements_known, within_reach
from forefend.signals.matrix import deaths_figure, known_deaths, whole
from forefend.signals.model import NOTICE, Hit, Rule
from forefend.signals.seen import Seen
from forefend.store import Figure

DEATHS = 100
WHY = N_("%(what)s ends or is renewed by %(date)s, in a state where %(deaths)s were killed in one-sided violence in twelve months")


def hits(seen: Seen) -> Iterator[Hit]:
    """Yield mandates by the month in which their end comes within 90 days."""
    for kind in ("mandate", "mandate_renewal"):
        for mandate in statements_known(seen, kind):
            if mandate.status == "ended":
                continue
            for month in within_reach(seen, mandate.end):
                deaths = known_deaths(seen, mandate.iso3, month)
                if deaths >= DEATHS:
                    said = {"what": mandate.key, "date": mandate.date_text, "deaths": whole(deaths)}
                    yield Hit(iso3=mandate.iso3, month=month, severity=NOTICE, level=deaths, why=WHY, said=said)


def evidence(seen: Seen, hit: Hit) -> tuple[Figure, ...]:
    """Return the deaths of twelve months."""
    return (deaths_figure(seen, hit, months=12),)


RULE = Rule(
    id="triggers_ahead",
    title=N_("A mandate ends"),
    watches=N_("mandates about a state in the register, and deaths in one-sided violence"),
    threshold=N_("an end within 90 days, after 100 deaths in twelve months"),
    budget=1,
    is_tested=False,
    is_ahead=True,
    reads_deaths=False,
    hits=hits,
    evidence=evidence,
)
