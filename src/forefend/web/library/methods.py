"""The methods page: how numbers are made, and how the forecasts did when tested on the past."""

from __future__ import annotations

from datetime import date
from typing import Any

from forefend.catalog import Catalog
from forefend.store import Store
from forefend.store.formulas import FORMULAS


def methods_page(store: Store, catalog: Catalog, *, today: date) -> dict[str, Any]:
    """Return the formulas and what is measured of the forecasts."""
    del store, today
    return {
        "formulas": sorted(FORMULAS.values(), key=lambda formula: formula.name),
        "rules": len(catalog.prefill_rules),
        "direct": sum(rule.strength == "direct" for rule in catalog.prefill_rules.values()),
    }
