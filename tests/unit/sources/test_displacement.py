"""UNHCR's refugee statistics and IDMC's displacement updates: oddities met in the publishers' files."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from forefend.errors import SourceUnavailable, UnexpectedData
from forefend.sources.contract import Parsed
from forefend.sources.idmc import source as idmc_source
from forefend.sources.intake import import_files
from forefend.sources.reading.r_files import read_r
from forefend.sources.registry import find_source
from forefend.sources.unhcr import source as unhcr_source
from forefend.store import Query, Store, observations
from forefend.store.asking import Asking
from forefend.store.fetch import Connection

TODAY = date(2026, 11, 24)
UNHCR, IDMC = find_source("unhcr"), find_source("idmc")
Record = dict[str, Any]
PEOPLE: Record = {
    "year": 2024, "coo_id": 1, "coo_name": "Sudan", "coo": "SUD", "coo_iso": "SDN", "coa_id": 2, "coa_name": "Chad", "coa": "CHD",
    "coa_iso": "TCD", "refugees": 700, "asylum_seekers": "20", "returned_refugees": "0", "idps": "0", "returned_idps": "0",
    "stateless": "0", "ooc": "0", "oip": "-", "hst": "0",
}  # fmt: skip
REPORT: Record = {
    "id": 1, "country": "India", "iso3": "IND", "latitude": 10.4, "longitude": 76.2, "centroid": "[10.4, 76.2]",
    "displacement_type": "Conflict", "qualifier": "total", "figure": 10, "displacement_date": "2024-01-05",
    "displacement_start_date": "2024-01-05", "displacement_end_date": "2024-01-05", "year": 2024, "event_name": "x",
    "event_start_date": "2024-01-05", "event_end_date": "2024-01-05", "category": None, "subcategory": None, "type": None,
    "subtype": None, "standard_popup_text": "<b>x</b>", "standard_info_text": "x", "old_id": None, "created_at": "2024-01-06",
}  # fmt: skip


def people(folder: Path, *pages: list[Record], claimed: int | None = None) -> Parsed:
    files = {}
    for number, records in enumerate(pages, start=1):
        path = folder / f"population-{number:04}.json"
        path.write_text(
            json.dumps({"page": number, "maxPages": claimed or len(pages), "total": [], "items": [PEOPLE | r for r in records]})
        )
        files[path.name] = path
    return UNHCR.read(files)


def values(parsed: Parsed, indicator: str) -> dict[str, float]:
    rows = parsed.tables["observations"].filter(pl.col("indicator") == indicator)
    return dict(rows.select("iso3", "value").iter_rows())


def test_numbers_as_text_and_dashes_are_read(tmp_path: Path) -> None:
    parsed = people(tmp_path, [{}, {"coo_iso": "CAF", "refugees": "300", "asylum_seekers": "-"}])
    assert values(parsed, "unhcr_refugees_hosted") == {"TCD": 1000}
    assert values(parsed, "unhcr_asylum_seekers_hosted") == {"TCD": 20}
    assert values(parsed, "unhcr_refugees_from") == {"SDN": 700, "CAF": 300}
    row = parsed.tables["observations"].row(0, named=True)
    assert (row["start"], row["end"]) == (date(2024, 1, 1), date(2024, 12, 31))


def test_unknown_origin_counts_where_it_is_hosted_and_makes_no_tie(tmp_path: Path) -> None:
    strangers = [{"coo_iso": code, "refugees": 5} for code in ("UNK", "XXA", "TIB")]
    parsed = people(tmp_path, [{}, *strangers, {"coo_iso": "UNK", "coa_iso": "UNK"}])
    assert values(parsed, "unhcr_refugees_hosted") == {"TCD": 715}
    ties = parsed.tables["ties"]
    assert ties.select("channel", "from_iso3", "to_iso3", "value", "unit").rows() == [("refugees_hosted", "TCD", "SDN", 700.0, "people")]
    assert parsed.rejected["reason"].to_list() == ["neither a state of origin nor of asylum"]


def test_displaced_within_the_state_are_no_refugees(tmp_path: Path) -> None:
    parsed = people(tmp_path, [{"coa_iso": "SDN", "refugees": "0", "asylum_seekers": "0", "idps": 9_000_000}])
    assert values(parsed, "unhcr_idps") == {"SDN": 9_000_000}
    assert values(parsed, "unhcr_refugees_from") == {"SDN": 0}
    assert values(people(tmp_path, [{}]), "unhcr_idps") == {}, "none in UNHCR's care is not none"
    assert parsed.tables["ties"].is_empty()


def test_neighbours_are_told_from_others(tmp_path: Path) -> None:
    parsed = people(tmp_path, [{}, {"coa_iso": "GBR", "refugees": 300}, {"coo_iso": "CAF", "refugees": 999}])
    assert values(parsed, "unhcr_hosted_from_neighbours") == {"TCD": 1739, "GBR": 0}
    assert values(parsed, "unhcr_share_in_neighbours") == {"SDN": 0.7}, "of fewer than 1,000 refugees there is no share"


def test_other_people_in_need_of_protection_are_hosted_too(tmp_path: Path) -> None:
    """Colombia has some 1,400 refugees in the table, and 2.8 million Venezuelans in its last column."""
    parsed = people(tmp_path, [{"coo_iso": "VEN", "coa_iso": "COL", "refugees": 1_400, "asylum_seekers": 0, "oip": 2_800_000}])
    assert values(parsed, "unhcr_refugees_hosted") == {"COL": 2_801_400}
    assert values(parsed, "unhcr_hosted_from_neighbours") == {"COL": 2_801_400}
    assert values(parsed, "unhcr_refugees_from") == {"VEN": 1_400}


def test_sum_over_all_states_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnexpectedData, match="sums over all states"):
        people(tmp_path, [{"coo_iso": "-"}])


def test_missing_page_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnexpectedData, match="1 pages were given, but the publisher counts 3"):
        people(tmp_path, [{}], claimed=3)


@pytest.mark.parametrize("broken", [{"refugees": "many"}, {"year": "24"}, {"idps": -5}, {"refugees": 10**12}])
def test_row_that_cannot_be_used_is_kept(tmp_path: Path, broken: Record) -> None:
    parsed = people(tmp_path, [{}, {"coo_iso": "CAF"} | broken, {}])
    assert parsed.rejected["reason"].to_list() == [
        "a year or number cannot be read",
        "a second row of the same year, origin and state of asylum",
    ]


@pytest.mark.parametrize("change", [{"coo_iso": "ZZZ"}, {"camps": 1}])
def test_what_is_new_is_refused_by_name(tmp_path: Path, change: Record) -> None:
    with pytest.raises(UnexpectedData, match=r"ZZZ|camps"):
        people(tmp_path, [change])


@pytest.mark.loopback
def test_every_page_is_fetched(publisher: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unhcr_source, "ADDRESS", f"{publisher.root}/population/")
    for number in (1, 2, 3):
        content = {"page": number, "maxPages": 3, "total": [], "items": [PEOPLE | {"year": 2020 + number}]}
        publisher.json(f"/population/?limit=10000&page={number}&", content)
    got = unhcr_source.collect(Asking(source="unhcr", folder=tmp_path / "got", connection=Connection(wait_seconds=0, attempts=1)))
    assert len(got) == 3
    assert all("coo_all=true&coa_all=true" in path for _, path, _ in publisher.asked)
    assert UNHCR.read({path.name: path for path in got}).tables["ties"].height == 3


def test_published_r_file(data: Path, tmp_path: Path) -> None:
    """UNHCR's own package: sums equal those of the table as it stands; ties are queried as any channel."""
    path = data / "structural" / "unhcr_population.rda"
    store = Store(tmp_path / "store")
    snapshot = import_files(store, UNHCR, [path], today=TODAY, vintage="2025")
    plain = read_r(path, name=path.name).filter(pl.col("year") == 2024)
    plain = plain.with_columns(protected=pl.sum_horizontal("refugees", "oip"))
    for indicator, place, column in (("unhcr_refugees_hosted", "coa_iso", "protected"), ("unhcr_idps", "coo_iso", "idps")):
        for iso3 in ("TUR", "SDN", "COL", "PSE"):
            found = store.read(observations(indicator, iso3=iso3)).frame.filter(pl.col("end") == date(2024, 12, 31))
            assert found["value"].sum() == plain.filter(pl.col(place) == iso3)[column].sum(), (indicator, iso3)
    held = store.read(Query(table="ties", subject="refugees_hosted", where=(("from_iso3", "TCD"), ("to_iso3", "SDN")))).frame
    assert held.filter(pl.col("end") == date(2024, 12, 31))["value"].item() > 500_000
    assert snapshot.rejected < 100


