"""Readers feel no writer: no lock, no half snapshot; a writer killed in the middle leaves what was there."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from forefend.store import Snapshot, Store, observations

Add = Callable[..., Snapshot]
STATES = [f"A{n:02}" for n in range(90)]
PATIENCE_SECONDS = 30

# Writes one more snapshot and stops in the middle of it, with the tables on disk and the record not yet in place.
WRITER = """
import sys
from datetime import UTC, date, datetime
from pathlib import Path
import polars as pl
from forefend.store import Snapshot, Store, writing
from forefend.store.snapshot import describe_file, snapshot_id
from forefend.store.tables import REJECTED

def stop(folder):
    assert (folder / "observations.parquet").is_file()
    print("half written", flush=True)
    sys.stdin.readline()

writing._flush = stop
root, path = Path(sys.argv[1]), Path(sys.argv[2])
files = (describe_file(path),)
table = pl.DataFrame({"iso3": ["A00"], "indicator": "x", "start": date(2024, 1, 1), "end": date(2024, 12, 31), "value": 99.0, "row": 1})
snapshot = Snapshot(id=snapshot_id(source="ucdp", vintage="99", files=files), source="ucdp", title="t", publisher="p", vintage="99",
    published=date(2030, 1, 1), licence="l", may_ship=True, grade="A", citation="c", address="https://example.org",
    retrieved=datetime(2026, 1, 1, tzinfo=UTC), files=files, contents={"observations": ["x"]}, rows={"observations": 1})
Store(root).write(snapshot, files=[path], tables={"observations": table}, rejected=REJECTED.to_frame())
"""


def release(add: Add, number: int, **given: object) -> Snapshot:
    """A release in which every value is its number, so that a mixture would be seen."""
    rows = [(iso3, "x", 2024, float(number)) for iso3 in STATES]
    return add(str(number), date(2025, 1, 1) + timedelta(days=number), observations=rows, **given)


def seen(store: Store) -> float:
    """Read all states; returns the one value that they must share."""
    frame = store.read(observations("x")).frame
    assert frame.height == len(STATES)
    assert frame["value"].n_unique() == 1
    return float(frame["value"][0])


def test_readers_see_whole_snapshots_while_a_writer_lands_them(store: Store, add: Add) -> None:
    release(add, 0)
    ended, failures, reads = threading.Event(), list[BaseException](), list[float]()

    def read_on() -> None:
        own, last = Store(store.root), -1.0
        try:
            while not ended.is_set():
                own.refresh()
                value = seen(own)
                assert value >= last, "an older snapshot after a newer one"
                last = value
                reads.append(value)
        except BaseException as failure:  # noqa: BLE001 told by the test itself
            failures.append(failure)

    readers = [threading.Thread(target=read_on) for _ in range(3)]
    for reader in readers:
        reader.start()
    for number in range(1, 9):
        release(add, number)
    ended.set()
    for reader in readers:
        reader.join(PATIENCE_SECONDS)
    assert not failures
    assert seen(Store(store.root)) == 8
    assert reads


def test_readers_do_not_wait_for_the_writers_lock(store: Store, add: Add) -> None:
    """While the lock is held: a new reader opens, lists and reads."""
    release(add, 0)
    with store.writing():
        done = threading.Event()

        def read_once() -> None:
            own = Store(store.root)
            assert own.snapshots
            assert seen(own) == 0
            done.set()

        threading.Thread(target=read_once).start()
        assert done.wait(PATIENCE_SECONDS)


def test_a_writer_killed_half_way_leaves_the_previous_state(store: Store, add: Add, tmp_path: Path) -> None:
    """Killed, not stopped: nothing of it can tidy up."""
    release(add, 1)
    before = {path: path.read_bytes() for path in (store.root / "snapshots").rglob("*") if path.is_file()}
    path = tmp_path / "new.csv"
    path.write_text("new\n")
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(store.root), str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "half written\n"
        assert list((store.root / "incoming").rglob("observations.parquet"))
        assert seen(Store(store.root)) == 1  # while it is being written
        writer.send_signal(signal.SIGKILL)
        assert writer.wait(PATIENCE_SECONDS) == -signal.SIGKILL
    assert {path: path.read_bytes() for path in (store.root / "snapshots").rglob("*") if path.is_file()} == before
    assert seen(Store(store.root)) == 1
    release(add, 2)  # the lock went with the process, and what it left is swept away
    assert seen(Store(store.root)) == 2
    assert not (store.root / "incoming").exists()
