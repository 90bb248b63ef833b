"""The ``forefend`` command. Groups are found by folder and imported only when their command is called."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, Any, NoReturn, TextIO

import typer
from typer.core import TyperGroup

from forefend.errors import ForefendError

# Command → the file of this folder that defines it, and its line in --help. A file is imported when its command runs.
COMMANDS = {
    "start": "set up the embedded store if there is none, then open the workbench",
    "catalog": "the Framework, risk factors, options, windows and terms: show, check, export",
    "sources": "list, fetch, import and check the data sources",
    "coverage": "which questions and risk indicators have data, how old, from whom",
    "explain": "a number by its id: formula, rows, snapshot",
    "outlook": "forecasts: annual (new mass killing) and monthly (deaths)",
    "backtest": "how the forecasts would have done, against baselines",
    "ledger": "every issued forecast: issue, list, score, verify",
    "signals": "early warning: what the rules tell, with the evidence that fired them",
    "profile": "14 risk factors of a country, each with its leading indicator",
    "gaps": "21 actions of a state, pre-filled from data",
    "leverage": "what one state holds over another, by channel",
    "options": "options of a state toward a country, with every component",
    "windows": "dated windows of opportunity ahead of a state",
    "round": "rounds of the self-assessment: list, report, export, take, give, merge",
    "user": "people of the workbench: invitations, duties, hand-over",
    "institution": "institutions that answer in the self-assessment: list, add",
    "backup": "the whole installation in one file",
    "restore": "an installation as a backup kept it, brought to this version",
    "verify": "prove the record of changes, or a backup: verify audit, verify backup FILE",
    "tick": "what is due now: reminders and letters; for the machine's own clock",
    "database": "move the workbench to PostgreSQL or back: database move --to",
    "brief": "write a brief: brief country COUNTRY --for STATE -o FILE",
}
STOPPED = "stopped; nothing was changed."


class LazyGroup(TyperGroup):
    """A command group that knows its commands' names without importing them.

    Typer carries its own copy of click, whose types it does not export; hence ``Any``.
    """

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names in the order of ``COMMANDS``."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Import and return one command."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"forefend.cli.{cmd_name}")
        module.app.rich_markup_mode = None  # one look of --help for all
        command = typer.main.get_command(module.app)
        command.name = cmd_name
        return command

    def invoke(self, ctx: Any) -> Any:
        """Run the command; Ctrl-C becomes a refusal like any other, instead of the bare status 130."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            raise ForefendError(STOPPED) from None
        except RuntimeError as error:
            # Python wraps whatever stops the making of a class, Ctrl-C too, while modules are still loading.
            if not isinstance(error.__cause__, KeyboardInterrupt):
                raise
            raise ForefendError(STOPPED) from None

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """List commands from their one-line texts, importing none."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


app = typer.Typer(cls=LazyGroup, add_completion=False, no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False)


@app.callback()
def forefend(
    engine: Annotated[
        str | None, typer.Option("--engine", metavar="ENGINE", help="what counts event-size data: duckdb, spark or spark://HOST:PORT")
    ] = None,
) -> None:
    """From real data to a government's brief: the Framework for Action for the Responsibility to Protect."""
    if engine is not None:
        from forefend.settings import check_engine

        check_engine(engine)
        os.environ["FOREFEND_ENGINE"] = engine  # a setting like the others, for whichever command opens the store


def run() -> None:
    """Run the command line; a refusal becomes one sentence on standard error and exit status 1."""
    _prepare_streams()
    try:
        try:
            app()
        finally:
            sys.stdout.flush()  # here, as a failure at the interpreter's own last flush could no longer be caught
    except ForefendError as refusal:
        _refuse(str(refusal))
    except KeyboardInterrupt:
        _refuse(STOPPED)
    except BrokenPipeError:  # whoever reads, such as head, has enough
        sys.stdout = _nowhere()
        sys.exit(1)
    except OSError as error:
        sys.stdout = _nowhere()
        what = error.filename if error.filename is not None else "The result"
        _refuse(f"{what} could not be read or written: {error.strerror or error}. Check disk and permissions, or write elsewhere with -o.")


def _refuse(sentence: str) -> NoReturn:
    sys.stderr.write(f"forefend: {sentence}\n")
    sys.exit(1)


def _prepare_streams() -> None:
    """Give closed streams somewhere to go, and let no character fail: files and pipes are UTF-8 whatever the machine's locale."""
    sys.stdout = sys.stdout or _nowhere()
    sys.stderr = sys.stderr or _nowhere()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="backslashreplace")


def _nowhere() -> TextIO:
    return Path(os.devnull).open("w", encoding="utf-8")
