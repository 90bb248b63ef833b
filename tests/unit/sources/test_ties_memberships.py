"""Memberships and missions: the World Factbook, the Correlates of War, Wikidata; and the tables all of them are read with."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from forefend.errors import SourceUnavailable, UnexpectedData
from forefend.sources.contract import Parsed
from forefend.sources.reading import r_files
from forefend.sources.reading.cells import number, year
from forefend.sources.reading.tables import read_text
from forefend.sources.registry import find_source
from forefend.sources.wikidata_missions import source as missions_source
from forefend.store.asking import Asking
from forefend.store.fetch import Connection

FACTBOOK, COW, MISSIONS = (find_source(name) for name in ("factbook_memberships", "cow_igo", "wikidata_missions"))


def statuses(parsed: Parsed, iso3: str) -> dict[str, str]:
    return dict(parsed.tables["facts"].filter(pl.col("iso3") == iso3).select("key", "status").iter_rows())


def observed(parsed: Parsed, indicator: str) -> dict[str, float]:
    return dict(parsed.tables["observations"].filter(pl.col("indicator") == indicator).select("iso3", "value").iter_rows())


def archive(folder: Path, text: str, *, name: str = "Mali") -> dict[str, Path]:
    content = {
        "Government": {
            "Country name": {"conventional short form": {"text": name}},
            "International organization participation": {"text": text},
        }
    }
    with zipfile.ZipFile(folder / "master.zip", "w") as target:
        target.writestr("africa/ml.json", json.dumps(content))
    return {"master.zip": folder / "master.zip"}


# The World Factbook.


def test_what_stands_in_brackets_is_the_status(tmp_path: Path) -> None:
    parsed = FACTBOOK.read(archive(tmp_path, "AU (suspended), UN, OIC (observer), EITI (compliant country) (suspended), UN Women, G-77"))
    assert statuses(parsed, "MLI") == {
        "AU": "suspended", "UN": "member", "OIC": "observer", "EITI": "suspended", "UN Women": "member", "G-77": "member",
    }  # fmt: skip


def test_a_status_may_hold_a_comma(tmp_path: Path) -> None:
    parsed = FACTBOOK.read(archive(tmp_path, "CIS (participating member, has not signed the 1993 CIS charter), UN"))
    assert statuses(parsed, "MLI")["CIS"] == "participating member, has not signed the 1993 CIS charter"


def test_only_full_members_of_organisations_are_counted(tmp_path: Path) -> None:
    parsed = FACTBOOK.read(archive(tmp_path, "AU (suspended), UN, ICCt (signatory), WTO, MINUSCA, ITUC (NGOs), IOC, ILO"))
    assert observed(parsed, "factbook_organisations") == {"MLI": 3.0}
    assert observed(parsed, "factbook_binding_organisations") == {"MLI": 3.0}


def test_an_organisation_named_twice_counts_once(tmp_path: Path) -> None:
    parsed = FACTBOOK.read(archive(tmp_path, "UN, WTO, UN"))
    assert parsed.rejected["reason"].to_list() == ["an organisation named twice"]


def test_suspensions_by_the_african_union_are_read(data: Path) -> None:
    path = data / "state" / "factbook" / "world_factbook_json_2026.zip"
    parsed = FACTBOOK.read({path.name: path})
    suspended = parsed.tables["facts"].filter(pl.col("key") == "AU", pl.col("status") == "suspended")
    assert sorted(suspended["iso3"]) == ["BFA", "GAB", "MLI", "NER", "SDN"]
    assert "ECOWAS" not in statuses(parsed, "BFA"), "who left is no longer named"
    counts = observed(parsed, "factbook_binding_organisations")
    assert counts["PRK"] < counts["SOM"] < counts["GHA"] <= 14


def test_the_archive_and_the_table_agree(data: Path) -> None:
    paths = [
        data / "state" / "factbook" / "world_factbook_json_2026.zip",
        data / "state" / "memberships" / "igo_participation_factbook.csv",
    ]
    one, other = (FACTBOOK.read({path.name: path}) for path in paths)
    for iso3 in ("GHA", "SDN", "TCD", "RUS", "CAF"):
        assert statuses(one, iso3) == statuses(other, iso3)


# The Correlates of War.


def wide(folder: Path, *rows: str, head: str = "ccode,year,state,AAAID,UN") -> dict[str, Path]:
    (folder / "state_year_formatv3.csv").write_text("\n".join([head, *rows]) + "\n")
    return {"state_year_formatv3.csv": folder / "state_year_formatv3.csv"}


def test_missing_and_not_a_state_are_no_memberships(tmp_path: Path) -> None:
    parsed = COW.read(wide(tmp_path, "452,2013,ghana,1,-1", "452,2014,ghana,-9,1", "439,2014,burkinafaso,3,1", "220,2014,france,2,0"))
    assert statuses(parsed, "GHA") == {"un": "full"}
    assert statuses(parsed, "BFA") == {"aaaid": "observer", "un": "full"}
    counts = parsed.tables["observations"].filter(pl.col("iso3") == "GHA").sort("start")["value"].to_list()
    assert counts == [1.0, 1.0]
    shared = dict(parsed.tables["ties"].select("to_iso3", "value").filter(pl.col("to_iso3") == "BFA").iter_rows())
    assert shared == {"BFA": 1.0}


def test_a_code_new_to_the_connector_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnexpectedData, match="aaaid has codes new to this connector"):
        COW.read(wide(tmp_path, "452,2014,ghana,4,1"))


def test_the_table_by_organisation_is_refused_with_what_to_give(tmp_path: Path) -> None:
    with pytest.raises(UnexpectedData, match="table by state and year"):
        COW.read(wide(tmp_path, "un,2014,1", head="ioname,year,ghana"))


def test_the_lists_of_2014_are_the_newest_year_of_the_r_file(data: Path) -> None:
    one = COW.read({"members.csv": data / "state" / "memberships" / "cow_igo_members_2014.csv"})
    other = COW.read({"state_year.rda": data / "dyads" / "cow_igo_state_year_format3.rda"})
    pairs = COW.read({"shared.csv": data / "dyads" / "shared_igos_2014.csv"})
    keys = ["iso3", "key", "status"]
    assert one.tables["facts"].select(keys).equals(other.tables["facts"].select(keys))
    columns = ["from_iso3", "to_iso3", "value"]
    assert one.tables["ties"].select(columns).equals(other.tables["ties"].select(columns))
    assert one.tables["ties"].select(columns).equals(pairs.tables["ties"].select(columns))


# Wikidata.


@pytest.mark.loopback
def test_missions_are_asked_for_page_by_page(tmp_path: Path, publisher: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    head = b"QID,sender_iso3,host_iso3,type\n"
    pages = [b"Q1,GHA,BFA,embassy\nQ2,FRA,TCD,embassy\n", b"Q2,FRA,TCD,embassy\n"]
    for content in pages:
        publisher.file(head + content)
    monkeypatch.setattr(missions_source, "ADDRESS", publisher.address)
    monkeypatch.setattr(missions_source, "PAGE_ROWS", 2)
    asking = Asking(source="wikidata_missions", folder=tmp_path, connection=Connection(attempts=1, wait_seconds=0))
    paths = missions_source.collect(asking)
    assert len(paths) == 2
    assert [method for method, _, _ in publisher.asked] == ["POST", "POST"]
    assert [b"OFFSET+0" in body or b"OFFSET+2" in body for _, _, body in publisher.asked] == [True, True]
    assert publisher.requests[0]["Accept"] == "text/csv"
    ties = MISSIONS.read({path.name: path for path in paths}).tables["ties"]
    assert ties["value"].to_list() == [1.0, 1.0], "a mission on two pages counts once"


@pytest.mark.loopback
def test_pages_without_end_are_refused(tmp_path: Path, publisher: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    publisher.file(b"QID,sender_iso3,host_iso3,type\nQ1,GHA,BFA,embassy\n")
    monkeypatch.setattr(missions_source, "ADDRESS", publisher.address)
    monkeypatch.setattr(missions_source, "PAGE_ROWS", 1)
    monkeypatch.setattr(missions_source, "MOST_PAGES", 3)
    with pytest.raises(SourceUnavailable, match="3 full pages"):
        missions_source.collect(Asking(source="wikidata_missions", folder=tmp_path, connection=Connection(attempts=1, wait_seconds=0)))


# The tables all of them are read with.


@pytest.mark.parametrize(
    ("written", "value"),
    [("1", 1.0), (" 2.5 ", 2.5), ("", None), ("1e400", None), ("nan", None), ("9e15", None), ("=1+1", None), ("12,5", None)],
)
def test_a_cell_is_a_number_or_nothing(written: str, value: float | None) -> None:
    assert pl.DataFrame({"cell": [written]}).select(number("cell"))["cell"].to_list() == [value]


@pytest.mark.parametrize(("written", "value"), [("2014", 2014), ("2014.0", 2014), ("2014.5", None), ("99999", None), ("1/1/2014", None)])
def test_a_cell_is_a_year_or_nothing(written: str, value: int | None) -> None:
    assert pl.DataFrame({"cell": [written]}).select(year("cell"))["cell"].to_list() == [value]


def test_bytes_of_another_encoding_are_refused_by_their_place(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"a,b\n1,\xff\n")
    with pytest.raises(UnexpectedData, match=r"a\.csv is not text in UTF-8 \(byte 6\)"):
        read_text(path, name="a.csv")
    assert read_text(path, name="a.csv", encoding="utf8 or latin1")["b"].to_list() == ["ÿ"]


def test_a_table_with_longer_rows_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a,b\n1,2,3\n")
    with pytest.raises(UnexpectedData, match=r"a\.csv cannot be read as a table"):
        read_text(path, name="a.csv")


def test_an_r_file_that_unpacks_to_too_much_is_refused(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(r_files, "LARGEST_BYTES", 1000)
    with pytest.raises(UnexpectedData, match="unpacks to more than"):
        r_files.read_r(data / "dyads" / "atop_alliance.rda", name="atop_alliance.rda")
