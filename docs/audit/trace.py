"""Trace figures of country briefs to the publishers' original files; see README.md beside this file.

Reads a brief's JSON and the publishers' files, never the product's tables, and does not import forefend. The
formulas are those of bench/recomputing, written a second time; which states are counted, and from which year,
is read from the UCDP panel, not from the brief.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import hashlib
import json
import math
import re
import sys
from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import yaml

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "bench"))
from recomputing.formulas import FORMULAS
from recomputing.rows import fits

Row = dict[str, Any]
DATA = Path()
N_TRACED = 25
DEATHS, WDI, MISSIONS, AID = (
    "ucdp/country-month.csv.gz",
    "structural/wdi.csv.gz",
    "dyads/diplomatic_missions_2021.csv",
    "dyads/oda_donor_recipient_2009_2022.csv",
)
VDEM, SPACES = "state/governance/vdem_high_level_1970_2024.csv", "state/governance/vdem_spaces_1968_2023.csv"
CODES = "state/codes/country_codes.csv"
VOTES, MEMBERS, COMMITMENTS = "calendar/unga_votes_2020_2023.csv", "calendar/memberships_2026.csv", "calendar/commitments.csv"
WDI_COLUMNS = {
    "wb_population": "wdi.popsize.new",
    "wb_infant_mortality": "wdi.imrate.new",
    "wb_gdp_per_capita": "wdi.gdppc.new",
    "wb_gdp_per_capita_growth": "wdi.gdppcgrow.new",
}
FILES = {
    "aid": AID,
    "humanitarian_aid": AID,
    "diplomatic_mission": MISSIONS,
    "vote_agreement": VOTES,
    "membership": MEMBERS,
    "commitment": COMMITMENTS,
    **dict.fromkeys(WDI_COLUMNS, WDI),
}
RESIDENT = re.compile(r"embassy|high commission|nunciature|taipei economic|interests section|liaison office", re.IGNORECASE)
# Gleditsch-Ward numbers of states that have another one in the table of codes, or none.
GW = {260: "DEU", 316: "CZE", 345: "SRB", 340: "SRB", 347: "XKX", 365: "RUS", 678: "YEM", 816: "VNM", 680: "", 265: ""}


def table(name: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Read a publisher's file; the number is the row's, 1 for the first after the header."""
    path = DATA / name
    with gzip.open(path, "rt", encoding="utf-8") if name.endswith(".gz") else path.open(encoding="utf-8-sig") as file:
        yield from enumerate(csv.DictReader(file), 1)


def file_of(subject: str) -> str:
    """Return the file that holds a series."""
    if subject.startswith("ucdp_"):
        return DEATHS
    if subject.startswith("vdem_"):
        with (DATA / VDEM).open(encoding="utf-8") as file:
            return VDEM if subject.removeprefix("vdem_") in next(csv.reader(file)) else SPACES
    return FILES[subject]


@cache
def states_by_gw() -> dict[int, str]:
    """Return ISO codes by Gleditsch-Ward number."""
    rows = (row for _, row in table(CODES))
    return {int(float(row["gwn"])): row["iso3c"] for row in rows if row["gwn"] and row["iso3c"]} | GW


@cache
def counted() -> dict[str, int]:
    """Return the first year in which each state of today is in the UCDP panel; states that are no more are left out."""
    panel = pq.read_table(DATA / "ucdp/cm_panel.parquet", columns=["iso3", "month"]).to_pylist()
    newest = max(row["month"] for row in panel)
    first = {row["iso3"]: row["month"].year for row in panel if row["month"] == newest}
    for row in panel:
        if row["iso3"] in first:
            first[row["iso3"]] = min(first[row["iso3"]], row["month"].year)
    return first


@cache
def read(subject: str) -> list[Row]:
    """Return every row of a series from the publisher's file."""
    return list(READERS[subject.partition("_")[0] if subject.startswith(("ucdp", "vdem", "wb")) else subject](subject))


def deaths(subject: str) -> Iterator[Row]:
    kind = subject.split("_")[1]
    for number, row in table(DEATHS):
        year, month = int(row["year"]), int(row["month"])
        if row["provisional"] == "0" and int(row[f"{kind}_events"]):
            yield {
                "iso3": states_by_gw().get(int(row["gwno"])),
                "start": date(year, month, 1),
                "end": date(year, month, monthrange(year, month)[1]),
                "value": float(row[f"{kind}_deaths"]),
                "row": number,
                "key": f"gwno={row['gwno']} {year}-{month:02}",
            }


