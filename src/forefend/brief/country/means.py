"""Page 4: what this state holds, options with every component, and what is not known."""

from __future__ import annotations

from forefend.brief.country.ask import Ask
from forefend.brief.document import Block, Bullets, Cell, Columns, Heading, Inline, Paragraph, Table
from forefend.brief.words import catalog_text, cell, compose, head, number, percent
from forefend.options.leverage import Lever
from forefend.options.match import OptionMatch
from forefend.places import place_name

MOST_OPTIONS = 6
FEWEST_OPTIONS = 3
MOST_CAUTIONS = 2


def means(ask: Ask) -> tuple[Block, ...]:
    """Return the blocks of the page on leverage and options."""
    lang = ask.lang
    return (
        Heading(lang.gettext("Leverage and options of %(state)s", state=lang.isolate(ask.actor_name)), 2),
        Paragraph(_summary(ask), "lede2"),
        _levers(ask),
        Paragraph((lang.gettext("A share is of the target's total in that channel. It shows exposure and is no proof of influence; years differ, and channels are never added up."),), "note"),
        Heading(lang.gettext("Options by relevance, then leverage")),
        _options(ask),
        Paragraph((lang.gettext("Relevance: percentile of the worst indicator the option addresses, divided by 100, whole factors times 0.6. Leverage: before access is judged. Cost: 1 is existing staff. Evidence: grade of the catalog for the means named. Acceptability, access, harm and lawful basis are for people; no priority is given without them."),), "note"),
        Columns(((Heading(lang.gettext("What is not known")), Bullets(_unknown(ask), "small")), (Heading(lang.gettext("Before any step")), Bullets(_guards(ask), "small")))),
    )  # fmt: skip


def _known(ask: Ask) -> list[Lever]:
    return [lever for lever in ask.levers if lever.is_held or lever.holders]


def _summary(ask: Ask) -> tuple[Inline, ...]:
    held = [lever for lever in ask.levers if lever.is_held and lever.channel not in ("domestic_authority", "vote_agreement")]
    unknown = sum(lever.is_held is None for lever in ask.levers)
    if not held:
        return compose(
            ask.lang,
            "Public data show no lever of %(state)s here; %(unknown)s channels are not visible in public data.",
            state=ask.actor_name,
            unknown=ask.lang.number(unknown),
        )
    return compose(
        ask.lang,
        "Public data show %(held)s levers in the hands of %(state)s; %(unknown)s channels are not visible in public data.",
        held=ask.lang.number(len(held)),
        state=ask.actor_name,
        unknown=ask.lang.number(unknown),
    )


def _levers(ask: Ask) -> Table:
    titles = head(ask.lang, "Channel", "What is held", "Year", "Held most by", numbers=(1,))
    rows = tuple(_lever(ask, lever) for lever in _known(ask))
    return Table(head=titles, rows=rows, caption=ask.lang.gettext("Leverage by channel"), style="xs")


def _lever(ask: Ask, lever: Lever) -> tuple[Cell, ...]:
    lang, figure = ask.lang, lever.figure
    shown = percent(lang, figure, 1) if figure.unit == "share" else number(lang, figure, 2 if figure.unit == "agreement" else 0)
    holders: list[Inline] = []
    for iso3, share in lever.holders:
        holders += ["; " if holders else "", lang.isolate(place_name(iso3, lang.code)), " ", percent(lang, share)]
    return (
        cell(catalog_text(lang, lever.title), is_head=True),
        cell(shown, is_number=True),
        cell(lang.code_text(figure.period)),
        cell(*holders),
    )


def chosen(ask: Ask) -> tuple[OptionMatch, ...]:
    """Three to six options: those with a relevance that can be seen, the best first."""
    seen = [match for match in ask.matches if match.relevance.value is not None and match.leverage.value]
    return tuple(seen[:MOST_OPTIONS]) if len(seen) >= FEWEST_OPTIONS else ask.matches[:FEWEST_OPTIONS]


def _options(ask: Ask) -> Table:
    titles = head(ask.lang, "Option", "Relevance", "Leverage", "Cost", "Evidence", "Lead time", "First cautions", numbers=(1, 2, 3))
    return Table(
        head=titles,
        rows=tuple(_option(ask, match) for match in chosen(ask)),
        caption=ask.lang.gettext("Options with components"),
        style="xs",
    )


def _option(ask: Ask, match: OptionMatch) -> tuple[Cell, ...]:
    lang, option = ask.lang, match.option
    cautions: list[Inline] = []
    for caution in option.risks_and_cautions[:MOST_CAUTIONS]:
        cautions += ["; " if cautions else "", catalog_text(lang, caution)]
    return (
        cell(catalog_text(lang, option.name), is_head=True),
        cell(number(lang, match.relevance, 2), is_number=True),
        cell(number(lang, match.leverage, 2), is_number=True),
        cell(lang.number(match.cost, 1), is_number=True),
        cell(lang.code_text(option.evidence.grade)),
        cell(catalog_text(lang, option.lead_time)),
        cell(*cautions),
    )


def _unknown(ask: Ask) -> tuple[tuple[Inline, ...], ...]:
    lang = ask.lang
    unseen = [ask.catalog.risk_factors[level.factor] for level in ask.levels if level.percentile.value is None]
    found: list[tuple[Inline, ...]] = [
        compose(
            lang,
            "What happened after %(month)s: no later month is stored, and published counts of one-sided violence grow with later releases.",
            month=lang.month(ask.newest),
        ),
        compose(lang, "Which groups are at risk, and who would attack, enable or restrain: country figures hide small groups."),
    ]
    if unseen:
        listed = ", ".join(lang.code_text(str(factor.number)) for factor in unseen)
        found.append(compose(lang, "Risk factors without a public indicator: %(factors)s.", factors=listed))
    found.append(compose(lang, "Trade, arms, finance, alliances and personal access: no open source for them is loaded."))
    return tuple(found)


def _guards(ask: Ask) -> tuple[tuple[Inline, ...], ...]:
    lang = ask.lang
    return (
        compose(lang, "Ask the legal adviser for the lawful basis and for this state's own duties."),
        compose(lang, "Arms refusal, non-refoulement and arrest under warrant are duties, not options."),
        compose(lang, "Check each caution with people who know the place; name who owns the mitigation."),
    )
