"""Which questions and risk indicators public data can speak to: from whom, how old, directly, as a stand-in, or kept by hand.

Without a state, a series counts as there when any state has a value young enough for the catalog; with one,
when that state has. A question or risk indicator that nothing speaks to has its own line, so that the list
is whole: what is not there is as much a finding as what is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

import polars as pl

from forefend.assess.prefill import Suggestion, apply_rule, is_too_old, said_on, statements_of, supplier, verified_of
from forefend.catalog import Catalog
from forefend.catalog.model import DataIndicator, PrefillRule, Strength
from forefend.errors import NotLoaded
from forefend.panel.values import latest
from forefend.places import universe
from forefend.store import Figure, Query, Store, missing_figure

KEPT_BY_HAND = ("register", "endorsements")
NO_SERIES = "no series"
Kind = Literal["direct", "proxy", "hand-kept", ""]
ORDER: tuple[Kind, ...] = ("direct", "hand-kept", "proxy")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What one series, or one dated statement, says to one question or risk indicator.

    ``group`` is the action or risk factor. ``strength`` is *hand-kept* for what the lists of facts kept by
    people say directly; a stand-in stays one, whoever keeps it. ``missing`` is empty when there are data; ``period`` is then the
    newest, ``age_days`` counts from its end (for standing facts, from the day of the list), and ``states``
    is the number of states with a value (None when asked for one state). ``figure`` is set for one state.
    """

    group: str
    item: str
    is_measurable: bool
    series: str = ""
    title: str = ""
    source: str = ""
    strength: Kind = ""
    missing: str = ""
    period: str = ""
    age_days: int | None = None
    states: int | None = None
    figure: Figure | None = None

    @property
    def has_data(self) -> bool:
        """Whether there is a value, or a dated statement, young enough to be used."""
        return not self.missing


def coverage(store: Store, catalog: Catalog, *, today: date, iso3: str | None = None) -> tuple[Entry, ...]:
    """Return every question, then every risk indicator, with what speaks to it; in the order of the catalog."""
    entries: list[Entry] = []
    for question in catalog.questions.values():
        blank = Entry(group=question.action, item=question.id, is_measurable=question.measurable, missing=NO_SERIES)
        rules = [rule for rule in catalog.prefill_rules.values() if rule.question == question.id]
        entries += [_of_rule(store, catalog, rule, blank=blank, iso3=iso3, today=today) for rule in rules] or [blank]
    for factor in catalog.risk_factors.values():
        for identifier in (factor.id, *factor.indicators):
            entries += _of_risk(store, catalog, factor.id, identifier, iso3=iso3, today=today)
    return tuple(entries)


def _of_rule(store: Store, catalog: Catalog, rule: PrefillRule, *, blank: Entry, iso3: str | None, today: date) -> Entry:
    declared = catalog.data_indicators.get(rule.subject)
    source = supplier(catalog, rule)
    strength = _kind(rule.strength, source=source)
    known = replace(blank, series=rule.subject, title=declared.title if declared else rule.subject, source=source, strength=strength)
    if iso3 is None and (declared is None or declared.table == "facts"):
        return _statements(store, rule, known=known, today=today)
    if iso3 is None and declared is not None:
        return _of_world(store, declared, known=known, today=today)
    return _of_suggestion(apply_rule(store, catalog, rule, iso3=str(iso3), today=today), known=known)


def _kind(given: Strength, *, source: str) -> Kind:
    return "hand-kept" if source in KEPT_BY_HAND and given == "direct" else given


def _of_suggestion(found: Suggestion, *, known: Entry) -> Entry:
    # A statement that gives no level is still shown as a stand-in; one that should set a level must give it.
    figure = found.score if found.rule.method != "step" and found.rule.strength == "direct" else found.figure
    source = found.figure.snapshots[0].source if found.figure.snapshots else known.source
    strength = _kind(found.rule.strength, source=source)
    if found.rule.silent_from is not None and found.score.value is None and found.figure.value is not None:
        strength = "proxy"  # it has a value that answers nothing
    missing = figure.missing or ("unverified" if found.is_unverified else "")
    shown = figure if figure.missing else found.figure
    return replace(known, source=source, strength=strength, missing=missing, period=figure.period, age_days=found.age_days, figure=shown)


def _of_risk(store: Store, catalog: Catalog, factor: str, identifier: str, *, iso3: str | None, today: date) -> Iterator[Entry]:
    is_whole = identifier == factor
    measurable = False if is_whole else catalog.indicators[identifier].measurable
    blank = Entry(group=factor, item=identifier, is_measurable=measurable, missing=NO_SERIES)
    served = [
        (declared, entry.strength) for declared in catalog.data_indicators.values() for entry in declared.serves if entry.id == identifier
    ]
    for declared, given in served:
        strength = _kind(given, source=declared.source)
        known = replace(blank, series=declared.id, title=declared.title, source=declared.source, strength=strength)
        if iso3 is None or declared.table != "observations":
            yield _of_world(store, declared, known=known, today=today)
        else:
            yield _of_value(latest(store, catalog, declared.id, iso3=iso3, today=today), known=known, today=today)
    if not served and not is_whole:
        yield blank


