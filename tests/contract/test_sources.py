"""Every registered source keeps the contract: described, licensed, with a sample that reads, and strict."""

from __future__ import annotations

import csv
import gzip
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from forefend.errors import ForefendError, UnexpectedData
from forefend.sources.contract import Files, Parsed
from forefend.sources.intake import UNREADABLE
from forefend.sources.registry import Source, sources
from forefend.store.tables import REJECTED, SCHEMAS, SUBJECT, conform

ALL = [pytest.param(source, id=name) for name, source in sources().items()]
# Columns no row may leave empty, by table.
REQUIRED = {
    "observations": ("iso3", "indicator", "start", "end"),
    "events": ("event_id", "iso3", "kind", "start", "end", "deaths_best"),
    "ties": ("channel", "from_iso3", "to_iso3", "start", "end", "value", "unit"),
    "facts": ("kind", "key"),  # a session is nobody's
}
TABULAR = (".csv", ".csv.gz", ".zip", ".tsv")

pytestmark = pytest.mark.parametrize("source", ALL)


def read(source: Source, files: Files | None = None) -> Parsed:
    return source.read(files or source.samples())


def test_is_described(source: Source) -> None:
    metadata = source.metadata
    assert metadata.id == source.folder.name
    for text in (metadata.title, metadata.publisher, metadata.licence, metadata.may_ship_reason, metadata.grade_reason, metadata.citation):
        assert text.strip()
    assert metadata.address.startswith("https://")
    assert metadata.indicators, "say which indicators, channels or kinds the source provides"


def test_what_may_ship_has_an_open_licence(source: Source) -> None:
    """None stated, to be confirmed, and non-commercial count as no."""
    if source.metadata.may_ship:
        licence = source.metadata.licence.lower()
        assert not any(word in licence for word in ("confirm", "none", "non-commercial", "-nc", " nc", "unknown", "ask"))


def test_sample_is_small(source: Source) -> None:
    samples = source.samples()
    assert samples, f"{source.folder.name} has no sample"
    assert sum(path.stat().st_size for path in samples.values()) < 500_000


def test_sample_reads_into_tidy_tables(source: Source) -> None:
    parsed = read(source)
    assert parsed.tables
    assert parsed.rejected.schema == REJECTED
    for name, table in parsed.tables.items():
        tidy = conform(table, table=name)
        assert tidy.height, f"{name} is empty"
        assert set(table.columns) <= set(SCHEMAS[name]), "columns the table does not have"
        for column in REQUIRED[name]:
            assert tidy[column].null_count() == 0, f"{name}.{column} has gaps"
        for column in ("iso3", "from_iso3", "to_iso3"):
            if column in tidy.columns:
                assert tidy[column].str.contains(r"^[A-Z]{3}$").all()
        dated = tidy.filter(pl.col("start").is_not_null() & pl.col("end").is_not_null())
        assert (dated["start"] <= dated["end"]).all()


def test_subjects_are_declared(source: Source) -> None:
    """What is not loaded names its source by this list."""
    found = {subject for name, table in read(source).tables.items() for subject in table[SUBJECT[name]].unique()}
    assert found <= set(source.metadata.indicators)


def test_sample_reads_the_same_twice(source: Source) -> None:
    one, two = read(source), read(source)
    assert all(one.tables[name].equals(two.tables[name]) for name in one.tables)


def test_added_column_is_refused_by_name(source: Source, tmp_path: Path) -> None:
    for name, path in _tabular(source).items():
        files = source.samples() | {
            name: _rewrite(path, tmp_path, lambda rows: [[*row, "brand_new" if n == 0 else "1"] for n, row in rows])
        }
        with pytest.raises(UnexpectedData, match="brand_new"):
            read(source, files)


def test_removed_column_is_refused(source: Source, tmp_path: Path) -> None:
    """Without its columns, one after another, a file is refused unless the column was out of scope."""
    for name, path in _tabular(source).items():
        refused = 0
        for position in range(min(len(_rows(path)[0]), 60)):
            files = source.samples() | {
                name: _rewrite(path, tmp_path, lambda rows, position=position: [row[:position] + row[position + 1 :] for _, row in rows])
            }
            try:
                read(source, files)
            except (ForefendError, *UNREADABLE):
                refused += 1
        assert refused, f"{name} reads without any of its columns"


def test_empty_table_is_refused_or_empty(source: Source, tmp_path: Path) -> None:
    """A header alone never turns into rows."""
    for name, path in _tabular(source).items():
        files = {name: _rewrite(path, tmp_path, lambda rows: [row for n, row in rows if n == 0])}
        try:
            parsed = read(source, files)
        except (ForefendError, *UNREADABLE):
            continue
        assert sum(table.height for table in parsed.tables.values()) == 0


Change = Callable[[list[tuple[int, list[str]]]], list[list[str]]]


def _tabular(source: Source) -> dict[str, Path]:
    found = {name: path for name, path in source.samples().items() if name.endswith(TABULAR)}
    if not found:
        pytest.skip("the sample is not a table of columns; the source's own tests cover its strictness")
    return found


def _rows(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(_text(path), newline=""), delimiter=_delimiter(path)))


def _delimiter(path: Path) -> str:
    head = _text(path).split("\n", 1)[0]
    return max(",;\t|", key=head.count)


def _text(path: Path) -> str:
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            content = archive.read(_member(archive))
    else:
        content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _member(archive: zipfile.ZipFile) -> str:
    return next(name for name in archive.namelist() if name.lower().endswith(".csv"))


def _rewrite(path: Path, folder: Path, change: Change) -> Path:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=_delimiter(path), lineterminator="\n").writerows(change(list(enumerate(_rows(path)))))
    target = folder / path.name
    content = buffer.getvalue().encode()
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive, zipfile.ZipFile(target, "w") as copy:
            copy.writestr(_member(archive), content)
    else:
        target.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return target
