"""How we did: every issued forecast with its scores, and what the models scored when tested on the past."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from forefend.errors import StoreError
from forefend.forecast.ledger import Issue, verify
from forefend.forecast.ledger_scores import FINAL, PENDING, PROVISIONAL
from forefend.forecast.record import SCORES, Scored, record
from forefend.locale import N_
from forefend.web.design.page import Page
from forefend.web.library.cards import cards
from forefend.web.outlook.shown import title_of

STATUS = {FINAL: N_("final figures"), PROVISIONAL: N_("provisional figures"), PENDING: N_("not yet known")}
DECIMALS = {"coverage_90": 0, "crps": 2}
WORSE_ABOVE = ("crps", "crps_log", "brier_25", "brier", "log_score")  # lower is better; coverage aims at 0.9


@dataclass(frozen=True, kw_only=True)
class Line:
    """An issue and one kind of outcome.

    ``scores`` are name in words, ours, plain counting's, whether ours is the worse, and with how many decimals they are written.
    """

    one: Scored
    model: str
    issued: date
    status: str
    scores: tuple[tuple[str, Any, Any, bool, int], ...]

    @property
    def entry(self) -> Issue:
        """The issue."""
        return self.one.entry


def record_page(page: Page) -> dict[str, Any]:
    """Return the issues, newest first; a damaged ledger is said, never passed over."""
    store = page.bench.store
    found: dict[str, Any] = {"cards": cards()}
    try:
        verdict = verify(store)
        if verdict.faults:
            return found | {"refusal": verdict.faults[0]}
        lines = [_line(page, one) for one in record(store)]
    except StoreError as refusal:
        return found | {"refusal": str(refusal)}
    scored = [line for line in lines if line.scores]
    return found | {
        "lines": lines,
        "scored": scored,
        "verdict": verdict,
        "n_hindsight": len({line.entry.id for line in lines if line.entry.is_hindsight}),
        "n_pending": len({line.entry.id for line in lines if line.one.outcomes == PENDING}),
        "n_worse": sum(is_worse for line in scored for *_, is_worse, _ in line.scores),
        "n_compared": sum(name != "coverage_90" for line in scored for name in line.one.scores),
    }


def _line(page: Page, one: Scored) -> Line:
    text = page.lang.gettext
    return Line(
        one=one,
        model=text(title_of(one.entry.model, one.entry.period)),
        issued=datetime.fromisoformat(one.entry.issued_at).date(),
        status=text(STATUS[one.outcomes]),
        scores=tuple(
            (text(SCORES[name]), ours, one.plain.get(name), _is_worse(name, one.scores, one.plain), DECIMALS.get(name, 4))
            for name, ours in one.scores.items()
        ),
    )


def _is_worse(name: str, ours: Mapping[str, Any], plain: Mapping[str, Any]) -> bool:
    mine, other = ours[name].value, plain[name].value if name in plain else None
    return name in WORSE_ABOVE and mine is not None and other is not None and mine > other