def _of_value(figure: Figure, *, known: Entry, today: date) -> Entry:
    source = figure.snapshots[0].source if figure.snapshots else known.source
    age = None if figure.value is None else (today - date(int(figure.period[:4]), 12, 31)).days
    return replace(known, source=source, missing=figure.missing, period=figure.period, age_days=age, figure=figure)


def _of_world(store: Store, declared: DataIndicator, *, known: Entry, today: date) -> Entry:
    """What a series holds for all states: its newest period that is young enough, and how many states have one.

    Of a derived series, what its first input holds.
    """
    try:
        frame = store.read(Query(table=declared.table, subject=next(iter(declared.inputs), declared.id), end=today)).frame
    except NotLoaded as refusal:
        return replace(known, missing=f"not loaded: fetch {refusal.source or declared.source}", figure=_nothing(declared))
    newest = frame["end"].max()
    if not isinstance(newest, date):
        return replace(known, missing="not monitored")
    column = "from_iso3" if declared.table == "ties" else "iso3"
    known = replace(known, period=str(newest.year), age_days=(today - newest).days)
    if declared.max_age_years is None:
        return replace(known, missing="", states=_count(frame, column, declared))
    young = frame.filter(pl.col("end").dt.year() >= today.year - declared.max_age_years)
    if young.is_empty():
        return replace(known, missing="too old", states=0)
    return replace(known, missing="", states=_count(young, column, declared))


def _count(frame: pl.DataFrame, column: str, declared: DataIndicator) -> int:
    """States with a value; in a declared universe every state has one, as no event is none."""
    return len(universe(declared.universe)) if declared.universe else frame[column].n_unique()


def _statements(store: Store, rule: PrefillRule, *, known: Entry, today: date) -> Entry:
    readings = statements_of(store, rule, iso3=None)
    if not readings:
        return replace(known, missing=f"not loaded: fetch {known.source}")
    held = [reading for reading in readings if not reading.frame.is_empty()]
    sure = [reading for reading in verified_of(held) if not reading.frame.is_empty()]
    if not sure:
        return replace(known, missing="unverified" if held else "not monitored")
    held = [reading for reading in sure if not is_too_old(rule, said_on(rule, reading), today=today)]
    if not held:
        return replace(known, missing="too old", states=0)
    snapshot, states = held[-1].snapshots[0], pl.concat([reading.frame.select("iso3") for reading in held])["iso3"].n_unique()
    return replace(
        known,
        source=snapshot.source,
        strength=_kind(rule.strength, source=snapshot.source),
        missing="",
        period=snapshot.published.isoformat(),
        age_days=(today - snapshot.published).days,
        states=states,
    )


def _nothing(declared: DataIndicator) -> Figure:
    return missing_figure(label=declared.title, unit=declared.unit, reason=f"not loaded: fetch {declared.source}")


@dataclass(frozen=True, kw_only=True)
class Share:
    """One action or risk factor: of its questions or indicators, how many have data, each counted once.

    ``direct`` have a direct series or statement with data, ``hand_kept`` only rows of these lists,
    ``proxy_only`` only stand-ins, ``none`` nothing. ``of_measurable`` is the share of the measurable ones
    with direct or hand-kept data; None where none is measurable. ``oldest`` is the oldest period used.
    """

    group: str
    items: int
    measurable: int
    direct: int
    hand_kept: int
    proxy_only: int
    none: int
    of_measurable: float | None
    oldest: str
    sources: tuple[str, ...]


def shares(entries: tuple[Entry, ...]) -> tuple[Share, ...]:
    """Count the entries by action and risk factor, in their order; the factor as a whole is no item of its own."""
    groups: dict[str, dict[str, list[Entry]]] = {}
    for entry in entries:
        groups.setdefault(entry.group, {})
        if entry.item != entry.group:
            groups[entry.group].setdefault(entry.item, []).append(entry)
    return tuple(_share(group, items) for group, items in groups.items())


def best(entries: list[Entry]) -> Kind:
    """Return the best that one question or indicator has data by: direct, else kept by hand, else a stand-in, else nothing."""
    held = {entry.strength for entry in entries if entry.has_data}
    return next((kind for kind in ORDER if kind in held), "")


def _share(group: str, items: dict[str, list[Entry]]) -> Share:
    found = {item: best(entries) for item, entries in items.items()}
    measurable = [item for item, entries in items.items() if entries[0].is_measurable]
    answered = [item for item in measurable if found[item] in ("direct", "hand-kept")]
    used = [entry for entries in items.values() for entry in entries if entry.has_data]
    return Share(
        group=group,
        items=len(items),
        measurable=len(measurable),
        direct=sum(kind == "direct" for kind in found.values()),
        hand_kept=sum(kind == "hand-kept" for kind in found.values()),
        proxy_only=sum(kind == "proxy" for kind in found.values()),
        none=sum(kind == "" for kind in found.values()),
        of_measurable=len(answered) / len(measurable) if measurable else None,
        oldest=min((entry.period[:4] for entry in used if entry.period), default=""),
        sources=tuple(sorted({entry.source for entry in used})),
    )
