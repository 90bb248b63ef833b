"""How signals would have done: escalations caught, how early, how many were false, beside ranks of the same number of signals.

An escalation is a run of origins at which a state is calm (fewer than 25 deaths in three months) and 25 or more follow in
the next three. It is caught by a signal on the state at one of these origins. Values are those stored now: pseudo-real-time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from forefend.errors import ForecastError
from forefend.forecast.history import Flags, Matrix
from forefend.forecast.target import ESCALATION_DEATHS, ESCALATION_MONTHS
from forefend.signals.gate import let_through
from forefend.signals.measures import MANY, is_calm, last, spells
from forefend.signals.model import WARNING, Hit, Rule, Signal
from forefend.signals.seen import Seen

Told = frozenset[tuple[int, int]]  # places (state, month) of signals
STANDS_MONTHS = 6
RESAMPLES = 1000
BUDGET = 40  # signals a year in all
WHOLE = "none, 40"  # ranks with the whole budget, though ours leaves a part of it to untested rules
OURS, OURS_AHEAD = "signals", "signals of escalation_in_sight alone"
COLUMNS = (
    *("name", "gate", "signals", "per_year", "episodes", "caught", "recall", "ratio", "ratio_low", "ratio_high", "caught_standing"),
    *("recall_standing", "false", "false_share", "median_lead_months"),
)


@dataclass(frozen=True, kw_only=True)
class Episode:
    """An escalation: the first and last origin (columns) from which it lay within three months, and the month that made 25."""

    state: int
    first: int
    last: int
    crossing: int


@dataclass(frozen=True, kw_only=True)
class Trial:
    """``rows`` has the columns ``COLUMNS``, ours first; ``missed`` and ``false`` name states and months, ``caught`` leads too."""

    rows: tuple[Mapping[str, object], ...]
    missed: tuple[str, ...]
    caught: tuple[str, ...]
    false: tuple[str, ...]
    by_rule: Mapping[str, tuple[int, int]]


@dataclass(frozen=True, kw_only=True)
class _Field:
    """The span tried, and what is needed to judge a set of signals."""

    seen: Seen
    first: int
    last: int
    calm: Flags
    reached: Matrix  # deaths of the last three months
    episodes: tuple[Episode, ...]

    @property
    def years(self) -> float:
        return (self.last - self.first + 1) / 12


def try_signals(seen: Seen, signals: Iterable[Signal], *, first: date, last_origin: date) -> Trial:
    """Score tested rules' signals of the origins from ``first`` to ``last_origin``, beside ranks of as many.

    Raises ForecastError where the three months after the last origin are not known.
    """
    field = _field(seen, first=first, last_origin=last_origin)
    tested = [signal for signal in signals if signal.rule.is_tested]
    ours = _told(field, tested)
    ahead = _told(field, [signal for signal in tested if signal.rule.is_ahead])
    rivals = {(name, gate): _as_many(field, score, gate=gate, count=len(ours)) for name, score in ranks(seen).items() for gate in GATES}
    rows = [_row(field, OURS, "180 days", ours, None)]
    rows.append(_row(field, OURS_AHEAD, "180 days", ahead, None))
    rows += [_row(field, name, gate, told, ours) for (name, gate), told in rivals.items()]
    whole = {name: _as_many(field, score, gate="none", count=round(BUDGET * field.years)) for name, score in ranks(seen).items()}
    rows += [_row(field, name, WHOLE, told, ours) for name, told in whole.items()]
    caught = {episode: _caught(field, episode, ours) for episode in field.episodes}
    return Trial(
        rows=tuple(rows),
        missed=tuple(_name(field, e.state, e.crossing) for e, lead in caught.items() if lead is None),
        caught=tuple(f"{_name(field, e.state, e.crossing)}: {lead}" for e, lead in caught.items() if lead is not None),
        false=tuple(_name(field, state, column) for state, column in sorted(ours) if not _is_right(field, state, column)),
        by_rule=_by_rule(field, tested),
    )


def ranks(seen: Seen) -> dict[str, Matrix]:
    """Return the built-in baselines: what calm states are ranked by. Ties are broken by another rank, in the baseline's favour."""
    deaths = np.nan_to_num(seen.deaths())
    three, twelve = last(deaths, 3), last(deaths, 12)
    return {
        "deaths of 12 months": twelve + 1e-6 * three,
        "deaths of 3 months": three + 1e-6 * twelve,
        "conflictology": last((deaths > MANY).astype(float), 12) / 12 + 1e-6 * np.log1p(twelve),
    }


