"""Endorsements and joint statements: which states put their name under a text, read from official pages by hand.

Unlike the register this list holds only what was read, so a row of any other standing is refused. An endorsement goes
on from the day of the list it was read in; a joint statement is an act of one day. A state without a row is not known
to have stayed away: lists stay open, and some were read in part.
"""

from __future__ import annotations

import polars as pl

from forefend.errors import UnexpectedData
from forefend.places import states
from forefend.sources.contract import Files, Parsed, check_codes, check_columns, unique_rows
from forefend.sources.reading.cells import split
from forefend.sources.reading.dates import first_day, last_day
from forefend.sources.reading.tables import index_table
from forefend.store.tables import FACTS

READ = ("iso3", "kind", "key", "status", "date", "source", "checked", "note")
ENDORSEMENT, STATEMENT = "endorsement", "joint_statement"
STATUSES = {ENDORSEMENT: "endorsed", STATEMENT: "joined"}
CHECKED = "confirmed from a stored page"


def read(files: Files) -> Parsed:
    """Read the one table; a row without a date or without the page it was read in is rejected."""
    if len(files) != 1:
        raise UnexpectedData(f"The list is one csv, but {len(files)} files were given. Import them one by one.")
    ((name, path),) = files.items()
    rows = index_table(path.read_bytes(), name=name)
    check_columns((column for column in rows.columns if column != "row"), read=READ, file=name)
    check_codes(rows, column="iso3", known=states(), file=name)
    check_codes(rows, column="kind", known=STATUSES, file=name)
    check_codes(rows, column="checked", known=(CHECKED,), file=name)
    rows, again = unique_rows(rows, key=("iso3", "kind", "key"), file=name)
    check_codes(
        rows.select(pair=pl.format("{}: {}", "kind", "status")), column="pair", known=[f"{k}: {s}" for k, s in STATUSES.items()], file=name
    )
    good, rejected = split(
        rows.with_columns(start=first_day("date")),
        unusable=[
            (pl.col("start").is_null(), "no date in the form 2025, 2025-02 or 2025-02-07"),
            (pl.col("key").str.len_chars() == 0, "no text is named"),
            (~pl.col("source").str.starts_with("https://"), "no page is named"),
        ],
        shown=list(READ),
    )
    is_act = pl.col("kind") == STATEMENT
    facts = good.with_columns(
        end=pl.when(is_act).then(last_day("date")), date_text="date", cited="source", note=pl.col("note").replace("", None)
    )
    return Parsed(tables={"facts": facts.select(list(FACTS)).cast(FACTS)}, rejected=pl.concat([again, rejected]))
