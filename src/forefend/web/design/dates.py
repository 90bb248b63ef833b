"""Windows as rows: when they open, drawn over the months ahead, and how sure the date is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.safestring import SafeString

from forefend.chart.svg import frame, tag, text
from forefend.locale import N_, Language
from forefend.options.windows import WindowDate
from forefend.web.design.charts import drawn

WIDTH = 300.0
BASIS = {
    "fixed": N_("fixed"),
    "projected": N_("projected by rule"),
    "typical": N_("usual month"),
    "unverified": N_("not verified"),
    "undated": N_("no date known"),
}
WHOLE_DAY = len("2027-01-24")


@dataclass(frozen=True, kw_only=True)
class Dated:
    """One window of a table."""

    entry: WindowDate
    when: str
    basis: str
    prepare: str
    bar: SafeString


def dated(found: Iterable[WindowDate], *, lang: Language, today: date, days: int) -> list[Dated]:
    """Return the windows that have a date, with a bar over the days ahead."""
    return [_row(entry, lang=lang, today=today, days=days) for entry in found if entry.start is not None and entry.end is not None]


def axis(*, lang: Language, today: date, days: int) -> SafeString:
    """Draw the names of the months above the bars."""
    body = "".join(text(_x(first, today=today, days=days) + 3, 13, lang.month(first).split(" ")[0]) for first in _firsts(today, days))
    return drawn(frame(body, width=WIDTH, height=18, label="", cls="when"))


def when_text(entry: WindowDate, lang: Language) -> str:
    """Write a date as exactly as it is known: a day, a month, or a span of months."""
    if entry.start is None or entry.end is None:
        return lang.gettext(BASIS["undated"])
    if len(entry.date_text) >= WHOLE_DAY and "/" not in entry.date_text[:WHOLE_DAY]:
        return lang.date(entry.start)
    if (entry.start.year, entry.start.month) == (entry.end.year, entry.end.month):
        return lang.month(entry.start)
    return lang.gettext("%(first)s to %(last)s", first=lang.month(entry.start), last=lang.month(entry.end))


def _row(entry: WindowDate, *, lang: Language, today: date, days: int) -> Dated:
    return Dated(
        entry=entry,
        when=when_text(entry, lang),
        basis=lang.gettext(BASIS[entry.basis]),
        prepare=_prepare(entry, lang=lang, today=today),
        bar=_bar(entry, today=today, days=days),
    )


def _prepare(entry: WindowDate, *, lang: Language, today: date) -> str:
    begin = entry.preparation_start
    if begin is None:
        return ""
    if begin <= today:
        return lang.gettext("now")
    return lang.gettext("from %(day)s", day=lang.date(begin))


def _bar(entry: WindowDate, *, today: date, days: int) -> SafeString:
    """A fixed date is solid; a usual or projected one is hatched, as the day within it is not known."""
    body = "".join(
        tag("line", cls="ax", x1=x, x2=x, y1=0, y2=26) for x in (_x(first, today=today, days=days) for first in _firsts(today, days))
    )
    body += tag("line", cls="ax", x1=0, x2=WIDTH, y1=13, y2=13)
    left = max(0.0, _x(entry.start or today, today=today, days=days))
    right = min(WIDTH, _x((entry.end or today) + timedelta(days=1), today=today, days=days))
    left = min(left, WIDTH - 8)
    wide = max(8.0, right - left)
    if entry.basis == "fixed":
        body += tag("rect", cls="blu", x=left, y=7, width=wide, height=12)
    else:
        body += tag("rect", fill="url(#hatch)", x=left, y=7, width=wide, height=12)
        body += tag("rect", fill="none", cls="bluS", x=left, y=7, width=wide, height=12)
    return drawn(frame(body, width=WIDTH, height=26, label="", cls="when"))


def _x(day: date, *, today: date, days: int) -> float:
    return WIDTH * (day - today).days / days


def _firsts(today: date, days: int) -> Sequence[date]:
    months = [date(today.year + (today.month - 1 + n) // 12, (today.month - 1 + n) % 12 + 1, 1) for n in range(1, 14)]
    return [first for first in months if first < today + timedelta(days=days)]
