"""UCDP's Candidate files, files by country and interface: the oddities of each, and that none passes for the yearly release."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from collections.abc import Callable
from datetime import date
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from forefend.catalog import load_catalog
from forefend.errors import NotLoaded, SourceUnavailable, UnexpectedData
from forefend.panel.values import latest
from forefend.sources.contract import Parsed
from forefend.sources.families.ucdp_events import LAYOUT
from forefend.sources.intake import import_files
from forefend.sources.registry import find_source
from forefend.sources.ucdp_api import source as api_source
from forefend.sources.ucdp_candidate import source as candidate_source
from forefend.sources.ucdp_candidate.source import release
from forefend.store import Store, observations
from forefend.store.asking import Asking
from forefend.store.fetch import Connection

TODAY = date(2026, 11, 24)
CANDIDATE, HDX, API, GED = (find_source(name) for name in ("ucdp_candidate", "ucdp_hdx", "ucdp_api", "ucdp_ged"))
STATES = ("625", "490", "775")
Row = dict[str, str]
EVENT = dict.fromkeys(LAYOUT, "") | {
    "id": "1",
    "type_of_violence": "3",
    "country_id": "625",
    "date_start": "2026-01-30 00:00:00.000",
    "date_end": "2026-02-02 00:00:00.000",
    "best": "10",
    "low": "5",
    "high": "40",
    "deaths_civilians": "10",
    "side_a": "XXX1023",
    "side_b": "Civilians",
    "latitude": "13.6",
    "longitude": "25.3",
    "source_headline": 'Witnesses: "they came at night",\nsays report',
}
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write events as a Candidate file, with or without a header."""

    def file(name: str, *events: Row, header: bool = True, columns: tuple[str, ...] = LAYOUT) -> Path:
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, columns, lineterminator="\r\n", extrasaction="ignore")
        if header:
            writer.writeheader()
        writer.writerows([EVENT | event for event in events])
        path = tmp_path / name
        path.write_bytes(b"\xef\xbb\xbf" * (not header) + text.getvalue().encode())
        return path

    return file


def read(*paths: Path) -> Parsed:
    return CANDIDATE.read({path.name: path for path in paths})


def test_header_of_a_published_file_is_the_layout(data: Path) -> None:
    written = (data / "ucdp/format_samples/candidate_header.csv").read_text(encoding="utf-8-sig").strip()
    assert tuple(written.split(",")) == LAYOUT


@pytest.mark.parametrize("header", [True, False])
def test_month_is_read_with_and_without_header(write: Write, header: bool) -> None:
    parsed = read(write("GEDEvent_v26_0_1.csv", {}, {"id": "2", "type_of_violence": "1", "best": "0", "low": "0"}, header=header))
    assert parsed.vintage == "2026-01"
    events = parsed.tables["events"]
    assert events["kind"].to_list() == ["candidate_os", "candidate_sb"], "preliminary events have kinds of their own"
    assert events["row"].to_list() == [1, 2]
    assert events["actor_a"].to_list() == ["XXX1023", "XXX1023"], "a placeholder is kept as written"
    assert parsed.rejected.height == 0


def test_nothing_shares_a_name_with_the_yearly_release(write: Write) -> None:
    parsed = read(write("GEDEvent_v26_0_1.csv", {}))
    found = {*parsed.tables["events"]["kind"], *parsed.tables["observations"]["indicator"]}
    for other in (GED, API):
        assert not found & set(other.metadata.indicators)
        assert not set(CANDIDATE.metadata.indicators) & set(other.metadata.indicators)
    assert not set(HDX.metadata.indicators) & set(GED.metadata.indicators)


def test_newest_file_wins_whatever_the_order(write: Write) -> None:
    old = write("GEDEvent_v26_0_9.csv", {}, {"id": "2", "best": "6"})
    new = write("GEDEvent_v26_0_10.csv", {"best": "12"}, {"id": "3"})
    for paths in ((old, new), (new, old)):
        parsed = read(*paths)
        assert dict(parsed.tables["events"].select("event_id", "deaths_best").iter_rows()) == {"1": 12, "2": 6, "3": 10}
        assert parsed.rejected["reason"].to_list() == ["a newer file holds this event"]
        assert json.loads(parsed.rejected["content"].item())["file"] == "GEDEvent_v26_0_9.csv"
        assert parsed.vintage == "2026-10"


