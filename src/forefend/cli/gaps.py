"""``forefend gaps STATE``: 21 actions pre-filled from data."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from forefend.cli.output import Format, emit

if TYPE_CHECKING:
    from forefend.assess.gaps import ActionGap
    from forefend.store import Figure

COLUMNS = (
    "action",
    "coverage",
    "gap",
    "gap_low",
    "gap_high",
    "cautious_gap",
    "confidence",
    "blocking",
    "core_open",
    "answered",
    "note",
    "numbers",
)
SHOWN = ("action", "coverage", "gap", "gap_low", "gap_high", "cautious_gap", "confidence", "answered", "blocking")

app = typer.Typer(add_completion=False)


@app.command()
def gaps(
    state: Annotated[str, typer.Argument(help="ISO 3166 code or name of the state.")],
    format: Annotated[Format | None, typer.Option(help="csv, json or table.")] = None,  # noqa: A002 - the option is called --format
    output: Annotated[Path | None, typer.Option("-o", "--output", help="File to write.")] = None,
) -> None:
    """21 actions of a state, pre-filled from public data. A gap is published only by its rules; the range always is."""
    from forefend.assess.gaps import gaps as draft
    from forefend.cli.context import open_workspace
    from forefend.places import resolve
    from forefend.store.numbers import remember

    iso3 = resolve(state)
    work = open_workspace()
    found = draft(work.store, work.catalog, iso3, today=work.today)
    remember(work.store, [figure for gap in found for figure in _figures(gap).values()])
    rows = [
        {
            "action": gap.action,
            "coverage": _rounded(gap.coverage.value),
            "gap": _rounded(gap.gap.value),
            "gap_low": _rounded(gap.gap_low.value),
            "gap_high": _rounded(gap.gap_high.value),
            "cautious_gap": _rounded(gap.cautious_gap.value),
            "confidence": _rounded(gap.confidence.value),
            "blocking": " ".join(gap.blocking),
            "core_open": " ".join(gap.core_open),
            "answered": f"{gap.n_answered}/{len(gap.answers)}",
            "note": gap.gap.missing,
            "numbers": " ".join(f"{name}={figure.id}" for name, figure in _figures(gap).items()),
        }
        for gap in found
    ]
    emit(rows, columns=COLUMNS, format=format, output=output, shown=SHOWN)


def _figures(gap: ActionGap) -> dict[str, Figure]:
    names = ("coverage", "gap", "gap_low", "gap_high", "cautious_gap", "confidence")
    return {name: getattr(gap, name) for name in names}


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 6)
