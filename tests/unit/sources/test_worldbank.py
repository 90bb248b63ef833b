"""The World Bank's interface: six dimensions with their errors, many series, pages; and the extracts."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from forefend.errors import UnexpectedData
from forefend.sources.contract import Parsed
from forefend.sources.registry import find_source
from forefend.sources.worldbank_wdi.source import SERIES
from forefend.sources.worldbank_wgi.source import ESTIMATES

Row = tuple[str, int, float | None]


def answer(series: str, *rows: Row, page: int = 1, pages: int = 1, total: int | None = None) -> list[Any]:
    records = [
        {
            "indicator": {"id": series, "value": ""}, "country": {"id": "", "value": ""}, "countryiso3code": code, "date": str(year),
            "value": value, "unit": "", "obs_status": "", "decimal": 1,
        }
        for code, year, value in rows
    ]  # fmt: skip
    about = {"page": page, "pages": pages, "per_page": 2, "total": total or len(rows), "sourceid": "3", "lastupdated": "2025-10-07"}
    return [about, records]


def read(source: str, folder: Path, **answers: object) -> Parsed:
    files = {}
    for name, content in answers.items():
        path = folder / f"{name.replace('__', '-').replace('_at_', '.')}.json"
        path.write_text(json.dumps(content))
        files[path.name] = path
    return find_source(source).read(files)


def test_an_estimate_takes_its_bounds_from_the_standard_error(tmp_path: Path) -> None:
    parsed = read(
        "worldbank_wgi", tmp_path,
        a=answer("GOV_WGI_RL.EST", ("FRA", 2023, 1.2), ("WLD", 2023, 0.0), ("GHA", 2023, None), ("SDN", 2023, 77.0)),
        b=answer("GOV_WGI_RL.STD.ERR", ("FRA", 2023, 0.1)),
    )  # fmt: skip
    assert parsed.tables["observations"].select("iso3", "indicator", "low", "value", "high").rows() == [
        ("FRA", "wgi_rule_of_law", pytest.approx(1.1), 1.2, pytest.approx(1.3))
    ]
    assert parsed.rejected["reason"].to_list() == ["not a state", "value lies outside -5 to 5"]
    assert parsed.published == date(2025, 10, 7)


def test_every_dimension_has_an_address(data: Path) -> None:
    names = {download.name for download in find_source("worldbank_wgi").downloads()}
    assert {f"GOV_WGI_{code}.EST.json" for code in ("VA", "PV", "GE", "RQ", "RL", "CC")} <= names
    assert len(ESTIMATES) == 6
    extract = data / "state" / "governance" / "wgi_voice_accountability_1996_2023.csv"
    parsed = find_source("worldbank_wgi").read({extract.name: extract})
    assert parsed.tables["observations"]["indicator"].unique().to_list() == ["wgi_voice_accountability"]
    assert parsed.tables["observations"].height == 5170


def test_pages_belong_together(tmp_path: Path) -> None:
    parsed = read(
        "worldbank_wdi", tmp_path,
        x__page1=answer("FP.CPI.TOTL.ZG", ("FRA", 2023, 4.9), page=1, pages=2, total=2),
        x__page2=answer("FP.CPI.TOTL.ZG", ("GHA", 2023, 38.1), page=2, pages=2, total=2),
    )  # fmt: skip
    assert parsed.tables["observations"]["iso3"].to_list() == ["FRA", "GHA"]
    with pytest.raises(UnexpectedData, match="these are missing: 2"):
        read("worldbank_wdi", tmp_path, y__page1=answer("FP.CPI.TOTL.ZG", ("FRA", 2023, 4.9), page=1, pages=2, total=2))
    with pytest.raises(UnexpectedData, match="holds 1 rows, but says it has 3"):
        read("worldbank_wdi", tmp_path, z=answer("FP.CPI.TOTL.ZG", ("FRA", 2023, 4.9), total=3))


def test_several_series_in_one_answer_are_told_apart(tmp_path: Path) -> None:
    about, rows = answer("SI.POV.GINI", ("FRA", 2021, 31.5))
    rows += answer("SL.UEM.TOTL.ZS", ("FRA", 2021, 7.9), ("SDN", 2021, 120.0))[1]
    parsed = read("worldbank_wdi", tmp_path, both=[about | {"total": 3}, rows])
    assert dict(parsed.tables["observations"].select("indicator", "value").rows()) == {"wb_gini": 31.5, "wb_unemployment": 7.9}
    assert parsed.rejected["reason"].to_list() == ["value lies outside 0 to 100"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ([{"message": [{"id": "120", "key": "Invalid value"}]}], "not an answer"),
        ({"a": 1}, "not an answer"),
        ([[], {}], "not an answer"),
        (answer("XX.YY", ("FRA", 2021, 1.0)), "series XX.YY"),
        (answer("SI.POV.GINI", ("XQX", 2021, 1.0)), "codes new to this connector: 'XQX'"),
        ([{"pages": 1, "total": 1}, []], "does not say its page"),
        ([answer("SI.POV.GINI")[0] | {"total": 1}, ["x"]], "row 1 is not a record"),
    ],
)
def test_other_answers_are_refused(tmp_path: Path, content: object, said: str) -> None:
    with pytest.raises(UnexpectedData, match=said):
        read("worldbank_wdi", tmp_path, x=content)


def test_the_real_extracts(data: Path) -> None:
    source = find_source("worldbank_wdi")
    parsed = source.read({"wdi.csv.gz": data / "structural" / "wdi.csv.gz"})
    assert parsed.tables["observations"].height == 56_979
    assert parsed.rejected["reason"].unique().to_list() == ["a region, an income group or another aggregate, not a state"]
    inflation = source.read({"covariates.csv.gz": data / "structural" / "covariates.csv.gz"}).tables["observations"]
    row = inflation.filter(pl.col("iso3") == "SDN", pl.col("start").dt.year() == 2021)
    assert row["indicator"].to_list() == ["wb_inflation"]
    assert row["value"].to_list() == [359.093]
    assert len(source.downloads()) == len(SERIES)