def yearly(name: str, subject: str, state: str, column: str) -> Iterator[Row]:
    known = {row["iso3c"] for _, row in table(CODES)} - {""} | {"XKX"}
    is_turned = (name, column) == (SPACES, "v2x_pubcorr")  # this extract has it the other way round than V-Dem itself
    for number, row in table(name):
        if row[column] not in {"", "NA"} and row[state] in known:
            year = int(float(row["year"]))
            period = {"start": date(year, 1, 1), "end": date(year, 12, 31)}
            value, told = float(row[column]), f"{row[state]} {year} {column}"
            value, told = (1 - value, f"{told}, 1 minus {value:.6g}") if is_turned else (value, told)
            yield {"iso3": row[state], **period, "value": value, "row": number, "key": told}


def vdem(subject: str) -> Iterator[Row]:
    name = file_of(subject)
    return yearly(name, subject, "country_text_id" if name == VDEM else "iso3", subject.removeprefix("vdem_"))


def aid(subject: str) -> Iterator[Row]:
    column = "oda_gross" if subject == "aid" else "humanitarian"
    for number, row in table(AID):
        is_pair = all(re.fullmatch("[A-Z]{3}", row[side]) for side in ("donor_iso3", "recipient_iso3"))
        if is_pair and row[column]:
            period = {"start": date(int(row["year"]), 1, 1), "end": date(int(row["year"]), 12, 31)}
            pair = {"from_iso3": row["donor_iso3"], "to_iso3": row["recipient_iso3"]}
            yield {**pair, **period, "value": float(row[column]), "row": number, "key": f"{'→'.join(pair.values())} {row['year']} {column}"}


def missions(_: str) -> Iterator[Row]:
    for number, row in table(MISSIONS):
        pair = {"from_iso3": row["sender_iso3"], "to_iso3": row["host_iso3"]}
        if RESIDENT.search(row["type"]) and "assistant" not in row["type"].lower() and all(pair.values()) and len({*pair.values()}) == 2:
            period = {"start": date(2021, 1, 1), "end": date(2021, 12, 31)}
            yield {**pair, **period, "value": 1.0, "row": number, "key": f"{'→'.join(pair.values())} {row['type']}"}


def statements(subject: str) -> Iterator[Row]:
    name, column = FILES[subject], "organisation" if subject == "membership" else "commitment"
    for number, row in table(name):
        start, end = (day(row.get(side) or "") for side in ("start", "end"))
        begun = start or day(row.get("date") or "")
        fact = {"iso3": row["iso3"], "key": row[column], "status": row["status"], "start": begun, "end": end, "value": None, "row": number}
        yield fact


def day(text: str) -> date | None:
    return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else None


def agreement(pair: tuple[str, str]) -> tuple[float, int, str]:
    """Return how often two states voted alike in the roll calls, in how many, and the rows of one of them."""
    cast: dict[str, dict[str, tuple[int, float]]] = defaultdict(dict)
    scores = {"yes": 1.0, "abstain": 0.5, "no": 0.0}
    for number, row in table(VOTES):
        if row["iso3"] in pair and row["vote"] in scores:
            cast[row["resolution"]].setdefault(row["iso3"], (number, scores[row["vote"]]))
    both = [votes for votes in cast.values() if len(votes) == 2]
    alike = math.fsum(1 - abs(votes[pair[0]][1] - votes[pair[1]][1]) for votes in both)
    return round(alike / len(both), 4), len(both), f"{alike:g} alike of {len(both)} roll calls in which both voted"


READERS = {
    "ucdp": deaths,
    "vdem": vdem,
    "wb": lambda subject: yearly(WDI, subject, "iso3c", WDI_COLUMNS[subject]),
    "aid": aid,
    "humanitarian_aid": aid,
    "diplomatic_mission": missions,
    "membership": statements,
    "commitment": statements,
}


def found(query: Row) -> list[Row]:
    """Answer a query from the publisher's file."""
    if query["subject"] == "vote_agreement":
        pair = (query["where"]["from_iso3"], query["where"]["to_iso3"])
        value, _, key = agreement(pair)
        return [{"value": value, "row": 0, "key": f"{'/'.join(pair)}: {key}"}]
    return [row for row in read(query["subject"]) if fits(row, query)]


