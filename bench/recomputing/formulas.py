"""Second implementation of every formula, from its written definition. Inputs are lists of rows, in order."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date
from statistics import fmean

from recomputing.basic import NoNumber, Row, divided, numbers, quantile, the_one
from recomputing.panel import class_cases, months_ahead, next_span_quantile, spans_ahead, wilson

Inputs = list[list[Row]]
Formula = Callable[[Inputs, Row], float]

TOP = 4.0  # the highest score
VOTES = {"yes": 1.0, "abstain": 0.5, "no": 0.0}


def every(inputs: Inputs) -> list[float]:
    """Return the values of all inputs together; raises NoNumber where there is none."""
    found = [value for rows in inputs for value in numbers(rows)]
    if not found:
        raise NoNumber("not monitored")
    return found


def sum_of(*inputs: list[Row]) -> float:
    """Return the sum of the values of rows."""
    return math.fsum(value for rows in inputs for value in numbers(rows))


def window(rows: list[Row], months: int) -> list[float]:
    """Return a window's months sorted; a month without a row is 0."""
    found = numbers(rows)
    return sorted([*found, *[0.0] * (months - len(found))])


def percentile(inputs: Inputs, p: Row) -> float:
    """Return the share of the other states that are less bad, in per cent, ties counted half."""
    return place(gathered(inputs[0], p), p)


def derived_percentile(inputs: Inputs, p: Row) -> float:
    """Return the same share by what a formula makes of each state's values, where it has one in every input."""
    found = [gathered(rows, p) for rows in inputs]
    made: dict[str, float] = {}
    for iso3 in set(found[0]).intersection(*found):
        try:
            made[iso3] = FORMULAS[p["by"]]([[{"value": values[iso3]}] for values in found], {})
        except NoNumber:
            continue
    return place(made, p)


def gathered(rows: list[Row], p: Row) -> dict[str, float]:
    """Return each state's sum, or mean; a state that counts as 0 without a row is there with 0."""
    listed: dict[str, list[float]] = {iso3: [] for iso3 in p.get("fill_zero", ())}
    for row in rows:
        if row["value"] is not None:
            listed.setdefault(row["iso3"], []).append(row["value"])
    is_mean = p.get("gathered") == "mean"
    return {iso3: fmean(values) if is_mean and values else math.fsum(values) for iso3, values in listed.items()}


def place(by_state: dict[str, float], p: Row) -> float:
    """Return the share of the others that are less bad than one state."""
    by_state = dict(by_state)
    own = by_state.pop(p["iso3"], None)
    if own is None or not by_state:
        raise NoNumber("not monitored")
    points = {True: (1.0, 0.0), False: (0.0, 1.0)}[p["worse"] == "high"]
    return 100 * fmean(0.5 if other == own else points[other > own] for other in by_state.values())


def in_force(rows: list[Row], p: Row) -> list[Row]:
    """Return the statements with one of the statuses that had begun and not ended on the day."""
    day = date.fromisoformat(p["on"])
    return [row for row in rows if row["status"] in p["status"] and (row["start"] or date.min) <= day <= (row["end"] or date.max)]


def shared_bodies(inputs: Inputs, p: Row) -> float:
    """Return in how many of the listed organisations both states are on the day."""
    ours, theirs = ({row["key"] for row in in_force(rows, p)} for rows in inputs)
    return float(len([body for body in p["bodies"] if body in ours and body in theirs]))


def published_share(inputs: Inputs, _: Row) -> float:
    """Return the largest percentage that the publisher itself gives, as a share of 1."""
    return max(numbers(inputs[0])) / 100


def positive_share(inputs: Inputs, _: Row) -> float:
    """Return the positive amounts of the first rows as a share of those of the second."""
    part, whole = (math.fsum(max(value, 0.0) for value in numbers(rows)) for rows in inputs)
    return divided(part, whole)


