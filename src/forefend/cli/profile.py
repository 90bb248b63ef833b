"""``forefend profile COUNTRY``: 14 risk factors, each indicator with value, year and source."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from forefend.cli.output import Format, emit

COLUMNS = (
    "factor",
    "title",
    "percentile",
    "leading",
    "indicator",
    "value",
    "unit",
    "period",
    "source",
    "strength",
    "missing",
    "number",
    "percentile_number",
)
SHOWN = ("factor", "percentile", "leading", "indicator", "value", "period", "strength", "missing")

app = typer.Typer(add_completion=False)


@app.command()
def profile(
    country: Annotated[str, typer.Argument(help="ISO 3166 code or name of the country.")],
    format: Annotated[Format | None, typer.Option(help="csv, json or table.")] = None,  # noqa: A002 - the option is called --format
    output: Annotated[Path | None, typer.Option("-o", "--output", help="File to write.")] = None,
) -> None:
    """14 risk factors of a country. Percentiles compare all states with a value; what nobody measures is not monitored."""
    from forefend.assess.profile import profile as levels
    from forefend.cli.context import open_workspace
    from forefend.places import resolve
    from forefend.store.numbers import remember

    iso3 = resolve(country)
    work = open_workspace()
    rows: list[dict[str, object]] = []
    found = levels(work.store, work.catalog, iso3, today=work.today)
    remember(work.store, [figure for level in found for reading in level.readings for figure in (reading.value, reading.percentile)])
    for level in found:
        title = work.catalog.risk_factors[level.factor].title
        if not level.readings:
            rows.append({"factor": level.factor, "title": title, "missing": level.percentile.missing})
        for reading in level.readings:
            figure = reading.value
            rows.append(
                {
                    "factor": level.factor,
                    "title": title,
                    "percentile": None if reading.percentile.value is None else round(reading.percentile.value, 1),
                    "leading": "yes" if reading is level.leading else "",
                    "indicator": reading.indicator,
                    "value": figure.value,
                    "unit": figure.unit,
                    "period": figure.period,
                    "source": ", ".join(snapshot.title for snapshot in figure.snapshots),
                    "strength": reading.strength,
                    "missing": figure.missing,
                    "number": figure.id,
                    "percentile_number": reading.percentile.id,
                }
            )
    emit(rows, columns=COLUMNS, format=format, output=output, shown=SHOWN)
