"""Scores apart by region, by calm or violent history, and by time: where a model is good, and where it is not."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import polars as pl

from forefend.forecast.history import Flags, Matrix
from forefend.places import states

GROUP_COLUMNS = ("target", "model", "by", "group", "score", "value", "ratio", "rows", "events", "expected")

Labels = Mapping[str, npt.NDArray[np.str_]]


def regions(iso3: npt.NDArray[np.str_]) -> npt.NDArray[np.str_]:
    """Return the region of each state; ``other`` where places know none."""
    known = states()
    names, place = np.unique(iso3, return_inverse=True)
    found = [known[name].region or "other" if name in known else "other" for name in names.tolist()]
    return np.array(found)[place]


def month_groups(target: str, scores: Mapping[str, Mapping[str, Matrix]], labels: Labels, *, reference: str) -> pl.DataFrame:
    """Return mean scores by group, and their ratio to the reference; ``scores`` by model and name, all on the same cases."""
    rows = []
    for by, group, mine in _each(labels):
        for model, found in scores.items():
            for name, values in found.items():
                base = scores[reference][name][mine].mean()
                value = values[mine].mean()
                rows.append(_row(target, model, by, group, name, value, value / base if base else None, mine))
    return _table(rows)


def year_groups(target: str, chances: Mapping[str, Matrix], losses: Mapping[str, Matrix], happened: Flags, labels: Labels) -> pl.DataFrame:
    """Return mean log loss by group, with the onsets that came and those expected."""
    rows = []
    for by, group, mine in _each(labels):
        base = losses["base_rate"][mine].mean() if "base_rate" in losses else np.nan
        for model, chance in chances.items():
            value = losses[model][mine].mean()
            row = _row(target, model, by, group, "log_loss", value, value / base, mine)
            rows.append(row | {"events": int(happened[mine].sum()), "expected": float(chance[mine].sum())})
    return _table(rows)


def _each(labels: Labels) -> list[tuple[str, str, Flags]]:
    return [(by, str(group), of == group) for by, of in labels.items() for group in np.unique(of)]


def _row(target: str, model: str, by: str, group: str, score: str, value: float, ratio: float | None, mine: Flags) -> dict[str, object]:  # noqa: PLR0917 - the columns, in order
    row: dict[str, object] = dict(zip(GROUP_COLUMNS, (target, model, by, group, score, float(value), ratio, int(mine.sum())), strict=False))
    return row | {"events": None, "expected": None}


def _table(rows: list[dict[str, object]]) -> pl.DataFrame:
    return pl.DataFrame(rows, infer_schema_length=None).select(GROUP_COLUMNS) if rows else pl.DataFrame()
