"""World Bank Worldwide Governance Indicators: six dimensions, with bounds of one standard error where they are given."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl

from forefend.errors import PlaceError
from forefend.places import from_code, states
from forefend.sources.contract import Download, Files, Metadata, Parsed, check_columns
from forefend.sources.families.worldbank import address, answers
from forefend.sources.reading.measured import joined, measured
from forefend.sources.reading.tables import text_table
from forefend.sources.reading.unpacked import unpacked

# Dimensions of the publisher → our id.
DIMENSIONS = {
    "VA": "wgi_voice_accountability",
    "PV": "wgi_political_stability",
    "GE": "wgi_government_effectiveness",
    "RQ": "wgi_regulatory_quality",
    "RL": "wgi_rule_of_law",
    "CC": "wgi_control_of_corruption",
}
# The estimate, and its standard error, of each dimension in the API.
ESTIMATES = {f"GOV_WGI_{code}.EST": indicator for code, indicator in DIMENSIONS.items()}
ERRORS = {f"GOV_WGI_{code}.STD.ERR": indicator for code, indicator in DIMENSIONS.items()}
EXTRACT = ("wb_code", "year", "Estimate", "StdErr")
EXTRACT_OUT_OF_SCOPE = ("wb_country", "NumSrc", "Rank", "Lower", "Upper", "cown")
RANGE = (-5.0, 5.0)  # units of a standard normal distribution; about -2.5 to 2.5
NOT_A_STATE = "not a state"


def addresses(metadata: Metadata) -> list[Download]:
    """Return one address for each dimension's estimate and one for its standard error."""
    return [Download(name=f"{series}.json", address=address(metadata.address, series)) for series in (*ESTIMATES, *ERRORS)]


def read(files: Files) -> Parsed:
    """Read the API's answers, or the extract of one dimension (voice and accountability)."""
    given = {name: path for name, path in files.items() if path.suffix == ".json"}
    parts = [_extract(name, path) for name, path in sorted(files.items()) if name not in given]
    return joined([*parts, _answers(given)]) if parts and given else _answers(given) if given else joined(parts)


def _extract(name: str, path: Path) -> Parsed:
    frame = text_table(unpacked(path), name=name)
    check_columns(frame.columns[1:], read=EXTRACT, out_of_scope=EXTRACT_OUT_OF_SCOPE, file=name)
    return measured(
        _placed(frame, column="wb_code"), series={"Estimate": DIMENSIONS["VA"]}, within={"Estimate": RANGE},
        errors={"Estimate": "StdErr"}, place="wb_code", name=name, no_state=NOT_A_STATE,
    )  # fmt: skip


def _answers(files: Files) -> Parsed:
    rows, updated = answers(files, series=[*ESTIMATES, *ERRORS])
    parts = []
    for series, indicator in ESTIMATES.items():
        error = next(code for code, of in ERRORS.items() if of == indicator)
        errors = rows.filter(pl.col("series") == error).select("code", "year", error="value").unique(["code", "year"], keep="first")
        own = rows.filter(pl.col("series") == series).join(errors, on=["code", "year"], how="left", maintain_order="left")
        parts.append(
            measured(
                _placed(own, column="code"),
                series={"value": indicator},
                within={"value": RANGE},
                errors={"value": "error"},
                place="code",
                name=f"{series}.json",
                no_state=NOT_A_STATE,
            )
        )
    return replace(joined(parts), published=updated)


def _placed(frame: pl.DataFrame, *, column: str) -> pl.DataFrame:
    return frame.with_columns(iso3=pl.Series([_state(code) for code in frame[column]], dtype=pl.String))


def _state(code: str | None) -> str | None:
    if not code or code in states():
        return code or None
    try:
        return from_code(code, scheme="alpha3")
    except PlaceError:
        return None
