"""What the home page shows: signals that stand, windows ahead, what moved abroad, and what stands out at home."""

from __future__ import annotations

from typing import Any

from forefend.errors import ForecastError, NotLoaded, StoreError
from forefend.options.windows import WindowDate, windows
from forefend.places import neighbours
from forefend.web.assessment.queries import overview
from forefend.web.design.dates import axis, dated
from forefend.web.design.page import Page
from forefend.web.outlook.queries import opened, outlook
from forefend.web.outlook.standing import lines

DAYS_AHEAD = 90
WINDOWS_SHOWN = 10
ABROAD_SHOWN = 6
SIGNALS_SHOWN = 6


def first_steps(page: Page) -> dict[str, Any]:
    """Return what an installation holds before its state is set."""
    catalog = page.bench.catalog
    return {"n_questions": len(catalog.questions), "n_rules": len(catalog.prefill_rules), "n_windows": len(catalog.windows)}


def at_a_glance(page: Page) -> dict[str, Any]:
    """Return the parts of the home page."""
    bench = page.bench
    found = [entry for entry in windows(bench.store, bench.catalog, page.state, days=DAYS_AHEAD, today=bench.today) if entry.start]
    usable = [entry for entry in found if entry.can_use is not False]
    rows = dated(usable, lang=page.lang, today=bench.today, days=DAYS_AHEAD)
    return {
        "today": bench.today,
        "windows": rows[:WINDOWS_SHOWN],
        "n_windows": len(rows),
        "next": _next(usable, page),
        "axis": axis(lang=page.lang, today=bench.today, days=DAYS_AHEAD),
        "abroad": _abroad(page),
        "signals": _signals(page),
        "assessed": overview(page),
    }


def _next(found: list[WindowDate], page: Page) -> WindowDate | None:
    """The first window that has not yet begun."""
    return next((entry for entry in found if entry.start and entry.start >= page.bench.today), None)


def _abroad(page: Page) -> dict[str, Any]:
    """What moved in an issued outlook, else the countries with the highest forecasts; the neighbours, and the own state beside."""
    found = outlook(page, is_all=True, is_open=False)
    if "refusal" in found:
        return found
    on, near = found["on"], set(neighbours(page.state))
    moved = {entry.row.iso3 for entry in found["lists"]["movers"]} if found["lists"] else set()
    if moved:
        leading = sorted((pair for pair in found["shown"] if pair[1].iso3 in moved), key=lambda pair: -abs(pair[1].change))
    else:
        leading = [(n, row) for n, row in found["shown"] if n <= ABROAD_SHOWN]
    told = {row.iso3 for _, row in leading}
    around = [(n, row) for n, row in found["shown"] if row.iso3 in near and row.iso3 not in told]
    own = [(n, row) for n, row in found["shown"] if row.iso3 == page.state and row.iso3 not in told]
    parts = {"first": leading, "around": around, "own": own}
    return found | {name: [(n, opened(page, row, on)) for n, row in rows] for name, rows in parts.items()} | {"is_moved": bool(moved)}


def _signals(page: Page) -> dict[str, Any]:
    """The gravest signals that stand, the newest first."""
    try:
        found, count = lines(page, gravest=SIGNALS_SHOWN)
    except (NotLoaded, ForecastError, StoreError) as refusal:
        return {"refusal": str(refusal)}
    return {"lines": found, "n": count}
