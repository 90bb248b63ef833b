"""Opens the workbench's database from outside a web request: sets Django up, and brings the tables to this version."""

from __future__ import annotations

import os
from io import StringIO
from pathlib import Path
from typing import Any

from forefend.errors import SettingsError, StoreError

SETTINGS = "forefend.web.project.settings"


def set_up() -> None:
    """Set Django up for this process; may be called again. Raises SettingsError when a package of the workbench is missing."""
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
    try:
        import django

        django.setup()
    except ModuleNotFoundError as error:
        raise SettingsError(f"The workbench needs the package {error.name}. Install it with: pip install 'forefend[web]'") from None


def open_database() -> None:
    """Set Django up and bring the tables to this version.

    Raises StoreError when the database cannot be reached, or was written by a newer version than this.
    """
    set_up()
    from django.core.management import call_command
    from django.db import DatabaseError, connection

    try:
        refuse_newer()
        call_command("migrate", interactive=False, verbosity=0, stdout=StringIO())
        keep_private(connection)
    except DatabaseError as error:
        raise StoreError(f"The workbench's database cannot be opened: {first_line(error)}. Check the setting database.") from None
    finally:
        connection.close()


def keep_private(connection: Any) -> None:
    """Let nobody else on the machine read the file of the database."""
    if connection.vendor == "sqlite" and Path(str(connection.settings_dict["NAME"])).is_file():
        Path(str(connection.settings_dict["NAME"])).chmod(0o600)


def refuse_newer(alias: str = "default") -> None:
    """Raise StoreError when a database knows a change of tables that this version does not."""
    from django.db import connections
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(connections[alias])
    known = set(loader.disk_migrations)
    ours = {app for app, _ in known}
    unknown = sorted(f"{app}.{name}" for app, name in loader.applied_migrations if app in ours and (app, name) not in known)
    if unknown:
        raise StoreError(
            f"The workbench's database was written by a newer version of Forefend ({unknown[0]}). Install that version or a newer one."
        )


def first_line(error: Exception) -> str:
    """Return what a database says, in one line without a full stop."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")
