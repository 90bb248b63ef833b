"""The gate: cool-downs, rises, new situations, what several rules say at once, and the budget of untested rules."""

from __future__ import annotations

from datetime import date

import pytest

from forefend.signals.gate import UNTESTED_A_YEAR, let_through
from forefend.signals.model import ALARM, NOTICE, WARNING, Hit, Rule


def rule(name: str = "ahead", *, is_tested: bool = True, is_ahead: bool = True, budget: float = 9) -> Rule:
    return Rule(
        id=name,
        title=name,
        watches=name,
        threshold=name,
        budget=budget,
        is_tested=is_tested,
        is_ahead=is_ahead,
        hits=lambda _: (),
        evidence=lambda _, __: (),
    )


def hit(month: int, *, level: float = 1.0, severity: int = WARNING, spell: int = 0, iso3: str = "MLI") -> Hit:
    return Hit(
        iso3=iso3, month=date(2020 + (month - 1) // 12, (month - 1) % 12 + 1, 1), severity=severity, level=level, why="", spell=spell
    )


AHEAD, AFTER = rule(), rule("after", is_ahead=False, budget=2)


def months(*hits: Hit) -> list[int]:
    return [(s.hit.month.year - 2020) * 12 + s.hit.month.month for s in let_through((AHEAD, h) for h in hits)]


def test_a_signal_is_repeated_after_180_days() -> None:
    assert months(*(hit(m) for m in range(1, 16))) == [1, 7, 13]


def test_a_higher_level_is_told_after_90_days_and_not_within() -> None:
    assert months(hit(1), hit(2, level=3), hit(3, level=3), hit(4, level=1.2)) == [1, 4]
    assert months(hit(1), hit(4, level=1.05), hit(6, level=1.05)) == [1]


def test_a_new_situation_is_told_after_90_days() -> None:
    assert months(hit(1), hit(3, spell=1), hit(4, spell=1)) == [1, 4]


def test_states_do_not_hold_each_other_back() -> None:
    assert len(let_through([(AHEAD, hit(1)), (AHEAD, hit(1, iso3="NER"))])) == 2


def test_what_another_rule_says_of_the_same_is_noted_on_the_first_signal() -> None:
    (told,) = let_through([(AHEAD, hit(1)), (AFTER, hit(5))])
    assert told.also == ("after",)
    told, again = let_through([(AFTER, hit(1)), (AHEAD, hit(2)), (AHEAD, hit(4))])
    assert (told.also, again.hit.month) == (("ahead",), date(2020, 4, 1))


def test_what_is_graver_is_always_told() -> None:
    told = let_through([(AHEAD, hit(1)), (AFTER, hit(2, severity=ALARM)), (AFTER, hit(2, severity=NOTICE, iso3="NER"))])
    assert [s.hit.severity for s in told] == [WARNING, ALARM, NOTICE]


def test_the_gravest_of_a_month_comes_first_and_order_of_input_does_not_matter() -> None:
    pairs = [(AHEAD, hit(1)), (AFTER, hit(1, severity=ALARM)), (AHEAD, hit(2, iso3="NER"))]
    assert let_through(pairs) == let_through(reversed(pairs))
    assert let_through(pairs)[0].hit.severity == ALARM


def test_untested_rules_keep_their_limit_and_tested_ones_are_not_silenced() -> None:
    untested = [rule(f"u{n}", is_tested=False, budget=1) for n in range(9)]
    pairs = [(r, hit(1, iso3=f"A{n}{m}", severity=NOTICE)) for n, r in enumerate(untested) for m in range(3)]
    told = let_through([*pairs, *((AHEAD, hit(1, iso3=f"T{n}")) for n in range(60))])
    assert sum(s.rule.is_tested for s in told) == 60
    assert sum(not s.rule.is_tested for s in told) == UNTESTED_A_YEAR
    assert len({s.rule.id for s in told if not s.rule.is_tested}) == UNTESTED_A_YEAR
    later = let_through([*pairs, (untested[0], hit(13, iso3="LAT"))])
    assert later[-1].hit.iso3 == "LAT"


@pytest.mark.parametrize("cut", [3, 6, 9])
def test_later_months_never_change_what_was_told(cut: int) -> None:
    pairs = [(r, hit(m, level=1 + m % 4, iso3=s)) for m in range(1, 13) for s in ("MLI", "NER") for r in (AHEAD, AFTER)]
    whole = [s.hit for s in let_through(pairs)]
    early = [s.hit for s in let_through(p for p in pairs if p[1].month <= date(2020, cut, 1))]
    assert whole[: len(early)] == early
