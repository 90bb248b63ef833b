"""One 15-minute export of GDELT 2.0: a zip with one table, tab-separated, without a header, of 61 columns."""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

import polars as pl

from forefend.errors import PlaceError, UnexpectedData
from forefend.places import from_code
from forefend.sources.contract import check_codes
from forefend.sources.reading.unpacked import unpacked

NAME = re.compile(r"(20\d{12})\.export\.CSV\.zip", re.IGNORECASE)
TRANSLATED = re.compile(r"\d{14}\.translation\.export\.CSV\.zip", re.IGNORECASE)
QUARTER = timedelta(minutes=15)
_GEO = ("Type", "FullName", "CountryCode", "ADM1Code", "ADM2Code", "Lat", "Long", "FeatureID")
_ACTOR = (
    "Code",
    "Name",
    "CountryCode",
    "KnownGroupCode",
    "EthnicCode",
    "Religion1Code",
    "Religion2Code",
    "Type1Code",
    "Type2Code",
    "Type3Code",
)
COLUMNS = (
    *("GLOBALEVENTID", "SQLDATE", "MonthYear", "Year", "FractionDate"),
    *(f"Actor{n}{name}" for n in (1, 2) for name in _ACTOR),
    *("IsRootEvent", "EventCode", "EventBaseCode", "EventRootCode", "QuadClass", "GoldsteinScale"),
    *("NumMentions", "NumSources", "NumArticles", "AvgTone"),
    *(f"{who}Geo_{name}" for who in ("Actor1", "Actor2", "Action") for name in _GEO),
    *("DATEADDED", "SOURCEURL"),
)
# Where an event is counted is where it happened; who acted, the tone and the articles are not read.
READ = ("GLOBALEVENTID", "SQLDATE", "EventRootCode", "QuadClass", "ActionGeo_CountryCode", "ActionGeo_ADM1Code", "DATEADDED")
ROOTS = tuple(f"{number:02}" for number in range(1, 21))
NO_CLASS = ("--", "---", "X")  # written where the coder found no class
EXPORT_BYTES = 300_000_000  # one export unpacks to about a million
EVENTS_A_PART = 500_000


def stamp_of(name: str) -> datetime:
    """Return when an export came out; raises UnexpectedData for a file that is none."""
    if TRANSLATED.fullmatch(name):
        raise UnexpectedData(f"{name} is of the translated stream, which is counted apart. Give the exports of the English stream.")
    found = NAME.fullmatch(name)
    try:
        return datetime.strptime(found[1] if found else "", "%Y%m%d%H%M%S")  # noqa: DTZ007 the publisher's stamps are UTC
    except ValueError:
        raise UnexpectedData(
            f"{name} is not an export of GDELT 2.0, such as 20261124001500.export.CSV.zip. Give it the publisher's name."
        ) from None


def day_of(name: str) -> date:
    """Return the day an export covers: the quarter of an hour before its stamp, so midnight belongs to the day before."""
    return (stamp_of(name) - QUARTER).date()


def unpack(files: Mapping[str, Path], *, folder: Path) -> list[Path]:
    """Write exports as Parquet parts with ``file, row, event_id, day, iso3, admin1, root, quad, reason``.

    ``reason`` says why an event cannot be counted and is null for the others; nothing is left out. An event
    dated before the days the files cover is told late: the files hold few of its time, and counting them as
    its month would mislead. Raises UnexpectedData naming file and row.
    """
    covered = {day_of(name) for name in files}
    parts: list[Path] = []
    waiting: list[pl.DataFrame] = []
    for name in sorted(files):
        waiting.append(_events(files[name], name=name, covered=covered))
        if sum(frame.height for frame in waiting) >= EVENTS_A_PART:
            parts.append(_write(waiting, folder / f"part-{len(parts):05}.parquet"))
            waiting = []
    return [*parts, _write(waiting, folder / f"part-{len(parts):05}.parquet")] if waiting else parts


def _write(frames: Sequence[pl.DataFrame], path: Path) -> Path:
    pl.concat(frames).write_parquet(path)
    return path