class Trace:
    """A figure computed from the publisher's files, with the rows it came from, in order."""

    def __init__(self, figure: Row) -> None:
        self.files: list[str] = []
        self.rows: list[str] = []
        self.raw: list[str] = []
        self.value = self._follow(figure)

    def _follow(self, figure: Row) -> float:
        inputs = []
        for entry in figure["inputs"]:
            if "figure" in entry:
                inputs.append([{"value": self._follow(entry["figure"])}])
                continue
            query = entry["query"]
            rows = found(query)
            self._note(query, rows)
            inputs.append(rows)
        value = FORMULAS[figure["formula"]](inputs, self._params(figure))
        if figure["inputs"] and all("figure" in entry for entry in figure["inputs"]):
            parts = ", ".join(f"{rows[0]['value']:.10g}" for rows in inputs)
            self.raw.append(f"{figure['formula']}({parts}) = {value:.10g}")
        return value

    def _params(self, figure: Row) -> Row:
        """Put the states that the publisher's panel counts in the place of those the brief names."""
        params = dict(figure["params"])
        if "panel" in params:
            since = {iso3: year for iso3, year in counted().items() if year > 1989}
            params["panel"] = {"states": " ".join(sorted(counted())), "since": since, "newest": params["panel"]["newest"]}
        if "fill_zero" in params:
            params["fill_zero"] = list(counted())
        return params

    def _note(self, query: Row, rows: list[Row]) -> None:
        name = file_of(query["subject"])
        if name not in self.files:
            self.files.append(name)
        where = " ".join(str(value) for value in query["where"].values()) or "all states"
        if not rows:
            told, raw = f"{where} {query['subject']}: no row", "none"
        elif len(rows) <= 12:
            told = "; ".join(f"row {row['row']} {row.get('key', '')}".replace("row 0 ", "") for row in rows)
            raw = " + ".join(f"{row['value']:.12g}" if row["value"] is not None else str(row["status"]) for row in rows)
        else:
            sums = math.fsum(row["value"] or 0 for row in rows)
            period = f"{query['start']} to {query['end']}" if query["start"] else ""
            told, raw = f"{where} {query['subject']} {period}: {len(rows)} rows".replace("  ", " "), f"sum {sums:.12g}"
        if told not in self.rows:
            self.rows.append(told)
            self.raw.append(raw)


def kind_of(figure: Row) -> str:
    """Return the kind of a figure, for a varied choice."""
    name = re.sub(r" of [a-z]+\.\w+$| for [a-z]+\.\w+$", "", figure["label"])
    return f"{figure['formula']} {name}"


def chosen(figures: list[Row]) -> list[Row]:
    """Return 25 figures, taken in turn from every kind: the last of each first, so that it is not always the headline."""
    kinds: dict[str, list[Row]] = defaultdict(list)
    for figure in figures:
        kinds[kind_of(figure)].append(figure)
    alike: dict[tuple[str, str], list[list[Row]]] = defaultdict(list)
    for group in kinds.values():
        alike[group[0]["formula"], group[0]["unit"]].append(group)
    queues = [interleaved(groups) for groups in alike.values()]
    return sorted(interleaved(queues)[:N_TRACED], key=lambda figure: figure["note"])


def interleaved(queues: list[list[Row]]) -> list[Row]:
    """Take one of each queue in turn, from its end."""
    left = [list(queue) for queue in queues]
    taken = []
    while any(left):
        taken += [queue.pop() for queue in left if queue]
    return taken


def shown(record: Row, note: int) -> str:
    """Return the text that a brief shows for a figure."""
    text = json.dumps(record["pages"], ensure_ascii=False)
    match = re.search(rf"((?:[-−]?\d[\d,.]*(?:\s?%)?)|seat held|party)\[{note}\]", text)
    return match[1] if match else ""


def says(text: str, value: float) -> bool:
    """Tell whether a shown text is a value rounded to the digits shown."""
    if text in {"seat held", "party"}:
        return value > 0
    is_share = text.endswith("%")
    plain = re.sub(r"[\s%,]", "", text).replace("−", "-")
    digits = len(plain.partition(".")[2])
    return abs(float(plain) - value * (100 if is_share else 1)) <= 0.5 * 10**-digits + 1e-9


