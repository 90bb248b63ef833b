"""Series computed from two other series by a formula the catalog declares: a figure of figures, with the snapshots of both.

Each input is taken in the newest year that both have, so a number is never set against another year's. A value is missing
where one of its inputs is, for the same reason.
"""

from __future__ import annotations

from datetime import date

from forefend.catalog import Catalog
from forefend.catalog.model import DataIndicator
from forefend.panel.values import in_year, latest
from forefend.store import Figure, Store, compute, missing_figure


def derived(store: Store, catalog: Catalog, declared: DataIndicator, *, iso3: str, today: date) -> Figure:
    """Return the newest value of a derived series for a state."""
    inputs = [catalog.data_indicators[name] for name in declared.inputs]
    newest = [latest(store, catalog, one.id, iso3=iso3, today=today) for one in inputs]
    for figure in newest:
        if figure.value is None:
            return missing_figure(label=declared.title, unit=declared.unit, reason=figure.missing, period=figure.period)
    year = min(int(figure.period) for figure in newest)
    if declared.max_age_years is not None and today.year - year > declared.max_age_years:
        return missing_figure(label=declared.title, unit=declared.unit, reason="too old", period=str(year))
    return compute(
        store,
        label=declared.title,
        unit=declared.unit,
        formula=declared.formula,
        inputs=[in_year(store, one, iso3=iso3, year=year) for one in inputs],
        period=str(year),
    )
