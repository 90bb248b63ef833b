"""INFORM Risk: the risk of humanitarian crises and disasters, 0 to 10, and its three dimensions, by year.

Read as the interface's list of records or as the two tables published on HDX, whose second line may be HXL tags.
Known oddities: in the table of scores a series is named twice for a state and year, once as measured and once as
rescaled, and hundreds of scores have no name, so of that table only one series is read: the probability of a highly
violent internal conflict, which is a share although its unit is written as per cent. A higher number is always worse.
"""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl

from forefend.errors import UnexpectedData
from forefend.sources.contract import Download, Files, Metadata, Parsed, check_codes, check_columns
from forefend.sources.inform_risk.series import NOT_READ
from forefend.sources.reading.measured import joined, measured
from forefend.sources.reading.placing import place_by_code
from forefend.sources.reading.records import framed_records, load
from forefend.sources.reading.tables import text_table
from forefend.sources.reading.unpacked import unpacked

INDICES = {
    "INFORM": "inform_risk",
    "HA": "inform_hazard_and_exposure",
    "VU": "inform_vulnerability",
    "CC": "inform_lack_of_coping_capacity",
}
TRENDS = ("Iso3", "GNAYear", "IndicatorId", "IndicatorScore")
TRENDS_OUT = ("CountryName", "FullName", "WorkflowId", "MethodologyId", "ShortDescription", "ParentLevel", "StepNumber", "Ranking")
SCORES = ("Iso3", "ValidityYear", "IndicatorName", "IndicatorScore")
SCORES_OUT = ("CountryName", "Unit")
CONFLICT, CONFLICT_ID = "Highly Violent Internal Conflict probability", "inform_violent_internal_conflict_probability"
SCALE, SHARE = (0.0, 10.0), (0.0, 1.0)
HXL = re.compile(r"#")
FETCHED = "inform-risk-trends.json"


def addresses(metadata: Metadata) -> list[Download]:
    """Return the address of the indices of the last ten years, in the newest of INFORM's workflows."""
    return [Download(name=FETCHED, address=metadata.address)]


def read(files: Files) -> Parsed:
    """Read the indices, the scores, or both; the newest year names the release."""
    parts = [_file(name, path) for name, path in sorted(files.items())]
    if not parts:
        raise UnexpectedData("No file was given. Give the publisher's table of trends, of scores, or both.")
    parsed = joined(parts)
    years = parsed.tables["observations"]["start"].dt.year()
    parsed.vintage = str(years.max()) if years.len() else ""
    return parsed


def _file(name: str, path: Path) -> Parsed:
    is_json = path.suffix.lower() == ".json"
    frame = framed_records(load(path, name=name), name=name) if is_json else text_table(unpacked(path), name=name)
    if "Iso3" in frame.columns and frame.height and HXL.match(frame["Iso3"][0] or ""):
        frame = frame.slice(1)
    return _scores(name, frame) if "IndicatorName" in frame.columns else _trends(name, frame)


def _trends(name: str, frame: pl.DataFrame) -> Parsed:
    check_columns(frame.columns[1:], read=TRENDS, out_of_scope=TRENDS_OUT, file=name)
    check_codes(frame, column="IndicatorId", known=INDICES, file=name)
    return joined(
        [_series(frame.filter(pl.col("IndicatorId") == code), own=own, year="GNAYear", name=name) for code, own in INDICES.items()]
    )


def _scores(name: str, frame: pl.DataFrame) -> Parsed:
    check_columns(frame.columns[1:], read=SCORES, out_of_scope=SCORES_OUT, file=name)
    frame = frame.with_columns(pl.col("IndicatorName").str.strip_chars().fill_null(""))
    check_codes(frame, column="IndicatorName", known=(CONFLICT, *NOT_READ), file=name)
    return _series(frame.filter(pl.col("IndicatorName") == CONFLICT), own=CONFLICT_ID, year="ValidityYear", name=name)


def _series(frame: pl.DataFrame, *, own: str, year: str, name: str) -> Parsed:
    placed = place_by_code(frame, column="Iso3", scheme="alpha3")
    within = {"IndicatorScore": SHARE if own == CONFLICT_ID else SCALE}
    return measured(placed, series={"IndicatorScore": own}, year=year, place="Iso3", within=within, name=name)
