"""The coverage pages: what public data can say, by action and risk factor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from forefend.assess.coverage import Entry, Share, coverage, shares
from forefend.locale import N_, Language
from forefend.web.design.page import Page
from forefend.web.design.values import missing_text

WIDTH = 240  # of a bar of all items
KINDS = (("direct", "known"), ("hand_kept", "blu"), ("proxy_only", "rng"))
STRENGTHS = {"direct": N_("direct"), "proxy": N_("stand-in"), "hand-kept": N_("kept by hand")}
REASONS = {"no series": N_("no public series is connected"), "unverified": N_("unverified: shown, not counted")}


@dataclass(frozen=True, kw_only=True)
class Row:
    """One action or risk factor with its bar: direct, kept by hand, stand-ins only, from the start of the line."""

    title: str
    share: Share
    bars: Sequence[tuple[str, str, str]]  # class, x, width


def overview(page: Page) -> dict[str, Any]:
    """Return every action and risk factor with how much of it public data can speak to."""
    found = shares(_entries(page))
    catalog = page.bench.catalog
    actions = [_row(catalog.actions[s.group].title, s) for s in found if s.group in catalog.actions]
    factors = [_row(catalog.risk_factors[s.group].title, s) for s in found if s.group in catalog.risk_factors]
    return {
        "parts": (("action", actions, _sums(actions)), ("factor", factors, _sums(factors))),
        "questions": _sums(actions),
        "indicators": _sums(factors),
    }


def group(page: Page, identifier: str) -> dict[str, Any]:
    """Return one action or risk factor with every series that speaks to each of its questions or indicators."""
    catalog = page.bench.catalog
    entries = [entry for entry in _entries(page) if entry.group == identifier]
    items: dict[str, list[Entry]] = {}
    for entry in entries:
        items.setdefault(entry.item, []).append(entry)
    told = {**{q.id: (q.text, q.measurable_why) for q in catalog.questions.values()}}
    told |= {i.id: (i.text, i.measurable_why) for i in catalog.indicators.values()}
    told |= {f.id: (f.title, "") for f in catalog.risk_factors.values()}
    holder = catalog.actions.get(identifier) or catalog.risk_factors[identifier]
    return {
        "holder": holder,
        "is_action": identifier in catalog.actions,
        "share": shares(tuple(entries))[0],
        "items": [
            {
                "id": item,
                "text": told[item][0],
                "why": told[item][1],
                "is_measurable": rows[0].is_measurable,
                "rows": _shown(rows, page.lang),
            }
            for item, rows in items.items()
        ],
    }


def _entries(page: Page) -> tuple[Entry, ...]:
    bench = page.bench
    return coverage(bench.store, bench.catalog, today=bench.today, iso3=page.state or None)


def _row(title: str, share: Share) -> Row:
    bars, at = [], 0.0
    for name, kind in KINDS:
        width = WIDTH * getattr(share, name) / max(1, share.items)
        if width:
            bars.append((kind, f"{at:.1f}", f"{max(1.0, width - 2):.1f}"))
        at += width
    return Row(title=title, share=share, bars=tuple(bars))


def _sums(rows: Sequence[Row]) -> dict[str, int]:
    names = ("items", "measurable", "direct", "hand_kept", "proxy_only", "none")
    return {name: sum(getattr(row.share, name) for row in rows) for name in names}


def _shown(rows: Sequence[Entry], lang: Language) -> list[dict[str, Any]]:
    return [
        {
            "entry": entry,
            "strength": STRENGTHS.get(entry.strength, ""),
            "missing": lang.gettext(REASONS[entry.missing]) if entry.missing in REASONS else missing_text(entry.missing, lang),
        }
        for entry in rows
    ]
