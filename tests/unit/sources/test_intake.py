"""Importing files: what is stored, what is refused, and that a refusal leaves the store as it was."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest
from filelock import FileLock

from forefend.errors import ForefendError, SourceError, StoreBusy, StoreError, UnexpectedData
from forefend.sources import manifest
from forefend.sources.intake import import_files
from forefend.sources.manifest import attempt_each, import_folder
from forefend.sources.registry import Source, find_source
from forefend.store import Snapshot, Store, observations
from forefend.store.sniff import check_content

TODAY = date(2026, 11, 24)
Release = Callable[..., Path]


def contents(root: Path) -> dict[str, bytes]:
    """Everything under a folder, the empty lock file aside."""
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file() and path.name != "lock"}


def test_import_keeps_bytes_rows_and_rejected_rows(store: Store, tiny: Source, release: Release, tmp_path: Path) -> None:
    path = release()
    path.write_text(path.read_text() + "XXX,2024,many\n")
    when = datetime(2026, 11, 20, tzinfo=UTC)
    snapshot = import_files(store, tiny, [path], today=TODAY, vintage="2026", published=date(2026, 6, 1), retrieved=when)
    assert (snapshot.vintage, snapshot.published, snapshot.retrieved) == ("2026", date(2026, 6, 1), when)
    assert snapshot.rows == {"observations": 10}
    assert snapshot.contents == {"observations": ["tiny"]}
    assert snapshot.rejected == 1
    rejected = store.rejected(snapshot).row(0, named=True)
    assert (rejected["row"], rejected["reason"]) == (11, "no number")
    assert json.loads(rejected["content"])["value"] == "many"
    kept = store.root / "snapshots" / snapshot.id / "files" / "tiny.csv"
    assert kept.read_bytes() == path.read_bytes()
    assert store.read(observations("tiny", iso3="A03")).frame["row"].item() == 4
    assert Store(store.root).snapshots == (snapshot,)
    assert sorted(path.name for path in store.root.iterdir()) == ["lock", "snapshots", "store.json"]


def test_identical_bytes_are_stored_once(store: Store, tiny: Source, release: Release) -> None:
    first = import_files(store, tiny, [release()], today=TODAY, vintage="2026")
    before = contents(store.root)
    assert import_files(store, tiny, [release("again.csv")], today=TODAY, vintage="2027") == first
    assert contents(store.root) == before


def test_day_nobody_knows_counts_from_today(store: Store, tiny: Source, release: Release) -> None:
    snapshot = import_files(store, tiny, [release()], today=TODAY, vintage="2026")
    assert snapshot.published == TODAY
    assert "not known" in snapshot.notes[0]
    dated = tiny.metadata.model_copy(update={"releases": {"2027": date(2026, 11, 1)}})
    later = import_files(store, replace(tiny, metadata=dated), [release("b.csv", value="2")], today=TODAY, vintage="2027")
    assert later.published == date(2026, 11, 1)
    assert later.notes == ()


def test_older_release_is_refused_unless_as_history(store: Store, tiny: Source, release: Release) -> None:
    import_files(store, tiny, [release()], today=TODAY, vintage="26.1", published=date(2026, 6, 10))
    old = release("old.csv", value="2")
    with pytest.raises(SourceError, match=r"tiny 25\.1 is older than 26\.1, which is stored\. Add --as-history"):
        import_files(store, tiny, [old], today=TODAY, vintage="25.1", published=date(2025, 6, 13))
    with pytest.raises(SourceError, match=r"25\.1 is older"):
        import_files(store, tiny, [old], today=TODAY, vintage="25.1")
    with pytest.raises(SourceError, match="Give that day with --published"):
        import_files(store, tiny, [old], today=TODAY, vintage="25.1", allow_older=True)
    assert len(store.snapshots) == 1
    import_files(store, tiny, [old], today=TODAY, vintage="25.1", published=date(2025, 6, 13), allow_older=True)
    assert store.read(observations("tiny", iso3="A01")).frame["value"].item() == 1
    assert store.read(observations("tiny", iso3="A01"), as_of=date(2026, 1, 1)).frame["value"].item() == 2


def test_older_by_day_where_names_cannot_be_compared(store: Store, tiny: Source, release: Release) -> None:
    import_files(store, tiny, [release()], today=TODAY, vintage="May", published=date(2026, 5, 1))
    with pytest.raises(SourceError, match="April 1 is older than May"):
        import_files(store, tiny, [release("b.csv", value="2")], today=TODAY, vintage="April 1", published=date(2026, 4, 1))


def write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("tiny.csv", b"", r"tiny\.csv is empty"),
        ("tiny.csv", b"<html><body>Please log in</body></html>", r"tiny\.csv is a web page"),
        ("tiny.csv", b"country;year\nSDN;2024\n", r"Columns missing in tiny\.csv: iso3, year, value"),
        ("tiny.csv", b"iso3,year,value\nSDN,2024,1,5,6\n", r"tiny\.csv could not be read as tiny"),
        ("tiny.csv", b"iso3,year,value\nSDN,MMXX,1\n", r"tiny\.csv could not be read as tiny"),
        ("tiny.csv", "iso3,year,value\nCôte,2024,1\n".encode("latin-1"), r"tiny\.csv could not be read as tiny"),
        ("tiny.zip", b"PK\x03\x04 and then the line broke", r"tiny\.zip is cut off or damaged"),
        ("tiny.zip", b"no zip at all", r"tiny\.zip is not a zip file"),
        ("tiny.csv", b"iso3,year,value\nSDN,2024,1\n", "tiny 2026 holds 1 rows, fewer than the 2 of a whole release"),
        ("tiny.csv", b"iso3,year,value\nSDN,2023,1\nSDN,2024,1\n", "tiny 2026 holds 1 states, fewer than the 2 of a whole release"),
        ("tiny.csv", b"iso3,year,value\nSDN,2023,x\nGHA,2024,1\n", r"1 of 2 rows cannot be used, the first in row 1 \(no number\)"),
    ],
)
def test_bad_file_is_one_sentence_and_changes_nothing(
    store: Store, tiny: Source, release: Release, tmp_path: Path, name: str, content: bytes, sentence: str
) -> None:
    import_files(store, tiny, [release("good.csv")], today=TODAY, vintage="2025")
    before = contents(store.root)
    with pytest.raises(ForefendError, match=sentence) as refusal:
        import_files(store, tiny, [write(tmp_path / name, content)], today=TODAY, vintage="2026")
    assert "\n" not in str(refusal.value)
    assert contents(store.root) == before


@pytest.mark.parametrize(
    "content",
    [
        b"\n<!-- a note --><!DOCTYPE html><html>",
        b'<?xml version="1.0"?>\n<html xmlns="http://www.w3.org/1999/xhtml">',
        "\ufeff<html>".encode(),
        "<html>".encode("utf-16"),
    ],
)
def test_page_in_disguise_is_a_page(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(UnexpectedData, match="is a web page"):
        check_content(write(tmp_path / "tiny.csv", content))
    with pytest.raises(UnexpectedData, match="is a web page"):
        check_content(write(tmp_path / "tiny.csv.gz", gzip.compress(content)))


def test_cut_off_gzip_is_blamed_on_the_file(store: Store, tiny: Source, tmp_path: Path) -> None:
    rows = "".join(f"A{n:02},2024,{n * 7919}\n" for n in range(5000))
    whole = gzip.compress(f"iso3,year,value\n{rows}".encode())
    with pytest.raises(UnexpectedData, match=r"tiny\.csv\.gz could not be read as tiny"):
        import_files(store, tiny, [write(tmp_path / "tiny.csv.gz", whole[: len(whole) // 2])], today=TODAY, vintage="2026")


def test_names_nobody_can_write_down(store: Store, tiny: Source, release: Release, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="is not a file"):
        import_files(store, tiny, [tmp_path / ("y" * 300)], today=TODAY, vintage="2026")
    for vintage in ("v" * 300, "9" * 5000, "a\nb", "\udcff"):
        with pytest.raises(SourceError, match="is not the name of a release"):
            import_files(store, tiny, [release()], today=TODAY, vintage=vintage)
    with pytest.raises(SourceError, match="is not valid text"):
        import_files(store, tiny, [release("w\udcff.csv")], today=TODAY, vintage="2026")
    assert not store.snapshots


def test_interrupted_after_one_source_says_what_is_stored(store: Store, tiny: Source, release: Release) -> None:
    def stop() -> Snapshot:
        raise KeyboardInterrupt

    first = ("tiny", lambda: import_files(store, tiny, [release()], today=TODAY, vintage="2026"))
    with pytest.raises(SourceError, match=r"stopped; already stored: tiny\. Run the same"):
        attempt_each(store, [first, ("other", stop)])
    with pytest.raises(KeyboardInterrupt):
        attempt_each(store, [first, ("other", stop)])


def test_what_is_asked_wrongly(store: Store, tiny: Source, release: Release, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="does not write the release's name into its files"):
        import_files(store, tiny, [release()], today=TODAY)
    with pytest.raises(SourceError, match="which is in the future"):
        import_files(store, tiny, [release()], today=TODAY, vintage="2026", published=date(2027, 1, 1))
    with pytest.raises(SourceError, match="No file was given"):
        import_files(store, tiny, [], today=TODAY)
    with pytest.raises(SourceError, match=r"gone\.csv is not a file"):
        import_files(store, tiny, [tmp_path / "gone.csv"], today=TODAY)
    with pytest.raises(SourceError, match="the same name"):
        import_files(store, tiny, [release(), release()], today=TODAY)
    with pytest.raises(SourceError, match=r"no source 'nothing'\. Known sources: "):
        find_source("nothing")


def test_full_disk_leaves_the_store_as_it_was(store: Store, tiny: Source, release: Release, monkeypatch: pytest.MonkeyPatch) -> None:
    import_files(store, tiny, [release("good.csv")], today=TODAY, vintage="2025")
    before = contents(store.root)

    def full(*paths: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("forefend.store.writing.shutil.copyfile", full)
    with pytest.raises(StoreError, match=r"could not be written: No space left on device\. Nothing was changed\."):
        import_files(store, tiny, [release(value="2")], today=TODAY, vintage="2026")
    monkeypatch.undo()
    assert contents(store.root) == before

    def full_table(*paths: object, **options: object) -> None:
        raise pl.exceptions.ComputeError("No space left on device (os error 28)")

    monkeypatch.setattr(pl.DataFrame, "write_parquet", full_table)
    with pytest.raises(StoreError, match="No space left on device"):
        import_files(store, tiny, [release(value="2")], today=TODAY, vintage="2026")
    assert contents(store.root) == before


def test_full_disk_on_the_very_first_import(store: Store, tiny: Source, release: Release, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*paths: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("forefend.store.writing.os.fsync", full)
    with pytest.raises(StoreError, match="No space left on device"):
        import_files(store, tiny, [release()], today=TODAY, vintage="2026")
    assert contents(store.root) == {}, "no mark either, so that a cut mark cannot damage the store"


@pytest.mark.parametrize(
    ("mark", "sentence"),
    [
        ('{"format": 2}', "was written by a newer Forefend"),
        ("{", "store.json is damaged"),
        ("[]", "store.json is damaged"),
        ('{"format": "one"}', "store.json is damaged"),
    ],
)
def test_store_that_cannot_be_trusted_is_not_opened(tmp_path: Path, mark: str, sentence: str) -> None:
    (tmp_path / "store.json").write_text(mark)
    with pytest.raises(StoreError, match=sentence):
        Store(tmp_path)
    assert contents(tmp_path) == {"store.json": mark.encode()}


def test_store_upgraded_while_open_is_not_written(store: Store, tiny: Source, release: Release) -> None:
    import_files(store, tiny, [release()], today=TODAY, vintage="2025")
    (store.root / "store.json").write_text('{"format": 2}')
    with pytest.raises(StoreError, match="newer Forefend"):
        import_files(store, tiny, [release(value="2")], today=TODAY, vintage="2026")


def test_second_writer_is_told_at_once(store: Store, tiny: Source, release: Release) -> None:
    store.root.mkdir()
    with FileLock(store.root / "lock"), pytest.raises(StoreBusy, match="Another Forefend process is writing"):
        import_files(store, tiny, [release()], today=TODAY, vintage="2026")
    assert import_files(store, tiny, [release()], today=TODAY, vintage="2026").rows == {"observations": 10}


def test_left_over_of_a_killed_writer_is_swept_away(store: Store, tiny: Source, release: Release) -> None:
    (store.root / "incoming" / "tmp1").mkdir(parents=True)
    (store.root / "incoming" / "tmp1" / "observations.parquet").write_bytes(b"half")
    assert store.snapshots == ()
    import_files(store, tiny, [release()], today=TODAY, vintage="2026")
    assert not (store.root / "incoming").exists()


@pytest.fixture
def known(tiny: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the small source findable beside the others."""
    monkeypatch.setattr(manifest, "find_source", lambda name: tiny if name == "tiny" else find_source(name))


