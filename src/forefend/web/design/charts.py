"""Charts as markup for templates. ``forefend.chart`` draws them and escapes every text it is given."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from forefend.assess.gaps import ActionGap
from forefend.chart import bars
from forefend.chart.svg import frame, tag
from forefend.locale import Language


def drawn(svg: str) -> SafeString:
    """Take a chart of ``forefend.chart`` into a template."""
    return mark_safe(svg)  # noqa: S308 - drawn by our own code, which escapes every text


def gap_bar(gap: ActionGap, lang: Language) -> SafeString:
    """Draw an action's gap with the range that open questions leave; said in words for those who do not see it."""
    low, high = gap.gap_low.value or 0.0, gap.gap_high.value if gap.gap_high.value is not None else 1.0
    cautious = gap.cautious_gap.value if gap.cautious_gap.value is not None else 1.0
    svg = bars.gap_bar(low, high, observed=gap.gap.value, cautious=cautious)
    return format_html('{}<span class="vh">{}</span>', drawn(svg), lang.gettext("range %(range)s", range=lang.range(low, high, 2)))


def key(kind: str) -> SafeString:
    """Draw a key of a legend, 30 by 20: of a gap, a coverage, a fan or a strip."""
    parts = {
        "range": tag("rect", fill="url(#hatch)", x=0, y=6, width=30, height=8),
        "certain": tag("rect", cls="known", x=0, y=6, width=30, height=8),
        "kept": tag("rect", cls="blu", x=0, y=6, width=30, height=8),
        "stand": tag("rect", cls="rng", x=0, y=6, width=30, height=8),
        "observed": tag("rect", cls="trk", x=0, y=6, width=30, height=8) + tag("circle", cls="obs ring", cx=15, cy=10, r=5.5),
        "cautious": tag("rect", cls="trk", x=0, y=6, width=30, height=8) + tag("line", cls="ax0", x1=15, x2=15, y1=2, y2=18),
        "strip": tag("rect", cls="trk", x=0, y=6, width=22, height=8) + tag("rect", cls="q2", x=22, y=6, width=8, height=8),
        "began": tag("rect", cls="q2", x=0, y=3, width=30, height=14),
        "base": tag("line", cls="base", x1=15, x2=15, y1=0, y2=20),
        "interval": tag("rect", cls="ivb", x=0, y=5, width=30, height=10) + tag("circle", cls="pt ring", cx=15, cy=10, r=6),
        "hist": tag("rect", cls="hist", x=10, y=2, width=8, height=16),
        "f90": tag("rect", cls="f90", x=0, y=3, width=30, height=14),
        "f50": tag("rect", cls="f50", x=0, y=3, width=30, height=14),
        "median": tag("line", cls="fmid", x1=0, x2=30, y1=10, y2=10),
        "outcome": tag("circle", cls="obs ring", cx=15, cy=10, r=5.5),
    }
    return drawn(frame(parts[kind], width=30, height=20, label=""))


def strip(percentile: float | None) -> SafeString:
    """Draw a place among all states."""
    return drawn(bars.percentile_strip(percentile))


def interval_bar(
    value: float | None, low: float | None, high: float | None, *, base: float | None, widest: float, lang: Language
) -> SafeString:
    """Draw a chance with its interval and the base rate, 230 by 22, shares of 1 up to ``widest``; said in words beside."""
    if value is None or low is None or high is None or not widest:
        return drawn(frame(tag("rect", fill="url(#hatch)", x=4, y=7, width=222, height=8), width=230, height=22, label="", cls="mirror"))

    def x(share: float) -> float:
        return 4 + 222 * share / widest

    body = tag("line", cls="ax", x1=4, x2=226, y1=11, y2=11)
    if base is not None:
        body += tag("line", cls="base", x1=x(base), x2=x(base), y1=2, y2=20)
    body += tag("line", cls="ivw", x1=x(low), x2=x(high), y1=11, y2=11) + tag("circle", cls="pt", cx=x(value), cy=11, r=4.5)
    svg = frame(body, width=230, height=22, label="", cls="mirror")
    return format_html('{}<span class="vh">{}</span>', drawn(svg), lang.percent_range(low, high, 1))
