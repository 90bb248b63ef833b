"""What public data suggest for a question of the self-assessment: data draft, people decide.

A rule of the catalog joins a question to a figure or a dated statement. Only a direct rule whose row is
verified and not too old sets a level; a proxy, or an unverified row, is shown beside the question as a
hint. No row never proves absence.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

import polars as pl

from forefend.assess import figures as _figures  # noqa: F401 - registers the formulas of this room
from forefend.assess.scoring import SOLE_RESPONDENT_AGREEMENT, evidence_reliability, freshness, item_reliability
from forefend.catalog import Catalog
from forefend.catalog.model import PrefillRule
from forefend.errors import NotLoaded
from forefend.panel.values import latest
from forefend.store import Figure, Query, Reading, Snapshot, Store, compute, missing_figure

VERIFIED = "confirmed from a stored page"
UNVERIFIED = "(unverified)"
AGE_BY_ROW = ("vote", "joint_statement", "endorsement")  # kinds whose rows carry the day on which it was said, or last seen
PUBLISHED_FIGURE_CREDIBILITY = 3  # possibly true: one source, not confirmed by another


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """One rule applied to one state.

    ``figure`` is what was found (or why nothing was); ``status`` the words of a dated statement, if it is
    one; ``score`` the level it suggests, 0-4. ``sets_level`` is false for a proxy, an unverified row, and
    where there is no value. ``confidence`` is 0-1 and 0 where no level is set.
    """

    rule: PrefillRule
    figure: Figure
    score: Figure
    status: str = ""
    is_unverified: bool = False
    age_days: int | None = None
    reliability: float = 0.0

    @property
    def sets_level(self) -> bool:
        """Whether this suggestion counts in the figures of the action.

        A count over lists is a lower bound, so it sets no 0, which would block a core question.
        """
        if self.score.value is None or (self.rule.method == "count" and self.score.value == 0):
            return False
        return self.rule.strength == "direct" and not self.is_unverified

    @property
    def confidence(self) -> float:
        """Evidence times freshness times agreement of a sole respondent, 0-1."""
        if not self.sets_level or self.age_days is None:
            return 0.0
        return self.reliability * freshness(self.age_days, self.rule.half_life_kind) * SOLE_RESPONDENT_AGREEMENT


def prefill(store: Store, catalog: Catalog, iso3: str, *, today: date) -> tuple[Suggestion, ...]:
    """Apply every rule of the catalog to one state, in the order of the catalog."""
    return tuple(apply_rule(store, catalog, rule, iso3=iso3, today=today) for rule in catalog.prefill_rules.values())


def apply_rule(store: Store, catalog: Catalog, rule: PrefillRule, *, iso3: str, today: date) -> Suggestion:
    """Apply one rule to one state."""
    if rule.method == "step":
        return _from_measurement(store, catalog, rule, iso3=iso3, today=today)
    return _from_statements(store, catalog, rule, iso3=iso3, today=today)


def _from_measurement(store: Store, catalog: Catalog, rule: PrefillRule, *, iso3: str, today: date) -> Suggestion:
    if catalog.data_indicators[rule.subject].table == "ties":
        figure = _sent(store, catalog, rule, iso3=iso3)
    else:
        figure = latest(store, catalog, rule.subject, iso3=iso3, today=today)
    figure = _within_age(figure, rule=rule, today=today)
    score = compute(
        store,
        label=f"Level suggested for {rule.question}",
        unit="level 0–4",
        formula="step_score",
        inputs=[figure],
        params=_steps(rule),
        period=figure.period,
    )
    age = None if figure.value is None else (today - _last_day(figure)).days
    return Suggestion(rule=rule, figure=figure, score=score, age_days=age, reliability=_reliability(figure.snapshots))


def _steps(rule: PrefillRule) -> dict[str, object]:
    params: dict[str, object] = {"thresholds": [list(pair) for pair in rule.thresholds], "higher_is_better": rule.higher_is_better}
    return params if rule.silent_from is None else {**params, "silent_from": rule.silent_from}


def _sent(store: Store, catalog: Catalog, rule: PrefillRule, *, iso3: str) -> Figure:
    indicator = catalog.data_indicators[rule.subject]
    query = Query(table="ties", subject=rule.subject, where=(("from_iso3", iso3),))
    made = partial(missing_figure, label=indicator.title, unit=indicator.unit)
    try:
        rows = store.read(query).frame
    except NotLoaded:
        return made(reason=f"not loaded: fetch {indicator.source}")
    if rows.is_empty():
        return made(reason="not monitored")
    newest: date = rows["end"].sort()[-1]
    last_year = replace(query, start=date(newest.year, 1, 1), end=newest)
    return compute(store, label=indicator.title, unit=indicator.unit, formula="total", inputs=[last_year], period=str(newest.year))


def _from_statements(store: Store, catalog: Catalog, rule: PrefillRule, *, iso3: str, today: date) -> Suggestion:
    label, unit = f"Level suggested for {rule.question}", "level 0–4"
    nothing = partial(missing_figure, label=label, unit=unit)
    readings = statements_of(store, rule, iso3=iso3)
    found = [reading for reading in readings if not reading.frame.is_empty()]
    if not found:
        absent = nothing(reason="not monitored" if readings else f"not loaded: fetch {supplier(catalog, rule)}")
        return Suggestion(rule=rule, figure=absent, score=absent)
    if rule.method == "count":
        return _count_over_lists(store, rule, readings=found, iso3=iso3, today=today)
    said = said_on(rule, found[-1])
    if is_too_old(rule, said, today=today):
        old = nothing(reason="too old", period=str(said.year))
        return Suggestion(rule=rule, figure=old, score=old)
    return _score_statements(store, rule, reading=found[-1], iso3=iso3, today=today)


def said_on(rule: PrefillRule, reading: Reading) -> date:
    """The day from which a statement ages: of an act its own day, of a standing fact the day of the list."""
    held = reading.frame["start"].max() if rule.subject.partition(":")[0] in AGE_BY_ROW else None
    return held if isinstance(held, date) else reading.snapshots[0].published


def is_too_old(rule: PrefillRule, said: date, *, today: date) -> bool:
    """Whether a statement of that day is older than its rule allows."""
    return rule.max_age_years is not None and today.year - said.year > rule.max_age_years


def _count_over_lists(store: Store, rule: PrefillRule, *, readings: list[Reading], iso3: str, today: date) -> Suggestion:
    """Count over every stored list: each key by the newest list that is sure of it, as no list holds all of them."""
    kind = rule.subject.partition(":")[0]
    used: list[tuple[Snapshot, pl.DataFrame]] = []
    for sure in (True, False):
        for reading in reversed(readings):
            taken = {key for _, rows in used for key in rows["key"]}
            rows = reading.frame.filter(~pl.col("key").is_in(list(taken)) & (_verified() == sure))
            if not rows.is_empty():
                used.append((reading.snapshots[0], rows))
    queries = [
        Query(table="facts", subject=kind, where=(("iso3", iso3), ("key", tuple(sorted(set(rows["key"]))))), snapshot_id=snapshot.id)
        for snapshot, rows in used
    ]
    oldest = min(snapshot.published for snapshot, _ in used)
    figure, score = _score_set(store, rule, queries=queries, period=str(oldest.year))
    rows = used[0][1]
    return Suggestion(
        rule=rule,
        figure=figure,
        score=score,
        status=_words(rows),
        is_unverified=not (all(_is_verified(rows) for _, rows in used) and _holds_all(store, rule)),
        age_days=(today - oldest).days,
        reliability=_reliability(tuple(snapshot for snapshot, _ in used)),
    )


def _holds_all(store: Store, rule: PrefillRule) -> bool:
    """Whether the stored lists together have every key, of some state: a count over a part of them is a hint."""
    held = {key for reading in statements_of(store, rule, iso3=None) for key in reading.frame["key"]}
    return held.issuperset(rule.keys)


def verified_of(readings: Iterable[Reading]) -> tuple[Reading, ...]:
    """Return the same lists with only the rows that may set a level."""
    return tuple(replace(reading, frame=reading.frame.filter(_verified())) for reading in readings)


def statements_of(store: Store, rule: PrefillRule, *, iso3: str | None) -> tuple[Reading, ...]:
    """Return what each stored list says of the keys a rule is about, of one state or of all; none where no list is stored."""
    kind, _, key = rule.subject.partition(":")
    wanted = (key,) if key else rule.keys
    where: tuple[tuple[str, str | tuple[str, ...]], ...] = (("iso3", iso3),) if iso3 else ()
    if not any(name.endswith("*") for name in wanted):
        return store.read_each(Query(table="facts", subject=kind, where=(*where, ("key", wanted))))
    readings = store.read_each(Query(table="facts", subject=kind, where=where))
    return tuple(replace(reading, frame=_of_keys(reading.frame, wanted)) for reading in readings)


def _score_statements(store: Store, rule: PrefillRule, *, reading: Reading, iso3: str, today: date) -> Suggestion:
    rows = reading.frame
    snapshot = reading.snapshots[0]
    query = Query(
        table="facts",
        subject=rule.subject.partition(":")[0],
        where=(("iso3", iso3), ("key", tuple(sorted(set(rows["key"]))))),
        snapshot_id=snapshot.id,
    )
    said = said_on(rule, reading)
    label, unit, period = f"Level suggested for {rule.question}", "level 0–4", str(said.year)
    suggest = partial(
        Suggestion,
        rule=rule,
        status=_words(rows),
        is_unverified=not _is_verified(rows),
        age_days=(today - said).days,
        reliability=_reliability((snapshot,)),
    )
    if rule.method == "status":
        status = rows["status"][-1].removesuffix(" (unverified)")
        count = compute(store, label=label, unit="rows", formula="count", inputs=[query], period=period)
        if rows["status"].n_unique() > 1 or status not in rule.status_scores:
            return suggest(figure=count, score=missing_figure(label=label, unit=unit, reason="not monitored"))
        score = compute(
            store,
            label=label,
            unit=unit,
            formula="status_score",
            inputs=[query],
            params={"status_scores": dict(rule.status_scores)},
            period=period,
        )
        return suggest(figure=count, score=score)
    figure, score = _score_set(store, rule, queries=[query], period=period)
    return suggest(figure=figure, score=score)


def _score_set(store: Store, rule: PrefillRule, *, queries: list[Query], period: str) -> tuple[Figure, Figure]:
    (zero, first), (four, last) = rule.points
    if rule.method == "count":
        figure = compute(
            store,
            label="Listed treaties in force",
            unit="treaties",
            formula="distinct_keys",
            inputs=queries,
            params={"status": "party"},
            period=period,
        )
    else:
        figure = compute(
            store, label="Share of support in the roll calls", unit="share", formula="vote_share", inputs=queries, period=period
        )
    score = compute(
        store,
        label=f"Level suggested for {rule.question}",
        unit="level 0–4",
        formula="line_between",
        inputs=[figure],
        params={"from_value": zero, "from_score": first, "to_value": four, "to_score": last},
        period=period,
    )
    return figure, score


def _of_keys(frame: pl.DataFrame, wanted: tuple[str, ...]) -> pl.DataFrame:
    exact = [key for key in wanted if not key.endswith("*")]
    condition = pl.col("key").is_in(exact)
    for key in wanted:
        if key.endswith("*"):
            condition = condition | pl.col("key").str.starts_with(key[:-1])
    return frame.filter(condition)


def _is_verified(rows: pl.DataFrame) -> bool:
    checked, status = rows["checked"].to_list(), rows["status"].to_list()
    return all(how in (None, VERIFIED) for how in checked) and not any(UNVERIFIED in words for words in status if words)


def _verified() -> pl.Expr:
    """A row of a publisher's own table carries no ``checked``; a row of the register must be confirmed."""
    is_confirmed = pl.col("checked").is_null() | (pl.col("checked") == VERIFIED)
    return is_confirmed & ~pl.col("status").str.contains(UNVERIFIED, literal=True)


