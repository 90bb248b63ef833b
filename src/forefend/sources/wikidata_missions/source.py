"""Diplomatic missions of one state in another, from Wikidata: the query's csv answer, and a copy with ISO codes.

Resident missions only: embassies and high commissions, and other posts headed by a representative to the
state. Consulates are out of scope: they serve citizens, not the government hosting them.
"""

from __future__ import annotations

import polars as pl

from forefend.places import states
from forefend.sources.contract import Download, Files, Metadata, Parsed, check_codes, check_columns, reject
from forefend.store.tables import TIES

COLUMNS = ("sender_iso3", "host_iso3", "type")
OUT_OF_SCOPE = ("city", "jurisdictions", "QID")
RESIDENT = {
    "embassy", "high commission", "british high commission", "australian high commission", "apostolic nunciature", "de facto embassy",
    "taipei economic and cultural representative office", "interests section", "liaison office",
}  # fmt: skip
NOT_RESIDENT = {
    "consulate", "consulate general", "honorary consulate", "consular agency", "consular office", "de facto consulate",
    "assistant high commission", "diplomatic mission of el salvador",
}  # fmt: skip
SPARQL = """SELECT ?sender_iso3 ?host_iso3 ?type WHERE {
 VALUES (?class ?type) {(wd:Q3917681 "embassy") (wd:Q1072120 "high commission")}
 ?m wdt:P31 ?class; wdt:P137 ?sender; wdt:P17 ?host. ?sender wdt:P298 ?sender_iso3. ?host wdt:P298 ?host_iso3.
 FILTER NOT EXISTS { ?m wdt:P576 ?closed } }"""


def addresses(metadata: Metadata) -> list[Download]:
    """Return the query's address; the service answers csv when asked for it."""
    from urllib.parse import quote

    return [Download(name="missions.csv", address=f"{metadata.address}?format=csv&query={quote(SPARQL)}")]


def read(files: Files) -> Parsed:
    """Count the resident missions of each pair of states."""
    ((name, path),) = files.items()
    frame = (
        pl.read_csv(path, infer_schema=False, encoding="utf8")
        .with_row_index("row", offset=1)
        .with_columns(pl.col("type").str.to_lowercase())
    )
    check_columns(frame.columns[1:], read=COLUMNS, optional=OUT_OF_SCOPE, file=name)
    check_codes(frame, column="type", known=RESIDENT | NOT_RESIDENT, file=name)
    known = list(states())
    is_pair = pl.col("sender_iso3").is_in(known) & pl.col("host_iso3").is_in(known) & (pl.col("sender_iso3") != pl.col("host_iso3"))
    resident = frame.filter(pl.col("type").is_in(list(RESIDENT)))
    year = pl.lit(metadata_year(name))
    table = (
        resident.filter(is_pair)
        .group_by("sender_iso3", "host_iso3")
        .agg(value=pl.len().cast(pl.Float64), row=pl.col("row").min().cast(pl.Int64))
        .sort("sender_iso3", "host_iso3")
        .select(
            channel=pl.lit("diplomatic_mission"), from_iso3="sender_iso3", to_iso3="host_iso3", start=pl.date(year, 1, 1),
            end=pl.date(year, 12, 31), value="value", unit=pl.lit("missions"), row="row",
        )
    )  # fmt: skip
    left = resident.filter(~is_pair.fill_null(value=False)).with_columns(pl.col("row").cast(pl.Int64))
    return Parsed(tables={"ties": table.cast(TIES)}, rejected=reject(left, reason="not a pair of states"))


def metadata_year(name: str) -> int:
    """The year of the state of things: in the copy's file name, else the running one."""
    import re
    from datetime import UTC, datetime

    found = re.search(r"(20\d{2})", name)
    return int(found.group(1)) if found else datetime.now(UTC).year
