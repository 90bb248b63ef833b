"""Page 4: what this state holds, options with every component, and what is not known."""

from __future__ import annotations

from forefend.brief.country.ask import Ask
from forefend.brief.document import Block, Bullets, Cell, Columns, Heading, Inline, Mark, Paragraph, Table
from forefend.brief.words import catalog_text, cell, compose, head, listed, number, percent, say
from forefend.locale import N_
from forefend.options.leverage import AGREEMENT, Lever
from forefend.options.match import OptionMatch
from forefend.places import place_name
from forefend.store import Figure

MOST_LEVERS = 8
MOST_OPTIONS = 6
FEWEST_OPTIONS = 3
MOST_CAUTIONS = 2
LOW_RELEVANCE = 0.5
LEAST_SHOWN = 0.0005  # shares below are written with two decimals
TRADE_PARTS = ("trade_exports", "trade_imports")
OWN_LAW = "domestic_authority"  # every state holds it: no lever over another
HELD = {"seat": N_("seat held"), "treaty": N_("party"), "organisations": N_("shared organisations: %(count)s")}
SHARE_NOTE = N_(
    "A share is of the target's total in that channel. It shows exposure and is no proof of influence; years differ, and channels are "
    "never added up."
)
# What a government asks for first; whether it can be shown depends on what is loaded.
ASKED_FIRST = ("trade", "arms_supply", "alliance", "troops_hosted", "sanctions_power", "head_of_government_access")
COMPONENTS_NOTE = N_(
    "Relevance: percentile of the worst indicator the option addresses, divided by 100, whole factors times 0.6. Leverage: before access "
    "is judged. Cost: 1 is existing staff. Evidence: grade of the catalog for the means named. Acceptability, access, harm and lawful "
    "basis are for people; no priority is given without them."
)


def means(ask: Ask) -> tuple[Block, ...]:
    """Return the blocks of the page on leverage and options."""
    lang = ask.lang
    unknown = (Heading(say(lang, N_("What is not known"))), Bullets(_unknown(ask), "small"))
    guards = (Heading(say(lang, N_("Before any step"))), Bullets(_guards(ask), "small"))
    return (
        Heading(say(lang, N_("Leverage and options of %(state)s"), state=ask.actor_name), 2),
        Paragraph(_summary(ask), "lede2"),
        _levers(ask),
        Paragraph((say(lang, SHARE_NOTE), *_left_out(ask)), "note"),
        Heading(say(lang, N_("Options by relevance, then leverage"))),
        *_relevance(ask),
        _options(ask),
        Paragraph((say(lang, COMPONENTS_NOTE),), "note"),
        Columns((unknown, guards)),
    )


def _known(ask: Ask) -> list[Lever]:
    """Levers that are held, or of which it is known who holds most; all trade only where its two halves are not known."""
    known = [lever for lever in ask.levers if lever.channel != OWN_LAW and (lever.is_held or lever.holders)]
    parts = {lever.channel for lever in known} & set(TRADE_PARTS)
    return [lever for lever in known if lever.channel != "trade" or not parts]


def _shown(ask: Ask) -> list[Lever]:
    """What fits the page: what this state holds, then the channels that others hold most of."""
    return sorted(_known(ask), key=lambda lever: (not lever.is_held, -_top(lever)))[:MOST_LEVERS]


def _top(lever: Lever) -> float:
    return max((share.value or 0.0 for _, share in lever.holders if share.unit == "share"), default=0.0)


def _left_out(ask: Ask) -> tuple[Inline, ...]:
    count = len(_known(ask)) - MOST_LEVERS
    if count <= 0:
        return ()
    message = N_("%(count)s more channels are listed by: forefend leverage %(actor)s %(target)s.")
    codes = {"actor": ask.lang.code_text(ask.actor), "target": ask.lang.code_text(ask.target)}
    return (" ", *compose(ask.lang, message, count=ask.lang.number(count), **codes))


def _summary(ask: Ask) -> tuple[Inline, ...]:
    held = [lever for lever in ask.levers if lever.is_held and lever.channel not in (OWN_LAW, AGREEMENT)]
    unknown = ask.lang.number(sum(lever.is_held is None and not lever.holders for lever in ask.levers))
    if not held:
        message = N_("Public data show no lever of %(state)s here; %(unknown)s channels are not visible in public data.")
        return compose(ask.lang, message, state=ask.actor_name, unknown=unknown)
    message = N_("Public data show %(held)s levers in the hands of %(state)s; %(unknown)s channels are not visible in public data.")
    return compose(ask.lang, message, held=ask.lang.number(len(held)), state=ask.actor_name, unknown=unknown)


def _levers(ask: Ask) -> Table:
    titles = head(ask.lang, N_("Channel"), N_("What is held"), N_("Year"), N_("Held most by"))
    rows = tuple(_lever(ask, lever) for lever in _shown(ask))
    return Table(head=titles, rows=rows, caption=say(ask.lang, N_("Leverage by channel")), style="xs")


def _lever(ask: Ask, lever: Lever) -> tuple[Cell, ...]:
    lang = ask.lang
    holders = [(lang.isolate(place_name(iso3, lang.code)), " ", *_part(ask, part)) for iso3, part in lever.holders]
    return (
        cell(catalog_text(lang, lever.title), is_head=True),
        cell(*_held(ask, lever)),
        cell(lang.code_text(lever.figure.period)),
        cell(*listed(lang, holders, is_long=True)),
    )


