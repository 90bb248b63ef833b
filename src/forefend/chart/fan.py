"""Fan chart: observed months as bars, forecast months as bands with a median, zero-based, never mirrored."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from forefend.chart.svg import frame, tag, text, ticks
from forefend.locale import Language

Scale = Callable[[float], float]
WIDTH, HEIGHT = 980.0, 290.0
LEFT, RIGHT, TOP, BOTTOM = 56.0, 840.0, 30.0, 260.0
PARTING_ROOM = 130.0  # room for the words at the line that parts record and forecast
LABEL_ROOM = 60.0  # half a label of a month


@dataclass(frozen=True, kw_only=True)
class Band:
    """One forecast month: 5th, 25th, 50th, 75th and 95th percentile of deaths."""

    month: date
    q05: float
    q25: float
    q50: float
    q75: float
    q95: float


def fan(history: Sequence[tuple[date, float]], bands: Sequence[Band], *, lang: Language, label: str) -> str:
    """Draw history and forecast; ``label`` is the finding in a sentence, for readers who do not see it."""
    highest = max([deaths for _, deaths in history] + [band.q95 for band in bands], default=0.0)
    steps = ticks(highest, is_count=True)
    count = len(history) + len(bands)
    wide = (RIGHT - LEFT) / count

    def x(place: float) -> float:
        return LEFT + wide * place

    def y(deaths: float) -> float:
        return BOTTOM - (BOTTOM - TOP) * deaths / steps[-1]

    body = "".join(
        tag("line", cls="ax" if step else "ax0", x1=LEFT, x2=RIGHT, y1=y(step), y2=y(step))
        + text(LEFT - 8, y(step) + 4, lang.number(step), cls="axt", anchor="end")
        for step in steps
    )
    body += "".join(
        tag("rect", cls="hist", x=x(n) + wide * 0.17, y=y(deaths), width=wide * 0.66, height=BOTTOM - y(deaths))
        for n, (_, deaths) in enumerate(history)
        if deaths > 0
    )
    body += _bands(bands, first=len(history), x=x, y=y, wide=wide)
    body += _years([month for month, _ in history] + [band.month for band in bands], x=x, lang=lang)
    if bands:
        body += _parting(x(len(history)), lang=lang) + _ends(bands[-1], y=y, lang=lang)
    body += _peak(history, x=x, y=y, lang=lang)
    return frame(body, width=WIDTH, height=HEIGHT, label=label, cls="chart")


def _bands(bands: Sequence[Band], *, first: int, x: Scale, y: Scale, wide: float) -> str:
    if not bands:
        return ""
    at = [x(first + n) + wide / 2 for n in range(len(bands))]

    def area(low: str, high: str, cls: str) -> str:
        upper = [f"{px:.1f},{y(getattr(band, high)):.1f}" for px, band in zip(at, bands, strict=True)]
        lower = [f"{px:.1f},{y(getattr(band, low)):.1f}" for px, band in zip(at, bands, strict=True)]
        return tag("polygon", cls=cls, points=" ".join([*upper, *reversed(lower)]))

    middle = " ".join(f"{px:.1f},{y(band.q50):.1f}" for px, band in zip(at, bands, strict=True))
    return area("q05", "q95", "f90") + area("q25", "q75", "f50") + tag("polyline", cls="fmid", points=middle)


def _years(months: Sequence[date], *, x: Scale, lang: Language) -> str:
    body = ""
    for n, month in enumerate(months):
        if month.month == 1 or n == 0:
            rest = sum(other.year == month.year for other in months[n:])
            left = x(n)
            body += tag("line", cls="ax0", x1=left, x2=left, y1=BOTTOM, y2=BOTTOM + 5)
            if rest >= 4:
                body += text((left + x(n + rest)) / 2, BOTTOM + 22, lang.code_text(month.year), cls="axt", anchor="middle")
    return body


def _parting(at: float, *, lang: Language) -> str:
    observed, forecast = lang.isolate(lang.gettext("observed")), lang.isolate(lang.gettext("forecast"))
    return (
        tag("line", cls="now", x1=at, x2=at, y1=TOP - 12, y2=BOTTOM)
        + text(at - 6, TOP - 8, observed, anchor="end")
        + text(at + 6, TOP - 8, forecast, cls="sm lbl")
    )


def _peak(history: Sequence[tuple[date, float]], *, x: Scale, y: Scale, lang: Language) -> str:
    """Name the worst month and its deaths above its bar, or beside it where the word for observed stands."""
    place, (month, deaths) = max(enumerate(history), key=lambda entry: entry[1][1], default=(0, (date.min, 0.0)))
    if deaths <= 0:
        return ""
    shown = lang.isolate(lang.gettext("%(month)s: %(deaths)s", month=lang.month(month), deaths=lang.number(deaths)))
    if x(place) > x(len(history)) - PARTING_ROOM:
        return text(x(place) - 3, max(y(deaths) - 5, TOP + 10), shown, anchor="end")
    return text(max(x(place + 0.5), LEFT + LABEL_ROOM), y(deaths) - 6, shown, anchor="middle")


def _ends(band: Band, *, y: Scale, lang: Language) -> str:
    """Label the bands at the end of the line, moved apart where they would overlap."""
    wanted = [
        (y(band.q95), lang.isolate(lang.gettext("95th: %(deaths)s", deaths=lang.number(band.q95))), "sm"),
        (y(band.q75), lang.isolate(lang.gettext("75th: %(deaths)s", deaths=lang.number(band.q75))), "sm"),
        (y(band.q50), lang.isolate(lang.gettext("median: %(deaths)s", deaths=lang.number(band.q50))), "sm lbl"),
        (y(band.q05), lang.isolate(lang.gettext("5th: %(deaths)s", deaths=lang.number(band.q05))), "sm"),
    ]
    body, floor = "", BOTTOM + 4
    for place, shown, cls in reversed(wanted):
        floor = min(place + 4, floor)
        body += text(RIGHT + 8, floor, shown, cls=cls)
        floor -= 15
    return body
