"""Money between states: humanitarian funding, Chinese finance, aid by the OECD's interface."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from forefend.errors import UnexpectedData
from forefend.sources.contract import Parsed
from forefend.sources.fts import source as fts_source
from forefend.sources.registry import find_source
from forefend.store.asking import Asking
from forefend.store.fetch import Connection

FTS, GCDF, OECD = (find_source(name) for name in ("fts", "aiddata_gcdf", "oecd_dac2a"))


def ties(parsed: Parsed) -> dict[tuple[str, str, str, int], float]:
    return {
        (row["channel"], row["from_iso3"], row["to_iso3"], row["start"].year): row["value"]
        for row in parsed.tables["ties"].iter_rows(named=True)
    }


def reasons(parsed: Parsed) -> dict[str, int]:
    return dict(parsed.rejected["reason"].value_counts().iter_rows())


# The Financial Tracking Service.


def page(folder: Path, *flows: dict[str, Any], name: str = "flows-2025-001.json", **meta: Any) -> dict[str, Path]:
    (folder / name).write_text(json.dumps({"status": "ok", "data": {"flows": flows}, "meta": meta}))
    return {name: folder / name}


def sample_flow(**changes: Any) -> dict[str, Any]:
    flow: dict[str, Any] = json.loads(next(iter(FTS.samples().values())).read_text())["data"]["flows"][0]
    return flow | changes


def test_paid_and_committed_count_and_pledges_do_not() -> None:
    parsed = FTS.read(FTS.samples())
    assert ties(parsed) == {
        ("fts_funding", "DEU", "SDN", 2025): 5.0, ("fts_funding", "USA", "SDN", 2025): 15.0, ("fts_funding", "GBR", "TCD", 2025): 2.5,
        ("fts_funding", "FRA", "BFA", 2025): 0.75,
    }  # fmt: skip
    received = dict(parsed.tables["observations"].select("iso3", "value").iter_rows())
    assert received["SDN"] == 20.0


def test_what_has_no_one_giver_country_or_year_is_rejected() -> None:
    assert set(reasons(FTS.read(FTS.samples()))) == {
        "a pledge, neither paid nor committed", "no incoming flow of new money", "no government gives it", "no one country of destination",
        "no one year of use",
    }  # fmt: skip


def test_a_flow_on_two_pages_counts_once(tmp_path: Path) -> None:
    files = page(tmp_path, sample_flow()) | page(tmp_path, sample_flow(), name="flows-2025-002.json")
    assert ties(FTS.read(files)) == {("fts_funding", "DEU", "SDN", 2025): 5.0}


@pytest.mark.parametrize("amount", ["5000000", None, True, 1e30])
def test_an_amount_that_is_none_is_rejected(tmp_path: Path, amount: object) -> None:
    assert reasons(FTS.read(page(tmp_path, sample_flow(amountUSD=amount)))) == {"the amount is not a number": 1}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"status": "promised"}, "new to this connector: promised"),
        ({"status": ["paid"]}, "new to this connector"),
        ({"brand_new": 1}, "brand_new"),
        ({"sourceObjects": ["x"]}, "an object without a type"),
    ],
)
def test_a_flow_of_another_shape_is_refused(tmp_path: Path, changes: dict[str, Any], message: str) -> None:
    with pytest.raises(UnexpectedData, match=message):
        FTS.read(page(tmp_path, sample_flow(**changes)))


@pytest.mark.parametrize(
    ("text", "message"),
    [("nothing", "is not an answer"), ('{"status": "error"}', "is not a good answer"), ('{"status":"ok","data":{}}', "no list")],
)
def test_an_answer_that_is_none_is_refused(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "flows.json").write_text(text)
    with pytest.raises(UnexpectedData, match=message):
        FTS.read({"flows.json": tmp_path / "flows.json"})


@pytest.mark.loopback
def test_pages_are_asked_for_until_none_is_named(tmp_path: Path, publisher: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = {"status": "ok", "data": {"flows": [sample_flow()]}, "meta": {"count": 1}}
    publisher.json("/flow", answer)
    publisher.json("/flow?year=2026&limit=1000&page=1", answer | {"meta": {"nextLink": "https://example.org/page=2"}})
    monkeypatch.setattr(fts_source, "ADDRESS", f"{publisher.root}/flow")
    monkeypatch.setattr(fts_source, "N_YEARS", 1)
    monkeypatch.setattr(fts_source, "this_year", lambda: 2026)
    asking = Asking(source="fts", folder=tmp_path, connection=Connection(attempts=1, wait_seconds=0))
    assert [path.name for path in fts_source.collect(asking)] == ["flows-2026-001.json", "flows-2026-002.json"]
    assert [path for _, path, _ in publisher.asked] == [f"/flow?year=2026&limit=1000&page={n}" for n in (1, 2)]


# Chinese finance.


def test_the_kinds_of_finance_are_added_up_in_millions(data: Path) -> None:
    path = data / "dyads" / "china_gcdf_recipient_year.csv"
    found = ties(GCDF.read({path.name: path}))
    row = pl.read_csv(path).filter(pl.col("recipient_iso3") == "SDN", pl.col("year") == 2019).row(0, named=True)
    assert found["gcdf_finance", "CHN", "SDN", 2019] == pytest.approx((row["oda_adj"] + row["oof_adj"] + row["vof_adj"]) / 1e6)
    assert {pair[1] for pair in found} == {"CHN"}


def workbook(folder: Path, *rows: tuple[str | float | None, ...], sheet: str = "GCDF_3.0") -> Path:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = sheet
    head = ("AidData Record ID", "Recommended For Aggregates", "Recipient", "Recipient ISO-3", "Commitment Year", "Flow Class")
    page.append((*head, "Adjusted Amount (Constant USD 2021)"))
    for row in rows:
        page.append(row)
    path = folder / "AidDatasGlobalChineseDevelopmentFinanceDataset_v3.0.xlsx"
    book.save(path)
    return path


def test_projects_are_added_up_where_the_publisher_recommends_it(tmp_path: Path) -> None:
    path = workbook(
        tmp_path,
        (1, "Yes", "Sudan", "SDN", 2020, "ODA-like", 2_000_000),
        (2, "Yes", "Sudan", "SDN", 2020, "OOF-like", 3_000_000.5),
        (3, "No", "Sudan", "SDN", 2020, "ODA-like", 9_000_000),
        (4, "Yes", "Africa, regional", "", 2020, "ODA-like", 1_000_000),
        (5, "Yes", "Sudan", "SDN", 2020, "ODA-like", None),
    )
    parsed = GCDF.read({path.name: path})
    assert ties(parsed)["gcdf_finance", "CHN", "SDN", 2020] == pytest.approx(5.0000005)
    assert ties(parsed)["gcdf_aid", "CHN", "SDN", 2020] == 2.0
    assert reasons(parsed) == {"a region or a recipient that is no state": 1}
    packed = tmp_path / "release.zip"
    with zipfile.ZipFile(packed, "w") as target:
        target.write(path, f"folder/{path.name}")
    assert ties(GCDF.read({packed.name: packed})) == ties(parsed)


def test_a_project_given_twice_is_added_up_once_and_two_alike_twice(tmp_path: Path) -> None:
    project = ("Yes", "Sudan", "SDN", 2020, "ODA-like", 2_000_000)
    path = workbook(tmp_path, (1, *project), (2, *project), (1, *project))
    parsed = GCDF.read({path.name: path})
    assert ties(parsed)["gcdf_aid", "CHN", "SDN", 2020] == 4.0
    assert reasons(parsed) == {"the same record stands in the file twice": 1}


def test_a_workbook_of_another_layout_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path, sheet="Sheet1")
    with pytest.raises(UnexpectedData, match=r"no sheet GCDF_3\.0"):
        GCDF.read({path.name: path})
    path = workbook(tmp_path, (1, "Yes", "Sudan", "SDN", 2020, "Gift", 2))
    with pytest.raises(UnexpectedData, match="Gift"):
        GCDF.read({path.name: path})


def test_a_year_given_twice_counts_once(tmp_path: Path) -> None:
    path = tmp_path / "sums.csv"
    path.write_text("recipient_iso3,year,oda_adj,oof_adj,vof_adj\n" + "SDN,2020,1000000,0,0\n" * 2 + "SDN,2021,much,0,0\n")
    parsed = GCDF.read({path.name: path})
    assert ties(parsed)["gcdf_aid", "CHN", "SDN", 2020] == 1.0
    assert parsed.rejected.height == 2


# The OECD's interface.


def sdmx(folder: Path, *rows: str, head: str = "") -> dict[str, Path]:
    columns = (
        "DATAFLOW,DONOR,RECIPIENT,MEASURE,FLOW_TYPE,UNIT_MEASURE,PRICE_BASE,TIME_PERIOD,OBS_VALUE,BASE_PER,OBS_STATUS,UNIT_MULT,DECIMALS"
    )
    lines = [head or columns, *(f"OECD:DAC2A(1.6),{row}" for row in rows)]
    (folder / "dac2a.csv").write_text("\n".join(lines) + "\n")
    return {"dac2a.csv": folder / "dac2a.csv"}


def test_gross_aid_is_read_and_net_aid_is_not_taken_for_it(tmp_path: Path) -> None:
    files = sdmx(
        tmp_path,
        "FRA,TCD,206,D,USD,Q,2023,50,2023,A,6,2",
        "FRA,TCD,240,D,USD,Q,2023,60,2023,A,6,2",
        "FRA,TCD,216,D,USD,Q,2023,5,2023,A,6,2",
        "FRA,TCD,240,D,USD,V,2023,58,,A,6,2",
    )
    parsed = OECD.read(files)
    assert ties(parsed) == {("aid", "FRA", "TCD", 2023): 60.0, ("humanitarian_aid", "FRA", "TCD", 2023): 5.0}
    assert set(parsed.tables["ties"]["unit"]) == {"constant 2023 USD million"}


def test_groups_with_three_letters_are_no_states(tmp_path: Path) -> None:
    rows = [f"{donor},{recipient},240,D,USD,Q,2023,60,2023,A,6,2" for donor, recipient in (("DAC", "TCD"), ("FRA", "LDC"), ("FRA", "XKV"))]
    parsed = OECD.read(sdmx(tmp_path, *rows))
    assert [pair[1:3] for pair in ties(parsed)] == [("FRA", "XKX")]
    assert parsed.rejected.height == 2


@pytest.mark.parametrize(
    ("row", "message"),
    [("FRA,TCD,240,D,USD,Q,2023,60,2023,A,3,2", "UNIT_MULT"), ("FRA,TCD,240,D,USD,Q,2023,60,,A,6,2", "BASE_PER")],
)
def test_amounts_of_another_unit_are_refused(tmp_path: Path, row: str, message: str) -> None:
    with pytest.raises(UnexpectedData, match=message):
        OECD.read(sdmx(tmp_path, row))


def test_a_new_column_of_the_interface_is_refused_by_name(tmp_path: Path) -> None:
    head = (
        "BRAND_NEW,DONOR,RECIPIENT,MEASURE,FLOW_TYPE,UNIT_MEASURE,PRICE_BASE,TIME_PERIOD,OBS_VALUE,BASE_PER,OBS_STATUS,UNIT_MULT,DECIMALS"
    )
    with pytest.raises(UnexpectedData, match="BRAND_NEW"):
        OECD.read(sdmx(tmp_path, "FRA,TCD,240,D,USD,Q,2023,60,2023,A,6,2", head=head))


def test_a_blank_is_no_record_and_an_unreadable_amount_is_rejected(tmp_path: Path) -> None:
    rows = [f"FRA,TCD,240,D,USD,Q,{year},{value},2023,A,6,2" for year, value in ((2020, ""), (2021, "0"), (2022, "much"), (2023, "1e400"))]
    parsed = OECD.read(sdmx(tmp_path, *rows, *["FRA,TCD,240,D,USD,Q,2019,7,2023,A,6,2"] * 2))
    assert ties(parsed) == {("aid", "FRA", "TCD", 2019): 7.0}
    assert reasons(parsed) == {"the value is not a number": 2, "a second row of the same pair and year": 1}
