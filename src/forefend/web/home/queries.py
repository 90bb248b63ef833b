"""What the home page shows: windows ahead, the outlook abroad, and what stands out at home."""

from __future__ import annotations

from typing import Any

from forefend.options.windows import WindowDate, windows
from forefend.places import neighbours
from forefend.web.assessment.queries import overview
from forefend.web.design.dates import axis, dated
from forefend.web.design.page import Page
from forefend.web.outlook.queries import outlook

DAYS_AHEAD = 90
WINDOWS_SHOWN = 10
ABROAD_SHOWN = 6


def first_steps(page: Page) -> dict[str, Any]:
    """Return what an installation holds before its state is set."""
    catalog = page.bench.catalog
    return {"n_questions": len(catalog.questions), "n_rules": len(catalog.prefill_rules), "n_windows": len(catalog.windows)}


def at_a_glance(page: Page) -> dict[str, Any]:
    """Return the three parts of the home page."""
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
        "assessed": overview(page),
    }


def _next(found: list[WindowDate], page: Page) -> WindowDate | None:
    """The first window that has not yet begun."""
    return next((entry for entry in found if entry.start and entry.start >= page.bench.today), None)


def _abroad(page: Page) -> dict[str, Any]:
    """The countries with the highest forecasts, the neighbours, and the own state in the same table."""
    found = outlook(page, is_all=True)
    if "refusal" in found:
        return found
    near = set(neighbours(page.state))
    first = [(n, row) for n, row in found["shown"] if n <= ABROAD_SHOWN]
    around = [(n, row) for n, row in found["shown"] if row.iso3 in near and n > ABROAD_SHOWN]
    own = [(n, row) for n, row in found["shown"] if row.iso3 == page.state and n > ABROAD_SHOWN]
    return found | {"first": first, "around": around, "own": own}
