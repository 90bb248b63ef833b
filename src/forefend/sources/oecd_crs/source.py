"""OECD Creditor Reporting System: for what, and through whom, each donor's aid was disbursed; SDMX csv.

Two answers of the interface: sums by purpose over all channels, and sums over all purposes by channel. A share is
taken of what is disbursed to states; what no one state receives (regions, unspecified) is in neither part. Groups
of donors and recipients are rejected, as their members are there.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from forefend.places import states
from forefend.sources.contract import Download, Files, Metadata, Parsed
from forefend.sources.families.crs import ALL_CHANNELS, ALL_PURPOSES, OTHER_MEASURE, REPAID, SHOWN, disbursed, question
from forefend.sources.families.listed import yearly
from forefend.sources.reading.cells import NO_NUMBER, NO_YEAR, split

# Justice, participation, media, rights, women's organisations, violence against women, security governance,
# peacebuilding, peacekeeping, small arms, mines, child soldiers.
PREVENTION = ("15130", "15150", "15153", "15160", "15170", "15180", "15210", "15220", "15230", "15240", "15250", "15261")
WOMEN, VIOLENCE, CHILDREN = "15170", "15180", "15261"
LOCAL = "23000"  # non-governmental organisations based in developing countries
# States in conflict on the World Bank's list of fragile and conflict-affected situations for its fiscal year 2024.
IN_CONFLICT = (
    "AFG", "BFA", "CAF", "CMR", "COD", "ETH", "IRQ", "MLI", "MMR", "MOZ", "NER", "NGA", "PSE", "SDN", "SOM", "SSD", "SYR", "UKR", "YEM",
)  # fmt: skip
KEY = ("donor", "recipient", "SECTOR", "CHANNEL", "in_year")
SECOND = "a second row of the same donor, recipient, purpose, channel and year"
NOT_PAIRED = "a group, an organisation or an amount no one state receives"
FIRST_ASKED = 2015


def addresses(metadata: Metadata) -> list[Download]:
    """Return the two questions: by purpose, and by channel."""
    asked = {
        "purposes.csv": question(metadata.address, purposes="+".join((ALL_PURPOSES, *PREVENTION)), since=FIRST_ASKED),
        "channels.csv": question(metadata.address, purposes=ALL_PURPOSES, channels=f"{ALL_CHANNELS}+{LOCAL}", since=FIRST_ASKED),
    }
    return [Download(name=name, address=address) for name, address in asked.items()]


def read(files: Files) -> Parsed:
    """Read one or both answers; a row that stands in both is taken once."""
    found = [_rows(path, name=name) for name, path in sorted(files.items())]
    frame = pl.concat(kept for kept, _ in found).unique(KEY, keep="first", maintain_order=True)
    parts = [
        _share(frame, part=pl.col("SECTOR").is_in(PREVENTION), indicator="crs_prevention_share", among=IN_CONFLICT),
        _share(frame, part=pl.col("SECTOR") == VIOLENCE, indicator="crs_violence_against_women_share", among=IN_CONFLICT),
        _share(frame, part=pl.col("SECTOR") == CHILDREN, indicator="crs_child_soldiers_share", among=IN_CONFLICT),
        _share(frame, part=pl.col("SECTOR") == WOMEN, indicator="crs_womens_organisations_share"),
        _share(frame, part=pl.col("CHANNEL") == LOCAL, indicator="crs_local_ngo_share"),
    ]
    return Parsed(tables={"observations": pl.concat(parts)}, rejected=pl.concat(left for _, left in found))


def _rows(path: Path, *, name: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    frame = disbursed(path, name=name)
    known = list(states())
    is_pair = pl.col("donor").is_in(known) & pl.col("recipient").is_in(known)
    other = ~(pl.col("SECTOR").is_in([ALL_PURPOSES, *PREVENTION]) & pl.col("CHANNEL").is_in([ALL_CHANNELS, LOCAL]))
    return split(
        frame,
        unusable=[
            (~pl.col("is_disbursed"), OTHER_MEASURE),
            (~is_pair, NOT_PAIRED),
            (other, "a purpose or channel that is not read"),
            (pl.col("in_year").is_null(), NO_YEAR),
            (pl.col("value").is_null(), NO_NUMBER),
            (pl.col("value") < 0, REPAID),
            (pl.struct(KEY).is_first_distinct().not_(), SECOND),
        ],
        shown=SHOWN,
    )


def _share(frame: pl.DataFrame, *, part: pl.Expr, indicator: str, among: tuple[str, ...] = ()) -> pl.DataFrame:
    """Percent of a donor's aid of a year that goes to a part; only where the file holds both the whole and that part."""
    whole = (pl.col("SECTOR") == ALL_PURPOSES) & (pl.col("CHANNEL") == ALL_CHANNELS)
    if among:
        frame = frame.filter(pl.col("recipient").is_in(among))
    if frame.filter(part).is_empty():  # the answer that asks for it is not there: nothing is known
        return yearly(frame.clear().select("row", iso3="donor", year="in_year", value="value"), indicator=indicator)
    # A part whose whole is not there, or was rejected, has nothing to be a share of.
    has_whole = pl.struct("donor", "recipient", "in_year").is_in(
        frame.filter(whole).select(pl.struct("donor", "recipient", "in_year")).to_series().implode()
    )
    sums = (
        frame.filter(has_whole)
        .group_by(iso3="donor", year="in_year", maintain_order=True)
        .agg(row=pl.col("row").filter(whole).min(), of=pl.col("value").filter(whole).sum(), given=pl.col("value").filter(part).sum())
    )
    good = sums.filter(pl.col("of") > 0).with_columns(value=100 * pl.col("given") / pl.col("of"))
    return yearly(good, indicator=indicator)
