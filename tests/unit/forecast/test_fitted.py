"""The fitted models: what each part says on cases small enough to know the answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from forefend.errors import ForecastError
from forefend.forecast import learn
from forefend.forecast.events import event_chances
from forefend.forecast.ewp_panel import ewp_panel
from forefend.forecast.history import EVENTS, Flags, History, Matrix
from forefend.forecast.learn import TooLittleToLearn
from forefend.forecast.models import find_model
from forefend.forecast.models.fading_months import FadingMonths
from forefend.forecast.models.hierarchical import Hierarchical
from forefend.forecast.models.hurdle_trees import HURDLES, HurdleTrees, _chances, _invert
from forefend.forecast.models.logit import Logit
from forefend.forecast.models.path_forest import PICKS_PER_DRAW, PathForest, _evenly
from forefend.forecast.models.pool_monthly import MEMBERS, OF_CHANCES, STRETCH, MonthlyPool
from forefend.forecast.models.pool_yearly import YearlyPool
from forefend.forecast.models.windows import Windows
from forefend.forecast.normal import cumulative, quantile
from forefend.forecast.paths import along, even, ranks
from forefend.forecast.recalibrate import LEVELS, SLOPES, calibrations, follow, likelihood, recalibrated, stretched
from forefend.forecast.ridge import fit_ridge, from_log_odds, log_odds
from forefend.forecast.year_panel import YearPanel, from_history

SAMPLE = Path(__file__).resolve().parents[3] / "src" / "forefend" / "sources" / "ewp_panel" / "sample"


@pytest.fixture(scope="module")
def past() -> History:
    """Fourteen years of twelve states, of which four are violent."""
    chance = np.random.default_rng(5)
    deaths = np.zeros((12, 168))
    deaths[:4] = chance.poisson(30, (4, 168)) * (chance.random((4, 168)) < 0.6)
    events = chance.binomial(deaths.astype(int), 0.2) + (deaths > 0)
    iso3s = tuple(f"A{n:02}" for n in range(12))
    return History(target="os", iso3s=iso3s, first=date(2000, 1, 1), deaths=deaths, beside={EVENTS: events.astype(float)})


@pytest.fixture(scope="module")
def years() -> History:
    """Thirty years of twenty states, with onsets where deaths stood at some hundreds before."""
    chance = np.random.default_rng(7)
    yearly = chance.choice([0.0, 0, 0, 12, 300], size=(20, 30))
    begun = np.argwhere((yearly[:, 3:-1] == 300) & (chance.random((20, 26)) < 0.3))
    for state, year in begun:
        yearly[state, year + 4] = 2400
    return History(
        target="os", iso3s=tuple(f"A{n:02}" for n in range(20)), first=date(1990, 1, 1), deaths=np.repeat(yearly / 12, 12, axis=1)
    )


def test_a_ridge_without_predictors_that_tell_gives_the_rate() -> None:
    outcome = np.array([0.0] * 90 + [1.0] * 10)
    fitted = fit_ridge(np.zeros((100, 2)), outcome, penalty=1)
    assert from_log_odds(fitted.log_odds(np.zeros((1, 2))))[0] == pytest.approx(0.1)


def test_a_ridge_finds_a_slope_and_shrinks_it() -> None:
    chance = np.random.default_rng(2)
    inputs = chance.standard_normal((4000, 1))
    outcome = (chance.random(4000) < from_log_odds(inputs[:, 0])).astype(float)
    assert fit_ridge(inputs, outcome, penalty=0.1).weights[1] == pytest.approx(1, abs=0.1)
    assert fit_ridge(inputs, outcome, penalty=1000).weights[1] < 0.6
    missing = np.vstack([inputs, [[np.nan]]])
    assert np.isfinite(fit_ridge(missing, np.append(outcome, 0.0), penalty=1).log_odds(missing)).all()


def made_years(*, years: int, level: float = 0.0, slope: float = 1.0, states: int = 150) -> list[tuple[Matrix, Flags]]:
    """Chances of two years for many states, and onsets of one year that come at another level and slope."""
    random = np.random.default_rng(7)
    made = []
    for _ in range(years):
        chance = from_log_odds(random.normal(-3.5, 1.2, states))
        true = level + stretched(chance)[np.argmin(np.abs(SLOPES - slope))]
        made.append((chance, random.random(states) < 1 - np.sqrt(1 - from_log_odds(true))))
    return made


def learnt(made: list[tuple[Matrix, Flags]]) -> tuple[float, float]:
    weights = follow([likelihood([stretched(chance)], came) for chance, came in made])
    assert weights.sum() == pytest.approx(1)
    return float(weights.sum(axis=1) @ LEVELS), float(weights.sum(axis=0) @ SLOPES)


def test_without_a_past_the_level_and_the_slope_stay() -> None:
    assert learnt([]) == pytest.approx((0, 1))
    chance = made_years(years=1)[0][0]
    found = recalibrated(calibrations(follow([]), chance), chance)
    assert found.sum() == pytest.approx(chance.sum(), rel=0.1)


def test_the_level_and_the_slope_of_onsets_are_found() -> None:
    for level, slope in ((0.0, 1.0), (-0.8, 1.3), (0.6, 0.7)):
        found = learnt(made_years(years=25, level=level, slope=slope, states=600))
        assert found == pytest.approx((level, slope), abs=0.15)


def test_a_level_that_lasts_is_kept_and_one_that_turns_is_left() -> None:
    """Years without onsets after many turn the level; one such year does not."""
    many = made_years(years=15, level=0.8)
    none = [(chance, np.zeros_like(came)) for chance, came in made_years(years=5)]
    levels = [learnt(many + none[:count])[0] for count in range(6)]
    assert levels == sorted(levels, reverse=True)
    assert levels[1] > 0
    assert levels[5] < 0


def test_a_slope_keeps_the_sum_of_the_chances() -> None:
    chance = made_years(years=1)[0][0]
    assert from_log_odds(stretched(chance)).sum(axis=1) == pytest.approx(np.full(SLOPES.size, chance.sum()))


def test_an_onset_is_told_by_both_base_years_before_it() -> None:
    """Each gives the year half of its two years' chance; a state that one of them did not forecast rests on the other."""
    first, second = (np.array([0.1, 0.02]), np.array([0.3, np.nan]))
    odds = [np.tile(log_odds(chance), (SLOPES.size, 1)) for chance in (first, second)]
    found = likelihood(odds, np.array([True, False]))[np.argmin(np.abs(LEVELS)), 0]
    both, one = ((1 - np.sqrt(0.9)) + (1 - np.sqrt(0.7))) / 2, 1 - np.sqrt(0.98)
    assert found == pytest.approx(np.log(both) + np.log(1 - one))


