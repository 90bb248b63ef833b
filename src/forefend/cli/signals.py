"""``forefend signals``: what the rules tell, with the evidence that fired them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from forefend.cli.outlook import read_month
from forefend.cli.output import Format, emit

app = typer.Typer(add_completion=False)

COLUMNS = ("rule", "iso3", "date", "severity", "why", "number", "evidence", "also", "tested", "threshold", "budget_a_year")
FRESH_MONTHS = 3
SHOWN = ("rule", "iso3", "date", "severity", "tested", "why")


@app.command()
def signals(
    as_of: Annotated[str | None, typer.Option("--as-of", metavar="YYYY-MM", help="Use only what was dated up to this month.")] = None,
    country: Annotated[str | None, typer.Option(help="One country.")] = None,
    format: Annotated[Format | None, typer.Option(help="csv, json or table.")] = None,  # noqa: A002 - the option is called --format
    output: Annotated[Path | None, typer.Option("-o", "--output", help="File to write.")] = None,
) -> None:
    """Signals of the last 180 days, the newest first. Those read from deaths count back from the newest month counted.

    A number opens with: forefend explain NUMBER. A rule that could not be tested on dated history says so.
    """
    from forefend.cli.context import open_workspace
    from forefend.panel.deaths import months_old
    from forefend.places import resolve
    from forefend.signals.listing import figures, look, standing
    from forefend.store.numbers import remember

    iso3 = resolve(country) if country else ""
    work = open_workspace()
    seen = look(work.store, as_of=read_month(as_of, is_end=True) or work.today)
    found = figures(seen, standing(seen, iso3=iso3))
    remember(work.store, (figure for _, made in found for figure in made))
    rows = [
        {
            "rule": signal.rule.id,
            "iso3": signal.hit.iso3,
            "date": min(signal.day, seen.as_of).isoformat(),
            "severity": signal.severity,
            "why": signal.hit.sentence,
            "number": made[0].id if made else "",
            "evidence": " ".join(figure.id for figure in made),
            "also": " ".join(signal.also),
            "tested": "yes" if signal.rule.is_tested else "untested",
            "threshold": signal.rule.threshold,
            "budget_a_year": signal.rule.budget,
        }
        for signal, made in found
    ]
    if as_of is None and months_old(seen.newest, today=work.today) > FRESH_MONTHS:
        typer.echo(f"Deaths are counted to {seen.newest:%Y-%m}: what happened since is in no signal that reads them.", err=True)
    emit(rows, columns=COLUMNS, format=format, output=output, shown=SHOWN)
