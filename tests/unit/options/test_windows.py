"""Windows ahead: published dates replace usual months, and every date says what it rests on."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from icalendar import Calendar

from forefend.catalog import Catalog, load_catalog
from forefend.catalog.model import Schedule
from forefend.cli.windows import app
from forefend.errors import CatalogError
from forefend.options.calendar_file import to_ics
from forefend.options.occurrences import Period, occurrences, shifted
from forefend.options.windows import WindowDate, windows
from forefend.sources.intake import import_files
from forefend.sources.registry import find_source
from forefend.store import Store

TODAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


@pytest.fixture(scope="module")
def store(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The register and the Council's membership."""
    made = Store(tmp_path_factory.mktemp("windows"))
    register = [path for path in (data / "calendar").iterdir() if not path.name.startswith("unga")]
    import_files(made, find_source("register"), register, today=TODAY)
    import_files(made, find_source("un_security_council"), sorted((data / "state" / "un").glob("DPPA-SCMEMBERSHIP*.csv")), today=TODAY)
    return made


def of(found: tuple[WindowDate, ...], window: str) -> list[WindowDate]:
    return [entry for entry in found if entry.window.id == window]


def test_usual_months_that_follow_each_other_are_one_period() -> None:
    schedule = Schedule(kind="recurring", rrule="FREQ=YEARLY;BYMONTH=2,6,7")
    found = occurrences(schedule, start=TODAY, end=date(2027, 11, 24))
    assert [(p.start, p.end, p.text) for p in found] == [
        (date(2027, 2, 1), date(2027, 2, 28), "2027-02"),
        (date(2027, 6, 1), date(2027, 7, 31), "2027-06/2027-07"),
    ]


def test_a_period_that_has_begun_is_whole() -> None:
    schedule = Schedule(kind="recurring", rrule="FREQ=YEARLY;BYMONTH=10,11,12")
    (period,) = occurrences(schedule, start=TODAY, end=date(2027, 2, 1))
    assert (period.start, period.end) == (date(2026, 10, 1), date(2026, 12, 31))


def test_quarters_count_from_january() -> None:
    schedule = Schedule(kind="recurring", rrule="FREQ=MONTHLY;INTERVAL=3")
    assert [p.start.month for p in occurrences(schedule, start=TODAY, end=date(2027, 11, 24))] == [1, 4, 7, 10]


@pytest.mark.parametrize("schedule", [Schedule(kind="event"), Schedule(kind="recurring", rrule="FREQ=YEARLY")])
def test_what_has_no_month_has_no_date(schedule: Schedule) -> None:
    assert occurrences(schedule, start=TODAY, end=date(2030, 1, 1)) == ()


@pytest.mark.parametrize(
    ("offset", "start"),
    [("-P7M", date(2026, 6, 18)), ("+P5M", date(2027, 6, 18)), ("+P2Y6M", date(2029, 7, 18)), ("-P2W", date(2027, 1, 4))],
)
def test_offsets(offset: str, start: date) -> None:
    moved = shifted(Period(start=date(2027, 1, 18), end=date(2027, 1, 29)), offset=offset)
    assert moved.start == start
    assert moved.end - moved.start == timedelta(days=11)


def test_an_offset_that_is_none_is_refused() -> None:
    with pytest.raises(CatalogError, match="7 months"):
        shifted(Period(start=TODAY, end=TODAY), offset="7 months")


def test_the_registers_dates_replace_usual_months(store: Store, catalog: Catalog) -> None:
    found = windows(store, catalog, "GHA", "SDN", today=TODAY)
    sessions = [(e.date_text, e.detail, e.about, e.basis) for e in of(found, "upr.session")]
    assert sessions == [
        ("2027-01-18/2027-01-29", "UPR 54", "", "projected"),
        ("2027-01", "", "SDN", "projected"),
        ("2027-11-01/2027-11-12", "UPR 55", "", "projected"),
    ], "session 53 is over, and its month is not open again"
    assert [e.basis for e in of(found, "hrc.march")] == ["projected"]


def test_without_the_register_all_dates_are_usual_months(catalog: Catalog, tmp_path: Path) -> None:
    found = windows(Store(tmp_path / "store"), catalog, "GHA", "SDN", today=TODAY)
    assert {e.basis for e in found} == {"typical", "fixed", "undated"}
    assert of(found, "hrc.march")[0].can_use is None, "nobody knows who is a member"
    assert [e.date_text for e in of(found, "upr.stakeholder_deadline")] == ["2027-04", "2027-06", "2027-10"]