def test_the_pool_learns_from_the_onsets_of_past_years(years: History) -> None:
    """Onsets up to the base year itself count; an onset planted after it changes nothing."""
    panel = from_history(years)
    known = panel.until(panel.base_year - 4)
    then = YearlyPool().fit(known)
    more = replace(known, begun=known.begun | ((known.year == known.base_year) & ~known.impossible))
    assert YearlyPool().fit(more).chances(known)[:, 0].sum() > then.chances(known)[:, 0].sum()
    planted = replace(panel, begun=panel.begun | (panel.year > known.base_year)).until(known.base_year)
    assert YearlyPool().fit(planted).calibrations == then.calibrations


def test_the_normal_distribution_is_its_own_inverse() -> None:
    places = np.array([0.001, 0.3, 0.5, 0.975])
    assert quantile(places)[2:] == pytest.approx([0, 1.95996], abs=1e-4)
    assert cumulative(quantile(places)) == pytest.approx(places, abs=1e-6)


def test_hurdles_turn_into_deaths_between_them() -> None:
    chances = np.array([[[0.5, 0.2] + [0.0] * (len(HURDLES) - 2)]])
    places = np.array([[[0.1, 0.51, 0.79, 0.81, 0.999]]])
    assert _invert(chances, places)[0, 0].tolist() == [0, 1, 2, 3, 5]
    certain = np.ones((1, 1, len(HURDLES)))
    assert (_invert(certain, places) >= HURDLES[-1]).all()


