"""The closed set of formulas by which every number shown is computed.

A formula takes the rows (or the values) of its inputs, in order, and parameters. All arithmetic that ends
on a page is one of these or a composition of these, so that an auditor can re-compute any number from
its record alone. Rows are frames of ``store.tables``; a value input arrives as a one-row frame with the
single column ``value``.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

Frames = Sequence[pl.DataFrame]
Function = Callable[..., float]


@dataclass(frozen=True)
class Formula:
    """A named computation and the sentence that explains it."""

    name: str
    sentence: str
    function: Function


class NothingToCompute(ValueError):
    """The inputs give no number; ``str()`` is the short reason shown in its place."""


NOT_MONITORED = "not monitored"
UNDEFINED = "not defined: division by 0"

FORMULAS: dict[str, Formula] = {}


def formula(sentence: str) -> Callable[[Function], Function]:
    """Register a function as a formula under its own name."""

    def register(function: Function) -> Function:
        FORMULAS[function.__name__] = Formula(function.__name__, sentence, function)
        return function

    return register


def values(frame: pl.DataFrame) -> list[float]:
    """Return the value column as floats, nulls left out."""
    return [float(value) for value in frame["value"].to_list() if value is not None]


@formula("the value of one row")
def single(frames: Frames) -> float:
    found = values(frames[0])
    if not found:
        raise NothingToCompute(NOT_MONITORED)
    if len(found) > 1:
        raise ValueError(f"single needs one row, got {len(found)}")
    return found[0]


@formula("the value of one row of an issued forecast, as it was issued")
def issued(frames: Frames) -> float:
    return single(frames)


@formula("sum of the rows; a period without a row counts as 0")
def total(frames: Frames) -> float:
    return math.fsum(v for frame in frames for v in values(frame))


@formula("number of rows")
def count(frames: Frames) -> float:
    return float(sum(frame.height for frame in frames))


@formula("mean of the rows")
def mean(frames: Frames) -> float:
    found = values(frames[0])
    if not found:
        raise NothingToCompute(NOT_MONITORED)
    return math.fsum(found) / len(found)


@formula("highest of the rows")
def highest(frames: Frames) -> float:
    found = [v for frame in frames for v in values(frame)]
    if not found:
        raise NothingToCompute(NOT_MONITORED)
    return max(found)


# What some formulas make of one number from each input; also used to rank states by it.
OF_NUMBERS: dict[str, Callable[[Sequence[float]], float]] = {
    "difference": lambda found: found[0] - found[1],
    "ratio": lambda found: found[0] / found[1],
    "per_thousand": lambda found: 1000 * (found[0] / found[1]),
    "total": math.fsum,
}


@formula("first value minus second value")
def difference(frames: Frames) -> float:
    return _of_singles("difference", frames)


@formula("first value divided by second value")
def ratio(frames: Frames) -> float:
    return _of_singles("ratio", frames)


@formula("first value for every thousand of the second value")
def per_thousand(frames: Frames) -> float:
    return _of_singles("per_thousand", frames)


def _of_singles(name: str, frames: Frames) -> float:
    return OF_NUMBERS[name]([single(frames[:1]), single(frames[1:])])


@formula("sum of the first rows as a share of the sum of the second rows")
def share(frames: Frames) -> float:
    return total(frames[:1]) / total(frames[1:])


@formula("quantile of the last months, months without a row counted as 0, by linear interpolation")
def window_quantile(frames: Frames, *, q: float, months: int) -> float:
    found = sorted(values(frames[0]) + [0.0] * (months - len(values(frames[0]))))
    position = q * (len(found) - 1)
    below = math.floor(position)
    above = min(below + 1, len(found) - 1)
    return found[below] + (found[above] - found[below]) * (position - below)


@formula("share of the last months with at least the threshold, months without a row counted as 0")
def window_chance(frames: Frames, *, at_least: float, months: int) -> float:
    return sum(v >= at_least for v in values(frames[0])) / months


@formula("mean of the last months, months without a row counted as 0")
def window_mean(frames: Frames, *, months: int) -> float:
    return math.fsum(values(frames[0])) / months


@formula("share of states with a value that are less bad, ties counted half, in per cent")
def percentile(frames: Frames, *, iso3: str, worse: str, fill_zero: Sequence[str] = (), gathered: str = "sum") -> float:
    """Rank one state among all; ``worse`` is high or low; states in ``fill_zero`` without a row count as 0.

    ``gathered`` says whether several rows of a state are summed or averaged (mean).
    """
    return _place(_by_state(frames[0], fill_zero=fill_zero, gathered=gathered), iso3=iso3, worse=worse)


def _by_state(frame: pl.DataFrame, *, fill_zero: Sequence[str], gathered: str) -> dict[str, float]:
    sums: dict[str, float] = dict.fromkeys(fill_zero, 0.0)
    rows: dict[str, int] = {}
    for code, value in zip(frame["iso3"].to_list(), frame["value"].to_list(), strict=True):
        if code is not None and value is not None:
            sums[code] = sums.get(code, 0.0) + value
            rows[code] = rows.get(code, 0) + 1
    return {code: sums[code] / rows.get(code, 1) for code in sums} if gathered == "mean" else sums


def _place(by_state: dict[str, float], *, iso3: str, worse: str) -> float:
    if iso3 not in by_state or len(by_state) == 1:
        raise NothingToCompute(NOT_MONITORED)
    own = by_state[iso3]
    sign = 1 if worse == "high" else -1
    others = [value for code, value in by_state.items() if code != iso3]
    less_bad = sum(sign * value < sign * own for value in others) + 0.5 * sum(value == own for value in others)
    return 100 * less_bad / len(others)


@formula("share of states that are less bad by a series of two years, newest first, or of two series, ties counted half, in per cent")
def derived_percentile(frames: Frames, *, by: str, iso3: str, worse: str, fill_zero: Sequence[str] = (), gathered: str = "sum") -> float:
    """Rank one state by what ``by``, another formula, makes of its value in each frame; a state without one of them has none."""
    sums = [_by_state(frame, fill_zero=fill_zero, gathered=gathered) for frame in frames]
    shared = set(sums[0]).intersection(*sums[1:])
    made: dict[str, float] = {}
    for code in shared:
        with contextlib.suppress(ZeroDivisionError):
            made[code] = OF_NUMBERS[by]([one[code] for one in sums])
    return _place(made, iso3=iso3, worse=worse)


@formula("points of a straight line between two points, limited to 0-4")
def line_score(frames: Frames, *, zero: float, four: float) -> float:
    return min(4.0, max(0.0, 4 * (single(frames) - zero) / (four - zero)))


@formula("level by thresholds: the highest level whose threshold the value reaches")
def step_score(
    frames: Frames, *, thresholds: Sequence[tuple[float, float]], higher_is_better: bool = True, silent_from: float | None = None
) -> float:
    """``thresholds`` are pairs (threshold, level); a value reaching none gets level 0, one that reaches ``silent_from`` none."""
    sign, value = (1 if higher_is_better else -1), single(frames)
    if silent_from is not None and sign * value >= sign * silent_from:
        raise NothingToCompute(NOT_MONITORED)
    return max((level for limit, level in thresholds if sign * value >= sign * limit), default=0.0)


def sentence_of(formula: str) -> str:
    """Return the sentence that explains a formula; its name where it is not of this version."""
    known = FORMULAS.get(formula)
    return known.sentence if known else formula


def run(name: str, frames: Frames, params: dict[str, Any]) -> float:
    """Run a formula by name; raises NothingToCompute where the inputs give no number."""
    try:
        value = FORMULAS[name].function(frames, **params)
    except ZeroDivisionError:
        raise NothingToCompute(UNDEFINED) from None
    if not math.isfinite(value):
        raise NothingToCompute(UNDEFINED)
    return value