def leverage(inputs: Inputs, p: Row) -> float:
    """Return 0.6 times the strongest lever held and 0.4 times the share of the listed ones that are held."""
    if not inputs:
        return 0.0
    strongest = min(1.0, max(the_one(rows) for rows in inputs))
    return 0.6 * strongest + 0.4 * divided(len(inputs), p["listed"])


def relevance(inputs: Inputs, p: Row) -> float:
    """Return the highest percentile as a share of 1, each with its multiplier."""
    return max(the_one(rows) / 100 * multiplier for rows, multiplier in zip(inputs, p["multipliers"], strict=True))


def is_neighbour(inputs: Inputs, p: Row) -> float:
    """Return 1 for two states with a land border; a state is no neighbour of itself."""
    return 1.0 if not inputs and p["actor"] in set(p["borders"]) - {p["target"]} else 0.0


def gap(inputs: Inputs, p: Row, *, open_at: float, caps: list[float] | None = None) -> float:
    """Return the weighted mean of what is missing to 4, open questions counted with the score ``open_at``."""
    scores = [the_one(rows) for rows in inputs]
    granted = scores if caps is None else [min(pair) for pair in zip(scores, caps, strict=True)]
    weights = [*p["weights"], p["total_weight"] - math.fsum(p["weights"])]
    missing = [1 - score / TOP for score in [*granted, open_at]]
    return divided(math.fsum(map(math.prod, zip(weights, missing, strict=True))), p["total_weight"])


def observed_gap(inputs: Inputs, p: Row) -> float:
    """Return the weighted mean over the answered questions alone."""
    return gap(inputs, {**p, "total_weight": math.fsum(p["weights"])}, open_at=TOP)


def confidence(_: Inputs, p: Row) -> float:
    """Return the weighted mean of confidences, open questions at 0."""
    return divided(math.fsum(map(math.prod, zip(p["weights"], p["confidences"], strict=True))), p["total_weight"])


def status_score(inputs: Inputs, p: Row) -> float:
    """Return what the rule gives to the status that all rows share."""
    (status,) = {row["status"] for row in inputs[0]}
    return float(p["status_scores"][status.split(" (unverified)")[0]])


def vote_share(inputs: Inputs, _: Row) -> float:
    """Return the mean of the votes, an absence worth nothing; no number where none was cast."""
    cast = [VOTES[row["status"]] for row in inputs[0] if row["status"] in VOTES]
    return divided(math.fsum(cast), len(inputs[0]) if cast else 0)


def on_line(inputs: Inputs, p: Row) -> float:
    """Return the whole level that a straight line between two points reaches, limited to them."""
    slope = (p["to_score"] - p["from_score"]) / (p["to_value"] - p["from_value"])
    low, high = sorted((p["from_score"], p["to_score"]))
    return float(math.floor(min(high, max(low, p["from_score"] + slope * (the_one(inputs[0]) - p["from_value"]))) + 1e-9))


def line_score(inputs: Inputs, p: Row) -> float:
    """Return the points of a line from 0 to 4, limited to them."""
    place = divided(the_one(inputs[0]) - p["zero"], p["four"] - p["zero"])
    return sorted((0.0, TOP * place, TOP))[1]


def step_score(inputs: Inputs, p: Row) -> float:
    """Return the highest level whose threshold the value reaches, 0 for none."""
    value, sign = the_one(inputs[0]), 1 if p.get("higher_is_better", True) else -1
    if p.get("silent_from") is not None and sign * value >= sign * p["silent_from"]:
        raise NoNumber("not monitored")
    return float(max([0.0, *(level for limit, level in p["thresholds"] if sign * value >= sign * limit)]))


def between(cases: list[tuple[float, list[float]]]) -> float:
    """Return how many outcomes lie between two bounds, ends included."""
    return float(sum(low <= outcome <= high for outcome, (low, high) in cases))


def months_between(inputs: Inputs, p: Row) -> float:
    """Return how many later months lay between two quantiles of the months before."""
    cases = [(value, sorted(before)) for value, before in months_ahead(inputs, p)]
    return between([(value, [quantile(before, p["low"]), quantile(before, p["high"])]) for value, before in cases])


