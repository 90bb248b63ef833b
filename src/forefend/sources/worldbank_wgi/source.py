"""World Bank Worldwide Governance Indicators: voice and accountability, with its own bounds of one standard error."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl

from forefend.errors import PlaceError, UnexpectedData
from forefend.places import from_code, states
from forefend.sources.contract import Files, Parsed, check_columns, reject
from forefend.store.tables import OBSERVATIONS

INDICATOR = "wgi_voice_accountability"
SERIES = "GOV_WGI_VA.EST"
EXTRACT = ("wb_code", "year", "Estimate", "StdErr")
EXTRACT_OUT_OF_SCOPE = ("wb_country", "NumSrc", "Rank", "Lower", "Upper", "cown")
ANSWER_FIELDS = {"indicator", "country", "countryiso3code", "date", "value", "unit", "obs_status", "decimal"}


def read(files: Files) -> Parsed:
    """Read the API's answer, or the extract of one dimension."""
    ((name, path),) = files.items()
    frame = _answer(name, path) if path.suffix == ".json" else _extract(name, path)
    frame = frame.with_columns(iso3=pl.Series([_state(code) for code in frame["code"]], dtype=pl.String))
    good = frame.filter(pl.col("iso3").is_not_null() & pl.col("value").is_not_null())
    table = good.select(
        "iso3",
        indicator=pl.lit(INDICATOR),
        start=pl.date(pl.col("year"), 1, 1),
        end=pl.date(pl.col("year"), 12, 31),
        value=pl.col("value"),
        low=pl.col("value") - pl.col("error"),
        high=pl.col("value") + pl.col("error"),
        row=pl.col("row"),
    )
    left = frame.filter(pl.col("iso3").is_null()).select("row", "code", "year")
    return Parsed(tables={"observations": table.cast(OBSERVATIONS)}, rejected=reject(left, reason="not a state"))


def _extract(name: str, path: Path) -> pl.DataFrame:
    frame = pl.read_csv(path, infer_schema=False, encoding="utf8").with_row_index("row", offset=1)
    check_columns(frame.columns[1:], read=EXTRACT, out_of_scope=EXTRACT_OUT_OF_SCOPE, file=name)
    return frame.select(
        pl.col("row").cast(pl.Int64),
        code=pl.col("wb_code"),
        year=pl.col("year").cast(pl.Float64).cast(pl.Int32),
        value=pl.col("Estimate").cast(pl.Float64),
        error=pl.col("StdErr").cast(pl.Float64),
    )


def _answer(name: str, path: Path) -> pl.DataFrame:
    try:
        about, rows = json.loads(path.read_text(encoding="utf-8-sig"))
    except ValueError:
        raise UnexpectedData(f"{name} is not an answer of the World Bank's API. Fetch it again.") from None
    if about["pages"] != 1:
        raise UnexpectedData(f"{name} is page 1 of {about['pages']}. Fetch it with a larger per_page.")
    for row in rows:
        check_columns(row, read=ANSWER_FIELDS, out_of_scope=("scale",), file=name)
        if row["indicator"]["id"] != SERIES:
            raise UnexpectedData(f"{name} holds the series {row['indicator']['id']}, which this connector does not read.")
    records = [(n, r["countryiso3code"], int(r["date"]), r["value"], None) for n, r in enumerate(rows, start=1)]
    columns = {"row": pl.Int64, "code": pl.String, "year": pl.Int32, "value": pl.Float64, "error": pl.Float64}
    return pl.DataFrame(records, schema=columns, orient="row")


def _state(code: str) -> str | None:
    if code in states():
        return code
    try:
        return from_code(code, scheme="alpha3")
    except PlaceError:
        return None
