"""The gap report: of a round of the self-assessment, or as a draft from public data alone.

The caller gives a round with the answers its reader may see; the report bears the most restrictive marking of what is
in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from forefend.assess.checks import Finding
from forefend.assess.gaps import ActionGap
from forefend.assess.results import RoundResults
from forefend.assess.round_figures import group_figures, question_figures
from forefend.brief.document import Block, Document, Heading, Inline, Paragraph, Space, Words, check_marking
from forefend.brief.gaps.actions import action_tables
from forefend.brief.gaps.ahead import checks_page, opportunities_page, stale
from forefend.brief.gaps.findings import blocking, differences, protects
from forefend.brief.gaps.method import method
from forefend.brief.gaps.opening import opening
from forefend.brief.gaps.seen import Seen
from forefend.brief.words import compose, number, part, say, translation_note
from forefend.catalog import Catalog
from forefend.locale import N_, Language, strip_isolates
from forefend.options.opportunities import Opportunities
from forefend.places import place_name
from forefend.settings import MARKINGS
from forefend.store import Store

TITLE = N_("Gap report: %(state)s, %(day)s")
DRAFT_TITLE = N_("Draft gap report from public data: %(state)s, %(day)s")


def gap_report(
    results: RoundResults,
    catalog: Catalog,
    *,
    store: Store,
    lang: Language,
    marking: str,
    findings: Sequence[Finding] = (),
    opportunities: Opportunities | None = None,
    organisation: str = "",
) -> Document:
    """Return the report of a round. ``marking`` is the least it bears; a stricter answer or piece of evidence makes it stricter.

    Raises ForefendError for a marking that does not exist, and for CLEAR over data that are not open.
    """
    opened = question_figures(store, catalog, results)
    groups = {group.id: group_figures(store, group, results, opened) for group in (*results.actions.values(), *results.spheres.values())}
    seen = Seen(results=results, catalog=catalog, lang=lang, state=place_name(results.state, lang.code), groups=groups, questions=opened)
    doable = opportunities_page(seen, store, opportunities) if opportunities else ()
    pages = (opening(seen), blocking(seen), differences(seen), (*protects(seen), *doable), (*checks_page(seen, findings), *stale(seen)))
    return _document(
        lang, TITLE, kind="gaps", state=results.state, day=results.today, reference=f"{results.state}-{results.round}",
        pages=(*pages, method(lang)), marking=strictest(marking, results), organisation=organisation,
    )  # fmt: skip


def draft_report(
    gaps: Sequence[ActionGap], catalog: Catalog, state: str, *, lang: Language, marking: str, today: date, organisation: str = ""
) -> Document:
    """Return the report as far as public data can draft it: the figures of the actions, and what they leave open."""
    name = place_name(state, lang.code)
    front: tuple[Block, ...] = (
        Paragraph((say(lang, N_("Self-assessment, drafted from public data. Inward loop.")),), "kick"),
        Heading(name, 1),
        Paragraph(_draft_finding(gaps, lang), "lede"),
        *action_tables(lang, catalog, {gap.action: gap for gap in gaps}, {}),
        part(say(lang, N_("To be answered"))),
        Space(
            say(lang, N_("Left to the institutions")),
            say(lang, N_("Every question that data do not answer, and the confirmation of each level that they suggest.")),
        ),
    )
    return _document(
        lang, DRAFT_TITLE, kind="gaps", state=state, day=today, reference=f"{state}-{today.isoformat()}",
        pages=(front, method(lang, is_draft=True)), marking=marking, organisation=organisation,
    )  # fmt: skip


def strictest(marking: str, results: RoundResults) -> str:
    """Return the most restrictive of a marking and those of the answers and evidence in a round."""
    answers = [answer for question in results.questions.values() for answer in question.answers]
    found = [marking, *(answer.marking for answer in answers), *(piece.marking for answer in answers for piece in answer.evidence)]
    return max(found, key=lambda known: MARKINGS.index(known) if known in MARKINGS else len(MARKINGS))


def _draft_finding(gaps: Sequence[ActionGap], lang: Language) -> tuple[Inline, ...]:
    answered, asked = sum(gap.n_answered for gap in gaps), sum(len(gap.answers) for gap in gaps)
    message = N_("Public data suggest a level for %(answered)s of %(asked)s questions; no institution has answered yet.")
    told: tuple[Inline, ...] = compose(lang, message, answered=lang.number(answered), asked=lang.number(asked))
    published = [gap for gap in gaps if gap.gap.value is not None]
    if not published:
        return (
            *told,
            " ",
            say(lang, N_("They answer too little of any action for its gap to be published; the ranges below show how little.")),
        )
    largest = max(published, key=lambda gap: gap.gap.value or 0.0)
    message = N_("The gap of %(count)s actions can be published; the largest is in %(action)s: %(gap)s of 1.")
    return (
        *told, " ",
        *compose(
            lang, message, count=lang.number(len(published)), action=lang.code_text(largest.action), gap=number(lang, largest.gap, 2)
        ),
    )  # fmt: skip


def _document(
    lang: Language, title: str, *, kind: str, state: str, day: date, reference: str, pages: tuple[tuple[Block, ...], ...], marking: str,
    organisation: str,
) -> Document:  # fmt: skip
    name = place_name(state, lang.code)
    running: Words = say(lang, title, state=name, day=lang.date(day))
    document = Document(
        kind=kind,
        title=strip_isolates(lang.gettext(title, state=name, day=lang.date(day))),
        subject=state,
        language=lang.code,
        direction=lang.direction,
        marking=marking,
        day=day,
        reference=reference,
        organisation=organisation or lang.gettext("Government of %(state)s", state=name),
        pages=pages,
        translation_note=translation_note(lang),
        labels={
            "running": running,
            "reference": say(lang, N_("Reference %(reference)s"), reference=lang.code_text(reference)),
        },
    )
    check_marking(marking, document.figures)
    return document
