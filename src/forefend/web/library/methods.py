"""The methods page: how numbers are made, and how the forecasts did when tested on the past."""

from __future__ import annotations

from datetime import date
from typing import Any

from forefend.catalog import Catalog
from forefend.errors import ForecastError, NotLoaded
from forefend.forecast.outlook import World, history, world_rates
from forefend.forecast.target import TARGETS
from forefend.forecast.tested import tested
from forefend.store import Figure, Store
from forefend.store.formulas import FORMULAS
from forefend.web.library.cards import cards

WORLD = "world_"


def methods_page(store: Store, catalog: Catalog, *, today: date) -> dict[str, Any]:
    """Return the formulas, what is forecast, and what is measured of the forecasts."""
    world, accuracy = _measured(store, today=today)
    return {
        "formulas": sorted(FORMULAS.values(), key=lambda formula: formula.name),
        "rules": len(catalog.prefill_rules),
        "direct": sum(rule.strength == "direct" for rule in catalog.prefill_rules.values()),
        "targets": [target for target in TARGETS if not target.needs],
        "world": world,
        "accuracy": accuracy,
        "cards": cards(),
    }


def _measured(store: Store, *, today: date) -> tuple[World | None, dict[str, Figure]]:
    """How the forecasts did for all countries with deaths; nothing where the deaths are not loaded."""
    try:
        world, past = world_rates(store, as_of=today), history(store, "os", as_of=today)
    except (NotLoaded, ForecastError):
        return None, {}
    found = tested(store, past.iso3s[0], newest=past.origin, base_year=world.base_year, as_of=today)
    return world, {name.removeprefix(WORLD): figure for name, figure in found.items() if name.startswith(WORLD)}
