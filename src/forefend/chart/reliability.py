"""Reliability: chances given (across) and shares that came (up), with their intervals, on axes that widen small chances."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from forefend.chart.svg import frame, tag, text
from forefend.locale import Language

SIZE, LEFT, TOP, ROOM = 300.0, 52.0, 14.0, 34.0
STEPS = (0.001, 0.01, 0.1, 1.0)  # what is less is drawn at the first


@dataclass(frozen=True, kw_only=True)
class Bin:
    """Cases given about the same chance: its mean, the share that came, and that share's interval."""

    forecast: float
    observed: float
    low: float
    high: float


def reliability(bins: Sequence[Bin], *, lang: Language, label: str) -> str:
    """Draw bins; a reliable forecast lies on the diagonal. ``label`` is the finding in a sentence."""

    def along(share: float) -> float:
        lowest = math.log10(STEPS[0])
        return SIZE * (math.log10(min(1.0, max(STEPS[0], share))) - lowest) / -lowest

    def x(share: float) -> float:
        return LEFT + along(share)

    def y(share: float) -> float:
        return TOP + SIZE - along(share)

    body = ""
    for step in STEPS:
        shown = lang.percent(step, 1 if step < 0.01 else 0)
        body += tag("line", cls="ax", x1=LEFT, x2=LEFT + SIZE, y1=y(step), y2=y(step))
        body += tag("line", cls="ax", x1=x(step), x2=x(step), y1=TOP, y2=TOP + SIZE)
        body += text(LEFT - 6, y(step) + 4, shown, cls="axt", anchor="end") + text(
            x(step), TOP + SIZE + 18, shown, cls="axt", anchor="middle"
        )
    body += tag("line", cls="now", x1=x(STEPS[0]), x2=x(1), y1=y(STEPS[0]), y2=y(1))
    for entry in bins:
        at = x(entry.forecast)
        body += tag("line", cls="ax0", x1=at, x2=at, y1=y(entry.low), y2=y(entry.high))
        body += tag("circle", cls="dot", cx=at, cy=y(entry.observed), r=4)
    return frame(body, width=LEFT + SIZE + ROOM, height=TOP + SIZE + ROOM, label=label, cls="chart")
