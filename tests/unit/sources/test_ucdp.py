"""UCDP's event file and its country-month sum, in the publisher's real formats."""

from __future__ import annotations

import csv
import gzip
import io
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from forefend.errors import UnexpectedData
from forefend.sources.contract import Parsed
from forefend.sources.intake import import_files
from forefend.sources.registry import find_source
from forefend.store import Store, observations

TODAY = date(2026, 11, 24)
MONTHS, EVENTS = find_source("ucdp_country_month"), find_source("ucdp_ged")
Row = dict[str, str]
Pack = Callable[..., Path]

# The 49 columns of the newer layout, as in the header of a file of 2026.
COLUMNS = [
    "id",
    "relid",
    "year",
    "active_year",
    "code_status",
    "type_of_violence",
    "conflict_dset_id",
    "conflict_new_id",
    "conflict_name",
    "dyad_dset_id",
    "dyad_new_id",
    "dyad_name",
    "side_a_dset_id",
    "side_a_new_id",
    "side_a",
    "side_b_dset_id",
    "side_b_new_id",
    "side_b",
    "number_of_sources",
    "source_article",
    "source_office",
    "source_date",
    "source_headline",
    "source_original",
    "where_prec",
    "where_coordinates",
    "where_description",
    "adm_1",
    "adm_2",
    "latitude",
    "longitude",
    "geom_wkt",
    "priogrid_gid",
    "country",
    "country_id",
    "region",
    "event_clarity",
    "date_prec",
    "date_start",
    "date_end",
    "deaths_a",
    "deaths_b",
    "deaths_civilians",
    "deaths_unknown",
    "best",
    "high",
    "low",
    "gwnoa",
    "gwnob",
]
EVENT = {
    "id": "1",
    "type_of_violence": "3",
    "country_id": "625",
    "date_start": "2025-03-30 00:00:00.000",
    "date_end": "2025-04-02 00:00:00.000",
    "best": "10",
    "low": "5",
    "high": "40",
    "deaths_civilians": "10",
    "side_a": "RSF",
    "side_b": "Civilians",
    "latitude": "13.6",
    "longitude": "25.3",
    "source_headline": 'Witnesses: "they came at night",\nsays report',
}


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    """Zip events as the download centre does."""

    def write(*events: Row, member: str = "GEDEvent_v26_1.csv", columns: list[str] = COLUMNS) -> Path:
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, columns, restval="", lineterminator="\r\n")
        writer.writeheader()
        writer.writerows([EVENT | {"id": str(n)} | event for n, event in enumerate(events, start=1)])
        path = tmp_path / "ged261-csv.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(member, text.getvalue())
        return path

    return write


def read(path: Path) -> Parsed:
    return EVENTS.read({path.name: path})


def test_newer_layout_is_read(pack: Pack) -> None:
    parsed = read(pack({}, {"best": "3", "low": "1", "high": "4"}, {"type_of_violence": "1", "date_start": "2025-04-01"}))
    assert parsed.vintage == "26.1"
    events = parsed.tables["events"]
    assert events["kind"].to_list() == ["os", "os", "sb"]
    assert events["row"].to_list() == [1, 2, 3], "rows are records: a line break in a headline starts none"
    months = parsed.tables["observations"]
    deaths = months.filter(pl.col("indicator") == "ucdp_os_deaths").row(0, named=True)
    assert (deaths["iso3"], deaths["start"], deaths["end"]) == ("SDN", date(2025, 3, 1), date(2025, 3, 31))
    assert (deaths["value"], deaths["low"], deaths["high"]) == (13, 6, 44)
    assert months.filter(pl.col("indicator") == "ucdp_os_events")["value"].to_list() == [2]
    assert months.filter(pl.col("indicator") == "ucdp_sb_deaths")["start"].to_list() == [date(2025, 4, 1)]


@pytest.mark.parametrize(
    "broken",
    [
        {"best": ""},
        {"best": "many"},
        {"low": "-1"},
        {"date_start": "30/03/2025"},
        {"date_end": "2025-03-01"},
        {"id": "1"},
        {"id": ""},
        {"country_id": ""},
    ],
)
def test_row_that_cannot_be_used_is_kept_with_its_reason(pack: Pack, broken: Row) -> None:
    parsed = read(pack({}, broken))
    assert parsed.tables["events"].height == 1
    assert parsed.rejected["row"].to_list() == [2]
    assert "RSF" in parsed.rejected["content"].item()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [({"type_of_violence": "4"}, "type_of_violence has codes new to this connector.*'4'"), ({"country_id": "9999"}, "country_id.*9999")],
)
def test_unexpected_code_is_refused(pack: Pack, change: Row, sentence: str) -> None:
    with pytest.raises(UnexpectedData, match=sentence):
        read(pack({}, change))


def test_state_that_is_no_more_is_kept_with_its_reason(pack: Pack) -> None:
    parsed = read(pack({}, {"country_id": "680", "date_start": "1989-02-01", "date_end": "1989-02-01"}))
    assert parsed.tables["events"]["iso3"].to_list() == ["SDN"]
    assert parsed.rejected["reason"].to_list() == ["no state of today continues this one"]
    assert parsed.rejected["row"].to_list() == [2]


def test_candidate_file_is_refused(pack: Pack) -> None:
    for member in ("GEDEvent_v26_0_2.csv", "GEDEvent_v26_01_26_06.csv"):
        with pytest.raises(UnexpectedData, match="monthly Candidate file with preliminary figures"):
            read(pack({}, member=member))


def test_zip_of_other_things_is_refused(pack: Pack, tmp_path: Path) -> None:
    path = tmp_path / "ged261-csv.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "hello")
    with pytest.raises(UnexpectedData, match="holds 0 csv files instead of one"):
        read(path)
    with pytest.raises(UnexpectedData, match="2 files were given"):
        EVENTS.read({"a.zip": path, "b.zip": path})


