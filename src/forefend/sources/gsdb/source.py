"""Global Sanctions Data Base: sanctions of one state on another, case by case, in the layout of version 3 and later.

Only states impose here: a case of the EU, the African Union or another organisation is rejected by that name, and kept
for the states named beside it. Each year of a case is one tie; the value is the number of cases in force.
"""

from __future__ import annotations

import polars as pl

from forefend.sources.contract import Files, Parsed, check_codes, check_columns
from forefend.sources.reading.cells import NO_YEAR, number, split, year
from forefend.sources.reading.placing import with_named
from forefend.sources.reading.tables import read_text
from forefend.sources.reading.ties import yearly_ties

CHANNEL = "gsdb_sanctions"
UNIT = "cases in force"
KINDS = ("trade", "arms", "military", "financial", "travel", "other")
COLUMNS = ("case_id", "sanctioned_state", "sanctioning_state", "begin", "end", *KINDS)
OUT_OF_SCOPE = ("descr_trade", "target_mult", "sender_mult", "objective", "success")
ORGANISATIONS = (
    "EU", "European Union", "EEC", "African Union", "AU", "OAU", "MERCOSUR", "UNASUR", "UN", "United Nations", "ECOWAS", "OAS", "NATO",
    "League of Arab States", "Arab League", "Commonwealth", "OPEC", "OAPEC", "GCC", "SADC", "EAC", "IMF", "World Bank",
)  # fmt: skip
OWN_NAMES = {"Malagasy Republic": "Madagascar", "Macedonia": "North Macedonia"}
BY_ORGANISATION = "imposed by an organisation, not by a state"
NO_STATE = "a party that is no state of today"
OUT_OF_ORDER = "the case ends before it begins"


def read(files: Files) -> Parsed:
    """Read the table of cases."""
    ((name, path),) = files.items()
    frame = read_text(path, name=name, encoding="utf8 or latin1")
    check_columns(frame.columns[1:], read=COLUMNS, out_of_scope=OUT_OF_SCOPE, file=name)
    for kind in KINDS:
        check_codes(frame, column=kind, known=("0", "1"), file=name)
    frame, twice = split(
        frame,
        unusable=[(~(pl.col("case_id").is_first_distinct() & pl.col("case_id").is_not_null()), "a case without a number, or given twice")],
    )
    cases = frame.select(
        "row", "case_id", sender=pl.col("sanctioning_state").str.split(","), target=pl.col("sanctioned_state").replace(OWN_NAMES),
        first=year("begin"), last=year("end"), kinds=pl.sum_horizontal(number(kind) for kind in KINDS),
    ).explode("sender")  # fmt: skip
    cases = cases.with_columns(pl.col("sender").str.strip_chars().replace(OWN_NAMES))
    by_state = pl.when(~pl.col("sender").is_in(ORGANISATIONS)).then("sender")
    cases = cases.with_columns(state=by_state, on=pl.col("last"))
    cases = with_named(cases, column="state", into="from_iso3", publisher="cow", year="on", file=name)
    cases = with_named(cases, column="target", into="to_iso3", publisher="cow", year="on", file=name)
    good, rejected = split(
        cases,
        unusable=[
            (pl.col("sender").is_in(ORGANISATIONS), BY_ORGANISATION),
            (pl.col("first").is_null() | pl.col("last").is_null(), NO_YEAR),
            (pl.col("last") < pl.col("first"), OUT_OF_ORDER),
            (pl.col("from_iso3").is_null() | pl.col("to_iso3").is_null(), NO_STATE),
        ],
    )
    yearly = good.with_columns(year=pl.int_ranges("first", pl.col("last") + 1, dtype=pl.Int32)).explode("year")
    yearly = yearly.with_columns(channel=pl.lit(CHANNEL), value=pl.lit(1.0), unit=pl.lit(UNIT))
    return Parsed(tables={"ties": yearly_ties(yearly)}, rejected=pl.concat([twice, rejected]))