def test_windows_hold_each_month_of_a_window_equally_often(past: History) -> None:
    draws = Windows().draws(past, horizon=12)
    assert draws.shape == (12, 12, 240)
    for horizon in range(12):
        assert sorted(draws[0, horizon, :120]) == sorted(np.repeat(past.deaths[0, -12:], 10))
    single = draws[0, :, :120]
    totals = single.sum(axis=0)
    assert single.std() * np.sqrt(12) < totals.std() < single.std() * 12, "months are neither apart nor one level all year"


def test_paths_share_half_and_every_rank_comes_once_a_month() -> None:
    rank = ranks(40, 6, 200, seed=3)
    assert (np.sort(rank, axis=-1) == np.arange(200)).all()
    together = [np.corrcoef(rank[state, 0], rank[state, 5])[0, 1] for state in range(40)]
    assert np.mean(together) == pytest.approx(0.48, abs=0.03)
    assert np.array_equal(rank, ranks(40, 6, 200, seed=3))
    part = np.floor(even((3, 50), chance=np.random.default_rng(1)) * 50)
    assert (np.sort(part, axis=-1) == np.arange(50)).all()


def test_draws_of_the_hurdles_lie_evenly(past: History) -> None:
    """The share of draws at or above a hurdle is its chance, to within one draw."""
    model = HurdleTrees().fit(past)
    chances, draws = _chances(model.classifiers, past, horizon=3), model.draws(past, horizon=3)
    for place, hurdle in enumerate(HURDLES):
        assert np.abs((draws >= hurdle).mean(axis=2) - chances[:, :, place]).max() < 1 / model.count


def test_the_forest_keeps_cases_evenly_by_total() -> None:
    totals = np.arange(1000.0)
    cases = np.random.default_rng(2).integers(0, 1000, (4, 60 * PICKS_PER_DRAW))
    kept = _evenly(cases, totals, chance=np.random.default_rng(3))
    assert kept.shape == (4, 60)
    for row, all_of in zip(kept, cases, strict=True):
        assert set(row) <= set(all_of)
        assert totals[row].mean() == pytest.approx(totals[all_of].mean(), abs=3)
    assert not np.array_equal(kept, np.sort(kept, axis=1))


def test_a_drawn_path_of_the_forest_is_a_path_there_was(past: History) -> None:
    draws = PathForest().fit(past).draws(past, horizon=12)
    assert draws.shape == (12, 12, 240)
    known = {tuple(past.deaths[state, origin : origin + 12]) for state in range(12) for origin in range(157)}
    assert {tuple(draws[0, :, place]) for place in range(240)} <= known
    assert draws[0].mean() > 5 > draws[-1].mean()


def test_fitted_monthly_models_put_deaths_where_they_were(past: History) -> None:
    for model in (HurdleTrees(), Hierarchical()):
        draws = model.fit(past).draws(past, horizon=3)
        assert draws[:4].mean() == pytest.approx(18, rel=0.5)
        assert draws[4:].mean() < 1
        assert np.array_equal(draws, model.fit(past).draws(past, horizon=3)), "two runs give identical numbers"


def test_a_pool_leaves_out_what_cannot_be_fitted_and_says_so(past: History) -> None:
    short = past.until(date(2002, 6, 1))
    fitted = find_model("pool", period="month")().fit(short)
    assert set(fitted.members) == {"hierarchical", "fading_months"}
    assert set(fitted.of_chances) == {"hierarchical", "fading_months", "windows"}
    assert "Fewer than four years" in fitted.left_out["path_forest"]
    assert fitted.draws(short, horizon=4).shape == (12, 4, 240)
    assert event_chances(fitted, short, fitted.draws(short, horizon=3)) == pytest.approx(_by_hand(fitted, short))


def _by_hand(pool: MonthlyPool, history: History) -> Matrix:
    """Weigh the share of each one's own paths with 25 deaths or more in three months, known by deaths alone; stretch the log-odds."""
    known = history.without_events()
    shares = {name: (member.draws(known, horizon=3).sum(axis=1) >= 25).mean(axis=1) for name, member in pool.of_chances.items()}
    pooled = sum(OF_CHANCES[name] * share for name, share in shares.items()) / sum(OF_CHANCES[name] for name in shares)
    kept = np.clip(pooled, 1e-5, 1 - 1e-5)
    chance: Matrix = kept**STRETCH / (kept**STRETCH + (1 - kept) ** STRETCH)
    return chance


