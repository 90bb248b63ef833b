"""What no average may hide: gaps that block, questions on which institutions differ; and what already protects."""

from __future__ import annotations

from forefend.assess.question_results import QuestionResult
from forefend.brief.document import Block, Bullets, Cell, Heading, Inline, Mark, Paragraph, Strong, Table
from forefend.brief.gaps.seen import Seen
from forefend.brief.words import catalog_text, cell, compose, head, listed, number, say
from forefend.locale import N_

FIRST_MEASURES = 2
WITHHELD = N_("Where fewer than three of a type of respondent answered and one of them is protected, what they said is not shown by type.")


def blocking(seen: Seen) -> tuple[Block, ...]:
    """Return the page on what blocks."""
    lang = seen.lang
    title = Heading(say(lang, N_("What blocks")), 2)
    lead = N_("A core question at 0, at 0 for one type of respondent, or unknown blocks its action, whatever the average.")
    rows = tuple(_blocked(seen, seen.results.questions[name]) for name in seen.results.blocking)
    if not rows:
        return (title, Paragraph((say(lang, N_("No core question blocks an action.")),)))
    columns = (N_("Question"), N_("Why it blocks"), N_("What the gap looks like"), N_("First measures"))
    table = Table(head=head(lang, *columns), rows=rows, caption=say(lang, N_("Core questions that block")), style="xs")
    return (title, Paragraph((say(lang, lead),), "lede2"), table)


def _blocked(seen: Seen, question: QuestionResult) -> tuple[Cell, ...]:
    lang, known = seen.lang, seen.catalog.questions[question.id]
    measures = [(catalog_text(lang, measure),) for measure in known.possible_measures[:FIRST_MEASURES]]
    return (
        cell(*seen.question_text(question.id), is_head=True),
        cell(*_why(seen, question)),
        cell(catalog_text(lang, known.gap_looks_like)),
        cell(*listed(lang, measures, is_long=True)),
    )


def _why(seen: Seen, question: QuestionResult) -> tuple[Inline, ...]:
    lang = seen.lang
    score = seen.questions[question.id].score
    if question.score is None:
        return (say(lang, N_("unknown")),)
    if question.score == 0:
        return compose(lang, N_("score %(score)s"), score=number(lang, score))
    if question.withheld:  # with the joint score it would tell what each type said
        return (say(lang, N_("at 0 for one type of respondent")),)
    return compose(lang, N_("at 0 for one type of respondent; joint score %(score)s"), score=number(lang, score, 1))


def differences(seen: Seen) -> tuple[Block, ...]:
    """Return the page on where institutions differ."""
    lang, found = seen.lang, seen.results
    title = Heading(say(lang, N_("Where institutions differ")), 2)
    state = [found.questions[name] for name in found.differences]
    open_ones = [found.questions[name] for name in found.disputed if name not in found.differences]
    if not state and not open_ones:
        return (title, Paragraph((say(lang, N_("No question divides the institutions by two levels or more.")),)))
    blocks: list[Block] = [title]
    if state:
        lead = N_("State and civil society are two levels or more apart. That is a finding, and no noise.")
        blocks += [Heading(say(lang, N_("State and civil society"))), Paragraph((say(lang, lead),)), _table(seen, state)]
    if open_ones:
        lead = N_("Types of respondents are two levels or more apart, and nobody has ruled on it.")
        blocks += [Heading(say(lang, N_("Open disagreements"))), Paragraph((say(lang, lead),)), _table(seen, open_ones)]
    return (*blocks, Paragraph((say(lang, WITHHELD),), "note"))


def _table(seen: Seen, questions: list[QuestionResult]) -> Table:
    lang = seen.lang
    columns = (N_("Question"), N_("Scores by type of respondent"), N_("Joint score"), N_("Cautious score"), N_("Ruling"))
    rows = tuple(
        (
            cell(*seen.question_text(question.id), is_head=True),
            cell(*_by_type(seen, question)),
            cell(number(lang, seen.questions[question.id].score, 1), is_number=True),
            cell(number(lang, seen.questions[question.id].cautious, 1), is_number=True),
            cell(lang.isolate(question.ruling.reason) if question.ruling else say(lang, N_("none"))),
        )
        for question in questions
    )
    return Table(head=head(lang, *columns, numbers=(2, 3)), rows=rows, caption=say(lang, N_("Scores by type of respondent")), style="xs")


def _by_type(seen: Seen, question: QuestionResult) -> tuple[Inline, ...]:
    lang, types = seen.lang, seen.questions[question.id].types
    if not types:
        return (say(lang, N_("not shown")),)
    return listed(lang, [(seen.type_name(kind), " ", _score(seen, kind, question)) for kind in types])


def _score(seen: Seen, kind: str, question: QuestionResult) -> Inline:
    figure = seen.questions[question.id].types[kind]
    return Strong("–") if figure.value is None else Mark(figure, seen.lang.number(figure.value, 1))


def protects(seen: Seen) -> tuple[Block, ...]:
    """Return the part on what already protects, by the cautious figures."""
    lang, strengths = seen.lang, seen.results.strengths
    title = Heading(say(lang, N_("What protects")), 2)
    if not strengths.actions and not strengths.questions:
        return (title, Paragraph((say(lang, N_("Nothing is strong enough in a cautious reader's eyes to be named here.")),)))
    blocks: list[Block] = [title]
    if strengths.actions:
        lead = N_("Actions with a cautious gap of at most 0.25 and nothing that blocks:")
        rows = tuple((*seen.action_text(name), " (", _gap(seen, name), ")") for name in strengths.actions)
        blocks += [Paragraph((say(lang, lead),)), Bullets(rows)]
    if strengths.questions:
        lead = N_("Questions at 3 or more in a cautious reader's eyes, neither disputed nor stale:")
        rows = tuple((*seen.question_text(name), " (", number(lang, seen.questions[name].cautious, 1), ")") for name in strengths.questions)
        blocks += [Paragraph((say(lang, lead),)), Bullets(rows, "small")]
    return tuple(blocks)


def _gap(seen: Seen, action: str) -> Inline:
    return number(seen.lang, seen.groups[action].cautious_gap, 2)
