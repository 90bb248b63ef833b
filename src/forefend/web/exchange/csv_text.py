"""Tables as CSV that a spreadsheet opens as what it is: no text is taken for a formula, and every text can be had back as it was."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

from forefend.web.exchange.tables import Table

# A spreadsheet takes what begins so for a formula, the wide forms of East Asian keyboards included. A text that begins with
# the mark itself gets one more, so that exactly one is taken away when the text is read back.
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "'")
MARK = "'"
BOM = "\ufeff"  # without it Excel reads Arabic as Latin


def as_csv(table: Table) -> bytes:
    """Write a table as UTF-8 with the mark by which Excel knows it."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow([cell(name) for name in table.columns])
    writer.writerows([[cell(row.get(name)) for name in table.columns] for row in table.rows])
    return (BOM + target.getvalue()).encode()


def read_csv(content: bytes) -> list[dict[str, str]]:
    """Read what ``as_csv`` wrote, each text as it was."""
    rows = list(csv.reader(io.StringIO(content.decode().removeprefix(BOM), newline="")))
    head = [text_of(name) for name in rows[0]]
    return [dict(zip(head, [text_of(value) for value in row], strict=True)) for row in rows[1:]]


def cell(value: Any) -> str:
    """Write one value: nothing for None, yes and no, numbers as they are, lists apart by semicolons."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, str):
        return guarded(value)
    if isinstance(value, Sequence) and all(isinstance(entry, str | int) for entry in value):
        return guarded("; ".join(str(entry) for entry in value))
    return guarded(json.dumps(value, ensure_ascii=False, sort_keys=True))


def guarded(text: str) -> str:
    """Return a text that no spreadsheet computes."""
    return MARK + text if text.startswith(RISKY) else text


def text_of(written: str) -> str:
    """Return the text behind a guarded one."""
    return written.removeprefix(MARK)
