"""Re-compute every number of a brief outside the product: from its JSON and the Parquet files alone.

Rival implementation: the formulas are written here a second time, on plain lists read by DuckDB-free
Python (pyarrow), without importing forefend. A number that differs by more than 1e-9 fails the run.
"""

from __future__ import annotations

import argparse
import json
import math
import subprocess
import sys
import tempfile
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

BIN = Path(sys.executable).parent
PACKED = Path(__file__).resolve().parents[1] / "src" / "forefend" / "starter" / "packed" / "snapshots"
SUBJECT = {"observations": "indicator", "events": "kind", "ties": "channel", "facts": "kind"}
Row = dict[str, Any]
_tables: dict[Path, list[Row]] = {}


def rows_of(query: Row) -> list[Row]:
    """Answer a pinned query by walking the rows of its Parquet file."""
    path = PACKED / query["snapshot_id"] / f"{query['table']}.parquet"
    if path not in _tables:
        _tables[path] = pq.read_table(path).to_pylist()
    start, end = (date.fromisoformat(query[k]) if query[k] else None for k in ("start", "end"))
    wanted = {SUBJECT[query["table"]]: query["subject"], **query["where"]}

    def fits(row: Row) -> bool:
        equal = all(row[c] in w if isinstance(w, list) else row[c] == w for c, w in wanted.items())
        return equal and (start is None or row["start"] >= start) and (end is None or row["end"] <= end)

    return [row for row in _tables[path] if fits(row)]


def numbers(rows: list[Row]) -> list[float]:
    """Return the values of rows."""
    return [row["value"] for row in rows if row["value"] is not None]


def quantile(values: list[float], q: float) -> float:
    """Return a quantile by linear interpolation."""
    ordered = sorted(values)
    place = q * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def padded(rows: list[Row], months: int) -> list[float]:
    """Return the values of a window in which a month without a row is 0."""
    found = numbers(rows)
    return found + [0.0] * (months - len(found))


def percentile(rows: list[Row], p: Row) -> float:
    """Return the share of other states that are less bad, ties counted half, in per cent."""
    totals: Counter[str] = Counter(dict.fromkeys(p.get("fill_zero", ()), 0.0))
    for row in rows:
        if row["value"] is not None:
            totals[row["iso3"]] += row["value"]
    sign = 1 if p["worse"] == "high" else -1
    own = totals[p["iso3"]]
    others = [v for k, v in totals.items() if k != p["iso3"]]
    return 100 * (sum(sign * v < sign * own for v in others) + 0.5 * sum(v == own for v in others)) / len(others)


def wloss(inputs: list[list[Row]], weights: list[float], caps: list[float] | None = None) -> float:
    """Return the weighted loss of scores against 4."""
    scores = [numbers(i)[0] for i in inputs]
    scores = [min(s, c) for s, c in zip(scores, caps, strict=True)] if caps else scores
    return math.fsum(w * (4 - s) / 4 for w, s in zip(weights, scores, strict=True))


VOTE = {"yes": 1.0, "abstain": 0.5, "no": 0.0}
FORMULAS: dict[str, Any] = {
    "single": lambda i, p: numbers(i[0])[0],
    "total": lambda i, p: math.fsum(v for r in i for v in numbers(r)),
    "count": lambda i, p: float(sum(len(r) for r in i)),
    "mean": lambda i, p: math.fsum(numbers(i[0])) / len(numbers(i[0])),
    "highest": lambda i, p: max(v for r in i for v in numbers(r)),
    "lowest": lambda i, p: min(v for r in i for v in numbers(r)),
    "difference": lambda i, p: numbers(i[0])[0] - numbers(i[1])[0],
    "ratio": lambda i, p: numbers(i[0])[0] / numbers(i[1])[0],
    "share": lambda i, p: math.fsum(numbers(i[0])) / math.fsum(numbers(i[1])),
    "window_quantile": lambda i, p: quantile(padded(i[0], p["months"]), p["q"]),
    "window_mean": lambda i, p: math.fsum(numbers(i[0])) / p["months"],
    "window_chance": lambda i, p: sum(v >= p["at_least"] for v in numbers(i[0])) / p["months"],
    "percentile": lambda i, p: percentile(i[0], p),
    "coverage": lambda i, p: math.fsum(p["weights"]) / p["total_weight"],
    "observed_gap": lambda i, p: wloss(i, p["weights"]) / math.fsum(p["weights"]),
    "gap_low": lambda i, p: wloss(i, p["weights"]) / p["total_weight"],
    "gap_high": lambda i, p: (wloss(i, p["weights"]) + p["total_weight"] - math.fsum(p["weights"])) / p["total_weight"],
    "vote_share": lambda i, p: sum(VOTE.get(r["status"], 0) for r in i[0]) / sum(r["status"] in VOTE for r in i[0]),
}


def again(figure: Row) -> float:
    """Compute one figure again, inputs first."""
    inputs = [rows_of(e["query"]) if "query" in e else [{"value": again(e["figure"])}] for e in figure["inputs"]]
    return float(FORMULAS[figure["formula"]](inputs, figure["params"]))


def check(figures: list[Row]) -> list[str]:
    """Return a line for each number that does not come out the same, or that no second formula exists for."""
    wrong = []
    for figure in figures:
        if figure["value"] is None:
            if not figure["missing"]:
                wrong.append(f"{figure['id']}: no value and no reason")
        elif figure["formula"] not in FORMULAS:
            wrong.append(f"{figure['id']}: no second implementation of {figure['formula']}")
        elif not math.isclose(again(figure), figure["value"], rel_tol=1e-9, abs_tol=1e-9):
            wrong.append(f"{figure['id']} {figure['label']}: {figure['value']} here, {again(figure)} again")
    return wrong


def main() -> None:
    """Write briefs as JSON and check every figure in them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("countries", nargs="*", default=["SDN", "MMR", "GHA", "FRA", "TUV"])
    parser.add_argument("--for", dest="state", default="GHA")
    given = parser.parse_args()
    is_wrong = False
    with tempfile.TemporaryDirectory() as folder:
        for country in given.countries:
            path = Path(folder) / f"{country}.json"
            subprocess.run([str(BIN / "forefend"), "brief", "country", country, "--for", given.state, "-o", str(path)], check=True)
            figures = json.loads(path.read_text(encoding="utf-8"))["figures"]
            wrong = check(figures)
            is_wrong = is_wrong or bool(wrong)
            valued = sum(f["value"] is not None for f in figures)
            print(f"{country}: {len(figures)} figures, {valued} with a value, {len(wrong)} wrong")
            for line in wrong:
                print("  ", line)
    sys.exit(is_wrong)


if __name__ == "__main__":
    main()