def months_above(inputs: Inputs, p: Row) -> float:
    """Return how many later months lay above a quantile of the months before."""
    return float(sum(value > quantile(sorted(before), p["q"]) for value, before in months_ahead(inputs, p)))


def spans_above(inputs: Inputs, p: Row) -> float:
    """Return how many later spans lay above a quantile of their forecast."""
    return float(sum(outcome > bound for outcome, (bound,) in spans_ahead(inputs, p, p["q"])))


def rank_from_top(inputs: Inputs, p: Row) -> float:
    """Return a state's place by the sum, or the highest, of its rows; equal states share the best place."""
    rows: dict[str, list[float]] = {}
    for row in inputs[0]:
        if row["value"] is not None:
            rows.setdefault(row["iso3"], []).append(row["value"])
    by_state = {iso3: max(values) if p["gathered"] == "highest" else math.fsum(values) for iso3, values in rows.items()}
    return 1.0 + sum(value > by_state[p["iso3"]] for value in by_state.values())


FORMULAS: dict[str, Formula] = {
    "action_confidence": confidence,
    "border": is_neighbour,
    "cautious_gap": lambda i, p: gap(i, p, open_at=0.0, caps=p["caps"]),
    "class_country_years": lambda i, p: float(len(class_cases(i, p))),
    "class_onsets": lambda i, p: float(sum(class_cases(i, p))),
    "count": lambda i, _: float(sum(map(len, i))),
    "coverage": lambda _, p: divided(math.fsum(p["weights"]), p["total_weight"]),
    "derived_percentile": derived_percentile,
    "difference": lambda i, _: the_one(i[0]) - the_one(i[1]),
    "distinct_keys": lambda i, p: float(len({row["key"] for rows in i for row in rows if row["status"] == p["status"]})),
    "gap_high": lambda i, p: gap(i, p, open_at=0.0),
    "gap_low": lambda i, p: gap(i, p, open_at=TOP),
    "highest": lambda i, _: max(every(i)),
    "leverage_before_access": leverage,
    "line_between": on_line,
    "line_score": line_score,
    "lowest": lambda i, _: min(every(i)),
    "mean": lambda i, _: fmean(every(i[:1])),
    "months_above": months_above,
    "months_between": months_between,
    "months_tested": lambda i, p: float(len(months_ahead(i, p))),
    "next_span_quantile": next_span_quantile,
    "observed_gap": observed_gap,
    "own_authority": lambda i, _: 0.0 if i else 1.0,
    "per_thousand": lambda i, _: 1000 * divided(the_one(i[0]), the_one(i[1])),
    "percentile": percentile,
    "positive_share": positive_share,
    "published_share": published_share,
    "rank_from_top": rank_from_top,
    "ratio": lambda i, _: divided(the_one(i[0]), the_one(i[1])),
    "relevance": relevance,
    "share": lambda i, _: divided(sum_of(i[0]), sum_of(i[1])),
    "shared_bodies": shared_bodies,
    "single": lambda i, _: the_one(i[0]),
    "spans_above": spans_above,
    "spans_between": lambda i, p: between(spans_ahead(i, p, p["low"], p["high"])),
    "spans_tested": lambda i, p: float(len(spans_ahead(i, p))),
    "standing_rows": lambda i, p: float(len(in_force(i[0], p))),
    "states_counted": lambda i, _: float(len({row["iso3"] for row in i[0] if row["value"] is not None})),
    "status_score": status_score,
    "step_score": step_score,
    "total": lambda i, _: sum_of(*i),
    "vote_share": vote_share,
    "wilson_high": lambda i, _: wilson(i, side=1),
    "wilson_low": lambda i, _: wilson(i, side=-1),
    "window_chance": lambda i, p: divided(sum(v >= p["at_least"] for v in window(i[0], p["months"])), p["months"]),
    "window_mean": lambda i, p: divided(sum_of(i[0]), p["months"]),
    "window_quantile": lambda i, p: quantile(window(i[0], p["months"]), p["q"]),
}
