"""Options of a state toward a country: why each fits, what it needs, what is known of its effect.

The priority of the domain guide (section 6) needs a person's judgements (acceptability, access, harm,
lawfulness), so no priority is computed here. Relevance, leverage, cost and evidence are shown each by
itself, and the list is sorted by relevance, then leverage.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from forefend.assess.profile import FactorLevel, profile
from forefend.catalog import Catalog
from forefend.catalog.model import Option
from forefend.errors import CatalogError
from forefend.options.leverage import AGREEMENT, Lever, leverage
from forefend.store import Figure, Store, compute, missing_figure

FACTOR_WEIGHT = 0.6
EVIDENCE = {"A": 1.0, "B": 0.8, "C": 0.6, "D": 0.45, "U": 0.4, "E": 0.2}
PHASES = {0: "structural", 1: "structural", 2: "escalating_imminent", 3: "escalating_imminent", 4: "ongoing"}


@dataclass(frozen=True, kw_only=True)
class Fit:
    """One reason an option fits: a risk indicator or factor it addresses, and its percentile in the country.

    ``through`` is empty when the series measures the item itself, else the factor it stands in for.
    """

    risk: str
    percentile: Figure
    multiplier: float
    through: str = ""


@dataclass(frozen=True, kw_only=True)
class OptionMatch:
    """An option with every component; nothing is added up. ``cost`` and ``evidence`` are 0-1, 1 is best."""

    option: Option
    relevance: Figure
    fits: tuple[Fit, ...]
    leverage: Figure
    held: tuple[Lever, ...]
    not_held: tuple[str, ...]
    not_known: tuple[str, ...]
    cost: float
    evidence: float

    @property
    def id(self) -> str:
        """The option's id."""
        return self.option.id


def options_for(
    store: Store,
    catalog: Catalog,
    actor: str,
    target: str,
    *,
    today: date,
    level: int | None = None,
    factors: Sequence[FactorLevel] | None = None,
) -> tuple[OptionMatch, ...]:
    """Match every option of the catalog to a pair of states, or those for one decision level (0-4).

    National options are for the own territory: they appear only when actor and target are the same state,
    and only they do. ``factors`` is the target's profile, where the caller has it already.
    """
    if level is not None and level not in PHASES:
        raise CatalogError(f"Level {level} does not exist. Give 0, 1, 2, 3 or 4.")
    levels = {entry.factor: entry for entry in factors or profile(store, catalog, target, today=today)}
    levers = {lever.channel: lever for lever in leverage(store, catalog, actor, target, today=today) if lever.channel != AGREEMENT}
    is_inward = actor == target
    found = [
        _match(store, option, levels=levels, levers=levers)
        for option in catalog.options.values()
        if (option.sphere == "national") == is_inward and (level is None or PHASES[level] in option.phases)
    ]
    return tuple(sorted(found, key=lambda m: (-(m.relevance.value or 0.0), -(m.leverage.value or 0.0), m.id)))


def _match(store: Store, option: Option, *, levels: Mapping[str, FactorLevel], levers: Mapping[str, Lever]) -> OptionMatch:
    fits = tuple(fit for risk in option.addresses_risk_factors for fit in _fits(risk, levels=levels))
    listed = [levers[channel] for channel in option.leverage_types if channel in levers]
    held = tuple(lever for lever in listed if lever.is_held)
    return OptionMatch(
        option=option,
        relevance=_relevance(store, option, fits=fits),
        fits=fits,
        leverage=_leverage(store, option, held=held, listed=listed),
        held=held,
        not_held=tuple(lever.channel for lever in listed if lever.is_held is False or lever.figure.missing == "no record"),
        not_known=tuple(lever.channel for lever in listed if lever.is_held is None and lever.figure.missing != "no record"),
        cost=(6 - option.effort_level) / 5,
        evidence=EVIDENCE[option.evidence.grade],
    )


def _fits(risk: str, *, levels: Mapping[str, FactorLevel]) -> list[Fit]:
    factor = risk.partition(".")[0]
    if factor not in levels:
        return []
    level = levels[factor]
    own = [r for r in level.readings if risk in r.risk_indicators and r.strength == "direct" and r.percentile.value is not None]
    if own:
        worst = max(own, key=lambda r: r.percentile.value or 0.0)
        return [Fit(risk=risk, percentile=worst.percentile, multiplier=1.0)]
    if level.percentile.value is None:
        return []
    return [Fit(risk=risk, percentile=level.percentile, multiplier=FACTOR_WEIGHT, through="" if risk == factor else factor)]


def _relevance(store: Store, option: Option, *, fits: Sequence[Fit]) -> Figure:
    label = f"Relevance of {option.id}"
    if not fits:
        return missing_figure(label=label, unit="0–1", reason="not monitored")
    return compute(
        store,
        label=label,
        unit="0–1",
        formula="relevance",
        inputs=[fit.percentile for fit in fits],
        params={"multipliers": [fit.multiplier for fit in fits]},
    )


def _leverage(store: Store, option: Option, *, held: Sequence[Lever], listed: Sequence[Lever]) -> Figure:
    label = f"Leverage for {option.id}"
    if not held and any(lever.is_held is None and lever.figure.missing != "no record" for lever in listed):
        return missing_figure(label=label, unit="0–1", reason="not monitored")
    return compute(
        store,
        label=label,
        unit="0–1",
        formula="leverage_before_access",
        inputs=[lever.figure for lever in held],
        params={"listed": len(option.leverage_types)},
    )
