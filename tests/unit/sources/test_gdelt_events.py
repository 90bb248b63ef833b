"""GDELT: 61 columns without a header, FIPS codes, late events, the master list, and a third party's months."""

from __future__ import annotations

import gzip
import hashlib
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forefend.errors import ForefendError, SourceError, UnexpectedData
from forefend.sources.contract import Parsed
from forefend.sources.gdelt_events import master_list
from forefend.sources.gdelt_events.exports import COLUMNS, day_of, unpack
from forefend.sources.gdelt_events.master_list import LINES, collect, days_asked
from forefend.sources.intake import UNREADABLE, import_files
from forefend.sources.registry import find_source
from forefend.store import Store
from forefend.store.asking import Asking
from forefend.store.fetch import Connection

SOURCE = find_source("gdelt_events")
NAME = "20261124001500.export.CSV.zip"


def event(number: int = 1, **fields: str) -> str:
    values = dict.fromkeys(COLUMNS, "") | {
        "GLOBALEVENTID": str(number),
        "SQLDATE": "20261124",
        "EventRootCode": "01",
        "QuadClass": "1",
        "ActionGeo_CountryCode": "ML",
        "ActionGeo_ADM1Code": "ML04",
        "DATEADDED": "20261124001500",
    }
    return "\t".join((values | fields)[column] for column in COLUMNS)


@pytest.fixture
def export(tmp_path: Path) -> Callable[..., dict[str, Path]]:
    """Write an export of these lines."""

    def write(*lines: str, name: str = NAME, end: str = "\n") -> dict[str, Path]:
        path = tmp_path / name
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(name.removesuffix(".zip"), "".join(line + end for line in lines))
        return {name: path}

    return write


Export = Callable[..., dict[str, Path]]


def values(parsed: Parsed, indicator: str) -> dict[str, float]:
    rows = parsed.tables["observations"].filter(pl.col("indicator") == indicator)
    return dict(rows.select("iso3", "value").iter_rows())


def reasons(parsed: Parsed) -> set[str]:
    return set(parsed.rejected["reason"])


def test_the_publishers_column_definitions_are_ours(data: Path) -> None:
    """The codebook's table is the only header there is."""
    labels = next((data / "samples" / "gdelt").glob("GDELT_2.0_Events_Column_Labels*.csv"))
    assert pl.read_csv(labels)["tableId"].str.strip_chars().to_list() == list(COLUMNS)
    assert len(COLUMNS) == 61


def test_shares_are_of_all_events_and_counts_stand_beside(export: Export) -> None:
    classes = [("14", "3"), ("19", "4"), ("17", "4"), ("01", "1")]
    lines = [event(n, EventRootCode=root, QuadClass=quad) for n, (root, quad) in enumerate(classes)]
    parsed = SOURCE.read(export(*lines, event(9, ActionGeo_CountryCode="NI", EventRootCode="14", QuadClass="3")))
    assert values(parsed, "gdelt_events") == {"MLI": 4, "NGA": 1}
    assert values(parsed, "gdelt_material_conflict_share") == {"MLI": 0.5, "NGA": 0}
    assert values(parsed, "gdelt_conflict_share") == {"MLI": 0.25, "NGA": 0}
    assert values(parsed, "gdelt_protest_share") == {"MLI": 0.25, "NGA": 1}
    assert values(parsed, "gdelt_week_protest_events") == {"MLI": 1, "NGA": 1}
    assert parsed.vintage == "2026-11-24"
    assert parsed.published == date(2026, 11, 24)
    assert "1 exports" in parsed.notes[0]
    assert "96 exports are due" in parsed.notes[0]


