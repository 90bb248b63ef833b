"""Windows as an iCalendar file: whole-day events, tentative unless the date is fixed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from forefend.options.windows import WindowDate
from forefend.places import place_name

BASIS = {
    "fixed": "Date fixed",
    "projected": "Date projected",
    "typical": "Usual time of year, date not published",
    "unverified": "Date not verified",
}


def to_ics(found: Iterable[WindowDate], *, today: date) -> bytes:
    """Return the dated windows as a calendar; the same windows on the same day give the same bytes."""
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//Forefend//Windows of opportunity//EN")
    calendar.add("version", "2.0")
    stamp = datetime(today.year, today.month, today.day, tzinfo=UTC)
    for entry in found:
        if entry.start is not None and entry.end is not None:
            calendar.add_component(_event(entry, start=entry.start, end=entry.end, stamp=stamp))
    written: bytes = calendar.to_ical()
    return written


def summary(entry: WindowDate) -> str:
    """Return the line a calendar shows: the window, what and whom it concerns, and how sure the date is."""
    about = place_name(entry.about) if entry.about else ""
    words = " – ".join(part for part in (entry.window.name, entry.detail, about) if part)
    return words if entry.basis == "fixed" else f"{words} ({BASIS[entry.basis].lower()})"


def _event(entry: WindowDate, *, start: date, end: date, stamp: datetime) -> Any:
    from icalendar import Event

    event = Event()
    event.add("uid", f"{entry.id.replace(' ', '-')}@forefend")
    event.add("dtstamp", stamp)
    event.add("dtstart", start)
    event.add("dtend", end + timedelta(days=1))  # the day after the last, as RFC 5545 wants it
    event.add("summary", summary(entry))
    event.add("description", "\n".join(_description(entry)))
    event.add("status", "CONFIRMED" if entry.basis == "fixed" else "TENTATIVE")
    event.add("transp", "TRANSPARENT")
    return event


def _description(entry: WindowDate) -> list[str]:
    lines = [
        f"{BASIS[entry.basis]}: {entry.date_text}",
        f"Source: {entry.source}" + (f" ({entry.checked})" if entry.checked else ""),
        f"Begin preparation: {entry.preparation_start}",
    ]
    if entry.seat:
        lines.append(f"Seat or treaty needed: {entry.seat} ({_answer(entry.can_use)})")
    if entry.window.options:
        lines.append(f"Options: {', '.join(entry.window.options)}")
    if entry.window.actions:
        lines.append(f"Actions: {', '.join(entry.window.actions)}")
    return lines + ([entry.note] if entry.note else [])


def _answer(is_held: bool | None) -> str:
    return "not known" if is_held is None else "held" if is_held else "not held"
