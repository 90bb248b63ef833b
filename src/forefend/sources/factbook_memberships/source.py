"""World Factbook, participation in international organisations: the JSON of the final edition, and a table.

Each statement keeps the words in brackets after the organisation's name (member where there are none): observer,
suspended, signatory. Who left is no longer named, so a withdrawal shows as no statement. Known errors of the
original stay in: compare with the register, whose memberships carry dates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import polars as pl

from forefend.sources.contract import Files, Parsed, check_columns
from forefend.sources.families.factbook import NOT_A_STATE, NOT_STATES, countries
from forefend.sources.reading.cells import split
from forefend.sources.reading.placing import check_states
from forefend.sources.reading.tables import read_text
from forefend.store.tables import FACTS, OBSERVATIONS

KIND = "igo_participation"
COUNT, BINDING = "factbook_organisations", "factbook_binding_organisations"
EDITION = date(2026, 1, 1)  # the final edition's state of things; the text carries no date
COLUMNS = ("iso3", "organisation", "status")
OUT_OF_SCOPE = ("gec", "country")
MEMBER = "member"
TAKEN_AS_MEMBER = (MEMBER, "nonregional member", "nonregional members", "regional", "Chinese Taipei")
# Members of these are bound by the organisation's own rules, and their conduct is examined by it.
BINDING_BODIES = ("UN", "ICCt", "ILO", "WTO", "IAEA", "OPCW", "ICAO", "IMO", "WHO", "IMF", "UNESCO", "Interpol", "PCA", "ITU")
# Named among the organisations, but no organisations of states: operations in the field, and federations of others than governments.
NOT_COUNTED = frozenset({
    "AMISOM", "ATMIS", "EULEX", "ICC", "ICRM", "IFRCS", "IOC", "IPU", "ISO", "ITUC", "MINURSO", "MINUSCA", "MINUSMA", "MINUSTAH",
    "MONUSCO", "UNAMA", "UNAMI", "UNAMID", "UNDOF", "UNFICYP", "UNIFIL", "UNISFA", "UNMIK", "UNMIL", "UNMISS", "UNMOGIP", "UNOCI",
    "UNSMIL", "UNSOM", "UNTSO", "WFTU",
})  # fmt: skip
NO_ORGANISATION = ("none", "NA")
# A name, then what is said of it in brackets, once or twice: "EITI (compliant country) (suspended)".
ENTRY = re.compile(r"\s*(?P<organisation>[^,;()]*[^,;()\s])\s*(?P<said>(?:\([^()]*\)\s*)*)(?:,|;|$)")
IN_BRACKETS = re.compile(r"\(([^()]*)\)")


def read(files: Files) -> Parsed:
    """Read the archive of entries, one entry, or the table of participations."""
    ((name, path),) = files.items()
    frame = _table(name, path) if path.suffix.lower() == ".csv" else _entries(name, path)
    good, rejected = split(
        frame,
        unusable=[
            (pl.col("iso3").is_null(), NOT_A_STATE),
            (pl.col("organisation").is_null() | pl.col("organisation").is_in(NO_ORGANISATION), "no organisation is named"),
            (pl.struct("iso3", "organisation").is_first_distinct().not_(), "an organisation named twice"),
        ],
    )
    facts = good.select(
        "iso3", "status", "row", kind=pl.lit(KIND), key="organisation", start=pl.lit(None, pl.Date), end=pl.lit(None, pl.Date),
        date_text=pl.lit(None, pl.String), checked=pl.lit(None, pl.String), cited=pl.lit("World Factbook, final edition"),
        note=pl.lit(None, pl.String),
    )  # fmt: skip
    bodies = good.filter(~pl.col("organisation").is_in(list(NOT_COUNTED)))
    bound = good.filter(pl.col("organisation").is_in(BINDING_BODIES))
    observed = pl.concat([_count(bodies, indicator=COUNT), _count(bound, indicator=BINDING)])
    tables: dict[str, pl.DataFrame] = {"facts": facts.select(list(FACTS)).cast(FACTS), "observations": observed}
    return Parsed(tables=tables, rejected=rejected)  # type: ignore[arg-type]


def _count(rows: pl.DataFrame, *, indicator: str) -> pl.DataFrame:
    """Count the organisations of which each state is a full member."""
    full = pl.col("status").is_in(list(TAKEN_AS_MEMBER))
    counted = rows.group_by("iso3").agg(value=full.sum().cast(pl.Float64), row=pl.col("row").min()).sort("iso3")
    return counted.select(
        "iso3", "value", "row", indicator=pl.lit(indicator), start=pl.lit(date(EDITION.year - 1, 1, 1)),
        end=pl.lit(date(EDITION.year - 1, 12, 31)), low=pl.lit(None, pl.Float64), high=pl.lit(None, pl.Float64),
    ).select(list(OBSERVATIONS)).cast(OBSERVATIONS)  # fmt: skip


def _table(name: str, path: Path) -> pl.DataFrame:
    frame = read_text(path, name=name)
    check_columns(frame.columns[1:], read=COLUMNS, out_of_scope=OUT_OF_SCOPE, file=name)
    check_states(frame, columns=("iso3",), file=name)
    return frame.with_columns(
        pl.col("status").fill_null(MEMBER),
        pl.col("organisation").str.replace(r"\s*\(.*\)$", ""),
        pl.when(_is_state(frame)).then("iso3").alias("iso3"),
    )


def _is_state(frame: pl.DataFrame) -> pl.Expr:
    if "gec" not in frame.columns:
        return pl.lit(value=True)
    return (~pl.col("gec").str.to_lowercase().is_in(list(NOT_STATES))).fill_null(value=True)


def _entries(name: str, path: Path) -> pl.DataFrame:
    rows = [
        (country.row, country.iso3, organisation, status)
        for country in countries(path, name=name)
        for organisation, status in _listed(country.text("Government", "International organization participation"))
    ]
    return pl.DataFrame(rows, schema={"row": pl.Int64, "iso3": pl.String, "organisation": pl.String, "status": pl.String}, orient="row")


def _listed(text: str) -> Iterator[tuple[str, str]]:
    for found in ENTRY.finditer(text):
        said = IN_BRACKETS.findall(found["said"])
        yield found["organisation"], said[-1].strip() if said else MEMBER
