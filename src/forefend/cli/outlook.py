"""``forefend outlook annual|monthly``: forecasts for every country the source covers."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from forefend.cli.output import Format, emit
from forefend.errors import ForecastError

if TYPE_CHECKING:
    import polars as pl

    from forefend.forecast.pooled import Outlook

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Forecasts: annual (new mass killing) and monthly (deaths).")
Model = Annotated[str, typer.Option(help="Model to forecast with; the pool of all unless given.")]


@app.command()
def monthly(
    *,
    target: Annotated[
        str,
        typer.Option(
            help="Deaths in one-sided violence (os), state-based (sb), non-state conflict (ns); civilians; or escalation: the chance of "
            "25 deaths or more in one-sided violence in three months."
        ),
    ] = "os",
    as_of: Annotated[str | None, typer.Option("--as-of", metavar="YYYY-MM", help="Use only what was dated up to this month.")] = None,
    horizon: Annotated[int, typer.Option(help="Months ahead.")] = 12,
    model: Model = "",
    format: Annotated[Format | None, typer.Option(help="csv, json or table.")] = None,  # noqa: A002 - the option is called --format
    output: Annotated[Path | None, typer.Option("-o", "--output", help="File to write.")] = None,
) -> None:
    """Deaths by state and month ahead: mean, quantiles, and chances of 1, 25 and 100 or more. Other states are not forecast."""
    from forefend.cli.context import open_workspace
    from forefend.forecast.pooled import escalation_outlook, monthly_outlook
    from forefend.forecast.tables import ESCALATION_COLUMNS, MONTHLY_COLUMNS

    work, day = open_workspace(), read_month(as_of, is_end=True)
    columns: tuple[str, ...] = ESCALATION_COLUMNS if target == "escalation" else MONTHLY_COLUMNS
    if target == "escalation":
        found = escalation_outlook(work.store, as_of=day, model=model, today=work.today)
    else:
        found = monthly_outlook(work.store, target, as_of=day, horizon=horizon, model=model, today=work.today)
    months = [name for name in ("origin", "month") if name in columns]
    rows = [row | {name: f"{row[name]:%Y-%m}" for name in months} for row in rounded(_told(found).to_dicts())]
    emit(rows, columns=columns, format=format, output=output)


@app.command()
def annual(
    *,
    target: Annotated[str, typer.Option(help="ucdp (open data); ewp and ucdp_actor once their files are imported.")] = "ucdp",
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="YEAR", help="Use only what was dated up to the end of this year.")
    ] = None,
    model: Model = "",
    format: Annotated[Format | None, typer.Option(help="csv, json or table.")] = None,  # noqa: A002 - the option is called --format
    output: Annotated[Path | None, typer.Option("-o", "--output", help="File to write.")] = None,
) -> None:
    """Chance of a new mass killing within two years, with a 90 % interval of how sure the models are of the chance itself."""
    from forefend.cli.context import open_workspace
    from forefend.forecast.pooled import annual_outlook
    from forefend.forecast.tables import ANNUAL_COLUMNS

    year, work = read_year(as_of), open_workspace()
    day = None if year is None else date(year, 12, 31)
    table = _told(annual_outlook(work.store, target, as_of=day, model=model, today=work.today))
    emit(rounded(table.to_dicts()), columns=ANNUAL_COLUMNS, format=format, output=output)


def _told(found: Outlook) -> pl.DataFrame:
    """Say the sentences a reader must know, where they do not mix with the table."""
    for note in found.notes:
        typer.echo(note, err=True)
    return found.table


def read_month(text: str | None, *, is_end: bool = False) -> date | None:
    """Read YYYY-MM as the first (or last) day of the month; raises ForecastError."""
    from forefend.panel.deaths import month_end

    if text is None:
        return None
    if not re.fullmatch(r"[1-8]\d{3}-(0[1-9]|1[0-2])", text):
        raise ForecastError(f"{text!r} is not a month. Give it as YYYY-MM, such as 2023-12.")
    first = date.fromisoformat(f"{text}-01")
    return month_end(first) if is_end else first


def read_year(text: str | None) -> int | None:
    """Read YYYY; raises ForecastError."""
    if text is not None and not re.fullmatch(r"[1-8]\d{3}", text):
        raise ForecastError(f"{text!r} is not a year. Give it as YYYY, such as 2023.")
    return None if text is None else int(text)


def rounded(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Round numbers to six digits after the point: more than they can bear, and enough to compare."""
    return [{name: round(value, 6) if isinstance(value, float) else value for name, value in row.items()} for row in rows]
