"""What can be done at home, ranked by the gaps, and what a careful reader would still ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from forefend.assess.checks import CHECKS, SEVERITIES, Finding
from forefend.brief.document import Block, Bullets, Cell, Heading, Inline, Mark, Paragraph, Table
from forefend.brief.gaps.seen import Seen, ids
from forefend.brief.words import catalog_text, cell, compose, head, listed, say, when
from forefend.locale import N_
from forefend.options.judgements import GATES
from forefend.options.opportunities import Opportunities, Opportunity
from forefend.options.priority import Part, priority
from forefend.store import Figure, Store, compute
from forefend.store.formulas import Frames, formula

MOST_RANKED = 12
FIRST_MEASURES = 1
MOST_SENTENCES = 3  # of one check
NOTE = N_(
    "Priority: weighted geometric mean of gap, relevance, feasibility, leverage and evidence, less half of the harm that is left. A value "
    "nobody has given is counted at 0.2 and at 0.8; ranks go by the lower end. Legal duties stand above every ranking."
)


@formula("geometric mean of the components, times 1 less half of the harm that is left")
def inward_priority(_frames: Frames, *, components: Mapping[str, float], harm_left: float) -> float:
    """Lower end of the priority of an option at home, 0-1."""
    parts = [Part(name=name, low=value, high=value) for name, value in components.items()]
    return priority(parts, harm_left=harm_left).low


def opportunities_page(seen: Seen, store: Store, found: Opportunities) -> tuple[Block, ...]:
    """Return the page on opportunities."""
    lang = seen.lang
    blocks: list[Block] = [Heading(say(lang, N_("Opportunities")), 2)]
    if found.duties:
        duties = tuple((catalog_text(lang, entry.option.name),) for entry in found.duties)
        blocks += [Heading(say(lang, N_("Legal duties, before any ranking"))), Bullets(duties)]
    if found.ranked:
        columns = (
            N_("Rank"), N_("Option"), N_("Priority, lower end"), N_("Upper end"), N_("Largest gap it speaks to"), N_("First measure"),
            N_("Next window"),
        )  # fmt: skip
        rows = tuple(_ranked(seen, store, entry) for entry in found.ranked[:MOST_RANKED])
        caption = say(lang, N_("Options at home by priority"))
        blocks.append(Table(head=head(lang, *columns, numbers=(0, 2, 3)), rows=rows, caption=caption, style="xs"))
        blocks.append(Paragraph((say(lang, NOTE),), "note"))
    if found.gated:
        items = tuple(_gated(seen, entry) for entry in found.gated)
        blocks += [Heading(say(lang, N_("Held back by a gate"))), Bullets(items, "small")]
    return tuple(blocks)


def _ranked(seen: Seen, store: Store, entry: Opportunity) -> tuple[Cell, ...]:
    lang = seen.lang
    low, high = _priority(store, entry, end="low"), _priority(store, entry, end="high")
    gap: tuple[Inline, ...] = (lang.code_text(entry.gap_question),) if entry.gap_question else ("–",)
    measures = [(catalog_text(lang, text),) for measure in entry.measures[:1] for text in measure.texts[:FIRST_MEASURES]]
    windows = [(catalog_text(lang, window.window.name), " ", when(lang, window.date_text)) for window in entry.windows[:1]]
    return (
        cell(lang.number(entry.rank or 0), is_number=True),
        cell(catalog_text(lang, entry.option.name), is_head=True),
        cell(Mark(low, lang.number(low.value or 0.0, 2)), is_number=True),
        cell(Mark(high, lang.number(high.value or 0.0, 2)), is_number=True),
        cell(*gap),
        cell(*listed(lang, measures, is_long=True)),
        cell(*listed(lang, windows)),
    )


def _priority(store: Store, entry: Opportunity, *, end: str) -> Figure:
    components = {part.name: getattr(part, end) for part in entry.parts}
    label = f"{entry.id}: priority, {'lower' if end == 'low' else 'upper'} end"
    made = compute(
        store, label=label, unit="priority", formula="inward_priority", inputs=[],
        params={"components": components, "harm_left": entry.harm.left},
    )  # fmt: skip
    return replace(made, low=entry.priority.low, high=entry.priority.high)


def _gated(seen: Seen, entry: Opportunity) -> tuple[Inline, ...]:
    lang = seen.lang
    told: list[Inline] = [catalog_text(lang, entry.option.name), ":"]
    for gate in entry.gates:
        told += [" ", say(lang, GATES[gate])]
    return tuple(told)


def checks_page(seen: Seen, findings: Sequence[Finding]) -> tuple[Block, ...]:
    """Return the page on standing checks that are still open, what stops an adoption first."""
    lang = seen.lang
    blocks: list[Block] = [Heading(say(lang, N_("Standing checks still open")), 2)]
    if not findings:
        return (*blocks, Paragraph((say(lang, N_("No standing check found anything.")),)))
    for severity, title in SEVERITIES.items():
        own: dict[str, list[Finding]] = {}
        for finding in findings:
            if finding.severity == severity:
                own.setdefault(finding.check, []).append(finding)
        if own:
            items = [item for check, found in own.items() for item in _of_check(seen, check, found)]
            blocks += [Heading(say(lang, title)), Bullets(tuple(items), "small")]
    return tuple(blocks)


def _of_check(seen: Seen, check: str, found: Sequence[Finding]) -> list[tuple[Inline, ...]]:
    """Write out what a check found, or name the places where there are many."""
    lang = seen.lang
    if len(found) <= MOST_SENTENCES or check not in CHECKS:
        return [_sentence(seen, finding) for finding in found]
    places = list(dict.fromkeys(finding.question or finding.action or finding.respondent for finding in found))
    title = say(lang, CHECKS[check].title)
    return [(title, " (", lang.number(len(found)), "): ", ids(lang, places))]


def _sentence(seen: Seen, finding: Finding) -> tuple[Inline, ...]:
    lang = seen.lang
    params = {
        name: lang.gettext(str(value)) if name == "condition" else lang.number(value) if isinstance(value, int) else value
        for name, value in finding.params.items()
    }
    return (say(lang, finding.sentence, **params),)


def stale(seen: Seen) -> tuple[Block, ...]:
    """Return the part on answers that have lost half of their value to age."""
    lang = seen.lang
    old = [question.id for question in seen.results.questions.values() if question.is_stale]
    if not old:
        return ()
    told = compose(lang, N_("Answers that lost half of their value to age: %(questions)s."), questions=ids(lang, old))
    return (Heading(say(lang, N_("What is stale"))), Paragraph(told))