def test_file_of_several_months_replaces_those_months(write: Write) -> None:
    month = write("GEDEvent_v26_0_2.csv", {"id": "1"}, {"id": "9"})
    half_year = write("GEDEvent_v26_01_26_06.csv", {"id": "1", "best": "7"})
    parsed = read(month, half_year)
    assert dict(parsed.tables["events"].select("event_id", "deaths_best").iter_rows()) == {"1": 7}
    assert sorted(parsed.rejected["reason"]) == [
        "a newer file holds this event",
        "withdrawn: the newer file of these months no longer holds this event",
    ]


def test_year_so_far_counts_from_january_and_zero_is_said(write: Write) -> None:
    files = [
        write("GEDEvent_v26_01_26_06.csv", {}),
        write("GEDEvent_v26_0_7.csv", {"id": "2", "date_start": "2026-07-01", "date_end": "2026-07-01"}),
    ]
    observed = read(*files).tables["observations"].filter(pl.col("indicator") == "ucdp_candidate_os_year_deaths")
    sudan = observed.filter(pl.col("iso3") == "SDN").row(0, named=True)
    assert (sudan["start"], sudan["end"], sudan["value"], sudan["high"]) == (date(2026, 1, 1), date(2026, 7, 31), 20, 80)
    assert observed.filter(pl.col("iso3") == "FRA")["value"].to_list() == [0]


def test_year_that_is_not_covered_from_january_has_no_sum(write: Write) -> None:
    files = [
        write("GEDEvent_v26_0_1.csv", {}),
        write("GEDEvent_v26_0_3.csv", {"id": "2", "date_start": "2026-03-01", "date_end": "2026-03-01"}),
    ]
    for paths in (files, files[1:]):
        assert not read(*paths).tables["observations"]["indicator"].str.contains("_year_").any()


def test_workbook_copy_is_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(LAYOUT))
    sheet.append([int(value) if value.isdigit() else value or None for value in EVENT.values()])
    path = tmp_path / "GEDEvent_v26_0_2.xlsx"
    book.save(path)
    assert read(path).tables["events"]["deaths_best"].to_list() == [10]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("candidates.csv", "not named as a Candidate file"),
        ("GEDEvent_v26_0_13.csv", "names a month that does not exist"),
        ("GEDEvent_v26_1.csv", "not named as a Candidate file"),
    ],
)
def test_name_that_tells_no_month_is_refused(write: Write, name: str, sentence: str) -> None:
    with pytest.raises(UnexpectedData, match=sentence):
        read(write(name, {}))


def test_releases_sort_by_what_they_cover() -> None:
    names = ["GEDEvent_v25_0_12.csv", "GEDEvent_v25_01_25_12.csv", "GEDEvent_v26_0_2.csv", "GEDEvent_v26_0_10.csv"]
    assert [found.name for found in sorted(release(name) for name in reversed(names))] == names


@pytest.mark.parametrize(
    "broken",
    [{"best": "many"}, {"date_start": "30/01/2026"}, {"low": "-1"}, {"id": ""}, {"high": "99999999999"}, {"date_end": "9999-01-01"}],
)
def test_row_that_cannot_be_used_is_kept(write: Write, broken: Row) -> None:
    parsed = read(write("GEDEvent_v26_0_1.csv", {"id": "7"}, broken))
    assert parsed.tables["events"].height == 1
    assert parsed.rejected["row"].to_list() == [2]


def test_damage_is_refused_with_a_sentence(write: Write, tmp_path: Path) -> None:
    path = write("GEDEvent_v26_0_1.csv", {}, {"id": "2"})
    whole = path.read_bytes()
    for content in (
        whole.replace(b"Witnesses", b"\xff\xfe"),
        whole[:-60],
        whole.replace(b"low", b"lower", 1),
        b"Not found\n",
        b"\x00" * 50,
    ):
        path.write_bytes(content)
        with pytest.raises(UnexpectedData):
            read(path)
    packed = tmp_path / "GEDEvent_v26_0_1.csv.gz"
    packed.write_bytes(gzip.compress(bytes(400_000_000), 1))
    with pytest.raises(UnexpectedData, match="unpacks to more than"):
        read(packed)


