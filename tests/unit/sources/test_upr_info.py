"""Recommendations of the Universal Periodic Review in the publisher's three layouts, and asking for them."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from forefend.errors import SourceUnavailable, UnexpectedData
from forefend.sources.contract import Parsed
from forefend.sources.registry import find_source
from forefend.sources.upr_info.pages import RECOMMENDATION, fetch_pages
from forefend.store.asking import Asking
from forefend.store.fetch import Connection

OLDER = "To,To-Rgrp,To-Org,Text,From,From-Rgrp,From-Org,Response,Action,Issue,Session"


def read(*paths: Path) -> Parsed:
    return find_source("upr_info").read({path.name: path for path in paths})


def older(folder: Path, *rows: str) -> Parsed:
    path = folder / "upr_info_sessions.csv"
    path.write_bytes("\r".join([OLDER, *rows]).encode("mac_roman"))
    return read(path)


def series(parsed: Parsed, indicator: str) -> dict[tuple[str, date], float]:
    found = parsed.tables["observations"].filter(pl.col("indicator") == indicator)
    return {(iso3, start): value for iso3, start, value in found.select("iso3", "start", "value").iter_rows()}


def row(
    to: str, sender: str, response: str, session: str, *, action: str = "5 - Specific action", issues: tuple[str, ...] = ()
) -> dict[str, Any]:
    fields = {"state_under_review": to, "recommending_state": sender, "response": response, "session": session, "action_category": action}
    metadata: dict[str, Any] = {name: [{"value": "x", "label": label}] if label else [] for name, label in fields.items()}
    identifier = f"{to}{sender}{response}{session}{issues}"
    return {"sharedId": identifier, "metadata": metadata | {"issues": [{"label": issue} for issue in issues]}}


def page(folder: Path, rows: list[Any], *, total: int | None = None, name: str = "upr.json") -> Path:
    path = folder / name
    path.write_text(json.dumps({"rows": rows, "totalRows": len(rows) if total is None else total, "relation": "eq"}))
    return path


def test_old_macintosh_files_are_read_to_their_last_row(tmp_path: Path) -> None:
    rows = [
        f'Peru,GRULAC,,"Text {n}, with «café» and a comma",Norway,WEOG,,Accepted,5,"Torture and other CID treatment,Justice",14'
        for n in range(5)
    ]
    parsed = older(tmp_path, *rows)
    assert series(parsed, "upr_received") == {("PER", date(2012, 10, 1)): 5}
    assert series(parsed, "upr_received_torture") == {("PER", date(2012, 10, 1)): 5}
    assert series(parsed, "upr_made_specific_on_risk") == {("NOR", date(2012, 1, 1)): 5}


def test_pledges_unknown_senders_and_repeats_are_rejected_with_reasons(tmp_path: Path) -> None:
    base = "Peru,GRULAC,,Text,Norway,WEOG,,Accepted,5,Justice,14"
    parsed = older(
        tmp_path,
        base,
        base,
        "Peru,GRULAC,,Pledge,Peru,GRULAC,,Voluntary Pledge,5,Justice,14",
        "Peru,GRULAC,,Text,&#40;Unknown&#41;,,,Noted,5,Justice,14",
        "Peru,GRULAC,,Text,Chile,,,Noted,5,Justice,99",
    )
    assert sorted(parsed.rejected["reason"]) == [
        "a pledge of the state itself, not a recommendation",
        "the recommendation came before",
        "the recommending state is not named",
        "the session is not known",
    ]
    assert parsed.tables["ties"].height == 2


def test_noted_and_not_supported_are_both_no_acceptance_and_open_ones_count_in_no_share(tmp_path: Path) -> None:
    label = "44 - November 2023"
    answers = ("Supported", "Noted", "Not Supported", "")
    parsed = read(page(tmp_path, [row("Ghana", "France", answer, label) for answer in answers]))
    assert series(parsed, "upr_accepted_share") == {("GHA", date(2023, 11, 1)): pytest.approx(1 / 3)}
    assert series(parsed, "upr_received") == {("GHA", date(2023, 11, 1)): 4}


def test_an_answer_that_is_new_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnexpectedData, match="response has codes new"):
        read(page(tmp_path, [row("Ghana", "France", "Perhaps", "44 - November 2023")]))


def test_a_general_recommendation_or_one_on_another_issue_is_not_specific_on_risk(tmp_path: Path) -> None:
    label = "44 - November 2023"
    rows = [
        row("Ghana", "France", "Supported", label, action="4 - General action", issues=("Minorities",)),
        row("Ghana", "France", "Noted", label, issues=("Women's rights",)),
        row("Ghana", "France", "Not Supported", label, issues=("NHRI", "Detention")),
    ]
    parsed = read(page(tmp_path, rows))
    assert series(parsed, "upr_made_specific_on_risk") == {("FRA", date(2023, 1, 1)): 1}


def test_what_was_made_in_a_year_that_is_not_over_is_left_out(tmp_path: Path) -> None:
    parsed = read(page(tmp_path, [row("Ghana", "France", "Noted", label) for label in ("44 - November 2023", "46 - April 2024")]))
    assert list(series(parsed, "upr_made")) == [("FRA", date(2023, 1, 1))]
    assert len(series(parsed, "upr_received")) == 2


def test_missing_pages_are_noticed(tmp_path: Path) -> None:
    rows = [row("Ghana", "France", "Supported", "44 - November 2023")]
    with pytest.raises(UnexpectedData, match="1 of 7 recommendations"):
        read(page(tmp_path, rows, total=7, name="upr-session-a-page-001.json"))


@pytest.mark.parametrize(
    "content", ["[1]", '{"rows": 1, "totalRows": 1}', '{"rows": [1], "totalRows": 1}', "{", '{"rows": [{"metadata": {}}], "totalRows": 1}']
)
def test_an_answer_of_another_shape_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "upr.json"
    path.write_text(content)
    with pytest.raises(UnexpectedData, match=r"upr\.json"):
        read(path)


def test_layouts_are_not_mixed(tmp_path: Path) -> None:
    with pytest.raises(UnexpectedData, match="Give either"):
        read(tmp_path / "a.json", tmp_path / "b.csv")


def test_the_real_files_agree_with_the_count_made_from_them(data: Path) -> None:
    """Sessions 1 to 20: 42,013 rows, of which the count by others leaves out pledges, unknown senders and repeats."""
    parsed = read(*sorted((data / "state" / "upr").glob("upr_info_sessions_*.csv")))
    ties = parsed.tables["ties"].filter(pl.col("channel") == "upr_recommendations")
    assert ties["value"].sum() == 42_013 - 947 - 9 - 4
    counted = read(data / "dyads" / "upr_recommendations_dyads_2008_2014.csv").tables["ties"]
    other = counted.filter(pl.col("channel") == "upr_recommendations")
    mine = ties.group_by("from_iso3", "to_iso3").agg(pl.col("value").sum())
    both = other.join(mine, on=["from_iso3", "to_iso3"], how="full", suffix="_mine")
    assert both.filter(pl.col("value").ne_missing(pl.col("value_mine"))).height <= 3
    assert set(parsed.rejected["reason"]) == {
        "a pledge of the state itself, not a recommendation", "the recommendation came before", "the recommending state is not named",
    }  # fmt: skip


def test_counts_by_theme_stay_series_of_their_own(data: Path) -> None:
    parsed = read(data / "state" / "upr" / "upr_received_by_theme_2008_2014.csv")
    observations = parsed.tables["observations"]
    assert observations.height == 1_688
    assert observations["indicator"].str.starts_with("upr_keyword_").all()
    assert observations.select("start", "end").unique().rows() == [(date(2008, 1, 1), date(2014, 12, 31))]


def test_a_count_of_more_accepted_than_made_is_rejected(tmp_path: Path) -> None:
    path = tmp_path / "upr_recommendations_dyads_2008_2014.csv"
    path.write_text("from_iso3,to_iso3,recommendations,accepted\nFRA,GHA,1,2\nGHA,FRA,2,1\n")
    parsed = read(path)
    assert parsed.tables["ties"].height == 2
    assert parsed.rejected.height == 1


@pytest.fixture
def asking(tmp_path: Path) -> Asking:
    return Asking(source="upr_info", folder=tmp_path / "incoming", connection=Connection(attempts=1, wait_seconds=0), environ={})


def overview(**sessions: int) -> dict[str, Any]:
    buckets = [{"key": key, "label": key, "filtered": {"doc_count": count}} for key, count in sessions.items()]
    return {"rows": [], "totalRows": 10_000, "relation": "gte", "aggregations": {"all": {"session": {"buckets": buckets}}}}


@pytest.mark.loopback
def test_every_session_is_asked_for_page_by_page(asking: Asking, publisher: Any, tmp_path: Path) -> None:
    rows = [row("Ghana", "France", "Supported", "44 - November 2023")]
    publisher.json("/api", {"rows": rows * 2, "totalRows": 2})
    publisher.json(f"/api?types=%5B%22{RECOMMENDATION}%22%5D&limit=0", overview(abc=2, missing=5, empty=0, xyz=301))
    paths = fetch_pages(asking, address=f"{publisher.root}/api")
    assert [path.name for path in paths] == [
        "upr-session-abc-page-001.json", "upr-session-xyz-page-001.json", "upr-session-xyz-page-002.json",
    ]  # fmt: skip
    assert "xyz" in publisher.asked[-1][1]
    assert "from=300" in publisher.asked[-1][1]


@pytest.mark.loopback
@pytest.mark.parametrize(
    ("answer", "match"), [({"rows": []}, "list its sessions"), (overview(big=10_000), "more recommendations"), (overview(), "no session")]
)
def test_an_interface_that_has_changed_is_said(asking: Asking, publisher: Any, answer: dict[str, Any], match: str) -> None:
    publisher.json("/api", answer)
    with pytest.raises(SourceUnavailable, match=match):
        fetch_pages(asking, address=f"{publisher.root}/api")
