"""United Nations Peacebuilding Fund: what it disbursed for each state and year, as the Fund itself reports it to the OECD.

The answer of the OECD's interface for the Fund as donor, over all purposes and channels. What goes to a region or is not
placed in one state is rejected.
"""

from __future__ import annotations

import polars as pl

from forefend.errors import UnexpectedData
from forefend.places import states
from forefend.sources.contract import Download, Files, Metadata, Parsed
from forefend.sources.families.crs import ALL_CHANNELS, ALL_PURPOSES, OTHER_MEASURE, REPAID, SHOWN, disbursed, question
from forefend.sources.families.listed import yearly
from forefend.sources.reading.cells import NO_NUMBER, NO_YEAR, split

INDICATOR = "pbf_disbursed"
FUND = "1UN019"  # the publisher's code of the Fund
FIRST_ASKED = 2007
NOT_PLACED = "a region, a group or an amount no one state receives"
OTHER_DONOR = "disbursed by another donor"
OTHER_SUM = "a single purpose or channel, which the sum over all of them holds too"
SECOND = "a second row of the same recipient and year"


def addresses(metadata: Metadata) -> list[Download]:
    """Return the one question."""
    return [Download(name="disbursed.csv", address=question(metadata.address, donors=FUND, purposes=ALL_PURPOSES, since=FIRST_ASKED))]


def read(files: Files) -> Parsed:
    """Read one answer; the Fund is one donor of the publisher's file, and rows of others are rejected."""
    if len(files) != 1:
        raise UnexpectedData(f"The Fund's disbursements are one csv, but {len(files)} files were given. Import them one by one.")
    ((name, path),) = files.items()
    good, rejected = split(
        disbursed(path, name=name),
        unusable=[
            (~pl.col("is_disbursed"), OTHER_MEASURE),
            (pl.col("donor") != FUND, OTHER_DONOR),
            ((pl.col("SECTOR") != ALL_PURPOSES) | (pl.col("CHANNEL") != ALL_CHANNELS), OTHER_SUM),
            (~pl.col("recipient").is_in(list(states())), NOT_PLACED),
            (pl.col("in_year").is_null(), NO_YEAR),
            (pl.col("value").is_null(), NO_NUMBER),
            (pl.col("value") < 0, REPAID),
            (pl.struct("recipient", "in_year").is_first_distinct().not_(), SECOND),
        ],
        shown=SHOWN,
    )
    rows = good.select("row", "value", iso3="recipient", year="in_year")
    return Parsed(tables={"observations": yearly(rows, indicator=INDICATOR)}, rejected=rejected)
