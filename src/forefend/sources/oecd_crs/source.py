"""OECD Creditor Reporting System: for what, and through whom, each donor's aid was disbursed; SDMX csv.

Two answers of the interface: sums by purpose over all channels, and sums over all purposes by channel. A share is
taken of what is disbursed to states; what no one state receives (regions, unspecified) is in neither part. Groups
of donors and recipients are rejected, as their members are there.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from forefend.errors import UnexpectedData
from forefend.places import states
from forefend.sources.contract import Download, Files, Metadata, Parsed, check_columns
from forefend.sources.families.listed import yearly
from forefend.sources.reading.cells import NO_NUMBER, NO_YEAR, number, split, year
from forefend.sources.reading.tables import read_text

ALL_PURPOSES, ALL_CHANNELS = "1000", "_T"
# Justice, participation, media, rights, women's organisations, violence against women, security governance,
# peacebuilding, peacekeeping, small arms, mines, child soldiers.
PREVENTION = ("15130", "15150", "15153", "15160", "15170", "15180", "15210", "15220", "15230", "15240", "15250", "15261")
WOMEN, VIOLENCE, CHILDREN = "15170", "15180", "15261"
LOCAL = "23000"  # non-governmental organisations based in developing countries
# States in conflict on the World Bank's list of fragile and conflict-affected situations for its fiscal year 2024.
IN_CONFLICT = (
    "AFG", "BFA", "CAF", "CMR", "COD", "ETH", "IRQ", "MLI", "MMR", "MOZ", "NER", "NGA", "PSE", "SDN", "SOM", "SSD", "SYR", "UKR", "YEM",
)  # fmt: skip
READ = (
    "DONOR", "RECIPIENT", "SECTOR", "MEASURE", "CHANNEL", "MODALITY", "FLOW_TYPE", "PRICE_BASE", "MD_DIM", "UNIT_MEASURE",
    "UNIT_MULT", "TIME_PERIOD", "OBS_VALUE",
)  # fmt: skip
# Attributes of single activities stay empty in sums; labels stand beside the codes where the file was asked for with them.
OUT_OF_SCOPE = (
    "DATAFLOW", "STRUCTURE", "STRUCTURE_ID", "STRUCTURE_NAME", "ACTION", "MD_ID", "BASE_PER", "OBS_STATUS", "DECIMALS", "Donor",
    "Recipient", "Sector", "Measure", "Channel", "Modality", "Flow type", "Price base", "Drilldown dimension", "Microdata ID",
    "Unit of measure", "Time period", "Observation value", "Base period", "Observation status", "Unit multiplier", "Decimals",
)  # fmt: skip
# Official development assistance, disbursed, in current prices, all modalities, summed over activities.
WANTED = {"MEASURE": "100", "MODALITY": "_T", "FLOW_TYPE": "D", "PRICE_BASE": "V", "MD_DIM": "_T", "UNIT_MEASURE": "USD"}
OWN_CODES = {"XKV": "XKX"}
KEY = ("donor", "recipient", "SECTOR", "CHANNEL", "in_year")
SECOND = "a second row of the same donor, recipient, purpose, channel and year"
NOT_PAIRED = "a group, an organisation or an amount no one state receives"
FIRST_ASKED = 2015


def addresses(metadata: Metadata) -> list[Download]:
    """Return the two questions: by purpose, and by channel. The order of the key is the publisher's."""
    purposes = "+".join((ALL_PURPOSES, *PREVENTION))
    asked = {
        "purposes.csv": f"..{purposes}.100.{ALL_CHANNELS}._T.D.V._T..USD",
        "channels.csv": f"..{ALL_PURPOSES}.100.{ALL_CHANNELS}+{LOCAL}._T.D.V._T..USD",
    }
    return [
        Download(
            name=name, address=f"{metadata.address}/{key}?startPeriod={FIRST_ASKED}&dimensionAtObservation=AllDimensions&format=csvfile"
        )
        for name, key in asked.items()
    ]


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
    frame = read_text(path, name=name)
    check_columns(frame.columns[1:], read=READ, out_of_scope=OUT_OF_SCOPE, file=name)
    wanted = frame.filter(pl.all_horizontal(pl.col(column) == code for column, code in WANTED.items()).fill_null(value=True))
    if set(wanted["UNIT_MULT"].unique()) - {"6"}:
        raise UnexpectedData(f"{name}: UNIT_MULT is not 6 (millions) in some rows. The layout has changed; the connector must be updated.")
    frame = wanted.with_columns(
        donor=pl.col("DONOR").replace(OWN_CODES),
        recipient=pl.col("RECIPIENT").replace(OWN_CODES),
        in_year=year("TIME_PERIOD"),
        value=number("OBS_VALUE"),
    )
    known = list(states())
    is_pair = pl.col("donor").is_in(known) & pl.col("recipient").is_in(known)
    other = ~(pl.col("SECTOR").is_in([ALL_PURPOSES, *PREVENTION]) & pl.col("CHANNEL").is_in([ALL_CHANNELS, LOCAL]))
    return split(
        frame,
        unusable=[
            (~is_pair, NOT_PAIRED),
            (other, "a purpose or channel that is not read"),
            (pl.col("in_year").is_null(), NO_YEAR),
            (pl.col("value").is_null(), NO_NUMBER),
            (pl.col("value") < 0, "more was paid back than disbursed"),
            (pl.struct(KEY).is_first_distinct().not_(), SECOND),
        ],
        shown=["DONOR", "RECIPIENT", "SECTOR", "CHANNEL", "TIME_PERIOD", "OBS_VALUE"],
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