def test_corrupt_and_truncated_zips_leave_the_store_as_it_was(pack: Pack, tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    path = pack(*[{"side_a": f"Side {n}"} for n in range(200)])
    whole = path.read_bytes()
    middle = len(whole) // 2
    for content in (whole[:middle], whole[:middle] + bytes(40) + whole[middle + 40 :]):
        path.write_bytes(content)
        with pytest.raises(UnexpectedData, match=r"ged261-csv\.zip is (cut off or damaged|not a whole zip file)"):
            import_files(store, EVENTS, [path], today=TODAY)
    assert store.snapshots == ()


def test_part_of_a_release_is_refused(shared: Path, tmp_path: Path) -> None:
    """The file for two countries reads well, but is not the release."""
    store = Store(tmp_path / "store")
    with pytest.raises(UnexpectedData, match=r"ucdp_ged 19\.1 holds 4882 rows, fewer than"):
        import_files(store, EVENTS, [shared / "data/ucdp/format_samples/ged191_sample.zip"], today=TODAY)
    assert store.snapshots == ()


def test_publishers_zip_of_2019(shared: Path) -> None:
    """Totals equal those of a plain csv reader."""
    path = shared / "data/ucdp/format_samples/ged191_sample.zip"
    with zipfile.ZipFile(path) as archive:
        plain = list(csv.DictReader(io.StringIO(archive.read("ged191.csv").decode(), newline="")))
    parsed = read(path)
    assert parsed.vintage == "19.1"
    assert parsed.tables["events"].height == len(plain) == 3194
    assert parsed.rejected.height == 0
    for number, kind in (("1", "sb"), ("2", "ns"), ("3", "os")):
        found = parsed.tables["observations"].filter((pl.col("indicator") == f"ucdp_{kind}_deaths") & (pl.col("iso3") == "MMR"))
        wanted = sum(int(row["best"]) for row in plain if row["type_of_violence"] == number and row["country_id"] == "775")
        assert found["value"].sum() == wanted


@pytest.mark.parametrize("name", ["conflict_data_BGD.csv.gz", "conflict_data_ukr.csv.gz"])
def test_wrong_sources_file_is_refused(shared: Path, tmp_path: Path, name: str) -> None:
    """A per-country file from a mirror has a row of tags and is no release."""
    store = Store(tmp_path / "store")
    path = shared / "data/ucdp/format_samples" / name
    for source in (EVENTS, MONTHS):
        with pytest.raises(UnexpectedData):
            import_files(store, source, [path], today=TODAY, vintage="26.1")
    assert store.snapshots == ()


def test_country_months_equal_the_panel(shared: Path, tmp_path: Path) -> None:
    """Every cell of the independently made panel, month by month, and nothing besides."""
    store = Store(tmp_path / "store")
    snapshot = import_files(store, MONTHS, [shared / "data/ucdp/country-month.csv.gz"], today=TODAY, vintage="26.1")
    assert snapshot.published == date(2026, 6, 10)
    assert snapshot.rejected == 0
    panel = pl.read_parquet(shared / "data/ucdp/cm_panel.parquet")
    for kind in ("sb", "ns", "os"):
        for what in ("deaths", "events"):
            found = store.read(observations(f"ucdp_{kind}_{what}")).frame.select("iso3", "start", pl.col("value").cast(pl.Int64))
            expected = panel.filter(pl.col(f"{kind}_events") > 0).select(
                "iso3", start=pl.col("month").cast(pl.Date), value=pl.col(f"{kind}_{what}").cast(pl.Int64)
            )
            assert found.sort("iso3", "start").equals(expected.sort("iso3", "start"))


def test_provisional_and_broken_months_are_rejected(tmp_path: Path) -> None:
    path = tmp_path / "country-month.csv.gz"
    lines = [
        "gwno,year,month,sb_events,sb_deaths,ns_events,ns_deaths,os_events,os_deaths,provisional",
        "625,2025,1,1,5,0,0,2,9,0",
        "625,2026,1,1,5,0,0,2,9,1",
        "625,2025,13,1,5,0,0,2,9,0",
        "625,2025,2,1,-5,0,0,2,9,0",
        "625,2025,3,1,,0,0,2,9,0",
    ]
    path.write_bytes(gzip.compress("\n".join(lines).encode()))
    parsed = MONTHS.read({path.name: path})
    assert dict(parsed.tables["observations"].select("indicator", "value").iter_rows()) == {
        "ucdp_os_deaths": 9,
        "ucdp_os_events": 2,
        "ucdp_sb_deaths": 5,
        "ucdp_sb_events": 1,
    }
    assert dict(parsed.rejected.select("row", "reason").iter_rows()) == {
        2: "provisional figure, not part of the yearly release",
        **dict.fromkeys((3, 4, 5), "a number is missing, negative or not whole"),
    }


@pytest.mark.parametrize(
    ("line", "sentence"), [("9999,2025,1,1,5,0,0,2,9,0", "gwno.*9999"), ("625,2025,1,1,5,0,0,2,9,2", "provisional.*'2'")]
)
def test_unexpected_codes_in_months_are_refused(tmp_path: Path, line: str, sentence: str) -> None:
    path = tmp_path / "country-month.csv"
    path.write_text("gwno,year,month,sb_events,sb_deaths,ns_events,ns_deaths,os_events,os_deaths,provisional\n" + line + "\n")
    with pytest.raises(UnexpectedData, match=sentence):
        MONTHS.read({path.name: path})
    with pytest.raises(UnexpectedData, match="2 were given"):
        MONTHS.read({"a": path, "b": path})
