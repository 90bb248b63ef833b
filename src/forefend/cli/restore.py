"""``forefend restore FILE``: an installation as a backup kept it, brought to this version."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from forefend.errors import SettingsError, StoreError

app = typer.Typer(add_completion=False)


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="File that forefend backup wrote.")],
    replace: Annotated[bool, typer.Option("--replace", help="Move what the data folder holds aside and restore in its place.")] = False,
) -> None:
    """Restore a backup into the data folder, whichever version of Forefend made it. Stop the workbench first.

    Everything is proved before anything is put in place. What the data folder holds is moved beside it, never removed.
    """
    from forefend.settings import read_settings
    from forefend.web.project.keeping import is_empty
    from forefend.web.project.keeping import restore as put_back
    from forefend.web.project.opening import set_up

    settings = read_settings()
    folder = settings.data_dir
    if not file.is_file():
        raise StoreError(f"There is no file {file}. Name the file that forefend backup wrote.")
    if settings.database:
        raise SettingsError(
            "A backup is restored into SQLite first. Take the setting database away, restore, then use forefend database move."
        )
    if not is_empty(folder) and not replace:
        raise StoreError(f"{folder} is not empty. Restore with --replace to move it aside, or set FOREFEND_DATA_DIR to an empty folder.")
    set_up()
    kept, aside = put_back(file, folder)
    typer.echo(f"{folder}: {kept.n_files} files and {kept.n_rows} rows as of {kept.made_at}, made by version {kept.version}, all proved.")
    if aside is not None:
        typer.echo(f"What was there is in {aside}.")