def test_a_period_is_the_part_that_the_files_cover(export: Export) -> None:
    files = export(event(1, SQLDATE="20261129"), name="20261129000000.export.CSV.zip")  # midnight belongs to the 28th
    files = export(event(1, SQLDATE="20261129", DATEADDED="20261129120000"), name="20261129120000.export.CSV.zip")
    files |= export(event(2, SQLDATE="20261201", DATEADDED="20261201120000"), name="20261201120000.export.CSV.zip")
    rows = SOURCE.read(files).tables["observations"]
    months = rows.filter(pl.col("indicator") == "gdelt_events").select("start", "end").rows()
    weeks = rows.filter(pl.col("indicator") == "gdelt_week_events").select("start", "end").rows()
    assert months == [(date(2026, 11, 29), date(2026, 11, 30)), (date(2026, 12, 1), date(2026, 12, 1))]
    assert weeks == [(date(2026, 11, 29), date(2026, 11, 29)), (date(2026, 11, 30), date(2026, 12, 1))]
    assert day_of("20261129000000.export.CSV.zip") == date(2026, 11, 28)


def test_what_cannot_be_counted_is_rejected_by_reason_with_its_number(export: Export) -> None:
    lines = [event(n) for n in range(20)]
    lines += [event(30, ActionGeo_CountryCode=""), event(31, ActionGeo_CountryCode="OS"), event(32, ActionGeo_CountryCode="OS")]
    lines += [event(33, SQLDATE="20251124"), event(34, SQLDATE="20261341"), event(35, EventRootCode="---"), event(7)]
    parsed = SOURCE.read(export(*lines))
    assert values(parsed, "gdelt_events") == {"MLI": 20}
    assert reasons(parsed) == {
        "no country is given",
        "the country code OS belongs to no state",
        "it is dated outside the days of these files",
        "SQLDATE is no date",
        "the event has no class",
        "the event id came before",
    }
    oceans = parsed.rejected.filter(pl.col("reason").str.contains("OS")).row(0, named=True)
    assert oceans["row"] == 22
    assert f'{{"file": "{NAME}", "events": 2}}' == oceans["content"]


def test_an_event_in_two_files_counts_once(export: Export) -> None:
    later = "20261124003000.export.CSV.zip"
    parsed = SOURCE.read(export(event(1), event(2), event(3)) | export(event(3), event(4), name=later))
    assert values(parsed, "gdelt_events") == {"MLI": 4}
    assert parsed.rejected.select("row", "reason").rows() == [(1, "the event id came before")]
    assert later in parsed.rejected["content"][0]


def test_fips_codes_are_not_iso_codes(export: Export) -> None:
    codes = {"NG": "NER", "NI": "NGA", "SU": "SDN", "OD": "SSD", "BM": "MMR", "AU": "AUT", "GZ": "PSE", "WE": "PSE"}
    parsed = SOURCE.read(export(*(event(n, ActionGeo_CountryCode=code) for n, code in enumerate(codes))))
    assert values(parsed, "gdelt_events") == dict.fromkeys(codes.values(), 1) | {"PSE": 2}


def test_windows_line_ends_and_broken_place_names_are_read(export: Export, tmp_path: Path) -> None:
    assert values(SOURCE.read(export(event(1), event(2), end="\r\n")), "gdelt_events") == {"MLI": 2}
    path = tmp_path / NAME
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(NAME.removesuffix(".zip"), event(1, ActionGeo_FullName="Ségou").encode("latin-1") + b"\n")
    assert values(SOURCE.read({NAME: path}), "gdelt_events") == {"MLI": 1}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (event(1) + "\tmore", "row 2 has 62 fields instead of 61, the last 'more'"),
        (event(1)[:60], "row 2 has"),
        (event(1, EventRootCode="21"), "EventRootCode has codes new to this connector"),
        (event(1, QuadClass="5"), "QuadClass has codes new"),
        (event(1, GLOBALEVENTID="=1+1"), "row 2: GLOBALEVENTID is '=1[+]1'"),
        (event(1, GLOBALEVENTID="9" * 30), "row 2: GLOBALEVENTID"),
        (event(1, DATEADDED="20200101000000"), "row 2: DATEADDED is '20200101000000'"),
        (event(1, ActionGeo_CountryCode="Mali"), "row 2: ActionGeo_CountryCode is 'Mali'"),
        (event(1, ActionGeo_CountryCode="M\0"), "row 2: ActionGeo_CountryCode"),
        (event(1, ActionGeo_ADM1Code="12.5"), "row 2: ActionGeo_ADM1Code"),
        (",".join(COLUMNS), "row 2 has 1 fields"),
        ("\t".join(COLUMNS), "codes new to this connector"),
    ],
)
def test_a_row_of_another_form_is_refused_by_name(export: Export, line: str, said: str) -> None:
    with pytest.raises(UnexpectedData, match=said):
        SOURCE.read(export(event(0), line))


