"""Write the model cards from the log of scoring runs and from the groups of a back-test.

    python tools/model_cards.py FOLDER

``FOLDER`` is what ``bench/forecast.py --keep FOLDER`` left behind. The newest full run of each part in ``docs/scoring/runs.jsonl``
gives the scores, ``docs/scoring/ranks.csv`` (``bench/rank_stability.py``) how far rankings hang on one family of predictors;
nothing on a card is typed in by hand but what a model is, what it learns from and where it fails.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from forefend.chart.reliability import Bin, reliability
from forefend.locale import language

ROOT = Path(__file__).resolve().parents[1]
LOG, CARDS = ROOT / "docs" / "scoring" / "runs.jsonl", ROOT / "docs" / "models"
RANKS = ROOT / "docs" / "scoring" / "ranks.csv"
STYLE = (
    "<style>text{font:12px sans-serif;fill:#333}.ax{stroke:#ddd}.ax0{stroke:#333;stroke-width:1.5}.now{stroke:#888;stroke-dasharray:4 3}"
    ".dot{fill:#7a1f1f}svg{background:#fff}</style>"
)
EVENTS = {
    "onset": "onset of a mass killing within two years",
    "25_in_3_months": "25 deaths or more in the next three months",
    "escalation": "the same after fewer than 25 in the last three months",
}
PARTS = {"ewp": "pool.csv.groups.csv", "ucdp": "ucdp.csv.groups.csv", "os": "os.parquet.groups.csv"}
SHOWN = (
    "log_loss", "expected_over_observed", "calibration_slope", "auc", "auc_in_year", "pr_auc", "recall_top_30", "crps", "crps_log",
    "ignorance", "coverage_90", "pr_auc_escalation", "brier_skill_escalation",
)  # fmt: skip
DEATHS = "UCDP's monthly deaths in one-sided, state-based and non-state violence, release 26.1, from 1989 (open data)"
EWP = "Early Warning Project, country-years of the 2025 edition, from 1960 (imported by the user; never shipped)"
ALWAYS = (
    "Values were revised after the fact: these scores are pseudo-real-time and flatter every forecast.",
    "The settings were revised after looks at the test years; every run is in the log (decision records 9, 13, 14, 15, 17 and 18).",
)
CARDS_OF: dict[str, dict[str, Any]] = {
    "pool-monthly": {
        "name": "pool",
        "title": "Pool of monthly models",
        "parts": ("os",),
        "data": DEATHS,
        "how": "One distribution of the draws of boosted hurdles (240), a forest of analogues (240), a hierarchical count model (240) and "
        "fading past months (300), its log-odds stretched by 1.08, as 240 paths. Where deaths rest (some in five years, none in the last) "
        "fading months are not heard and nothing is stretched. The chance of 25 deaths in three months is a weighted mean of "
        "members' that learn from deaths alone (hurdles 0.4, windows of past months 0.3, the rest 0.1 each), stretched alike.",
        "features": "39 of deaths and 12 of the target's own events up to the origin, and months ahead. Nothing of the calendar, "
        "population or politics.",
        "fails": (
            "Violence that begins in a country without deaths in twelve months is rarely foreseen (history: calm).",
            "Small chances of escalation are too small (0.5–1 %: mean 0.7 %, came 2.8 %, interval 1–6.6 %).",
            "2022 is its weakest test year in log CRPS and ignorance; the cause was not looked into.",
            "An actor counted only once it reaches 25 deaths in a year switches on and off in the data, not in the world.",
        ),
    },
    "pool-yearly": {
        "name": "pool",
        "title": "Pool of yearly models",
        "parts": ("ewp", "ucdp"),
        "data": f"{EWP}; {DEATHS}",
        "how": "ewp: two ridge logits, boosted and extra trees in two weightings each. ucdp: a logit, one regression for four levels "
        "of deaths, boosted trees, extra trees, the reference class, persistence. Mean chance, its level and slope learnt from how likely "
        "they made past onsets.",
        "features": "ewp: 43 of politics, population, economy, past killing and conflict, and four of one-sided and non-state deaths. "
        "ucdp: ten of deaths.",
        "fails": (
            "39 onsets since 1994: a difference of 0.02 in AUC is noise.",
            "Of ewp it expects 47 % more onsets than came, of 1993–1999 twice as many: the rate had fallen, and its level follows late.",
            "On ewp its chances below 1 % are too high.",
            "Where killing is under way, it tells hardly more than the base rate (history: violent).",
        ),
    },
    "hurdle_trees": {
        "title": "Boosted hurdles",
        "parts": ("os",),
        "data": DEATHS,
        "how": "Ten chances of crossing a number of deaths, each by monotone boosted trees, joined to one distribution.",
        "features": "39 of deaths and 12 of the target's own events up to the origin, and months ahead.",
        "fails": (
            "Sizes above 1,000 follow an assumed power law.",
            "On selection years it ranked escalations best of all members, on test years, under the fourth settings, worst of them.",
        ),
    },
    "path_forest": {
        "title": "Forest of analogues",
        "parts": ("os",),
        "data": DEATHS,
        "how": "Random forest and extra trees on twelve-month paths; a draw is what followed a past country-month in the same leaf.",
        "features": "39 of deaths and 12 of the target's own events up to the origin.",
        "fails": ("It cannot say more deaths than there ever were after a month alike.",),
    },
    "hierarchical": {
        "title": "Hierarchical count model",
        "parts": ("os",),
        "data": DEATHS,
        "how": "Whether any deaths (months weigh half after six months), how many events (three), how many deaths in each (twelve); a "
        "country's class, by events in twelve months, fills in where its months are few. For the pool's chance of 25 deaths it reads "
        "deaths alone.",
        "features": "The target's own past, deaths and events.",
        "fails": ("It does not know other kinds of violence.",),
    },
    "fading_months": {
        "title": "Fading past months",
        "parts": ("os",),
        "data": DEATHS,
        "how": "A country's own past months as draws, each weighing half as much as one three months younger, deadly ones blurred by 0.4 "
        "in the logarithm.",
        "features": "The target's own past.",
        "fails": ("A country quiet for a year is forecast hardly any.", "It looks the same at every month ahead."),
    },
    "windows": {
        "title": "Past months, pooled",
        "parts": ("os",),
        "data": DEATHS,
        "how": "The last 12, 24 and 36 months as draws. In the pool it is heard on the chance of an event alone.",
        "features": "The target's own past.",
        "fails": ("A country quiet for three years is forecast none.",),
    },
    "logit": {
        "title": "Regularised logit",
        "parts": ("ewp", "ucdp"),
        "data": f"{EWP}; {DEATHS}",
        "how": "Logistic regression, ridge penalty 30.",
        "features": "ewp: 18. ucdp: ten of deaths.",
        "fails": ("On ewp its chances are nearly twice too high.",),
    },
    "boosted_trees": {
        "title": "Monotone boosted trees",
        "parts": ("ewp", "ucdp"),
        "data": f"{EWP}; {DEATHS}",
        "how": "150 rounds of trees of depth 3 that may only rise or fall as theory says; three seeds.",
        "features": "ewp: 47. ucdp: ten of deaths.",
        "fails": (
            "Not recalibrated, it forecasts too many onsets.",
            "On selection years it was worse than the logits; on test years better.",
        ),
    },
    "extra_trees": {
        "title": "Extremely random trees",
        "parts": ("ewp", "ucdp"),
        "data": f"{EWP}; {DEATHS}",
        "how": "150 trees, leaves of ten.",
        "features": "ewp: 43. ucdp: ten of deaths.",
        "fails": ("Alone badly calibrated (selection years: slope 0.56); good only in the pool.",),
    },
    "thresholds": {
        "title": "One regression for four levels of deaths",
        "parts": ("ucdp",),
        "data": DEATHS,
        "how": "The chance of 100, 250, 500 and 1,000 deaths with the same weights and one intercept each.",
        "features": "Ten of deaths.",
        "fails": (
            "What leads to 100 deaths need not lead to 1,000.",
            "Its first version failed by a fault in the fitting (first run in the log).",
        ),
    },
}


def main() -> None:
    """Write one page for each model."""
    folder = Path(sys.argv[1])
    runs = [json.loads(line) for line in LOG.read_text(encoding="utf-8").splitlines()]
    newest = {run["part"]: run for run in runs}
    full = {part: max((run for run in runs if run["part"] == part), key=lambda run: (len(models_of(run)), run["date"])) for part in newest}
    groups = {part: read(folder / name) for part, name in PARTS.items() if (folder / name).is_file()}
    CARDS.mkdir(exist_ok=True)
    for identifier, card in CARDS_OF.items():
        name = card.get("name", identifier)
        lines = [f"# {card['title']}", "", "Written by `tools/model_cards.py`; edit the source, not this page.", ""]
        lines += [f"**What it is.** {card['how']}", "", f"**Learns from.** {card['features']}", "", f"**Data.** {card['data']}.", ""]
        lines += ["**Training span.** Rolling: to the last December before the origin (monthly), to base years two before (yearly).", ""]
        for part in card["parts"]:
            run = newest[part] if name in models_of(newest[part]) else full[part]
            lines += scores(part, name, run) + apart(name, groups.get(part, []))
            lines += reliable(part, name, folder / PARTS[part].replace(".groups.", ".reliability."))
            lines += ranks(part) if name == "pool" else []
        if identifier == "pool-monthly":
            lines += windows(newest.get("sb")) + refreshed(newest.get("refresh"))
        lines += ["## Where it fails", "", *(f"- {line}" for line in (*card["fails"], *ALWAYS)), ""]
        (CARDS / f"{identifier}.md").write_text("\n".join(lines), encoding="utf-8")


def models_of(run: dict[str, Any]) -> set[str]:
    """Return the models a run scored."""
    return {row["model"] for row in run["scores"].get("table", [])}


def scores(part: str, name: str, run: dict[str, Any]) -> list[str]:
    """Tell a model's scores in one part."""
    rows = [row for row in run["scores"].get("table", []) if row["model"] == name]
    shown = [row for row in rows if row["score"] in SHOWN or row["score"].startswith("log_loss_minus_")]
    lines = [
        f"## Scores, target {part}",
        "",
        f"Run of {run['date'][:10]}, commit {run['commit']}. Intervals: 90 % (differences: 95 %), by country.",
    ]
    lines += ["", "| Score | Value | Interval | Ratio to the reference |", "|---|---|---|---|"]
    return [*lines, *(line(row) for row in shown), ""]