# Displacement updates.


def reports(folder: Path, *records: Record) -> Parsed:
    path = folder / "idus.json"
    path.write_text(json.dumps([REPORT | {"id": number} | record for number, record in enumerate(records, start=1)]))
    return IDMC.read({path.name: path})


def test_midnight_in_new_zealand_is_the_day_meant(tmp_path: Path) -> None:
    """The report of 1 November carries 31 October, 11:00 UTC; in winter, the last day of June, 12:00 UTC."""
    parsed = reports(
        tmp_path,
        {"displacement_start_date": "2023-10-31T11:00:00.000Z"},
        {"displacement_start_date": "2023-06-30T12:00:00.000Z"},
        {"displacement_start_date": "2023-07-31"},
    )
    months = parsed.tables["observations"].sort("start").select("start", "value").rows()
    assert months == [(date(2023, 7, 1), 20.0), (date(2023, 11, 1), 10.0)]


def test_only_recommended_figures_are_added_up(tmp_path: Path) -> None:
    parsed = reports(
        tmp_path, {"role": "Recommended figure"}, {"role": "Triangulation", "figure": 12}, {"id": 1, "role": "Recommended figure"}
    )
    assert parsed.tables["observations"]["value"].to_list() == [10]
    assert parsed.rejected["reason"].to_list() == [
        "the report has no number, or one that came before",
        "a report for comparison, not to be added up",
    ]


