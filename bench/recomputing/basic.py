"""What all second formulas share: numbers of rows, quantiles, and the sign that there is no number."""

from __future__ import annotations

from typing import Any

Row = dict[str, Any]


class NoNumber(ValueError):
    """The inputs give no number; ``str()`` is the reason that a record must then state."""


def numbers(rows: list[Row]) -> list[float]:
    """Return the values of rows, blanks left out."""
    return [float(row["value"]) for row in rows if row["value"] is not None]


def the_one(rows: list[Row]) -> float:
    """Return the only value of rows; raises NoNumber where there is none."""
    found = numbers(rows)
    if not found:
        raise NoNumber("not monitored")
    (value,) = found
    return value


def divided(part: float, whole: float) -> float:
    """Return a quotient; raises NoNumber for one by 0."""
    if whole == 0:
        raise NoNumber("not defined: division by 0")
    return part / whole


def quantile(ordered: list[float], q: float) -> float:
    """Return a quantile of sorted numbers, a straight line between the two neighbours."""
    below, part = divmod(q * (len(ordered) - 1), 1)
    low = ordered[int(below)]
    return low if not part else low * (1 - part) + ordered[int(below) + 1] * part
