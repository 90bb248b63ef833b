"""When the catalog's windows open by their usual pattern: yearly months, and offsets to other windows.

A pattern gives months, not days: consecutive months are one occurrence from the first day to the last.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from dateutil.relativedelta import relativedelta
from dateutil.rrule import rrulestr

from forefend.catalog.model import Schedule
from forefend.errors import CatalogError

OFFSET = re.compile(r"([+-])P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?")


@dataclass(frozen=True, kw_only=True)
class Period:
    """First and last day of an occurrence, and how its date is written."""

    start: date
    end: date

    @property
    def text(self) -> str:
        """The months it covers: 2027-06, or 2027-06/2027-07."""
        first, last = f"{self.start:%Y-%m}", f"{self.end:%Y-%m}"
        return first if first == last else f"{first}/{last}"


def occurrences(schedule: Schedule, *, start: date, end: date) -> tuple[Period, ...]:
    """Return the periods of a yearly or monthly pattern that meet the days asked for.

    A yearly pattern without months says nothing about dates and gives none, as an event does.
    """
    if schedule.kind != "recurring" or not has_months(schedule):
        return ()
    # From the January before, so that a period that has begun is whole, and quarters count from January.
    first, last = datetime(start.year - 1, 1, 1), datetime(end.year + 1, 1, 1)  # noqa: DTZ001 - whole days
    months = [moment.date() for moment in rrulestr(schedule.rrule, dtstart=first).between(first, last, inc=True)]
    periods = _months(months) if "YEARLY" in schedule.rrule else [_month(day) for day in months]
    return tuple(period for period in periods if period.start <= end and period.end >= start)


def has_months(schedule: Schedule) -> bool:
    """Tell whether a schedule says when, be it only by months: an event does not, nor does a year without months."""
    return schedule.kind == "relative" or "BYMONTH" in schedule.rrule or "MONTHLY" in schedule.rrule


def shifted(period: Period, *, offset: str) -> Period:
    """Move a period by an ISO 8601 duration with a sign, such as -P7M. Whole months stay whole, days stay in number."""
    found = OFFSET.fullmatch(offset)
    if not found:
        raise CatalogError(f"The offset {offset!r} is not a signed duration such as -P7M. Correct the window.")
    years, months, weeks, days = (int(part or 0) for part in found.groups()[1:])
    sign = 1 if found[1] == "+" else -1
    step = sign * relativedelta(years=years, months=months, weeks=weeks, days=days)
    start = period.start + step
    if period == Period(start=_month(period.start).start, end=_month(period.end).end) and not weeks and not days:
        return Period(start=start, end=_month(period.end.replace(day=1) + step).end)
    return Period(start=start, end=start + (period.end - period.start))


def _month(day: date) -> Period:
    return Period(start=day.replace(day=1), end=day.replace(day=calendar.monthrange(day.year, day.month)[1]))


def _months(days: list[date]) -> list[Period]:
    """Join months that follow each other within a year."""
    periods: list[Period] = []
    for month in map(_month, days):
        follows = periods and periods[-1].end + timedelta(days=1) == month.start and periods[-1].start.year == month.start.year
        if follows:
            periods[-1] = Period(start=periods[-1].start, end=month.end)
        else:
            periods.append(month)
    return periods
