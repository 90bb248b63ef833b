"""``forefend options ACTOR TARGET``: options with every component, and no priority without a person's judgements."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from forefend.cli.output import Format, emit

COLUMNS = (
    "option", "name", "relevance", "leverage", "cost", "evidence", "fits", "held", "not_held", "not_known",
    "phases", "lead_time", "effort_level", "cautions", "missing", "relevance_number", "leverage_number",
)  # fmt: skip
SHOWN = ("option", "relevance", "leverage", "cost", "evidence", "fits", "held")

app = typer.Typer(add_completion=False)


@app.command()
def options(
    actor: Annotated[str, typer.Argument(help="State that would act.")],
    target: Annotated[str, typer.Argument(help="Country concerned; the same state for options at home.")],
    level: Annotated[int | None, typer.Option(help="Decision level 0-4: only options of its phase.")] = None,
    format: Annotated[Format | None, typer.Option(help="csv, json or table.")] = None,  # noqa: A002 - the option is called --format
    output: Annotated[Path | None, typer.Option("-o", "--output", help="File to write.")] = None,
) -> None:
    """Options of a state toward a country, by relevance, then leverage. Access, acceptability, harm and law are for people."""
    from forefend.cli.context import open_workspace
    from forefend.options.match import options_for
    from forefend.places import resolve
    from forefend.store.numbers import remember

    holder, subject = resolve(actor), resolve(target)
    work = open_workspace()
    found = options_for(work.store, work.catalog, holder, subject, today=work.today, level=level)
    remember(work.store, [figure for match in found for figure in (match.relevance, match.leverage)])
    rows = [
        {
            "option": match.id,
            "name": match.option.name,
            "relevance": _rounded(match.relevance.value),
            "leverage": _rounded(match.leverage.value),
            "cost": match.cost,
            "evidence": match.option.evidence.grade,
            "fits": " ".join(fit.risk for fit in match.fits),
            "held": " ".join(lever.channel for lever in match.held),
            "not_held": " ".join(match.not_held),
            "not_known": " ".join(match.not_known),
            "phases": " ".join(match.option.phases),
            "lead_time": match.option.lead_time,
            "effort_level": match.option.effort_level,
            "cautions": "; ".join(match.option.risks_and_cautions),
            "missing": match.relevance.missing,
            "relevance_number": match.relevance.id,
            "leverage_number": match.leverage.id,
        }
        for match in found
    ]
    emit(rows, columns=COLUMNS, format=format, output=output, shown=SHOWN)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
