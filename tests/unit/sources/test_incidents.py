"""Attacks on aid workers, ACLED's events and counts, and Insecurity Insight: oddities met in the publishers' files."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import openpyxl
import polars as pl
import pytest

from forefend.catalog import load_catalog
from forefend.errors import SourceUnavailable, UnexpectedData
from forefend.panel.values import latest
from forefend.sources.acled import source as acled_source
from forefend.sources.contract import Parsed
from forefend.sources.intake import import_files
from forefend.sources.registry import find_source
from forefend.store import Store
from forefend.store.asking import Asking
from forefend.store.fetch import Connection

TODAY = date(2026, 11, 24)
AWSD, ACLED, HDX, INSIGHT = (find_source(name) for name in ("awsd", "acled", "acled_hdx", "insecurity_insight"))
Record = dict[str, Any]


def summed(parsed: Parsed, indicator: str) -> dict[str, float]:
    rows = parsed.tables["observations"].filter(pl.col("indicator") == indicator)
    return dict(rows.group_by("iso3").agg(pl.col("value").sum()).sort("iso3").iter_rows())


# Aid workers.


def attacks(folder: Path, *changes: Record, tags: bool = True, drop: tuple[str, ...] = ()) -> Parsed:
    rows = list(csv.reader(io.StringIO((AWSD.folder / "sample.csv").read_text(encoding="utf-8"), newline="")))
    header, tagged, base = rows[0], rows[1], dict(zip(rows[0], rows[2], strict=True))
    columns = [column for column in header if column not in drop]
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, extrasaction="ignore")
    writer.writeheader()
    if tags:
        writer.writerow(dict(zip(header, tagged, strict=True)))
    writer.writerows([base | {"Incident ID": str(number)} | change for number, change in enumerate(changes, start=1)])
    path = folder / "security_incidents.csv"
    path.write_text(text.getvalue(), encoding="utf-8")
    return AWSD.read({path.name: path})


def test_tags_may_be_missing_and_namibia_is_a_state(tmp_path: Path) -> None:
    for tags in (True, False):
        parsed = attacks(tmp_path, {"Country Code": "NA"}, {"Country Code": "AF"}, tags=tags, drop=("Latitude", "Longitude"))
        assert summed(parsed, "awsd_incidents") == {"AFG": 1, "NAM": 1}
        assert parsed.tables["events"]["row"].to_list() == [1, 2]


def test_date_is_as_exact_as_it_is_known(tmp_path: Path) -> None:
    change = {"Year": "2024", "Total killed": "2"}
    parsed = attacks(tmp_path, change | {"Month": "2", "Day": "29"}, change | {"Month": "2", "Day": ""}, change | {"Month": "", "Day": ""})
    spans = parsed.tables["events"].select("start", "end").rows()
    assert spans == [(date(2024, 2, 29),) * 2, (date(2024, 2, 1), date(2024, 2, 29)), (date(2024, 1, 1), date(2024, 12, 31))]
    killed = parsed.tables["observations"].filter(pl.col("indicator") == "awsd_killed").select("start", "end", "value").rows()
    assert killed == [(date(2024, 1, 1), date(2024, 12, 31), 2), (date(2024, 2, 1), date(2024, 2, 29), 4)]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"Month": "2", "Day": "30"}, "a date or number is missing or impossible"),
        ({"Month": "13"}, "a date or number is missing or impossible"),
        ({"Total killed": "two"}, "a date or number is missing or impossible"),
        ({"Year": ""}, "a date or number is missing or impossible"),
        ({"Incident ID": "1"}, "the incident has no number, or one that came before"),
        ({"Country Code": "", "Country": "Chechnya"}, "no state is named, or an area without a code"),
    ],
)
def test_attack_that_cannot_be_used_is_kept(tmp_path: Path, change: Record, reason: str) -> None:
    parsed = attacks(tmp_path, {}, change)
    assert parsed.rejected.select("row", "reason").rows() == [(2, reason)]
    assert parsed.tables["events"].height == 1


def test_number_given_to_two_incidents_keeps_both(tmp_path: Path) -> None:
    """As the publisher's 4664, of October 2023 and of January 2024; the same row twice is one incident."""
    day = {"Incident ID": "4664", "Year": "2023", "Month": "10", "Day": "9"}
    parsed = attacks(tmp_path, day, day | {"Year": "2024", "Month": "1", "Day": "23"}, day)
    assert parsed.tables["events"]["event_id"].to_list() == ["4664", "4664 of 2024-01-23"]
    assert parsed.rejected["row"].to_list() == [3]