def test_windows_counted_from_a_review(store: Store, catalog: Catalog) -> None:
    (adoption,) = of(windows(store, catalog, "GHA", "SDN", today=TODAY), "upr.adoption")
    assert (adoption.about, adoption.start, adoption.basis) == ("SDN", date(2027, 6, 18), "projected")
    assert adoption.preparation_start == date(2027, 6, 18) - timedelta(weeks=adoption.window.preparation_weeks)


def test_mandates_and_sanctions_about_the_country(store: Store, catalog: Catalog) -> None:
    found = windows(store, catalog, "FRA", "COD", today=TODAY)
    (monusco,) = [e for e in of(found, "sc.mandate_renewal") if e.detail == "MONUSCO"]
    assert (monusco.start, monusco.basis, monusco.checked) == (date(2026, 12, 20), "unverified", "from knowledge")
    assert monusco.can_use is True
    assert "multi.peace_operation" in monusco.window.options
    assert {e.about for e in of(found, "sc.sanctions_renewal")} == {"COD"}


def test_elections_say_how_sure_they_are(store: Store, catalog: Catalog) -> None:
    election = next(e for e in of(windows(store, catalog, "GHA", "GMB", today=TODAY), "peace.election") if e.detail == "parliamentary")
    assert (election.date_text, election.basis) == ("2027-04", "projected")


def test_the_presidency_is_usable_by_the_state_that_holds_it(store: Store, catalog: Catalog) -> None:
    found = of(windows(store, catalog, "FRA", "RUS", days=400, today=TODAY), "sc.presidency")
    assert [(e.about, e.date_text, e.can_use) for e in found] == [("RUS", "2027-02", False), ("FRA", "2027-12", True)]


def test_a_seat_is_needed_on_the_day(store: Store, catalog: Catalog) -> None:
    found = windows(store, catalog, "GHA", "SDN", today=TODAY)
    assert {e.can_use for e in of(found, "hrc.march")} == {None}, "the members of 2027 are not all known"
    assert {e.can_use for e in of(found, "sc.poc")} == {False}
    assert {e.can_use for e in of(found, "icc.asp")} == {True}
    zimbabwe = windows(store, catalog, "ZWE", "SDN", today=TODAY)
    assert {e.can_use for e in of(zimbabwe, "sc.poc")} == {True}, "a member from January 2027"


def test_regional_organisations_of_others_are_left_out(store: Store, catalog: Catalog) -> None:
    found = windows(store, catalog, "GHA", "SDN", today=TODAY)
    assert of(found, "ecowas.authority")
    assert not of(found, "asean.summit")
    assert of(windows(store, catalog, "GHA", "MMR", today=TODAY), "asean.summit")[0].can_use is False


def test_order_and_names(store: Store, catalog: Catalog) -> None:
    found = windows(store, catalog, "GHA", "SDN", days=730, today=TODAY)
    starts = [e.start or date.max for e in found]
    assert starts == sorted(starts)
    assert len({e.id for e in found}) == len(found)
    assert all(e.end >= TODAY for e in found if e.end)


def test_calendar_file(store: Store, catalog: Catalog) -> None:
    found = windows(store, catalog, "GHA", "SDN", today=TODAY)
    content = to_ics(found, today=TODAY)
    assert content == to_ics(found, today=TODAY)
    events = {str(event["uid"]): event for event in Calendar.from_ical(content).walk("VEVENT")}
    assert len(events) == sum(e.start is not None for e in found)
    review = next(event for uid, event in events.items() if uid.startswith("upr.session/2027-01/SDN"))
    assert str(review["status"]) == "TENTATIVE"
    assert str(review["summary"]).endswith("Sudan (date projected)")
    assert review["dtend"].dt == date(2027, 1, 30), "the day after the last"
    assert "Begin preparation: 2026-04-27" in str(review["description"])
    assert {str(event["status"]) for uid, event in events.items() if uid.startswith("national.")} == {"CONFIRMED"}


def test_command(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOREFEND_DATA_DIR", str(store.root))
    from typer.testing import CliRunner

    calendar, listed = tmp_path / "w.ics", tmp_path / "w.json"
    result = CliRunner().invoke(app, ["Ghana", "--about", "sudan", "--ics", str(calendar), "-o", str(listed)], catch_exceptions=False)
    assert result.exit_code == 0
    rows = json.loads(listed.read_text(encoding="utf-8"))
    assert {"start", "basis", "window", "preparation_start", "options", "actions", "can_use"} <= rows[0].keys()
    assert calendar.read_bytes().startswith(b"BEGIN:VCALENDAR")
