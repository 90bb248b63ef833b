"""What public data suggest for a question: a level, and the number itself where they give the very number asked for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from forefend.assess.gaps import DraftAnswer
from forefend.assess.prefill import Suggestion
from forefend.locale import language
from forefend.store import missing_figure
from forefend.web.assessment.suggesting import Suggested
from forefend.web.project.workbench import workbench


def suggested(question: str, subject: str, *, unit: str, value: float = 3.0, level: float = 1.5, n: int = 1) -> Suggested:
    """What data would suggest if this series had this value."""
    catalog = workbench().catalog
    rule = next(rule for rule in catalog.prefill_rules.values() if rule.question == question and rule.subject == subject)
    made = missing_figure(label="x", unit=unit, reason="")
    figure, score = replace(made, value=value), replace(made, value=level, unit="level 0-4")
    found = tuple(Suggestion(rule=rule, figure=figure, score=score, age_days=10, reliability=0.5) for _ in range(n))
    draft = DraftAnswer(question=catalog.questions[question], score=score, suggestions=found, confidence=0.5, reliability=0.5)
    return Suggested(draft=draft)


@pytest.mark.parametrize(
    ("question", "subject", "unit", "number"),
    [
        ("N6.4", "ohchr_overdue_reports", "reports", 3.0),
        ("N2.11", "an_shutdown_days", "days", 3.0),
        ("B2.2", "crs_prevention_share", "percent", 3.0),
        ("N6.4", "ohchr_overdue_reports", "documents", None),  # another unit is another number
        ("N6.2", "treaty", "treaties", None),  # a count over lists is a lower bound
        ("N5.5", None, "", None),  # the question asks for no number
    ],
)
def test_the_number_itself(question: str, subject: str | None, unit: str, number: float | None) -> None:
    if subject is None:
        rules = workbench().catalog.prefill_rules.values()
        subject = next(rule.subject for rule in rules if rule.question == question)
    found = suggested(question, subject, unit=unit)
    assert found.number == number
    assert found.record(language("en"))["number"] == number


def test_two_series_give_no_number() -> None:
    assert suggested("N6.4", "ohchr_overdue_reports", unit="reports", n=2).number is None


def test_the_level_is_whole_and_the_lower_one() -> None:
    assert suggested("N6.4", "ohchr_overdue_reports", unit="reports", level=2.9).level == 2.0
    assert suggested("N6.4", "ohchr_overdue_reports", unit="reports", level=3.0).level == 3.0
