"""IHL treaties by state: the overview that the International Committee of the Red Cross keeps, one column a treaty.

A date says since when a treaty binds a state; an empty cell of the overview says that the state is not a party.
The depositary of the Geneva Conventions and their Protocols is Switzerland, so they are not in the UN's record.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

import polars as pl

from forefend.errors import UnexpectedData
from forefend.sources.contract import Files, Parsed, check_columns, reject
from forefend.sources.reading.placing import place_by_name
from forefend.sources.reading.tables import framed, text_table
from forefend.sources.reading.unpacked import unpacked
from forefend.sources.reading.workbook import rectangles
from forefend.store.tables import FACTS

KIND = "ihl_treaty"
COUNTRY = "Country"
# Heads of columns as the overview writes them → key.
TREATIES = {
    "GC I-IV 1949": "geneva_conventions",
    "AP I 1977": "additional_protocol_1",
    "AP I Declaration article 90": "fact_finding_commission",
    "AP II 1977": "additional_protocol_2",
    "AP III 2005": "additional_protocol_3",
    "Hague Conv. 1954": "hague_cultural_property_convention",
    "Hague Prot. 1954": "hague_cultural_property_protocol_1",
    "Hague Prot. 1999": "hague_cultural_property_protocol_2",
    "Geneva Gas Prot. 1925": "geneva_gas_protocol",
    "BWC 1972": "biological_weapons_convention",
    "ENMOD Conv. 1976": "enmod_convention",
    "CCW 1980": "ccw",
    "CWC 1993": "chemical_weapons_convention",
    "Ottawa Treaty 1997": "mine_ban_convention",
    "CCM 2008": "cluster_munitions_convention",
    "ATT 2013": "arms_trade_treaty",
    "TPNW 2017": "nuclear_weapons_prohibition_treaty",
}
REQUIRED = (COUNTRY, "GC I-IV 1949", "AP I 1977", "AP II 1977")
# Treaties that the overview repeats from the UN's record, and single protocols of the weapons convention.
OUT_OF_SCOPE = re.compile(r"(CRC|Opt\. ?Prot\.? CRC|OP CRC|ICC|CPPED|CED|CCW|CW) ?.*|Prot\. .*")
WRITTEN = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%d-%m-%Y", "%d %b %Y", "%d %B %Y")
NOT_A_STATE = "not a state"
AGAIN = "a second row of the same state"
NO_DAY = "the date cannot be read"


class Written(NamedTuple):
    """A cell of the overview."""

    status: str
    day: date | None


def read(files: Files) -> Parsed:
    """Read the overview, saved as xlsx or csv."""
    if len(files) != 1:
        raise UnexpectedData("The overview is one file. Give it by itself.")
    ((name, path),) = files.items()
    frame = place_by_name(_overview(name, path), column=COUNTRY)
    treaties = [column for column in TREATIES if column in frame.columns]
    stateless = frame.filter(pl.col("iso3").is_null()).select("row", COUNTRY)
    placed = frame.filter(pl.col("iso3").is_not_null())
    first = placed.select(pl.col("iso3").is_first_distinct()).to_series() if placed.height else pl.Series([], dtype=pl.Boolean)
    again, good = placed.filter(~first).select("row", COUNTRY), placed.filter(first)
    facts, unread = [], []
    for column in treaties:
        for row, iso3, cell in good.select("row", "iso3", column).iter_rows():
            written = _written(cell)
            if written is None:
                unread.append((row, column, cell))
                continue
            facts.append(
                {"iso3": iso3, "key": TREATIES[column], "status": written.status, "start": written.day, "date_text": cell, "row": row}
            )
    table = pl.DataFrame(facts, schema={name: FACTS[name] for name in ("iso3", "key", "status", "start", "date_text", "row")})
    left = pl.DataFrame(unread, schema={"row": pl.Int64, "treaty": pl.String, "written": pl.String}, orient="row")
    return Parsed(
        tables={
            "facts": table.with_columns(
                kind=pl.lit(KIND),
                cited=pl.lit("ICRC, IHL and other related treaties"),
                date_text=pl.when(pl.col("date_text") != "").then("date_text"),
            )
        },
        rejected=pl.concat([reject(stateless, reason=NOT_A_STATE), reject(again, reason=AGAIN), reject(left, reason=NO_DAY)]),
    )


def _overview(name: str, path: Path) -> pl.DataFrame:
    kind = path.suffix.lower()
    if kind == ".xls":
        raise UnexpectedData(f"{name} is in the old format of Excel. Open it, save it as xlsx or csv, and import that.")
    if kind == ".xlsx":
        found = next(iter(rectangles(path).values()), [])
        start = next((place for place, row in enumerate(found) if COUNTRY in row), None)
        if start is None:
            raise UnexpectedData(f"{name} has no column {COUNTRY}. Get it from the publisher again.")
        frame = framed(found[start], found[start + 1 :], name=name)
    else:
        lines = unpacked(path).split(b"\n")
        start = next((place for place, line in enumerate(lines[:5]) if COUNTRY.encode() in line), 0)
        frame = text_table(b"\n".join(lines[start:]), name=name)
    columns = frame.columns[1:]
    passed = [column for column in columns if column not in TREATIES and OUT_OF_SCOPE.fullmatch(column)]
    check_columns(columns, read=REQUIRED, optional=TREATIES, out_of_scope=passed, file=name)
    return frame


def _written(cell: str | None) -> Written | None:
    """Read a cell: a date, a mark of reservations after it, or nothing; None where it is something else."""
    text = re.sub(r"\s*\(?(R/D|R|D|RD)\)?$", "", (cell or "").strip())
    if not text or text in ("-", "–"):
        return Written("not party", None)
    for form in WRITTEN:
        try:
            return Written("party", datetime.strptime(text, form).date())  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return None
