"""V-Dem country-year indices: the publisher's full file, and extracts known by their header.

Known oddity: the extracts of the "spaces" study turn public sector corruption round (higher = cleaner);
it is turned back here, so that one name has one direction, V-Dem's own.
"""

from __future__ import annotations

import csv
import io
import warnings
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import polars as pl

from forefend.errors import PlaceError, UnexpectedData
from forefend.places import from_code, states
from forefend.sources.contract import Files, Parsed, check_columns
from forefend.sources.reading.measured import joined, measured
from forefend.sources.reading.placing import place_by_code
from forefend.sources.reading.unpacked import unpacked
from forefend.sources.vdem.indices import HIGH_LEVEL, INDICES, SPACES, TURNED_IN_SPACES, within

# Everything else in the full file, by the prefixes of the publisher's codebook.
OUT_OF_SCOPE_PREFIXES = (
    *("v2", "v3", "e_", "codingstart", "codingend", "gapstart", "gapend", "gap_index"),
    *("historical", "project", "histname", "COWcode"),
)
FULL_KEYS = ("country_name", "country_text_id", "country_id", "year", "historical_date")
# Of the study's own table: changes, squares and counts made for its models.
SPACES_MADE = ("dv_", "no_up_", "no_down_")
FIRST_YEAR = 1960
NO_STATE_OF_TODAY = "no state of today continues it"
# V-Dem codes parts of today's states on their own; only one of them stands for the state.
PARTS = {"PSG", "SML", "ZZB", "VDR", "YMD", "DDR", "BRD"}


def read(files: Files) -> Parsed:
    """Read the full file or one of the extracts."""
    return joined([_read_one(name, path) for name, path in sorted(files.items())])


def _read_one(name: str, path: Path) -> Parsed:
    if path.suffix.lower() == ".rds":
        return _study(name, path)
    content = unpacked(path)
    header = _header(content, name=name)
    if "v2x_polyarchy_codelow" in header and "vdem_country_name" in header:
        check_columns(
            header, read=["country_text_id", "year", *HIGH_LEVEL], optional=[f"{v}_code{e}" for v in HIGH_LEVEL for e in ("low", "high")],
            out_of_scope=["vdem_country_name", "vdem_cowcode"], file=name,
        )  # fmt: skip
        return _long(content, header=header, key="country_text_id", variables=HIGH_LEVEL, name=name)
    if header[:3] == ["iso3", "gwcode", "year"]:
        check_columns(header, read=["iso3", "year", *SPACES], out_of_scope=["gwcode"], file=name)
        return _long(content, header=header, key="iso3", variables=SPACES, name=name, turned=TURNED_IN_SPACES)
    present = [variable for variable in INDICES if variable in header]
    rest = [c for c in header if c not in FULL_KEYS and not c.startswith(OUT_OF_SCOPE_PREFIXES)]
    check_columns(header, read=["country_text_id", "year", "v2x_polyarchy"], out_of_scope=set(header) - set(rest), file=name)
    return _long(content, header=header, key="country_text_id", variables=present, name=name)


def _header(content: bytes, *, name: str) -> list[str]:
    if not content.endswith(b"\n"):
        raise UnexpectedData(f"{name} does not end with a line's end: it is cut off. Get it from the publisher again.")
    try:
        first = content.split(b"\n", 1)[0].decode("utf-8-sig").strip("\r")
    except UnicodeDecodeError:
        raise UnexpectedData(f"{name} is not UTF-8 text. Get it from the publisher again.") from None
    header = next(csv.reader([first]), [])
    if doubled := sorted({column for column in header if header.count(column) > 1}):
        raise UnexpectedData(f"{name} has columns twice: {', '.join(doubled[:5])}. Get it from the publisher again.")
    return header


def _study(name: str, path: Path) -> Parsed:
    """Read the table of the "spaces" study in its R file, which knows states by their Gleditsch-Ward number."""
    import rdata

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # R's classes of tables that Python has no name for
        try:
            table = rdata.read_rds(path)
            columns = [str(column) for column in table.columns]
            doubled = len(set(columns)) != len(columns)
        except Exception as error:  # noqa: BLE001 - the reader of R files has no error of its own
            raise UnexpectedData(f"{name} is not an R table that can be read: {type(error).__name__}. Download it again.") from None
    if doubled:
        raise UnexpectedData(f"{name} has columns twice. Get it from the publisher again.")
    made = [column for column in columns if column.startswith(SPACES_MADE) or column.endswith("_squared")]
    check_columns(columns, read=["gwcode", "year", *SPACES], out_of_scope=made, file=name)
    frame = pl.DataFrame(
        {column: [None if value != value else str(value) for value in table[column].tolist()] for column in ("gwcode", "year", *SPACES)},  # noqa: PLR0124 - a missing number is unequal to itself
        schema=dict.fromkeys(("gwcode", "year", *SPACES), pl.String),
    ).with_row_index("row", offset=1)
    return _values(
        place_by_code(frame.with_columns(pl.col("row").cast(pl.Int64)), column="gwcode", scheme="gw", year="year"),
        key="gwcode", variables=SPACES, bounds=[], turned=TURNED_IN_SPACES, name=name,
    )  # fmt: skip


def _long(content: bytes, *, header: Sequence[str], key: str, variables: Sequence[str], name: str, turned: str = "") -> Parsed:
    bounds = [f"{v}_code{end}" for v in variables for end in ("low", "high") if f"{v}_code{end}" in header]
    frame = pl.read_csv(
        io.BytesIO(content), columns=[key, "year", *variables, *bounds], infer_schema=False, encoding="utf8"
    ).with_row_index("row", offset=1)
    year = pl.col("year").cast(pl.Float64, strict=False)
    frame = frame.with_columns(pl.col("row").cast(pl.Int64)).filter(year.is_null() | (year >= FIRST_YEAR))
    return _values(_with_states(frame, key=key), key="code", variables=variables, bounds=bounds, turned=turned, name=name)


def _values(frame: pl.DataFrame, *, key: str, variables: Sequence[str], bounds: Sequence[str], turned: str, name: str) -> Parsed:
    parsed = measured(
        frame,
        series={variable: f"vdem_{variable}" for variable in variables},
        within={variable: within(variable) for variable in variables},
        lows={v: f"{v}_codelow" for v in variables if f"{v}_codelow" in bounds},
        highs={v: f"{v}_codehigh" for v in variables if f"{v}_codehigh" in bounds},
        place=key,
        name=name,
        no_state=NO_STATE_OF_TODAY,
    )
    if turned:
        value = pl.when(pl.col("indicator") == f"vdem_{turned}").then(1 - pl.col("value")).otherwise(pl.col("value"))
        parsed.tables["observations"] = parsed.tables["observations"].with_columns(value=value)
    return parsed


def _with_states(frame: pl.DataFrame, *, key: str) -> pl.DataFrame:
    pairs = frame.select(key, "year").unique().sort(key, "year")
    found = [_state(code, year) for code, year in pairs.iter_rows()]
    placed = pairs.with_columns(_iso3=pl.Series(found, dtype=pl.String))
    joined_on = frame.join(placed, on=[key, "year"], how="left", maintain_order="left", nulls_equal=True)
    return joined_on.with_columns(iso3=pl.col("_iso3"), code=pl.col(key)).drop("_iso3")


def _state(code: str | None, year: str | None) -> str | None:
    if not code or code in PARTS:
        return None
    if code == "PSB":
        return "PSE"
    if code in states():
        return code
    try:
        return from_code(code, scheme="alpha3", on=date(int(float(year or "")), 7, 1))
    except (PlaceError, ValueError, OverflowError):
        return None
