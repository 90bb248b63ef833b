"""Standardized World Income Inequality Database: the Gini of income after taxes and transfers, with its standard error."""

from __future__ import annotations

from pathlib import Path

from forefend.sources.contract import Files, Parsed, check_columns
from forefend.sources.reading.measured import joined, measured
from forefend.sources.reading.placing import place_by_name
from forefend.sources.reading.tables import text_table
from forefend.sources.reading.unpacked import unpacked

SERIES = {"gini_disp": "swiid_gini_disp"}
READ = ("country", "year", "gini_disp", "gini_disp_se")
# Market income and redistribution; given only for some states, and no measure of what people are left with.
OUT_OF_SCOPE = ("gini_mkt", "gini_mkt_se", "abs_red", "abs_red_se", "rel_red", "rel_red_se")
OWN_NAMES = {"Korea": "KOR"}  # the other Korea is not in the data
NOT_A_STATE = "not a state of today, or a territory"


def read(files: Files) -> Parsed:
    """Read the publisher's summary, alone or in its zip."""
    return joined([_read_one(name, path) for name, path in sorted(files.items())])


def _read_one(name: str, path: Path) -> Parsed:
    frame = text_table(unpacked(path, ending="_summary.csv"), name=name)
    check_columns(frame.columns[1:], read=READ, out_of_scope=OUT_OF_SCOPE, file=name)
    placed = place_by_name(frame, column="country", year="year", own=OWN_NAMES)
    return measured(
        placed, series=SERIES, errors={"gini_disp": "gini_disp_se"}, within={"gini_disp": (0.0, 100.0)}, place="country",
        name=name, no_state=NOT_A_STATE,
    )  # fmt: skip
