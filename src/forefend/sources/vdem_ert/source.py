"""V-Dem's Episodes of Regime Transformation: is a state in an episode of autocratization or democratization, and its regime."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from forefend.sources.contract import Files, Parsed, check_columns
from forefend.sources.reading.measured import joined, measured
from forefend.sources.reading.placing import place_by_code
from forefend.sources.reading.tables import text_table
from forefend.sources.reading.unpacked import unpacked

SERIES = {"aut_ep": "ert_autocratization", "dem_ep": "ert_democratization", "v2x_regime": "ert_regime"}
WITHIN = {"aut_ep": (0.0, 1.0), "dem_ep": (0.0, 1.0), "v2x_regime": (0.0, 3.0)}
KEYS = ("country_text_id", "year")
# Names, the index itself (read from V-Dem's own file), and the details of each episode.
OUT_OF_SCOPE = ("", "country_id", "country_name", "v2x_polyarchy", "v2x_polyarchy_codelow", "v2x_polyarchy_codehigh")
DETAILS = ("reg_", "row_regch_", "dem_", "aut_")
# Codes of V-Dem that are no alpha-3 codes of a state of today.
OWN_CODES = {"PSB": "PSE"}
FIRST_YEAR = 1960
NO_STATE_OF_TODAY = "no state of today continues it"


def read(files: Files) -> Parsed:
    """Read the table the publisher's R package makes, plain or packed."""
    return joined([_read_one(name, path) for name, path in sorted(files.items())])


def _read_one(name: str, path: Path) -> Parsed:
    frame = text_table(unpacked(path), name=name)
    columns = frame.columns[1:]
    read = [*KEYS, *SERIES]
    details = [column for column in columns if column.startswith(DETAILS) and column not in read]
    check_columns(columns, read=read, out_of_scope=[*OUT_OF_SCOPE, *details], file=name)
    year = pl.col("year").cast(pl.Float64, strict=False)
    frame = frame.filter(year.is_null() | (year >= FIRST_YEAR)).with_columns(code=pl.col("country_text_id").replace(OWN_CODES))
    placed = place_by_code(frame, column="code", scheme="alpha3", year="year")
    return measured(placed, series=SERIES, within=WITHIN, place="country_text_id", name=name, no_state=NO_STATE_OF_TODAY)
