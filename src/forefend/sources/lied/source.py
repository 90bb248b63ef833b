"""Lexical Index of Electoral Democracy: which steps of electoral democracy a state has taken, by year.

Two layouts: the publisher's table, and the columns that a public collection of democracy data took from it.
"""

from __future__ import annotations

from pathlib import Path

from forefend.errors import UnexpectedData
from forefend.sources.contract import Files, Parsed, check_columns
from forefend.sources.reading.measured import joined, measured
from forefend.sources.reading.placing import place_by_name
from forefend.sources.reading.tables import text_table
from forefend.sources.reading.unpacked import unpacked

SERIES = {
    "lexical_index": "lied_lexical_index",
    "competition": "lied_competition",
    "opposition": "lied_opposition",
    "political_liberties": "lied_political_liberties",
}
WITHIN = {"lexical_index": (0.0, 7.0), "competition": (0.0, 1.0), "opposition": (0.0, 1.0), "political_liberties": (0.0, 1.0)}
COLLECTION = ("lied_country", "lied_cow")
COLLECTION_OUT_OF_SCOPE = ("vdem", "exselec", "legselec", "turnover_event", "two_turnover_period")
# The publisher's names of the same columns, by its codebook.
PUBLISHER = {
    "countryn": "lied_country",
    "multi-party_legislative_elections": "opposition",
    "competitive_elections": "competition",
}
PUBLISHER_OUT_OF_SCOPE = (
    *("cow", "vdem", "gwn", "country_text_id", "male_suffrage", "female_suffrage", "executive_elections", "legislative_elections"),
    *("exselec", "legselec", "lexical_index_original", "lexical_index_plus", "turnover_period", "turnover_event", "two_turnover_period"),
)
FIRST_YEAR, OLDEST = 1960, 1789  # years before the first are not read; the publisher has none before the oldest
NO_STATE_OF_TODAY = "no state of today continues it"
OWN_NAMES = {"Yemen, North": "YEM", "Yemen North": "YEM"}


def read(files: Files) -> Parsed:
    """Read either layout."""
    return joined([_read_one(name, path) for name, path in sorted(files.items())])


def _read_one(name: str, path: Path) -> Parsed:
    frame = text_table(unpacked(path), name=name)
    columns = frame.columns[1:]
    is_publisher = "countryn" in columns
    frame = frame.rename({old: new for old, new in PUBLISHER.items() if old in columns}) if is_publisher else frame
    out_of_scope = PUBLISHER_OUT_OF_SCOPE if is_publisher else (*COLLECTION_OUT_OF_SCOPE, "lied_cow")
    check_columns(frame.columns[1:], read=["lied_country", "year", *SERIES], out_of_scope=out_of_scope, file=name)
    if not frame.height:
        raise UnexpectedData(f"{name} holds no row. Get it from the publisher again.")
    year = frame["year"].cast(float, strict=False)
    frame = frame.filter(year.is_null() | ~year.is_between(OLDEST, FIRST_YEAR, closed="left"))
    placed = place_by_name(frame, column="lied_country", year="year", own=OWN_NAMES)
    return measured(placed, series=SERIES, within=WITHIN, place="lied_country", name=name, no_state=NO_STATE_OF_TODAY)
