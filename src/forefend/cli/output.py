"""How every command prints: a table on a terminal, JSON when piped, or what ``--format`` and ``-o`` ask for."""

from __future__ import annotations

import csv
import io
import json
import os
import sys
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TextIO

from forefend.errors import ForefendError

WIDTH_IN_FILE = 400  # characters of a line of a table in a file, which no terminal bounds
SHORT = 26  # characters of a cell that is not broken over lines


class Format(StrEnum):
    """Forms a result can be printed in."""

    CSV = "csv"
    JSON = "json"
    TABLE = "table"


def is_for_people(format: Format | None, *, output: Path | None) -> bool:  # noqa: A002 - the option is called --format
    """Whether a table is printed: asked for, or nothing was asked for and a terminal reads."""
    return format is Format.TABLE or (format is None and output is None and sys.stdout.isatty())


def emit(
    rows: Sequence[Mapping[str, Any]],
    *,
    columns: Sequence[str],
    format: Format | None = None,  # noqa: A002 - the option is called --format
    output: Path | None = None,
    shown: Sequence[str] = (),
) -> None:
    """Print rows, or write them to a file. A missing value is an empty cell in CSV and null in JSON.

    ``shown`` are the columns of the table on a terminal, where all of them would not fit.
    """
    chosen = format or (Format.TABLE if is_for_people(format, output=output) else Format.JSON)
    if chosen is Format.TABLE and output is None:
        _print_table(rows, columns=shown or columns)
        return
    text = AS_TEXT[chosen](rows, columns)
    if output is None:
        sys.stdout.write(text)
        return
    write_file(output, text.encode())


def write_file(path: Path, content: bytes, *, option: str = "-o") -> None:
    """Write a result to a file whole, or leave what was there and raise ForefendError.

    A device or pipe, and a file in a folder that nothing can be added to, is written to directly.
    """
    try:
        target = Path(os.path.realpath(path))
        if target.exists() and not (target.is_file() and os.access(target.parent, os.W_OK)):
            target.write_bytes(content)
            return
        with TemporaryDirectory(prefix=".forefend-", dir=target.parent) as folder:
            aside = Path(folder) / f"part{target.suffix}"
            aside.write_bytes(content)
            if target.exists():
                aside.chmod(target.stat().st_mode)
            aside.replace(target)
    except OSError as error:
        raise ForefendError(f"{path} could not be written: {error.strerror}. Choose another file with {option}.") from error


def _as_json(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> str:
    return json.dumps([{name: row.get(name) for name in columns} for row in rows], ensure_ascii=False, indent=1, default=str) + "\n"


def _as_csv(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([["" if row.get(name) is None else row[name] for name in columns] for row in rows])
    return buffer.getvalue()


def _as_table(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> str:
    buffer = io.StringIO()
    _print_table(rows, columns=columns, file=buffer)
    return buffer.getvalue()


AS_TEXT = {Format.CSV: _as_csv, Format.JSON: _as_json, Format.TABLE: _as_table}


def _print_table(rows: Sequence[Mapping[str, Any]], *, columns: Sequence[str], file: TextIO | None = None) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, header_style="bold", pad_edge=False)
    for name in columns:
        is_numeric = any(isinstance(row.get(name), int | float) for row in rows)
        is_short = all(len(_cell(row.get(name))) <= SHORT for row in rows)
        table.add_column(name, justify="right" if is_numeric else "left", no_wrap=is_short, min_width=len(name), overflow="fold")
    for row in rows:
        table.add_row(*(_cell(row.get(name)) for name in columns))
    Console(file=file, width=WIDTH_IN_FILE if file else None).print(table)


def _cell(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
    return str(value)