def test_a_pool_weighs_its_members_on_events(past: History) -> None:
    pool = find_model("pool", period="month")().fit(past)
    assert set(pool.members) == set(MEMBERS)
    assert set(pool.of_chances) == set(OF_CHANCES)
    assert sum(OF_CHANCES.values()) == pytest.approx(1)
    assert event_chances(pool, past, pool.draws(past, horizon=3)) == pytest.approx(_by_hand(pool, past))


def test_the_pools_draws_lie_evenly_in_its_stretched_distribution(past: History) -> None:
    pool = find_model("pool", period="month")().fit(past)
    draws = pool.draws(past, horizon=12)
    assert np.array_equal(draws, pool.draws(past, horizon=12)), "two runs give identical numbers"
    pooled = np.concatenate([pool.members[name].draws(past, horizon=12) for name in MEMBERS], axis=2)
    for level in (1, 10, 40):
        below = np.clip((pooled < level).mean(axis=2), 1e-9, 1)
        expected = below**STRETCH / (below**STRETCH + (1 - below) ** STRETCH)
        assert np.abs((draws < level).mean(axis=2) - expected).max() < 1.5 / draws.shape[2]
    violent, calm = draws[:4], draws[4:]
    assert calm.mean() < 1 < violent.mean()
    assert violent.std(axis=2).mean() < pooled[:4].std(axis=2).mean()


def test_where_deaths_rest_the_pool_does_not_hear_what_forgets(past: History) -> None:
    deaths = past.deaths.copy()
    deaths[0, -24:], deaths[1, -70:] = 0, 0
    rested = replace(past, deaths=deaths)
    pool = find_model("pool", period="month")().fit(rested)
    draws = pool.draws(rested, horizon=6)
    others = np.concatenate([pool.members[name].draws(rested, horizon=6) for name in MEMBERS if name != "fading_months"], axis=2)
    assert (others[0] > 0).any()
    assert np.abs((draws[0] > 0).mean(axis=1) - (others[0] > 0).mean(axis=1)).max() < 1 / 240
    assert (draws[1] > 0).mean() < (others[1] > 0).mean(), "after five years a state is like one that never had any"


def test_the_pools_paths_hang_together_as_their_members_do(past: History) -> None:
    pool = find_model("pool", period="month")().fit(past)
    pooled = np.concatenate([pool.members[name].draws(past, horizon=12) for name in MEMBERS], axis=2)
    alike = [
        [np.corrcoef(paths[state, 0], paths[state, 6])[0, 1] for state in range(4)] for paths in (pooled, pool.draws(past, horizon=12))
    ]
    assert np.mean(alike[1]) == pytest.approx(np.mean(alike[0]), abs=0.1)


def test_values_are_given_to_paths_in_the_order_in_which_they_stand() -> None:
    paths = np.array([[[5.0, 0, 0, 9], [4, 7, 3, 1]]])
    values = np.array([[[0.0, 1, 2, 3], [10, 20, 30, 40]]])
    found = along(paths, values, seed=1)
    assert found[0, :, [0, 3]].tolist() == [[2, 30], [3, 10]]
    assert sorted(found[0, 0, 1:3]) == [0, 1]
    level = along(np.zeros((1, 2, 400)), np.broadcast_to(np.arange(400.0), (1, 2, 400)), seed=1)
    assert abs(np.corrcoef(level[0])[0, 1]) < 0.2, "paths that stand level in every month hold to no level"


