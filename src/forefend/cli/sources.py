"""``forefend sources``: list, fetch, import and check the data sources."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from forefend.cli.output import Format, emit, is_for_people
from forefend.errors import ForefendError

if TYPE_CHECKING:
    from forefend.sources.manifest import Outcome
    from forefend.sources.registry import Source
    from forefend.store import Snapshot, Store

app = typer.Typer(add_completion=False, no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False, help="Data sources.")

FormatOption = Annotated[Format | None, typer.Option("--format", help="csv, json or table")]
OutputOption = Annotated[Path | None, typer.Option("--output", "-o", help="write to this file")]
HistoryOption = Annotated[bool, typer.Option("--as-history", help="accept a release older or smaller than the stored one")]

LIST = ("source", "title", "publisher", "licence", "may_ship", "grade", "format_basis", "cadence", "address")
REPORT = ("source", "result", "vintage", "published", "rows", "rejected", "reason")
STATUS = (
    *("source", "state", "vintage", "published", "newest", "next_expected", "rows", "rejected"),
    *("licence", "may_ship", "grade", "format_basis", "bytes", "is_synthetic", "snapshot"),
)
DIFF = ("subject", "year", "old", "new", "ratio", "states", "changed", "appeared", "vanished")
DIFF_STATES = ("subject", "year", "state", "old", "new")
REMOVED = ("source", "vintage", "snapshot", "bytes")
WIDE = {
    "title",
    "address",
    "snapshot",
    "is_synthetic",
    "licence",
    "bytes",
    "may_ship",
    "grade",
}  # left out of the table, where a line must fit


@app.command("list")
def list_sources(format: FormatOption = None, output: OutputOption = None) -> None:  # noqa: A002 - the option is called --format
    """Show every source: publisher, licence, grade, and whether its format was seen or only documented."""
    from forefend.sources.registry import sources

    rows = [{"source": name} | source.metadata.model_dump() for name, source in sources().items()]
    emit(rows, columns=_fitting(LIST, format=format, output=output), format=format, output=output)


@app.command()
def status(format: FormatOption = None, output: OutputOption = None) -> None:  # noqa: A002 - the option is called --format
    """Show what is stored, release by release: age, next release expected, licence, size; and what is not loaded."""
    from forefend.settings import read_settings
    from forefend.sources.registry import sources
    from forefend.store import open_store
    from forefend.store.compaction import size_of

    store = open_store(read_settings())
    known = sources()
    rows = []
    for snapshot in sorted(store.snapshots, key=lambda s: s.source):
        row: dict[str, Any] = {name: getattr(snapshot, name, None) for name in STATUS}
        row["rows"] = sum(snapshot.rows.values())
        row["newest"] = store.newest_period(snapshot)
        row["state"] = "embedded" if snapshot.is_embedded else "own"
        row["snapshot"] = snapshot.id
        row["bytes"] = size_of(store, snapshot)
        row["next_expected"] = _next_expected(known.get(snapshot.source), published=snapshot.published)
        rows.append(row)
    for name in sorted(known.keys() - {row["source"] for row in rows}):
        row = {column: getattr(known[name].metadata, column, None) for column in STATUS}
        how = "fetch" if known[name].metadata.is_download else "import"
        rows.append(row | {"source": name, "state": f"not loaded: {how}"})
    emit(rows, columns=_fitting(STATUS, format=format, output=output), format=format, output=output)


@app.command()
def fetch(
    names: Annotated[list[str] | None, typer.Argument(metavar="SOURCE", help="all that need no key when left out")] = None,
    as_history: HistoryOption = False,
    format: FormatOption = None,  # noqa: A002 - the option is called --format
    output: OutputOption = None,
) -> None:
    """Download from the publishers; a source that fails leaves the others and what is stored alone."""
    from forefend.settings import read_settings
    from forefend.sources.intake import fetch as fetch_one
    from forefend.sources.manifest import attempt_each
    from forefend.sources.registry import find_source, sources
    from forefend.store import open_store

    logging.getLogger("stamina").addHandler(logging.NullHandler())  # each new attempt is not a message of its own
    free = [name for name, source in sources().items() if source.metadata.is_download and not source.metadata.needs_key]
    chosen = [find_source(name) for name in names or free]
    store = open_store(read_settings())
    with _progress() as show:
        take = partial(fetch_one, store, today=_today(), progress=show, allow_older=as_history)
        outcomes = attempt_each(store, [(source.metadata.id, partial(take, source)) for source in chosen])
    _report(outcomes, format=format, output=output)


@app.command("import")
def import_(
    what: Annotated[str, typer.Argument(metavar="SOURCE|FOLDER|MANIFEST", help="a source, a folder with a manifest, or a manifest")],
    files: Annotated[list[Path] | None, typer.Argument(metavar="FILE", help="the source's files, as published")] = None,
    *,
    vintage: Annotated[str | None, typer.Option(help="name of the release, where the files do not say it")] = None,
    published: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="day the release came out")] = None,
    folder: Annotated[Path | None, typer.Option("--from", help="folder the files of a manifest are in, where it is kept elsewhere")] = None,
    as_history: HistoryOption = False,
    format: FormatOption = None,  # noqa: A002 - the option is called --format
    output: OutputOption = None,
) -> None:
    """Take in files already on disk; each source of a folder succeeds or fails by itself."""
    from forefend.settings import read_settings
    from forefend.sources.intake import import_files
    from forefend.sources.manifest import attempt, import_folder
    from forefend.sources.registry import find_source
    from forefend.store import open_store

    store = open_store(read_settings())
    if not files and os.path.isdir(what):  # noqa: PTH112 - says no, where Path raises, to a name too long for any folder
        _report(import_folder(store, Path(what), today=_today(), allow_older=as_history), format=format, output=output)
        return
    if not files and what.endswith((".yaml", ".yml")):
        path = Path(what)
        found = import_folder(store, folder or path.parent, manifest=path, today=_today(), allow_older=as_history)
        _report(found, format=format, output=output)
        return
    day = published.date() if published else None
    take = partial(import_files, store, find_source(what), files or [], today=_today(), vintage=vintage, published=day)
    _report([attempt(what, store, partial(take, allow_older=as_history))], format=format, output=output)


@app.command()
def diff(
    old: Annotated[str, typer.Argument(metavar="SOURCE|OLD", help="a source (its two newest releases), or the older release")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="the newer release, as a snapshot's id or its beginning")] = "",
    by_state: Annotated[bool, typer.Option("--by-state", help="each state and year that changed, instead of sums by year")] = False,
    format: FormatOption = None,  # noqa: A002 - the option is called --format
    output: OutputOption = None,
) -> None:
    """Compare two releases by calendar year: counts of deaths grow for years after the fact, and events move between months."""
    from dataclasses import asdict

    from forefend.panel.revisions import revisions, state_years
    from forefend.settings import read_settings
    from forefend.store import open_store

    store = open_store(read_settings())
    older, newer = _pair(store, old, new)
    if by_state:
        rows = state_years(store, old=older, new=newer, only_changed=True).to_dicts()
        emit(rows, columns=DIFF_STATES, format=format, output=output)
        return
    emit([asdict(revision) for revision in revisions(store, old=older, new=newer)], columns=DIFF, format=format, output=output)


@app.command()
def compact(
    keep: Annotated[int, typer.Option(min=1, help="releases of each source whose files stay")] = 2,
    format: FormatOption = None,  # noqa: A002 - the option is called --format
    output: OutputOption = None,
) -> None:
    """Free disk: remove the publishers' files of superseded releases. Rows and records stay, so every number still opens."""
    from forefend.settings import read_settings
    from forefend.store import open_store
    from forefend.store.compaction import compact as free

    removed = free(open_store(read_settings()), keep=keep)
    rows = [{"source": r.snapshot.source, "vintage": r.snapshot.vintage, "snapshot": r.snapshot.id, "bytes": r.bytes} for r in removed]
    emit(rows, columns=REMOVED, format=format, output=output)


