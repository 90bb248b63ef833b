"""Correlates of War trade 4.0, for history: each pair's flows of goods, in current USD million; csv, zip, R, and an extract.

``flow1`` is what state 1 imports from state 2, ``flow2`` the reverse. -9 is missing, not a flow. Each flow is told
twice, once for each side that depends on it. Years before 2000 are out of scope.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import polars as pl

from forefend.errors import UnexpectedData
from forefend.sources.contract import Files, Parsed, check_columns
from forefend.sources.reading.cells import number, split, year
from forefend.sources.reading.placing import check_states, with_states
from forefend.sources.reading.r_files import read_r
from forefend.sources.reading.tables import read_text
from forefend.sources.reading.ties import yearly_ties

EXPORTS, IMPORTS = "cow_exports", "cow_imports"
UNIT = "current USD million"
SINCE = 2000
MISSING = -9.0
FLOW_COLUMNS = ("flow1", "flow2")
COLUMNS = ("ccode1", "ccode2", "year", *FLOW_COLUMNS)
EXTRACT = ("iso3_1", "iso3_2")
OUT_OF_SCOPE = (
    "importer1", "importer2", "smoothflow1", "smoothflow2", "smoothtotrade", "spike1", "spike2", "dip1", "dip2", "trdspike", "tradedip",
    "bel_lux_alt_flow1", "bel_lux_alt_flow2", "china_alt_flow1", "china_alt_flow2", "source1", "source2", "version",
)  # fmt: skip
MEMBER = "Dyadic_COW_4.0.csv"
LARGEST_BYTES = 600_000_000
NO_STATE = "a state that none of today's continues"
UNREADABLE = "a code, a year or a flow is not a number"


def read(files: Files) -> Parsed:
    """Read one file in any of the layouts."""
    ((name, path),) = files.items()
    frame = _numbers(name, path)
    given = pl.all_horizontal(pl.col(column).is_not_null() for column in ("ccode1", "ccode2", "year", *FLOW_COLUMNS))
    good, unread = split(frame, unusable=[(~given, UNREADABLE)])
    good = good.filter(pl.col("year") >= SINCE).with_columns(day=pl.date("year", 12, 31))
    if "iso3_1" not in good.columns:
        for end in ("1", "2"):
            good = with_states(good, column=f"ccode{end}", scheme="cow", day="day").rename({"iso3": f"iso3_{end}"})
    good, stateless = split(good, unusable=[(pl.col("iso3_1").is_null() | pl.col("iso3_2").is_null(), NO_STATE)])
    sides = [(EXPORTS, "iso3_1", "iso3_2", "flow1"), (IMPORTS, "iso3_2", "iso3_1", "flow1")]
    sides += [(EXPORTS, "iso3_2", "iso3_1", "flow2"), (IMPORTS, "iso3_1", "iso3_2", "flow2")]
    ties = pl.concat([
        good.filter(pl.col(flow) > 0).select(
            "row", "year", channel=pl.lit(channel), from_iso3=holder, to_iso3=felt, value=flow, unit=pl.lit(UNIT)
        )
        for channel, holder, felt, flow in sides
    ])  # fmt: skip
    # The R copy and its extract give each pair in both orders; the publisher's file gives it once. Counted once here.
    ties = ties.unique(["channel", "from_iso3", "to_iso3", "year"], keep="first", maintain_order=True)
    return Parsed(tables={"ties": yearly_ties(ties)}, rejected=pl.concat([unread, stateless]), vintage="4.0")


def _numbers(name: str, path: Path) -> pl.DataFrame:
    """Return the columns that are read, as numbers; a missing flow is -9 and stays so."""
    if path.suffix.lower() in (".rda", ".rds", ".rdata"):
        frame = read_r(path, name=name)
        check_columns(frame.columns[1:], read=COLUMNS, out_of_scope=OUT_OF_SCOPE, file=name)
        if not all(frame[column].dtype.is_numeric() for column in COLUMNS):
            raise UnexpectedData(f"{name}: a column of numbers holds text. Get the file from the publisher again.")
        flows = [pl.col(column).fill_null(MISSING) for column in FLOW_COLUMNS]  # copies leave missing flows empty
        whole = [pl.col(column).cast(pl.Int32, strict=False) for column in ("ccode1", "ccode2", "year")]
        return frame.select("row", *whole, *flows)
    frame = _unpacked(name, path) if path.suffix.lower() == ".zip" else read_text(path, name=name)
    is_extract = EXTRACT[0] in frame.columns
    check_columns(frame.columns[1:], read=(*COLUMNS, *EXTRACT) if is_extract else COLUMNS, out_of_scope=OUT_OF_SCOPE, file=name)
    if is_extract:
        check_states(frame, columns=EXTRACT, file=name)
    codes = [number(column).cast(pl.Int32, strict=False).alias(column) for column in ("ccode1", "ccode2")]
    flows = [pl.when(pl.col(flow).is_not_null()).then(number(flow)).otherwise(MISSING).alias(flow) for flow in FLOW_COLUMNS]
    return frame.select("row", *(EXTRACT if is_extract else ()), *codes, year("year").alias("year"), *flows)


def _unpacked(name: str, path: Path) -> pl.DataFrame:
    with zipfile.ZipFile(path) as archive:
        found = [member for member in archive.infolist() if Path(member.filename).name == MEMBER]
        if len(found) != 1:
            raise UnexpectedData(f"{name} does not hold {MEMBER}. Get the archive from the publisher again.")
        if found[0].file_size > LARGEST_BYTES:
            raise UnexpectedData(f"{name} unpacks to more than {LARGEST_BYTES:,} bytes. It is not what the publisher offers.")
        frame = pl.read_csv(io.BytesIO(archive.read(found[0])), infer_schema=False, encoding="utf8")
    return frame.with_row_index("row", offset=1).with_columns(pl.col("row").cast(pl.Int64))
