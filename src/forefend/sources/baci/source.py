"""CEPII BACI: trade in goods by exporter, importer and product, added up to pairs of states while it streams.

The publisher's zip holds one csv a year (t year, i exporter, j importer, k product, v thousand current USD, q tonnes)
and a csv of country codes, which are its own. Of a release, the newest three years are read. Each flow is told twice,
once for each side that depends on it.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO

import polars as pl

from forefend.errors import PlaceError, UnexpectedData
from forefend.places import from_code, states
from forefend.sources.contract import Files, Parsed, check_columns
from forefend.sources.reading.cells import split
from forefend.sources.reading.ties import yearly_ties

EXPORTS, IMPORTS = "baci_exports", "baci_imports"
UNIT = "current USD million"
N_YEARS = 3
COLUMNS = ("t", "i", "j", "k", "v", "q")
COUNTRY_COLUMNS = ("country_code", "country_name", "country_iso2", "country_iso3")
YEARLY = re.compile(r"BACI_HS(?P<nomenclature>\d{2})_Y(?P<year>\d{4})_V(?P<version>\d{6}b?)\.csv")
COUNTRIES = re.compile(r"country_codes_V\d{6}b?\.csv")
OUT_OF_SCOPE = re.compile(r"(product_codes_HS\d{2}_V\d{6}b?\.csv|Readme\.txt)", re.IGNORECASE)
BLOCK = 32 << 20  # bytes read at once
LARGEST_MEMBER = 3_000_000_000
LARGEST_RATIO = 200  # a csv of numbers packs to a fifth; anything far beyond is no trade
NO_STATE = "an area, or a state that is no more"
# Names the publisher uses for areas, and codes of its own for states.
OWN_CODES = {"490": "TWN", "S19": "TWN"}


@dataclass(frozen=True, kw_only=True)
class Member:
    """One of the publisher's files, in the zip or unpacked."""

    name: str
    size: int
    packed: int
    open: Callable[[], IO[bytes]]


def read(files: Files) -> Parsed:
    """Read the publisher's zip, or the files unpacked from it under their names."""
    with ExitStack() as stack:
        yearly, countries = _sorted(list(_members(files, stack)))
        codes = _countries(countries)
        sums = [_sum(member) for member in yearly]
    frame = pl.concat(sums).sort("t", "i", "j").with_row_index("row", offset=1).with_columns(pl.col("row").cast(pl.Int64))
    frame = _with_states(frame, codes)
    good, rejected = split(frame, unusable=[(pl.col("exporter").is_null() | pl.col("importer").is_null(), NO_STATE)])
    good = good.filter((pl.col("exporter") != pl.col("importer")) & (pl.col("v") > 0))
    sides = [(EXPORTS, "importer", "exporter"), (IMPORTS, "exporter", "importer")]
    ties = pl.concat([
        good.select("row", channel=pl.lit(channel), from_iso3=holder, to_iso3=felt, year="t", value=pl.col("v") / 1000, unit=pl.lit(UNIT))
        for channel, holder, felt in sides
    ])  # fmt: skip
    return Parsed(tables={"ties": yearly_ties(ties)}, rejected=rejected, vintage=_match(yearly[0])["version"])


def _members(files: Files, stack: ExitStack) -> Iterator[Member]:
    for name, path in sorted(files.items()):
        if path.suffix.lower() != ".zip":
            size = path.stat().st_size
            yield Member(name=name, size=size, packed=size, open=partial(_open, path))
            continue
        archive = stack.enter_context(zipfile.ZipFile(path))
        for member in archive.infolist():
            if not member.is_dir():
                yield Member(
                    name=PurePosixPath(member.filename).name,
                    size=member.file_size,
                    packed=member.compress_size,
                    open=partial(archive.open, member),
                )


def _open(path: Path) -> IO[bytes]:
    return path.open("rb")


def _sorted(members: list[Member]) -> tuple[list[Member], Member]:
    """Return the newest years, and the table of country codes; refuse what nobody decided about."""
    yearly = sorted((member for member in members if YEARLY.fullmatch(member.name)), key=lambda member: _match(member)["year"])[-N_YEARS:]
    countries = [member for member in members if COUNTRIES.fullmatch(member.name)]
    for member in members:
        if not any(pattern.fullmatch(member.name) for pattern in (YEARLY, COUNTRIES, OUT_OF_SCOPE)):
            raise UnexpectedData(f"{member.name} is new to this connector. The publisher's layout has changed.")
    if not yearly or len(countries) != 1:
        raise UnexpectedData("BACI needs files by year and one table of country codes. Get the archive from the publisher again.")
    for member in (*yearly, *countries):
        if member.size > LARGEST_MEMBER or member.size > LARGEST_RATIO * max(member.packed, 1):
            raise UnexpectedData(f"{member.name} unpacks to far more than the publisher offers. Get the archive again.")
    return yearly, countries[0]


