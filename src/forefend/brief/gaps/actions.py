"""The figures of actions as tables, one for each sphere, each gap drawn with what open questions leave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from forefend.brief.document import Block, Cell, Inline, Paragraph, Table
from forefend.brief.gaps.seen import ActionNumbers, numbered
from forefend.brief.words import catalog_text, cell, head, number, part, percent, say
from forefend.catalog import Catalog
from forefend.chart.bars import gap_bar
from forefend.locale import N_, Language
from forefend.store import Figure

COLUMNS = (
    N_("Action"), N_("Gap, 0 to 1"), N_("Observed"), N_("Lowest"), N_("Highest"), N_("Cautious"), N_("Coverage"), N_("Confidence"),
)  # fmt: skip
LEGEND = N_(
    "Gap: 0 is in place, used and reviewed; 1 is absent. Drawing: dark is the gap that is certain, hatched what open questions leave, the "
    "dot the observed gap, the line the cautious gap. Actions are listed in the order of the Framework; nothing here ranks states."
)


def action_tables(
    lang: Language, catalog: Catalog, actions: Mapping[str, ActionNumbers], spheres: Mapping[str, ActionNumbers]
) -> tuple[Block, ...]:
    """Return one table for each sphere that has an action here."""
    blocks: list[Block] = []
    for sphere in catalog.spheres.values():
        own = [actions[name] for name, action in catalog.actions.items() if action.sphere == sphere.id and name in actions]
        if own:
            title = catalog_text(lang, sphere.title)
            titles = head(lang, *COLUMNS, numbers=(2, 3, 4, 5, 6, 7))
            rows = _rows(lang, catalog, own, spheres.get(sphere.id))
            blocks += [part(title), Table(head=titles, rows=rows, caption=title, style="xs")]
    return (*blocks, Paragraph((say(lang, LEGEND),), "note"))


def _rows(lang: Language, catalog: Catalog, actions: Sequence[ActionNumbers], sphere: ActionNumbers | None) -> tuple[tuple[Cell, ...], ...]:
    rows = [_row(lang, found, numbered(lang, found.action, catalog.actions[found.action].title)) for found in actions]
    if sphere is not None:
        rows.append(_row(lang, sphere, (say(lang, N_("The sphere as a whole")),)))
    return tuple(rows)


def _row(lang: Language, found: ActionNumbers, title: tuple[Inline, ...]) -> tuple[Cell, ...]:
    return (
        cell(*title, is_head=True),
        Cell(drawing=_drawn(found)),
        cell(number(lang, found.gap, 2), is_number=found.gap.value is not None),
        cell(_number(lang, found.gap_low), is_number=True),
        cell(_number(lang, found.gap_high), is_number=True),
        cell(_number(lang, found.cautious_gap), is_number=True),
        cell(_number(lang, found.coverage, is_share=True), is_number=True),
        cell(_number(lang, found.confidence), is_number=True),
    )


def _number(lang: Language, figure: Figure, *, is_share: bool = False) -> Inline:
    """A figure, or a dash: the reason why there is none stands once in the row."""
    if figure.value is None:
        return "–"
    return percent(lang, figure) if is_share else number(lang, figure, 2)


def _drawn(found: ActionNumbers) -> str:
    low, high, careful = found.gap_low.value, found.gap_high.value, found.cautious_gap.value
    if low is None or high is None or careful is None:
        return ""
    return gap_bar(low, high, observed=found.gap.value, cautious=careful)
