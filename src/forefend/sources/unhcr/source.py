"""UNHCR refugee population statistics: people by state of origin and of asylum, at the end of each year.

Read as the interface's pages of JSON, or as the R file that UNHCR's own package carries. Known oddities: numbers
are text in part of the records (``"0"``) and ``-`` where nothing is reported; ``-`` as a state means that the
interface summed over all states, because the question left out ``coo_all`` or ``coa_all``; internally displaced
people stand in the row whose origin is the state of asylum itself; small numbers are rounded to 5; people of
unknown origin, stateless people and Tibetans have no state of origin but count where they are hosted.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from forefend.errors import UnexpectedData
from forefend.places import neighbours
from forefend.sources.contract import Files, Parsed, check_columns, reject
from forefend.sources.families.unhcr import PLACES, check_not_summed, every_page, items, pages_counted, state_of
from forefend.sources.reading.r_files import read_r
from forefend.sources.reading.records import framed_records
from forefend.store.asking import Asking
from forefend.store.tables import OBSERVATIONS, TIES

ADDRESS = "https://api.unhcr.org/population/v1/population/"
FIRST_YEAR, LAST_YEAR = 1951, 2100
MOST_PEOPLE = 100_000_000
PEOPLE = ("refugees", "asylum_seekers", "idps", "stateless", "oip")
READ = ("year", *PLACES, *PEOPLE)
# Returns and other people of concern say nothing that is asked here; names and UNHCR's own codes repeat the ISO codes.
OUT_OF_SCOPE = (
    "coo_id", "coo_name", "coo", "coa_id", "coa_name", "coa", "returned_refugees", "returned_idps", "ooc", "hst",
)  # fmt: skip
# How a series is summed: by the state of asylum or of origin, and over which people.
SERIES = {
    "unhcr_asylum_seekers_hosted": ("asylum", "asylum_seekers"),
    "unhcr_stateless": ("asylum", "stateless"),
    "unhcr_idps": ("asylum", "idps"),
    "unhcr_refugees_from": ("origin", "refugees"),
    "unhcr_asylum_seekers_from": ("origin", "asylum_seekers"),
    "unhcr_others_from": ("origin", "oip"),
}
# A 0 of these says that UNHCR counts none in its care there, not that there are none.
ONLY_REPORTED = ("unhcr_stateless", "unhcr_idps", "unhcr_others_from")
FEWEST_SHARED = 1_000  # refugees of a state; of fewer, the share in neighbouring states is chance
# Most Venezuelans are in no column but that of other people in need of protection: without it, Colombia hosts next to nobody.
PROTECTED = ("refugees", "oip")
ALL_HOSTED, FROM_NEIGHBOURS, IN_NEIGHBOURS = "unhcr_refugees_hosted", "unhcr_hosted_from_neighbours", "unhcr_share_in_neighbours"
HOSTED = "refugees_hosted"
UNIT = "people"


def collect(asking: Asking) -> list[Path]:
    """Fetch every page of all years, origins and states of asylum."""
    return every_page(asking, ADDRESS, name="population", years=(FIRST_YEAR, LAST_YEAR))


def read(files: Files) -> Parsed:
    """Read all pages of the interface, or the one R file."""
    frames = [_from_r(name, path) if path.suffix in (".rda", ".rds") else _page(name, path) for name, path in sorted(files.items())]
    if any(path.suffix == ".json" for path in files.values()):
        _check_pages(files)
    frame = _typed(pl.concat(frames))
    fails = pl.any_horizontal(pl.col("year", *PEOPLE).is_null())
    nowhere = pl.col("origin").is_null() & pl.col("asylum").is_null()
    repeated = ~pl.struct("year", *PLACES).is_first_distinct()
    kept = frame.filter(~fails & ~nowhere & ~repeated)
    left = [
        reject(frame.filter(condition).select("row", "year", *PLACES), reason=reason)
        for condition, reason in (
            (fails, "a year or number cannot be read"),
            (~fails & nowhere, "neither a state of origin nor of asylum"),
            (~fails & ~nowhere & repeated, "a second row of the same year, origin and state of asylum"),
        )
    ]
    return Parsed(tables={"observations": _observations(kept), "ties": _ties(kept)}, rejected=pl.concat(left))


def _check_pages(files: Files) -> None:
    counts = {pages_counted(path, name=name) for name, path in files.items()}
    if counts != {len(files)}:
        raise UnexpectedData(f"{len(files)} pages were given, but the publisher counts {max(counts)}. Fetch them again.")


def _page(name: str, path: Path) -> pl.DataFrame:
    frame = framed_records(items(path, name=name), name=name)
    return _checked(frame, name=name)


def _from_r(name: str, path: Path) -> pl.DataFrame:
    frame = read_r(path, name=name)
    whole = [pl.col(column).cast(pl.Int64, strict=False) for column, kind in frame.schema.items() if kind == pl.Float64]
    return _checked(frame.with_columns(whole).with_columns(pl.exclude("row").cast(pl.String)), name=name)


def _checked(frame: pl.DataFrame, *, name: str) -> pl.DataFrame:
    check_columns(frame.columns[1:], read=READ, out_of_scope=OUT_OF_SCOPE, file=name)
    check_not_summed(frame, name=name)
    return frame.select("row", *READ)


def _typed(frame: pl.DataFrame) -> pl.DataFrame:
    """Numbers, and the two states; people not reported are 0, as the publisher sums them."""
    people = [
        pl.when(pl.col(column).is_null() | pl.col(column).is_in(["-", ""])).then(0).otherwise(_count(column)).alias(column)
        for column in PEOPLE
    ]
    year = pl.col("year").cast(pl.Int32, strict=False)
    codes = sorted({code for column in PLACES for code in frame[column].fill_null("").unique()})
    found = {code: state_of(code) for code in codes}
    places = {
        new: pl.col(old).fill_null("").replace_strict(found, return_dtype=pl.String)
        for new, old in (("origin", "coo_iso"), ("asylum", "coa_iso"))
    }
    return frame.with_columns(*people, year=pl.when(year.is_between(FIRST_YEAR, LAST_YEAR)).then(year), **places)


def _count(column: str) -> pl.Expr:
    value = pl.col(column).cast(pl.Int64, strict=False)
    return pl.when(value.is_between(0, MOST_PEOPLE)).then(value)


def _observations(frame: pl.DataFrame) -> pl.DataFrame:
    sums = [_summed(frame, place=place, people=pl.col(people).sum(), indicator=name) for name, (place, people) in SERIES.items()]
    parts = [part.filter(~pl.col("indicator").is_in(ONLY_REPORTED) | (pl.col("value") > 0)) for part in sums]
    near = pl.struct("origin", "asylum").map_elements(
        lambda pair: bool(pair["origin"] and pair["asylum"]) and pair["origin"] in neighbours(pair["asylum"]), return_dtype=pl.Boolean
    )
    pairs = frame.select("origin", "asylum").unique().with_columns(is_near=near)
    told = frame.join(pairs, on=["origin", "asylum"], how="left", nulls_equal=True, maintain_order="left")
    protected = pl.sum_horizontal(PROTECTED)
    hosted = (protected + pl.col("asylum_seekers")).filter(pl.col("is_near")).sum()
    refugees = pl.col("refugees").sum()
    share = pl.when(refugees >= FEWEST_SHARED).then(pl.col("refugees").filter(pl.col("is_near")).sum() / refugees)
    parts.append(_summed(told, place="asylum", people=protected.sum(), indicator=ALL_HOSTED))
    parts.append(_summed(told, place="asylum", people=hosted, indicator=FROM_NEIGHBOURS))
    parts.append(_summed(told, place="origin", people=share, indicator=IN_NEIGHBOURS).filter(pl.col("value").is_not_null()))
    return pl.concat(parts).sort("indicator", "iso3", "start")


def _summed(frame: pl.DataFrame, *, place: str, people: pl.Expr, indicator: str) -> pl.DataFrame:
    """One row for every state and year in which the publisher reports anything of the state in that part."""
    sums = frame.filter(pl.col(place).is_not_null()).group_by(place, "year").agg(value=people, row=pl.col("row").min())
    return sums.select(
        iso3=place,
        indicator=pl.lit(indicator),
        start=pl.date(pl.col("year"), 1, 1),
        end=pl.date(pl.col("year"), 12, 31),
        value=pl.col("value").cast(pl.Float64),
        low=pl.lit(None, dtype=pl.Float64),
        high=pl.lit(None, dtype=pl.Float64),
        row="row",
    ).cast(OBSERVATIONS)


def _ties(frame: pl.DataFrame) -> pl.DataFrame:
    """Refugees whom one state hosts from another: the host holds the tie."""
    is_tie = pl.col("origin").is_not_null() & pl.col("asylum").is_not_null() & (pl.col("origin") != pl.col("asylum"))
    return (
        frame.filter(is_tie & (pl.col("refugees") > 0))
        .select(
            channel=pl.lit(HOSTED),
            from_iso3="asylum",
            to_iso3="origin",
            start=pl.date(pl.col("year"), 1, 1),
            end=pl.date(pl.col("year"), 12, 31),
            value=pl.col("refugees").cast(pl.Float64),
            unit=pl.lit(UNIT),
            row="row",
        )
        .cast(TIES)
        .sort("from_iso3", "to_iso3", "start")
    )
