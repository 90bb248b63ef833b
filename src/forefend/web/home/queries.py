"""What the home page shows: core questions at 0, what moved abroad, and the windows ahead."""

from __future__ import annotations

from typing import Any

from forefend.web.assessment.queries import overview
from forefend.web.design.page import Page


def first_steps(page: Page) -> dict[str, Any]:
    """Return what an installation holds before its state is set."""
    catalog = page.bench.catalog
    return {"n_questions": len(catalog.questions), "n_rules": len(catalog.prefill_rules), "n_windows": len(catalog.windows)}


def at_a_glance(page: Page) -> dict[str, Any]:
    """Return the three parts of the home page."""
    return {"today": page.bench.today, "assessed": overview(page)}
