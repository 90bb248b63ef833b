"""The embedded starter: rebuilt byte for byte, only from what publishers allow, each row with its provenance."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from forefend.errors import SourceError
from forefend.sources.registry import find_source
from forefend.starter import build as builder
from forefend.starter.credits import with_credits
from forefend.store import Store
from forefend.store.opening import EMBEDDED


def content(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_it_is_rebuilt_byte_for_byte(data: Path, tmp_path: Path) -> None:
    builder.build(data, target=tmp_path / "packed")
    assert content(tmp_path / "packed") == content(EMBEDDED)


def test_what_may_not_be_shipped_is_refused(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = builder.recipe()[0]
    source = find_source(entry.source)
    closed = replace(source, metadata=source.metadata.model_copy(update={"may_ship": False}))
    monkeypatch.setattr(builder, "find_source", lambda _name: closed)
    with pytest.raises(SourceError, match="may not be shipped"):
        builder.build(data, target=tmp_path / "packed")
    assert not (tmp_path / "packed").exists()


def test_a_missing_file_leaves_the_old_starter(tmp_path: Path) -> None:
    target = tmp_path / "packed"
    target.mkdir()
    (target / "kept").write_text("as it was", encoding="utf-8")
    with pytest.raises(SourceError):
        builder.build(tmp_path, target=target)
    assert (target / "kept").read_text(encoding="utf-8") == "as it was"


def test_every_snapshot_names_publisher_vintage_and_licence(tmp_path: Path) -> None:
    store = Store(tmp_path, embedded=EMBEDDED)
    assert store.snapshots
    for snapshot in store.snapshots:
        assert snapshot.is_embedded
        assert snapshot.may_ship
        assert snapshot.publisher
        assert snapshot.vintage
        assert snapshot.licence
        assert all(len(entry.sha256) == 64 for entry in snapshot.files)


def test_share_alike_figures_lie_apart_with_their_licence() -> None:
    folders = list(EMBEDDED.glob("snapshots/vdem@*"))
    assert folders
    for folder in folders:
        assert "CC BY-SA 4.0" in (folder / "LICENCE.txt").read_text(encoding="utf-8")
        assert set(pl.read_parquet(folder / "observations.parquet")["indicator"].str.slice(0, 5)) == {"vdem_"}


def test_the_notice_credits_what_is_packed() -> None:
    notice = (Path(__file__).resolve().parents[3] / "NOTICE.md").read_text(encoding="utf-8")
    assert with_credits(notice) == notice, "run: python -m forefend.starter.credits"