def _part(ask: Ask, figure: Figure) -> tuple[Inline, ...]:
    """What one holder has: a share of the total, or an amount where there is no total."""
    if figure.unit == "share":
        return (percent(ask.lang, figure),)
    return (number(ask.lang, figure), " ", catalog_text(ask.lang, figure.unit))


def _share(ask: Ask, figure: Figure) -> Inline:
    """A share with so many decimals that what is held never reads as nothing."""
    tiny = figure.value is not None and 0 < figure.value < LEAST_SHOWN
    return percent(ask.lang, figure, 2 if tiny else 1)


def _held(ask: Ask, lever: Lever) -> tuple[Inline, ...]:
    lang, figure = ask.lang, lever.figure
    if figure.value is None or figure.unit not in (*HELD, "share"):
        return (number(lang, figure, 2),)
    if figure.unit == "share":
        amount = lever.amount
        if amount is None or amount.value is None:
            return (_share(ask, figure),)
        return (
            _share(ask, figure),
            " (",
            number(lang, amount, 1 if amount.value % 1 else 0),
            " ",
            catalog_text(lang, amount.unit),
            ")",
        )
    told = lang.gettext(HELD[figure.unit])
    return (Mark(figure, told % {"count": lang.number(figure.value)} if "%" in told else told),)


def chosen(ask: Ask) -> tuple[OptionMatch, ...]:
    """Three to six options: those with a relevance that can be seen, the best first."""
    seen = [match for match in ask.matches if match.relevance.value is not None and match.leverage.value]
    return tuple(seen[:MOST_OPTIONS]) if len(seen) >= FEWEST_OPTIONS else ask.matches[:FEWEST_OPTIONS]


def _relevance(ask: Ask) -> tuple[Block, ...]:
    """Say it where nothing much calls for an option."""
    known = [match.relevance for match in chosen(ask) if match.relevance.value is not None]
    highest = max(known, key=lambda figure: figure.value or 0.0, default=None)
    if highest is None:
        message = N_("No public indicator shows which options would address a risk here; the list shows means at hand, not needs.")
        return (Paragraph(compose(ask.lang, message)),)
    if (highest.value or 0.0) >= LOW_RELEVANCE:
        return ()
    message = N_("Relevance is low here: at most %(highest)s of 1. The list shows means at hand, not needs.")
    return (Paragraph(compose(ask.lang, message, highest=number(ask.lang, highest, 2))),)


def _options(ask: Ask) -> Table:
    columns = (
        N_("Option"), N_("Relevance"), N_("Leverage"), N_("Cost"), N_("Evidence"), N_("Lead time"), N_("First cautions"),
    )  # fmt: skip
    caption = say(ask.lang, N_("Options with components"))
    rows = tuple(_option(ask, match) for match in chosen(ask))
    return Table(head=head(ask.lang, *columns, numbers=(1, 2, 3)), rows=rows, caption=caption, style="xs")


def _option(ask: Ask, match: OptionMatch) -> tuple[Cell, ...]:
    lang, option = ask.lang, match.option
    cautions = [(catalog_text(lang, caution),) for caution in option.risks_and_cautions[:MOST_CAUTIONS]]
    return (
        cell(catalog_text(lang, option.name), is_head=True),
        cell(number(lang, match.relevance, 2), is_number=True),
        cell(number(lang, match.leverage, 2), is_number=True),
        cell(lang.number(match.cost, 1), is_number=True),
        cell(lang.code_text(option.evidence.grade)),
        cell(catalog_text(lang, option.lead_time)),
        cell(*listed(lang, cautions, is_long=True)),
    )


def _unknown(ask: Ask) -> tuple[tuple[Inline, ...], ...]:
    lang = ask.lang
    unseen = [ask.catalog.risk_factors[level.factor] for level in ask.levels if level.percentile.value is None]
    later = N_(
        "What happened after %(month)s: no later month is stored, and published counts of one-sided violence grow with later releases."
    )
    found = [
        compose(lang, later, month=lang.month(ask.newest)),
        compose(lang, N_("Which groups are at risk, and who would attack, enable or restrain: country figures hide small groups.")),
    ]
    if unseen:
        numbers = listed(lang, [(lang.code_text(str(factor.number)),) for factor in unseen])
        factors = "".join(part for part in numbers if isinstance(part, str))
        found.append(compose(lang, N_("Risk factors without a public indicator: %(factors)s."), factors=factors))
    if unread := [lever for lever in ask.levers if lever.channel in ASKED_FIRST and lever.figure.value is None and not lever.holders]:
        titles = listed(lang, [(catalog_text(lang, lever.title),) for lever in unread], is_long=True)
        found.append((say(lang, N_("Levers that no source loaded here shows:")), " ", *titles, "."))
    return tuple(found)


def _guards(ask: Ask) -> tuple[tuple[Inline, ...], ...]:
    lang = ask.lang
    return (
        compose(lang, N_("Ask the legal adviser for the lawful basis and for this state's own duties.")),
        compose(lang, N_("Arms refusal, non-refoulement and arrest under warrant are duties, not options.")),
        compose(lang, N_("Check each caution with people who know the place; name who owns the mitigation.")),
    )