def episodes(deaths: Matrix, *, first: int, last_origin: int) -> tuple[Episode, ...]:
    """Return the escalations whose origins lie in a span of columns; a run that began before the span begins with it."""
    reached, calm = last(deaths, ESCALATION_MONTHS), is_calm(deaths)
    found = []
    for state in range(deaths.shape[0]):
        column = first
        while column <= last_origin:
            begun = column
            while column <= last_origin and calm[state, column] and reached[state, column + ESCALATION_MONTHS] >= ESCALATION_DEATHS:
                column += 1
            if column > begun:
                after = reached[state, begun + 1 : begun + 1 + ESCALATION_MONTHS]
                crossing = begun + 1 + int(np.argmax(after >= ESCALATION_DEATHS))
                found.append(Episode(state=state, first=begun, last=column - 1, crossing=crossing))
            column += 1
    return tuple(found)


def _field(seen: Seen, *, first: date, last_origin: date) -> _Field:
    past = seen.past
    columns = past.column(first), past.column(last_origin)
    if not 0 <= columns[0] <= columns[1] < past.deaths.shape[1] - ESCALATION_MONTHS:
        raise ForecastError(f"Signals cannot be tried from {first:%Y-%m} to {last_origin:%Y-%m}: the three months after must be known.")
    return _Field(
        seen=seen,
        first=columns[0],
        last=columns[1],
        calm=is_calm(past.deaths),
        reached=last(past.deaths, ESCALATION_MONTHS),
        episodes=episodes(past.deaths, first=columns[0], last_origin=columns[1]),
    )


def _told(field: _Field, signals: Iterable[Signal]) -> Told:
    places = (
        (field.seen.past.iso3s.index(s.hit.iso3), field.seen.past.column(s.hit.month))
        for s in signals
        if s.hit.iso3 in field.seen.past.iso3s
    )
    return frozenset(place for place in places if field.first <= place[1] <= field.last)


def _every_month(field: _Field, score: Matrix, limit: float) -> Told:
    return _spaced(field, score, limit, months=1)


def _ninety_days(field: _Field, score: Matrix, limit: float) -> Told:
    return _spaced(field, score, limit, months=3)


def _spaced(field: _Field, score: Matrix, limit: float, *, months: int) -> Told:
    told: set[tuple[int, int]] = set()
    before = np.full(score.shape[0], -months)
    for column in range(field.first - STANDS_MONTHS, field.last + 1):
        due = field.calm[:, column] & (score[:, column] >= limit) & (column - before >= months)
        before[due] = column
        told |= {(int(state), column) for state in np.flatnonzero(due) if column >= field.first}
    return frozenset(told)


def _our_gate(field: _Field, score: Matrix, limit: float) -> Told:
    past, spell = field.seen.past, spells(field.seen.deaths())
    window = slice(field.first - 12, field.last + 1)
    fired = np.argwhere(field.calm[:, window] & (score[:, window] >= limit)) + np.array([0, window.start])
    hits = (
        Hit(
            iso3=past.iso3s[state],
            month=past.month(int(column)),
            severity=WARNING,
            level=float(score[state, column]),
            why="",
            spell=int(spell[state, column]),
        )
        for state, column in fired
    )
    return _told(field, let_through((RANK, hit) for hit in hits))


RANK = Rule(
    id="rank",
    title="",
    watches="",
    threshold="",
    budget=0,
    is_tested=True,
    is_ahead=True,
    hits=lambda _: (),
    evidence=lambda _, __: (),
)
GATES: dict[str, Callable[[_Field, Matrix, float], Told]] = {"none": _every_month, "180 days": _our_gate, "90 days": _ninety_days}