def trace(record: Row, country: str) -> Iterator[list[str]]:
    """Trace the figures of one brief."""
    files = {file["name"]: file["sha256"] for source in record["sources"] for file in source["files"]}
    for figure in chosen(record["figures"]):
        made, text = Trace(figure), shown(record, figure["note"])
        for name in made.files:
            digest = hashlib.sha256((DATA / name).read_bytes()).hexdigest()
            if files[Path(name).name] != digest:
                sys.exit(f"{name} is not the file the brief was made from")
        is_same = math.isclose(made.value, figure["value"], rel_tol=1e-9, abs_tol=1e-9)
        agrees = is_same and says(text, made.value)
        note = f"{figure['formula']}: {made.value:.10g}" + ("" if is_same else f"; the brief's record has {figure['value']:.10g}")
        files_told = "; ".join(made.files) or "none"
        note += "" if made.files else "; every state has authority over its own law, no file says so"
        label = f"{figure['label']} ({figure['period']})" if figure["period"] else figure["label"]
        raw = " | ".join(made.raw)
        if any(file == SPACES for file in made.files) and "all states" in " ".join(made.rows):
            note += "; rows without a code (Kosovo) left out"
        yield [country, figure["id"], label, text, files_told, " | ".join(made.rows) or "none", raw, "yes" if agrees else "no", note]


def without_a_number() -> Iterator[list[str]]:
    """Trace what the brief on Tuvalu gives no number for, and why; such entries have no figure id."""
    known = yaml.safe_load((DATA / "ucdp/states.yaml").read_text(encoding="utf-8"))
    panel, number = set(counted()), next(state["gwno"] for state in known if state["name"] == "Tuvalu" and state["microstate"])
    deaths_rows = [r for _, r in table(DEATHS) if int(r["gwno"]) == number]
    for what in ("Deaths in one-sided violence", "Deaths in state-based conflict", "Deaths in non-state conflict", "Outlook"):
        shows = "Not forecast: outside coverage" if what == "Outlook" else "outside coverage"
        is_outside = not deaths_rows and "TUV" not in panel
        yield told(
            what,
            shows,
            f"{DEATHS}; ucdp/cm_panel.parquet; ucdp/states.yaml",
            f"gwno={number}; iso3=TUV",
            "no row in the first two; microstate: true",
            agrees=is_outside,
        )
    for what, column in (("Infant mortality (2024)", "wdi.imrate.new"), ("GDP per head (2024)", "wdi.gdppc.new")):
        cells = [(n, r[column]) for n, r in table(WDI) if r["iso3c"] == "TUV" and r["year"] == "2024"]
        raw = "; ".join(f"row {n}: {cell or 'blank'}" for n, cell in cells) or "no row"
        yield told(what, "no value", WDI, f"TUV 2024 {column}", raw, agrees=not any(cell for _, cell in cells))
    for channel, what in (("aid", "Bilateral assistance"), ("diplomatic_mission", "Resident mission"), ("humanitarian_aid", "Money")):
        name = FILES[channel]
        rows = [r for r in read(channel) if (r["from_iso3"], r["to_iso3"]) == ("GHA", "TUV")]
        yield told(f"{what} of Ghana", "no record", name, "GHA→TUV", f"{len(rows)} rows", agrees=not rows)
    has_rows = any(r["country_text_id"] == "TUV" for _, r in table(VDEM)) or any(r["iso3"] == "TUV" for _, r in table(SPACES))
    code = next(r["vdem"] for _, r in table(CODES) if r["iso3c"] == "TUV")
    for what in ("Risk factor 2", "Risk factor 3", "Risk factor 9"):
        note = "" if has_rows or code else "V-Dem has no code and no row for Tuvalu, so fetching it gives no number: outside its coverage"
        raw = f"V-Dem code {code or 'blank'}; {'rows' if has_rows else 'no row'}"
        yield told(what, "not loaded: fetch vdem", f"{CODES}; {VDEM}; {SPACES}", "TUV", raw, agrees=not note, note=note)


def told(what: str, shows: str, name: str, row: str, raw: str, *, agrees: bool, note: str = "") -> list[str]:
    """Return a line of the log on something that has no number."""
    return ["TUV", "", what, shows, name, row, raw, "yes" if agrees else "no", note or "why there is no number"]


def main() -> None:
    """Write the log."""
    global DATA  # noqa: PLW0603 - the one setting of this script
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="folder with the publishers' files")
    parser.add_argument("briefs", type=Path, nargs="+", help="briefs as JSON, named by country: SDN.json")
    given = parser.parse_args()
    DATA = given.data
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["country", "figure_id", "label", "shown_value", "file", "row", "raw_value", "agrees", "note"])
    for path in given.briefs:
        out.writerows(trace(json.loads(path.read_text(encoding="utf-8")), path.stem))
        if path.stem == "TUV":
            out.writerows(without_a_number())


if __name__ == "__main__":
    main()
