"""OECD DAC2A: aid disbursed by each donor to each recipient; the publisher's csv, an R extract, and a wide copy.

A blank is no record, not zero. Totals of donors and of recipients, and amounts that no one country
receives, are out of scope by name.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from forefend.errors import PlaceError, UnexpectedData
from forefend.places import resolve_many, states
from forefend.sources.contract import Files, Parsed, check_columns
from forefend.sources.reading.cells import NO_NUMBER, NO_YEAR, number, split, year
from forefend.sources.reading.r_files import read_r
from forefend.store.tables import TIES

UNIT = "constant 2022 USD million"
GROSS, HUMANITARIAN = "aid", "humanitarian_aid"
# The publisher's aid types that are read; all others are parts or other sums of the same flows.
R_TYPES = {"ODA: Total Gross": GROSS, "Memo: ODA Total, Gross disbursements": GROSS, "Humanitarian Aid": HUMANITARIAN}
SDMX_MEASURES = {"240": GROSS, "216": HUMANITARIAN}  # MEASURE codes of DSD_DAC2; 206 is aid net of repayments
R_COLUMNS = ("Recipient", "Donor", "Year", "Value")
WIDE = ("donor_iso3", "recipient_iso3", "year", "oda_gross", "humanitarian")
WIDE_OUT_OF_SCOPE = ("donor", "recipient", "oda_net", "technical_cooperation")
SDMX = ("DONOR", "RECIPIENT", "MEASURE", "PRICE_BASE", "UNIT_MULT", "TIME_PERIOD", "OBS_VALUE", "BASE_PER")
# Codes first, then the labels beside them where the file was asked for with labels.
SDMX_OUT_OF_SCOPE = (
    "DATAFLOW", "STRUCTURE", "STRUCTURE_ID", "STRUCTURE_NAME", "ACTION", "FREQ", "FLOW_TYPE", "UNIT_MEASURE", "OBS_STATUS", "DECIMALS",
    "Donor", "Recipient", "Measure", "Frequency of observation", "Flow type", "Unit of measure", "Price base", "Time period",
    "Observation value", "Base period", "Observation status", "Unit multiplier", "Decimals",
)  # fmt: skip
CONSTANT = "Q"
# The publisher's codes of states that are not ISO's. Its codes of groups have three letters too (DAC, LDC, ACP).
OWN_CODES = {"XKV": "XKX"}
BLANKS = ("", "NaN", "NA")  # no record, in the publisher's file or that of R
SECOND = "a second row of the same pair and year"
NOT_PAIRED = "a group, an organisation or an amount no one country receives"


def read(files: Files) -> Parsed:
    """Read one file in any of the three layouts."""
    ((name, path),) = files.items()
    if path.suffix in (".rda", ".rds"):
        return _ties(_from_r(name, path), key="name")
    frame = pl.read_csv(path, infer_schema=False, encoding="utf8").with_row_index("row", offset=1)
    if set(SDMX) <= set(frame.columns):
        check_columns(frame.columns[1:], read=SDMX, out_of_scope=SDMX_OUT_OF_SCOPE, file=name)
        return _ties(_from_sdmx(frame), key="iso3", unit=_constant(frame))
    check_columns(frame.columns[1:], read=WIDE, out_of_scope=WIDE_OUT_OF_SCOPE, file=name)
    return _ties(_from_wide(frame), key="iso3")


def _from_wide(frame: pl.DataFrame) -> pl.DataFrame:
    parts = [
        frame.select(
            "row",
            donor="donor_iso3",
            recipient="recipient_iso3",
            year="year",
            channel=pl.lit(channel),
            value=pl.col(column).replace("", None),
        )
        for column, channel in (("oda_gross", GROSS), ("humanitarian", HUMANITARIAN))
    ]
    return pl.concat(parts)


def _from_sdmx(frame: pl.DataFrame) -> pl.DataFrame:
    wanted = frame.filter(pl.col("MEASURE").is_in(list(SDMX_MEASURES)) & (pl.col("PRICE_BASE") == CONSTANT))
    if set(wanted["UNIT_MULT"].unique()) - {"6"}:
        raise UnexpectedData(
            "UNIT_MULT is not 6 (millions) in some rows. The publisher's layout has changed; the connector must be updated."
        )
    return wanted.select(
        "row",
        donor="DONOR",
        recipient="RECIPIENT",
        year="TIME_PERIOD",
        channel=pl.col("MEASURE").replace_strict(SDMX_MEASURES),
        value="OBS_VALUE",
    )


def _constant(frame: pl.DataFrame) -> str:
    """Name the unit by the one year whose prices all amounts are in."""
    base = frame.filter(pl.col("PRICE_BASE") == CONSTANT)["BASE_PER"].unique().to_list()
    if len(base) != 1 or not str(base[0]).isdigit():
        raise UnexpectedData("BASE_PER does not give one year of prices for all constant amounts. Get the file from the publisher again.")
    return f"constant {base[0]} USD million"


def _from_r(name: str, path: Path) -> pl.DataFrame:
    frame = read_r(path, name=name)
    types = [column for column in frame.columns if column.lower().replace(".", " ").startswith("aid type")]
    if len(types) != 1:
        raise UnexpectedData(f"{name} has no column of aid types. Get the file from the publisher again.")
    check_columns(frame.columns[1:], read=[*R_COLUMNS, types[0]], optional=frame.columns, file=name)
    wanted = frame.filter(pl.col(types[0]).is_in(list(R_TYPES)))
    return wanted.select(
        "row", donor="Donor", recipient="Recipient", year=pl.col("Year"), channel=pl.col(types[0]).replace_strict(R_TYPES), value="Value"
    )


def _ties(frame: pl.DataFrame, *, key: str, unit: str = UNIT) -> Parsed:
    frame = frame.with_columns(pl.col("row").cast(pl.Int64), pl.col("year", "value").cast(pl.String).replace(dict.fromkeys(BLANKS)))
    blank = pl.col("value").is_null() | (number("value") == 0)  # no record, and nothing
    frame = frame.filter(~blank.fill_null(value=False)).with_columns(in_year=year("year"), amount=number("value"))
    if key == "name":
        names = {name for column in ("donor", "recipient") for name in frame[column].unique()}
        found = {name: None if isinstance(iso3, PlaceError) else iso3 for name, iso3 in resolve_many(names, publisher="oecd").items()}
        frame = frame.with_columns(pl.col("donor", "recipient").replace_strict(found, return_dtype=pl.String))
    frame = frame.with_columns(pl.col("donor", "recipient").replace("", None).replace(OWN_CODES))
    known = list(states())
    good, rejected = split(
        frame,
        unusable=[
            (~(pl.col("donor").is_in(known) & pl.col("recipient").is_in(known)), NOT_PAIRED),
            (pl.col("in_year").is_null(), NO_YEAR),
            (pl.col("amount").is_null(), NO_NUMBER),
            (pl.struct("channel", "donor", "recipient", "in_year").is_first_distinct().not_(), SECOND),
        ],
    )
    table = good.select(
        "channel",
        from_iso3="donor",
        to_iso3="recipient",
        start=pl.date(pl.col("in_year"), 1, 1),
        end=pl.date(pl.col("in_year"), 12, 31),
        value="amount",
        unit=pl.lit(unit),
        row="row",
    )
    return Parsed(tables={"ties": table.cast(TIES)}, rejected=rejected)
