"""Fetching from a publisher that answers badly: nothing half is stored, nothing good is lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from forefend.errors import ForefendError, SourceUnavailable, StoreError, UnexpectedData
from forefend.sources.intake import fetch, import_files
from forefend.sources.registry import Source
from forefend.store import Snapshot, Store
from forefend.store.fetch import Connection

pytestmark = pytest.mark.loopback
TODAY = date(2026, 11, 24)
QUICK = Connection(attempts=3, wait_seconds=0, timeout_seconds=5)
Release = Callable[..., Path]


@pytest.fixture
def source(tiny: Source, publisher: Any) -> Source:
    return replace(tiny, metadata=tiny.metadata.model_copy(update={"address": publisher.address}))


@pytest.fixture
def take(store: Store, source: Source) -> Callable[..., Snapshot]:
    def fetch_it(**given: Any) -> Snapshot:
        return fetch(store, source, today=TODAY, connection=QUICK, **given)

    return fetch_it


Take = Callable[..., Snapshot]


def test_whole_file_is_stored(take: Take, store: Store, publisher: Any, release: Release) -> None:
    content = release().read_bytes()
    publisher.file(content, modified="Mon, 01 Jun 2026 08:00:00 GMT")
    seen: list[tuple[str, int, int | None]] = []
    snapshot = take(progress=lambda *step: seen.append(step))
    assert snapshot.published == date(2026, 6, 1)
    assert snapshot.vintage == "2026-11-24"
    assert (store.root / "snapshots" / snapshot.id / "files" / "tiny.csv").read_bytes() == content
    assert seen[-1] == ("tiny.csv", len(content), len(content))
    assert take() == snapshot, "the same bytes are stored once"
    assert len(store.snapshots) == 1
    assert [path for path in (store.root / "incoming-downloads").rglob("*") if path.is_file()] == []


def test_404_is_not_asked_again(take: Take, store: Store, publisher: Any) -> None:
    publisher.status(404)
    with pytest.raises(SourceUnavailable, match=r"tiny\.csv answered 404 \(Not Found\)"):
        take()
    assert len(publisher.requests) == 1
    assert store.snapshots == ()


def test_429_waits_as_asked(take: Take, publisher: Any, release: Release) -> None:
    publisher.status(429, Retry_After="0")
    publisher.file(release().read_bytes())
    assert take().rows == {"observations": 10}
    assert len(publisher.requests) == 2


@pytest.mark.parametrize("when", ["3600", "Fri, 31 Dec 2100 23:59:59 GMT"])
def test_429_with_a_long_wait_is_told_at_once(take: Take, publisher: Any, when: str) -> None:
    publisher.status(429, Retry_After=when)
    with pytest.raises(SourceUnavailable, match=r"429 \(Too Many Requests\) and asks to wait \d+ seconds"):
        take()
    assert len(publisher.requests) == 1


def test_500_is_asked_again_then_refused(take: Take, publisher: Any, release: Release) -> None:
    publisher.status(500)
    publisher.status(503)
    publisher.file(release().read_bytes())
    assert take().rows == {"observations": 10}
    publisher.answers.clear()
    publisher.status(500)
    with pytest.raises(SourceUnavailable, match="500"):
        take()
    assert len(publisher.requests) == 6


def test_broken_line_is_resumed_where_it_broke(take: Take, store: Store, publisher: Any, release: Release) -> None:
    content = release(states=5000).read_bytes()
    publisher.file(content, cut_after=30_000)
    publisher.file(content)
    snapshot = take()
    assert publisher.requests[1]["Range"] == "bytes=30000-"
    assert publisher.requests[1]["If-Range"] == '"1"'
    assert (store.root / "snapshots" / snapshot.id / "files" / "tiny.csv").read_bytes() == content


def test_body_that_always_breaks_is_kept_for_the_next_call(take: Take, store: Store, publisher: Any, release: Release) -> None:
    content = release(states=5000).read_bytes()
    publisher.file(content, cut_after=1000)
    with pytest.raises(SourceUnavailable, match=r"could not be downloaded|bytes"):
        take()
    assert store.snapshots == ()
    publisher.answers.clear()
    publisher.file(content)
    assert take().rows == {"observations": 5000}
    assert publisher.requests[-1]["Range"] == "bytes=3000-"


def test_file_changed_between_is_taken_from_the_start(take: Take, store: Store, publisher: Any, release: Release) -> None:
    publisher.file(release(states=5000).read_bytes(), tag='"old"', cut_after=1000)
    content = release(states=4000, value="2").read_bytes()
    publisher.file(content, tag='"new"')
    snapshot = take()
    assert (store.root / "snapshots" / snapshot.id / "files" / "tiny.csv").read_bytes() == content


def test_weak_mark_is_not_resumed(take: Take, publisher: Any, release: Release) -> None:
    content = release(states=5000).read_bytes()
    publisher.file(content, tag='W/"1"', cut_after=1000)
    publisher.file(content, tag='W/"1"')
    assert take().rows == {"observations": 5000}
    assert "Range" not in publisher.requests[1]


def test_range_refused_starts_over(take: Take, publisher: Any, release: Release) -> None:
    content = release(states=5000).read_bytes()
    publisher.file(content, cut_after=1000)
    publisher.status(416)
    publisher.file(content)
    assert take().rows == {"observations": 5000}
    assert "Range" not in publisher.requests[2]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"<!DOCTYPE html><html><body>Log in</body></html>", "tiny.csv is a web page, not data"),
        (b"\xef\xbb\xbf\n <html>moved</html>", "tiny.csv is a web page, not data"),
        (b"", "sent an empty file"),
        (b"  \n", "tiny.csv is empty"),
    ],
)
def test_what_is_not_the_file_is_refused(take: Take, store: Store, publisher: Any, content: bytes, sentence: str) -> None:
    publisher.file(content)
    with pytest.raises(ForefendError, match=sentence):
        take()
    assert store.snapshots == ()


def test_changed_header_leaves_the_good_snapshot(take: Take, store: Store, source: Source, publisher: Any, release: Release) -> None:
    good = import_files(store, source, [release()], today=TODAY, vintage="2026-01-01")
    for header, sentence in [("iso3,year,value,quality", "Unread columns.*quality"), ("iso3,jahr,value", "Columns missing.*year")]:
        publisher.answers.clear()
        publisher.file(release("new.csv", header=header).read_bytes())
        with pytest.raises(UnexpectedData, match=sentence):
            take()
        assert store.snapshots == (good,)


def test_much_smaller_release_leaves_the_good_snapshot(take: Take, store: Store, source: Source, publisher: Any, release: Release) -> None:
    good = import_files(store, source, [release()], today=TODAY, vintage="2026-01-01")
    publisher.file(release("new.csv", states=8, value="3").read_bytes())
    with pytest.raises(UnexpectedData, match="holds 8 rows, but 2026-01-01, which is stored, holds 10"):
        take()
    assert store.snapshots == (good,)
    publisher.answers.clear()
    publisher.file(release("new.csv", states=9, value="3").read_bytes())
    assert take().rows == {"observations": 9}


def test_no_server_is_one_sentence(store: Store, tiny: Source, socket_enabled: None) -> None:
    for address in ("http://127.0.0.1:1/tiny.csv", "ftp://127.0.0.1/tiny.csv", "http://[::/tiny.csv"):
        source = replace(tiny, metadata=tiny.metadata.model_copy(update={"address": address}))
        with pytest.raises(SourceUnavailable, match=r"could not be downloaded|not an address"):
            fetch(store, source, today=TODAY, connection=QUICK)


def test_name_that_leads_nowhere_is_told_at_once(store: Store, tiny: Source, socket_enabled: None) -> None:
    source = replace(tiny, metadata=tiny.metadata.model_copy(update={"address": "https://nowhere.invalid/tiny.csv"}))
    patient = Connection(attempts=3, wait_seconds=600)
    with pytest.raises(SourceUnavailable, match="Check the network, or import the file from disk"):
        fetch(store, source, today=TODAY, connection=patient)


def test_source_without_download_says_import(store: Store, tiny: Source) -> None:
    source = replace(tiny, metadata=tiny.metadata.model_copy(update={"is_download": False}))
    with pytest.raises(ForefendError, match="not published as a download"):
        fetch(store, source, today=TODAY)


def test_full_disk_while_downloading(take: Take, store: Store, publisher: Any, release: Release, monkeypatch: pytest.MonkeyPatch) -> None:
    publisher.file(release().read_bytes())

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("forefend.store.fetch.os.fsync", full)
    with pytest.raises(StoreError, match="could not be written: No space left on device"):
        take()
    assert store.snapshots == ()
