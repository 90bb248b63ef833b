"""Models: one file each, found by folder or entry point, all tried by the same back-test.

A file defines ``MODEL``, a class that can be made without arguments, its name used once in its period. Monthly models
give draws of deaths, annual models give chances of a new mass killing. Models of outside packages are named by the entry
point ``forefend.models``, which leads to such a module. Models do not import each other; a pool finds its members by name.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from pkgutil import iter_modules
from typing import Any, ClassVar, Protocol, Self

from forefend.errors import ForecastError
from forefend.forecast.history import History, Matrix
from forefend.forecast.target import Period


class MonthlyModel(Protocol):
    """Forecasts deaths by month. ``name`` is used in tables; ``title`` is a phrase for people.

    A model that tells whether an event comes otherwise than by the share of its paths has
    ``event_chances(history, deaths=..., months=...)``.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    period: ClassVar[Period]

    def fit(self, history: History) -> Self:
        """Learn from a history and return the fitted model; models that learn nothing return themselves."""
        ...

    def draws(self, history: History, *, horizon: int) -> Matrix:
        """Return draws of shape (states, horizon, draws) for the months after the history's origin.

        Draw ``i`` at all horizons is one path; draws are never sorted. Deaths are 0 or more, never NaN.
        """
        ...


class AnnualModel(Protocol):
    """Forecasts the chance of a new mass killing within two years of the base year."""

    name: ClassVar[str]
    title: ClassVar[str]
    period: ClassVar[Period]

    def fit(self, history: History) -> Self:
        """Learn from a history that ends with the base year: only onsets up to then are known."""
        ...

    def chances(self, history: History) -> Matrix:
        """Return chance, lower and upper bound, of shape (states, 3), for the two years after the history's last one."""
        ...


def models(period: Period) -> dict[str, Any]:
    """Return the classes of all models for a period by name, in order of name."""
    return {str(found.name): found for found in _all() if found.period == period}


def find_model(name: str, *, period: Period) -> Any:
    """Return one model's class by name; raises ForecastError naming those there are."""
    known = models(period)
    if name not in known:
        raise ForecastError(f"There is no model {name!r}. Give one of {', '.join(known)}.")
    return known[name]


@cache
def _all() -> tuple[Any, ...]:
    modules = [f"{__name__}.{module.name}" for module in iter_modules(__path__)]
    modules += [entry.module for entry in entry_points(group="forefend.models")]
    found = [import_module(module).MODEL for module in modules]
    return tuple(sorted(found, key=lambda model: str(model.name)))
