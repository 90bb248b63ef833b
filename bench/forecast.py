"""Score the forecasts against their anchors with the published scorers, and log the run.

    python bench/forecast.py [--shared FOLDER] [--only ewp,ucdp,os,sb,refresh] [--quick] [--keep FOLDER]

``--shared`` is the folder with ``bench/`` (the scorers) and ``data/``; beside or in the repository unless given. Each part runs
the commands of the contract in a store of its own and appends a line to ``docs/scoring/runs.jsonl``: no run is left out.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
RUN = "from forefend.cli.main import run; run()"
LOG = ROOT / "docs" / "scoring" / "runs.jsonl"
WHAT_DECIDES = (
    "models", "actors.py", "backtest.py", "cases.py", "events.py", "ewp_panel.py", "history.py", "known.py", "month_features.py",
    "normal.py", "paths.py", "recalibrate.py", "ridge.py", "score.py", "target.py", "training.py", "year_panel.py",
)  # fmt: skip
TEST_YEARS = (2022, 2023, 2024)
SB_WINDOWS = (2018, 2019, 2020, 2021, 2022)
EWP_FLOOR = {"log_loss": 0.0660, "expected_over_observed": (0.8, 1.25), "calib_slope": (0.8, 1.25)}
REFRESH_SECONDS, RETRAINING_SECONDS, REFRESH_BYTES = 60, 900, 4_000_000_000
OS_FLOOR = {"crps": 0.945, "crps_log": 0.955, "ign": 0.88}


class Bench:
    """One working folder with a store, and the scorers beside the data."""

    def __init__(self, shared: Path, folder: Path, *, is_quick: bool) -> None:
        self.shared, self.folder = shared, folder
        self.models = ("--models", "pool") if is_quick else ()
        self.commit = commit()
        self.commands: list[str] = []
        self.seconds = 0.0

    def forefend(self, *arguments: str) -> list[dict[str, Any]]:
        """Run a command of the product and return its rows."""
        self.commands.append("forefend " + " ".join(arguments))
        environ = os.environ | {"FOREFEND_DATA_DIR": str(self.folder / "store"), "FOREFEND_CONFIG": ""}
        begin = time.perf_counter()
        done = self._run([sys.executable, "-c", RUN, *arguments, "--format", "json"], environ=environ)
        self.seconds += time.perf_counter() - begin
        return list(json.loads(done))

    def score(self, script: str, *arguments: str) -> Any:
        """Run a published scorer, print what it prints, and return its figures."""
        out = self.folder / "scores.json"
        print(self._run([sys.executable, str(self.shared / "bench" / script), *arguments, "--json", str(out)]))
        return json.loads(out.read_text())

    def _run(self, command: list[str], *, environ: dict[str, str] | None = None) -> str:
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False, env=environ)
        if done.returncode:
            sys.exit(f"{' '.join(command)}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
        return done.stdout


def ewp(bench: Bench) -> dict[str, Any]:
    """New mass killings as the Early Warning Project codes them, base years 1993 to 2022."""
    data = bench.shared / "data" / "ewp"
    bench.forefend("sources", "import", "ewp_panel", str(data / "ewp_panel.csv"), str(data / "extra_features.csv"))
    span = ("--from", "1993", "--to", "2022")
    table = bench.forefend("backtest", "annual", "--target", "ewp", *span, "--predictions", "pool.csv")
    found = bench.score("ewp_benchmark.py", "--data", str(data), "--predictions", str(bench.folder / "pool.csv"))
    test = found[0]["scores"]
    return {"pool": test["pool"], "ewp_backtest": test["ewp_backtest"], "real_time": found[1]["scores"]["pool"], "table": brief(table)}


def ucdp(bench: Bench) -> dict[str, Any]:
    """First years of 1,000 deaths or more, base years 1995 to 2022."""
    return {"table": brief(bench.forefend("backtest", "annual", "--target", "ucdp", "--predictions", "ucdp.csv"))}


def one_sided(bench: Bench) -> dict[str, Any]:
    """Monthly deaths in one-sided violence and escalation, 2022 to 2024, with each test year apart."""
    span = ("--from", f"{TEST_YEARS[0]}-01", "--to", f"{TEST_YEARS[-1]}-12")
    table = bench.forefend("backtest", "monthly", "--target", "os", *span, *bench.models, "--predictions", "os.parquet")
    files = (
        "--forecasts",
        "os.parquet",
        "--events",
        "os.parquet.events.csv",
        "--panel",
        str(bench.shared / "data" / "ucdp" / "cm_panel.parquet"),
    )
    found = bench.score("monthly_benchmark.py", *files, "--by-horizon")["models"]
    years = {}
    for year in TEST_YEARS:
        part = bench.score("monthly_benchmark.py", *files, "--test-start", f"{year}-01", "--test-end", f"{year}-12")["models"]["os"]
        years[year] = {name: ratio["ratio"] for name, ratio in part["ratio_to_conflictology"].items()}
    return {"pool": found["os"], "conflictology": found["conflictology"], "years": years, "table": brief(table)}


def state_based(bench: Bench) -> dict[str, Any]:
    """Monthly deaths in state-based conflict in each window of the VIEWS challenge, horizons 3 to 14 there, 1 to 12 here."""
    panel, found = str(bench.shared / "data" / "ucdp" / "cm_panel.parquet"), {}
    for year in SB_WINDOWS:
        span = ("--from", f"{year}-01", "--to", f"{year}-12")
        bench.forefend("backtest", "monthly", "--target", "sb", *span, "--models", "pool", "--predictions", "sb.parquet")
        files = ("--forecasts", "sb.parquet", "--events", "sb.parquet.events.csv", "--panel", panel, "--target", "sb")
        part = bench.score("monthly_benchmark.py", *files, "--test-start", f"{year}-01", "--test-end", f"{year}-12")["models"]
        found[year] = {name: part[model]["score"] for name, model in (("pool", "sb"), ("conflictology", "conflictology"))}
        found[year]["ratio"] = {name: ratio["ratio"] for name, ratio in part["sb"]["ratio_to_conflictology"].items()}
    return {"windows": found}


def refresh(bench: Bench) -> dict[str, Any]:
    """Time each forecast from nothing, as a month's refresh makes it: models are fitted anew and none is kept from before.

    ``seconds`` are by the clock, ``cpu_seconds`` what the processor gave: on a machine with other work they differ.
    ``bytes`` is the most that any process held up to then.
    """
    data = bench.shared / "data" / "ewp"
    bench.forefend("sources", "import", "ewp_panel", str(data / "ewp_panel.csv"), str(data / "extra_features.csv"))
    found = {}
    for name, arguments in REFRESHED.items():
        before, used, load = bench.seconds, resource.getrusage(resource.RUSAGE_CHILDREN), os.getloadavg()[0]
        rows = len(bench.forefend("outlook", *arguments))
        now = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime
        found[name] = {
            "rows": rows,
            "seconds": round(bench.seconds - before, 1),
            "cpu_seconds": round(cpu, 1),
            "bytes": now.ru_maxrss * 1024,
            "load": [round(load, 1), round(os.getloadavg()[0], 1)],
        }
    return {"processors": os.cpu_count(), "refresh": found}


REFRESHED = {"monthly": ("monthly",), "annual_ucdp": ("annual",), "annual_ewp": ("annual", "--target", "ewp")}
PARTS = {"ewp": ewp, "ucdp": ucdp, "os": one_sided, "sb": state_based, "refresh": refresh}


def brief(table: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Keep of a table of scores what tells models apart."""
    kept = ("model", "score", "value", "low", "high", "ratio", "ratio_low", "ratio_high")
    return [{name: row[name] for name in kept if row.get(name) is not None} for row in table]


