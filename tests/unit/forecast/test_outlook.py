"""The outlook: contract columns, nothing later than asked, every number recomputed, and plain words where there is none."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from deaths_release import write_events, write_real
from forefend.errors import ForecastError, NotLoaded
from forefend.forecast.history import EVENTS
from forefend.forecast.known import months_known
from forefend.forecast.outlook import CountryOutlook, annual, country_outlook, monthly, world_outlook, world_rates
from forefend.panel.deaths import months_before
from forefend.places import universe
from forefend.store import Figure, Query, Snapshot, Store, recompute

TODAY = date(2026, 11, 24)
Release = Callable[..., Snapshot]

MONTHLY = "target iso3 origin month horizon mean q0.05 q0.25 q0.5 q0.75 q0.95 p_ge_1 p_ge_25 p_ge_100".split()  # noqa: SIM905 - as the contract writes it
ANNUAL = ["target", "iso3", "base_year", "horizon_years", "probability", "lower", "upper"]


def figures(thing: object) -> Iterator[Figure]:
    """Every figure inside an outlook."""
    if isinstance(thing, Figure):
        yield thing
    elif isinstance(thing, dict):
        for entry in thing.values():
            yield from figures(entry)
    elif isinstance(thing, tuple):
        for entry in thing:
            yield from figures(entry)
    elif is_dataclass(thing):
        for entry in fields(thing):
            yield from figures(getattr(thing, entry.name))


def spread(*, iso3: str = "SDN", years: int = 20, deaths: float = 10) -> list[tuple[str, str, str, float]]:
    """The same deaths in every December from 1990."""
    return [(iso3, "os", f"{1990 + year}-12", deaths) for year in range(years)]


def test_monthly_has_the_contract_columns_for_every_covered_state(real: Store) -> None:
    table = monthly(real)
    assert table.columns[: len(MONTHLY)] == MONTHLY
    assert table.height == 12 * len(universe("ucdp"))
    assert table["origin"].unique().to_list() == [date(2024, 12, 1)]
    assert table["month"].unique().sort().to_list() == [date(2025, month, 1) for month in range(1, 13)]
    ordered = table.select(pl.all_horizontal(pl.col("q0.05") <= pl.col("q0.5"), pl.col("q0.5") <= pl.col("q0.95"), pl.col("p_ge_25") <= 1))
    assert ordered.to_series().all()


def test_annual_has_the_contract_columns_and_no_number_where_one_would_mislead(real: Store) -> None:
    table = annual(real)
    assert table.columns[: len(ANNUAL)] == ANNUAL
    assert set(table["iso3"]) == universe("ucdp")
    sudan = table.row(by_predicate=pl.col("iso3") == "SDN", named=True)
    assert (sudan["status"], sudan["probability"]) == ("under way", None), "0 would read as safe"
    rest = table.filter(pl.col("status") == "forecast")
    assert rest.select((pl.col("lower") < pl.col("probability")) & (pl.col("probability") < pl.col("upper"))).to_series().all()


def test_states_outside_coverage_are_in_no_table(real: Store) -> None:
    assert not {"TUV", "NRU"} & (set(monthly(real)["iso3"]) | set(annual(real)["iso3"]))


@pytest.mark.parametrize("kind", ["os", "sb", "ns"])
@pytest.mark.parametrize("as_of", [date(2005, 12, 31), date(2010, 6, 30)])
def test_planted_future_deaths_change_nothing(store: Store, release: Release, kind: str, as_of: date) -> None:
    past = [(iso3, kind, month, deaths) for iso3, _, month, deaths in spread() + spread(iso3="MLI", deaths=40) if month <= f"{as_of:%Y-%m}"]
    ended = [("MLI", what, f"{as_of:%Y-%m}", 1.0) for what in ("os", "sb", "ns")]
    release(past + ended)
    before = monthly(store, kind, as_of=as_of), annual(store, as_of=as_of), country_outlook(store, "SDN", today=as_of)
    future = [(iso3, what, month, 90_000.0) for iso3 in ("SDN", "FRA") for what in ("os", "sb", "ns") for month in ("2010-07", "2012-01")]
    release(past + ended + future, vintage="27.1", published=date(2027, 6, 1))
    release(past + ended + future, vintage="26.0", published=date(2026, 6, 1))
    after = monthly(store, kind, as_of=as_of), annual(store, as_of=as_of), country_outlook(store, "SDN", today=as_of)
    assert store.snapshots[0].vintage == "26.0", "the only releases hold the future"
    assert before[0].equals(after[0])
    assert before[1].equals(after[1])
    assert [f.value for f in figures(before[2])] == [f.value for f in figures(after[2])]
    assert before[0]["origin"].max() <= as_of
    assert before[1]["base_year"].max() <= as_of.year


def test_a_past_outlook_forecasts_from_its_own_time(real: Store) -> None:
    then = monthly(real, as_of=date(2017, 7, 31)).filter(iso3="MMR")
    assert then["origin"][0] == date(2017, 7, 1)
    assert then["q0.95"].max() < 100, "the killings began in August 2017"
    assert monthly(real, as_of=date(2017, 12, 31)).filter(iso3="MMR")["q0.95"].max() > 500
    old = annual(real, as_of=date(2005, 12, 31))
    assert old["base_year"].unique().to_list() == [2005]
    assert "SSD" not in old["iso3"], "a state that did not exist is not forecast"


def test_the_table_and_the_country_say_the_same(real: Store) -> None:
    one = country_outlook(real, "MMR", today=TODAY)
    row = monthly(real).row(by_predicate=(pl.col("iso3") == "MMR") & (pl.col("horizon") == 1), named=True)
    named = {
        "mean": "mean",
        "q05": "q0.05",
        "q25": "q0.25",
        "q50": "q0.5",
        "q75": "q0.75",
        "q95": "q0.95",
        "p1": "p_ge_1",
        "p25": "p_ge_25",
    }
    assert {name: one.fan[name].value for name in named} == pytest.approx({name: row[column] for name, column in named.items()})
    chance = annual(real).row(by_predicate=pl.col("iso3") == "MMR", named=True)
    assert one.reference_class is not None
    figure = one.reference_class.chance
    assert (figure.value, figure.low, figure.high) == pytest.approx((chance["probability"], chance["lower"], chance["upper"]))


@pytest.mark.parametrize("iso3", ["SDN", "MMR", "GHA", "FRA", "SSD"])
def test_every_number_of_a_country_recomputes_from_its_record(real: Store, iso3: str) -> None:
    outlook = country_outlook(real, iso3, today=TODAY)
    found = list(figures(outlook))
    assert len(found) > 80
    for figure in found:
        written = Figure.from_dict(figure.to_dict(), store=real)
        assert recompute(real, written) == figure.value, figure.label


def test_a_covered_country_has_everything_the_pages_show(real: Store) -> None:
    outlook = country_outlook(real, "MMR", today=TODAY)
    assert (outlook.is_covered, outlook.reason, outlook.newest_month, outlook.months_old) == (True, "", date(2024, 12, 1), 23)
    assert outlook.history["month"].to_list()[-1] == date(2024, 12, 1)
    assert set(outlook.fan) == {"mean", "q05", "q25", "q50", "q75", "q95", "p1", "p25", "p100"}
    assert set(outlook.totals) == {"os", "sb", "ns"}
    assert all([figure.period for figure in row] == ["2022", "2023", "2024"] for row in outlook.totals.values())
    assert [year.year for year in outlook.past_years] == list(range(2018, 2025))
    assert outlook.reference_class is not None
    assert outlook.multiple.value == pytest.approx(outlook.reference_class.chance.value / outlook.base_rate.value)
    assert outlook.year_total["q50"].period == "2025"


def test_a_class_that_cannot_have_an_onset_says_so_instead_of_0(real: Store) -> None:
    outlook = country_outlook(real, "SDN", today=TODAY)
    assert outlook.reference_class is not None
    assert outlook.reference_class.is_under_way
    assert outlook.reference_class.onsets.value == 0
    for figure in (outlook.reference_class.chance, outlook.multiple):
        assert figure.value is None
        assert "by the definition no new one can begin" in figure.missing


def test_a_state_outside_coverage_is_not_forecast(real: Store) -> None:
    outlook = country_outlook(real, "TUV", today=TODAY)
    assert (outlook.is_covered, outlook.reason) == (False, "not forecast: outside coverage")
    assert all(figure.value is None for figure in figures(outlook))


def test_an_empty_store_says_what_to_fetch(store: Store) -> None:
    assert country_outlook(store, "SDN", today=TODAY).reason.startswith("not loaded: fetch")
    with pytest.raises(NotLoaded):
        monthly(store)


def test_years_too_few_for_a_chance_leave_the_country_page_standing(store: Store, release: Release) -> None:
    release(spread(years=2))
    assert "begin with base year 1995" in country_outlook(store, "SDN", today=TODAY).reason


def test_the_classes_add_up_to_the_world(real: Store) -> None:
    world = world_rates(real)
    assert sum(entry.country_years.value or 0 for entry in world.classes.values()) == world.base.country_years.value
    assert sum(entry.onsets.value or 0 for entry in world.classes.values()) == world.base.onsets.value
    assert (world.base_rate.value or 0) == pytest.approx(0.0102, abs=0.0005)
    assert all((entry.country_years.value or 0) >= 100 for entry in world.classes.values()), "each class has enough country-years"


def test_forecasts_of_past_years_use_only_earlier_years(real: Store) -> None:
    year = country_outlook(real, "MMR", today=TODAY).past_years[0]
    for figure in year.forecast.values():
        assert all(query.end <= date(2017, 12, 31) for query in figure.inputs)
    assert year.outcome.value == 4


def test_the_bands_tried_on_the_past_are_counted(real: Store) -> None:
    """Recounted with plain loops over the country's months."""
    outlook = country_outlook(real, "MMR", today=TODAY)
    deaths = dict(outlook.history.iter_rows())
    inside = above = 0
    for year in range(2014, 2024):
        before = [deaths[date(year, month, 1)] for month in range(1, 13)]
        low, half, high = np.quantile(before, [0.05, 0.75, 0.95])
        came = [deaths[date(year + 1, month, 1)] for month in range(1, 13)]
        inside += sum(low <= value <= high for value in came)
        above += sum(value > half for value in came)
    values = {name: figure.value for name, figure in outlook.backtest.items()}
    assert (values["months_tested"], values["months_in_band"], values["months_above_half"]) == (120, inside, above)
    assert values["years_tested"] == 7
    assert values["years_in_band"] == sum(
        year.forecast["q05"].value <= year.outcome.value <= year.forecast["q95"].value for year in outlook.past_years
    )
    assert values["years_above_half"] == sum(year.outcome.value > year.forecast["q75"].value for year in outlook.past_years)
    assert 0.8 < values["world_years_in_band_share"] <= 1