def line(row: dict[str, Any]) -> str:
    """Write one score as a line of a table."""
    interval = f"{row['low']:.4f} to {row['high']:.4f}" if row.get("low") == row.get("low") and "low" in row else ""
    ratio = f"{row['ratio']:.3f}" if "ratio" in row else ""
    return f"| {row['score'].replace('_', ' ')} | {row['value']:.4f} | {interval} | {ratio} |"


def apart(name: str, groups: Iterable[dict[str, str]]) -> list[str]:
    """Tell a model's scores by region, history and time."""
    rows = [row for row in groups if row["model"] == name]
    if not rows:
        return []
    lines = ["| By | Group | Score | Value | Ratio | Cases | Onsets | Expected |", "|---|---|---|---|---|---|---|---|"]
    for row in rows:
        ratio, expected = (f"{float(row[key]):.3f}" if row[key] else "" for key in ("ratio", "expected"))
        cells = (
            row["by"],
            row["group"],
            row["score"].replace("_", " "),
            f"{float(row['value']):.4f}",
            ratio,
            row["rows"],
            row["events"],
            expected,
        )
        lines.append(f"| {' | '.join(cells)} |")
    return [*lines, ""]


def reliable(part: str, name: str, path: Path) -> list[str]:
    """Set a model's chances beside shares that came, as a table and, for the pools, as a drawing."""
    rows = [row for row in read(path) if row["model"] == name] if path.is_file() else []
    lines = []
    for event in dict.fromkeys(row["event"] for row in rows):
        mine = [row for row in rows if row["event"] == event]
        lines += [f"### Reliability, target {part}: {EVENTS[event]}", ""]
        if name == "pool":
            drawing = f"reliability-{part}-{event}.svg"
            bins = [Bin(**{key: float(row[key]) for key in ("forecast", "observed", "low", "high")}) for row in mine]
            drawn = reliability(bins, lang=language("en"), label=f"Forecast (across) and observed (up): {EVENTS[event]}")
            (CARDS / drawing).write_text(drawn.replace(">", f">{STYLE}", 1) + "\n", encoding="utf-8")
            lines += [f"![Forecast across, observed up, diagonal: reliable]({drawing})", ""]
        lines += ["| Chance given | Cases | Came | Mean chance | Share that came | 90 % interval |", "|---|---|---|---|---|---|"]
        for row in mine:
            low, high = (f"{100 * float(row[key]):.2g}" for key in ("low", "high"))
            given = f"{100 * float(row['from']):g}–{100 * float(row['to']):g} %"
            means = f"{100 * float(row['forecast']):.2g} % | {100 * float(row['observed']):.2g} %"
            lines.append(f"| {given} | {row['cases']} | {row['came']} | {means} | {low}–{high} % |")
        lines.append("")
    return lines


