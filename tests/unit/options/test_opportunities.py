"""What a state can do at home: gates, duties, missing judgements, ranks that are shown to be stable or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assess_rounds import ASSOCIATION, MINISTRY, TODAY, answer, piece, round_of
from forefend.assess.results import RoundResults, question_gap, results
from forefend.catalog import load_catalog
from forefend.catalog.model import Option
from forefend.errors import AssessmentError
from forefend.options.judgements import Judgement
from forefend.options.lever import Lever
from forefend.options.match import EVIDENCE, OptionMatch
from forefend.options.opportunities import Opportunities, Opportunity, missing_elements, opportunities, opportunities_of
from forefend.options.windows import WindowDate
from forefend.store import Figure, Store
from forefend.store.opening import EMBEDDED

CATALOG = load_catalog()
REFORM = "national.equality_reform"
JUDGED = Judgement(option=REFORM, acceptability=0.8, effort=2, time_fit="in_time", harm=0.1, levers={"funding": 1.0})


def figure(value: float | None) -> Figure:
    return Figure(label="A figure", unit="0–1", value=value, missing="" if value is not None else "not monitored")


def match(
    identifier: str = REFORM, *, relevance: float | None = 0.75, held: Sequence[str] = ("domestic_authority",), **changed: Any
) -> OptionMatch:
    option: Option = CATALOG.options[identifier].model_copy(update=changed)
    return OptionMatch(
        option=option, relevance=figure(relevance), fits=(), leverage=figure(None), cost=0.5, evidence=EVIDENCE[option.evidence.grade],
        held=tuple(Lever(channel=channel, title=channel, figure=figure(1.0)) for channel in held), not_held=(),
        not_known=tuple(channel for channel in option.leverage_types if channel not in held),
    )  # fmt: skip


def a_round(score: float = 1) -> RoundResults:
    proof = (piece("A1"),)
    ids = [q for q in CATALOG.actions["N1"].questions if q != "N1.7"]
    given_answers = [answer(q, who, score, evidence=proof) for q in ids for who in (MINISTRY, ASSOCIATION)]
    return results(round_of(*given_answers, actions=["N1", "N3"]))


def rank(*matches: OptionMatch, found: RoundResults | None = None, ahead: Sequence[WindowDate] = (), **judged: Judgement) -> Opportunities:
    judgements = {judgement.option: judgement for judgement in judged.values()}
    return opportunities(found or a_round(), CATALOG, matches=matches or (match(),), ahead=ahead, judgements=judgements, today=TODAY)


def only(found: Opportunities) -> Opportunity:
    (entry,) = found.ranked
    return entry


def window(days: int | None, **changed: Any) -> WindowDate:
    start = None if days is None else TODAY + timedelta(days=days)
    entry = CATALOG.windows["ga.r2p_debate"].model_copy(update={"options": (REFORM,)})
    return replace(WindowDate(window=entry, start=start, end=start, date_text=str(start), basis="typical", source="The catalog"), **changed)


def test_every_component_is_in_view() -> None:
    entry = only(rank(judged=JUDGED))
    assert [part.name for part in entry.parts] == ["gap", "relevance", "feasibility", "leverage", "evidence"]
    assert [part.name for part in entry.part("feasibility").parts] == ["acceptability", "cost", "time_fit"]
    assert entry.part("feasibility").low == pytest.approx((0.8 + 0.8 + 1) / 3)
    assert entry.part("leverage").low == 1
    assert entry.is_complete
    product = entry.part("gap").low * 0.75 * entry.part("feasibility").low * 1 * 0.6
    assert entry.priority.low == entry.priority.high == pytest.approx(product ** (1 / 5) * 0.95)


def test_the_gap_is_the_largest_among_questions_that_share_a_risk() -> None:
    found = a_round(score=3)
    entry = only(rank(found=found))
    assert entry.part("gap").low == max(question_gap(found.questions[measure.question]) for measure in entry.measures)
    assert entry.gap_question == entry.measures[0].question
    assert entry.measures[0].texts == CATALOG.questions[entry.gap_question].possible_measures
    factors = ("RF9", "RF1.11")
    assert all(any(risk.startswith(factors) for risk in CATALOG.questions[m.question].mitigates) for m in entry.measures)


def test_an_option_outside_the_round_has_no_gap_that_is_known() -> None:
    entry = only(rank(match("national.education")))
    assert (entry.part("gap").low, entry.part("gap").high) == (0.2, 0.8)
    assert entry.gap_question == ""


def test_an_unlawful_option_has_no_rank() -> None:
    found = rank(judged=replace(JUDGED, is_lawful=False))
    assert found.ranked == ()
    assert found.gated[0].gates == ("unlawful",)
    assert found.gated[0].rank is None


def test_great_harm_needs_a_name_under_it() -> None:
    assert rank(judged=replace(JUDGED, harm=0.8)).gated[0].gates == ("harm_not_signed_for",)
    assert only(rank(judged=replace(JUDGED, harm=0.8, signed_by="The director"))).rank == 1
    assert only(rank(judged=replace(JUDGED, harm=0.7))).rank == 1


def test_what_comes_too_late_is_planned_for_later() -> None:
    assert rank(judged=replace(JUDGED, time_fit="too_late")).gated[0].gates == ("too_late",)


def test_a_duty_stands_above_the_ranking() -> None:
    found = rank(match(), match("national.justice_access"), judged=Judgement(option=REFORM, is_duty=True))
    assert [entry.id for entry in found.duties] == [REFORM]
    assert [(entry.id, entry.rank) for entry in found.ranked] == [("national.justice_access", 1)]


def test_a_judgement_that_is_missing_never_helps() -> None:
    entry = only(rank())
    assert not entry.is_complete
    assert entry.harm.before == entry.harm.left == 0.5
    acceptability = entry.part("feasibility").parts[0]
    assert (acceptability.low, acceptability.high) == (0.2, 0.8)
    assert "acceptability" in acceptability.why
    assert entry.priority.low < entry.priority.high


def test_levers_that_nobody_knows_of_count_at_the_upper_end_only() -> None:
    part = only(rank()).part("leverage")
    assert part.low == pytest.approx(0.6 + 0.4 / 2)
    assert part.high == pytest.approx(1.0)
    assert part.params == {"levers": "funding"}
    nothing = only(rank(match(held=()))).part("leverage")
    assert (nothing.low, nothing.high) == (0.2, 0.8)
    not_held = Judgement(option=REFORM, levers={"funding": 0.0, "domestic_authority": 0.0})
    assert only(rank(match(held=()), judged=not_held)).part("leverage").high == 0
    assert only(rank(match(held=()), judged=replace(not_held, partner="A neighbour"))).part("leverage").low == pytest.approx(0.3)


def test_mitigation_counts_when_it_is_funded_and_owned() -> None:
    judged = replace(JUDGED, harm=0.6, harm_left=0.0)
    assert only(rank(judged=judged)).harm.left == 0.6
    assert only(rank(judged=replace(judged, is_funded=True, owner="Ministry of justice"))).harm.left == pytest.approx(0.15)


@pytest.mark.parametrize(("days", "fit"), [(400, 1.0), (200, 0.5), (30, 0.2)])
def test_time_fit_follows_the_next_window(days: int, fit: float) -> None:
    entry = only(rank(ahead=[window(days), window(500)]))
    assert entry.part("feasibility").parts[2].low == fit
    assert [date.start for date in entry.windows] == [TODAY + timedelta(days=days), TODAY + timedelta(days=500)]


def test_a_window_without_a_date_leaves_time_open_and_one_that_cannot_be_used_is_none() -> None:
    assert not only(rank(ahead=[window(None)])).part("feasibility").parts[2].is_known
    unusable = only(rank(ahead=[window(30, can_use=False)]))
    assert unusable.part("feasibility").parts[2].low == 1
    assert unusable.windows == ()


def test_a_bundle_leaves_out_what_conflicts_and_what_is_gated() -> None:
    package = only(rank(match("national.tj_package")))
    assert "multi.conditional_exit" in package.left_out
    assert "national.education" in package.bundle
    barred = Judgement(option="national.education", is_lawful=False)
    (first, *_) = rank(match("national.tj_package"), match("national.education"), judged=barred).ranked
    assert "national.education" in first.left_out
    assert "national.education" not in first.bundle


def test_a_bundle_for_high_levels_needs_three_elements() -> None:
    lacking = missing_elements(["national.equality_reform"], CATALOG)
    assert set(lacking) <= {"protective", "dissuasive", "political"}
    assert lacking
    assert missing_elements(list(CATALOG.options), CATALOG) == ()


def test_ranks_are_repeated_under_other_weights() -> None:
    found = rank(match(), match("national.justice_access", relevance=0.4), match("national.treaty_followup", relevance=0.6))
    assert [entry.rank for entry in found.ranked] == [1, 2, 3]
    for entry in found.ranked:
        assert len(entry.ranks) == 2 + 2 * 5
    for variant in found.ranked[0].ranks:
        assert sorted(entry.ranks[variant] for entry in found.ranked) == [1, 2, 3]


def test_an_untested_option_ranks_below_a_weak_one_and_shows_where_it_would_stand() -> None:
    evidence = CATALOG.options[REFORM].evidence
    unreviewed = match(evidence=evidence.model_copy(update={"grade": "U"}), id="national.a")
    weak = match(evidence=evidence.model_copy(update={"grade": "D"}), id="national.b")
    catalog = CATALOG.model_copy(update={"options": {**CATALOG.options, "national.a": unreviewed.option, "national.b": weak.option}})
    found = opportunities(a_round(), catalog, matches=[unreviewed, weak], today=TODAY)
    assert [entry.id for entry in found.ranked] == ["national.b", "national.a"]
    assert found.ranked[1].ranks["U = 0.6"] == 1
    assert found.ranked[1].ranks["U = 0.2"] == 2


def test_gaps_that_no_option_speaks_to_are_not_lost() -> None:
    found = rank(match("national.treaty_followup"))
    listed = {m.question for m in found.measures_alone} | {m.question for m in found.ranked[0].measures}
    assert listed == {q.id for q in a_round().questions.values() if q.applies and question_gap(q) > 0}
    gaps = [measure.gap for measure in found.measures_alone]
    assert gaps == sorted(gaps, reverse=True)


@pytest.mark.parametrize("wrong", [{"acceptability": 1.2}, {"harm": -0.1}, {"effort": 0}, {"levers": {"funding": 2.0}}])
def test_a_value_outside_its_scale_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(AssessmentError, match="outside"):
        Judgement(option=REFORM, **wrong)


@given(st.one_of(st.none(), st.floats(0, 1)), st.one_of(st.none(), st.floats(0, 1)), st.one_of(st.none(), st.floats(0, 0.7)))
def test_priorities_stay_within_bounds(relevance: float | None, acceptability: float | None, harm: float | None) -> None:
    entry = only(rank(match(relevance=relevance), judged=Judgement(option=REFORM, acceptability=acceptability, harm=harm)))
    assert 0 <= entry.priority.low <= entry.priority.high <= 1


def test_a_state_is_ranked_from_the_store(tmp_path: Path) -> None:
    store = Store(tmp_path, embedded=EMBEDDED)
    found = opportunities_of(store, CATALOG, a_round(), today=TODAY)
    assert {entry.option.sphere for entry in found.ranked} == {"national"}
    assert [entry.rank for entry in found.ranked] == list(range(1, len(found.ranked) + 1))
    lows = [entry.priority.low for entry in found.ranked]
    assert lows == sorted(lows, reverse=True)