def commit() -> str:
    """Name the commit that is run, with a mark where what decides a forecast differs from it."""
    head = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
    paths = [f"src/forefend/forecast/{name}" for name in WHAT_DECIDES]
    changed = subprocess.run(["git", "status", "--porcelain", "--", *paths], cwd=ROOT, capture_output=True, text=True, check=True)
    return head + ("+changes" if changed.stdout else "")


def log(part: str, scores: dict[str, Any], bench: Bench) -> None:
    """Append the run to the log."""
    commands = [command.replace(str(bench.shared), "shared") for command in bench.commands]
    line = {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": bench.commit,
        "part": part,
        "commands": commands,
        "seconds": round(bench.seconds, 1),
        "scores": scores,
    }
    LOG.parent.mkdir(parents=True, exist_ok=True)
    with LOG.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line, ensure_ascii=False, default=str) + "\n")


def report(part: str, scores: dict[str, Any]) -> bool:
    """Print the table of a part and tell whether its floor is reached."""
    for row in scores.get("table", []):
        print(f"{part:6}{row['model']:18}{row['score']:34}" + "".join(f"{row.get(c, ''):>12}" for c in ("value", "low", "high", "ratio")))
    if part == "ewp":
        pool = scores["pool"]
        low, high = pool["ci"]["diff"]["log_loss"][:2]
        print(f"log loss {pool['log_loss']:.4f}, paired 95 % [{low:.4f}, {high:.4f}], floor {EWP_FLOOR['log_loss']}")
        spans = (EWP_FLOOR["expected_over_observed"], EWP_FLOOR["calib_slope"])
        inside = all(a <= pool[name] <= b for name, (a, b) in zip(("expected_over_observed", "calib_slope"), spans, strict=True))
        return bool(pool["log_loss"] <= EWP_FLOOR["log_loss"] and high < 0 and inside)
    if part == "os":
        ratio = {name: value["ratio"] for name, value in scores["pool"]["ratio_to_conflictology"].items()}
        escalation = scores["pool"]["escalation"]
        is_good = all(ratio[name] <= floor for name, floor in OS_FLOOR.items())
        is_good &= all(scores["years"][year][name] < 1 for year in TEST_YEARS for name in OS_FLOOR)
        print(f"ratios {ratio}; years {scores['years']}; escalation {escalation}")
        return bool(is_good and escalation["pr_auc"] >= 0.35 and escalation["brier_skill"] >= 0.21)
    if part == "sb":
        for year, found in scores["windows"].items():
            print(f"sb {year}: ratio {found['ratio']}")
        return all(found["ratio"]["ign"] < 1 for found in scores["windows"].values())
    if part == "refresh":
        return report_refresh(scores["refresh"])
    losses = {row["score"]: row for row in scores["table"] if row["score"].startswith("log_loss_minus_") and row["model"] == "pool"}
    return all(losses[f"log_loss_minus_{rival}"]["high"] < 0 for rival in ("base_rate", "persistence", "logit"))


