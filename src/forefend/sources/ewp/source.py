"""Early Warning Project: the chance that a new mass killing begins in a state within two years (or one), by edition.

The publisher writes a file an edition, in a layout that changed: one column a window and model (2018 to 2022:
``risk_in_2022_23``; since 2023: ``risk.2025and2026.from2024``) or one row a state and year (2013 to 2015, state-led
killings only). Known oddities: since 2023 a file repeats the year before, recomputed, which is kept apart from what
was published; the file of base year 2016 was made in 2018, after the fact; a rank's column may name the wrong base
year; Serbia, Germany and Yemen carry the numbers of their former states. Probabilities are kept as published. Ranks
are the publisher's where the file has them, else counted from its probabilities (1 is highest, ties share it).
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from forefend.errors import UnexpectedData
from forefend.sources.contract import Files, Parsed
from forefend.sources.ewp.editions import edition_of, read_edition
from forefend.sources.ewp.episodes import read_list, read_workbook
from forefend.sources.reading.measured import joined
from forefend.sources.reading.tables import text_table
from forefend.sources.reading.unpacked import unpacked
from forefend.store.tables import FACTS


def read(files: Files) -> Parsed:
    """Read editions, back-tests and lists of episodes, one or more of them; the newest edition names the release."""
    parts = [_file(name, path) for name, path in sorted(files.items())]
    if not parts:
        raise UnexpectedData("No file was given. Give one of the publisher's yearly files.")
    numbers = joined([Parsed(tables={"observations": part.tables["observations"]}, rejected=part.rejected) for part in parts])
    facts = pl.concat([part.tables.get("facts", FACTS.to_frame()) for part in parts])
    return Parsed(
        tables={"observations": numbers.tables["observations"], "facts": facts},
        rejected=numbers.rejected,
        vintage=edition_of(numbers.tables["observations"]),
    )


def _file(name: str, path: Path) -> Parsed:
    if path.suffix.lower() == ".xlsx":
        return read_workbook(name, path)
    frame = text_table(unpacked(path), name=name)
    return read_list(name, frame) if "event_code" in frame.columns else read_edition(name, frame)
