"""Re-compute every number of a brief outside the product: from its JSON and the Parquet files alone.

Rival implementation: the formulas are written a second time, on plain lists, in ``recomputing``, which does
not import forefend. A number that differs by more than 1e-9 fails the run, and so does one without a second
formula, a missing number without a reason, and one said to be missing that can be computed.
"""

from __future__ import annotations

import argparse
import json
import math
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from recomputing.basic import NoNumber
from recomputing.formulas import FORMULAS
from recomputing.rows import Shelf

BIN = Path(sys.executable).parent
PACKED = Path(__file__).resolve().parents[1] / "src" / "forefend" / "starter" / "packed" / "snapshots"
BRIEFS = ("SDN:GHA", "MMR:GHA", "GHA:GHA", "FRA:GHA", "TUV:GHA", "SDN:FRA")
TOLERANCE = 1e-9
LIKELY = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)  # what a malformed record can raise
Figure = dict[str, Any]


class Auditor:
    """Checks figures; each is computed once. ``formulas`` counts what was computed again, inputs included."""

    def __init__(self, shelf: Shelf) -> None:
        self.formulas: Counter[str] = Counter()
        self._shelf = shelf
        self._values: dict[str, float] = {}
        self._checked: set[str] = set()

    def check(self, figure: Figure) -> list[str]:
        """Return a line for each thing that is wrong with a figure or the figures it is made from."""
        if figure["id"] in self._checked:
            return []
        self._checked.add(figure["id"])
        inner = [line for entry in figure["inputs"] if "figure" in entry for line in self.check(entry["figure"])]
        wrong = self._missing(figure) if figure["value"] is None else self._value(figure) + self._bounds(figure)
        return [*inner, *(f"{figure['id']} {figure['label']}: {line}" for line in wrong)]

    def _value(self, figure: Figure) -> list[str]:
        if figure["missing"]:
            return [f"has a value and is said to be missing ({figure['missing']})"]
        return self._differs(figure, "value", figure["formula"])

    def _bounds(self, figure: Figure) -> list[str]:
        """Bounds are known for chances, which are ratios of counts."""
        given = [name for name in ("low", "high") if figure[name] is not None]
        if given and figure["formula"] != "ratio":
            return [f"has bounds, and there is no second implementation of bounds of {figure['formula']}"]
        return [line for name in given for line in self._differs(figure, name, f"wilson_{name}")]

    def _differs(self, figure: Figure, name: str, formula: str) -> list[str]:
        self.formulas[formula] += 1
        try:
            again = self._run(figure, formula)
        except LIKELY as error:
            return [f"{name} {figure[name]} could not be computed again ({formula}): {type(error).__name__} {error}"]
        if math.isclose(again, figure[name], rel_tol=TOLERANCE, abs_tol=TOLERANCE):
            return []
        return [f"{name} is {figure[name]} here, {again} again ({formula})"]

    def _missing(self, figure: Figure) -> list[str]:
        if not figure["missing"]:
            return ["no value and no reason"]
        is_pinned = figure["inputs"] and all(e.get("query", {}).get("snapshot_id") or "figure" in e for e in figure["inputs"])
        if not is_pinned or figure["formula"] not in FORMULAS:
            return []
        try:
            again = self._run(figure, figure["formula"])
        except LIKELY:
            return []
        return [f"is said to be missing ({figure['missing']}), {again} again ({figure['formula']})"]

    def _run(self, figure: Figure, formula: str) -> float:
        inputs = [
            self._shelf.answer(entry["query"]) if "query" in entry else [{"value": self._again(entry["figure"])}]
            for entry in figure["inputs"]
        ]
        if formula not in FORMULAS:
            raise LookupError(f"there is no second implementation of {formula or 'a number without a formula'}")
        return float(FORMULAS[formula](inputs, figure["params"]))

    def _again(self, figure: Figure) -> float:
        if figure["id"] not in self._values:
            if figure["value"] is None:
                raise NoNumber(f"rests on {figure['id']}, which has no value")
            self._values[figure["id"]] = self._run(figure, figure["formula"])
        return self._values[figure["id"]]


def write_brief(country: str, government: str, *, folder: Path) -> dict[str, Any]:
    """Let the product write a brief and return its record."""
    path = folder / f"{country}-{government}.json"
    subprocess.run([str(BIN / "forefend"), "brief", "country", country, "--for", government, "-o", str(path)], check=True)
    record: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return record


def main() -> None:
    """Write briefs as JSON and check every figure in them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("briefs", nargs="*", default=BRIEFS, help="country:government, as SDN:GHA")
    given = parser.parse_args()
    shelf, is_wrong, used = Shelf(PACKED), False, Counter[str]()
    with tempfile.TemporaryDirectory() as folder:
        for brief in given.briefs:
            country, _, government = brief.partition(":")
            figures = write_brief(country, government or "GHA", folder=Path(folder))["figures"]
            auditor = Auditor(shelf)
            wrong = [line for figure in figures for line in auditor.check(figure)]
            is_wrong, used = is_wrong or bool(wrong), used + auditor.formulas
            valued = sum(figure["value"] is not None for figure in figures)
            print(f"{brief}: {len(figures)} figures, {valued} with a value; {auditor.formulas.total()} numbers again, {len(wrong)} wrong")
            for line in wrong:
                print("  ", line)
    print("numbers by formula:", ", ".join(f"{name} {count}" for name, count in sorted(used.items())))
    sys.exit(is_wrong)


if __name__ == "__main__":
    main()
