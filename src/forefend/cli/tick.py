"""``forefend tick``: what is due now. Let the machine's own clock call it, every few minutes."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib import import_module
from importlib.util import find_spec

import typer

app = typer.Typer(add_completion=False)

# Module and function of what falls due by the day; each writes the same letter once, however often it is called.
JOBS = (("forefend.web.assessment.reminders", "due"),)


@app.command()
def tick() -> None:
    """Write the reminders that are due, and send the letters that wait."""
    from forefend.web.project.opening import open_database

    open_database()
    from forefend.web.letters.actions import deliver, prepare_outbox
    from forefend.web.letters.queries import waiting

    today = datetime.now(UTC).date()
    written = sum(getattr(import_module(module), name)(today) for module, name in JOBS if find_spec(module))
    prepare_outbox()
    sent = deliver()
    typer.echo(f"Reminders written: {written}. Letters sent: {sent}; waiting: {waiting()}.")
