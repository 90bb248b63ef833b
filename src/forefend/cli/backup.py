"""``forefend backup -o FILE``: the whole installation in one file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from forefend.errors import SettingsError

app = typer.Typer(add_completion=False)


@app.command()
def backup(
    output: Annotated[Path, typer.Option("-o", "--output", help="File to write, such as forefend-2026-11-26.zip.")],
) -> None:
    """Write database, evidence, stored data, issued forecasts and own thresholds to one file, also while the workbench runs.

    The file is as confidential as the installation: encrypt it before it leaves the building.
    """
    from forefend.cli.context import open_workspace

    if output.suffix.lower() != ".zip":
        raise SettingsError(f"{output.name} does not end in .zip. Give a name such as forefend-2026-11-26.zip.")
    work = open_workspace()
    from forefend.web.project.opening import open_database

    open_database()
    from forefend.web.project.keeping import back_up

    with work.store.writing():  # no snapshot lands or leaves meanwhile
        kept = back_up(work.settings.data_dir, output)
    typer.echo(f"{output}: {kept.n_files} files, {kept.n_bytes / 1e6:.1f} MB, {kept.n_rows} rows of the database, each proved by its hash.")
