"""References to ReliefWeb reports: asked with the user's own name, read without texts or people."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from forefend.errors import SourceUnavailable, UnexpectedData
from forefend.sources.contract import Parsed
from forefend.sources.registry import find_source
from forefend.sources.reliefweb.source import collect
from forefend.store.asking import Asking
from forefend.store.fetch import Connection


def report(number: int, *, iso3: tuple[str, ...] = ("npl",), **fields: Any) -> dict[str, Any]:
    content = {
        "title": f"Report {number}", "date": {"created": "2090-11-02T08:00:00+00:00", "original": "2090-11-01T00:00:00+00:00"},
        "url": "https://reliefweb.int/node/1", "source": [{"name": "Agency", "shortname": "A"}], "format": [{"name": "Analysis"}],
        "country": [{"iso3": code} for code in iso3],
    }  # fmt: skip
    return {"id": str(number), "fields": content | fields}


def page(folder: Path, reports: list[Any], *, total: int | None = None, name: str = "reliefweb-01.json") -> Path:
    path = folder / name
    path.write_text(json.dumps({"totalCount": len(reports) if total is None else total, "data": reports}))
    return path


def read(*paths: Path) -> Parsed:
    return find_source("reliefweb").read({path.name: path for path in paths})


def test_a_report_is_one_fact_for_each_state(tmp_path: Path) -> None:
    facts = read(page(tmp_path, [report(1, iso3=("npl", "gha", "wld"))])).tables["facts"]
    assert facts["iso3"].to_list() == ["GHA", "NPL"]
    one = facts.row(0, named=True)
    assert (one["kind"], one["key"], one["status"], one["start"]) == ("report", "1", "Analysis", date(2090, 11, 1))
    assert one["note"] == "Report 1 (A)"
    assert one["cited"].startswith("https://reliefweb.int/")


def test_world_reports_repeats_and_undated_ones_are_rejected(tmp_path: Path) -> None:
    reports = [report(1), report(1), report(2, iso3=("wld",)), report(3, date={}), report(4, title=" ")]
    parsed = read(page(tmp_path, reports))
    assert parsed.rejected["reason"].to_list() == ["the report came before", "about no state", "no title or no day", "no title or no day"]
    assert parsed.tables["facts"].height == 1


def test_a_field_not_asked_for_and_missing_pages_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnexpectedData, match=r"Unread fields.*body"):
        read(page(tmp_path, [report(1, body="Text")]))
    with pytest.raises(UnexpectedData, match="1 of 9 reports"):
        read(page(tmp_path, [report(1)], total=9))


@pytest.mark.parametrize(
    "content", ["[]", "{", '{"data": 1, "totalCount": 1}', '{"data": [1], "totalCount": 1}', '{"data": [{"id": 1}], "totalCount": 1}']
)
def test_an_answer_of_another_shape_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "reliefweb-01.json"
    path.write_text(content)
    with pytest.raises(UnexpectedData, match=r"reliefweb-01\.json"):
        read(path)


def asking(folder: Path, **environ: str) -> Asking:
    return Asking(source="reliefweb", folder=folder / "incoming", connection=Connection(attempts=1, wait_seconds=0), environ=environ)


@pytest.mark.loopback
def test_reports_are_asked_for_by_form_with_the_users_name(tmp_path: Path, publisher: Any) -> None:
    publisher.json("/v2/reports", {"totalCount": 1_500, "data": [report(1)]})
    asked = asking(tmp_path, RELIEFWEB_APPNAME="ministry-x7", FOREFEND_RELIEFWEB_STATES="SDN, TCD")
    paths = collect(asked, address=f"{publisher.root}/v2/reports", today=date(2090, 12, 1))
    assert len(paths) == 2
    method, path, body = publisher.asked[1]
    question = json.loads(body)
    assert (method, path) == ("POST", "/v2/reports?appname=ministry-x7")
    assert question["offset"] == 1_000
    assert question["filter"]["conditions"][1] == {"field": "country.iso3", "value": ["sdn", "tcd"], "operator": "OR"}
    assert question["filter"]["conditions"][0]["value"]["from"].startswith("2090-11-01")
    assert "body" not in question["fields"]["include"]


def test_a_missing_name_or_a_code_of_no_state_is_said(tmp_path: Path) -> None:
    with pytest.raises(SourceUnavailable, match="RELIEFWEB_APPNAME"):
        collect(asking(tmp_path))
    with pytest.raises(SourceUnavailable, match="SUDAN"):
        collect(asking(tmp_path, FOREFEND_RELIEFWEB_STATES="Sudan"))


@pytest.mark.loopback
def test_the_name_is_not_in_a_refusal(tmp_path: Path, publisher: Any) -> None:
    publisher.status(403)
    with pytest.raises(SourceUnavailable) as refusal:
        collect(asking(tmp_path, RELIEFWEB_APPNAME="ministry-x7"), address=f"{publisher.root}/v2/reports")
    assert "ministry-x7" not in str(refusal.value)