def test_files_that_are_no_exports_are_refused(export: Export, tmp_path: Path) -> None:
    refused = {
        "20261124001500.translation.export.CSV.zip": "translated stream",
        "20261124001500.mentions.CSV.zip": "is not an export of GDELT 2.0",
        "00010101000000.export.CSV.zip": "is not an export of GDELT 2.0",
        "99991231234500.export.CSV.zip": "is not an export of GDELT 2.0",
        "20150101.export.CSV.zip": "is not an export of GDELT 2.0",
        "20261399001500.export.CSV.zip": "is not an export of GDELT 2.0",
    }
    for name, said in refused.items():
        with pytest.raises(UnexpectedData, match=said):
            SOURCE.read(export(event(1), name=name))
    with pytest.raises(UnexpectedData, match="holds no event"):
        SOURCE.read(export())
    with pytest.raises(UnexpectedData, match="of 3 events"):
        SOURCE.read(export(event(1, ActionGeo_CountryCode=""), event(2, ActionGeo_CountryCode=""), event(3)))
    path = tmp_path / NAME
    path.write_bytes(b"PK\x03\x04 cut")
    with pytest.raises(UnexpectedData, match="cut off or damaged"):
        SOURCE.read({NAME: path})
    bomb = tmp_path / "20261124003000.export.CSV.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("20261124003000.export.CSV", "w") as member:
        for _ in range(31):
            member.write(b"0" * 10_000_000)
    with pytest.raises(UnexpectedData, match="unpacks to more than"):
        SOURCE.read({bomb.name: bomb})


def test_the_master_list_is_held_to(export: Export, tmp_path: Path) -> None:
    files = export(event(1))
    content = files[NAME].read_bytes()
    md5 = hashlib.md5(content, usedforsecurity=False).hexdigest()
    lines = tmp_path / "masterfilelist.txt"
    other = "\nbroken line\n10 0123 http://x\n"
    lines.write_text(f"{len(content)} {md5} {master_list.ROOT}{NAME}{other}")
    assert values(SOURCE.read(files | {lines.name: lines}), "gdelt_events") == {"MLI": 1}
    lines.write_text(f"{len(content)} {'0' * 32} {master_list.ROOT}{NAME}{other}")
    with pytest.raises(UnexpectedData, match="MD5 or size differs"):
        SOURCE.read(files | {lines.name: lines})
    lines.write_text(other)
    with pytest.raises(UnexpectedData, match="not in the master list"):
        SOURCE.read(files | {lines.name: lines})
    with pytest.raises(UnexpectedData, match="A master list alone"):
        SOURCE.read({lines.name: lines})


@pytest.mark.parametrize(
    ("environ", "days"),
    [
        ({}, ("2026-11-23", "2026-11-23")),
        ({"FOREFEND_GDELT_FROM": "2026-11-01"}, ("2026-11-01", "2026-11-23")),
        ({"FOREFEND_GDELT_FROM": "2026-11-24"}, ("2026-11-24", "2026-11-24")),
        ({"FOREFEND_GDELT_TO": "2026-11-02"}, ("2026-11-02", "2026-11-02")),
        ({"FOREFEND_GDELT_FROM": "2026-11-01", "FOREFEND_GDELT_TO": "2026-11-02"}, ("2026-11-01", "2026-11-02")),
    ],
)
def test_days_asked(environ: dict[str, str], days: tuple[str, str]) -> None:
    assert tuple(day.isoformat() for day in days_asked(environ, newest=date(2026, 11, 24))) == days


