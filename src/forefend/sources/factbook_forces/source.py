"""World Factbook, the forces: troops in regional peace operations, police in UN operations, and the share of women.

The publisher writes sentences, not tables: ``470 Kosovo (NATO/KFOR); 200 Chad (2025)``. Only phrases that give a number
and name the operation are read. Of NATO, only the force in Kosovo is a peace operation; troops that stand in Latvia are
not. A number shared by a UN and a regional operation, a mission inside the state's own borders, and words without a
number are not read. What is not written is not said to be none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import polars as pl

from forefend.sources.contract import Files, Parsed, reject
from forefend.sources.families.factbook import NOT_A_STATE, Country, countries
from forefend.sources.families.listed import yearly
from forefend.sources.reading.cells import split

SECTION = "Military and Security"
DEPLOYED, SERVING = "Military deployments", "Military service age and obligation"
TROOPS, POLICE, WOMEN = "factbook_regional_troops", "factbook_un_police", "factbook_women_in_forces"
NUMBER = r"(\d{1,3}(?:,\d{3})+|\d+)(?:-\d[\d,]*)?"
# A number, the place and the operation in brackets: 470 Bosnia Herzegovina (EUFOR).
SENT = re.compile(NUMBER + r"(?: \(plus[^()]*\))? ([A-Z][\w'/ -]*?) ?\(([^()]*)\)")
UNDER_THE_UNION = re.compile(NUMBER + r" under the AU\b")
IN_KOSOVO = re.compile(r"\bKosovo \(" + NUMBER + r"\)")  # foreign troops in Kosovo are the force there
REGIONAL = re.compile(r"\b(?:AUSSOM|African Union|ECOWAS|EUFOR|KFOR)\b")
OF_THE_UN = re.compile(r"\b(?:MINUSCA|MONUSCO|UNMISS|UNISFA|UNIFIL|UNDOF|UNFICYP|UNSMIL|UNAMI)\b")
OFFICERS = re.compile(NUMBER + r" police\b")
SHARE = re.compile(
    r"\bwomen (?:\w+ ){0,6}?(?:comprised|made up|accounted for|were reported to comprise)"
    r"(?: about| approximately| around| nearly| almost| over| more than)? (\d{1,2}(?:\.\d+)?)%"
)
CLAUSES = re.compile(r";|\bnote(?: \d)?:|\(20\d\d\)")
YEAR = re.compile(r"\b(20\d\d)\b")
EDITION = re.compile(r"\((20\d\d)\)\s*$")
MOST_TROOPS = 50_000  # more than any state ever had in such operations; beyond it the text was misread
NOTHING_READ = "no number that names a regional operation, or police of a UN operation, is in these words"


def read(files: Files) -> Parsed:
    """Read the archive of entries, or one entry."""
    ((name, path),) = files.items()
    found: list[tuple[int, str | None, str, int, float]] = []
    silent: list[tuple[int, str]] = []
    for country in countries(path, name=name):
        deployed = country.text(SECTION, DEPLOYED)
        sent = list(_deployed(deployed))
        found += [(country.row, country.iso3, *one) for one in (*sent, *_women(country))]
        if deployed and not sent:
            silent.append((country.row, deployed))
    frame = pl.DataFrame(found, schema=["row", "iso3", "indicator", "year", "value"], orient="row", schema_overrides=TYPES)
    good, rejected = split(
        frame,
        unusable=[
            (pl.col("iso3").is_null(), NOT_A_STATE),
            (~pl.struct("iso3", "indicator").is_first_distinct(), "a second entry of the same state"),
            ((pl.col("indicator") != WOMEN) & ~pl.col("value").is_between(1, MOST_TROOPS), "a number that cannot be so"),
        ],
    )
    unread = reject(pl.DataFrame(silent, schema={"row": pl.Int64, "words": pl.String}, orient="row"), reason=NOTHING_READ)
    observations = pl.concat(yearly(good.filter(pl.col("indicator") == one), indicator=one) for one in (TROOPS, POLICE, WOMEN))
    return Parsed(tables={"observations": observations}, rejected=pl.concat([rejected, unread]).sort("row"))


TYPES = {"row": pl.Int64, "iso3": pl.String, "indicator": pl.String, "year": pl.Int32, "value": pl.Float64}


def _deployed(text: str) -> Iterator[tuple[str, int, float]]:
    """Return the sums of troops and police that a field gives, in the year that it closes with."""
    closing = EDITION.search(text)
    if closing is None:
        return
    in_year = int(closing.group(1))
    regional = [number for number, place, operation in SENT.findall(text) if _is_regional(place, operation)]
    troops = [*regional, *UNDER_THE_UNION.findall(text), *IN_KOSOVO.findall(text)]
    police = OFFICERS.findall(text) if OF_THE_UN.search(text) else []
    for indicator, numbers in ((TROOPS, troops), (POLICE, police)):
        if numbers:
            yield indicator, in_year, float(sum(_whole(number) for number in numbers))


def _is_regional(place: str, operation: str) -> bool:
    if OF_THE_UN.search(operation):
        return False
    return bool(REGIONAL.search(operation)) or (place == "Kosovo" and "NATO" in operation)


def _whole(number: str) -> int:
    return int(number.replace(",", ""))


def _women(country: Country) -> Iterator[tuple[str, int, float]]:
    """Return the share of women that a clause gives, in the year that the same clause names."""
    for clause in CLAUSES.split(" ".join([country.text(SECTION, SERVING), country.note(SECTION, SERVING)])):
        share, in_year = SHARE.search(clause), YEAR.search(clause)
        if share and in_year:
            yield WOMEN, int(in_year.group(1)), float(share.group(1))
            return
