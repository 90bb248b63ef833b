"""``forefend institution list|add``: the institutions that answer."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from forefend.cli.output import Format, emit

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Institutions that answer in the self-assessment.")

COLUMNS = ("key", "title", "kind", "body", "is_protected", "is_practice", "people")
Chosen = Annotated[Format | None, typer.Option("--format", help="csv, json or table.")]
File = Annotated[Path | None, typer.Option("-o", "--output", help="File to write.")]


@app.command("list")
def list_institutions(
    format: Chosen = None,  # noqa: A002 - the option is called --format
    output: File = None,
) -> None:
    """Every institution, and how many people belong to it."""
    from forefend.web.project.opening import open_database

    open_database()
    from forefend.web.accounts.queries import institutions

    found: list[Any] = list(institutions())  # each with the number of its people, which the query adds
    rows = [
        {
            "key": one.key,
            "title": one.title,
            "kind": one.kind,
            "body": one.body or None,
            "is_protected": one.is_protected,
            "is_practice": one.is_practice,
            "people": one.n_people,
        }
        for one in found
    ]
    emit(rows, columns=COLUMNS, format=format, output=output)


@app.command()
def add(
    body: Annotated[str, typer.Option(help="Body of the catalog; its kind follows from it. See forefend catalog show.")] = "",
    title: Annotated[str, typer.Option(help="Name; unless given, the one in the catalog.")] = "",
    kind: Annotated[str, typer.Option(help="government, independent_bodies, civil_society or external, without a body.")] = "",
) -> None:
    """Add an institution: a body of the catalog, or another one with a name and a kind."""
    from forefend.web.project.opening import open_database

    open_database()
    from forefend.web.accounts.actions import add_institution
    from forefend.web.audit.chain import COMMAND_LINE

    made = add_institution(body=body, title=title, kind=kind, by=COMMAND_LINE)
    typer.echo(f"{made.key}: {made.title}, {made.kind}")
