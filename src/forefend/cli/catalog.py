"""``forefend catalog show [ID] | check | export``: the Framework and all that hangs on it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from forefend.cli.output import write_file
from forefend.errors import CatalogError, ForefendError

if TYPE_CHECKING:
    from forefend.catalog import Catalog
    from forefend.catalog.model import Entry

app = typer.Typer(add_completion=False, no_args_is_help=True, help="The Framework, risk factors, options, windows and terms.")
Output = Annotated[Path | None, typer.Option("-o", "--output", help="File to write.")]
WIDTH = 100
TITLES = ("title", "name", "term", "text", "reason")  # the field that says what an entry is, by kind
EMPTY: tuple[object, ...] = (None, "", (), {}, [])
FORMATS = ("json", "csv", "xlsx", "oscal", "ciso")
HELP = (
    "json: everything. csv: one row for each text. xlsx: one sheet for each kind. oscal: OSCAL catalog (NIST). "
    "ciso: library for CISO Assistant."
)


@app.command()
def show(identifier: Annotated[str, typer.Argument(metavar="ID", help="Id of any entry: N1, N1.1, RF7, upr.session …")] = "") -> None:
    """Show one entry with all its texts and links; without an id, the spheres and actions."""
    from forefend.catalog import load_catalog

    if identifier:
        _show_entry(identifier)
        return
    catalog = load_catalog()
    for sphere in catalog.spheres.values():
        typer.echo(sphere.title)
        for action in catalog.actions.values():
            if action.sphere == sphere.id:
                typer.echo(f"  {action.id:<4} {action.title}")
    typer.echo("\nShow one with: forefend catalog show N1")


@app.command()
def check() -> None:
    """Check every reference and anchor; ends with the counts."""
    from forefend.catalog import check as find_problems
    from forefend.catalog import counts, load_catalog

    catalog = load_catalog()
    problems = find_problems(catalog)
    for problem in problems:
        typer.echo(problem)
    typer.echo(", ".join(f"{number} {kind.replace('_', ' ')}" for kind, number in counts(catalog).items()))
    if problems:
        raise CatalogError(f"The catalog has {len(problems)} fault{'s' if len(problems) > 1 else ''}. Correct the entries named above.")


@app.command()
def export(
    format: Annotated[str, typer.Option(help=HELP)] = "json",  # noqa: A002 - the option is called --format
    output: Output = None,
) -> None:
    """Write the whole catalog to standard output or a file."""
    if format not in FORMATS:
        raise ForefendError(f"The catalog cannot be exported as {format!r}. Give {', '.join(FORMATS[:-1])} or {FORMATS[-1]}.")
    if format == "xlsx" and output is None:
        raise ForefendError("Excel cannot be printed. Name the file to write with -o FILE.xlsx.")
    content = _exported(format)
    if output is None:
        sys.stdout.write(content.decode())
        return
    write_file(output, content)


def _exported(form: str) -> bytes:
    from forefend.brief.render.catalog_files import catalog_file
    from forefend.catalog import load_catalog

    return catalog_file(form, load_catalog())


def _show_entry(identifier: str) -> None:
    from forefend.catalog import find_all, load_catalog

    catalog = load_catalog()
    for kind, entry in find_all(catalog, identifier):
        content = entry.model_dump()
        typer.secho(f"{content['id']}  {_title(entry)}", bold=True)
        typer.echo(f"kind: {kind.replace('_', ' ')}")
        for name, value in content.items():
            if name not in (*TITLES, "id") and value not in EMPTY:
                _show_field(catalog, name, value)
        typer.secho("\nlinks", bold=True)
        for other, ids in catalog.links_of(kind, content["id"]).items():
            if other not in content:
                _show_listed(catalog, other, ids)
        typer.echo("")


def _title(entry: Entry) -> str:
    return next((str(getattr(entry, name)) for name in TITLES if getattr(entry, name, "")), "")


def _show_field(catalog: Catalog, name: str, value: Any) -> None:
    label = name.replace("_", " ")
    if name in ("questions", "indicators"):
        _show_listed(catalog, name, value)
    elif isinstance(value, dict):
        typer.echo(f"{label}:")
        for key, text in value.items():
            if text not in EMPTY:
                _wrap(f"{key}: {text}", indent="  ")
    elif isinstance(value, tuple | list):
        typer.echo(f"{label}:")
        for item in value:
            _wrap("– " + (", ".join(str(part) for part in item.values()) if isinstance(item, dict) else str(item)), indent="  ")
    elif isinstance(value, bool):
        _wrap(f"{label}: {'yes' if value else 'no'}", indent="")
    else:
        _wrap(f"{label}: {value}", indent="")


def _show_listed(catalog: Catalog, kind: str, ids: Sequence[str]) -> None:
    typer.echo(f"{kind.replace('_', ' ')}:")
    for identifier in ids:
        entry = catalog.of_kind(kind)[identifier]
        weight = f" ({entry.criticality})" if hasattr(entry, "criticality") else ""
        _wrap(f"{identifier}{weight}  {_title(entry)}", indent="  ")


def _wrap(text: str, *, indent: str) -> None:
    import textwrap

    typer.echo(textwrap.fill(text, WIDTH, initial_indent=indent, subsequent_indent=indent + "  "))
