"""How far forecasts lay from what happened. Pure functions over arrays; lower is better unless said otherwise.

``draws`` has the draws of each case along its last axis; ``outcome`` has the shape without it.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from forefend.forecast.history import Flags, Matrix

# Deaths at which the bins of the ignorance score begin, as in the VIEWS prediction challenge 2023/24.
VIEWS_EDGES = np.array([0, 0.5, 2.5, 5.5, 10.5, 25.5, 50.5, 100.5, 250.5, 500.5, 1000.5, np.inf])
SMOOTHING_DRAWS = 240  # every forecast is smoothed as if it had so many draws, so that numbers of draws do not matter
LEAST_CHANCE = 1e-6


def crps(draws: Matrix, outcome: Matrix) -> Matrix:
    """Continuous ranked probability score of the draws' empirical distribution, in deaths."""
    ordered = np.sort(draws, axis=-1)
    count = ordered.shape[-1]
    weights = 2 * np.arange(1, count + 1) - count - 1
    found: Matrix = np.abs(ordered - outcome[..., None]).mean(axis=-1) - (ordered * weights).sum(axis=-1) / count**2
    return found


def crps_log(draws: Matrix, outcome: Matrix) -> Matrix:
    """The same after log(1 + deaths), so that one mega-event does not decide everything."""
    return crps(np.log1p(draws), np.log1p(outcome))


def ignorance(draws: Matrix, outcome: Matrix) -> Matrix:
    """Minus the binary logarithm of the chance given to the bin that came, one draw added to every bin; in bits."""
    bins = len(VIEWS_EDGES) - 1
    share = (_bin(draws) == _bin(outcome)[..., None]).mean(axis=-1)
    found: Matrix = -np.log2((share * SMOOTHING_DRAWS + 1) / (SMOOTHING_DRAWS + bins))
    return found


def within(draws: Matrix, outcome: Matrix, *, share: float = 0.9) -> Flags:
    """Whether the outcome lies in the central interval of the draws, ends included; 0 in 0 to 0 does."""
    low, high = np.quantile(draws, [(1 - share) / 2, (1 + share) / 2], axis=-1)
    inside: Flags = (outcome >= low) & (outcome <= high)
    return inside


def transform(draws: Matrix, outcome: Matrix, *, seed: int = 0) -> Matrix:
    """Randomised probability integral transform: even between 0 and 1 when forecasts are right, also with many zeros."""
    below, equal = (draws < outcome[..., None]).mean(axis=-1), (draws == outcome[..., None]).mean(axis=-1)
    found: Matrix = below + np.random.default_rng(seed).random(outcome.shape) * equal
    return found


def covered(draws: Matrix, outcome: Matrix, *, share: float = 0.9, seed: int = 0) -> Flags:
    """Whether the randomised transform lies in the central interval: ``share`` of the cases when forecasts are right."""
    place = transform(draws, outcome, seed=seed)
    inside: Flags = (place >= (1 - share) / 2) & (place <= (1 + share) / 2)
    return inside


def brier(chance: Matrix, happened: Flags) -> Matrix:
    """Squared distance of a chance from what happened."""
    found: Matrix = (chance - happened) ** 2
    return found


def log_loss(chance: Matrix, happened: Flags) -> Matrix:
    """Minus the natural logarithm of the chance given to what happened; chances are kept one in a million off 0 and 1."""
    kept = np.clip(chance, LEAST_CHANCE, 1 - LEAST_CHANCE)
    found: Matrix = -np.where(happened, np.log(kept), np.log1p(-kept))
    return found


def auc(chance: Matrix, happened: Flags, *, group: npt.NDArray[np.intp], weights: Matrix | None = None) -> float:
    """Chance that a case that happened was ranked above one of the same group that did not, ties counted half; higher is better.

    Groups (base years) are kept apart, as chances of different years are not ranked against each other by a
    reader. NaN where no group holds both.
    """
    weight = np.ones(chance.shape) if weights is None else weights
    keys, rank = np.unique(np.stack([group, chance]), axis=1, return_inverse=True)
    return concordance(keys[0], rank, happened, weights=weight)


def concordance(groups: Matrix, rank: npt.NDArray[np.intp], happened: Flags, *, weights: Matrix) -> float:
    """Count pairs for ``auc``: ``rank`` is each case's place among the sorted (group, chance) pairs, ``groups`` the pairs' group."""
    yes = np.bincount(rank, weights=weights * happened, minlength=groups.size)
    no = np.bincount(rank, weights=weights * ~happened, minlength=groups.size)
    _, first, place = np.unique(groups, return_index=True, return_inverse=True)
    before = np.concatenate([[0.0], np.cumsum(no)])
    below = before[:-1] - before[first][place]
    pairs = (yes * np.add.reduceat(no, first)[place]).sum()
    return float((yes * (below + no / 2)).sum() / pairs) if pairs else float("nan")


def average_precision(chance: Matrix, happened: Flags, *, weights: Matrix | None = None) -> float:
    """Area under precision by recall, equal chances being one threshold; higher is better. NaN where nothing happened."""
    weight = np.ones(chance.shape) if weights is None else weights
    levels, place = np.unique(-chance, return_inverse=True)
    yes = np.bincount(place, weights=weight * happened, minlength=levels.size)
    total = np.bincount(place, weights=weight, minlength=levels.size)
    called, hits = np.cumsum(total), np.cumsum(yes)
    if not hits[-1]:
        return float("nan")
    precision = np.divide(hits, called, out=np.zeros_like(hits), where=called > 0)
    return float((precision * yes).sum() / hits[-1])


def in_top(chance: Matrix, *, group: npt.NDArray[np.intp], count: int) -> Matrix:
    """Chance of each case to stand among the ``count`` highest of its group, ties broken at random."""
    found = np.zeros(chance.shape)
    for name in np.unique(group):
        mine = np.flatnonzero(group == name)
        above = (chance[mine][None, :] > chance[mine][:, None]).sum(axis=1)
        equal = (chance[mine][None, :] == chance[mine][:, None]).sum(axis=1)
        found[mine] = np.clip((count - above) / equal, 0, 1)
    return found


def _bin(deaths: Matrix) -> npt.NDArray[np.intp]:
    return np.clip(np.searchsorted(VIEWS_EDGES, deaths, side="right") - 1, 0, len(VIEWS_EDGES) - 2)
