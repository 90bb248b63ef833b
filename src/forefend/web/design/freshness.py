"""How old the data are on which most pages rest."""

from __future__ import annotations

from datetime import date

from forefend.store import Store

DEATHS = "ucdp_os_deaths"


def newest_data(store: Store) -> date | None:
    """Return the last day that deaths in one-sided violence are known for; None while none are loaded."""
    holding = store.holding("observations", DEATHS)
    return store.newest_period(holding[-1]) if holding else None


def months_between(earlier: date, later: date) -> int:
    """Count whole calendar months from one day to another."""
    return 12 * (later.year - earlier.year) + later.month - earlier.month
