"""``forefend coverage [STATE]``: which questions and risk indicators have data, how old, from whom."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from forefend.cli.output import Format, emit, is_for_people

if TYPE_CHECKING:
    from forefend.assess.coverage import Entry, Share

COLUMNS = (
    *("group", "item", "measurable", "strength", "series", "title", "source", "missing"),
    *("period", "age_days", "states", "value", "unit", "number"),
)
GROUPS = ("group", "items", "measurable", "direct", "proxy_only", "hand_kept", "none", "of_measurable", "oldest", "sources")

app = typer.Typer(add_completion=False)


@app.command()
def coverage(
    state: Annotated[str, typer.Argument(help="ISO 3166 code or name of a state; all states together when left out.")] = "",
    every: Annotated[bool, typer.Option("--all", help="On a terminal too, a line for each series instead of one for each action.")] = False,
    format: Annotated[Format | None, typer.Option(help="csv, json or table.")] = None,  # noqa: A002 - the option is called --format
    output: Annotated[Path | None, typer.Option("-o", "--output", help="File to write.")] = None,
) -> None:
    """What public data can say: by action and risk factor, direct, as a stand-in (proxy), and kept by hand, each apart."""
    from forefend.assess.coverage import coverage as cover
    from forefend.assess.coverage import shares
    from forefend.cli.context import open_workspace
    from forefend.places import resolve
    from forefend.store.numbers import remember

    iso3 = resolve(state) if state else None
    work = open_workspace()
    entries = cover(work.store, work.catalog, today=work.today, iso3=iso3)
    remember(work.store, [entry.figure for entry in entries if entry.figure is not None])
    if is_for_people(format, output=output) and not every:
        emit([_group(share) for share in shares(entries)], columns=GROUPS, format=Format.TABLE, output=output)
        return
    emit([_row(entry) for entry in entries], columns=COLUMNS, format=format, output=output, shown=_fitting(iso3))


def _fitting(iso3: str | None) -> Sequence[str]:
    return ("item", "strength", "series", "source", "missing", "period", "value" if iso3 else "states")


def _row(entry: Entry) -> dict[str, Any]:
    figure = entry.figure
    return {
        "group": entry.group,
        "item": entry.item,
        "measurable": "yes" if entry.is_measurable else "no",
        "strength": entry.strength,
        "series": entry.series,
        "title": entry.title,
        "source": entry.source,
        "missing": entry.missing,
        "period": entry.period,
        "age_days": entry.age_days,
        "states": entry.states,
        "value": figure.value if figure else None,
        "unit": figure.unit if figure else "",
        "number": figure.id if figure else "",
    }


def _group(share: Share) -> dict[str, Any]:
    return {
        "group": share.group,
        "items": share.items,
        "measurable": share.measurable,
        "direct": share.direct,
        "proxy_only": share.proxy_only,
        "hand_kept": share.hand_kept,
        "none": share.none,
        "of_measurable": None if share.of_measurable is None else f"{share.of_measurable:.0%}",
        "oldest": share.oldest,
        "sources": ", ".join(share.sources),
    }