def test_accounts_of_incidents_are_not_read(tmp_path: Path) -> None:
    parsed = attacks(tmp_path, {"Details": "A name"}, {"Details": "A name", "Country Code": ""})
    assert not any("A name" in str(row) for table in (*parsed.tables.values(), parsed.rejected) for row in table.rows())


def test_published_incidents_and_what_they_say_of_a_year(data: Path, tmp_path: Path) -> None:
    path = data / "samples/awsd/incidents_to_2024.csv.gz"
    plain = list(csv.DictReader(io.StringIO(gzip.decompress(path.read_bytes()).decode("utf-8-sig"), newline="")))[1:]
    store = Store(tmp_path / "store")
    snapshot = import_files(store, AWSD, [path], today=TODAY, vintage="2024")
    assert (snapshot.rows["events"], snapshot.rejected) == (len(plain) - 34, 34), "Chechnya, Kashmir and incidents without a state"
    for code, iso3 in (("SS", "SSD"), ("PS", "PSE"), ("FR", "FRA")):
        wanted = sum(int(row["Total affected"]) for row in plain if row["Country Code"] == code and row["Year"] == "2024")
        figure = latest(store, load_catalog(), "awsd_victims", iso3=iso3, today=TODAY)
        assert (figure.value, figure.period) == (wanted, "2024")


# ACLED by event.

EVENT: Record = {
    "event_id_cnty": "SDN1", "event_date": "2025-03-04", "disorder_type": "Political violence", "event_type": "Battles", "actor1": "A",
    "actor2": "B", "civilian_targeting": "", "iso": "729", "country": "Sudan", "latitude": "13.1", "longitude": "25.2", "fatalities": "3",
}  # fmt: skip


def events(folder: Path, *changes: Record, **said: object) -> Parsed:
    records = [EVENT | {"event_id_cnty": f"SDN{number}"} | change for number, change in enumerate(changes, start=1)]
    path = folder / "acled-0001.json"
    path.write_text(json.dumps({"status": 200, "success": True, "count": len(records), "messages": [], "data": records} | said))
    return ACLED.read({path.name: path})


def test_violence_against_demonstrators_counts_as_both(tmp_path: Path) -> None:
    both = {"disorder_type": "Political violence; Demonstrations", "event_type": "Protests", "civilian_targeting": "Civilian targeting"}
    parsed = events(tmp_path, {}, both, {"disorder_type": "Demonstrations", "event_type": "Protests", "fatalities": "0"})
    assert summed(parsed, "acled_political_violence_events") == {"SDN": 2}
    assert summed(parsed, "acled_demonstration_events") == {"SDN": 2}
    assert summed(parsed, "acled_civilian_targeting_fatalities") == {"SDN": 3}
    assert parsed.tables["events"]["deaths_civilians"].to_list() == [None, 3, None]


def test_kosovo_has_no_number(tmp_path: Path) -> None:
    parsed = events(tmp_path, {"iso": "0", "country": "Kosovo"}, {"iso": "", "country": ""})
    assert parsed.tables["events"]["iso3"].to_list() == ["XKX"]
    assert parsed.rejected["reason"].to_list() == ["no state is named"]
    with pytest.raises(UnexpectedData, match="Atlantis"):
        events(tmp_path, {"iso": "0", "country": "Atlantis"})


@pytest.mark.parametrize("change", [{"event_type": "Duels"}, {"disorder_type": "Noise"}, {"civilian_targeting": "maybe"}, {"mood": "x"}])
def test_new_words_of_acled_are_refused(tmp_path: Path, change: Record) -> None:
    with pytest.raises(UnexpectedData, match=r"Duels|Noise|maybe|mood"):
        events(tmp_path, change)


