"""The target by actor: made events, the definition held against cases, and what must be refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from event_stores import LAST, Event, events_of
from event_stores import load_events as load
from forefend.errors import ForecastError
from forefend.forecast.backtest import annual_backtest
from forefend.forecast.known import years_known
from forefend.forecast.pooled import annual_outlook
from forefend.forecast.year_panel import YearPanel
from forefend.store import Store


def quiet(since: int = 1989) -> list[Event]:
    """One death a year in one state, so that events begin in 1989."""
    return [("COL", "Quiet", year, 1) for year in range(since, LAST + 1)]


def onset_years(panel: YearPanel, iso3: str) -> list[int]:
    """Return the base years that an onset followed."""
    return panel.year[(panel.iso3 == iso3) & (panel.outcome == 1)].tolist()


@pytest.fixture
def panel(store: Store, tmp_path: Path) -> YearPanel:
    """Two actors in one state, two halves in another, one renamed, one unnamed, and battles."""
    rows = [
        *(("SDN", "One", year, 1500) for year in range(2003, 2010)),
        ("SDN", "Other", 2008, 1000),
        ("MLI", "One", 2012, 600),
        ("MLI", "Other", 2012, 600),
        *(("NGA", "Before", year, 2000) for year in range(2000, 2004)),
        ("NGA", "After", 2004, 2000),
        ("KEN", None, 2007, 3000),
        ("KEN", " ", 2008, 3000),
    ]
    battles = events_of([("UKR", "Army", 2014, 9000)], kind="sb").with_columns(event_id=pl.lit("b1"))
    load(store, tmp_path, pl.concat([events_of([*quiet(), *rows]), battles]))
    return years_known(store, "ucdp_actor")


def test_a_second_actor_begins_where_a_first_kills_on(panel: YearPanel) -> None:
    assert onset_years(panel, "SDN") == [2001, 2002, 2006, 2007]


def test_halves_by_two_actors_are_no_onset(panel: YearPanel, store: Store) -> None:
    assert onset_years(panel, "MLI") == []
    together = years_known(store, "ucdp")
    assert onset_years(together, "MLI") == [2010, 2011], "for all actors together it is one"


def test_a_new_name_begins_anew(panel: YearPanel) -> None:
    assert onset_years(panel, "NGA") == [1998, 1999, 2002, 2003]


def test_those_not_named_and_battles_begin_nothing(panel: YearPanel) -> None:
    assert onset_years(panel, "KEN") == []
    assert onset_years(panel, "UKR") == []


def test_nothing_is_ruled_out_and_every_state_is_in(panel: YearPanel, store: Store) -> None:
    assert panel.target == "ucdp_actor"
    assert not panel.impossible.any()
    assert panel.base_year == LAST
    assert panel.iso3[panel.is_now].tolist() == (base := years_known(store, "ucdp")).iso3[base.is_now].tolist()


def test_an_outcome_is_known_when_both_years_are_over(panel: YearPanel) -> None:
    assert np.isnan(panel.outcome[panel.year > LAST - 2]).all()
    assert not np.isnan(panel.outcome[panel.year <= LAST - 2]).any()


def test_an_actor_above_the_line_cannot_begin(panel: YearPanel) -> None:
    row = (panel.iso3 == "SDN") & (panel.year == 2005)
    deadliest, free = np.expm1(panel.columns(("actor", "actor_may_begin"))[row][0])
    assert (round(float(deadliest)), round(float(free))) == (1500, 0)


def test_years_of_which_too_little_is_known_are_left_out(store: Store, tmp_path: Path) -> None:
    load(store, tmp_path, events_of([("SDN", "One", 2001, 2000), *quiet(2000)]))
    found = years_known(store, "ucdp_actor")
    assert found.year.min() == 2002, "whether 2001 began one cannot be told from events that begin in 2000"
    assert onset_years(found, "SDN") == []


def test_nothing_dated_later_is_seen(store: Store, tmp_path: Path) -> None:
    load(store, tmp_path, events_of([*quiet(), ("SDN", "One", 2010, 2000)]))
    then = years_known(store, "ucdp_actor", as_of=date(2009, 12, 31))
    assert then.base_year == 2009
    assert np.expm1(then.columns(("actor",))).max() < 2
    assert np.nansum(then.outcome) == 0


def test_without_events_it_is_refused_in_a_sentence(real: Store) -> None:
    with pytest.raises(ForecastError, match=r"^Who killed is known only from events. Load them .*: forefend sources fetch ucdp_ged$"):
        years_known(real, "ucdp_actor")


@pytest.mark.parametrize(("actor", "deaths", "said"), [(None, 5, "names its actor"), ("One", -5, "deaths are negative")])
def test_events_that_cannot_be_are_refused(store: Store, tmp_path: Path, actor: Any, deaths: int, said: str) -> None:
    load(store, tmp_path, events_of([("SDN", actor, 2003, deaths), ("SDN", actor, 1990, deaths)]))
    with pytest.raises(ForecastError, match=said):
        years_known(store, "ucdp_actor")


def test_generated_events_are_forecast_and_tested(store: Store, tmp_path: Path) -> None:
    """Sixty states, each with two actors that rise above the line now and then."""
    from forefend.panel.deaths import first_years

    chance = np.random.default_rng(4)
    states = [iso3 for iso3, first in first_years().items() if first == 1989][:60]
    rows = [
        (iso3, name, year, int(deaths))
        for iso3 in states
        for name in ("One", "Other")
        for year, deaths in zip(range(1989, LAST + 1), chance.lognormal(3.0, 2.0, LAST - 1988), strict=True)
        if deaths >= 1
    ]
    load(store, tmp_path, events_of(rows))
    found = annual_outlook(store, "ucdp_actor")
    assert (found.model, found.table.height) == ("pool", years_known(store, "ucdp").is_now.sum())
    assert found.table["probability"].is_between(0, 1).all()
    done = annual_backtest(store, target="ucdp_actor", first=2016, names=("logit", "persistence"))
    assert done.scores.filter(model="logit", score="log_loss").height == 1
    assert done.reliability["cases"].sum() == 3 * done.predictions.height
