"""A question as it is asked: its answers with their anchors, and whether it applies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from forefend.assess.results import band
from forefend.assess.transitions import TITLES
from forefend.catalog import Catalog
from forefend.catalog.model import Question
from forefend.locale import Language
from forefend.web.assessment.models import Clash, Contribution, Round
from forefend.web.assessment.reading import answers_for
from forefend.web.assessment.suggesting import Suggested, suggested
from forefend.web.design.page import Page

WORD_LEVELS = {"yes": 4.0, "partly": 2.0, "no": 0.0}


@dataclass(frozen=True, kw_only=True)
class Anchor:
    """One answer that can be chosen; ``value`` is what the form sends, ``mark`` what stands before the text."""

    value: str
    mark: str
    text: str
    level: float | None = None
    is_suggested: bool = False
    is_catalog: bool = True


def anchors_of(question: Question, lang: Language, found: Suggested | None = None) -> list[Anchor]:
    """Return the answers of a question in order, from nothing to all in place."""
    level = None if found is None else found.level
    if question.type == "maturity":
        return [_level(question, lang, n, suggested=level) for n in range(5)]
    if question.type == "yes_no_partly":
        chosen = None if level is None else ("yes" if level >= 4 else "partly" if level >= 2 else "no")
        titles = {"no": lang.gettext("No"), "partly": lang.gettext("Partly"), "yes": lang.gettext("Yes")}
        return [
            Anchor(value=word, mark=titles[word], text=question.answers.get(word, ""), level=WORD_LEVELS[word], is_suggested=word == chosen)
            for word in ("no", "partly", "yes")
        ]
    return []


def _level(question: Question, lang: Language, n: int, *, suggested: float | None) -> Anchor:
    between = {1: lang.gettext("Between 0 and 2"), 3: lang.gettext("Between 2 and 4")}
    text = question.levels.get(n) or between.get(n, "")
    return Anchor(
        value=f"level:{n}", mark=lang.number(n), text=text, level=float(n), is_suggested=suggested == n, is_catalog=n in question.levels
    )


def not_applying(asked: Round, question: Question, catalog: Catalog) -> list[tuple[str, str]]:
    """Return the conditions of a question that the state profile says do not hold: their text and the reason given."""
    false = {condition.name: condition.reason for condition in asked.conditions.filter(name__in=question.applies_if, holds=False)}
    return [(catalog.conditions[name].title, reason) for name, reason in false.items()]


def own_page(page: Page, asked: Round, part: Contribution) -> dict[str, Any]:
    """Return the questions of an institution by action, with what it answered and what data suggest."""
    from forefend.web.assessment.editions import catalog_of

    catalog = catalog_of(asked)
    answers = {answer.question: answer for answer in answers_for(page.person, contribution=part)}
    beside = suggested(page.bench, asked.state)
    clashing = set(Clash.objects.filter(answer__contribution=part, settled_at__isnull=True).values_list("answer__question", flat=True))
    given = set(part.answers.values_list("question", flat=True))  # also those marked for others: counted, not shown
    rows = [
        {
            "question": catalog.questions[identifier],
            "answer": answers.get(identifier),
            "is_given": identifier in given,
            "suggested": beside.get(identifier),
            "is_clashing": identifier in clashing,
        }
        for identifier in part.assignments.values_list("question", flat=True)
    ]
    by_action = [(action, [row for row in rows if row["question"].action == action.id]) for action in catalog.actions.values()]
    return {
        "round": asked,
        "part": part,
        "groups": [(action, found) for action, found in by_action if found],
        "n_asked": len(rows),
        "n_answered": len(given),
        "open_count": len(rows) - len(given),
        "next": next((row["question"].id for row in rows if not row["is_given"]), ""),
        "titles": TITLES,
        "band": band,
    }
