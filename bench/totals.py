"""How wide the sums of whole paths are: the pool's twelve-month totals against what came, ten Decembers, countries with deaths before."""

from __future__ import annotations

from datetime import date

import numpy as np

from forefend.cli.context import open_workspace
from forefend.forecast.history import History
from forefend.forecast.pooled import monthly_outlook
from forefend.forecast.tables import QUANTILES, history

FIRST, LAST = 2014, 2023


def main() -> None:
    """Print how many of the outcomes lay inside the 90 % band, inside the middle half, above and below the band."""
    store = open_workspace().store
    past, counted = history(store, "os"), np.zeros(5)
    for year in range(FIRST, LAST + 1):
        found = monthly_outlook(store, "os", as_of=date(year, 12, 31))
        assert isinstance(found.known, History)
        assert found.draws is not None
        bounds = np.quantile(found.draws.sum(axis=1), QUANTILES, axis=1)
        rows, column = [past.iso3s.index(iso3) for iso3 in found.known.iso3s], past.column(date(year, 12, 1))
        before = past.deaths[rows, column - 11 : column + 1].sum(axis=1) > 0
        came, (low, quarter, _, three, high) = past.deaths[rows, column + 1 : column + 13].sum(axis=1)[before], bounds[:, before]
        inside, half = (came >= low) & (came <= high), (came >= quarter) & (came <= three)
        counted += [len(came), inside.sum(), half.sum(), (came > high).sum(), (came < low).sum()]
    cases, *hits = counted
    print(f"{cases:.0f} country-years; inside 90 %, middle half, above, below: {', '.join(f'{hit / cases:.3f}' for hit in hits)}")


if __name__ == "__main__":
    main()
