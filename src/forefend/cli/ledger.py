"""``forefend ledger issue|list|score|verify``: every issued forecast, kept as it was, and how it did."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from forefend.cli.outlook import read_month, read_year, rounded
from forefend.cli.output import Format, emit
from forefend.errors import ForecastError, StoreError

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Every issued forecast, kept as it was, and how it did.")

COLUMNS = (
    *("id", "number", "target", "model", "origin", "as_of", "issued_at", "is_hindsight", "rows", "snapshots", "code_version", "seed"),
    *("forecasts_sha256", "previous"),
)
Chosen = Annotated[Format | None, typer.Option("--format", help="csv, json or table.")]
File = Annotated[Path | None, typer.Option("-o", "--output", help="File to write.")]


@app.command()
def issue(  # noqa: PLR0917 - each is an option of the command
    what: Annotated[str, typer.Argument(metavar="annual|monthly", help="Which forecast.")],
    target: Annotated[str, typer.Option(help="os, sb, ns or civilians; ucdp or ewp. Unless given: os, ucdp.")] = "",
    as_of: Annotated[str | None, typer.Option("--as-of", metavar="YYYY-MM|YEAR", help="Use only what was dated up to then.")] = None,
    horizon: Annotated[int, typer.Option(help="Months ahead.")] = 12,
    model: Annotated[str, typer.Option(help="Model to forecast with; the pool of all unless given.")] = "",
    format: Chosen = None,  # noqa: A002 - the option is called --format
    output: File = None,
) -> None:
    """Append the forecast the product shows now. It is never edited; the same forecast is not issued twice."""
    from forefend.cli.context import open_workspace
    from forefend.forecast.issuing import issue_forecast

    if what not in {"annual", "monthly"}:
        raise ForecastError(f"{what!r} is not issued. Give annual or monthly.")
    period: Literal["month", "year"] = "month" if what == "monthly" else "year"
    made = issue_forecast(
        open_workspace().store,
        period=period,
        target=target or ("os" if period == "month" else "ucdp"),
        now=datetime.now(UTC),
        as_of=_day(as_of, is_month=period == "month"),
        horizon=horizon,
        model=model,
    )
    emit([asdict(made)], columns=COLUMNS, format=format, output=output, shown=("id", "number", "target", "model", "origin", "rows"))


@app.command("list")
def listed(format: Chosen = None, output: File = None) -> None:  # noqa: A002 - the option is called --format
    """All issues, oldest first."""
    from forefend.cli.context import open_workspace
    from forefend.forecast.ledger import issues

    rows = [asdict(entry) for entry in issues(open_workspace().store)]
    shown = ("number", "id", "target", "model", "origin", "issued_at", "is_hindsight", "rows")
    emit(rows, columns=COLUMNS, format=format, output=output, shown=shown)


@app.command()
def score(format: Chosen = None, output: File = None) -> None:  # noqa: A002 - the option is called --format
    """Every issue against what came: final and provisional outcomes apart. Issued in hindsight is said so."""
    from forefend.cli.context import open_workspace
    from forefend.forecast.ledger_scores import COLUMNS as SCORED
    from forefend.forecast.ledger_scores import SCORES, scores

    shown = ("issue", "target", "origin", "is_hindsight", "outcomes", "rows", "pending", *SCORES)
    emit(rounded(scores(open_workspace().store).to_dicts()), columns=SCORED, format=format, output=output, shown=shown)


@app.command()
def verify(
    head: Annotated[str, typer.Option(help="Newest id, as noted at an earlier check.")] = "",
    format: Chosen = None,  # noqa: A002 - the option is called --format
    output: File = None,
) -> None:
    """Prove that nothing was changed or taken out. Note the newest id elsewhere: it shows whether later issues are gone."""
    from forefend.cli.context import open_workspace
    from forefend.forecast.ledger import verify as check

    verdict = check(open_workspace().store, head=head)
    if verdict.faults:
        raise StoreError(" ".join(verdict.faults))
    emit(
        [{"issues": verdict.issues, "head": verdict.head, "faults": 0}], columns=("issues", "head", "faults"), format=format, output=output
    )


def _day(text: str | None, *, is_month: bool) -> date | None:
    if is_month:
        return read_month(text, is_end=True)
    year = read_year(text)
    return None if year is None else date(year, 12, 31)
