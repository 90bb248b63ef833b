"""The gap report as Excel with every step as a live formula: answers → types → questions → actions and spheres.

What may not be shown by institution stands as a number with a note instead of a formula: the sheets then begin one step
later. The choice of independent pieces of evidence is made here and marked; their weights are formulas.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from forefend.assess.gaps import ActionGap, DraftAnswer
from forefend.assess.question_results import QuestionResult
from forefend.assess.results import RoundResults
from forefend.assess.scoring import SOLE_RESPONDENT_AGREEMENT, TOP, ActionFigures, Question, action_figures, cautious_score
from forefend.brief.document import Document
from forefend.brief.render.gap_answers import Inputs, write_answers, write_types
from forefend.brief.render.gap_evidence import write_evidence, write_method
from forefend.brief.render.sheets import Book, Sheet, name_of
from forefend.catalog import Catalog
from forefend.locale import N_, Language, language, strip_isolates

QUESTION_COLUMNS = (
    N_("Question"), N_("Action"), N_("Sphere"), N_("Text"), N_("Weight"), N_("Core (1) or not (0)"), N_("Applies (1) or not (0)"),
    N_("State"), N_("Types that answered"), N_("Answers"), N_("Joint score"), N_("Ruling"), N_("Score"), N_("Lowest type"),
    N_("Highest type"), N_("Agreement"), N_("Evidence"), N_("Freshness"), N_("Confidence"), N_("Cautious score"), N_("Answered"),
    N_("Weight that counts"), N_("Loss"), N_("Cautious loss"), N_("Confidence times weight"), N_("Note"),
)  # fmt: skip
(
    ID, ACTION, SPHERE, TEXT, WEIGHT, CORE, APPLIES, STATE, N_TYPES, N_ANSWERS, JOINT, RULING, SCORE, LOWEST, HIGHEST, AGREEMENT,
    EVIDENCE, FRESHNESS, CONFIDENCE, CAUTIOUS, ANSWERED, COUNTS, LOSS, CAUTIOUS_LOSS, SURE, NOTE,
) = range(len(QUESTION_COLUMNS))  # fmt: skip
GROUP_COLUMNS = (
    N_("Action or sphere"), N_("Title"), N_("Weight that applies"), N_("Weight in all"), N_("Weight answered"), N_("Coverage"),
    N_("Core questions open"), N_("Observed gap"), N_("Lowest possible gap"), N_("Highest possible gap"), N_("Cautious gap"),
    N_("Confidence"),
)  # fmt: skip
STATES = {
    "answered": N_("answered"), "unknown": N_("unknown"), "unanswered": N_("not answered yet"), "not_applicable": N_("not applicable"),
}  # fmt: skip
NOT_OPENED = N_("Not opened further, as it would show what a protected respondent said.")
NOT_PUBLISHED, NOT_SCORED = N_("not published"), N_("not scored")
UNKNOWN = N_("unknown")
LEAD = N_("Every figure is a formula over the sheets before it. Change nothing here to correct an answer; correct it in the workbench.")
DRAFT_AGREEMENT = SOLE_RESPONDENT_AGREEMENT  # data are one voice
FIRST = 1  # first row under the head


@dataclass(frozen=True, kw_only=True)
class Row:
    """One question as the sheet of questions shows it; a joint score without ``inputs`` is a number, no formula."""

    scored: Question
    action: str
    state: str
    applies: bool
    n_types: int = 1
    n_answers: int = 1
    joint: float | None = None
    ruling: float | str | None = None
    lowest: float | None = None
    highest: float | None = None
    agreement: float | None = None
    evidence: float | None = None
    freshness: float | None = None
    inputs: Inputs = field(default_factory=Inputs)
    is_opened: bool = True
    note: str = ""


def render_gap_book(found: RoundResults, catalog: Catalog, document: Document) -> bytes:
    """Return the Excel file of a round; the document gives title, language and marking."""
    lang = language(document.language)
    book = _book(document)
    first = _sheet(book, lang, N_("Report"))
    asked = list(found.questions.values())
    method = write_method(_sheet(book, lang, N_("Method")), lang, today=found.today)
    given = _sheet(book, lang, N_("Answers"))
    answers = write_answers(given, lang, catalog, asked, method=method, today=found.today)
    types = write_types(_sheet(book, lang, N_("Types")), lang, catalog, asked, source=given, answers=answers, today=found.today)
    evidence = write_evidence(_sheet(book, lang, N_("Evidence")), lang, catalog, asked, method=method, today=found.today)
    rows = [_of_round(question, types, evidence) for question in asked]
    groups = [*found.actions.values(), *found.spheres.values()]
    asked_sheet = write_questions(_sheet(book, lang, N_("Questions")), lang, catalog, rows)
    numbers = {group.id: group.figures for group in groups}
    write_groups(_sheet(book, lang, N_("Actions")), lang, catalog, numbers, rows, questions=asked_sheet)
    _front(first, lang, document)
    return book.save()


def render_draft(gaps: Sequence[ActionGap], catalog: Catalog, document: Document) -> bytes:
    """Return the Excel file of a draft from public data: the levels they suggest, and the formulas from there."""
    lang = language(document.language)
    book = _book(document)
    first = _sheet(book, lang, N_("Report"))
    write_method(_sheet(book, lang, N_("Method")), lang, today=document.day)
    rows = [_of_draft(gap.action, answer, lang) for gap in gaps for answer in gap.answers]
    asked_sheet = write_questions(_sheet(book, lang, N_("Questions")), lang, catalog, rows)
    by_action = {gap.action: action_figures([row.scored for row in rows if row.action == gap.action]) for gap in gaps}
    write_groups(_sheet(book, lang, N_("Actions")), lang, catalog, by_action, rows, questions=asked_sheet)
    _front(first, lang, document)
    return book.save()


def _book(document: Document) -> Book:
    return Book(
        document.title, document.day, is_rtl=document.direction == "rtl", author=document.organisation, keywords=f"TLP:{document.marking}",
        marking=f"TLP:{document.marking}",
    )  # fmt: skip


def _sheet(book: Book, lang: Language, title: str) -> Sheet:
    return book.sheet(strip_isolates(lang.gettext(title)))


def _front(sheet: Sheet, lang: Language, document: Document) -> None:
    sheet.put(0, 0, document.title, "title")
    sheet.put(1, 0, f"TLP:{document.marking}", "marking")
    for row, text in enumerate((document.organisation, document.reference, lang.date(document.day)), start=2):
        sheet.put(row, 0, strip_isolates(text), "plain")
    sheet.put(5, 0, strip_isolates(lang.gettext(LEAD)))
    for row, other in enumerate(sheet.book.sheets[1:], start=7):
        sheet.link(row, 0, other.name, sheet=other.name, to_row=0)
    sheet.fit({0: 60})


def _of_round(question: QuestionResult, types: Mapping[str, Inputs], evidence: Mapping[str, str]) -> Row:
    ruling = question.ruling
    is_scored = question.joint_score is not None
    return Row(
        scored=question.as_scored(),
        action=question.action,
        state=question.state,
        applies=question.applies,
        n_types=len(question.type_scores),
        n_answers=len(question.answers),
        joint=question.joint_score,
        ruling=None if ruling is None or not is_scored else UNKNOWN if ruling.score is None else ruling.score,
        lowest=question.lowest_type_score,
        highest=max(question.type_scores.values(), default=None),
        agreement=question.agreement,
        evidence=question.reliability,
        freshness=question.freshness,
        inputs=types.get(question.id, Inputs()).with_evidence(evidence.get(question.id, "")),
        is_opened=not question.withheld,
        note=NOT_OPENED if question.withheld else "",
    )


def _of_draft(action: str, answer: DraftAnswer, lang: Language) -> Row:
    is_core = answer.question.criticality == "core"
    score = None if answer.score is None else answer.score.value
    cautious = None if score is None else cautious_score(score, best_evidence=answer.reliability, is_core=is_core)
    scored = Question(
        id=answer.question.id, weight=float(answer.question.weight), is_core=is_core, score=score, cautious=cautious,
        confidence=answer.confidence, lowest_type_score=score,
    )  # fmt: skip
    fresh = answer.confidence / (answer.reliability * DRAFT_AGREEMENT) if answer.reliability else None
    sources = "; ".join(lang.gettext(s.figure.label) for s in answer.suggestions if s.sets_level)
    return Row(
        scored=scored, action=action, state="unanswered" if score is None else "answered", applies=True, n_types=int(score is not None),
        n_answers=int(score is not None), joint=score, lowest=score, highest=score, agreement=None if score is None else DRAFT_AGREEMENT,
        evidence=None if score is None else answer.reliability, freshness=None if score is None else fresh, note=sources,
    )  # fmt: skip


def write_questions(sheet: Sheet, lang: Language, catalog: Catalog, rows: Sequence[Row]) -> Sheet:
    """Write one row for each question, with its figures as formulas over types, answers and evidence."""
    sheet.head(0, [strip_isolates(lang.gettext(title)) for title in QUESTION_COLUMNS])
    for place, row in enumerate(rows, start=FIRST):
        known = row.scored
        sheet.put(place, ID, known.id)
        sheet.put(place, ACTION, row.action)
        sheet.put(place, SPHERE, catalog.actions[row.action].sphere)
        sheet.put(place, TEXT, strip_isolates(lang.gettext(catalog.questions[known.id].text)))
        sheet.put(place, WEIGHT, known.weight)
        sheet.put(place, CORE, int(known.is_core))
        sheet.put(place, APPLIES, int(row.applies))
        sheet.put(place, STATE, lang.gettext(STATES[row.state]))
        sheet.put(place, N_TYPES, row.n_types)
        sheet.put(place, N_ANSWERS, row.n_answers)
        sheet.put(place, RULING, lang.gettext(row.ruling) if isinstance(row.ruling, str) else row.ruling)
        sheet.put(place, NOTE, strip_isolates(lang.gettext(row.note)) if row.note else "")
        _inputs(sheet, place, row)
        _figures(sheet, place, row)
    if rows:
        sheet.raw.autofilter(0, 0, len(rows), len(QUESTION_COLUMNS) - 1)
    sheet.fit({TEXT: 50, NOTE: 40})
    return sheet


def _inputs(sheet: Sheet, place: int, row: Row) -> None:
    """Write what a question's score and confidence are made from: formulas where they can be opened, else numbers."""
    known = row.inputs
    for column, formula, value in (
        (JOINT, f"=AVERAGE({known.types})" if known.types else "", row.joint),
        (LOWEST, f"=MIN({known.types})" if known.types else "", row.lowest),
        (HIGHEST, f"=MAX({known.types})" if known.types else "", row.highest),
        (AGREEMENT, _agreement(place, row), row.agreement),
        (EVIDENCE, known.evidence, row.evidence),
        (FRESHNESS, f"=AVERAGE({known.freshness})" if known.freshness else "", row.freshness),
    ):
        if value is None or (not row.is_opened and column != JOINT):
            continue
        if formula and row.is_opened:
            sheet.formula(place, column, formula, value)
        else:
            sheet.put(place, column, value, "figure")


