"""Global Organized Crime Index: scores from 1 to 10 for crime and for resilience, one sheet an edition.

The heads of columns end in a comma and differ between editions; crime is worse, resilience better, the higher the score.
"""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl

from forefend.errors import UnexpectedData
from forefend.sources.contract import Files, Parsed, check_columns
from forefend.sources.reading.measured import joined, measured
from forefend.sources.reading.placing import place_by_name
from forefend.sources.reading.tables import framed
from forefend.sources.reading.workbook import rectangles

KEYS = ("Country",)
SERIES = {
    "Criminality": "goci_criminality",
    "Arms trafficking": "goci_arms_trafficking",
    "Human trafficking": "goci_human_trafficking",
    "Non-renewable resource crimes": "goci_resource_crimes",
    "Mafia-style groups": "goci_mafia_style_groups",
    "State-embedded actors": "goci_state_embedded_actors",
    "Foreign actors": "goci_foreign_actors",
    "Resilience": "goci_resilience",
    "Political leadership and governance": "goci_political_leadership",
    "Government transparency and accountability": "goci_government_transparency",
    "Judicial system and detention": "goci_judicial_system",
    "Law enforcement": "goci_law_enforcement",
    "Territorial integrity": "goci_territorial_integrity",
    "Anti-money laundering": "goci_anti_money_laundering",
    "Victim and witness support": "goci_victim_and_witness_support",
    "Prevention": "goci_prevention",
    "Non-state actors": "goci_non_state_actors",
}
# Actors that the edition of 2021 did not yet score.
LATER = {"Private sector actors": "goci_private_sector_actors"}
OUT_OF_SCOPE = (
    *("Continent", "Region", "Criminal markets", "Human smuggling", "Flora crimes", "Fauna crimes", "Heroin trade", "Cocaine trade"),
    *("Cannabis trade", "Synthetic drug trade", "Cyber-dependent crimes", "Financial crimes", "Trade in counterfeit goods"),
    *("Illicit trade in excisable goods", "Extortion and protection racketeering", "Criminal actors", "Criminal networks"),
    *("International cooperation", "National policies and laws", "Economic regulatory capacity"),
)
DATASET = re.compile(r"(\d{4})_dataset")
SCALE = (1.0, 10.0)
NOT_A_STATE = "not a state"


def read(files: Files) -> Parsed:
    """Read every edition in the workbook; its first sheet only describes it."""
    return joined([part for name, path in sorted(files.items()) for part in _editions(name, path)])


def _editions(name: str, path: Path) -> list[Parsed]:
    if path.suffix.lower() != ".xlsx":
        raise UnexpectedData(f"{name} is not the publisher's xlsx workbook. Get it from the publisher again.")
    found = []
    for title, rows in rectangles(path).items():
        edition = DATASET.fullmatch(title.strip())
        if edition:
            found.append(_edition(rows, year=edition[1], name=f"{name}, sheet {title}"))
        elif "index" not in title.lower():
            raise UnexpectedData(f"{name} has a sheet new to this connector: {title!r}.")
    if not found:
        raise UnexpectedData(f"{name} has no sheet of scores (such as 2023_dataset). Get it from the publisher again.")
    return found


def _edition(rows: list[list[str]], *, year: str, name: str) -> Parsed:
    if not rows:
        raise UnexpectedData(f"{name} is empty. Get it from the publisher again.")
    header = [re.sub(r"\s*(avg)?[,.]?\s*$", "", cell).strip() for cell in rows[0]]
    frame = framed(header, rows[1:], name=name)
    check_columns(frame.columns[1:], read=[*KEYS, *SERIES], optional=LATER, out_of_scope=OUT_OF_SCOPE, file=name)
    series = SERIES | {column: indicator for column, indicator in LATER.items() if column in frame.columns}
    placed = place_by_name(frame.with_columns(year=pl.lit(year)), column="Country")
    return measured(placed, series=series, within=dict.fromkeys(series, SCALE), place="Country", name=name, no_state=NOT_A_STATE)
