"""Freeing disk removes publishers' files of superseded releases, and nothing any number rests on."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from deaths_release import write_release
from forefend.store import Store, compute, observations, recompute
from forefend.store.compaction import compact, size_of


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def test_rows_of_superseded_releases_stay(store: Store, tmp_path: Path) -> None:
    for n in (1, 2, 3):
        write_release(store, tmp_path / f"r{n}", [("SDN", "os", "2020-01", float(n))], vintage=f"2{n}.1", published=date(2020 + n, 6, 1))
    old = store.snapshots[0]
    figure = compute(store, label="x", unit="deaths", formula="total", inputs=[observations("ucdp_os_deaths")], as_of=date(2021, 12, 31))
    assert figure.snapshots == (old,)
    before = size_of(store, old)
    removed = compact(store, keep=1)
    assert [entry.snapshot.vintage for entry in removed] == ["21.1", "22.1"]
    assert all(entry.bytes > 0 for entry in removed)
    assert size_of(store, old) == before - removed[0].bytes
    assert recompute(store, figure) == 1.0
    assert [bool(list((store.folder(s) / "files").glob("*"))) for s in store.snapshots] == [False, False, True]
    assert compact(store, keep=1) == ()
