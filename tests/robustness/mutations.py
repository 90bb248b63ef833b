"""Ways in which a publisher's file arrives broken, one function each, chosen by a seeded generator.

A mutation gets the bytes of a whole file and returns those of a broken one, or None where it does not apply.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import random
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

Mutation = Callable[[bytes, random.Random], bytes | None]
TEXT = (".csv", ".tsv", ".tab", ".txt", ".dat")
PAGE = b"<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>Please log in.</body></html>"
ABSURD = ["1e308", "-1", "9" * 400, "inf", "1,234,567.8.9", "0x1F", "٣٤", "12abc", "TRUE"]
FORMULAS = ['=HYPERLINK("http://example.org","x")', "+1+cmd|' /C calc'!A0", "@SUM(A1)", "-2+3"]
CODES = ["ZZZ", "XX", "999999", "Atlantis", "Congo", "\u202eNDS"]
BLANKS = ["", " ", "NaN", "NA", "-", "null"]
DATES = ["31/12/2020", "2020-13-45", "12-31-20", "Dec 2020", "0000-00-00", "99999-01-01"]
BOMB_BYTES = 400_000_000


@dataclass(frozen=True)
class Mutant:
    """A set of files of which one is broken.

    ``kind`` says what an import that succeeds all the same may differ in: nothing (*keeps*), nothing as every
    row is only there twice (*doubles*), rows rejected for what is in a cell (*spoils*), or anything.
    """

    how: str
    files: dict[str, bytes]
    kind: str = ""


def mutants(files: dict[str, bytes], *, count: int, seed: int) -> Iterator[Mutant]:
    """Give ``count`` mutants, the same for the same seed; each kind that applies comes before any comes twice."""
    rng = random.Random(seed)  # noqa: S311 - repeatable, not secret
    made = 0
    for _ in range(count):
        order = sorted(EVERYWHERE | BY_KIND.keys())
        rng.shuffle(order)
        for how in order:
            name = rng.choice(sorted(files))
            mutation = (EVERY | BY_KIND)[how]
            broken = mutation(files[name], rng) if how in EVERYWHERE else _inside(name, files[name], rng, mutation)
            if broken is None or broken == files[name]:
                continue
            yield Mutant(how=f"{how} in {name}", files=files | {name: broken}, kind=KINDS.get(how, ""))
            made += 1
            if made == count:
                return


def _inside(name: str, content: bytes, rng: random.Random, mutation: Mutation) -> bytes | None:
    """Apply a mutation of tables or records to what is packed in a file."""
    if name.endswith(".gz"):
        inner = _inside(name.removesuffix(".gz"), gzip.decompress(content), rng, mutation)
        return None if inner is None else gzip.compress(inner, mtime=0)
    if name.endswith(".zip"):
        return _in_zip(content, rng, mutation)
    if name.endswith(".xlsx"):
        return _in_workbook(content, rng, mutation)
    if name.endswith((".parquet", ".rda", ".rds", ".dta")):
        return None
    if name.endswith((".json", ".ndjson")):
        return mutation(content, rng) if mutation in RECORDS.values() else None
    return mutation(content, rng) if mutation in TABLES.values() else None


def _in_zip(content: bytes, rng: random.Random, mutation: Mutation) -> bytes | None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = {info.filename: archive.read(info) for info in archive.infolist()}
    name = rng.choice(sorted(members))
    inner = _inside(name, members[name], rng, mutation)
    return None if inner is None else _zip(members | {name: inner})


def _zip(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, inner in members.items():
            archive.writestr(name, inner)
    return buffer.getvalue()


def _in_workbook(content: bytes, rng: random.Random, mutation: Mutation) -> bytes | None:
    """Mutate one sheet as if it were a table of text; numbers that still look like numbers stay numbers."""
    if mutation not in TABLES.values():
        return None
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book[rng.choice(book.sheetnames)]
    rows = [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    before = {str(cell): cell for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None}
    broken = mutation(_written(rows, ","), rng)
    if broken is None:
        return None
    changed, _ = _rows(broken)
    sheet.delete_rows(1, sheet.max_row)
    for row in changed:
        sheet.append([before.get(cell, _clean(cell)) for cell in row])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _clean(cell: str) -> str:
    return "".join(letter for letter in cell if letter >= " ")[:30_000]


def _rows(content: bytes) -> tuple[list[list[str]], str]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    head = text.replace("\r", "\n").split("\n", 1)[0]
    delimiter = max(",;\t|", key=head.count)
    return list(csv.reader(io.StringIO(text.replace("\r\n", "\n").replace("\r", "\n"), newline=""), delimiter=delimiter)), delimiter


def _written(rows: list[list[str]], delimiter: str) -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return buffer.getvalue().encode("utf-8", errors="surrogatepass")


# --- whole files ------------------------------------------------------------------------------------------------------


def _empty(content: bytes, rng: random.Random) -> bytes:
    return b""


def _blank(content: bytes, rng: random.Random) -> bytes:
    return b" \n\r\n\t\n"


def _web_page(content: bytes, rng: random.Random) -> bytes:
    return PAGE


def _truncated(content: bytes, rng: random.Random) -> bytes:
    return content[: rng.randrange(1, max(2, len(content) - 1))]


def _flipped(content: bytes, rng: random.Random) -> bytes:
    broken = bytearray(content)
    for _ in range(max(1, len(broken) // 200)):
        broken[rng.randrange(len(broken))] = rng.randrange(256)
    return bytes(broken)


def _doubled_file(content: bytes, rng: random.Random) -> bytes:
    return content + content


def _bomb(content: bytes, rng: random.Random) -> bytes | None:
    """An archive or packed file that expands a thousandfold."""
    if content.startswith(b"\x1f\x8b"):
        return gzip.compress(b"0" * BOMB_BYTES, compresslevel=1, mtime=0)
    if not content.startswith(b"PK"):
        return None
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name in names:
            with archive.open(name, "w") as stream:
                for _ in range(BOMB_BYTES // 1_000_000 // len(names)):
                    stream.write(b"0" * 1_000_000)
    return buffer.getvalue()


# --- tables -----------------------------------------------------------------------------------------------------------


def _on_rows(change: Callable[[list[list[str]], random.Random], list[list[str]] | None]) -> Mutation:
    def mutate(content: bytes, rng: random.Random) -> bytes | None:
        rows, delimiter = _rows(content)
        if len(rows) < 2 or len(rows[0]) < 2:
            return None
        changed = change([list(row) for row in rows], rng)
        return None if changed is None else _written(changed, delimiter)

    return mutate


def _column(rows: list[list[str]], rng: random.Random) -> int:
    return rng.randrange(min(len(row) for row in rows if row))


@_on_rows
def _drop_column(rows: list[list[str]], rng: random.Random) -> list[list[str]]:
    at = _column(rows, rng)
    return [row[:at] + row[at + 1 :] for row in rows]


@_on_rows
def _double_column(rows: list[list[str]], rng: random.Random) -> list[list[str]]:
    at = _column(rows, rng)
    return [[*row[: at + 1], *row[at:]] if row else row for row in rows]


@_on_rows
def _rename_column(rows: list[list[str]], rng: random.Random) -> list[list[str]]:
    rows[0][_column(rows, rng)] = "brand_new"
    return rows


@_on_rows
def _reorder_columns(rows: list[list[str]], rng: random.Random) -> list[list[str]] | None:
    if len({len(row) for row in rows}) != 1:
        return None
    order = list(range(len(rows[0])))
    rng.shuffle(order)
    return [[row[at] for at in order] for row in rows]


@_on_rows
def _ragged(rows: list[list[str]], rng: random.Random) -> list[list[str]]:
    at = rng.randrange(1, len(rows))
    rows[at] = rows[at][: max(1, len(rows[at]) // 2)] if rng.random() < 0.5 else [*rows[at], "more", "and more"]
    return rows


@_on_rows
def _double_rows(rows: list[list[str]], rng: random.Random) -> list[list[str]]:
    return [*rows, *rows[1:]]


def _cells(values: list[str]) -> Mutation:
    @_on_rows
    def change(rows: list[list[str]], rng: random.Random) -> list[list[str]]:
        at = _column(rows, rng)
        for row in rng.sample(rows[1:], max(1, len(rows) // 10)):
            if len(row) > at:
                row[at] = rng.choice(values)
        return rows

    return change


@_on_rows
def _nul(rows: list[list[str]], rng: random.Random) -> list[list[str]]:
    row = rng.choice(rows)
    if row:
        row[rng.randrange(len(row))] += "\x00"
    return rows


@_on_rows
def _headless(rows: list[list[str]], rng: random.Random) -> list[list[str]]:
    return rows[1:]


def _utf16(content: bytes, rng: random.Random) -> bytes:
    return content.decode("utf-8-sig", errors="replace").encode("utf-16")


def _wrong_bytes(content: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(content))
    return content[:at] + b"\xff\xfe\xe9" + content[at:]


# --- records ----------------------------------------------------------------------------------------------------------


def _on_records(change: Callable[[Any, random.Random], Any]) -> Mutation:
    def mutate(content: bytes, rng: random.Random) -> bytes | None:
        try:
            tree = json.loads(content)
        except ValueError:
            return None
        holders = [node for node in _nodes(tree) if isinstance(node, dict) and node]
        if not holders:
            return None
        change(rng.choice(holders), rng)
        return json.dumps(tree).encode()

    return mutate


def _nodes(tree: Any) -> Iterator[Any]:
    yield tree
    for child in tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ():
        yield from _nodes(child)


@_on_records
def _drop_key(node: Any, rng: random.Random) -> None:
    node.pop(rng.choice(sorted(node)))


@_on_records
def _rename_key(node: Any, rng: random.Random) -> None:
    node["brand_new"] = node.pop(rng.choice(sorted(node)))


@_on_records
def _other_type(node: Any, rng: random.Random) -> None:
    node[rng.choice(sorted(node))] = rng.choice([None, [], {}, 1e308, -1, True, "x", ["x"], {"x": 1}, "ZZZ", "2020-13-45", "\x00"])


TABLES: dict[str, Mutation] = {
    "dropped column": _drop_column,
    "doubled column": _double_column,
    "renamed column": _rename_column,
    "reordered columns": _reorder_columns,
    "ragged row": _ragged,
    "doubled rows": _double_rows,
    "absurd numbers": _cells(ABSURD),
    "unknown codes": _cells(CODES),
    "blank cells": _cells(BLANKS),
    "dates in another order": _cells(DATES),
    "formulas": _cells(FORMULAS),
    "NUL bytes": _nul,
    "no header": _headless,
}
RECORDS: dict[str, Mutation] = {"dropped key": _drop_key, "renamed key": _rename_key, "value of another type": _other_type}
BY_KIND = TABLES | RECORDS
EVERY: dict[str, Mutation] = {
    "empty": _empty,
    "blank": _blank,
    "web page": _web_page,
    "truncated": _truncated,
    "flipped bytes": _flipped,
    "file twice": _doubled_file,
    "UTF-16": _utf16,
    "wrong bytes": _wrong_bytes,
    "bomb": _bomb,
}
EVERYWHERE = EVERY.keys()
KINDS = {"reordered columns": "keeps", "doubled rows": "doubles", "file twice": "doubles"} | dict.fromkeys(
    ("absurd numbers", "unknown codes", "dates in another order", "formulas", "NUL bytes"), "spoils"
)