def test_fading_months_weigh_half_after_three_months(past: History) -> None:
    deaths = np.zeros((2, 12))
    deaths[0, -1], deaths[1, -4] = 100, 100
    history = History(target="os", iso3s=("AAA", "BBB"), first=date(2000, 1, 1), deaths=deaths)
    draws = FadingMonths().fit(history).draws(history, horizon=3)
    weight = 0.5 ** (np.arange(12) / 3)
    for state, age in enumerate((0, 3)):
        assert (draws[state] > 0).mean(axis=1) == pytest.approx([weight[age] / weight.sum()] * 3, abs=0.005)
    deadly = np.log(draws[0][draws[0] > 0])
    assert deadly.mean() == pytest.approx(np.log(100), abs=0.05)
    assert deadly.std() == pytest.approx(0.4, abs=0.03)
    assert np.array_equal(draws, np.round(draws))
    assert np.array_equal(draws, FadingMonths().draws(history, horizon=3)), "two runs give identical numbers"
    assert FadingMonths().draws(past, horizon=12).shape == (12, 12, 300)


def test_without_a_death_nothing_is_learnt(past: History) -> None:
    quiet = replace(past, deaths=np.zeros_like(past.deaths), beside={EVENTS: np.zeros_like(past.deaths)})
    for model in (HurdleTrees(), PathForest()):
        with pytest.raises(TooLittleToLearn):
            model.fit(quiet)
    pool = find_model("pool", period="month")().fit(quiet)
    assert set(pool.left_out) == {"hurdle_trees", "path_forest"}
    assert (pool.draws(quiet, horizon=2) > 0).mean() < 0.02


def test_the_chance_of_an_event_rests_on_deaths_alone(past: History) -> None:
    found, alone = find_model("pool", period="month")().fit(past), past.without_events()
    pool = find_model("pool", period="month")().fit(alone)
    assert set(pool.members) == set(found.members) == set(MEMBERS)
    chances = [event_chances(one, known, one.draws(known, horizon=3)) for one, known in ((pool, alone), (found, past))]
    assert np.array_equal(*chances)


def made_events(*, share: float, rate: float, each: float, scatter: float = 0.5) -> History:
    """Twenty years of twenty states alike: a share of months with events, so many on average, each with so many deaths on average."""
    random = np.random.default_rng(11)
    events = np.where(random.random((20, 240)) < share, 1 + random.poisson(rate - 1, (20, 240)), 0).astype(float)
    deaths = np.where(events > 0, np.maximum(1, np.round(events * each * np.exp(scatter * random.standard_normal(events.shape)))), 0.0)
    iso3s = tuple(f"B{n:02}" for n in range(20))
    return History(target="os", iso3s=iso3s, first=date(2000, 1, 1), deaths=deaths, beside={EVENTS: events})


def test_deaths_are_read_as_events_times_deaths_in_each() -> None:
    known = made_events(share=0.7, rate=6, each=4)
    draws = Hierarchical().fit(known).draws(known, horizon=12)
    assert draws.shape == (20, 12, 240)
    assert (draws > 0).mean() == pytest.approx(0.7, abs=0.05)
    assert np.median(draws[draws > 0]) == pytest.approx(np.median(known.deaths[known.deaths > 0]), rel=0.15)
    alone = known.without_events()
    assert np.median(Hierarchical().fit(alone).draws(alone, horizon=12)) == pytest.approx(np.median(draws), rel=0.25)


def test_one_massacre_raises_the_level_less_where_events_are_known() -> None:
    """The last month holds the usual events, in one of which many more died."""
    known = made_events(share=1.0, rate=6, each=4)
    deaths = known.deaths.copy()
    deaths[0, -1] *= 8
    raised = {}
    for name, usual in (("with", known), ("alone", known.without_events())):
        massacre = replace(usual, deaths=deaths)
        model = Hierarchical().fit(usual)
        raised[name] = np.median(model.draws(massacre, horizon=6)[0]) / np.median(model.draws(usual, horizon=6)[0])
    assert 1 < raised["with"] < raised["alone"]


def test_a_burst_of_chances_that_ends_does_not_go_on() -> None:
    """A hundred events in one month, after years and before months without any: most months ahead are quiet again."""
    known = made_events(share=0.05, rate=2, each=3)
    beside, deaths = {EVENTS: known.beside[EVENTS].copy()}, known.deaths.copy()
    beside[EVENTS][0, -60:], deaths[0, -60:] = 0, 0
    beside[EVENTS][0, -4], deaths[0, -4] = 100, 300
    burst = replace(known, deaths=deaths, beside=beside)
    draws = Hierarchical().fit(known).draws(burst, horizon=12)[0]
    assert (draws > 0).mean() < 0.4


