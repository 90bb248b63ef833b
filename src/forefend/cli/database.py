"""``forefend database``: move the workbench from one database to another."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from forefend.errors import ForefendError, SettingsError, StoreError

app = typer.Typer(add_completion=False, no_args_is_help=True)
NEW = "new"


@app.callback()
def database() -> None:
    """The workbench's database: SQLite in the data folder, or PostgreSQL."""


@app.command()
def move(
    to: Annotated[str, typer.Option("--to", metavar="DATABASE", help="postgresql://USER@HOST/NAME of an empty database, or sqlite")],
) -> None:
    """Copy every row to an empty database and prove that nothing was lost. Stop the workbench first.

    The old database stays as it is. The password of the new one may be in FOREFEND_DATABASE_PASSWORD.
    """
    from forefend.settings import read_settings
    from forefend.web.project.opening import first_line, set_up

    described, new_file = _described(to, read_settings())
    set_up()
    from django.db import DatabaseError

    from forefend.web.audit.chain import verify
    from forefend.web.project.moving import database_as, remove_file
    from forefend.web.project.moving import move as move_rows

    was_there = new_file is not None and new_file.exists()
    try:
        with database_as(NEW, described):
            moved = move_rows(source="default", target=NEW, verify=verify)
    except DatabaseError as error:
        _forget(new_file, was_there=was_there, remove=remove_file)
        raise StoreError(f"The database could not be moved: {first_line(error)}. Nothing was kept; the old one is as it was.") from None
    except ForefendError:
        _forget(new_file, was_there=was_there, remove=remove_file)
        raise
    for table in moved:
        sys.stdout.write(f"{table.table:<40} {table.n_rows:>10} rows  sha256 {table.digest[:16]}\n")
    sys.stdout.write(
        f"{sum(table.n_rows for table in moved)} rows of {len(moved)} tables are the same in both, and the record of changes is whole.\n"
        f"Now set database to {_setting(to)} and start the workbench. The old database is as it was.\n"
    )


def _described(to: str, settings: Any) -> tuple[dict[str, Any], Path | None]:
    """Describe the new database; for SQLite also its file."""
    from forefend.web.project.database import FILE, postgresql, sqlite

    path = settings.data_dir / FILE
    if to == "sqlite":
        if not settings.database:
            raise SettingsError("The workbench is on SQLite already. Give the address of a PostgreSQL database with --to.")
        path.parent.mkdir(parents=True, exist_ok=True)
        return sqlite(str(path)), path
    if not to.startswith(("postgresql://", "postgres://")):
        raise SettingsError("Give --to as postgresql://USER@HOST/NAME, or as sqlite.")
    # The one password of the environment is that of the database in use, where that has one.
    described = postgresql(to, password="" if settings.database else settings.database_password)
    if not settings.database and not path.exists():
        raise StoreError("There is no database to move yet. Set database to the new address and run forefend start.")
    return described, None


def _forget(path: Path | None, *, was_there: bool, remove: Any) -> None:
    if path is not None and not was_there:
        remove(path)


def _setting(to: str) -> str:
    """Return the setting to write, without a password."""
    from urllib.parse import urlsplit

    if to == "sqlite":
        return "nothing (remove the setting)"
    parts = urlsplit(to)
    return to.replace(f":{parts.password}@", "@") if parts.password else to
