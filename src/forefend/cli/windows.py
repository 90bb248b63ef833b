"""``forefend windows STATE``: dated windows of opportunity ahead of a state."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from forefend.cli.output import Format, emit, write_file

if TYPE_CHECKING:
    from forefend.options.windows import WindowDate

COLUMNS = (
    "start", "end", "date", "basis", "window", "name", "detail", "about", "preparation_start", "seat", "can_use",
    "options", "actions", "source", "checked", "note",
)  # fmt: skip

app = typer.Typer(add_completion=False)


@app.command()
def windows(  # noqa: PLR0917 - each is an option of the command
    state: Annotated[str, typer.Argument(help="State that would act.")],
    about: Annotated[str | None, typer.Option(help="Country concerned: its reviews, mandates and elections are dated too.")] = None,
    days: Annotated[int, typer.Option(min=1, max=3650, help="How many days ahead.")] = 365,
    ics: Annotated[Path | None, typer.Option(help="Calendar file to write besides.")] = None,
    format: Annotated[Format | None, typer.Option(help="csv, json or table.")] = None,  # noqa: A002 - the option is called --format
    output: Annotated[Path | None, typer.Option("-o", "--output", help="File to write.")] = None,
) -> None:
    """Windows of opportunity in order of date. A date that is not fixed says so and must be replaced by the published one."""
    from forefend.cli.context import open_workspace
    from forefend.options.windows import windows as ahead
    from forefend.places import resolve

    actor, target = resolve(state), resolve(about) if about else None
    work = open_workspace()
    found = ahead(work.store, work.catalog, actor, target, days=days, today=work.today)
    rows = [
        {
            "start": entry.start and entry.start.isoformat(),
            "end": entry.end and entry.end.isoformat(),
            "date": entry.date_text or None,
            "basis": entry.basis,
            "window": entry.window.id,
            "name": entry.window.name,
            "detail": entry.detail,
            "about": entry.about,
            "preparation_start": entry.preparation_start and entry.preparation_start.isoformat(),
            "seat": entry.seat,
            "can_use": {True: "yes", False: "no", None: "not known"}[entry.can_use],
            "options": " ".join(entry.window.options),
            "actions": " ".join(entry.window.actions),
            "source": entry.source,
            "checked": entry.checked,
            "note": entry.note,
        }
        for entry in found
    ]
    if ics is not None:
        _write_calendar(ics, found=found, today=work.today)
    emit(rows, columns=COLUMNS, format=format, output=output)


def _write_calendar(path: Path, *, found: Iterable[WindowDate], today: date) -> None:
    from forefend.options.calendar_file import to_ics

    write_file(path, to_ics(found, today=today), option="--ics")
