"""Series computed from other declared series by a formula the catalog declares: a figure of figures, with their snapshots.

Inputs are of the newest year that all have, so a number is never set against another year's; one that looks back (the
change on the year before, the sum of five years) takes each input in the years before it too, newest first. A value is
missing where one of its inputs is, for the same reason.
"""

from __future__ import annotations

from datetime import date

from forefend.catalog import Catalog
from forefend.catalog.model import DataIndicator
from forefend.panel.values import in_year, latest
from forefend.store import Figure, Store, compute, missing_figure


def derived(store: Store, catalog: Catalog, declared: DataIndicator, *, iso3: str, today: date) -> Figure:
    """Return the newest value of a derived series for a state."""
    newest = [latest(store, catalog, name, iso3=iso3, today=today) for name in declared.inputs]
    for figure in newest:
        if figure.value is None:
            return missing_figure(label=declared.title, unit=declared.unit, reason=figure.missing, period=figure.period)
    year = min(int(figure.period) for figure in newest)
    if declared.max_age_years is not None and today.year - year > declared.max_age_years:
        return missing_figure(label=declared.title, unit=declared.unit, reason="too old", period=str(year))
    return derived_in_year(store, catalog, declared, iso3=iso3, year=year)


def derived_in_year(store: Store, catalog: Catalog, declared: DataIndicator, *, iso3: str, year: int) -> Figure:
    """Return the value of a derived series for one year, the last of those it looks back over."""
    inputs = [catalog.data_indicators[name] for name in declared.inputs]
    return compute(
        store,
        label=declared.title,
        unit=declared.unit,
        formula=declared.formula,
        inputs=[in_year(store, one, iso3=iso3, year=year - back) for one in inputs for back in range(declared.years)],
        period=str(year),
    )