def test_counts_see_nothing_later_than_the_origin() -> None:
    known = made_events(share=0.5, rate=4, each=4)
    planted = {EVENTS: np.where(np.arange(240) > 150, 400.0, known.beside[EVENTS])}
    later = replace(known, deaths=np.where(np.arange(240) > 150, 9_000, known.deaths), beside=planted)
    one, other = (history.until(history.month(150)) for history in (known, later))
    assert np.array_equal(*(Hierarchical().fit(then).draws(then, horizon=6) for then in (one, other)))


def test_country_years_know_no_outcome_that_is_not_over(years: History) -> None:
    panel = from_history(years)
    assert panel.base_year == 2019
    assert np.isnan(panel.outcome[panel.year > 2017]).all()
    assert not np.isnan(panel.outcome[panel.year <= 2017]).any()
    earlier = panel.until(2010)
    assert np.isnan(earlier.outcome[earlier.year > 2008]).all()
    again = from_history(years.until(date(2010, 12, 1)))
    assert np.array_equal(earlier.inputs, again.inputs)
    assert np.array_equal(earlier.outcome, again.outcome, equal_nan=True)
    assert not (panel.outcome[panel.impossible] == 1).any()


@pytest.mark.parametrize("name", ["logit", "thresholds", "boosted_trees", "pool", "persistence"])
def test_yearly_models_learn_nothing_from_after_the_base_year(years: History, name: str) -> None:
    planted = years.deaths.copy()
    planted[:, 300:] = 50_000
    then = date(2014, 12, 1)
    one, other = years.until(then), History(target="os", iso3s=years.iso3s, first=years.first, deaths=planted).until(then)
    found = [find_model(name, period="year")().fit(known).chances(known) for known in (one, other)]
    assert np.array_equal(*found)
    ruled_out = from_history(one).impossible[-20:]
    assert (found[0][ruled_out] == 0).all()
    assert (found[0][~ruled_out, 0] > 0).all()


def test_more_deaths_never_lower_the_chance_of_trees(years: History) -> None:
    panel = from_history(years)
    fitted = find_model("boosted_trees", period="year")().fit(panel)
    now = panel.until(2018)
    low, high = (fitted.chances(_with(now, value))[:, 0] for value in (0.0, 6.5))
    open_ = ~now.impossible[now.is_now]
    assert (high[open_] >= low[open_] - 1e-12).all()


def _with(panel: YearPanel, value: float) -> YearPanel:
    from dataclasses import replace

    inputs = panel.inputs.copy()
    inputs[:, panel.names.index("os")] = value
    return replace(panel, inputs=inputs)


def test_too_few_onsets_are_said(years: History) -> None:
    quiet = History(target="os", iso3s=years.iso3s, first=years.first, deaths=np.zeros_like(years.deaths))
    with pytest.raises(TooLittleToLearn, match="three country-years"):
        Logit().fit(quiet)


def test_without_scikit_learn_trees_say_what_to_install(past: History, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learn, "can_learn", lambda: False)
    with pytest.raises(ForecastError, match="forefend\\[ml\\]"):
        learn.ensemble("RandomForestRegressor")


def test_the_early_warning_projects_country_years_are_read() -> None:
    panel = ewp_panel(SAMPLE)
    assert (len(panel.short), len(panel.long), len(panel.names)) == (18, 43, 47)
    assert panel.base_year == 1988
    assert np.isnan(panel.outcome[panel.year > 1986]).all()
    assert not np.isnan(panel.outcome[panel.year <= 1986]).any()
    assert np.isnan(panel.inputs[:, -4:]).all(), "one-sided deaths are not counted then"
    assert np.nanmax(panel.inputs[:, panel.names.index("mk_ongoing_count")]) <= 3


def test_the_real_country_years_have_the_onsets_of_the_list(data: Path) -> None:
    panel = ewp_panel(data / "ewp")
    tested = (panel.year >= 1993) & (panel.year <= 2022)
    assert tested.sum() == 4866
    assert not np.isnan(panel.outcome[tested]).any()
