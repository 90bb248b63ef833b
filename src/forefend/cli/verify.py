"""``forefend verify audit``: prove the record of changes, take it away, and remove what was taken away."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from forefend.cli.output import write_file
from forefend.errors import AuditError

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Prove that nothing on record was altered or removed.")


@app.callback()
def verify() -> None:
    """Prove that nothing on record was altered or removed."""


@app.command()
def backup(file: Annotated[Path, typer.Argument(metavar="FILE", help="File that forefend backup wrote.")]) -> None:
    """Prove that a backup is whole: every file by its hash, and the record of changes in its database."""
    if not file.is_file():
        raise AuditError(f"There is no file {file}. Name the file that forefend backup wrote.")
    from forefend.web.project.opening import set_up

    set_up()
    from forefend.web.project.keeping import check

    kept = check(file)
    typer.echo(f"{file.name} is whole: {kept.n_files} files and {kept.n_rows} rows as of {kept.made_at}, made by version {kept.version}.")


@app.command()
def audit(
    export: Annotated[Path | None, typer.Option(help="File to write every row to, one a line as JSON.")] = None,
    prune_before: Annotated[
        str | None, typer.Option("--prune-before", metavar="DATE", help="Remove rows before that day, once --export has written them.")
    ] = None,
) -> None:
    """Walk the whole record of changes. Ends with 1, and names the first row that does not fit, when it is not whole.

    With --prune-before, the rows before that day are removed after they were written to the file of --export. The hash of the
    last of them and the SHA-256 of the file are kept, so that file and rest can be proved together.
    """
    before = _day(prune_before) if prune_before else None
    if before is not None and export is None:
        raise AuditError("Rows are only removed once they were exported. Give --export FILE too.")
    from forefend.web.project.opening import open_database

    open_database()
    from forefend.web.audit.chain import verify

    verdict = verify()
    sentence = verdict.sentence % verdict.values
    if not verdict.is_whole:
        raise AuditError(sentence)
    typer.echo(sentence)
    if export is not None:
        typer.echo(_take_away(export, before))


def _take_away(export: Path, before: date | None) -> str:
    """Write the rows to a file, and remove those before a day; returns a sentence."""
    from forefend.web.audit.actions import remove_before
    from forefend.web.audit.chain import COMMAND_LINE, export_rows, last_before

    upto = last_before(before) if before else None
    if before is not None and upto is None:
        return f"No row is older than {before}; nothing was written or removed."
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in export_rows(upto=upto)).encode()
    write_file(export, text, option="--export")
    if upto is None:
        return f"Every row was written to {export}."
    removed = remove_before(upto=upto, file=export.read_bytes(), by=COMMAND_LINE)
    return f"{removed} rows up to row {upto} were written to {export} and removed. Keep the file: its SHA-256 is sealed in the record."


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise AuditError(f"{text!r} is no day. Give one such as 2026-01-31.") from None
    if day > datetime.now(UTC).date():
        raise AuditError(f"{day} is not past. Give an earlier day.")
    return day