def test_refusal_of_the_interface_is_said(tmp_path: Path) -> None:
    with pytest.raises(UnexpectedData, match=r"ACLED refused: .*Terms"):
        events(tmp_path, {}, status=403, messages=["Accept the Terms first"])
    with pytest.raises(UnexpectedData, match="holds 1 events, but says 5000"):
        events(tmp_path, {}, count=5000)


def test_export_is_read_like_the_pages(tmp_path: Path) -> None:
    path = tmp_path / "acled.csv"
    more = {"year": "2025", "time_precision": "1", "notes": 'They said "no",\nand left', "tags": "", "region": "Northern Africa"}
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(EVENT | more))
    writer.writeheader()
    writer.writerow(EVENT | more)
    path.write_text(text.getvalue())
    assert ACLED.read({path.name: path}).tables["events"].equals(events(tmp_path, {}).tables["events"])


@pytest.mark.loopback
def test_login_goes_by_form_and_pages_until_one_is_not_full(publisher: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(acled_source, "TOKEN", f"{publisher.root}/oauth/token")
    monkeypatch.setattr(acled_source, "ADDRESS", f"{publisher.root}/api/acled/read")
    monkeypatch.setattr(acled_source, "PAGE_ROWS", 2)
    publisher.json("/oauth/token", {"access_token": "t0ken", "expires_in": 86400})
    pages = iter([2, 2, 1])

    def page(handler: Any) -> None:
        records = [EVENT | {"event_id_cnty": f"X{handler.path}{n}"} for n in range(next(pages))]
        body = json.dumps({"status": 200, "count": len(records), "data": records}).encode()
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    publisher.by_path["/api/acled/read"] = page
    keys = {"ACLED_USERNAME": "analyst@example.org", "ACLED_PASSWORD": "s3cret"}
    asking = Asking(source="acled", folder=tmp_path / "got", connection=Connection(wait_seconds=0, attempts=1), environ=keys)
    got = acled_source.collect(asking)
    method, _, body = publisher.asked[0]
    assert method == "POST"
    assert parse_qs(body.decode()) == {
        "username": ["analyst@example.org"], "password": ["s3cret"], "grant_type": ["password"], "client_id": ["acled"],
    }  # fmt: skip
    assert [entry.get("Authorization") for entry in publisher.requests[1:]] == ["Bearer t0ken"] * 3
    assert ACLED.read({path.name: path for path in got}).tables["events"].height == 5
    assert not any(secret in path.read_text() for path in (tmp_path / "got").iterdir() for secret in ("s3cret", "t0ken"))
    publisher.json("/oauth/token", {"error": "invalid_grant"})
    with pytest.raises(SourceUnavailable, match="ACLED gave no token"):
        acled_source.collect(asking)


def test_acled_is_never_shipped() -> None:
    assert not ACLED.metadata.may_ship
    assert not HDX.metadata.may_ship


# ACLED's counts.


def test_workbooks_and_csv_say_the_same(data: Path) -> None:
    """The workbooks hold districts in some sheets and states in others; the csv the same at two levels."""
    folder = data / "samples/acled"
    books = {path.name: path for path in folder.glob("*.xlsx")}
    sheets = {path.name: path for path in folder.glob("*.csv.gz")}
    one, two = HDX.read(books), HDX.read(sheets)
    compared = ["indicator", "iso3", "start", "value"]
    assert one.tables["observations"].select(compared).sort(compared).equals(two.tables["observations"].select(compared).sort(compared))
    algeria = one.tables["observations"].filter((pl.col("iso3") == "DZA") & (pl.col("start") == date(1997, 1, 1)))
    assert dict(algeria.select("indicator", "value").iter_rows())["acled_civilian_targeting_fatalities"] == 445
    assert not one.tables["observations"]["indicator"].str.ends_with("_year").any(), "one month is no year"
    with pytest.raises(UnexpectedData, match="Two files count"):
        HDX.read(books | sheets)


def _counts(folder: Path, *rows: tuple[str, str, str, str, str, str], name: str = "hapi.csv") -> Parsed:
    path = folder / name
    lines = ["\ufefflocation_code,admin_level,event_type,events,fatalities,reference_period_start,reference_period_end"]
    path.write_text("\n".join([*lines, *(",".join((*row, row[5])) for row in rows)]), encoding="utf-8")
    return HDX.read({path.name: path})


def test_state_at_two_levels_counts_once(tmp_path: Path) -> None:
    parsed = _counts(
        tmp_path,
        ("SDN", "0", "civilian_targeting", "9", "4", "2024-01-01"),
        ("SDN", "2", "civilian_targeting", "5", "3", "2024-01-01"),
        ("SDN", "2", "civilian_targeting", "4", "1", "2024-01-01"),
        ("SDN", "2", "demonstration", "4", "", "2024-01-01"),
        ("SDN", "2", "political_violence", "4", "", "2024-01-01"),
    )
    assert summed(parsed, "acled_civilian_targeting_events") == {"SDN": 9}
    assert summed(parsed, "acled_demonstration_events") == {"SDN": 4}
    assert sorted(parsed.rejected["row"]) == [2, 3, 5], "the finer rows, and violence without a number of fatalities"


def test_year_is_summed_where_all_months_are_there(tmp_path: Path) -> None:
    months = [(iso3, "0", "demonstration", "2", "", f"2024-{month:02}-01") for iso3 in ("SDN", "TCD") for month in range(1, 13)]
    assert summed(_counts(tmp_path, *months[:-1]), "acled_demonstration_events_year") == {"SDN": 24}


def test_workbook_that_does_not_say_what_it_counts_is_refused(tmp_path: Path, data: Path) -> None:
    book = next((data / "samples/acled").glob("civilian*.xlsx"))
    with pytest.raises(UnexpectedData, match="does not say what it counts"):
        HDX.read({"events.xlsx": book})


# Insecurity Insight.


def test_published_workbooks(data: Path, tmp_path: Path) -> None:
    """Themes are told apart by their columns; OPT and CAR are read by their codes; a part of a year is no year."""
    folder = data / "samples/insecurity_insight"
    files = {path.name: path for path in sorted(folder.glob("*.xlsx"))}
    parsed = INSIGHT.read(files)
    assert parsed.rejected["reason"].to_list() == ["no state is named"] * 2
    months = parsed.tables["observations"].filter(~pl.col("indicator").str.ends_with("_year"))
    assert months.filter(pl.col("indicator") == "ii_health_attacks")["value"].sum() == 8852
    assert months.filter(pl.col("indicator") == "ii_sexual_violence_incidents")["value"].sum() == 1067
    assert summed(parsed, "ii_health_attacks")["PSE"] == 1265
    years = parsed.tables["observations"].filter(pl.col("indicator").str.ends_with("_year"))
    newest = dict(years.group_by("indicator").agg(pl.col("end").max().dt.year()).iter_rows())
    assert newest["ii_health_attacks_year"] == 2023
    assert newest["ii_sexual_violence_incidents_year"] == 2022
    assert (
        import_files(Store(tmp_path / "store"), INSIGHT, list(files.values()), today=TODAY, vintage="2024-01").rows["observations"] > 10_000
    )
    first = next(iter(files.values()))
    with pytest.raises(UnexpectedData, match="of one theme"):
        INSIGHT.read({"a.xlsx": first, "b.xlsx": first})


def test_other_workbooks_and_archives_without_bounds_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "incidents.xlsx"
    openpyxl.Workbook().save(path)
    with pytest.raises(UnexpectedData, match="no sheet of incidents"):
        INSIGHT.read({path.name: path})
    bomb = tmp_path / "civilian-targeting.xlsx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", bytes(300_000_000))
    for source in (INSIGHT, HDX):
        with pytest.raises(UnexpectedData, match="unpacks to"):
            source.read({bomb.name: bomb})
    sample = next(path for path in INSIGHT.samples().values())
    cut = tmp_path / "cut.xlsx"
    cut.write_bytes(sample.read_bytes()[:-200])
    with pytest.raises(UnexpectedData, match="cut off, damaged"):
        INSIGHT.read({cut.name: cut})