def _agreement(place: int, row: Row) -> str:
    if not row.inputs.types:
        return ""
    if row.n_types > 1:
        return f"=1-({name_of(place, HIGHEST)}-{name_of(place, LOWEST)})/4"
    answers = row.inputs.answers
    return f"=IF(COUNT({answers})=1,0.7,MIN(0.85,1-(MAX({answers})-MIN({answers}))/4))" if answers else ""


def _figures(sheet: Sheet, place: int, row: Row) -> None:
    """Write the steps from the joint score to what a question adds to its action."""

    def at(column: int) -> str:
        return name_of(place, column)

    known = row.scored
    is_answered = row.applies and known.score is not None
    counted = known.weight if row.applies else 0.0
    score, cautious = known.score or 0.0, (known.cautious or 0.0) if is_answered else 0.0
    shown = known.score if row.joint is not None else None
    sheet.formula(
        place, SCORE, f'=IF(ISNUMBER({at(RULING)}),{at(RULING)},IF({at(RULING)}="",IF(ISNUMBER({at(JOINT)}),{at(JOINT)},""),""))', shown
    )
    sheet.formula(place, ANSWERED, f"=IF(AND({at(APPLIES)}=1,ISNUMBER({at(SCORE)})),1,0)", int(is_answered), "number")
    sheet.formula(place, COUNTS, f"={at(WEIGHT)}*{at(APPLIES)}", counted, "number")
    if row.is_opened:
        sure = f"=IF({at(ANSWERED)}=1,{at(EVIDENCE)}*{at(FRESHNESS)}*{at(AGREEMENT)},0)"
        sheet.formula(place, CONFIDENCE, sure, known.confidence if is_answered else 0.0)
        limits = f"{at(LOWEST)}+1,IF({at(EVIDENCE)}<0.49-0.000000001,2,4),IF(AND({at(CORE)}=1,{at(N_TYPES)}<2),3,4)"
        sheet.formula(place, CAUTIOUS, f"=IF({at(ANSWERED)}=1,MIN({at(SCORE)},{limits}),0)", cautious)
    else:
        sheet.put(place, CONFIDENCE, known.confidence if is_answered else 0.0, "figure")
        sheet.put(place, CAUTIOUS, cautious, "figure")
    loss = counted * (TOP - score) / TOP if is_answered else 0.0
    sheet.formula(place, LOSS, f"=IF({at(ANSWERED)}=1,{at(COUNTS)}*(4-{at(SCORE)})/4,0)", loss)
    sheet.formula(place, CAUTIOUS_LOSS, f"={at(COUNTS)}*(4-{at(CAUTIOUS)})/4", counted * (TOP - cautious) / TOP)
    sheet.formula(place, SURE, f"={at(COUNTS)}*{at(CONFIDENCE)}", counted * (known.confidence if is_answered else 0.0))


