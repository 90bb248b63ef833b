"""``forefend leverage ACTOR TARGET``: what one state holds over another, channel by channel."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from forefend.cli.output import Format, emit

if TYPE_CHECKING:
    from forefend.store import Figure

COLUMNS = ("channel", "title", "value", "unit", "year", "source", "held_by_others", "missing", "number")
SHOWN = ("channel", "value", "unit", "year", "held_by_others", "missing")

app = typer.Typer(add_completion=False)


def _held(iso3: str, figure: Figure) -> str:
    """Say who holds how much: a share in per cent, an amount in its unit."""
    amount = f"{figure.value:.0%}" if figure.unit == "share" else f"{figure.value:,.0f} {figure.unit}"
    return f"{iso3} {amount}"


@app.command()
def leverage(
    actor: Annotated[str, typer.Argument(help="State that would act.")],
    target: Annotated[str, typer.Argument(help="Country acted upon.")],
    format: Annotated[Format | None, typer.Option(help="csv, json or table.")] = None,  # noqa: A002 - the option is called --format
    output: Annotated[Path | None, typer.Option("-o", "--output", help="File to write.")] = None,
) -> None:
    """Channels of leverage from the target's side. A share is exposure, not proof of influence; channels are never added."""
    from forefend.cli.context import open_workspace
    from forefend.options.leverage import leverage as levers
    from forefend.places import resolve
    from forefend.store.numbers import remember

    holder, subject = resolve(actor), resolve(target)
    work = open_workspace()
    found = levers(work.store, work.catalog, holder, subject, today=work.today)
    remember(work.store, [figure for lever in found for figure in (lever.figure, *(share for _, share in lever.holders))])
    rows = [
        {
            "channel": lever.channel,
            "title": lever.title,
            "value": None if lever.figure.value is None else round(lever.figure.value, 4),
            "unit": lever.figure.unit,
            "year": lever.figure.period,
            "source": ", ".join(snapshot.title for snapshot in lever.figure.snapshots),
            "held_by_others": ", ".join(
                _held(iso3, figure) for iso3, figure in lever.holders if figure.value is not None and iso3 != holder
            ),
            "missing": lever.figure.missing,
            "number": lever.figure.id,
        }
        for lever in found
    ]
    emit(rows, columns=COLUMNS, format=format, output=output, shown=SHOWN)