def _events(path: Path, *, name: str, covered: Collection[date]) -> pl.DataFrame:
    raw = _table(path, name=name)
    check_codes(raw, column="EventRootCode", known=(*ROOTS, *NO_CLASS), file=name)
    check_codes(raw, column="QuadClass", known=("1", "2", "3", "4"), file=name)
    _check_numbers(raw, name=name)
    country = pl.col("ActionGeo_CountryCode")
    fips = raw["ActionGeo_CountryCode"].drop_nulls().unique()
    iso3 = country.replace_strict({code: _state(code) for code in fips}, default=None, return_dtype=pl.String)
    admin1 = pl.col("ActionGeo_ADM1Code")
    typed = raw.select(
        file=pl.lit(name),
        row=pl.col("row"),
        event_id=pl.col("GLOBALEVENTID").cast(pl.Int64),
        day=pl.col("SQLDATE").str.to_date("%Y%m%d", strict=False),
        iso3=iso3,
        admin1=pl.when(admin1.str.len_chars() > 2).then(admin1),
        root=pl.col("EventRootCode"),
        quad=pl.col("QuadClass").cast(pl.Int64),
        fips=country,
    )
    return typed.with_columns(reason=_reason(covered)).drop("fips")


def _reason(covered: Collection[date]) -> pl.Expr:
    return (
        pl.when(pl.col("day").is_null())
        .then(pl.lit("SQLDATE is no date"))
        .when(pl.col("root").is_in(list(NO_CLASS)))
        .then(pl.lit("the event has no class"))
        .when(pl.col("fips").is_null())
        .then(pl.lit("no country is given"))
        .when(pl.col("iso3").is_null())
        .then(pl.format("the country code {} belongs to no state", "fips"))
        .when(~pl.col("day").is_in(list(covered)))
        .then(pl.lit("it is dated outside the days of these files"))
    )


def _table(path: Path, *, name: str) -> pl.DataFrame:
    """Read the columns that are counted, as text; every row must have all 61 fields."""
    text = unpacked(path, limit=EXPORT_BYTES).decode("utf-8", errors="replace")  # a place's name may be broken; what is read is checked
    lines = [line.removesuffix("\r") for line in text.removesuffix("\n").split("\n")]
    if lines == [""]:
        raise UnexpectedData(f"{name} holds no event. Download it again.")
    for number, line in enumerate(lines, start=1):
        if line.count("\t") != len(COLUMNS) - 1:
            fields = line.split("\t")
            raise UnexpectedData(
                f"{name}, row {number} has {len(fields)} fields instead of {len(COLUMNS)}, the last {fields[-1][:60]!r}. "
                "It is cut off, or the publisher's layout has changed."
            )
    frame = pl.read_csv(
        io.BytesIO("\n".join(lines).encode()),
        separator="\t",
        has_header=False,
        quote_char=None,
        infer_schema=False,
        new_columns=list(COLUMNS),
    )
    return frame.select(READ).with_row_index("row", offset=1).with_columns(pl.col("row").cast(pl.Int64))


def _check_numbers(raw: pl.DataFrame, *, name: str) -> None:
    """Refuse identifiers, stamps or country codes of another form: columns have moved, or the file is damaged."""
    stamp = stamp_of(name)
    near = [(stamp + timedelta(days=days)).strftime("%Y%m%d") for days in (-1, 0, 1)]
    forms = {
        "GLOBALEVENTID": pl.col("GLOBALEVENTID").str.contains(r"^[0-9]{1,18}$"),
        "DATEADDED": pl.col("DATEADDED").str.contains(r"^[0-9]{14}$") & pl.col("DATEADDED").str.head(8).is_in(near),
        "ActionGeo_CountryCode": pl.col("ActionGeo_CountryCode").str.contains(r"^[A-Z]{2}$") | pl.col("ActionGeo_CountryCode").is_null(),
        "ActionGeo_ADM1Code": pl.col("ActionGeo_ADM1Code").str.contains(r"^[A-Z0-9-]{1,8}$") | pl.col("ActionGeo_ADM1Code").is_null(),
    }
    for column, is_good in forms.items():
        bad = raw.filter(~is_good.fill_null(value=False)).head(1)
        if bad.height:
            row, value = bad["row"][0], str(bad[column][0])[:60]
            raise UnexpectedData(f"{name}, row {row}: {column} is {value!r}. The columns have moved, or the file is damaged or renamed.")


@cache
def _state(code: str) -> str | None:
    try:
        return from_code(code, scheme="fips")
    except PlaceError:
        return None