def ranks(part: str) -> list[str]:
    """Tell how far the ranking of states hangs on one family of predictors."""
    rows = [row for row in read(RANKS) if row["target"] == part] if RANKS.is_file() else []
    if not rows:
        return []
    lines = [f"### Ranking without one family of predictors, target {part}", ""]
    lines += [f"Mean and lowest of {rows[0]['origins']} origins; `bench/rank_stability.py`.", ""]
    lines += ["| Left out | Predictors | Rank correlation | Lowest | Of the first 20 stay | Fewest |", "|---|---|---|---|---|---|"]
    shown = ("left_out", "predictors", "correlation", "correlation_lowest", "top_20_kept", "top_20_kept_lowest")
    return [*lines, *(f"| {' | '.join(row[key] for key in shown)} |" for row in rows), ""]


def windows(run: dict[str, Any] | None) -> list[str]:
    """Tell how the pool did on deaths in state-based conflict, window by window."""
    if run is None:
        return []
    lines = ["## Deaths in state-based conflict, windows of the VIEWS challenge", ""]
    lines += [f"Run of {run['date'][:10]}, commit {run['commit']}. Ratio to the last twelve months on the same rows, horizons 1–12"]
    lines += ["from every month's origin (the challenge asks 3–14 from one). Settings as for one-sided violence: none was chosen here.", ""]
    lines += ["| Window | CRPS | log CRPS | Ignorance |", "|---|---|---|---|"]
    for year, found in run["scores"]["windows"].items():
        lines.append(f"| {year} | " + " | ".join(f"{found['ratio'][name]:.3f}" for name in ("crps", "crps_log", "ign")) + " |")
    return [*lines, ""]


def refreshed(run: dict[str, Any] | None) -> list[str]:
    """Tell how long forecasts take."""
    if run is None:
        return []
    processors = run["scores"]["processors"]
    lines = ["## What a refresh takes", "", f"Run of {run['date'][:10]}, {processors} processors shared with other work.", ""]
    lines += ["| Forecast | By the clock | Processor | Memory | Load |", "|---|---|---|---|---|"]
    for name, row in run["scores"]["refresh"].items():
        times = f"{row['seconds']:.0f} s | {row['cpu_seconds']:.0f} s | {row['bytes'] / 1e9:.2f} GB"
        lines.append(f"| {name.replace('_', ' ')} | {times} | {row['load'][0]} |")
    return [*lines, ""]


def read(path: Path) -> list[dict[str, str]]:
    """Read a table of groups."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


if __name__ == "__main__":
    main()
