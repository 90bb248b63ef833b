"""UN Sustainable Development Goal series, by M49 area: the interface's own answers, or one table a series."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl

from forefend.errors import UnexpectedData
from forefend.places import codes
from forefend.sources.contract import Files, Parsed, check_codes, check_columns, reject
from forefend.sources.reading.measured import joined, measured
from forefend.sources.reading.tables import text_table
from forefend.sources.reading.unpacked import unpacked
from forefend.sources.un_sdg.answers import records, total_pages
from forefend.sources.un_sdg.series import INDICATORS, SERIES
from forefend.store.asking import Asking

ADDRESS = "https://unstats.un.org/SDGAPI/v1/sdg/Indicator/PivotData"
PAGE_SIZE = 500
UNITS = ("number", "percent")
NATURES = ("c", "e", "g", "n", "m", "ca")  # country data, estimated, global, not available, modelled, country adjusted
COLUMNS = ("iso3", "geo_area", "nature", "units", "year")
NOT_A_STATE = "an area that is not a state (world, region or group)"


def collect(asking: Asking, *, address: str = ADDRESS) -> list[Path]:
    """Ask for every page of every indicator."""
    found = []
    for indicator in INDICATORS:

        def page(number: int, *, indicator: str = indicator) -> Path:
            asked = f"{address}?indicator={indicator}&pageSize={PAGE_SIZE}&page={number}"
            return asking.file(asked, name=f"{indicator}-page{number}.json")

        first = page(1)
        found += [first, *(page(number) for number in range(2, total_pages(first) + 1))]
    return found


def read(files: Files) -> Parsed:
    """Read answers, tables of one series each, or both."""
    given = {name: path for name, path in files.items() if path.suffix == ".json"}
    parts = [_table(name, path) for name, path in sorted(files.items()) if name not in given]
    if not given:
        return joined(parts)
    answers = _answers(given)
    return replace(joined([*parts, answers]), notes=answers.notes)


def _table(name: str, path: Path) -> Parsed:
    frame = text_table(unpacked(path), name=name)
    found = [column for column in frame.columns if column in SERIES]
    if len(found) != 1:
        raise UnexpectedData(f"{name} holds {len(found)} known series instead of one. Known series: {', '.join(SERIES)}.")
    check_columns(frame.columns[1:], read=[*COLUMNS, found[0]], file=name)
    check_codes(frame, column="units", known=UNITS, file=name)
    check_codes(frame, column="nature", known=NATURES, file=name)
    return _one(frame.with_columns(iso3=_states(frame["geo_area"])), series=found[0], column=found[0], place="geo_area", name=name)


def _answers(files: Files) -> Parsed:
    rows, bounds, passed = records(files)
    rows = rows.with_columns(iso3=_states(rows["area"]))
    parts = [_one(rows.filter(pl.col("series") == series), series=series, column="value", place="area", name=series) for series in SERIES]
    note = f"{passed} records of groups within the population, or of series that are not read, were passed over."
    only_bounds = reject(bounds, reason="only a bound is given, not a value")
    parsed = joined(parts)
    return replace(parsed, rejected=pl.concat([parsed.rejected, only_bounds]), notes=(note,) if passed else ())


def _one(frame: pl.DataFrame, *, series: str, column: str, place: str, name: str) -> Parsed:
    return measured(
        frame, series={column: f"sdg_{series}"}, within={column: SERIES[series].within}, place=place, name=name, no_state=NOT_A_STATE
    )


def _states(areas: pl.Series) -> pl.Series:
    """Areas in M49 to states, null where an area is none; the codes come with and without leading zeros."""
    places = codes("m49")
    return pl.Series([places.get(int(area)) if area and area.isdecimal() else None for area in areas], dtype=pl.String)
