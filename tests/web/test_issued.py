"""Pages over a ledger with issues of cheap models: they show what was issued, say which, open every number, and fit nothing."""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from io import StringIO
from time import perf_counter
from typing import Any

import pytest
from django.test import Client

from .test_numbers import LINK
from .test_pages import read

pytestmark = pytest.mark.data_alone
NOW = datetime(2026, 11, 2, 8, tzinfo=UTC)
PAGES = ("outlook/", "outlook/?sort=change&rows=all", "outlook/record/", "country/NGA/", "country/SDN/", "country/TUV/", "?for=GHA")


@pytest.fixture(scope="module", autouse=True)
def issues() -> Iterator[dict[str, Any]]:
    """Issue a yearly and a monthly forecast, and one in hindsight; they are gone when the tests of this file are done."""
    from forefend.forecast.issuing import issue_forecast
    from forefend.web.project.workbench import workbench

    store = workbench().store
    try:
        yield {
            "yearly": issue_forecast(store, period="year", target="ucdp", now=NOW, model="logit"),
            "monthly": issue_forecast(store, period="month", target="os", now=NOW, model="windows"),
            "hindsight": issue_forecast(store, period="month", target="os", now=NOW, model="windows", as_of=date(2023, 12, 31)),
        }
    finally:
        shutil.rmtree(store.root / "ledger", ignore_errors=True)


@pytest.mark.parametrize("lang", ["en", "ar"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_reads_right(client: Client, lang: str, path: str) -> None:
    response = client.get(f"/{lang}/{path}")
    assert response.status_code == 200
    html = response.content.decode()
    page = read(html)
    assert (page.mistakes, page.unclosed, page.styles, page.handlers, page.scripts_inside) == ([], [], [], [], 0)
    assert len(page.h1) == 1
    assert len(page.ids) == len(set(page.ids))
    assert not re.search(r">\s*None\s*<", html)
    assert not re.search(r"%\([a-z_]+\)s|\{\{|\{%", html)


def test_the_outlook_says_which_issue_it_shows(client: Client) -> None:
    html = client.get("/en/outlook/").content.decode()
    assert "Chances: issue 1 of 2 November 2026, regularised logistic regression, base year 2024." in html
    assert "Deaths ahead: issue 2 of 2 November 2026" in html
    assert "Percentage points since base year 2023, same model" in html
    for title in ("Highest", "Surprises", "Biggest movers", "Steadily high"):
        assert f"<h3>{title}</h3>" in html


def test_a_country_is_explained(client: Client) -> None:
    html = client.get("/en/country/NGA/").content.decode()
    for part in ("why", "alike", "peers", "signals", "past"):
        assert f'id="{part}"' in html
    assert "Deaths in one-sided violence in the year" in html
    assert "The typical country has a chance of" in html
    assert "Issued forecasts with an outcome" in html
    assert 'id="why"' not in client.get("/en/country/TUV/").content.decode()


def test_the_table_is_given_as_csv(client: Client, issues: dict[str, Any]) -> None:
    response = client.get("/en/outlook/table.csv?for=GHA")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in response["Content-Disposition"]
    rows = {row["iso3"]: row for row in csv.DictReader(StringIO(response.content.decode()))}
    assert len(rows) > 160
    nigeria = rows["NGA"]
    assert (nigeria["chance_issue"], nigeria["chance_model"]) == (issues["yearly"].id, "logit")
    assert (nigeria["deaths_issue"], nigeria["deaths_model"]) == (issues["monthly"].id, "windows")
    assert float(nigeria["chance_low"]) < float(nigeria["chance"]) < float(nigeria["chance_high"])
    assert rows["SDN"]["status"] == "under way"
    assert rows["SDN"]["chance"] == ""


def test_the_record_sets_scores_beside_plain_counting(client: Client) -> None:
    html = client.get("/en/outlook/record/").content.decode()
    assert "in hindsight" in html
    assert "Plain counting" in html
    assert "Issues: 3; without an outcome so far: 2; issued in hindsight: 1." in html
    assert re.search(r"Of 3 scores set beside plain counting, \d are worse than it.", html)


@pytest.mark.parametrize("address", ["/en/outlook/", "/en/country/NGA/", "/ar/country/NGA/", "/en/outlook/record/", "/en/outlook/signals/"])
def test_numbers_open_to_the_issue_and_compute_again(client: Client, address: str) -> None:
    html = client.get(address).content.decode()
    found = list(dict.fromkeys((link.replace("&amp;", "&"), identifier) for link, identifier in LINK.findall(html)))
    assert len(found) > 5
    for link, identifier in found[:: max(1, len(found) // 20)]:
        response = client.get(link)
        assert response.status_code == 200, link
        opened = response.content.decode()
        assert identifier in opened
        assert "a different value" not in opened
        assert read(opened).mistakes == []


def test_a_chance_opens_to_digest_model_code_and_seed(client: Client, issues: dict[str, Any]) -> None:
    links = LINK.findall(client.get("/en/country/NGA/").content.decode())
    pages = (client.get(link.replace("&amp;", "&")).content.decode() for link, _ in links)
    opened = next(page for page in pages if "as issued" in page and issues["yearly"].id in page)
    for said in ("model: logit", "seed: 2024", f"code_version: {issues['yearly'].code_version}", issues["yearly"].forecasts_sha256):
        assert said in opened.replace("<bdi>", "").replace("</bdi>", "")


def test_no_page_fits_a_model(client: Client, empty_memory: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a page fits a model")

    monkeypatch.setattr("forefend.forecast.learn.ensemble", refuse)
    monkeypatch.setattr("forefend.forecast.models.logit.fit_ridge", refuse)
    monkeypatch.setattr("forefend.forecast.pooled._fitted", refuse)
    for path in PAGES:
        assert client.get(f"/en/{path}").status_code == 200


def test_a_page_read_again_is_quick(client: Client) -> None:
    for path in PAGES:
        client.get(f"/en/{path}")
        begun = perf_counter()
        client.get(f"/en/{path}")
        assert perf_counter() - begun < 0.3


def test_a_new_issue_shows_at_once(client: Client) -> None:
    """The pages kept in memory know the ledger."""
    from forefend.forecast.issuing import issue_forecast
    from forefend.web.project.workbench import workbench

    assert "issue 1 of" in client.get("/en/outlook/").content.decode()
    store = workbench().store
    made = issue_forecast(store, period="year", target="ucdp", now=NOW, model="thresholds")
    try:
        html = client.get("/en/outlook/").content.decode()
        assert "issue 4 of" in html
        assert "Percentage points since issue 1 (logit)" in html
    finally:
        shutil.rmtree(store.root / "ledger" / made.id)


def test_a_damaged_ledger_is_said_and_pages_fall_back(client: Client, issues: dict[str, Any]) -> None:
    from forefend.web.project.memory import kept
    from forefend.web.project.workbench import workbench

    kept.clear()  # a page already made stays as it was made; so do those made here, unless they are forgotten
    record = workbench().store.root / "ledger" / issues["hindsight"].id / "record.json"
    text = record.read_text(encoding="utf-8")
    record.write_text(text.replace("windows", "better"), encoding="utf-8")
    try:
        html = client.get("/en/outlook/").content.decode()
        assert "was changed after it was issued" in html
        assert "plain counts of past country-years alike" in html
        assert "was changed after it was issued" in client.get("/en/outlook/record/").content.decode()
        for path in ("country/NGA/", "outlook/signals/", "?for=GHA"):
            assert client.get(f"/en/{path}").status_code == 200
    finally:
        record.write_text(text, encoding="utf-8")
        kept.clear()