def _match(member: Member) -> re.Match[str]:
    match = YEARLY.fullmatch(member.name)
    if match is None:
        raise UnexpectedData(f"{member.name} is not a file of one year.")
    return match


def _countries(member: Member) -> pl.DataFrame:
    with member.open() as stream:
        frame = pl.read_csv(io.BytesIO(stream.read()), infer_schema=False, encoding="utf8")
    check_columns(frame.columns, read=COUNTRY_COLUMNS, file=member.name)
    if frame["country_code"].is_duplicated().any():
        raise UnexpectedData(f"{member.name} gives a country code twice. Get the archive from the publisher again.")
    found = [_state(row["country_code"], row["country_iso3"]) for row in frame.iter_rows(named=True)]
    return frame.select("country_code").with_columns(pl.Series("iso3", found, dtype=pl.String))


def _state(code: str, iso3: str | None) -> str | None:
    """Return the state of the publisher's own code; None for areas (their iso3 is N/A or made up) and former states."""
    if code in OWN_CODES or iso3 in OWN_CODES:
        return OWN_CODES.get(code) or OWN_CODES.get(iso3 or "")
    if iso3 in states():
        return iso3
    try:
        return from_code(iso3, scheme="alpha3") if iso3 else None
    except PlaceError:
        return None


def _sum(member: Member) -> pl.DataFrame:
    """Add one year's products up to pairs, block by block, so that the year is never held whole."""
    total: pl.DataFrame | None = None
    flows: list[pl.Series] = []
    with member.open() as stream:
        for block in _blocks(stream):
            rows = _block(block, file=member.name)
            flows.append(rows["flow"])
            part = rows.group_by("t", "i", "j").agg(pl.col("v").sum())
            total = part if total is None else pl.concat([total, part]).group_by("t", "i", "j").agg(pl.col("v").sum())
    if total is None or total.is_empty():
        raise UnexpectedData(f"{member.name} holds no flows. Get the archive from the publisher again.")
    together = pl.concat(flows)
    if together.n_unique() != len(together):
        raise UnexpectedData(
            f"{member.name} gives a flow (exporter, importer and product) twice. Get the archive from the publisher again."
        )
    year = int(_match(member)["year"])
    if (strange := total.filter(pl.col("t") != year)).height:
        raise UnexpectedData(
            f"{member.name} holds flows of {strange['t'][0]}, not only of {year}. Get the archive from the publisher again."
        )
    return total


def _blocks(stream: IO[bytes]) -> Iterator[bytes]:
    """Cut a csv into pieces that end with a line, each below the heading."""
    heading = stream.readline()
    rest = b""
    while piece := stream.read(BLOCK):
        whole, _, rest = (rest + piece).rpartition(b"\n")
        if whole:
            yield heading + whole + b"\n"
        if len(rest) > BLOCK:
            raise UnexpectedData("A file of the archive has a line of more than 32 MB. Get the archive from the publisher again.")
    yield heading + rest


def _block(block: bytes, *, file: str) -> pl.DataFrame:
    frame = pl.read_csv(block, infer_schema=False, encoding="utf8")
    check_columns(frame.columns, read=COLUMNS, file=file)
    numbers = frame.select(
        t=pl.col("t").str.strip_chars().cast(pl.Int32, strict=False),
        i=pl.col("i").str.strip_chars(),
        j=pl.col("j").str.strip_chars(),
        v=pl.col("v").str.strip_chars().cast(pl.Float64, strict=False),
        flow=_digits("i", most=3) * 1_000_000_000 + _digits("j", most=3) * 1_000_000 + _digits("k", most=6),
    )
    bad = numbers.filter(pl.any_horizontal(pl.all().is_null()) | ~pl.col("v").is_finite() | (pl.col("v") < 0))
    if bad.height:
        raise UnexpectedData(f"{file} has a row without a year, a country, a product or a value: {bad.row(0)}. Get the archive again.")
    return numbers


def _digits(column: str, *, most: int) -> pl.Expr:
    """Return a numeric code as a number; null where it is none, or longer."""
    text = pl.col(column).str.strip_chars()
    return pl.when(text.str.len_chars() <= most).then(text.cast(pl.UInt64, strict=False))


def _with_states(frame: pl.DataFrame, codes: pl.DataFrame) -> pl.DataFrame:
    known = set(codes["country_code"])
    strange = (set(frame["i"]) | set(frame["j"])) - known
    if strange:
        raise UnexpectedData(f"Country codes that the table of codes does not have: {', '.join(sorted(strange)[:5])}.")
    for column, into in (("i", "exporter"), ("j", "importer")):
        frame = frame.join(codes.rename({"country_code": column, "iso3": into}), on=column, how="left", maintain_order="left")
    return frame
