"""Far more people flee: newly displaced by month (IDMC), or refugees at the end of a year (UNHCR)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import polars as pl

from forefend.errors import NotLoaded
from forefend.locale import N_
from forefend.panel.deaths import month_end, months_before
from forefend.signals.matrix import whole
from forefend.signals.model import NOTICE, Hit, Rule
from forefend.signals.seen import FIRST, Seen
from forefend.store import Figure, compute, observations

MONTHLY, YEARLY = "idmc_conflict_displacements", "unhcr_refugees_from"
MONTHLY_LEAST, MONTHLY_TIMES = 10_000, 3.0  # people in a month, and times the mean month of the year before
YEARLY_LEAST, YEARLY_TIMES = 50_000, 1.5  # more people than the year before, and times as many
KNOWN_IN_MONTH = 6  # figures of a year come out in June of the next
FLED = N_("%(people)s people were newly displaced by conflict in a month, %(times)s times the mean month of the year before")
REFUGEES = N_("%(people)s refugees from the state at the end of the year, %(times)s times as many as the year before")


def hits(seen: Seen) -> Iterator[Hit]:
    """Yield jumps by month, then by year in the month in which the year's figures come out; nothing where neither is loaded."""
    yield from _by_month(seen)
    yield from _by_year(seen)


def _by_month(seen: Seen) -> Iterator[Hit]:
    rows = _rows(seen, MONTHLY)
    monthly = rows.filter((pl.col("end") - pl.col("start")).dt.total_days() < 31).group_by("iso3", month=pl.col("start").dt.truncate("1mo"))
    values = {(iso3, month): value for iso3, month, value in monthly.agg(pl.col("value").sum()).iter_rows()}
    for (iso3, month), people in sorted(values.items()):
        before = sum(values.get((iso3, months_before(month, back)), 0.0) for back in range(1, 13)) / 12
        if month >= FIRST and people >= MONTHLY_LEAST and before > 0 and people >= MONTHLY_TIMES * before:
            said = {"people": whole(people), "times": f"{people / before:.1f}"}
            yield Hit(iso3=iso3, month=month, severity=NOTICE, level=people, why=FLED, said=said)


def _by_year(seen: Seen) -> Iterator[Hit]:
    yearly = _rows(seen, YEARLY).group_by("iso3", year=pl.col("end").dt.year()).agg(pl.col("value").sum())
    values = {(iso3, year): value for iso3, year, value in yearly.iter_rows()}
    for (iso3, year), people in sorted(values.items()):
        month, before = date(year + 1, KNOWN_IN_MONTH, 1), values.get((iso3, year - 1), 0.0)
        is_known = FIRST <= month <= seen.as_of
        if is_known and before > 0 and people - before >= YEARLY_LEAST and people >= YEARLY_TIMES * before:
            said = {"people": whole(people), "times": f"{people / before:.1f}"}
            yield Hit(iso3=iso3, month=month, severity=NOTICE, level=people, why=REFUGEES, said=said)


def _rows(seen: Seen, series: str) -> pl.DataFrame:
    try:
        return seen.store.read(observations(series), as_of=seen.as_of).frame
    except NotLoaded:
        return pl.DataFrame(schema={"iso3": pl.String, "start": pl.Date, "end": pl.Date, "value": pl.Float64})


def evidence(seen: Seen, hit: Hit) -> tuple[Figure, ...]:
    """Return the people displaced or refugees of the span, and of the one before."""
    if hit.why == FLED:
        spans = [(hit.month, month_end(hit.month)), (months_before(hit.month, 12), month_end(months_before(hit.month, 1)))]
        series, label = MONTHLY, N_("People newly displaced by conflict")
    else:
        spans = [(date(year, 1, 1), date(year, 12, 31)) for year in (hit.month.year - 1, hit.month.year - 2)]
        series, label = YEARLY, N_("Refugees from the state")
    return tuple(
        compute(
            seen.store,
            label=label,
            unit="people",
            formula="total",
            inputs=[observations(series, iso3=hit.iso3, start=start, end=end)],
            period=f"{start:%Y-%m}–{end:%Y-%m}",
            as_of=seen.as_of,
        )
        for start, end in spans
    )


RULE = Rule(
    id="displacement_jump",
    title=N_("More people flee"),
    watches=N_("people newly displaced by conflict (IDMC) and refugees from the state (UNHCR)"),
    threshold=N_(
        "10,000 in a month and three times the mean month of the year before; or 50,000 refugees more and half as many again in a year"
    ),
    budget=1,
    is_tested=False,
    reads_deaths=False,
    hits=hits,
    evidence=evidence,
)