@pytest.mark.loopback
def test_listed_files_of_two_years_are_fetched(publisher: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: Write) -> None:
    server = publisher
    links = ["v24_01_24_12", "v25_01_25_12", "v25_0_12", "v26_0_5", "v26_01_26_06", "v26_0_7"]
    page = (
        "<html>"
        + "".join(f'<a href="candidateged/GEDEvent_{link}.csv">x</a>' for link in links)
        + "<a href='ged/ged261-csv.zip'>y</a></html>"
    )
    monkeypatch.setattr(candidate_source, "ADDRESS", f"{server.root}/downloads/")
    event = write("GEDEvent_v26_0_1.csv", {}).read_bytes()
    _serve(server, "/downloads/", page.encode())
    _serve(server, "/downloads/candidateged/", event)
    asking = Asking(source="ucdp_candidate", folder=tmp_path / "got", connection=Connection(wait_seconds=0, attempts=1))
    got = candidate_source.collect(asking)
    assert [path.name for path in got] == ["GEDEvent_v25_01_25_12.csv", "GEDEvent_v26_01_26_06.csv", "GEDEvent_v26_0_7.csv"]
    _serve(server, "/downloads/", b"<html>moved</html>")
    (tmp_path / "got" / "downloads.html").unlink()
    with pytest.raises(SourceUnavailable, match="lists no Candidate files"):
        candidate_source.collect(asking)


def _serve(server: Any, path: str, body: bytes) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    server.by_path[path] = answer


# Files by country.


@pytest.mark.parametrize(("name", "iso3", "count"), [("conflict_data_BGD.csv.gz", "BGD", 601), ("conflict_data_ukr.csv.gz", "UKR", 1167)])
def test_published_country_file_with_and_without_tags(data: Path, tmp_path: Path, name: str, iso3: str, count: int) -> None:
    """One has a line of tags and other columns in another order; totals equal those of a plain reader."""
    path = data / "ucdp/format_samples" / name
    plain = [row for row in csv.DictReader(io.StringIO(gzip.decompress(path.read_bytes()).decode("utf-8-sig"), newline="")) if row["id"]]
    parsed = HDX.read({path.name: path})
    assert len(plain) == count
    assert parsed.rejected.height == 0
    assert parsed.tables["events"].height == len(plain)
    assert set(parsed.tables["events"]["iso3"]) == {iso3}
    assert parsed.tables["events"]["deaths_best"].sum() == sum(int(row["best"]) for row in plain)
    assert parsed.tables["events"].row(0, named=True)["row"] == 1
    snapshot = import_files(Store(tmp_path / "store"), HDX, [path], today=TODAY, vintage="25.1")
    assert snapshot.vintage == "25.1"


def test_countries_are_read_together_and_a_repeated_event_once(write: Write, tmp_path: Path) -> None:
    one = write("conflict_data_SDN.csv", {"date_start": "2023-01-01", "date_end": "2023-01-01"})
    two = write("conflict_data_TCD.csv", {"id": "2", "country_id": "483"}, {"id": "1", "country_id": "483"})
    parsed = HDX.read({one.name: one, two.name: two})
    assert parsed.tables["events"]["iso3"].to_list() == ["SDN", "TCD"]
    assert parsed.rejected.height == 1


# The interface.


def _pages(folder: Path, total: int, *sizes: int, version: str = "26.1") -> dict[str, Path]:
    found, number = {}, 0
    for place, size in enumerate(sizes):
        events = [
            {**EVENT, "id": number + n, "best": 3, "low": 1, "high": 5, "country_id": 625, "type_of_violence": 1} for n in range(size)
        ]
        number += size
        path = folder / f"gedevents-{version}-{place:05}.json"
        path.write_text(json.dumps({"TotalCount": total, "TotalPages": len(sizes), "NextPageUrl": "", "Result": events}))
        found[path.name] = path
    return found


