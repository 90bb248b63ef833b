"""A number out of the JSON of a report, with every part it rests on back in its place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

DEEPEST = 12  # steps from a number to where it ends; a report has five


def number_record(report: Mapping[str, Any], number: str) -> dict[str, Any] | None:
    """Return the whole record of a number or of a part of one, or None when the report does not show it.

    Raises ValueError for a report whose parts are not there, or rest on each other in a circle.
    """
    parts: Mapping[str, Any] = report.get("parts", {})
    record = next((known for known in report["figures"] if known["id"] == number), parts.get(number))
    return None if record is None else _whole(record, parts, depth=0)


def _whole(record: Mapping[str, Any], parts: Mapping[str, Any], *, depth: int) -> dict[str, Any]:
    if depth > DEEPEST:
        raise ValueError("a number rests on itself")
    inputs = [_input(entry, parts, depth=depth) for entry in record["inputs"]]
    return {**record, "inputs": inputs}


def _input(entry: Mapping[str, Any], parts: Mapping[str, Any], *, depth: int) -> Mapping[str, Any]:
    if "part" not in entry:
        return entry
    if entry["part"] not in parts:
        raise ValueError(f"part {entry['part']} is not in the report")
    return {"figure": _whole(parts[entry["part"]], parts, depth=depth + 1)}
