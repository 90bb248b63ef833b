"""The SDG database: pages of answers for the whole population only, and the tables of one series each."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from forefend.errors import UnexpectedData
from forefend.sources.contract import Parsed
from forefend.sources.registry import find_source
from forefend.sources.un_sdg.series import INDICATORS, SERIES
from forefend.sources.un_sdg.source import collect
from forefend.store.asking import Asking
from forefend.store.fetch import Connection


def record(series: str, area: str, years: dict[int, str], **dimensions: str) -> dict[str, Any]:
    written = json.dumps([{"year": f"[{year}]", "value": value} for year, value in years.items()])
    return {
        "goal": ["16"],
        "indicator": ["16.9.1"],
        "series": series,
        "geoAreaCode": area,
        "geoAreaName": "",
        "years": written,
    } | dimensions


def page(*records: object, number: int = 1, pages: int = 1, total: int | None = None) -> dict[str, Any]:
    announced = [{"id": "Age", "codes": []}, {"id": "Sex", "codes": []}, {"id": "Reporting Type", "codes": []}]
    return {
        "size": 500, "totalElements": len(records) if total is None else total, "totalPages": pages, "pageNumber": number,
        "attributes": [{"id": "Units"}], "dimensions": announced, "data": list(records),
    }  # fmt: skip


def read(folder: Path, **pages: object) -> Parsed:
    files = {}
    for name, content in pages.items():
        path = folder / f"{name.replace('__', '-')}.json"
        path.write_text(json.dumps(content))
        files[path.name] = path
    return find_source("un_sdg").read(files)


def test_the_whole_population_is_read_and_groups_are_passed_over(tmp_path: Path) -> None:
    parsed = read(
        tmp_path,
        a__page1=page(
            record("SG_REG_BRTH", "288", {2018: "70.6", 2019: ""}, age="<5Y", sex="BOTHSEX", reporting_Type="G", units="PERCENT"),
            record("SG_REG_BRTH", "288", {2018: "70.1"}, age="<5Y", sex="FEMALE"),
            record("SG_REG_BRTH", "1", {2018: "77"}, age="<5Y"),
            record("SG_REG_BRTH", "729", {2018: ">95"}, age="<5Y"),
            record("SG_OTHER", "729", {2018: "1"}),
        ),
    )
    assert parsed.tables["observations"].select("iso3", "indicator", "value").rows() == [("GHA", "sdg_sg_reg_brth", 70.6)]
    assert sorted(parsed.rejected["reason"]) == [
        "an area that is not a state (world, region or group)", "only a bound is given, not a value",
    ]  # fmt: skip
    assert parsed.notes == ("2 records of groups within the population, or of series that are not read, were passed over.",)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (page(record("SG_REG_BRTH", "288", {2018: "1"}), pages=2), "these are missing: 2"),
        (page(record("SG_REG_BRTH", "288", {2018: "1"}), total=9), "holds 1 records, but says it has 9"),
        (page(record("SG_REG_BRTH", "288", {2018: "1"}, brand_new="x")), "brand_new"),
        (page(record("SG_REG_BRTH", "288", {2018: "many"})), "not a number"),
        (page({"series": "SG_REG_BRTH", "geoAreaCode": "288", "years": "[1]"}), "years cannot be read"),
        (page("x"), "not a record"),
        ({"message": "none"}, "Columns missing"),
        ([], "not an answer"),
    ],
)
def test_other_answers_are_refused(tmp_path: Path, content: object, said: str) -> None:
    with pytest.raises(UnexpectedData, match=said):
        read(tmp_path, a__page1=content)


def test_a_share_above_a_hundred_is_rejected(tmp_path: Path) -> None:
    parsed = read(tmp_path, a__page1=page(record("VC_PRS_UNSNT", "288", {2018: "170"})))
    assert parsed.rejected["reason"].to_list() == ["value lies outside 0 to 100"]


@pytest.mark.loopback
def test_every_page_of_every_indicator_is_asked_for(tmp_path: Path, publisher: Any) -> None:
    publisher.json("/data", page(record("SG_REG_BRTH", "288", {2018: "1"})))
    publisher.json("/data?indicator=16.9.1&pageSize=500&page=1", page(record("SG_REG_BRTH", "288", {2018: "1"}), pages=2, total=2))
    publisher.json(
        "/data?indicator=16.9.1&pageSize=500&page=2", page(record("SG_REG_BRTH", "729", {2018: "1"}), number=2, pages=2, total=2)
    )
    connection = Connection(attempts=1, wait_seconds=0, timeout_seconds=5)
    found = collect(Asking(source="un_sdg", folder=tmp_path / "in", connection=connection), address=f"{publisher.root}/data")
    assert len(found) == len(INDICATORS) + 1
    assert {"16.9.1-page1.json", "16.9.1-page2.json", "16.a.1-page1.json"} <= {path.name for path in found}


def test_the_real_tables(data: Path) -> None:
    """SDG 16.a.1 has a series for each class; the law on information has the year of the law as its value."""
    paths = sorted((data / "state" / "sdg").glob("*.csv"))
    parsed = find_source("un_sdg").read({path.name: path for path in paths})
    table = parsed.tables["observations"]
    assert table.height == 1838
    assert set(table["indicator"]) <= {f"sdg_{series}" for series in SERIES}
    laws = table.filter(pl.col("indicator") == "sdg_sg_inf_accss")
    assert laws["value"].min() > 1700  # type: ignore[operator]
    assert laws["start"].dt.year().unique().to_list() == [2020]