def test_days_that_cannot_be_asked_are_refused() -> None:
    newest = date(2026, 11, 24)
    for environ, said in [
        ({"FOREFEND_GDELT_FROM": "yesterday"}, "FOREFEND_GDELT_FROM is 'yesterday'"),
        ({"FOREFEND_GDELT_FROM": "2026-11-03", "FOREFEND_GDELT_TO": "2026-11-02"}, "lies after"),
        ({"FOREFEND_GDELT_FROM": "2015-02-19"}, "more than 366 days"),
    ]:
        with pytest.raises(SourceError, match=said):
            days_asked(environ, newest=newest)


@pytest.mark.loopback
def test_collect_takes_the_days_asked_and_keeps_their_lines(
    publisher: Any, export: Export, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = f"{publisher.root}/gdeltv2/"
    monkeypatch.setattr(master_list, "ROOT", root)
    names = [f"2026112{day}120000.export.CSV.zip" for day in (2, 3, 4)]
    contents = {name: export(event(int(name[:8]), SQLDATE=name[:8], DATEADDED=name[:14]), name=name)[name].read_bytes() for name in names}
    listed = "".join(f"{len(c)} {hashlib.md5(c, usedforsecurity=False).hexdigest()} {root}{n}\n" for n, c in contents.items())
    for path, content in {"/gdeltv2/masterfilelist.txt": f"1 {'0' * 32} {root}x.gkg.csv.zip\n{listed}".encode()}.items():
        publisher.file(content)
        publisher.by_path[path] = publisher.answers.pop()
    for name, content in contents.items():
        publisher.file(content)
        publisher.by_path[f"/gdeltv2/{name}"] = publisher.answers.pop()
    asking = Asking(source="gdelt_events", folder=tmp_path / "in", connection=Connection(wait_seconds=0), environ={})
    got = collect(asking)
    assert [path.name for path in got] == [LINES, names[1]]  # the newest day is not over
    parsed = SOURCE.read({path.name: path for path in got})
    assert parsed.vintage == "2026-11-23"
    assert not (tmp_path / "in" / "masterfilelist.txt").exists()
    ranged = Asking(
        source="gdelt_events",
        folder=tmp_path / "in",
        connection=Connection(wait_seconds=0),
        environ={"FOREFEND_GDELT_FROM": "2026-11-22", "FOREFEND_GDELT_TO": "2026-11-24"},
    )
    got = collect(ranged)
    assert [path.name for path in got] == [LINES, *names]
    assert SOURCE.read({path.name: path for path in got}).vintage == "2026-11-22..2026-11-24"


@pytest.mark.loopback
def test_collect_refuses_addresses_of_others_and_empty_lists(publisher: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(master_list, "ROOT", f"{publisher.root}/")
    environ = {"FOREFEND_GDELT_FROM": "2026-11-24", "FOREFEND_GDELT_TO": "2026-11-24"}
    for n, (text, said) in enumerate(
        [
            (f"1 {'0' * 32} http://elsewhere.example/{NAME}\n", "outside the publisher's"),
            ("moved\n", "lists no export"),
            (f"1 {'0' * 32} {publisher.root}/20150218230000.export.CSV.zip\n", "lists no export from 2026-11-24"),
        ]
    ):
        publisher.file(text.encode())
        publisher.by_path["/masterfilelist.txt"] = publisher.answers.pop()
        asking = Asking(source="gdelt_events", folder=tmp_path / str(n), connection=Connection(wait_seconds=0), environ=environ)
        with pytest.raises(SourceError, match=said):
            collect(asking)


def test_first_subnational_level_is_read_where_it_is_more_than_the_state(export: Export, tmp_path: Path) -> None:
    lines = [event(1), event(2, ActionGeo_ADM1Code="ML"), event(3, ActionGeo_ADM1Code="")]
    parts = unpack(export(*lines), folder=tmp_path)
    assert pl.read_parquet(parts)["admin1"].to_list() == ["ML04", None, None]


def test_the_third_partys_months(tmp_path: Path) -> None:
    header = "country_iso3,year_month,gdelt_conflict_event_count,gdelt_protest_event_count,gdelt_goldstein_mean\n"

    def mirror(text: str) -> Parsed:
        path = tmp_path / "gdelt_country_month.csv.gz"
        path.write_bytes(gzip.compress((header + text).encode()))
        return SOURCE.read({path.name: path})

    parsed = mirror("MLI,2024-02,12.0,3,-9.5\nMLI,2024-02,1,1,\nANT,2024-02,1,1,\nMLI,2024-13,1,1,\nMLI,2024-2,1,1,\nMLI,9999-12,1,1,\n")
    assert parsed.tables["observations"].select("indicator", "start", "end", "value").rows() == [
        ("gdelt1_conflict_events", date(2024, 2, 1), date(2024, 2, 29), 12.0),
        ("gdelt1_protest_events", date(2024, 2, 1), date(2024, 2, 29), 3.0),
    ]
    assert parsed.rejected["row"].to_list() == [3, 4, 5, 6, 2]
    assert parsed.vintage == "months-to-2024-02"
    for bad in ("-1", "x", "1e300", "99999999", ""):
        with pytest.raises(UnexpectedData, match="row 1: gdelt_conflict_event_count"):
            mirror(f"MLI,2024-02,{bad},3,\n")


def test_the_third_partys_real_file(data: Path, tmp_path: Path) -> None:
    path = data / "structural" / "gdelt_country_month.csv.gz"
    store = Store(tmp_path / "store")
    snapshot = import_files(store, SOURCE, [path], today=date(2026, 11, 25), published=date(2025, 1, 1))
    assert (snapshot.rows["observations"], snapshot.rejected) == (2 * 83_040, 0)
    rows = pl.read_parquet(store.folder(snapshot) / "observations.parquet")
    afghan = rows.filter((pl.col("iso3") == "AFG") & (pl.col("start") == date(1985, 1, 1))).sort("indicator")
    assert afghan["value"].to_list() == [156, 7]


CHANGES = st.sampled_from(["cut", "swap", "drop", "double", "blank", "nul", "long", "utf16", "html"])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(change=CHANGES, column=st.integers(0, 60), other=st.integers(0, 60))
def test_any_change_is_read_whole_or_refused(tmp_path: Path, change: str, column: int, other: int) -> None:
    """No traceback, and no event lost without being counted."""
    rows = [event(n, SOURCEURL="https://news.example.org/1").split("\t") for n in range(6)]
    for row in rows:
        _change(row, change, column, other)
    text = "\n".join("\t".join(row) for row in rows) + "\n"
    content = text.encode("utf-16") if change == "utf16" else b"<html></html>" if change == "html" else text.encode()
    path = tmp_path / NAME
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(NAME.removesuffix(".zip"), content[: len(content) - 70] if change == "cut" else content)
    try:
        parsed = SOURCE.read({NAME: path})
    except (ForefendError, *UNREADABLE) as refusal:
        assert isinstance(refusal, ForefendError), refusal  # noqa: PT017
        return
    lost = sum(int(content.rsplit(" ", 1)[-1].rstrip("}")) for content in parsed.rejected["content"])
    assert sum(values(parsed, "gdelt_events").values()) + lost == len(rows)


def _change(row: list[str], change: str, column: int, other: int) -> None:
    if change == "swap":
        row[column], row[other] = row[other], row[column]
    elif change == "drop":
        del row[column]
    elif change == "double":
        row.insert(column, row[column])
    elif change in {"blank", "nul", "long"}:
        row[column] = {"blank": "", "nul": "\0", "long": "9" * 400}[change]
