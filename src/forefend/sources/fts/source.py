"""OCHA Financial Tracking Service: humanitarian funding by government and country of destination, page by page of its API.

Counted are incoming flows of new money that are paid or committed; pledges are not. A flow from or to several
governments, countries or years at once is rejected, as the publisher gives no shares of it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl

from forefend.errors import PlaceError, UnexpectedData
from forefend.places import resolve
from forefend.places.names import out_of_scope
from forefend.places.spelling import key
from forefend.sources.contract import Files, Parsed, check_columns
from forefend.sources.reading.cells import FIRST_YEAR, LARGEST, LAST_YEAR, split
from forefend.sources.reading.ties import yearly_ties
from forefend.store.asking import Asking
from forefend.store.tables import OBSERVATIONS

CHANNEL, RECEIVED = "fts_funding", "fts_funding_received"
UNIT = "current USD million"
ADDRESS = "https://api.hpc.tools/v1/public/fts/flow"
N_YEARS, PAGE_SIZE, MOST_PAGES = 3, 1000, 200
FLOW = ("id", "amountUSD", "status", "boundary", "sourceObjects", "destinationObjects")
FLOW_OUT_OF_SCOPE = (
    "versionId", "description", "onBoundary", "method", "flowType", "contributionType", "keywords", "date", "decisionDate", "budgetYear",
    "firstReportedDate", "createdAt", "updatedAt", "originalAmount", "originalCurrency", "exchangeRate", "refCode", "parentFlowId",
    "childFlowIds", "reportDetails", "grandBargainEarmarkingType", "newMoney", "restricted", "activeStatus", "versionStartDate",
    "versionEndDate",
)  # fmt: skip
STATUSES = {"paid", "commitment", "pledge"}
BOUNDARIES = {"incoming", "internal", "outgoing"}
GOVERNMENT = re.compile(r"^(?P<state>.+?), (?:Government of(?: the)?|Government)$")
PLEDGED = "a pledge, neither paid nor committed"
NOT_INCOMING = "no incoming flow of new money"
NO_GOVERNMENT = "no government gives it"
NO_COUNTRY = "no one country of destination"
NO_ONE_YEAR = "no one year of use"
NO_AMOUNT = "the amount is not a number"


def this_year() -> int:
    """Return the running year, to which the publisher's flows reach."""
    return datetime.now(UTC).year


def collect(asking: Asking) -> list[Path]:
    """Get every page of the newest years; the API names the next page in its answer."""
    this = this_year()
    found: list[Path] = []
    for year in range(this - N_YEARS + 1, this + 1):
        for page in range(1, MOST_PAGES + 1):
            path = asking.file(f"{ADDRESS}?year={year}&limit={PAGE_SIZE}&page={page}", name=f"flows-{year}-{page:03}.json")
            found.append(path)
            meta = _answer(path.name, path).get("meta")
            if not isinstance(meta, Mapping) or not meta.get("nextLink"):
                break
        else:
            raise UnexpectedData(f"The flows of {year} have more than {MOST_PAGES} pages. The publisher's interface has changed.")
    return found


def read(files: Files) -> Parsed:
    """Read pages of the API's answer; a flow on several pages or of several years counts once."""
    rows: dict[str, tuple[Any, ...]] = {}
    for name, path in sorted(files.items()):
        for flow in _flows(name, path):
            rows.setdefault(str(flow["id"]), _row(len(rows) + 1, flow, file=name))
    schema = {
        "row": pl.Int64, "id": pl.String, "status": pl.String, "is_new": pl.Boolean, "from_iso3": pl.String, "to_iso3": pl.String,
        "year": pl.Int32, "value": pl.Float64,
    }  # fmt: skip
    frame = pl.DataFrame(list(rows.values()), schema=schema, orient="row")
    good, rejected = split(
        frame,
        unusable=[
            (pl.col("status") == "pledge", PLEDGED),
            (~pl.col("is_new"), NOT_INCOMING),
            (pl.col("value").is_null() | (pl.col("value") < 0), NO_AMOUNT),
            (pl.col("to_iso3").is_null(), NO_COUNTRY),
            (pl.col("year").is_null(), NO_ONE_YEAR),
            (pl.col("from_iso3").is_null(), NO_GOVERNMENT),
        ],
    )
    ties = good.with_columns(channel=pl.lit(CHANNEL), unit=pl.lit(UNIT))
    return Parsed(tables={"ties": yearly_ties(ties), "observations": _received(good)}, rejected=rejected)


