"""The first sheets of a gap report as Excel: answers with score and freshness, and their medians by type of respondent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from statistics import median

from forefend.assess.answers import GivenAnswer
from forefend.assess.question_results import QuestionResult, score_of
from forefend.assess.scoring import freshness
from forefend.brief.render.gap_evidence import Method
from forefend.brief.render.sheets import Sheet, name_of
from forefend.catalog import Catalog
from forefend.catalog.model import Question
from forefend.locale import N_, Language, strip_isolates

ANSWER_COLUMNS = (
    N_("Question"), N_("Institution"), N_("Type"), N_("Answer"), N_("Value"), N_("Score"), N_("Checked on"), N_("Age in days"),
    N_("Kind of fact"), N_("Freshness"),
)  # fmt: skip
QUESTION, INSTITUTION, TYPE, KIND, VALUE, SCORE, CHECKED, AGE, AGEING, FRESHNESS = range(len(ANSWER_COLUMNS))
TYPE_COLUMNS = (N_("Question"), N_("Type"), N_("Score"), N_("Freshness"), N_("Answers"), N_("Note"))
TOGETHER = N_("Not opened further, as it would show what a protected respondent said.")


@dataclass(frozen=True)
class Inputs:
    """Where a question's inputs stand: the scores and freshness of its types, its answers where one type gave all, its evidence."""

    types: str = ""
    freshness: str = ""
    answers: str = ""
    evidence: str = ""

    def with_evidence(self, formula: str) -> Inputs:
        """Return the same with the formula of the evidence."""
        return replace(self, evidence=formula)


def by_type(catalog: Catalog, question: QuestionResult) -> Mapping[str, list[GivenAnswer]]:
    """Return the scored answers of each type of respondent."""
    found: dict[str, list[GivenAnswer]] = {}
    for answer in question.answers:
        if score_of(catalog.questions[question.id], answer) is not None:
            found.setdefault(answer.respondent.kind, []).append(answer)
    return found


def is_closed(answers: Sequence[GivenAnswer]) -> bool:
    """Tell whether single answers of a type may not be shown."""
    return any(answer.respondent.is_protected and not answer.is_shared for answer in answers)


def write_answers(
    sheet: Sheet, lang: Language, catalog: Catalog, asked: Sequence[QuestionResult], *, method: Method, today: date
) -> Mapping[tuple[str, str], tuple[int, int]]:
    """Write the answers that may be shown one by one; returns first and last row of each question and type."""
    sheet.head(0, [strip_isolates(lang.gettext(title)) for title in ANSWER_COLUMNS])
    places: dict[tuple[str, str], tuple[int, int]] = {}
    row = 1
    for question in asked:
        if not question.applies or question.withheld:
            continue
        for kind, given in by_type(catalog, question).items():
            if is_closed(given):
                continue
            places[question.id, kind] = (row, row + len(given) - 1)
            for answer in given:
                _answer(sheet, row, catalog.questions[question.id], answer, method=method, today=today)
                row += 1
    sheet.fit()
    return places


def _answer(sheet: Sheet, row: int, question: Question, answer: GivenAnswer, *, method: Method, today: date) -> None:
    score = score_of(question, answer)
    age = (today - answer.checked_on).days
    sheet.put(row, QUESTION, answer.question)
    sheet.put(row, INSTITUTION, answer.respondent.title)
    sheet.put(row, TYPE, answer.respondent.kind)
    sheet.put(row, KIND, answer.kind)
    sheet.put(row, VALUE, answer.value)
    sheet.formula(row, SCORE, _score(row, question), score)
    sheet.put(row, CHECKED, answer.checked_on)
    sheet.formula(row, AGE, f"={method.today}-{name_of(row, CHECKED)}", age, "number")
    sheet.put(row, AGEING, question.ageing)
    looked = [f"VLOOKUP({name_of(row, AGEING)},{method.ageing},{column},FALSE)" for column in (2, 3, 4)]
    formula = f"=MAX({looked[2]},POWER(0.5,MAX(0,{name_of(row, AGE)}-{looked[0]})/{looked[1]}))"
    sheet.formula(row, FRESHNESS, formula, freshness(age, question.ageing))


def _score(row: int, question: Question) -> str:
    kind, value = name_of(row, KIND), name_of(row, VALUE)
    if question.numeric is None:
        return f'=IF({kind}="level",{value},IF({kind}="yes",4,IF({kind}="partly",2,0)))'
    zero, four = question.numeric.score_at[0], question.numeric.score_at[4]
    line = f"MIN(4,MAX(0,4*({value}-({zero!r}))/({four!r}-({zero!r}))))"
    return f'=IF({kind}="number",{line},IF({kind}="level",{value},IF({kind}="yes",4,IF({kind}="partly",2,0))))'


def write_types(
    sheet: Sheet,
    lang: Language,
    catalog: Catalog,
    asked: Sequence[QuestionResult],
    *,
    source: Sheet,
    answers: Mapping[tuple[str, str], tuple[int, int]],
    today: date,
) -> Mapping[str, Inputs]:
    """Write the score and freshness of each type of respondent; returns where each question's inputs stand."""
    sheet.head(0, [strip_isolates(lang.gettext(title)) for title in TYPE_COLUMNS])
    found: dict[str, Inputs] = {}
    row = 1
    for question in asked:
        given = by_type(catalog, question) if question.applies and not question.withheld else {}
        if not given:
            continue
        first = row
        for kind, own in given.items():
            fresh = median(freshness((today - answer.checked_on).days, catalog.questions[question.id].ageing) for answer in own)
            place, note = answers.get((question.id, kind)), strip_isolates(lang.gettext(TOGETHER))
            sheet.put(row, 0, question.id)
            sheet.put(row, 1, kind)
            for column, area, value in ((2, SCORE, question.type_scores[kind]), (3, FRESHNESS, float(fresh))):
                if place is None:
                    sheet.put(row, column, value, "figure")
                else:
                    sheet.formula(row, column, f"=MEDIAN({source.area(place[0], area, place[1], area)})", value)
            sheet.put(row, 4, len(own))
            sheet.put(row, 5, "" if place else note)
            row += 1
        place = answers.get((question.id, next(iter(given)))) if len(given) == 1 else None
        found[question.id] = Inputs(
            types=sheet.area(first, 2, row - 1, 2),
            freshness=sheet.area(first, 3, row - 1, 3),
            answers=source.area(place[0], SCORE, place[1], SCORE) if place else "",
        )
    sheet.fit({5: 50})
    return found