def test_quiet_months_before_are_no_test_of_the_world(store: Store, release: Release) -> None:
    release([("SDN", "sb", "2010-12", 1), ("SDN", "os", "1990-01", 5)])
    tested = country_outlook(store, "SDN", today=TODAY).backtest
    assert tested["world_months_tested"].missing == "no deaths in the months before"
    assert tested["months_in_band_share"].value == 1


def test_the_world_has_one_line_for_each_state(real: Store) -> None:
    lines = world_outlook(real, today=TODAY)
    assert [line.iso3 for line in lines] == sorted(universe("ucdp"))
    burkina = next(line for line in lines if line.iso3 == "BFA")
    assert (burkina.last_year.value, burkina.reference_class.is_under_way) == (2032, True)
    assert world_outlook(real, today=TODAY) is lines, "kept while the store stays the same"


def test_a_newer_release_is_seen_at_once(store: Store, release: Release) -> None:
    release(spread())
    assert country_outlook(store, "SDN", today=TODAY).base_year == 2009
    release(spread(years=21), vintage="27.1", published=date(2026, 6, 30))
    assert country_outlook(store, "SDN", today=TODAY).base_year == 2010


def test_the_newest_month_need_not_be_december(store: Store, release: Release) -> None:
    release([*spread(years=20), ("SDN", "os", "2010-06", 30)])
    outlook = country_outlook(store, "SDN", today=TODAY)
    assert (outlook.newest_month, outlook.base_year) == (date(2010, 6, 1), 2009)
    assert outlook.fan["mean"].period == "2010-07–2011-06"
    assert outlook.fan["mean"].value == pytest.approx(40 / 12)
    assert outlook.totals["os"][-1].period == "2009"