def _received(good: pl.DataFrame) -> pl.DataFrame:
    """Sum what governments gave for each country in a year."""
    summed = good.group_by("to_iso3", "year").agg(pl.col("value").sum(), pl.col("row").min()).sort("to_iso3", "year")
    return summed.select(
        iso3="to_iso3", indicator=pl.lit(RECEIVED), start=pl.date("year", 1, 1), end=pl.date("year", 12, 31), value="value",
        low=pl.lit(None, pl.Float64), high=pl.lit(None, pl.Float64), row="row",
    ).cast(OBSERVATIONS)  # fmt: skip


def _answer(name: str, path: Path) -> Mapping[str, Any]:
    try:
        answer = json.loads(path.read_text(encoding="utf-8-sig"))
    except ValueError:
        raise UnexpectedData(f"{name} is not an answer of the Financial Tracking Service. Fetch it again.") from None
    if not isinstance(answer, Mapping) or answer.get("status") != "ok" or not isinstance(answer.get("data"), Mapping):
        raise UnexpectedData(f"{name} is not a good answer of the Financial Tracking Service. Fetch it again.")
    return answer


def _flows(name: str, path: Path) -> list[Mapping[str, Any]]:
    flows = _answer(name, path)["data"].get("flows")
    if not isinstance(flows, list) or not all(isinstance(flow, Mapping) for flow in flows):
        raise UnexpectedData(f"{name} holds no list of flows. Fetch it again without grouping.")
    for n, flow in enumerate(flows, start=1):
        check_columns(flow, read=FLOW, out_of_scope=FLOW_OUT_OF_SCOPE, file=f"flow {n} of {name}")
        if str(flow["status"]) not in STATUSES or str(flow["boundary"]) not in BOUNDARIES:
            raise UnexpectedData(
                f"flow {n} of {name} has a status or boundary new to this connector: {flow['status']}, {flow['boundary']}."
            )
    return flows


def _row(row: int, flow: Mapping[str, Any], *, file: str) -> tuple[Any, ...]:
    amount = flow["amountUSD"]
    is_number = isinstance(amount, (int, float)) and not isinstance(amount, bool) and abs(amount) <= LARGEST
    source, target = (_objects(flow[side], file=file) for side in ("sourceObjects", "destinationObjects"))
    return (
        row,
        str(flow["id"]),
        flow["status"],
        flow["boundary"] == "incoming" and flow.get("newMoney", True) is not False,
        _giver(source),
        _only([_place(name) for name in target.get("Location", [])]),
        _only([_year(name) for name in target.get("UsageYear", [])]),
        amount / 1e6 if is_number else None,
    )


def _objects(listed: object, *, file: str) -> dict[str, list[str]]:
    """Group the names of a flow's objects by their type: Organization, Location, UsageYear, Plan."""
    found: dict[str, list[str]] = {}
    for entry in listed if isinstance(listed, list) else []:
        if not isinstance(entry, Mapping) or not isinstance(entry.get("type"), str):
            raise UnexpectedData(f"A flow of {file} has an object without a type. The publisher's layout has changed.")
        found.setdefault(entry["type"], []).append(str(entry.get("name") or ""))
    return found


def _only(values: Iterable[Any]) -> Any:
    """Return the one value; None where there are none or several."""
    distinct = set(values)
    return distinct.pop() if len(distinct) == 1 else None


def _giver(source: Mapping[str, list[str]]) -> str | None:
    """Return the one government that gives; None for organisations, funds, and several at once."""
    names = source.get("Organization", [])
    match = GOVERNMENT.match(names[0].strip()) if len(names) == 1 else None
    return _place(match["state"]) if match else None


def _place(name: str) -> str | None:
    if not name or key(name) in out_of_scope("name"):
        return None
    try:
        return resolve(name, publisher="un")
    except PlaceError:
        return None


def _year(name: str) -> int | None:
    return int(name) if re.fullmatch(r"\d{4}", name) and FIRST_YEAR <= int(name) <= LAST_YEAR else None
