"""UN Sustainable Development Goal series, by M49 area: one file a series, the value in a column of its name."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from forefend.errors import UnexpectedData
from forefend.places import codes
from forefend.sources.contract import Files, Parsed, check_codes, check_columns, reject
from forefend.store.tables import OBSERVATIONS

SERIES = (
    "sg_nhr_impln", "sg_nhr_intexstn", "sg_nhr_noappln", "sg_nhr_nostusn", "sg_inf_accss",
    "sg_lgl_geneqemp", "sg_lgl_geneqlfp", "sg_lgl_geneqmar", "sg_lgl_geneqvaw",
)  # fmt: skip
UNITS = ("number", "percent")
NATURES = ("c", "e", "g", "n", "m", "ca")  # country data, estimated, global, not available, modelled, country adjusted
COLUMNS = ("iso3", "geo_area", "nature", "units", "year")
# In SG_INF_ACCSS the value of a state is the year in which its law was adopted; of the world, a number of states.
NOT_A_STATE = "an area that is not a state (world, region or group)"


def read(files: Files) -> Parsed:
    """Read one or more series."""
    parts = [_series(name, path) for name, path in sorted(files.items())]
    return Parsed(
        tables={"observations": pl.concat([part.tables["observations"] for part in parts])},
        rejected=pl.concat([part.rejected for part in parts]),
    )


def _series(name: str, path: Path) -> Parsed:
    frame = pl.read_csv(path, infer_schema=False, encoding="utf8").with_row_index("row", offset=1)
    found = [column for column in frame.columns if column in SERIES]
    if len(found) != 1:
        raise UnexpectedData(f"{name} holds {len(found)} known series instead of one. Known series: {', '.join(SERIES)}.")
    check_columns(frame.columns[1:], read=[*COLUMNS, found[0]], file=name)
    check_codes(frame, column="units", known=UNITS, file=name)
    check_codes(frame, column="nature", known=NATURES, file=name)
    places = codes("m49")
    state = [places.get(int(code)) for code in frame["geo_area"]]
    frame = frame.with_columns(state=pl.Series(state, dtype=pl.String), year=pl.col("year").cast(pl.Int32))
    good = frame.filter(pl.col("state").is_not_null())
    table = good.select(
        iso3=pl.col("state"),
        indicator=pl.lit(f"sdg_{found[0]}"),
        start=pl.date(pl.col("year"), 1, 1),
        end=pl.date(pl.col("year"), 12, 31),
        value=pl.col(found[0]).cast(pl.Float64),
        low=pl.lit(None, dtype=pl.Float64),
        high=pl.lit(None, dtype=pl.Float64),
        row=pl.col("row").cast(pl.Int64),
    )
    left = frame.filter(pl.col("state").is_null()).select(pl.col("row").cast(pl.Int64), "geo_area", "year")
    return Parsed(tables={"observations": table.cast(OBSERVATIONS)}, rejected=reject(left, reason=NOT_A_STATE))
