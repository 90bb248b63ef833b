"""Early warning at 40 signals a year: escalations caught, how early, how many false, beside ranks of the same number.

``python bench/signals.py [COUPS_FILE]``. The rules were frozen on 2015-2021 (docs/adr/0010-signals.md); those years are printed
for comparison alone. Every rank has its limit found on the span tried, in its favour. Without the list of coups, which may
not be shipped, the rule on coups is silent and its signals are not counted.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from forefend.settings import Settings
from forefend.signals.gate import UNTESTED_A_YEAR
from forefend.signals.listing import all_signals, look
from forefend.signals.rules import rules
from forefend.signals.trial import BUDGET, OURS, WHOLE, Trial, try_signals
from forefend.store import open_store

REACH = 1.15
FROZEN = date(2015, 1, 1), date(2021, 9, 1), date(2021, 12, 31)
TEST = date(2022, 1, 1), date(2024, 9, 1), date(2024, 12, 31)


def main() -> None:
    """Print both spans; exit status 1 when the budget is passed or the lead over plain ranks is not reached."""
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Settings(data_dir=Path(folder)))
        if len(sys.argv) > 1:
            from forefend.sources.intake import import_files
            from forefend.sources.registry import find_source

            import_files(store, find_source("coups"), [Path(sys.argv[1])], today=date(2026, 1, 1), vintage="as given")
        untested = ", ".join(rule.id for rule in rules().values() if not rule.is_tested)
        print(f"untested, at most {UNTESTED_A_YEAR} a year together, not scored: {untested}")
        for title, (first, last, as_of) in (("frozen on", FROZEN), ("test", TEST)):
            seen = look(store, as_of=as_of)
            trial = try_signals(seen, all_signals(seen), first=first, last_origin=last)
            print(f"\n== {title}: origins {first:%Y-%m} to {last:%Y-%m}, values revised since")
            report(trial)
    sys.exit(0 if verdict(trial) else 1)


def report(trial: Trial) -> None:
    """Print the score table, then names."""
    heads = (("gate", 9), ("signals", 8), ("a year", 7), ("caught", 10), ("recall", 7), ("ratio [90 %]", 18), ("standing", 9), ("false", 7))
    print(" " * 36 + "".join(f"{head:>{width}}" for head, width in (*heads, ("lead", 5))))
    for row in trial.rows:
        print(
            f"{row['name']:36}{row['gate']:>9}{row['signals']:>8}{row['per_year']:>7.1f}{row['caught']:>6}/{row['episodes']:<3}{row['recall']:>7.2f}"
            f"{spread(row):>18}{row['caught_standing']:>9}{row['false_share']:>7.0%}{row['median_lead_months']:>5.1f}"
        )
    print("by rule, signals and false ones:", ", ".join(f"{rule} {told}/{false}" for rule, (told, false) in trial.by_rule.items()))
    print("caught, with months of lead:", "; ".join(trial.caught))
    print("missed:", "; ".join(trial.missed))
    print("false:", "; ".join(trial.false))


def spread(row: Mapping[str, object]) -> str:
    """Write our recall as a multiple of the row's."""
    return "" if row["ratio"] is None else f"{row['ratio']:.2f} [{row['ratio_low']:.2f}, {row['ratio_high']:.2f}]"


def verdict(trial: Trial) -> bool:
    """Say what was reached: against ranks told every month, and against ranks that are themselves held back."""
    ours = next(row for row in trial.rows if row["name"] == OURS)
    rivals = [row for row in trial.rows if row["ratio"] is not None]
    plain = max((row for row in rivals if row["gate"] == "none"), key=lambda row: row["recall"])
    whole = max((row for row in rivals if row["gate"] == WHOLE), key=lambda row: row["recall"])
    best = max((row for row in rivals if row["gate"] != WHOLE), key=lambda row: row["recall"])
    lead, hard = ours["caught"] / plain["caught"], ours["caught"] / best["caught"]
    print(f"\nbudget: {ours['per_year']:.1f} a year and at most {UNTESTED_A_YEAR} untested (at most {BUDGET})")
    print(f"recall over the best plain rank ({plain['name']}): {lead:.2f} (reach {REACH}): {'reached' if lead >= REACH else 'NOT reached'}")
    print(f"the same, where the rank is given all {BUDGET} a year ({whole['name']}): {ours['caught'] / whole['caught']:.2f}")
    said = "reached" if hard >= REACH else "NOT reached"
    print(f"recall over the best rank of any gate ({best['name']}, {best['gate']}): {hard:.2f}: {said}")
    return lead >= REACH and ours["per_year"] + UNTESTED_A_YEAR <= BUDGET


if __name__ == "__main__":
    main()
