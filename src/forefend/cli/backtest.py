"""``forefend backtest annual|monthly``: how the forecasts would have done, against baselines."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from forefend.cli.outlook import read_month, read_year, rounded
from forefend.cli.output import Format, emit, write_file

if TYPE_CHECKING:
    import polars as pl

    from forefend.forecast.backtest import Backtest

app = typer.Typer(add_completion=False, no_args_is_help=True, help="How the forecasts would have done, against baselines.")

Predictions = Annotated[
    Path | None,
    typer.Option(
        help="File for the product's own forecasts, in the layout of the scorers (csv or parquet); event chances, groups and "
        "reliability go beside it."
    ),
]
Models = Annotated[str, typer.Option(help="Only these models, with commas between; the first is the one written. All unless given.")]


@app.command()
def monthly(
    *,
    target: Annotated[str, typer.Option(help="os, sb, ns, civilians, or escalation.")] = "os",
    first: Annotated[
        str | None, typer.Option("--from", metavar="YYYY-MM", help="First month tested; 36 months before --to unless given.")
    ] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="YYYY-MM", help="Last month tested; the newest stored unless given.")] = None,
    predictions: Predictions = None,
    models: Models = "",
    format: Annotated[Format | None, typer.Option(help="csv, json or table.")] = None,  # noqa: A002 - the option is called --format
    output: Annotated[Path | None, typer.Option("-o", "--output", help="File to write.")] = None,
) -> None:
    """Every monthly model from an origin in every month. Pseudo-real-time: values were revised after the fact."""
    from forefend.cli.context import open_workspace
    from forefend.forecast.backtest import monthly_backtest

    done = monthly_backtest(open_workspace().store, target=target, first=read_month(first), last=read_month(last), names=_names(models))
    _show(done, predictions=predictions, format=format, output=output)


@app.command()
def annual(
    *,
    target: Annotated[str, typer.Option(help="ucdp; ewp and ucdp_actor once their files are imported.")] = "ucdp",
    first: Annotated[str | None, typer.Option("--from", metavar="YEAR", help="First base year; 1995 unless given.")] = None,
    last: Annotated[
        str | None, typer.Option("--to", metavar="YEAR", help="Last base year; the newest with a known outcome unless given.")
    ] = None,
    predictions: Predictions = None,
    models: Models = "",
    format: Annotated[Format | None, typer.Option(help="csv, json or table.")] = None,  # noqa: A002 - the option is called --format
    output: Annotated[Path | None, typer.Option("-o", "--output", help="File to write.")] = None,
) -> None:
    """Every annual model from every base year. Pseudo-real-time: values were revised after the fact."""
    from forefend.cli.context import open_workspace
    from forefend.forecast.backtest import annual_backtest

    done = annual_backtest(open_workspace().store, target=target, first=read_year(first), last=read_year(last), names=_names(models))
    _show(done, predictions=predictions, format=format, output=output)


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _show(done: Backtest, *, predictions: Path | None, format: Format | None, output: Path | None) -> None:  # noqa: A002 - as the option
    from forefend.forecast.backtest import COLUMNS

    if predictions is not None:
        _write(done.predictions, predictions)
        _write(done.groups, predictions.with_name(predictions.name + ".groups.csv"))
        _write(done.reliability, predictions.with_name(predictions.name + ".reliability.csv"))
        if done.events.width:
            _write(done.events, predictions.with_name(predictions.name + ".events.csv"))
    emit(rounded(done.scores.to_dicts()), columns=COLUMNS, format=format, output=output)


def _write(frame: pl.DataFrame, path: Path) -> None:
    import io

    buffer = io.BytesIO()
    if path.suffix == ".parquet":
        frame.write_parquet(buffer)
    else:
        frame.write_csv(buffer)
    write_file(path, buffer.getvalue(), option="--predictions")
