"""``forefend start``: open the workbench on this machine."""

from __future__ import annotations

import os
import signal
import sys
import webbrowser
from typing import Annotated, NoReturn

import typer

from forefend.errors import SettingsError

app = typer.Typer(add_completion=False)


@app.command()
def start(
    port: Annotated[int | None, typer.Option(help="Port; 8471 unless the settings say otherwise.")] = None,
    address: Annotated[str | None, typer.Option(help="Address to listen on; this machine alone (127.0.0.1) unless given.")] = None,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Print the address and open no browser.")] = False,
) -> None:
    """Open the workbench, on this machine alone unless told otherwise. Prints the link by which the first administrator comes."""
    signal.signal(signal.SIGINT, _stop_at_once)
    try:
        from forefend.web.project.server import address_of, check_port, serve
    except ModuleNotFoundError as error:
        raise SettingsError(f"The workbench needs the package {error.name}. Install it with: pip install 'forefend[web]'") from None
    from forefend.settings import read_settings
    from forefend.store import open_store
    from forefend.web.project.opening import open_database

    if address is not None:
        os.environ["FOREFEND_ADDRESS"] = address  # a setting like the others: who may come in without an account depends on it
    settings = read_settings()
    chosen = settings.port if port is None else port
    check_port(chosen, host=settings.address)
    os.environ["FOREFEND_PORT"] = str(chosen)  # links in letters name it
    open_store(settings)  # a store that cannot be opened is refused here, in one sentence
    open_database()
    opened = address_of(chosen, host=settings.address)
    first = _first_link(settings.language)

    def ready() -> None:
        sys.stdout.write(f"Forefend is open at {opened}  (Ctrl-C stops it)\n")
        if first:
            sys.stdout.write(f"First administrator: {first}  (valid for 7 days, once)\n")
        sys.stdout.flush()
        if not no_browser and has_screen():
            webbrowser.open(opened)

    if sys.platform != "win32":
        os.register_at_fork(after_in_child=_leave_stopping_to_the_parent)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # from here on the server stops itself
    serve(chosen, host=settings.address, on_ready=ready)


def _stop_at_once(*_: object) -> NoReturn:
    """Stop while everything is still being set up.

    Raised as an exception, Ctrl-C would be lost wherever a library that is just loading swallows what stops it. The database
    takes an end at any moment: what was not finished is undone.
    """
    from forefend.cli.main import STOPPED

    sys.stderr.write(f"forefend: {STOPPED}\n")
    sys.stderr.flush()
    os._exit(1)


def _first_link(language: str) -> str:
    """Return the one-time link of the first administrator; empty once there is one."""
    from django.db import connection

    from forefend.web.accounts.actions import has_administrator, make_first_link
    from forefend.web.accounts.links import path_of
    from forefend.web.audit.chain import COMMAND_LINE
    from forefend.web.letters.addresses import whole

    try:
        return "" if has_administrator() else whole(path_of(make_first_link(by=COMMAND_LINE), language=language))
    finally:
        connection.close()  # the process that serves opens its own


def _leave_stopping_to_the_parent() -> None:
    """Let a worker be ended by its parent alone, also while it still loads.

    Forked, it has its parent's handlers, which would swallow the request to end; and Ctrl-C at a terminal
    reaches it too, where the server's handler, run twice at once, would wait for itself for ever.
    """
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})


def has_screen() -> bool:
    """Whether a browser window could be seen: somebody sits at the terminal, and there is a desktop."""
    if not sys.stdout.isatty():
        return False
    return sys.platform in {"darwin", "win32"} or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