def test_pages_are_one_release_with_the_names_of_the_zip(tmp_path: Path) -> None:
    parsed = API.read(_pages(tmp_path, 5, 3, 2))
    assert parsed.vintage == "26.1"
    assert parsed.tables["events"]["row"].to_list() == [1, 2, 3, 4, 5]
    assert parsed.tables["events"]["kind"].unique().to_list() == ["sb"]
    assert set(API.metadata.indicators) == set(GED.metadata.indicators)


def test_missing_page_is_refused(tmp_path: Path) -> None:
    files = _pages(tmp_path, 5, 3, 2)
    with pytest.raises(UnexpectedData, match="hold 2 events, but the publisher counts 5"):
        API.read(dict(list(files.items())[1:]))
    with pytest.raises(UnexpectedData, match="not the pages of one release"):
        API.read(files | _pages(tmp_path, 1, 1, version="25.1"))


@pytest.mark.parametrize("content", ["[]", "{}", '{"TotalCount": 1, "NextPageUrl": "", "Result": [1]}', "no", '{"TotalCount": 1,'])
def test_answer_of_another_kind_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "gedevents-26.1-00000.json"
    path.write_text(content)
    with pytest.raises(UnexpectedData):
        API.read({path.name: path})


@pytest.mark.loopback
def test_token_is_shown_to_the_publisher_alone(publisher: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server = publisher
    root = f"{server.root}/api/gedevents/"
    monkeypatch.setattr(api_source, "ADDRESS", root)
    page = {"TotalCount": 0, "NextPageUrl": f"{root}26.1?pagesize=1000&page=1", "Result": []}
    server.json("/api/gedevents/26.1?pagesize=1000", page)
    server.json("/api/gedevents/26.1?pagesize=1000&page=1", page | {"NextPageUrl": ""})
    asking = Asking(
        source="ucdp_api",
        folder=tmp_path / "got",
        connection=Connection(wait_seconds=0, attempts=1),
        environ={"UCDP_ACCESS_TOKEN": "t0ken"},
    )
    got = api_source.collect(asking)
    assert [path.name for path in got] == ["gedevents-26.1-00000.json", "gedevents-26.1-00001.json"]
    assert [entry["x-ucdp-access-token"] for entry in server.requests] == ["t0ken", "t0ken"]
    assert not any("t0ken" in path.read_text() for path in (tmp_path / "got").iterdir())
    server.json("/api/gedevents/26.1?pagesize=1000", page | {"NextPageUrl": "https://example.org/steal"})
    got[0].unlink()
    with pytest.raises(SourceUnavailable, match="another address"):
        api_source.collect(asking)
    with pytest.raises(SourceUnavailable, match="UCDP_ACCESS_TOKEN"):
        api_source.collect(Asking(source="ucdp_api", folder=tmp_path, environ={"UCDP_ACCESS_TOKEN": ""}))


def test_yearly_release_refuses_an_archive_without_bounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("forefend.sources.ucdp_ged.source.LARGEST_BYTES", 1000)
    path = tmp_path / "ged261-csv.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("GEDEvent_v26_1.csv", "0" * 100_000)
    with pytest.raises(UnexpectedData, match="unpacks to more than"):
        GED.read({path.name: path})


def test_preliminary_figures_stand_beside_the_yearly_ones(write: Write, tmp_path: Path) -> None:
    """A store with both answers each by its own name, and the year so far by the catalog's series."""
    store = Store(tmp_path / "store")
    day = {"date_start": "2026-01-02", "date_end": "2026-01-02"}
    changes = [day | {"id": str(number), "country_id": STATES[number % 3]} for number in range(900)]
    import_files(store, CANDIDATE, [write("GEDEvent_v26_0_1.csv", *changes)], today=TODAY)
    figure = latest(store, load_catalog(), "ucdp_candidate_os_year_deaths", iso3="SDN", today=TODAY)
    assert (figure.value, figure.period) == (3000, "2026")
    assert latest(store, load_catalog(), "ucdp_candidate_os_year_deaths", iso3="FRA", today=TODAY).value == 0
    with pytest.raises(NotLoaded):
        store.read(observations("ucdp_os_deaths"))
    with pytest.raises(UnexpectedData, match="fewer than the 1700 of a whole release"):
        import_files(Store(tmp_path / "other"), CANDIDATE, [write("GEDEvent_v26_0_1.csv", *changes[:300])], today=TODAY)
