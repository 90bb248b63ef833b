"""The draft assessment of a state as the pages show it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from forefend.assess.gaps import ActionGap, DraftAnswer, gaps
from forefend.catalog.model import Action, Question
from forefend.locale import Language
from forefend.store import Figure
from forefend.web.design.page import Page
from forefend.web.library import words

PROTECTS_FROM = 3.0
LOW, MODERATE = 0.3, 0.6


@dataclass(frozen=True, kw_only=True)
class ActionRow:
    """One action of the overview."""

    action: Action
    gap: ActionGap
    confidence: str


def overview(page: Page) -> dict[str, Any]:
    """Return the 21 actions by sphere, the core questions at 0, and what already protects."""
    catalog = page.bench.catalog
    found = drafted(page)
    rows = [ActionRow(action=catalog.actions[g.action], gap=g, confidence=confidence_word(g.confidence)) for g in found]
    answers = [answer for g in found for answer in g.answers]
    return {
        "spheres": [(sphere.title, [r for r in rows if r.action.sphere == identifier]) for identifier, sphere in catalog.spheres.items()],
        "n_answered": sum(a.score is not None for a in answers),
        "n_questions": len(answers),
        "n_hinted": sum(a.score is None and _has_hint(a) for a in answers),
        "n_published": sum(g.gap.value is not None for g in found),
        "blocking": [a for a in answers if a.question.id in {q for g in found for q in g.blocking}],
        "protects": [a for a in answers if a.score is not None and (a.score.value or 0.0) >= PROTECTS_FROM],
        "words": words,
    }


def action_page(page: Page, action: Action) -> dict[str, Any]:
    """Return one action with each question and its suggestions."""
    gap = next(g for g in drafted(page) if g.action == action.id)
    catalog = page.bench.catalog
    return {
        "action": action,
        "sphere": catalog.spheres[action.sphere].title,
        "gap": gap,
        "confidence": confidence_word(gap.confidence),
        "catalog": catalog,
        "words": words,
        "why": why_not_published(gap, page.lang),
    }


def drafted(page: Page) -> tuple[ActionGap, ...]:
    """Draft all actions of the state whose view is taken."""
    return gaps(page.bench.store, page.bench.catalog, page.state, today=page.bench.today)


def blocking_questions(found: tuple[ActionGap, ...], page: Page) -> list[Question]:
    """Return the core questions that data put at 0."""
    return [page.bench.catalog.questions[q] for g in found for q in g.blocking]


def confidence_word(confidence: Figure) -> str:
    """Return low, mod or high by the cuts of the method."""
    value = confidence.value or 0.0
    if value < LOW:
        return "low"
    return "mod" if value < MODERATE else "high"


def why_not_published(gap: ActionGap, lang: Language) -> str:
    """Say in one sentence why an action has no figure; empty where it has one."""
    if gap.gap.value is not None:
        return ""
    if (gap.coverage.value or 0.0) < 0.6:
        return lang.gettext(
            "No figure is published: public data answer %(coverage)s of the weight of this action, and 60 %% is the least. "
            "The range says how far open questions could move it.",
            coverage=lang.percent(gap.coverage.value or 0.0),
        )
    return lang.gettext("No figure is published while a core question is open: %(questions)s.", questions=", ".join(gap.core_open))


def _has_hint(answer: DraftAnswer) -> bool:
    return any(s.figure.value is not None or s.status for s in answer.suggestions)