def test_part_of_a_year_never_stands_for_it(tmp_path: Path) -> None:
    year = [{"displacement_start_date": f"2024-{month:02}-15"} for month in range(1, 13)]
    other = {"iso3": "SDN", "displacement_type": "Disaster", "displacement_start_date": "2025-01-15"}
    parsed = reports(tmp_path, *year, other)
    whole = parsed.tables["observations"].filter(pl.col("indicator").str.ends_with("_year"))
    assert dict(whole.filter(pl.col("indicator") == "idmc_conflict_displacements_year").select("iso3", "value").iter_rows()) == {
        "IND": 120,
        "SDN": 0,
    }
    assert set(whole["start"]) == {date(2024, 1, 1)}
    assert not reports(tmp_path, *year[1:]).tables["observations"]["indicator"].str.ends_with("_year").any()


def test_abyei_and_broken_reports_are_kept_with_a_reason(tmp_path: Path) -> None:
    parsed = reports(tmp_path, {}, {"iso3": "AB9"}, {"figure": None}, {"displacement_start_date": "05/01/2024"})
    assert sorted(parsed.rejected["reason"]) == ["a date or number is missing or impossible"] * 2 + ["an area without a code of a state"]
    for change in ({"iso3": "QQQ"}, {"displacement_type": "Development"}, {"role": "Guess"}, {"camp": 1}):
        with pytest.raises(UnexpectedData, match=r"QQQ|Development|Guess|camp"):
            reports(tmp_path, change)


def test_published_answer_and_csv_say_the_same(data: Path) -> None:
    folder = data / "samples" / "idmc"
    tables = [IDMC.read({name: folder / name}).tables["observations"] for name in ("idmc_idu.json", "ind_idmc_idu_events.csv")]
    assert tables[0].equals(tables[1])
    plain = json.loads((folder / "idmc_idu.json").read_text())
    for kind, indicator in (("Conflict", "idmc_conflict_displacements"), ("Disaster", "idmc_disaster_displacements")):
        found = tables[0].filter(pl.col("indicator") == indicator)["value"].sum()
        assert found == sum(record["figure"] for record in plain if record["displacement_type"] == kind)


def test_line_of_tags_in_a_country_file_is_no_report(tmp_path: Path) -> None:
    columns = [column for column in REPORT if not column.startswith("standard_")]
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerow(["#event+id" if column == "id" else "" for column in columns])
    writer.writerow([REPORT[column] if REPORT[column] is not None else "" for column in columns])
    path = tmp_path / "event_data_IND.csv"
    path.write_text(text.getvalue())
    assert IDMC.read({path.name: path}).tables["observations"]["row"].to_list() == [1]


@pytest.mark.loopback
def test_key_is_asked_for_and_never_kept(publisher: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(idmc_source, "ADDRESS", f"{publisher.root}/idus/all/")
    publisher.json("/idus/all/", [REPORT])
    connection = Connection(wait_seconds=0, attempts=1)
    asking = Asking(source="idmc", folder=tmp_path / "got", connection=connection, environ={"IDMC_CLIENT_ID": "k3y"})
    (got,) = idmc_source.collect(asking)
    assert "client_id=k3y" in publisher.asked[0][1]
    assert "k3y" not in got.name + got.read_text()
    with pytest.raises(SourceUnavailable, match="IDMC_CLIENT_ID"):
        idmc_source.collect(Asking(source="idmc", folder=tmp_path / "none", environ={"IDMC_CLIENT_ID": ""}))
    publisher.by_path.clear()
    publisher.status(403)
    with pytest.raises(SourceUnavailable) as refusal:
        idmc_source.collect(Asking(source="idmc", folder=tmp_path / "refused", connection=connection, environ={"IDMC_CLIENT_ID": "k3y"}))
    assert "k3y" not in str(refusal.value)
