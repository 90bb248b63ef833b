"""``forefend explain NUMBER-ID``: a number → its formula → the rows → the snapshot."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from forefend.cli.output import Format, is_for_people, write_file
from forefend.errors import ForefendError

if TYPE_CHECKING:
    from forefend.store import Figure, Store
    from forefend.store.opened import Opened, Rows

ROWS_PRINTED = 12

app = typer.Typer(add_completion=False)


@app.command()
def explain(
    number: Annotated[str, typer.Argument(metavar="NUMBER-ID", help="Id of a number, as briefs, tables (JSON) and pages show it.")],
    inside: Annotated[Path | None, typer.Option("--in", help="A brief's .json, where the number was given out elsewhere.")] = None,
    format: Annotated[Format | None, typer.Option(help="json or table.")] = None,  # noqa: A002 - the option is called --format
    output: Annotated[Path | None, typer.Option("-o", "--output", help="File to write.")] = None,
) -> None:
    """Open a number: how it was made, from which rows of which snapshot, and whether it comes out the same now."""
    import forefend.assess.figures
    import forefend.assess.round_figures
    import forefend.brief.gaps.ahead
    import forefend.forecast.formulas
    import forefend.forecast.growing
    import forefend.forecast.growth_formulas
    import forefend.forecast.record_formulas
    import forefend.options.formulas
    import forefend.signals.formulas  # noqa: F401 - these rooms register their formulas
    from forefend.cli.context import open_workspace
    from forefend.store.numbers import recall

    store = open_workspace().store
    figure = _from_brief(store, inside, number) if inside else recall(store, number)
    if format is Format.CSV:
        raise ForefendError("A number with its inputs is no table. Use --format json, or --format table.")
    text = "\n".join(_lines(store, figure)) + "\n" if is_for_people(format, output=output) else _as_json(store, figure)
    if output is None:
        sys.stdout.write(text)
    else:
        write_file(output, text.encode())


def _from_brief(store: Store, path: Path, number: str) -> Figure:
    from forefend.brief.reading.numbers import number_record
    from forefend.store import Figure

    try:
        found = number_record(json.loads(path.read_text(encoding="utf-8")), number)
    except (OSError, ValueError, KeyError, TypeError):
        raise ForefendError(f"{path} is not the .json of a brief. Write one with: forefend brief … -o FILE.json") from None
    if found is None:
        raise ForefendError(f"{path} shows no number {number}.")
    return Figure.from_dict(found, store=store)


def _as_json(store: Store, figure: Figure) -> str:
    from dataclasses import asdict

    from forefend.store.opened import opened

    taken = opened(store, figure)
    record = figure.to_dict() | {
        "sentence": taken.sentence,
        "computed_again": taken.again,
        "rows": [
            {"query": rows.query.to_dict(), "total": rows.total, "columns": rows.columns, "rows": rows.rows, "refusal": rows.refusal}
            for rows in taken.rows
        ],
        "snapshots": [asdict(snapshot) for snapshot in figure.snapshots],
    }
    return json.dumps(record, ensure_ascii=False, indent=1, default=str) + "\n"


def _lines(store: Store, figure: Figure, *, depth: int = 0) -> Iterator[str]:
    from forefend.store.opened import opened

    taken, pad = opened(store, figure, rows_shown=ROWS_PRINTED), "    " * depth
    value = f"none: {figure.missing}" if figure.value is None else f"{figure.value:.10g} {figure.unit}"
    yield f"{pad}{figure.id}  {figure.label}{', ' + figure.period if figure.period else ''}: {value}"
    if figure.formula:
        yield f"{pad}  formula   {figure.formula}: {taken.sentence}"
    for name, given in taken.params:
        yield f"{pad}  with      {name} = {given}"
    yield from (f"{pad}  {line}" for line in _again(taken))
    for rows in taken.rows:
        yield from (f"{pad}  {line}" for line in _row_lines(rows))
    if depth == 0:
        yield from (f"  {line}" for snapshot in figure.snapshots for line in _snapshot_lines(snapshot))
    for part in taken.parts:
        yield f"{pad}  from the number"
        yield from _lines(store, part, depth=depth + 1)


def _again(taken: Opened) -> Iterator[str]:
    if taken.refusal:
        yield f"again     cannot be computed: {taken.refusal}"
    elif taken.figure.value is not None:
        yield f"again     {taken.again:.10g} ({'the same' if taken.is_same else 'NOT the same'})"


def _row_lines(rows: Rows) -> Iterator[str]:
    asked = "; ".join(part for part in (rows.title, rows.narrowed, rows.period) if part)
    yield f"rows      {rows.table}: {asked} ({rows.total} found)"
    if rows.issue:
        yield "          " + "; ".join(f"{name} {said}" for name, said in rows.issue.items())
    if rows.refusal:
        yield f"          {rows.refusal}"
    if rows.rows:
        table = [list(rows.columns), *[list(row) for row in rows.rows]]
        widths = [max(len(line[n]) for line in table) for n in range(len(rows.columns))]
        yield from (
            "          " + "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in table
        )
    if rows.n_hidden:
        yield f"          … and {rows.n_hidden} more (all in --format json)"


def _snapshot_lines(snapshot: Any) -> Iterator[str]:
    yield f"snapshot  {snapshot.id}"
    yield f"          {snapshot.title}, {snapshot.publisher}; vintage {snapshot.vintage}, published {snapshot.published}"
    yield f"          licence {snapshot.licence}; source grade {snapshot.grade}; {snapshot.address}"
    yield from (f"          {file.name}, {file.size} bytes, sha256 {file.sha256}" for file in snapshot.files)
