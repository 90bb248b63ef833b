"""The first page: the finding in sentences, and every action with its figures."""

from __future__ import annotations

from forefend.brief.document import Block, Heading, Inline, Paragraph, Space
from forefend.brief.gaps.actions import action_tables
from forefend.brief.gaps.seen import Seen
from forefend.brief.words import compose, number, part, say
from forefend.locale import N_


def opening(seen: Seen) -> tuple[Block, ...]:
    """Return the blocks of the first page."""
    lang, found = seen.lang, seen.results
    actions = {name: seen.groups[name] for name in found.actions}
    spheres = {name: seen.groups[name] for name in found.spheres}
    return (
        Paragraph(compose(lang, N_("Self-assessment: %(round)s. Inward loop."), round=found.title), "kick"),
        Heading(seen.state, 1),
        Paragraph(finding(seen), "lede"),
        *action_tables(lang, seen.catalog, actions, spheres),
        part(say(lang, N_("Concluded"))),
        Space(say(lang, N_("Left to the coordinator")), say(lang, N_("What follows from these figures, who does it, and by when."))),
    )


def finding(seen: Seen) -> tuple[Inline, ...]:
    """Return the opening sentences: how much is known, where the gap is largest, what blocks, where institutions differ."""
    lang, found = seen.lang, seen.results
    published = [action for action in found.actions.values() if action.figures is not None and action.figures.gap is not None]
    known = N_("The observed gap of %(published)s of %(actions)s actions can be published.")
    told: tuple[Inline, ...] = compose(lang, known, published=lang.number(len(published)), actions=lang.number(len(found.actions)))
    largest = next(iter(found.by_cautious_gap), None)
    if largest is not None:
        message = N_("A cautious reader sees the largest in %(action)s: %(gap)s of 1.")
        gap = number(lang, seen.groups[largest.id].cautious_gap, 2)
        told += (" ", *compose(lang, message, action=_plain_title(seen, largest.id), gap=gap))
    message = N_("Core questions that block: %(blocking)s. Questions on which institutions disagree: %(disputed)s.")
    return (*told, " ", *compose(lang, message, blocking=lang.number(len(found.blocking)), disputed=lang.number(len(found.disputed))))


def _plain_title(seen: Seen, action: str) -> str:
    return f"{seen.lang.code_text(action)} ({seen.lang.gettext(seen.catalog.actions[action].title)})"
