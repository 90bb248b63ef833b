"""UCDP Georeferenced Event Dataset: deaths in organised violence, by event and summed by country and month.

Read as the download centre ships it: a zip with one csv, in the layout of 2019 (43 columns) or the newer
one (49 columns). The fields are lines of text with line breaks and quotes in them; a row is a record, not
a line. Dates carry a time of day in some releases.
"""

from __future__ import annotations

import re
import shutil
import tempfile
import zipfile
import zlib
from pathlib import Path

import polars as pl

from forefend.errors import UnexpectedData
from forefend.sources.contract import Files, Parsed, check_columns
from forefend.sources.families.ucdp_events import OUT_OF_SCOPE, READ, events_of, months_of

FINAL_NAME = re.compile(r"(?:ged|GEDEvent_v)(\d\d)_?(\d)\.csv", re.IGNORECASE)
LARGEST_BYTES = 3_000_000_000  # the release of 2026 unpacks to about 300 million
CANDIDATE_NAME = re.compile(r"GEDEvent_v\d\d_0\d?_", re.IGNORECASE)


def read(files: Files) -> Parsed:
    """Read one yearly release; refuses a monthly Candidate file, whose figures are preliminary."""
    if len(files) != 1:
        raise UnexpectedData(f"A release of GED is one zip, but {len(files)} files were given. Import them one by one.")
    ((name, path),) = files.items()
    with tempfile.TemporaryDirectory(prefix="forefend-") as folder:
        table = _unpack(path, name=name, folder=Path(folder))
        if CANDIDATE_NAME.match(table.name):
            raise UnexpectedData(f"{table.name} is a monthly Candidate file with preliminary figures. Import the yearly release instead.")
        parsed = _read_table(table)
    found = FINAL_NAME.fullmatch(table.name)
    parsed.vintage = f"{found[1]}.{found[2]}" if found else ""
    return parsed


def _unpack(path: Path, *, name: str, folder: Path) -> Path:
    """Write the zip's one csv into ``folder``; its checksum is verified on the way."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = [entry for entry in archive.infolist() if entry.filename.lower().endswith(".csv")]
            if len(members) != 1:
                raise UnexpectedData(f"{name} holds {len(members)} csv files instead of one. Get the GED zip from UCDP's download centre.")
            if members[0].file_size > LARGEST_BYTES:
                raise UnexpectedData(f"{name} unpacks to more than {LARGEST_BYTES:,} bytes. It is not what UCDP offers.")
            target = folder / Path(members[0].filename).name
            with archive.open(members[0]) as packed, target.open("wb") as plain:
                shutil.copyfileobj(packed, plain, 1 << 20)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError):
        raise UnexpectedData(f"{name} is not a whole zip file. Download it again.") from None
    return target


def _read_table(table: Path) -> Parsed:
    rows = pl.scan_csv(table, infer_schema=False, row_index_name="row", row_index_offset=1)
    columns = [column for column in rows.collect_schema().names() if column != "row"]
    check_columns(columns, read=READ, out_of_scope=OUT_OF_SCOPE, file=table.name)
    found = events_of(rows.select("row", *READ).collect(engine="streaming"), file=table.name)
    return Parsed(tables={"events": found.events, "observations": months_of(found.events)}, rejected=found.rejected)
