"""A yearly chance taken apart: what each predictor adds to its log-odds, exactly, against another row of predictors.

The pool is a mean of its members' chances, recalibrated. Each member's contributions are carried to chances, and the mean of those to
log-odds, in proportion to their totals: no rest is left, and the sum is the difference of the two log-odds. The way from one scale to
another is shared out by this rule (it is one of several possible); members themselves are taken apart exactly.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from forefend.forecast.explain.members import Parts, parts_of
from forefend.forecast.history import Flags, Matrix
from forefend.forecast.learn import TooLittleToLearn
from forefend.forecast.models import find_model
from forefend.forecast.models.pool_yearly import MEMBERS
from forefend.forecast.recalibrate import Calibration, recalibrated
from forefend.forecast.ridge import log_odds
from forefend.forecast.year_panel import YearPanel

TINY = 1e-9
POOL = "pool"
AGREES = 1e-6


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """Log-odds at ``base`` (the rows compared with) and at the states' own rows, and what each predictor adds between them."""

    iso3: tuple[str, ...]
    names: tuple[str, ...]
    now: Matrix
    before: Matrix
    base: Matrix
    logit: Matrix
    contributions: Matrix


@dataclass(frozen=True, kw_only=True)
class Explainer:
    """A fitted yearly model with the members it is the mean of; a model alone is its own only member."""

    panel: YearPanel
    members: Sequence[Any]
    calibrations: Sequence[Calibration]

    def explain(self, iso3: Sequence[str], now: Matrix, before: Matrix) -> Explanation:
        """Take rows of predictors apart against others, row by row."""
        found = [parts_of(member, self.panel, now, before) for member in self.members]
        known = [parts for parts in found if parts is not None]
        chance, reference = (np.mean([getattr(parts, name) for parts in known], axis=0) for name in ("now", "before"))
        logit, base = self._log_odds(chance), self._log_odds(reference)
        on_chances = np.mean([_carried(parts) for parts in known], axis=0)
        slope = (self._log_odds(chance + TINY) - self._log_odds(chance - TINY)) / (2 * TINY)
        scale = _ratio(logit - base, chance - reference, slope)
        return Explanation(
            iso3=tuple(iso3),
            names=self.panel.names,
            now=now,
            before=before,
            base=base,
            logit=logit,
            contributions=on_chances * scale[:, None],
        )

    def _log_odds(self, chance: Matrix) -> Matrix:
        return log_odds(recalibrated(self.calibrations, chance))


def explainer(panel: YearPanel, *, model: str, fitted: Any) -> Explainer | None:
    """Return what takes a model apart, None for one that cannot be; the members of a pool are fitted as the pool fits them."""
    if model == POOL:
        members = [member for name, given in MEMBERS[panel.target] if (member := _fitted(name, given, panel)) is not None]
        calibrations = fitted.calibrations
    else:
        members, calibrations = [fitted], (Calibration(),)
    is_whole = all(parts_of(member, panel, panel.inputs[:1], panel.inputs[:1]) is not None for member in members)
    return Explainer(panel=panel, members=members, calibrations=calibrations) if members and is_whole else None


def against_world(made: Explainer) -> Explanation:
    """Explain the states that are forecast against the mean of their predictors, the world's typical country."""
    panel, rows = made.panel, _forecast(made.panel)
    now = panel.inputs[rows]
    typical = np.nanmean(np.where(np.isnan(now).all(axis=0), 0.0, now), axis=0)
    return made.explain(panel.iso3[rows].tolist(), now, np.tile(typical, (len(now), 1)))


def against_year_before(made: Explainer) -> Explanation:
    """Explain them by the same model against their own row of the year before, where there was one that could be forecast."""
    panel = made.panel
    earlier = {
        code: place for place, code in enumerate(panel.iso3) if panel.year[place] == panel.base_year - 1 and not panel.impossible[place]
    }
    pairs = [(place, earlier[panel.iso3[place]]) for place in np.flatnonzero(_forecast(panel)) if panel.iso3[place] in earlier]
    here, there = (np.array(part, dtype=np.intp) for part in (zip(*pairs, strict=True) if pairs else ((), ())))
    return made.explain(panel.iso3[here].tolist(), panel.inputs[here], panel.inputs[there])


def agrees(found: Explanation, chances: Mapping[str, float]) -> bool:
    """Tell whether the log-odds explained are those of the chances issued."""
    issued = np.array([chances[iso3] for iso3 in found.iso3])
    return bool(np.allclose(found.logit, log_odds(issued), atol=AGREES, rtol=0))


def _forecast(panel: YearPanel) -> Flags:
    rows: Flags = panel.is_now & ~panel.impossible
    return rows


def _fitted(name: str, given: Mapping[str, Any], panel: YearPanel) -> Any | None:
    """Fit a member (kept fits cost nothing); None where the pool leaves it out too."""
    try:
        found = find_model(name, period="year")(**given).fit(panel)
    except TooLittleToLearn:
        return None
    return None if np.isnan(found.chances(panel)).any() else found


def _carried(parts: Parts) -> Matrix:
    """Carry a member's contributions to its chances."""
    scale = _ratio(parts.now - parts.before, parts.contributions.sum(axis=1), parts.slope)
    carried: Matrix = parts.contributions * scale[:, None]
    return carried


def _ratio(above: Matrix, below: Matrix, where_equal: Matrix) -> Matrix:
    is_far = np.abs(below) > TINY
    found: Matrix = np.where(is_far, above / np.where(is_far, below, 1.0), where_equal)
    return found
