"""Reads columns of the publishers' files as text, whatever their format; nothing is converted, so that NA stays NA."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import re
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import yaml


def table(path: Path, *, columns: list[str], sheet: str = "", skip: int = 0) -> pl.DataFrame:  # noqa: PLR0911 one return per format
    """Return some columns of a file. ``sheet`` is a pattern of a workbook's sheets, ``skip`` the lines before the header."""
    name = path.name
    if name.endswith((".csv", ".csv.gz")):
        return _from_csv(_unpacked(path), columns=columns, skip=skip)
    if name == "ged191_sample.zip":
        with zipfile.ZipFile(path) as archive:
            return _from_csv(archive.read(archive.namelist()[0]), columns=columns)
    if name.endswith(".parquet"):
        return pl.read_parquet(path, columns=columns)
    if name.endswith(".dta"):
        import pandas as pd  # type: ignore[import-untyped]

        return pl.DataFrame(pd.read_stata(path, columns=columns).to_dict(orient="list"), strict=False)
    if name.endswith((".rda", ".rds")):
        return _from_r(path, columns=columns)
    if name.endswith((".yaml", ".json")):
        return _from_records(_documents(path), columns=columns)
    if name.endswith(".xlsx"):
        return _from_excel(path, columns=columns, sheet=sheet)
    raise AssertionError(f"no reader for {name}")


def distinct(frame: pl.DataFrame, *, columns: list[str]) -> list[tuple[str, ...]]:
    """Return the different rows of some columns as text; blank where there is no value."""
    rows = frame.select(columns).unique().iter_rows()
    return [tuple("" if value is None or value != value else str(value).strip() for value in row) for row in rows]  # noqa: PLR0124 NaN


def _unpacked(path: Path) -> bytes:
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def _from_csv(content: bytes, *, columns: list[str], skip: int = 0) -> pl.DataFrame:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return pl.read_csv(io.StringIO(text), columns=columns, infer_schema=False, skip_rows=skip, truncate_ragged_lines=True)


def _documents(path: Path) -> list[dict[str, Any]]:
    text = path.read_text(encoding="utf-8")
    found = json.loads(text) if path.suffix == ".json" else yaml.load(text, Loader=yaml.CSafeLoader)
    assert isinstance(found, list)
    return found


def _from_records(records: list[dict[str, Any]], *, columns: list[str]) -> pl.DataFrame:
    """Read records; a record with a list in its column counts once per entry."""
    frame = pl.DataFrame([{column: record.get(column) for column in columns} for record in records], infer_schema_length=None)
    lists = [name for name, kind in frame.schema.items() if kind == pl.List]
    return frame.explode(lists) if lists else frame


def _from_excel(path: Path, *, columns: list[str], sheet: str) -> pl.DataFrame:
    """Read the cells of the sheets by hand: they are few, and no Excel library is needed for them elsewhere."""
    from xml.etree import ElementTree as Xml

    space = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
    found: set[tuple[str, ...]] = set()
    with zipfile.ZipFile(path) as archive:
        texts = []
        if "xl/sharedStrings.xml" in archive.namelist():
            shared = Xml.fromstring(archive.read("xl/sharedStrings.xml"))  # noqa: S314
            texts = ["".join(part.text or "" for part in entry.iter(f"{{{space['m']}}}t")) for entry in shared.findall("m:si", space)]
        for member in sorted(name for name in archive.namelist() if re.fullmatch(rf"xl/worksheets/sheet({sheet or '.*'})\.xml", name)):
            table = Xml.fromstring(archive.read(member))  # noqa: S314
            found |= set(_cells(table.iterfind(".//m:row", space), texts=texts, columns=columns, space=space))
    return pl.DataFrame(sorted(found), schema=columns, orient="row")


def _cells(rows: Iterator[Any], *, texts: list[str], columns: list[str], space: dict[str, str]) -> Iterator[tuple[str, ...]]:
    places: list[str] = []
    for row in rows:
        cells = {re.sub(r"\d", "", cell.get("r")): _value(cell, texts=texts, space=space) for cell in row.iterfind("m:c", space)}
        if not places:
            by_title = {title.strip(" ,"): letter for letter, title in cells.items()}
            places = [by_title[column] for column in columns] if set(columns) <= set(by_title) else []
        else:
            yield tuple(cells.get(letter, "").strip() for letter in places)


def _value(cell: Any, *, texts: list[str], space: dict[str, str]) -> str:
    if cell.get("t") == "inlineStr":
        return "".join(part.text or "" for part in cell.iter(f"{{{space['m']}}}t"))
    value = cell.find("m:v", space)
    if value is None or value.text is None:
        return ""
    return texts[int(value.text)] if cell.get("t") == "s" else str(value.text)


