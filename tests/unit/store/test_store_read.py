"""Reading: newest snapshot, as of a date, several snapshots, several subjects, nothing from the future."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from forefend.errors import NotLoaded, StoreError
from forefend.store import Query, Snapshot, Store, observations
from forefend.store.cache import RowCache

Add = Callable[..., Snapshot]


DEATHS = observations("deaths")


def values(store: Store, query: Query, as_of: date | None = None) -> list[float]:
    return store.read(query, as_of=as_of).frame["value"].to_list()


def test_newest_publication_answers(store: Store, add: Add) -> None:
    add("2", date(2025, 6, 1), observations=[("SDN", "deaths", 2023, 20.0)])
    add("1", date(2024, 6, 1), observations=[("SDN", "deaths", 2023, 10.0)])
    reading = store.read(DEATHS)
    assert reading.frame["value"].to_list() == [20.0]
    assert reading.snapshots[0].vintage == "2"
    assert not reading.is_revised
    assert reading.frame["snapshot_id"].to_list() == [reading.snapshots[0].id]


def test_as_of_reads_the_release_known_then(store: Store, add: Add) -> None:
    add("1", date(2024, 6, 1), observations=[("SDN", "deaths", 2023, 10.0)])
    add("2", date(2025, 6, 1), observations=[("SDN", "deaths", 2023, 20.0), ("SDN", "deaths", 2024, 5.0)])
    assert values(store, DEATHS, date(2025, 5, 31)) == [10.0]
    assert values(store, DEATHS, date(2025, 6, 1)) == [20.0, 5.0]


def test_planted_future_is_not_seen(store: Store, add: Add) -> None:
    """The only release is younger than the day asked for: later periods stay hidden, the rest reads revised."""
    add("1", date(2025, 6, 1), observations=[("SDN", "deaths", 2022, 1.0), ("SDN", "deaths", 2023, 2.0), ("SDN", "deaths", 2030, 999.0)])
    reading = store.read(DEATHS, as_of=date(2023, 6, 30))
    assert reading.frame["value"].to_list() == [1.0]
    assert reading.is_revised
    known = store.read(DEATHS, as_of=date(2026, 1, 1))
    assert known.frame["value"].to_list() == [1.0, 2.0], "a projection beyond the day is not an observation"
    assert not known.is_revised


def test_facts_from_a_younger_release_have_begun(store: Store, add: Add) -> None:
    facts = [("GHA", "election", date(2020, 12, 7)), ("GHA", "election", date(2024, 12, 7)), ("GHA", "election", None)]
    add("1", date(2025, 1, 1), facts=facts)
    query = Query(table="facts", subject="election")
    assert store.read(query, as_of=date(2024, 1, 1)).frame["start"].to_list() == [date(2020, 12, 7), None]
    assert store.read(query, as_of=date(2024, 1, 1)).is_revised
    assert store.read(query).frame.height == 3


def test_facts_announced_by_then_are_seen(store: Store, add: Add) -> None:
    add("1", date(2023, 1, 1), facts=[("GHA", "election", date(2024, 12, 7))])
    reading = store.read(Query(table="facts", subject="election"), as_of=date(2024, 1, 1))
    assert reading.frame.height == 1
    assert not reading.is_revised


def test_priority_breaks_ties_of_one_day(store: Store, add: Add) -> None:
    day = date(2026, 6, 10)
    add("26.1", day, source="events", priority=2, observations=[("SDN", "deaths", 2025, 7.0)])
    add("26.1", day, source="sums", priority=1, observations=[("SDN", "deaths", 2025, 8.0)])
    assert values(store, DEATHS) == [7.0]


def test_own_snapshot_stands_before_an_embedded_equal(tmp_path: Path, add: Add) -> None:
    packed = Store(tmp_path / "packed")
    add("1", date(2026, 1, 1), into=packed, source="packed", is_embedded=True, observations=[("SDN", "deaths", 2025, 1.0)])
    own = Store(tmp_path / "own", embedded=tmp_path / "packed")
    assert values(own, DEATHS) == [1.0]
    add("1", date(2026, 1, 1), into=own, source="own", observations=[("SDN", "deaths", 2025, 2.0)])
    assert values(own, DEATHS) == [2.0]
    assert [s.is_embedded for s in own.snapshots] == [True, False]


def test_same_snapshot_embedded_and_own_reads_the_own_folder(tmp_path: Path, add: Add) -> None:
    packed = Store(tmp_path / "packed")
    add("1", date(2026, 1, 1), into=packed, is_embedded=True, observations=[("SDN", "deaths", 2025, 1.0)])
    own = Store(tmp_path / "own", embedded=tmp_path / "packed")
    assert values(own, DEATHS) == [1.0]
    add("1", date(2026, 1, 1), into=own, observations=[("SDN", "deaths", 2024, 4.0), ("SDN", "deaths", 2025, 1.0)])
    assert values(own, DEATHS) == [4.0, 1.0], "rows kept in memory are read anew"
    assert len(own.snapshots) == 1


def test_several_subjects_come_each_from_their_newest(store: Store, add: Add) -> None:
    add("1", date(2024, 1, 1), source="a", observations=[("SDN", "x", 2020, 1.0), ("SDN", "y", 2020, 2.0)])
    add("2", date(2025, 1, 1), source="b", observations=[("SDN", "y", 2020, 3.0)])
    reading = store.read(observations(("x", "y")))
    assert dict(reading.frame.select("indicator", "value").iter_rows()) == {"x": 1.0, "y": 3.0}
    assert [s.source for s in reading.snapshots] == ["a", "b"]
    pinned = store.pin(observations(("x", "y")))
    add("3", date(2026, 1, 1), source="c", observations=[("SDN", "x", 2020, 9.0), ("SDN", "y", 2020, 9.0)])
    assert store.read(pinned).frame.equals(reading.frame)
    assert Query.from_dict(pinned.to_dict()) == pinned


def test_revised_if_any_part_is(store: Store, add: Add) -> None:
    add("1", date(2020, 1, 1), source="a", observations=[("SDN", "x", 2018, 1.0)])
    add("2", date(2025, 1, 1), source="b", observations=[("SDN", "y", 2018, 3.0)])
    assert store.read(observations(("x", "y")), as_of=date(2021, 1, 1)).is_revised
    assert not store.read(observations("x"), as_of=date(2021, 1, 1)).is_revised


def test_period_bounds_are_included(store: Store, add: Add) -> None:
    add("1", date(2025, 1, 1), observations=[*(("SDN", "deaths", year, float(year)) for year in range(2018, 2024))])
    assert values(store, observations("deaths", start=date(2019, 1, 1), end=date(2020, 12, 31))) == [2019.0, 2020.0]
    assert values(store, observations("deaths", iso3=("GHA", "FRA"))) == []


def test_absent_subject_names_its_source(tmp_path: Path) -> None:
    store = Store(tmp_path, providers=lambda: {"ucdp_os_deaths": "ucdp_ged"})
    with pytest.raises(NotLoaded, match="forefend sources fetch ucdp_ged") as refusal:
        store.read(observations("ucdp_os_deaths"))
    assert refusal.value.source == "ucdp_ged"


def test_table_without_rows_in_a_pinned_snapshot_is_empty(store: Store, add: Add) -> None:
    snapshot = add("1", date(2025, 1, 1), observations=[("SDN", "deaths", 2020, 1.0)])
    reading = store.read(Query(table="ties", subject="aid", snapshot_id=snapshot.id))
    assert reading.frame.height == 0
    assert {"channel", "snapshot_id"} <= set(reading.frame.columns)


def test_each_source_is_shown_where_they_disagree(store: Store, add: Add) -> None:
    add("1", date(2022, 8, 1), source="mirror_a", facts=[("FRA", "treaty", date(1998, 7, 18))])
    add("1", date(2023, 8, 1), source="mirror_b", facts=[("FRA", "treaty", date(2000, 6, 9))])
    readings = store.read_each(Query(table="facts", subject="treaty"))
    assert [(r.snapshots[0].source, r.frame["start"].item()) for r in readings] == [
        ("mirror_a", date(1998, 7, 18)),
        ("mirror_b", date(2000, 6, 9)),
    ]
    assert len(store.read_each(Query(table="facts", subject="treaty"), as_of=date(2022, 12, 31))) == 1


def test_unknown_column_and_unmatched_pins_are_mistakes_in_code() -> None:
    with pytest.raises(ValueError, match="no column colour"):
        Query(table="ties", subject="aid", where=(("colour", "red"),))
    with pytest.raises(ValueError, match="one for each"):
        Query(table="ties", subject="aid", snapshot_id=("a", "b"))


def test_missing_and_unreadable_tables_are_named(store: Store, add: Add) -> None:
    snapshot = add("1", date(2025, 1, 1), observations=[("SDN", "deaths", 2020, 1.0)])
    path = store.root / "snapshots" / snapshot.id / "observations.parquet"
    path.write_bytes(b"PAR1 this is not parquet PAR1")
    with pytest.raises(StoreError, match=r"observations\.parquet is damaged"):
        store.read(DEATHS)
    path.unlink()
    with pytest.raises(StoreError, match=r"observations\.parquet is damaged or missing"):
        Store(store.root).read(DEATHS)


def test_damaged_record_is_named(store: Store, add: Add) -> None:
    snapshot = add("1", date(2025, 1, 1), observations=[("SDN", "deaths", 2020, 1.0)])
    (store.root / "snapshots" / snapshot.id / "snapshot.json").write_text('{"id": "x"}')
    with pytest.raises(StoreError, match=r"snapshot\.json is damaged"):
        _ = Store(store.root).snapshots


@pytest.mark.parametrize("change", [("contents", ["deaths"]), ("rows", {"observations": "many"}), ("files", 5)])
def test_record_of_another_shape_is_named(store: Store, add: Add, change: tuple[str, object]) -> None:
    snapshot = add("1", date(2025, 1, 1), observations=[("SDN", "deaths", 2020, 1.0)])
    path = store.root / "snapshots" / snapshot.id / "snapshot.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | dict([change])))
    with pytest.raises(StoreError, match=r"snapshot\.json is damaged"):
        _ = Store(store.root).snapshots


def test_snapshot_without_its_record_is_not_passed_over(store: Store, add: Add) -> None:
    snapshot = add("1", date(2025, 1, 1), observations=[("SDN", "deaths", 2020, 1.0)])
    (store.root / "snapshots" / snapshot.id / "snapshot.json").unlink()
    with pytest.raises(StoreError, match=r"snapshot\.json is damaged or missing"):
        _ = Store(store.root).snapshots


def test_table_damaged_inside_is_named_wherever_it_is_read(store: Store, add: Add) -> None:
    snapshot = add("1", date(2025, 1, 1), observations=[("SDN", "deaths", 1990 + n, n / 7) for n in range(30)])
    folder = store.root / "snapshots" / snapshot.id
    for name in ("observations", "rejected"):
        path = folder / f"{name}.parquet"
        whole = path.read_bytes()
        footer = int.from_bytes(whole[-8:-4], "little") + 8
        path.write_bytes(b"PAR1" + bytes(len(whole) - footer - 4) + whole[-footer:])
    with pytest.raises(StoreError, match=r"observations\.parquet is damaged"):
        store.newest_period(snapshot)
    with pytest.raises(StoreError, match=r"observations\.parquet is damaged"):
        store.read(DEATHS)


def test_unknown_snapshot(store: Store) -> None:
    with pytest.raises(StoreError, match="no snapshot nothing"):
        store.snapshot("nothing")


def test_open_store_sees_what_another_process_wrote(store: Store, add: Add) -> None:
    add("1", date(2024, 1, 1), observations=[("SDN", "deaths", 2020, 1.0)])
    other = Store(store.root)
    assert values(other, DEATHS) == [1.0]
    before = other.version
    assert not other.refresh()
    add("2", date(2025, 1, 1), observations=[("SDN", "deaths", 2020, 2.0)])
    assert values(other, DEATHS) == [1.0], "one page is written from one state of the store"
    assert other.refresh()
    assert other.version != before
    assert values(other, DEATHS) == [2.0]


def test_many_threads_read_alike(store: Store, add: Add) -> None:
    rows = [("SDN", f"x{n}", year, float(n * year)) for n in range(12) for year in range(1990, 2020)]
    add("1", date(2025, 1, 1), observations=[*rows])
    fresh = Store(store.root)
    asked = [f"x{n % 12}" for n in range(240)]
    with ThreadPoolExecutor(8) as pool:
        sums = list(pool.map(lambda name: fresh.read(observations(name)).frame["value"].sum(), asked))
    expected = {f"x{n}": float(sum(n * year for year in range(1990, 2020))) for n in range(12)}
    assert sums == [expected[name] for name in asked]


def test_cache_is_bounded_and_gives_the_same_rows() -> None:
    cache = RowCache(rows_at_most=300)
    frame = pl.DataFrame({"x": range(100)})
    reads: list[int] = []

    def read(n: int) -> pl.DataFrame:
        reads.append(n)
        return frame

    for n in (1, 2, 1, 3, 1, 2):
        assert cache.get(n, lambda n=n: read(n)) is frame
    assert reads == [1, 2, 3, 2], "two fit; the least recently used leaves"
    cache.get("large", lambda: pl.DataFrame({"x": range(1000)}))
    assert cache.get(1, lambda: read(9)) is frame
    assert reads[-1] == 2, "a frame too large to keep displaces nothing"
    cache.clear()
    cache.get(1, lambda: read(7))
    assert reads[-1] == 7
