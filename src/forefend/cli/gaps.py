"""``forefend gaps STATE``: 21 actions pre-filled from data."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from forefend.cli.output import Format, emit

COLUMNS = ("action", "coverage", "gap", "gap_low", "gap_high", "cautious_gap", "confidence", "blocking", "core_open", "answered", "note")
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

    iso3 = resolve(state)
    work = open_workspace()
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
        }
        for gap in draft(work.store, work.catalog, iso3, today=work.today)
    ]
    emit(rows, columns=COLUMNS, format=format, output=output, shown=SHOWN)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 6)
