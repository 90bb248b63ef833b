"""Answers of the OECD's interface on its Creditor Reporting System: SDMX csv, sums over activities of what was disbursed.

Columns, order of the key and codes were read in public code that asks the interface. Groups of donors and recipients
stand beside their members; each source says which codes it reads.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from forefend.errors import UnexpectedData
from forefend.sources.contract import check_columns
from forefend.sources.reading.cells import number, year
from forefend.sources.reading.tables import read_text

ALL_PURPOSES, ALL_CHANNELS = "1000", "_T"
READ = (
    "DONOR", "RECIPIENT", "SECTOR", "MEASURE", "CHANNEL", "MODALITY", "FLOW_TYPE", "PRICE_BASE", "MD_DIM", "UNIT_MEASURE",
    "UNIT_MULT", "TIME_PERIOD", "OBS_VALUE",
)  # fmt: skip
# Attributes of single activities stay empty in sums; labels stand beside the codes where the file was asked for with them.
OUT_OF_SCOPE = (
    "DATAFLOW", "STRUCTURE", "STRUCTURE_ID", "STRUCTURE_NAME", "ACTION", "MD_ID", "BASE_PER", "OBS_STATUS", "DECIMALS", "Donor",
    "Recipient", "Sector", "Measure", "Channel", "Modality", "Flow type", "Price base", "Drilldown dimension", "Microdata ID",
    "Unit of measure", "Time period", "Observation value", "Base period", "Observation status", "Unit multiplier", "Decimals",
)  # fmt: skip
# Official development assistance, disbursed, in current prices, all modalities, summed over activities.
WANTED = {"MEASURE": "100", "MODALITY": "_T", "FLOW_TYPE": "D", "PRICE_BASE": "V", "MD_DIM": "_T", "UNIT_MEASURE": "USD"}
OWN_CODES = {"XKV": "XKX"}
SHOWN = ("DONOR", "RECIPIENT", "SECTOR", "CHANNEL", "TIME_PERIOD", "OBS_VALUE")
REPAID = "more was paid back than disbursed"
OTHER_MEASURE = "another measure, price or breakdown than aid disbursed in current prices"


def question(address: str, *, donors: str = "", purposes: str, channels: str = ALL_CHANNELS, since: int) -> str:
    """Return the address of one answer; the order of the key is the publisher's, and no donor means all."""
    key = f"{donors}..{purposes}.100.{channels}._T.D.V._T..USD"
    return f"{address}/{key}?startPeriod={since}&dimensionAtObservation=AllDimensions&format=csvfile"


def disbursed(path: Path, *, name: str) -> pl.DataFrame:
    """Read an answer as text, with ``donor``, ``recipient``, ``in_year``, ``value`` (millions of US dollars) and ``is_disbursed``.

    A row that is not ``is_disbursed`` measures something else and is to be rejected as ``OTHER_MEASURE``.
    """
    frame = read_text(path, name=name)
    check_columns(frame.columns[1:], read=READ, out_of_scope=OUT_OF_SCOPE, file=name)
    is_disbursed = pl.all_horizontal(pl.col(column) == code for column, code in WANTED.items()).fill_null(value=False)
    rows = frame.with_columns(is_disbursed=is_disbursed)
    if set(rows.filter("is_disbursed")["UNIT_MULT"].unique()) - {"6"}:
        raise UnexpectedData(f"{name}: UNIT_MULT is not 6 (millions) in some rows. The layout has changed; the connector must be updated.")
    return rows.with_columns(
        donor=pl.col("DONOR").replace(OWN_CODES),
        recipient=pl.col("RECIPIENT").replace(OWN_CODES),
        in_year=year("TIME_PERIOD"),
        value=number("OBS_VALUE"),
    )
