"""Yearly forecasts of every target are scored when their two years are over: by months, by actors, and by an imported list."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from deaths_release import _write
from event_stores import LAST, events_of, load_events
from forefend.forecast.issuing import data_of, issue_forecast
from forefend.forecast.known import years_known
from forefend.forecast.ledger import Issue, issue
from forefend.forecast.ledger_scores import FINAL, PENDING, scores
from forefend.forecast.models import find_model
from forefend.forecast.record import record
from forefend.forecast.year_outcomes import came_after, year_outcomes
from forefend.sources.intake import import_files
from forefend.sources.registry import Source, find_source
from forefend.store import Figure, Snapshot, Store, recompute

NOW = datetime(2026, 11, 2, 8, tzinfo=UTC)
BASE = 2016
QUIET = [("COL", "Quiet", year, 1) for year in range(1989, LAST + 1)]


def append(store: Store, target: str, chances: dict[str, float | None], *, base_year: int = BASE) -> Issue:
    table = pl.DataFrame({"iso3": list(chances), "base_year": [base_year] * len(chances), "probability": list(chances.values())})
    return issue(
        store,
        table,
        target=target,
        period="year",
        model="made",
        as_of=date(base_year, 12, 31),
        issued_at=NOW,
        snapshots=(),
        seed=1,
        is_hindsight=True,
    )


def write_onsets(store: Store, folder: Path, begun: Sequence[tuple[str, int]], *, states: Sequence[str], last: int) -> Snapshot:
    """Write a list of onsets from 1960 to the last year."""
    years = [(iso3, year) for iso3 in states for year in range(1960, last + 1)]
    table = pl.DataFrame(
        {
            "iso3": [iso3 for iso3, _ in years],
            "indicator": ["ewp_onset"] * len(years),
            "start": [date(year, 1, 1) for _, year in years],
            "end": [date(year, 12, 31) for _, year in years],
            "value": [float(entry in begun) for entry in years],
            "row": range(1, len(years) + 1),
        }
    )
    file = folder / f"onsets_{last}.csv"
    file.write_text(str(begun))
    return _write(store, file, {"observations": table}, source="ewp_panel", vintage=str(last + 1), published=date(last + 1, 9, 1))


def check_figures(store: Store) -> dict[str, float]:
    """Check that the record's figures are the ledger's scores and can be computed again; return the plain ones."""
    (one,) = record(store)
    expected = scores(store).row(0, named=True)
    assert (one.outcomes, expected["outcomes"]) == (FINAL, FINAL)
    assert set(one.scores) == set(one.plain) == {"brier", "log_score"}
    for name, figure in one.scores.items():
        assert figure.value == pytest.approx(expected[name], abs=1e-12)
    for figure in (*one.scores.values(), *one.plain.values()):
        again = Figure.from_dict(json.loads(json.dumps(figure.to_dict(), default=str)), store=store)
        assert recompute(store, again) == figure.value
    return {name: figure.value or 0.0 for name, figure in one.plain.items()}


def test_an_onset_by_one_actor_is_scored_where_all_together_are_above_the_line(store: Store, tmp_path: Path) -> None:
    """One actor has killed for years, so that a second one's beginning is an onset for the target by actor alone."""
    rows = [*QUIET, *(("SDN", "One", year, 1500) for year in range(2003, LAST + 1)), ("SDN", "Other", 2018, 1200)]
    release = load_events(store, tmp_path, events_of(rows))
    append(store, "ucdp_actor", {"SDN": 0.4, "COL": 0.1, "MLI": None})
    row = scores(store).row(0, named=True)
    assert (row["outcomes"], row["rows"], row["pending"], row["outcome_snapshot"]) == (FINAL, 2, 0, release.id)
    assert row["brier"] == pytest.approx((0.6**2 + 0.1**2) / 2)
    assert row["log_score"] == pytest.approx(-(np.log(0.4) + np.log(0.9)) / 2)
    assert check_figures(store)["brier"] < 0.5
    stored = year_outcomes(store, "ucdp_actor", base_year=BASE)
    assert stored is not None
    came = came_after(store.read(stored.query).frame, **stored.params)
    panel = years_known(store, "ucdp_actor")
    of_base = panel.year == BASE
    assert {iso3: came[iso3] for iso3 in panel.iso3[of_base].tolist()} == dict(
        zip(panel.iso3[of_base].tolist(), (panel.outcome[of_base] == 1).tolist(), strict=True)
    ), "the ledger counts as the models do"


