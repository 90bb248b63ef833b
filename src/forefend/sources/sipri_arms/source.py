"""SIPRI arms transfers in trend-indicator values (TIV, millions), supplier to recipient: three layouts.

* the trade register, one row an order; its delivered value is spread evenly over its years of delivery, which is
  our reading: the publisher gives no value by year there;
* a TIV table of one exporter or importer, below ten lines of heading, a column a year;
* a table by pair and year.

A TIV measures military use, not price. Names marked ``*`` (rebel groups) and ``**`` (organisations) are no states.
Blank is nothing identified; 0 is less than half a million, kept as 0.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

import polars as pl

from forefend.errors import UnexpectedData
from forefend.sources.contract import Files, Parsed, check_codes, check_columns, unique_rows
from forefend.sources.reading.cells import NO_NUMBER, NO_YEAR, number, split, year
from forefend.sources.reading.placing import check_states, with_named
from forefend.sources.reading.tables import decoded, read_text
from forefend.sources.reading.ties import yearly_ties
from forefend.store.tables import OBSERVATIONS, REJECTED

CHANNEL, IMPORTS = "sipri_arms", "sipri_arms_imports"
UNIT = "million TIV"
REGISTER = ("Recipient", "Supplier", "Year(s) of delivery", "Number delivered", "SIPRI TIV of delivered weapons", "status")
# Columns two, four and five of the register have a blank name: marks of uncertainty.
REGISTER_OUT_OF_SCOPE = (
    "Year of order", " ", " _duplicated_0", " _duplicated_1", "Number ordered", "Weapon designation", "Weapon description", "Comments",
    "SIPRI TIV per unit", "SIPRI TIV for total order",
)  # fmt: skip
STATUSES = ("New", "Second hand", "Second hand but modernized", None)
PAIRS = ("supplier_iso3", "recipient_iso3", "supplier", "recipient", "year", "tiv_millions")
PAIRS_OUT_OF_SCOPE = ("supplier_cown", "recipient_cown")
TITLE = re.compile(r"^\W*TIV of arms (?P<flow>exports|imports) (?:from|to|of|by) (?P<state>.+?), (?P<first>\d{4})-(?P<last>\d{4})")
OWN_NAMES = {"Yemen Arab Republic (North Yemen)": "North Yemen"}
ALIKE_AT_MOST = 0.001  # of the register's 29,058 orders of 2024, 9 are written like another one and are orders all the same
NO_STATE = "a rebel group, an organisation, an unknown party or a state that is no more"
NOTHING_DELIVERED = "nothing delivered yet"
TWICE = "a pair's year given twice"
MISALIGNED = "a line broken in the publisher's file"


def read(files: Files) -> Parsed:
    """Read one file in any of the three layouts, or several TIV tables."""
    parts = [_read(name, path) for name, path in sorted(files.items())]
    good = pl.concat([frame for frame, _ in parts])
    tables = {"ties": yearly_ties(good)}
    if not any(_is_table(path) for path in files.values()):
        tables["observations"] = _imports(good)
    return Parsed(tables=tables, rejected=pl.concat([rejected for _, rejected in parts]))  # type: ignore[arg-type]


def _read(name: str, path: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    again = REJECTED.to_frame()
    if _is_table(path):
        frame = _from_table(name, path)
    else:
        frame = read_text(path, name=name, encoding="utf8 or latin1")
        frame, again = unique_rows(frame, alike_at_most=ALIKE_AT_MOST)
        frame = _from_pairs(name, frame) if "tiv_millions" in frame.columns else _from_register(name, frame)
    good, rejected = split(
        frame,
        unusable=[
            (pl.col("supplier").is_null() | pl.col("recipient").is_null(), MISALIGNED),
            (pl.col("fault") == NOTHING_DELIVERED, NOTHING_DELIVERED),
            (pl.col("fault") == TWICE, TWICE),
            (pl.col("year").is_null(), NO_YEAR),
            (pl.col("value").is_null() | (pl.col("value") < 0), NO_NUMBER),
            (pl.col("from_iso3").is_null() | pl.col("to_iso3").is_null(), NO_STATE),
        ],
    )
    columns = ["row", "channel", "from_iso3", "to_iso3", "year", "value", "unit"]
    return good.with_columns(channel=pl.lit(CHANNEL), unit=pl.lit(UNIT)).select(columns), pl.concat([again, rejected])


def _from_register(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    check_columns(frame.columns[1:], read=REGISTER, out_of_scope=REGISTER_OUT_OF_SCOPE, file=name)
    check_codes(frame, column="status", known=STATUSES, file=name)
    delivered = frame.select(
        "row",
        supplier="Supplier",
        recipient="Recipient",
        fault=pl.when(pl.col("Year(s) of delivery").is_null() & (number("Number delivered").fill_null(0) == 0))
        .then(pl.lit(NOTHING_DELIVERED))
        .otherwise(pl.lit("")),
        years=pl.col("Year(s) of delivery").str.split(";"),
        value=number("SIPRI TIV of delivered weapons") / pl.col("Year(s) of delivery").str.split(";").list.len().fill_null(1),
    ).explode("years")
    return _named(delivered.with_columns(year=year("years")).drop("years"), file=name)


def _from_pairs(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    check_columns(frame.columns[1:], read=PAIRS, out_of_scope=PAIRS_OUT_OF_SCOPE, file=name)
    check_states(frame, columns=("supplier_iso3", "recipient_iso3"), file=name)
    is_first = pl.struct("supplier", "recipient", "year").is_first_distinct()
    return frame.select(
        "row",
        "supplier",
        "recipient",
        from_iso3="supplier_iso3",
        to_iso3="recipient_iso3",
        year=year("year"),
        value=number("tiv_millions"),
        fault=pl.when(is_first).then(pl.lit("")).otherwise(pl.lit(TWICE)),
    )


def _is_table(path: Path) -> bool:
    with path.open("rb") as stream:
        return TITLE.match(stream.readline().decode("latin-1").lstrip("\ufeff")) is not None


def _from_table(name: str, path: Path) -> pl.DataFrame:
    lines = list(csv.reader(decoded(path.read_bytes(), name=name, encoding="utf8 or latin1").splitlines()))
    title = TITLE.match(",".join(lines[0]))
    head = next((n for n, cells in enumerate(lines) if len(cells) > 1 and cells[0] == "" and re.fullmatch(r"\d{4}", cells[1])), None)
    if title is None or head is None:
        raise UnexpectedData(f"{name} has no line of years below its heading. Get the table from the publisher again.")
    years = lines[head]
    if years[-1] != "Total" or not all(re.fullmatch(r"\d{4}", cell) for cell in years[1:-1]):
        raise UnexpectedData(f"{name}: line {head + 1} is not a line of years and Total. The publisher's layout has changed.")
    if len(set(years)) != len(years):
        raise UnexpectedData(f"{name}: line {head + 1} gives a year twice. Get the table from the publisher again.")
    if short := [n for n, cells in enumerate(lines[head + 1 :], start=head + 2) if any(cells) and len(cells) != len(years)]:
        raise UnexpectedData(f"{name}: line {short[0]} has another number of columns than the line of years. Get the table again.")
    if not any(cells and cells[0] == "Total" for cells in lines[head + 1 :]):
        raise UnexpectedData(f"{name} ends without its line of totals; it is cut off. Get the table from the publisher again.")
    rows = [
        (number_of_line, cells[0], int(heading), cell)
        for number_of_line, cells in enumerate(lines[head + 1 :], start=1)
        if cells and cells[0] not in ("", "Total")
        for heading, cell in zip(years[1:-1], cells[1:-1], strict=True)
        if cell != ""
    ]
    frame = pl.DataFrame(rows, schema={"row": pl.Int64, "other": pl.String, "year": pl.Int32, "cell": pl.String}, orient="row")
    own, other = pl.lit(title["state"]), pl.col("other")
    is_export = title["flow"] == "exports"
    frame = frame.select(
        "row", "year", supplier=own if is_export else other, recipient=other if is_export else own, value=number("cell"),
        fault=pl.lit(""),
    )  # fmt: skip
    return _named(frame, file=name)


def _named(frame: pl.DataFrame, *, file: str) -> pl.DataFrame:
    """Add the states that the names mean in the year of delivery; nobody with an asterisk is one."""
    for column, into in (("supplier", "from_iso3"), ("recipient", "to_iso3")):
        plain = pl.col(column).replace(OWN_NAMES)
        frame = frame.with_columns(pl.when(~pl.col(column).str.ends_with("*")).then(plain).alias("plain"))
        frame = with_named(frame, column="plain", into=into, publisher="sipri", year="year", file=file).drop("plain")
    return frame


def _imports(rows: pl.DataFrame) -> pl.DataFrame:
    """Sum what each state received in a year."""
    received = rows.group_by("to_iso3", "year").agg(pl.col("value").sum(), pl.col("row").min()).sort("to_iso3", "year")
    return received.select(
        iso3="to_iso3", indicator=pl.lit(IMPORTS), start=pl.date("year", 1, 1), end=pl.date("year", 12, 31), value="value",
        low=pl.lit(None, pl.Float64), high=pl.lit(None, pl.Float64), row="row",
    ).cast(OBSERVATIONS)  # fmt: skip