def test_civilians_are_forecast_once_events_are_loaded(store: Store, release: Release, data: Path) -> None:
    release(spread())
    with pytest.raises(ForecastError, match="forefend sources fetch ucdp_ged"):
        monthly(store, "civilians")
    write_events(store, data)
    table = monthly(store, "civilians")
    events = store.read(Query(table="events", subject=("os", "sb", "ns"))).frame
    newest = events["start"].dt.truncate("1mo").max()
    last = events.filter(pl.col("start") >= months_before(newest, 11)).group_by("iso3").agg(pl.col("deaths_civilians").sum())
    assert table["origin"][0] == newest
    told = dict(table.filter(horizon=1).select("iso3", pl.col("mean") * 12).iter_rows())
    assert {iso3: told[iso3] for iso3 in last["iso3"]} == pytest.approx(dict(last.iter_rows()))


def test_months_are_known_with_their_events_and_nothing_later(real: Store) -> None:
    day = date(2020, 6, 30)
    past = months_known(real, "os", as_of=day)
    assert past.origin == date(2020, 6, 1)
    events = past.beside[EVENTS]
    assert events.shape == past.deaths.shape
    assert np.array_equal(np.isnan(events), np.isnan(past.deaths))
    assert (events[past.deaths > 0] > 0).all(), "nobody dies without an event"
    whole = months_known(real, "os")
    assert np.array_equal(*(known.until(past.origin).beside[EVENTS] for known in (whole, past)), equal_nan=True)


def test_without_events_of_the_same_release_months_are_known_by_deaths_alone(store: Store, release: Release, data: Path) -> None:
    every = [*spread(), ("SDN", "sb", "2009-12", 1.0), ("SDN", "ns", "2009-12", 1.0)]
    release(every)
    assert EVENTS not in months_known(store, "os").beside
    write_real(store, data)
    assert EVENTS in months_known(store, "os").beside
    release(every, vintage="27.1", published=date(2026, 8, 1))
    assert EVENTS not in months_known(store, "os").beside, "an older release's events do not stand beside a newer one's deaths"


def test_other_targets_and_horizons_are_refused_in_one_sentence(real: Store) -> None:
    for refused in (lambda: annual(real, "ewp"), lambda: annual(real, as_of=date(1993, 12, 31)), lambda: monthly(real, horizon=0)):
        with pytest.raises(ForecastError) as refusal:
            refused()
        assert str(refusal.value).endswith((".", "ewp."))


def test_the_outlook_of_nowhere_has_no_history() -> None:
    empty = {f.name: f for f in fields(CountryOutlook)}["history"].default_factory()  # type: ignore[misc]
    assert (empty.height, np.array(empty.columns).tolist()) == (0, ["month", "deaths"])