def _from_r(path: Path, *, columns: list[str]) -> pl.DataFrame:
    content = path.read_bytes()
    for magic, unpack in ((b"\x1f\x8b", gzip.decompress), (b"BZh", bz2.decompress), (b"\xfd7zXZ", lzma.decompress)):
        if content.startswith(magic):
            content = unpack(content)
    tables = RFile(content.removeprefix(b"RDX3\n").removeprefix(b"RDX2\n")).frames
    frames = [table for table in tables if set(columns) <= table.keys() and len(table[columns[0]])]
    assert len(frames) == 1, f"{path.name}: no table with {columns}"
    return pl.DataFrame({column: pl.Series(frames[0][column], strict=False) for column in columns})


class RFile:
    """The tables of an R file, as text: just enough of the XDR serialization for data frames, much faster than rdata."""

    def __init__(self, content: bytes) -> None:
        self.content, self.at = content, 2
        version, _, _ = self._int(), self._int(), self._int()
        if version == 3:
            encoding_length = self._int()
            self.at += encoding_length
        self.references: list[Any] = []
        self.frames: list[dict[str, Any]] = []
        self._item()

    def _int(self) -> int:
        self.at += 4
        return int(struct.unpack_from(">i", self.content, self.at - 4)[0])

    def _item(self) -> Any:  # noqa: PLR0911 one return per kind of item
        flags = self._int()
        kind, has_attributes, has_tag = flags & 0xFF, bool(flags & 0x200), bool(flags & 0x400)
        if kind in (254, 242, 253, 241, 251, 252):  # NULL, empty and global environments, missing and unbound
            return None
        if kind == 255:
            return self.references[(flags >> 8) - 1]
        if kind == 1:
            name = self._item()
            self.references.append(name)
            return name
        if kind == 2:
            return self._pairs(has_attributes=has_attributes, has_tag=has_tag)
        if kind == 238:
            return self._compact()
        if kind == 22:  # an external pointer, as data.table leaves one behind
            self.references.append(None)
            parts = [self._item() for _ in range(3 if has_attributes else 2)]
            return parts[0]
        value = self._vector(kind)
        attributes = self._item() if has_attributes and kind != 9 else None
        return self._named(kind, value, dict(attributes or ()))

    def _pairs(self, *, has_attributes: bool, has_tag: bool) -> list[tuple[Any, Any]]:
        found = []
        while True:
            if has_attributes:
                self._item()
            tag = self._item() if has_tag else None
            found.append((tag, self._item()))
            flags = struct.unpack_from(">i", self.content, self.at)[0]
            if flags & 0xFF != 2:
                self._item()
                return found
            self.at += 4
            has_attributes, has_tag = bool(flags & 0x200), bool(flags & 0x400)

    def _compact(self) -> Any:
        _, state, _ = self._item(), self._item(), self._item()
        if isinstance(state, list) and len(state) == 3 and isinstance(state[0], float | str):
            count, first, step = (int(float(part)) for part in state)
            return [str(first + step * number) for number in range(count)]
        return state[0] if isinstance(state, tuple) else state

    def _vector(self, kind: int) -> Any:
        if kind == 9:
            length = self._int()
            if length == -1:
                return ""
            self.at += length
            return self.content[self.at - length : self.at].decode("utf-8", errors="replace")
        length = self._int()
        if kind in (10, 13):
            values = struct.unpack_from(f">{length}i", self.content, self.at)
            self.at += 4 * length
            return ["" if value == -(2**31) else value for value in values]
        if kind == 14:
            numbers = struct.unpack_from(f">{length}d", self.content, self.at)
            self.at += 8 * length
            return numbers
        if kind == 16:
            return self._texts(length)
        if kind == 19:
            return [self._item() for _ in range(length)]
        raise AssertionError(f"R type {kind} at {self.at}")

    def _texts(self, count: int) -> list[str]:
        content, at, known, found = self.content, self.at, {}, []
        unpack = struct.Struct(">i").unpack_from
        for _ in range(count):
            length = max(unpack(content, at + 4)[0], 0)
            part = content[at + 8 : at + 8 + length]
            if part not in known:
                known[part] = part.decode("utf-8", errors="replace")
            found.append(known[part])
            at += 8 + length
        self.at = at
        return found

    def _named(self, kind: int, value: Any, attributes: dict[str, Any]) -> Any:
        if kind == 13 and "levels" in attributes:
            return ["" if code == "" else attributes["levels"][code - 1] for code in value]
        if kind == 19 and "names" in attributes:
            columns = zip(attributes["names"], value, strict=True)
            self.frames.append({name: column for name, column in columns if isinstance(column, list | tuple)})
        return value