def report_refresh(found: dict[str, Any]) -> bool:
    """Print the times; a month's refresh is the monthly forecast and the yearly one from open data."""
    for name, row in found.items():
        times = f"{row['seconds']:7.1f} s by the clock, {row['cpu_seconds']:7.1f} s of processor"
        print(f"{name:12} {times}, {row['bytes'] / 1e9:.2f} GB, load {row['load']}")
    for kind in ("seconds", "cpu_seconds"):
        month, whole = found["monthly"][kind] + found["annual_ucdp"][kind], sum(row[kind] for row in found.values())
        print(f"{kind}: refresh {month:.1f} (at most {REFRESH_SECONDS}), retraining {whole:.1f} (at most {RETRAINING_SECONDS})")
    month, whole = (sum(found[name]["seconds"] for name in names) for names in (("monthly", "annual_ucdp"), found))
    return bool(month <= REFRESH_SECONDS and whole <= RETRAINING_SECONDS and max(row["bytes"] for row in found.values()) <= REFRESH_BYTES)


def main() -> int:
    """Run the parts asked for; 1 when a floor is not reached."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--shared", type=Path)
    parser.add_argument("--only", default=",".join(PARTS))
    parser.add_argument("--quick", action="store_true", help="of the monthly models, try the pool and its reference alone")
    parser.add_argument("--keep", type=Path, help="folder for the files made; a temporary one unless given")
    given = parser.parse_args()
    shared = given.shared or next((path for path in (ROOT / "shared", ROOT.parent / "shared") if path.is_dir()), None)
    if shared is None:
        sys.exit("The folder with the scorers and the data is not here. Name it with --shared.")
    reached = []
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        for part in given.only.split(","):
            bench = Bench(shared.resolve(), folder.resolve(), is_quick=given.quick)
            scores = PARTS[part](bench)
            log(part, scores, bench)
            reached.append(report(part, scores))
            print(f"{part}: floor {'reached' if reached[-1] else 'NOT reached'}; {bench.seconds:.0f} s of the product's time\n")
    return 0 if all(reached) else 1


if __name__ == "__main__":
    sys.exit(main())
