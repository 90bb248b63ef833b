"""A state leaves a treaty that protects people: said by the register with its date, or seen between two releases of treaty status."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from forefend.errors import NotLoaded
from forefend.locale import N_
from forefend.panel.treaties import ALSO_COMMITMENTS, CORE_TREATIES, IN_FORCE
from forefend.signals.ahead import statements_known
from forefend.signals.matrix import deaths_figure
from forefend.signals.model import NOTICE, Hit, Rule
from forefend.signals.seen import FIRST, Seen
from forefend.signals.treaties import TITLES
from forefend.store import Figure, Query

ANNOUNCED = "withdrawal announced"
LEFT = ("withdrawn", ANNOUNCED, "denounced")
DATED = N_("The state has withdrawn from the %(treaty)s; its withdrawal is dated %(date)s")
AHEAD = N_("The state has announced that it withdraws from the %(treaty)s; this is dated %(date)s")
BETWEEN = N_("The state has left the %(treaty)s: it is said so since the release of %(date)s, and was a party in the one before")


def hits(seen: Seen) -> Iterator[Hit]:
    """Yield withdrawals by the month in which they were declared or, between releases, in which the newer one came out."""
    watched = {*CORE_TREATIES, *ALSO_COMMITMENTS}
    told: set[tuple[str, str]] = set()
    for kind in ("commitment", "treaty"):
        for fact in statements_known(seen, kind):
            is_dated = fact.start is not None and FIRST <= fact.start <= seen.as_of
            if fact.key in watched and fact.plain_status in LEFT and is_dated and (fact.iso3, fact.key) not in told:
                told.add((fact.iso3, fact.key))
                yield _hit(fact.iso3, fact.key, AHEAD if fact.plain_status == ANNOUNCED else DATED, day=fact.start or seen.as_of)
    for iso3, key, day in _changes(seen):
        if key in watched and (iso3, key) not in told:
            yield _hit(iso3, key, BETWEEN, day=day)


def _hit(iso3: str, key: str, why: str, *, day: date) -> Hit:
    said = {"treaty": TITLES[key], "date": day}
    return Hit(iso3=iso3, month=day.replace(day=1), severity=NOTICE, level=1.0, why=why, said=said, words=("treaty",), day=day)


def _changes(seen: Seen) -> Iterator[tuple[str, str, date]]:
    try:
        readings = seen.store.read_each(Query(table="facts", subject="treaty"), as_of=seen.as_of)
    except NotLoaded:
        return
    for older, newer in pairwise(readings):
        before = {(iso3, key): status for iso3, key, status in older.frame.select("iso3", "key", "status").iter_rows()}
        for iso3, key, status in newer.frame.select("iso3", "key", "status").iter_rows():
            if before.get((iso3, key)) in IN_FORCE and status in LEFT:
                yield iso3, key, newer.snapshots[0].published


def evidence(seen: Seen, hit: Hit) -> tuple[Figure, ...]:
    """Return the deaths of twelve months."""
    return (deaths_figure(seen, hit, months=12),)


RULE = Rule(
    id="treaty_withdrawal",
    title=N_("Withdrawal from a treaty"),
    watches=N_("status of the core treaties, the Rome Statute and the Arms Trade Treaty"),
    threshold=N_("a withdrawal, dated or seen between two releases"),
    budget=1,
    is_tested=False,
    reads_deaths=False,
    hits=hits,
    evidence=evidence,
)