def test_plain_counting_by_actor_is_the_base_rate_model(store: Store, tmp_path: Path) -> None:
    load_events(store, tmp_path, events_of([*QUIET, ("SDN", "One", 1995, 1500), ("MLI", "Two", 2017, 2000)]))
    append(store, "ucdp_actor", {"COL": 0.1})
    known = years_known(store, "ucdp_actor").until(BASE)
    rate = float(find_model("base_rate", period="year")().fit(known).chances(known)[0, 0])
    assert 0 < rate < 0.01
    assert check_figures(store)["brier"] == pytest.approx(rate**2)


def test_by_actor_waits_for_both_years_and_needs_three_before(store: Store, tmp_path: Path) -> None:
    load_events(store, tmp_path, events_of([("SDN", "One", year, 5) for year in range(2000, LAST + 1)]))
    assert year_outcomes(store, "ucdp_actor", base_year=LAST - 2) is not None
    assert year_outcomes(store, "ucdp_actor", base_year=LAST - 1) is None
    assert year_outcomes(store, "ucdp_actor", base_year=2002) is not None
    assert year_outcomes(store, "ucdp_actor", base_year=2001) is None, "whether an actor was quiet for three years is not known"
    append(store, "ucdp_actor", {"SDN": 0.2}, base_year=LAST - 1)
    assert scores(store)["outcomes"].to_list() == [PENDING]


def test_the_imported_list_scores_its_target(store: Store, tmp_path: Path) -> None:
    append(store, "ewp", {"SDN": 0.4, "COL": 0.1, "YUG": 0.2})
    assert scores(store)["outcomes"].to_list() == [PENDING]
    write_onsets(store, tmp_path, [], states=("SDN", "COL"), last=BASE + 1)
    assert scores(store)["outcomes"].to_list() == [PENDING], "the second year is not coded"
    begun = [("SDN", BASE + 2), ("COL", BASE), ("COL", 1980)]
    newest = write_onsets(store, tmp_path, begun, states=("SDN", "COL"), last=BASE + 3)
    row = scores(store).row(0, named=True)
    assert (row["outcomes"], row["rows"], row["outcome_snapshot"]) == (FINAL, 2, newest.id)
    assert row["pending"] == 1, "a state that ended is in no list"
    assert row["brier"] == pytest.approx((0.6**2 + 0.1**2) / 2)
    rate = 3 / (2 * (BASE - 2 - 1960 + 1))  # 1978, 1979 and 2014 of COL, of 55 base years of two states
    assert check_figures(store)["brier"] == pytest.approx(((1 - rate) ** 2 + rate**2) / 2)


@pytest.fixture
def with_files(store: Store, release: Callable[..., Snapshot]) -> Snapshot:
    """A store with months and the imported files of the list; samples are smaller than a whole release."""
    release([("MLI", kind, f"{year}-12", 5) for kind in ("os", "sb", "ns") for year in range(1989, 2025)])
    source = find_source("ewp_panel")
    expect = source.metadata.expect.model_copy(update={"rows_at_least": 1, "states_at_least": 1, "rejected_share_at_most": 1.0})
    small = Source(metadata=source.metadata.model_copy(update={"expect": expect}), folder=source.folder, module_name=source.module_name)
    import_files(store, small, list(source.samples().values()), today=date(2026, 11, 1), allow_older=True)
    return store.snapshots[-1]


def test_an_issue_names_the_imported_files_it_was_made_from(store: Store, with_files: Snapshot) -> None:
    assert with_files.source == "ewp_panel"
    months = data_of(store, "ucdp", as_of=date(2026, 11, 2))
    assert with_files.id not in months
    assert set(data_of(store, "ewp", as_of=date(2026, 11, 2))) == {with_files.id, *months}
    made = issue_forecast(store, period="year", target="ewp", now=NOW, model="base_rate")
    assert with_files.id in made.snapshots
    assert (made.origin, made.is_hindsight) == ("1988", False), "what followed 1988 is not in the list, old as it is"
    earlier = issue_forecast(store, period="year", target="ewp", now=NOW, as_of=date(1986, 12, 31), model="base_rate")
    assert (earlier.origin, earlier.is_hindsight) == ("1986", True)


def test_an_issue_names_the_events_it_was_made_from(store: Store, release: Callable[..., Snapshot], tmp_path: Path) -> None:
    """Months come from a release of months, who killed from a release of events: both decide the forecast."""
    events = load_events(store, tmp_path, events_of(QUIET))
    months = release([("MLI", kind, f"{year}-12", 5) for kind in ("os", "sb", "ns") for year in range(1989, 2022)])
    day = date(2026, 11, 2)
    assert data_of(store, "ucdp", as_of=day) == (months.id,)
    assert set(data_of(store, "ucdp_actor", as_of=day)) == {months.id, events.id}
    assert set(data_of(store, "civilians", as_of=day)) == {months.id, events.id}
