"""GDELT 2.0 events: what news report, coded by machine, as shares of all events by state and month or week.

The exports are read one by one and counted together on the engine. Counts follow the number of articles that
GDELT reads, which grows; shares are what is compared, and the counts stand beside them as denominators.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

import polars as pl

from forefend.errors import UnexpectedData
from forefend.sources.contract import Files, Parsed, reject
from forefend.sources.gdelt_events.exports import day_of, stamp_of, unpack
from forefend.sources.gdelt_events.master_list import check_files, collect
from forefend.sources.gdelt_events.mirror import read_mirror
from forefend.store.engine import Engine, Parts, Period, Table, open_engine, tally, with_repeats
from forefend.store.tables import OBSERVATIONS

__all__ = ["PARTS", "collect", "countable", "exports_among", "read"]

# The publisher's class 4 is material conflict; CAMEO 14 is protest, 18 to 20 assault, fight and mass violence.
PARTS: Parts = {
    "material_conflict": lambda events: events["quad"] == 4,
    "conflict": lambda events: events["root"].isin(["18", "19", "20"]),
    "protest": lambda events: events["root"] == "14",
}
PREFIX: Mapping[Period, str] = {"month": "gdelt_", "week": "gdelt_week_"}
FILES_A_DAY = 96
UNCOUNTED_AT_MOST = 0.5


def read(files: Files, *, engine: str = "duckdb") -> Parsed:
    """Read exports of GDELT 2.0, with or without the master list, and the third party's table of months."""
    exports, lists, mirrors = exports_among(files), _named(files, "masterfilelist"), _named(files, "gdelt_country_month")
    if strange := sorted(files.keys() - exports.keys() - lists.keys() - mirrors.keys()):
        stamp_of(strange[0])
    if not exports and not mirrors:
        raise UnexpectedData("A master list alone holds no event. Give exports with it, or fetch them.")
    if lists:
        check_files(lists.values(), exports=exports)
    parsed = [read_mirror(path) for path in mirrors.values()]
    if exports:
        parsed.append(_read_exports(exports, engine=engine))
    tables = pl.concat([part.tables["observations"] for part in parsed])
    return Parsed(
        tables={"observations": tables},
        rejected=pl.concat([part.rejected for part in parsed]),
        vintage=parsed[-1].vintage or (f"months-to-{str(tables['start'].max())[:7]}" if tables.height else ""),
        published=parsed[-1].published,
        notes=tuple(note for part in parsed for note in part.notes),
    )


def exports_among(files: Files) -> dict[str, Path]:
    """Return the event exports of a release, by name."""
    return {name: path for name, path in files.items() if name.lower().endswith(".export.csv.zip")}


def _named(files: Files, beginning: str) -> dict[str, Path]:
    return {name: path for name, path in files.items() if name.startswith(beginning)}


def _read_exports(exports: Mapping[str, Path], *, engine: str) -> Parsed:
    days = sorted({day_of(name) for name in exports})
    with tempfile.TemporaryDirectory(prefix="forefend-") as folder:
        parts = unpack(exports, folder=Path(folder))
        with open_engine(engine) as opened:
            events = _numbered(opened.read(parts))
            counted = _without_reason(events)
            tables = [_observations(_panel(opened, counted, period), period=period, days=days) for period in PREFIX]
            left = opened.collect(_left(events))
            n_events = int(opened.collect(events.agg(n=events.count()))["n"][0])
    _check_counted(left, n_events=n_events, exports=exports)
    first, last = days[0], days[-1]
    return Parsed(
        tables={"observations": pl.concat(tables).cast(OBSERVATIONS)},
        rejected=reject(left.select("row", "file", "events"), reason="").with_columns(left["reason"]),
        vintage=first.isoformat() if first == last else f"{first}..{last}",
        published=max(stamp_of(name) for name in exports).date(),
        notes=_notes(days, n_files=len(exports), n_events=n_events),
    )


def _panel(engine: Engine, events: Table, period: Period) -> pl.DataFrame:
    return engine.collect(tally(events, by=["iso3"], period=period, parts=PARTS))


def countable(events: Table) -> Table:
    """Return the events of unpacked exports that count, each once."""
    return _without_reason(_numbered(events))


def _without_reason(events: Table) -> Table:
    return events.filter(events["reason"].isnull())


def _numbered(events: Table) -> Table:
    """Give an event that came before a reason too: the first in order of files and rows counts."""
    marked = with_repeats(events, key="event_id", order=("file", "row"))
    return marked.mutate(reason=marked["is_repeat"].ifelse("the event id came before", marked["reason"])).drop("is_repeat")


def _left(events: Table) -> Table:
    """Return what was not counted, a row a reason: how many events, and the first file and row."""
    left = events.filter(events["reason"].notnull())
    first = left.group_by("reason").agg(events=left.count(), file=left["file"].min())
    rows = left.group_by("reason", "file").agg(row=left["row"].min())
    return first.join(rows, ["reason", "file"]).select("reason", "events", "file", "row").order_by("reason")


def _check_counted(left: pl.DataFrame, *, n_events: int, exports: Mapping[str, Path]) -> None:
    """Refuse files most of whose events cannot be used: a day of news is not like that."""
    lost = int(left["events"].sum())
    if lost > UNCOUNTED_AT_MOST * n_events:
        worst = left.sort("events", "reason").row(-1, named=True)
        raise UnexpectedData(
            f"{lost} of {n_events} events of {min(exports)} and {len(exports) - 1} more files cannot be used, "
            f"the first in row {worst['row']} of {worst['file']} ({worst['reason']}). Get them again."
        )


def _observations(panel: pl.DataFrame, *, period: Period, days: Sequence[date]) -> pl.DataFrame:
    """Turn a panel into observations whose period is the part of the month or week that the files cover."""
    whole = {"month": pl.col("start").dt.month_end(), "week": pl.col("start") + timedelta(days=6)}[period]
    measured = [column for column in panel.columns if column.startswith("events") or column.endswith(("_events", "_share"))]
    return (
        panel.with_columns(
            end=pl.min_horizontal(whole, pl.lit(days[-1])),
            start=pl.max_horizontal("start", pl.lit(days[0])),
        )
        .unpivot(on=measured, index=["iso3", "start", "end"], variable_name="indicator", value_name="value")
        .select(
            "iso3",
            indicator=pl.lit(PREFIX[period]) + pl.col("indicator"),
            start="start",
            end="end",
            value=pl.col("value").cast(pl.Float64),
            low=pl.lit(None, dtype=pl.Float64),
            high=pl.lit(None, dtype=pl.Float64),
            row=pl.lit(None, dtype=pl.Int64),
        )
        .sort("indicator", "iso3", "start")
    )


def _notes(days: Sequence[date], *, n_files: int, n_events: int) -> tuple[str, ...]:
    due = FILES_A_DAY * ((days[-1] - days[0]).days + 1)
    notes = [f"{n_events} events of {n_files} exports, {days[0]} to {days[-1]}; {due} exports are due in these days."]
    if n_files < due:
        notes.append("Quarters of an hour are missing, at the publisher or here: compare shares, not counts.")
    return tuple(notes)
