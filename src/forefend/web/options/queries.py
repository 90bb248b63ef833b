"""Leverage and options as the pages show them."""

from __future__ import annotations

from typing import Any

from forefend.options.leverage import AGREEMENT, leverage
from forefend.options.match import options_for
from forefend.places import states
from forefend.web.design.page import Page
from forefend.web.library import words

SHOWN_FIRST = 12
MEANS_NAMED = 4
# Every state has its own law, and votes alike are no lever.
NO_MEANS = ("domestic_authority", AGREEMENT)


def regions(page: Page) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return every state by region, by its name in the language of the page."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for iso3, state in states().items():
        if state.is_state:
            groups.setdefault(state.subregion or state.region, []).append((page.name_of(iso3), iso3))
    return [(region, sorted(found)) for region, found in sorted(groups.items())]


def toward(page: Page, target: str) -> dict[str, Any]:
    """Return channels of leverage, who else holds them, and options with every component."""
    bench = page.bench
    levers = leverage(bench.store, bench.catalog, page.state, target, today=bench.today)
    matches = options_for(bench.store, bench.catalog, page.state, target, today=bench.today)
    return {
        "target": target,
        "is_inward": target == page.state,
        "levers": [lever for lever in levers if lever.figure.missing != "not monitored"],
        "unseen": [lever for lever in levers if lever.figure.missing == "not monitored"],
        "means": [lever for lever in levers if lever.is_held and lever.channel not in NO_MEANS][:MEANS_NAMED],
        "coalition": [lever for lever in levers if lever.holders],
        "matches": matches[:SHOWN_FIRST],
        "others": matches[SHOWN_FIRST:],
        "titles": {identifier: kind.title for identifier, kind in bench.catalog.leverage_types.items()},
        "words": words,
    }