def _pair(store: Store, old: str, new: str) -> tuple[Snapshot, Snapshot]:
    """Return the two releases that are meant: both named, or the two newest of one source."""
    if new:
        return _release(store, old), _release(store, new)
    own = [snapshot for snapshot in store.snapshots if snapshot.source == old]
    if len(own) < 2:
        raise ForefendError(f"{old} has {len(own)} stored releases; two are needed. Name two with: forefend sources diff OLD NEW")
    return own[-2], own[-1]


def _release(store: Store, name: str) -> Snapshot:
    found = [snapshot for snapshot in store.snapshots if snapshot.id.startswith(name)]
    if len(found) != 1:
        said = "no stored release" if not found else f"{len(found)} stored releases"
        raise ForefendError(f"{name} is the name of {said}. See the column snapshot of: forefend sources status --format json")
    return found[0]


def _next_expected(source: Source | None, *, published: date) -> date | None:
    from forefend.sources.calendar import next_expected

    return next_expected(source.metadata.cadence, published=published) if source else None


def _report(outcomes: Sequence[Outcome], *, format: Format | None, output: Path | None) -> None:  # noqa: A002 - as the option is called
    """Print what became of each source, then fail if any was refused."""
    refused = [outcome for outcome in outcomes if outcome.refusal]
    if len(outcomes) == 1 and refused:
        raise ForefendError(f"{refused[0].source}: {refused[0].refusal}")
    emit([_row(outcome) for outcome in outcomes], columns=REPORT, format=format, output=output)
    if refused:
        names = ", ".join(outcome.source for outcome in refused)
        others = "The others are stored." if len(refused) < len(outcomes) else "Nothing was changed."
        raise ForefendError(f"{len(refused)} of {len(outcomes)} sources were refused: {names}. {others}")


def _fitting(columns: Sequence[str], *, format: Format | None, output: Path | None) -> list[str]:  # noqa: A002 - as the option is called
    """Return all columns, or those that fit a terminal where a table is printed."""
    return [name for name in columns if not (name in WIDE and is_for_people(format, output=output))]


def _row(outcome: Outcome) -> dict[str, Any]:
    snapshot = outcome.snapshot
    if snapshot is None:
        return {"source": outcome.source, "result": "refused", "reason": outcome.refusal}
    return {
        "source": outcome.source,
        "result": "stored" if outcome.is_new else "identical bytes are already stored",
        "vintage": snapshot.vintage,
        "published": snapshot.published,
        "rows": sum(snapshot.rows.values()),
        "rejected": snapshot.rejected,
    }


def _today() -> date:
    return datetime.now(UTC).date()


def _is_terminal() -> bool:
    return sys.stderr.isatty()


@contextmanager
def _progress() -> Iterator[Callable[[str, int, int | None], None] | None]:
    """Draw a bar per file on a terminal, and nothing anywhere else."""
    if not _is_terminal():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

    with Progress(
        TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn(), console=Console(stderr=True)
    ) as bars:
        tasks: dict[str, Any] = {}

        def show(name: str, got: int, size: int | None) -> None:
            if name not in tasks:
                tasks[name] = bars.add_task(name, total=size)
            bars.update(tasks[name], completed=got, total=size)

        yield show
