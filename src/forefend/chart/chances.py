"""Chances of past two-year windows as dots on a line, the windows in which one began shaded, those not yet over hatched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from forefend.chart.svg import frame, tag, text, ticks
from forefend.locale import Language

LEFT, RIGHT, TOP, BOTTOM = 38.0, 550.0, 14.0, 190.0


@dataclass(frozen=True, kw_only=True)
class Window:
    """A window by its base year: the chance, None where none was given; whether one began, None where not yet known."""

    base_year: int
    chance: float | None
    came: bool | None


def chances(windows: Sequence[Window], *, base: float | None, lang: Language, label: str) -> str:
    """Draw chances in per cent; ``label`` is the finding in a sentence."""
    steps = ticks(100 * max([w.chance or 0.0 for w in windows] + [base or 0.0, 0.01]))
    wide = (RIGHT - LEFT) / max(1, len(windows))

    def y(share: float) -> float:
        return BOTTOM - (BOTTOM - TOP) * 100 * share / steps[-1]

    body = "".join(
        tag("line", cls="ax" if s else "ax0", x1=LEFT, x2=RIGHT, y1=y(s / 100), y2=y(s / 100))
        + text(LEFT - 6, y(s / 100) + 4, lang.number(s, 0 if steps[1] >= 1 else 1), cls="axt", anchor="end")
        for s in steps
    )
    points = []
    for n, window in enumerate(windows):
        left, middle = LEFT + wide * n, LEFT + wide * (n + 0.5)
        if window.came:
            body += tag("rect", cls="q2", x=left, y=TOP, width=wide, height=BOTTOM - TOP)
        elif window.came is None:
            body += tag("rect", fill="url(#hatch)", x=left, y=TOP, width=wide, height=BOTTOM - TOP)
        for row, year in enumerate((f"{window.base_year + 1}–", str(window.base_year + 2))):
            body += text(middle, BOTTOM + 18 + 14 * row, year, anchor="middle")
        points.append(None if window.chance is None else (middle, y(window.chance)))
    if base is not None:
        body += tag("line", cls="base", x1=LEFT, x2=RIGHT, y1=y(base), y2=y(base))
    body += _line(points)
    return frame(body, width=560, height=230, label=label)


def _line(points: Sequence[tuple[float, float] | None]) -> str:
    """Join neighbouring dots; a window without a chance parts the line."""
    body = ""
    for before, after in pairwise(points):
        if before is not None and after is not None:
            body += tag("line", cls="ax0", x1=before[0], y1=before[1], x2=after[0], y2=after[1])
    return body + "".join(tag("circle", cls="obs ring", cx=point[0], cy=point[1], r=5) for point in points if point is not None)
