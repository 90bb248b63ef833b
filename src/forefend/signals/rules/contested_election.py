"""A national election within 90 days in a state with organised violence."""

from __future__ import annotations

from collections.abc import Iterator

from forefend.locale import N_
from forefend.signals.ahead import statements_known, within_reach
from forefend.signals.matrix import deaths_figure, known_deaths, whole
from forefend.signals.model import NOTICE, Hit, Rule
from forefend.signals.seen import KINDS, Seen
from forefend.store import Figure

DEATHS = 100
DATED = ("set", "held", "expected", "due by rule")
WHY = N_("An election (%(what)s, %(date)s, %(status)s) in a state where %(deaths)s were killed in organised violence in twelve months")


def hits(seen: Seen) -> Iterator[Hit]:
    """Yield elections by the month in which they come within 90 days; a date that is not set says what it rests on."""
    for election in statements_known(seen, "election"):
        if election.plain_status not in DATED:
            continue
        for month in within_reach(seen, election.start):
            deaths = known_deaths(seen, election.iso3, month, kinds=KINDS)
            if deaths >= DEATHS:
                said = {"what": election.key, "date": election.date_text, "status": election.plain_status, "deaths": whole(deaths)}
                yield Hit(iso3=election.iso3, month=month, severity=NOTICE, level=deaths, why=WHY, said=said)


def evidence(seen: Seen, hit: Hit) -> tuple[Figure, ...]:
    """Return the deaths of twelve months by kind."""
    return tuple(deaths_figure(seen, hit, months=12, kind=kind) for kind in KINDS)


RULE = Rule(
    id="contested_election",
    title=N_("Election ahead where people are killed"),
    watches=N_("national elections of the register, and deaths of all three kinds of organised violence"),
    threshold=N_("an election within 90 days, after 100 deaths in twelve months"),
    budget=2,
    is_tested=False,
    is_ahead=True,
    reads_deaths=False,
    hits=hits,
    evidence=evidence,
)