def write_groups(
    sheet: Sheet, lang: Language, catalog: Catalog, numbers: Mapping[str, ActionFigures | None], rows: Sequence[Row], *, questions: Sheet
) -> None:
    """Write one row for each action and sphere, as sums over the sheet of questions."""
    sheet.head(0, [strip_isolates(lang.gettext(title)) for title in GROUP_COLUMNS])
    columns = {column: questions.area(FIRST, column, len(rows), column) for column in range(len(QUESTION_COLUMNS))}
    for place, (name, figures) in enumerate(numbers.items(), start=FIRST):
        is_action = name in catalog.actions
        title = catalog.actions[name].title if is_action else catalog.spheres[name].title
        sheet.put(place, 0, name)
        sheet.put(place, 1, strip_isolates(lang.gettext(title)))
        own = [row for row in rows if name in (row.action, catalog.actions[row.action].sphere)]
        key = columns[ACTION if is_action else SPHERE]
        _group(sheet, place, lang, columns=columns, key=key, own=own, figures=figures)
    sheet.fit({1: 60})


def _group(
    sheet: Sheet, place: int, lang: Language, *, columns: Mapping[int, str], key: str, own: Sequence[Row], figures: ActionFigures | None
) -> None:
    def total(column: int) -> str:
        return f"SUMIF({key},$A{place + 1},{columns[column]})"

    def product(*parts: str) -> str:
        return f"=SUMPRODUCT(({key}=$A{place + 1})*{'*'.join(parts)})"

    held, published = lang.gettext(NOT_SCORED).replace('"', ""), lang.gettext(NOT_PUBLISHED).replace('"', "")
    applying = sum(row.scored.weight for row in own if row.applies)
    answered = sum(row.scored.weight for row in own if row.applies and row.scored.score is not None)
    opened = sum(row.applies and row.scored.is_core and row.scored.score is None for row in own)
    applies, whole, weighed, core = (name_of(place, column) for column in (2, 3, 4, 6))
    is_held = f"OR({applies}=0,{applies}<{whole}*0.6-0.000000001)"

    def put(column: int, formula: str, value: object) -> None:
        sheet.formula(place, column, f'=IF({is_held},"{held}",{formula})', held if figures is None else value)

    sheet.formula(place, 2, f"={total(COUNTS)}", applying, "number")
    sheet.formula(place, 3, f"={total(WEIGHT)}", sum(row.scored.weight for row in own), "number")
    sheet.formula(place, 4, product(columns[COUNTS], columns[ANSWERED]), answered, "number")
    sheet.formula(place, 6, product(columns[CORE], columns[APPLIES], f"(1-{columns[ANSWERED]})"), opened, "number")
    gap = published if figures is None or figures.gap is None else figures.gap
    put(5, f"{weighed}/{applies}", figures and figures.coverage)
    put(7, f'IF(AND({name_of(place, 5)}>=0.6,{core}=0),{total(LOSS)}/{weighed},"{published}")', gap)
    put(8, f"{total(LOSS)}/{applies}", figures and figures.gap_low)
    put(9, f"({total(LOSS)}+{applies}-{weighed})/{applies}", figures and figures.gap_high)
    put(10, f"{total(CAUTIOUS_LOSS)}/{applies}", figures and figures.cautious_gap)
    put(11, f"{total(SURE)}/{applies}", figures and figures.confidence)
