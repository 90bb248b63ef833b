"""Small drawings in a line of text or a table: interval, percentile strip, gap bar, outcome against forecast."""

from __future__ import annotations

from collections.abc import Sequence

from forefend.chart.fan import Band
from forefend.chart.svg import frame, tag, text, ticks
from forefend.locale import Language

WORST_FIFTH = 80.0


def interval(value: float, low: float, high: float, *, base: float | None, lang: Language, label: str, decimals: int = 1) -> str:
    """Draw an estimate with its interval beside the base rate, all shares of 1, on an axis in per cent."""
    steps = ticks(100 * max(value, high, base or 0.0), about=7)
    left, right = 34.0, 628.0

    def x(share: float) -> float:
        return left + (right - left) * 100 * share / steps[-1]

    shown = decimals if steps[1] < 1 else 0
    last = len(steps) - 1
    body = "".join(
        tag("line", cls="ax", x1=x(s / 100), x2=x(s / 100), y1=58, y2=64)
        + text(x(s / 100), 80, lang.percent(s / 100, shown) if n == last else lang.number(s, shown), anchor="middle")
        for n, s in enumerate(steps)
    )
    body += tag("line", cls="ax0", x1=left, x2=right, y1=58, y2=58)
    if base is not None:
        body += tag("line", cls="base", x1=x(base), x2=x(base), y1=14, y2=58)
        side = "start" if x(base) < (left + right) / 2 else "end"
        rate = lang.isolate(lang.gettext("base rate %(rate)s", rate=lang.number(100 * base, decimals)))
        body += text(x(base) + (5 if side == "start" else -5), 12, rate, anchor=side)
    body += tag("rect", cls="ivb", x=x(low), y=30, width=max(1.0, x(high) - x(low)), height=14)
    body += tag("circle", cls="pt ring", cx=x(value), cy=37, r=8)
    body += text(x(value), 24, lang.number(100 * value, decimals), cls="sm lbl", anchor="middle")
    body += text(x(high) + 8, 41, lang.number(100 * high, decimals)) + text(
        max(0.0, x(low) - 6), 41, lang.number(100 * low, decimals), anchor="end"
    )
    return frame(body, width=660, height=92, label=label)


def percentile_strip(percentile: float | None, *, label: str = "") -> str:
    """Draw a place among all states, worse to the right, the worst fifth shaded; hatched when there is none.

    Without a label it is hidden from assistive technology, for use beside the number.
    """
    if percentile is None:
        return frame(tag("rect", fill="url(#hatch)", x=0.5, y=5, width=189, height=8), width=190, height=18, label=label, cls="mirror")
    body = "".join(tag("rect", cls="q2" if n == 4 else "trk", x=0.5 + 38 * n, y=5, width=37, height=8) for n in range(5))
    mark = "pt ring" if percentile >= WORST_FIFTH else "obs ring"
    body += tag("circle", cls=mark, cx=6 + 178 * percentile / 100, cy=9, r=5.5)
    return frame(body, width=190, height=18, label=label, cls="mirror")


def gap_bar(low: float, high: float, *, observed: float | None, cautious: float) -> str:
    """Draw a gap from 0 to 1: the range that open questions allow, hatched; the observed gap and the cautious gap as marks."""
    width = 230.0

    def x(share: float) -> float:
        return 2 + (width - 4) * share

    body = tag("rect", cls="trk", x=0, y=6, width=width, height=8)
    body += tag("rect", fill="url(#hatch)", x=x(low), y=6, width=max(1.0, x(high) - x(low)), height=8)
    if low > 0:
        body += tag("rect", cls="known", x=0, y=6, width=x(low), height=8)
    if observed is not None:
        body += tag("circle", cls="obs ring", cx=x(observed), cy=10, r=5.5)
    body += tag("line", cls="ax0", x1=x(cautious), x2=x(cautious), y1=2, y2=18)
    return frame(body, width=width, height=20, label="", cls="mirror")


def outcomes(rows: Sequence[tuple[int, Band, float | None]], *, lang: Language, label: str) -> str:
    """Draw yearly forecasts as bands with what then happened as dots; ``rows`` are year, band, outcome."""
    left, right, top, bottom = 56.0, 550.0, 18.0, 188.0
    steps = ticks(max([band.q95 for _, band, _ in rows] + [seen for *_, seen in rows if seen is not None], default=1.0), is_count=True)
    wide = (right - left) / max(1, len(rows))

    def y(deaths: float) -> float:
        return bottom - (bottom - top) * deaths / steps[-1]

    body = "".join(
        tag("line", cls="ax" if s else "ax0", x1=left, x2=right, y1=y(s), y2=y(s))
        + text(left - 6, y(s) + 4, lang.number(s), cls="axt", anchor="end")
        for s in steps
    )
    for n, (year, band, seen) in enumerate(rows):
        middle = left + wide * (n + 0.5)
        for low, high, cls in ((band.q05, band.q95, "f90"), (band.q25, band.q75, "f50")):
            body += tag("rect", cls=cls, x=middle - 15, y=y(high), width=30, height=max(0.5, y(low) - y(high)))
        body += tag("rect", cls="fmidf", x=middle - 15, y=y(band.q50) - 1.2, width=30, height=2.4)
        if seen is not None:
            body += tag("circle", cls="obs ring", cx=middle, cy=y(seen), r=5.5)
        body += text(middle, bottom + 20, lang.code_text(year), anchor="middle")
    return frame(body, width=560, height=220, label=label)