@pytest.mark.usefixtures("known")
def test_folder_with_one_bad_source_takes_in_the_others(store: Store, release: Release, tmp_path: Path) -> None:
    release("good.csv")
    release("bad.csv", header="iso3,year,worth")
    (tmp_path / "forefend-manifest.yaml").write_text(
        "- source: nowhere\n  files: [good.csv]\n"
        "- source: tiny\n  files: [bad.csv]\n  vintage: '2026'\n"
        "- source: tiny\n  files: [good.csv]\n  vintage: '2026'\n  published: 2026-06-01\n  retrieved: 2026-11-20\n"
        "- source: tiny\n  files: [good.csv]\n  vintage: '2026'\n"
    )
    outcomes = import_folder(store, tmp_path, today=TODAY)
    assert [outcome.source for outcome in outcomes] == ["nowhere", "tiny", "tiny", "tiny"]
    assert [bool(outcome.refusal) for outcome in outcomes] == [True, True, False, False]
    assert [outcome.is_new for outcome in outcomes] == [False, False, True, False]
    good: Snapshot | None = outcomes[2].snapshot
    assert good is not None
    assert store.snapshots == (good,)
    assert good.retrieved == datetime(2026, 11, 20, tzinfo=UTC)
    assert "no source 'nowhere'" in outcomes[0].refusal
    assert "Columns missing" in outcomes[1].refusal
    assert import_folder(store, tmp_path, today=TODAY, only=frozenset({"nothing"})) == ()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (None, "has no forefend-manifest.yaml"),
        ("- source: [", "is not valid YAML"),
        ("source: tiny", "lists no source"),
        ("", "lists no source"),
        ("[]", "lists no source"),
        ("- {source: tiny, files: [a.csv], published: 2026-13-45}", "is not valid YAML: month must be in"),
        ("- source: tiny\n  files: [a.csv]\n  vintag: 1", r"entry 0\.vintag: Extra inputs are not permitted"),
        ("- source: tiny", r"entry 0\.files: Field required"),
    ],
)
def test_bad_manifest_is_one_sentence(store: Store, tmp_path: Path, text: str | None, sentence: str) -> None:
    if text is not None:
        (tmp_path / "forefend-manifest.yaml").write_text(text)
    with pytest.raises(SourceError, match=sentence) as refusal:
        import_folder(store, tmp_path, today=TODAY)
    assert "\n" not in str(refusal.value)


def test_connector_that_stumbles_is_a_refusal(store: Store, tiny: Source, release: Release, monkeypatch: pytest.MonkeyPatch) -> None:
    def stumble(files: object) -> None:
        raise KeyError("country")

    monkeypatch.setattr(tiny.module, "read", stumble)
    with pytest.raises(UnexpectedData, match="'country'"):
        import_files(store, tiny, [release()], today=TODAY, vintage="2026")
