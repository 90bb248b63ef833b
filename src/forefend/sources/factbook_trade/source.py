"""World Factbook, main partners in trade: the JSON of the final edition, and a table of the top five.

The publisher names five partners at most, each with its share of the country's exports or imports. Whoever is
not among them has an unknown share, not none. A tie runs from the partner to the country that depends on it.
"""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl

from forefend.sources.contract import Files, Parsed, check_codes, check_columns
from forefend.sources.families.factbook import NOT_A_STATE, NOT_STATES, countries
from forefend.sources.reading.cells import NO_NUMBER, NO_YEAR, number, split, year
from forefend.sources.reading.placing import check_states, with_named
from forefend.sources.reading.tables import read_text
from forefend.store.tables import TIES

EXPORTS, IMPORTS = "factbook_exports", "factbook_imports"
UNITS = {EXPORTS: "percent of the country's exports", IMPORTS: "percent of the country's imports"}
FLOWS = {"exports": EXPORTS, "imports": IMPORTS}
COLUMNS = ("iso3", "flow", "partner", "partner_iso3", "share_percent", "year")
OUT_OF_SCOPE = ("gec",)
# "Congo, Republic of the 5%": a name may hold a comma, so what ends a partner is its percent sign.
PARTNER = re.compile(r"\s*,?\s*(?P<partner>[^%]+?)\s+(?P<share>\d+(?:\.\d+)?)%")
YEAR = re.compile(r"\((?P<year>\d{4})(?: est\.?)?\)\s*$")
UNSHARED = "names partners without their shares"
NO_PARTNER = "the partner is no state"
SCHEMA = {"row": pl.Int64, "iso3": pl.String, "flow": pl.String, "partner": pl.String, "share_percent": pl.String, "year": pl.String}


def read(files: Files) -> Parsed:
    """Read the archive of entries, one entry, or the table of partners."""
    ((name, path),) = files.items()
    frame = _table(name, path) if path.suffix.lower() == ".csv" else _entries(name, path)
    frame = frame.with_columns(share=number("share_percent"), in_year=year("year"))
    good, rejected = split(
        frame,
        unusable=[
            (pl.col("iso3").is_null(), NOT_A_STATE),
            (pl.col("share_percent").is_null(), UNSHARED),
            (pl.col("share").is_null() | ~pl.col("share").is_between(0, 100), NO_NUMBER),
            (pl.col("in_year").is_null(), NO_YEAR),
            (pl.col("partner_iso3").is_null(), NO_PARTNER),
            (pl.col("partner_iso3") == pl.col("iso3"), "a country as its own partner"),
            (pl.struct("flow", "iso3", "partner_iso3").is_first_distinct().not_(), "a partner named twice"),
        ],
    )
    channel = pl.col("flow").replace_strict(FLOWS, return_dtype=pl.String)
    ties = good.select(
        channel=channel,
        from_iso3="partner_iso3",
        to_iso3="iso3",
        start=pl.date(pl.col("in_year"), 1, 1),
        end=pl.date(pl.col("in_year"), 12, 31),
        value="share",
        unit=channel.replace_strict(UNITS, return_dtype=pl.String),
        row="row",
    )
    return Parsed(tables={"ties": ties.cast(TIES)}, rejected=rejected)


def _table(name: str, path: Path) -> pl.DataFrame:
    frame = read_text(path, name=name)
    check_columns(frame.columns[1:], read=COLUMNS, out_of_scope=OUT_OF_SCOPE, file=name)
    check_codes(frame, column="flow", known=FLOWS, file=name)
    check_states(frame, columns=("iso3", "partner_iso3"), file=name)
    if "gec" in frame.columns:
        is_state = ~pl.col("gec").str.to_lowercase().is_in(list(NOT_STATES))
        frame = frame.with_columns(pl.when(is_state.fill_null(value=True)).then("iso3").alias("iso3"))
    return frame


def _entries(name: str, path: Path) -> pl.DataFrame:
    rows: list[tuple[int, str | None, str, str | None, str | None, str | None]] = []
    for country in countries(path, name=name):
        for flow in FLOWS:
            text = country.text("Economy", f"{flow.capitalize()} - partners")
            if not text or text == "NA":
                continue
            dated = YEAR.search(text)
            partners = [(found["partner"], found["share"]) for found in PARTNER.finditer(text)]
            for partner, share in partners or [(text, None)]:
                rows.append((country.row, country.iso3, flow, partner if share else None, share, dated["year"] if dated else None))
    frame = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    return with_named(frame, column="partner", into="partner_iso3", publisher="factbook", file=name)
