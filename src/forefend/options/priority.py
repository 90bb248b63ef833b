"""The arithmetic of priorities (domain guide, section 6): a weighted geometric mean, less what harm is left.

A value nobody has given is not guessed: it is counted at 0.2 and at 0.8, both ends are kept, and ranks go by
the lower, so that leaving a field empty never helps. A zero in any field decides, which is intended.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

Name = Literal["gap", "relevance", "feasibility", "leverage", "evidence"]
INWARD: tuple[Name, ...] = ("gap", "relevance", "feasibility", "leverage", "evidence")
OUTWARD: tuple[Name, ...] = ("relevance", "feasibility", "leverage", "evidence")
MISSING_LOW, MISSING_HIGH = 0.2, 0.8
MISSING_HARM = 0.5
HARM_WEIGHT = 0.5
HARM_LEFT_AT_LEAST = 0.25  # of the harm before: mitigation on paper cannot erase it
PARTNERED_LEVERAGE = 0.3
UNREVIEWED = ("U", 0.2, 0.6)  # grade whose place is uncertain, and the values at which the ranking is repeated


@dataclass(frozen=True, kw_only=True)
class Part:
    """One component, 0-1, by both ends; they are equal when everything it needs is known.

    ``why`` says what is missing or where the value comes from, as a text for translation with ``params``;
    ``parts`` are what it was made from.
    """

    name: str
    low: float
    high: float
    why: str = ""
    params: Mapping[str, str] | None = None
    parts: tuple[Part, ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether both ends are the same."""
        return self.high - self.low < 1e-12


@dataclass(frozen=True, kw_only=True)
class Ends:
    """A priority by both ends; ranks go by ``low``."""

    low: float
    high: float


def known(name: str, value: float, *, why: str = "", params: Mapping[str, str] | None = None) -> Part:
    """Return a component with a value."""
    return Part(name=name, low=value, high=value, why=why, params=params)


def missing(name: str, *, why: str, params: Mapping[str, str] | None = None) -> Part:
    """Return a component nobody has given a value."""
    return Part(name=name, low=MISSING_LOW, high=MISSING_HIGH, why=why, params=params)


def mean_of(name: str, parts: Sequence[Part]) -> Part:
    """Return a component that is the mean of others, end by end."""
    low, high = (math.fsum(getattr(part, end) for part in parts) / len(parts) for end in ("low", "high"))
    return Part(name=name, low=low, high=high, parts=tuple(parts))


def cost_of(effort: int) -> float:
    """Return how cheap an effort level (1-5) is, 0-1."""
    return (6 - effort) / 5


def leverage_of(strengths: Sequence[float], *, listed: int, access: float = 1.0, has_partner: bool = False) -> float:
    """Return the leverage of the levers held among those ``listed``: the strongest counts most, more routes help."""
    value = 0.0
    if strengths and listed:
        value = access * (0.6 * min(1.0, max(strengths)) + 0.4 * len(strengths) / listed)
    return max(value, PARTNERED_LEVERAGE) if has_partner else value


def residual_harm(before: float | None, *, after: float | None, is_mitigated: bool) -> float:
    """Return the harm that counts: what mitigation that is funded and owned leaves, never under a quarter of the harm before."""
    if before is None:
        return MISSING_HARM
    if after is None or not is_mitigated:
        return before
    return min(before, max(after, HARM_LEFT_AT_LEAST * before))


def priority(parts: Sequence[Part], *, harm_left: float, weights: Mapping[str, float] | None = None) -> Ends:
    """Return the weighted geometric mean of the components times what harm leaves of it."""
    given = weights or {}
    shares = [given.get(part.name, 1.0) for part in parts]
    factor = 1 - HARM_WEIGHT * harm_left
    low, high = (_geometric([getattr(part, end) for part in parts], shares=shares) * factor for end in ("low", "high"))
    return Ends(low=low, high=high)


def variants(names: Sequence[str]) -> dict[str, Mapping[str, float]]:
    """Return the weights under which a ranking is repeated: each exponent weight halved and doubled."""
    return {f"{name} x {factor:g}": {name: factor} for name in names for factor in (0.5, 2.0)}


def with_value(parts: Sequence[Part], *, name: str, value: float) -> tuple[Part, ...]:
    """Return the components with one of them at another value."""
    return tuple(replace(part, low=value, high=value) if part.name == name else part for part in parts)


def _geometric(values: Sequence[float], *, shares: Sequence[float]) -> float:
    if not values or min(values) <= 0:
        return 0.0
    return math.exp(math.fsum(share * math.log(value) for value, share in zip(values, shares, strict=True)) / math.fsum(shares))