def _as_many(field: _Field, score: Matrix, *, gate: str, count: int) -> Told:
    """Return a rank's signals at the lowest limit that gives no more than ours, found on the span tried: in the rank's favour."""
    limits = np.unique(score[:, field.first : field.last + 1][field.calm[:, field.first : field.last + 1]])
    low, high = 0, len(limits) - 1
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if len(GATES[gate](field, score, float(limits[middle]))) <= count else (middle + 1, high)
    return GATES[gate](field, score, float(limits[low]))


def _row(field: _Field, name: str, gate: str, told: Told, ours: Told | None) -> Mapping[str, object]:
    caught = _flags(field, told, _caught)
    standing = _flags(field, told, _caught_standing)
    leads = [lead for episode in field.episodes if (lead := _caught(field, episode, told)) is not None]
    false = sum(not _is_right(field, state, column) for state, column in told)
    ratio = _ratio(field, _flags(field, ours, _caught), caught) if ours is not None else (None,) * 3
    return {
        "name": name,
        "gate": gate,
        "signals": len(told),
        "per_year": len(told) / field.years,
        "episodes": len(field.episodes),
        "caught": int(caught.sum()),
        "recall": float(caught.mean()) if caught.size else None,
        **dict(zip(("ratio", "ratio_low", "ratio_high"), ratio, strict=True)),
        "caught_standing": int(standing.sum()),
        "recall_standing": float(standing.mean()) if standing.size else None,
        "false": false,
        "false_share": false / len(told) if told else None,
        "median_lead_months": float(np.median(leads)) if leads else None,
    }


def _flags(field: _Field, told: Told, judge: Callable[[_Field, Episode, Told], int | None]) -> Flags:
    return np.array([judge(field, episode, told) is not None for episode in field.episodes], dtype=bool)


def _caught(field: _Field, episode: Episode, told: Told) -> int | None:
    """Months from the first signal at one of the episode's origins to the month that made 25; None where there was none."""
    origins = [column for column in range(episode.first, episode.last + 1) if (episode.state, column) in told]
    return episode.crossing - origins[0] if origins else None


def _caught_standing(field: _Field, episode: Episode, told: Told) -> int | None:
    """The same for a signal, given while calm, that still stood (180 days) in the month that made 25."""
    reach = range(episode.crossing - STANDS_MONTHS, episode.crossing)
    origins = [column for column in reach if (episode.state, column) in told and field.calm[episode.state, column]]
    return episode.crossing - origins[0] if origins else None


def _is_right(field: _Field, state: int, column: int) -> bool:
    """Whether 25 deaths in three months followed within three months, or were there: a state in violence is no false alarm."""
    return bool((field.reached[state, column : column + ESCALATION_MONTHS + 1] >= ESCALATION_DEATHS).any())


def _ratio(field: _Field, ours: Flags, theirs: Flags) -> tuple[float | None, float | None, float | None]:
    """Our recall over theirs, with a 90 % interval by drawing states anew."""
    if not theirs.any():
        return None, None, None
    states = np.array([episode.state for episode in field.episodes])
    names, place = np.unique(states, return_inverse=True)
    a, b = (np.bincount(place, weights=flags.astype(float), minlength=len(names)) for flags in (ours, theirs))
    chosen = np.random.default_rng(0).integers(0, len(names), (RESAMPLES, len(names)))
    above, below = a[chosen].sum(axis=1), b[chosen].sum(axis=1)
    drawn: npt.NDArray[np.float64] = above[below > 0] / below[below > 0]
    low, high = np.quantile(drawn, [0.05, 0.95])
    return float(a.sum() / b.sum()), float(low), float(high)


def _by_rule(field: _Field, signals: Sequence[Signal]) -> Mapping[str, tuple[int, int]]:
    found = {}
    for rule in sorted({signal.rule.id for signal in signals}):
        told = _told(field, [signal for signal in signals if signal.rule.id == rule])
        found[rule] = (len(told), sum(not _is_right(field, *place) for place in told))
    return found


def _name(field: _Field, state: int, column: int) -> str:
    return f"{field.seen.past.iso3s[state]} {field.seen.past.month(column):%Y-%m}"
