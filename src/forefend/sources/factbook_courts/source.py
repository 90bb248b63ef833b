"""World Factbook, whether a state accepts the compulsory jurisdiction of the International Court of Justice.

Each entry says it in one of a few sentences, before a semicolon and the same of the International Criminal Court. Those on
the second court are years old and not read. A sentence that is not known is an error, so that no new wording is taken for
another; an entry without the field says nothing and has no row.
"""

from __future__ import annotations

import re

import polars as pl

from forefend.errors import UnexpectedData
from forefend.sources.contract import Files, Parsed
from forefend.sources.families.factbook import NOT_A_STATE, Country, countries
from forefend.sources.reading.cells import split
from forefend.store.tables import FACTS

KIND, KEY = "court_jurisdiction", "icj"
SECTION, FIELD = "Government", "International law organization participation"
# The publisher's words on the Court, without brackets and years, and the status they are kept as.
STATUSES = {
    "accepts compulsory ICJ jurisdiction": "accepts",
    "accepts compulsory ICJ jurisdiction with reservations": "accepts with reservations",
    "has not submitted an ICJ jurisdiction declaration": "no declaration",
    "withdrew acceptance of compulsory ICJ jurisdiction": "withdrawn",
}
ASIDE = re.compile(r"\s*\([^()]*\)|\s+in (?:\w+ )?\d{4}$")


def read(files: Files) -> Parsed:
    """Read the archive of entries, or one entry."""
    ((name, path),) = files.items()
    rows = [
        (country.row, country.iso3, _status(text, country=country, file=name))
        for country in countries(path, name=name)
        if (text := country.text(SECTION, FIELD))
    ]
    frame = pl.DataFrame(rows, schema={"row": pl.Int64, "iso3": pl.String, "status": pl.String}, orient="row")
    good, rejected = split(
        frame,
        unusable=[
            (pl.col("iso3").is_null(), NOT_A_STATE),
            (pl.col("iso3").is_first_distinct().not_(), "a second entry of the same state"),
        ],
    )
    facts = good.select(
        "iso3", "status", "row", kind=pl.lit(KIND), key=pl.lit(KEY), start=pl.lit(None, pl.Date), end=pl.lit(None, pl.Date),
        date_text=pl.lit(None, pl.String), checked=pl.lit(None, pl.String), cited=pl.lit("World Factbook, final edition"),
        note=pl.lit(None, pl.String),
    )  # fmt: skip
    return Parsed(tables={"facts": facts.select(list(FACTS)).cast(FACTS)}, rejected=rejected)


def _status(text: str, *, country: Country, file: str) -> str | None:
    if country.iso3 is None:
        return None
    said = ASIDE.sub("", text.partition(";")[0].strip()).strip()
    status = STATUSES.get(said)
    if status is None:
        raise UnexpectedData(
            f"{file}: {country.name} has words on the Court that are not known: {said[:80]!r}. Add them, or correct the entry."
        )
    return status