def _words(rows: pl.DataFrame) -> str:
    newest = rows.row(-1, named=True)
    return f"{newest['status']}, {newest['date_text']}" if newest["date_text"] else str(newest["status"])


def _within_age(figure: Figure, *, rule: PrefillRule, today: date) -> Figure:
    if figure.value is None or rule.max_age_years is None:
        return figure
    if today.year - _last_day(figure).year > rule.max_age_years:
        return missing_figure(label=figure.label, unit=figure.unit, reason="too old", period=figure.period)
    return figure


def _last_day(figure: Figure) -> date:
    year, _, month = figure.period.partition("-")
    if not month:
        return date(int(year), 12, 31)
    return date(int(year) + int(month) // 12, int(month) % 12 + 1, 1)


def _reliability(snapshots: tuple[Snapshot, ...]) -> float:
    weights = [item_reliability(snapshot.grade, PUBLISHED_FIGURE_CREDIBILITY) for snapshot in snapshots]
    return evidence_reliability([weight for weight in weights if weight is not None])


def supplier(catalog: Catalog, rule: PrefillRule) -> str:
    """Name the source to fetch for what a rule reads: that of its declared series, else by the kind of statement."""
    declared = catalog.data_indicators.get(rule.subject)
    if declared is not None:
        return declared.source
    return {"treaty": "un_treaties", "vote": "unga_votes"}.get(rule.subject.partition(":")[0], "register")
