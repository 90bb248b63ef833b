"""Tags: ``{% t "text" %}`` and the writing of numbers, names, dates and links in the language of the page."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from babel import Locale
from django import template
from django.contrib.staticfiles import finders
from django.template.loader import get_template
from django.templatetags.static import static
from django.utils.html import conditional_escape, escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from forefend.assess.gaps import ActionGap
from forefend.assess.prefill import Suggestion
from forefend.locale import Language
from forefend.options.windows import WindowDate
from forefend.store import Figure
from forefend.web.design import charts
from forefend.web.design.dates import when_text
from forefend.web.design.freshness import months_between, newest_data
from forefend.web.design.notes import note_of
from forefend.web.design.page import Page
from forefend.web.design.values import missing_text, points_text, value_text

register = template.Library()
Context = Mapping[str, Any]
# Characters of the private use area stand in for parameters while a text is escaped; no text contains them.
FIRST_STAND_IN = 0xE000


def _page(context: Context) -> Page:
    page: Page = context["page"]
    return page


def _lang(context: Context) -> Language:
    return _page(context).lang


@register.simple_tag(takes_context=True)
def t(context: Context, message: str, **params: object) -> SafeString:
    """Translate a text. A figure given as a parameter is shown with its note; markup made by other tags stays; all else is escaped."""
    stand_ins = {name: chr(FIRST_STAND_IN + index) for index, name in enumerate(params)}
    text = str(escape(_lang(context).gettext(message, **stand_ins)))
    for name, stand_in in stand_ins.items():
        given = params[name]
        text = text.replace(stand_in, number(context, given) if isinstance(given, Figure) else conditional_escape(given))
    return mark_safe(text)  # noqa: S308 - escaped above, piece by piece


@register.simple_tag(takes_context=True)
def cat(context: Context, text: str) -> SafeString:
    """Show a text of the catalog: translated and marked while nobody has reviewed it, else in English, said to be so."""
    lang = _lang(context)
    if not text:
        return SafeString("")
    if not lang.has(text):
        return format_html('<span lang="en" dir="ltr">{}</span>', text)
    if lang.is_reviewed(text):
        return format_html("{}", lang.gettext(text))
    return format_html(
        '<span class="unreviewed">{}<span class="vh"> ({})</span></span>', lang.gettext(text), lang.gettext("unreviewed translation")
    )


@register.simple_tag(takes_context=True)
def cat_list(context: Context, entries: Iterable[Any], name: str) -> SafeString:
    """Show texts of the catalog one after another: the attribute ``name`` of each entry."""
    texts = [cat(context, getattr(entry, name)) for entry in entries]
    return format_html_join(_lang(context).gettext("; "), "{}", ((text,) for text in texts))


@register.simple_tag(takes_context=True)
def cat_plain(context: Context, text: str) -> str:
    """Return a text of the catalog as plain text, for places that take no markup."""
    return _lang(context).gettext(text)


@register.simple_tag(takes_context=True)
def link(context: Context, name: str, *args: object, **query: object) -> str:
    """Address of a page in the language of this one; the chosen state is kept."""
    return _page(context).link(name, *args, **query)


@register.simple_tag(takes_context=True)
def place(context: Context, iso3: str) -> str:
    """Name of a state."""
    return _page(context).name_of(iso3) if iso3 else ""


@register.simple_tag(takes_context=True)
def num(context: Context, value: float | None, decimals: int = 0) -> str:
    """Write a number; nothing where there is none."""
    return "" if value is None else _lang(context).number(value, decimals)


@register.simple_tag(takes_context=True)
def pct(context: Context, share: float | None, decimals: int = 0) -> str:
    """Write a share of 1 in per cent; nothing where there is none."""
    return "" if share is None else _lang(context).percent(share, decimals)


@register.simple_tag(takes_context=True)
def points(context: Context, difference: float | None) -> str:
    """Write a difference of shares of 1 in percentage points with its sign; nothing where there is none."""
    return "" if difference is None else points_text(difference, _lang(context))


@register.simple_tag(takes_context=True)
def rng(context: Context, low: float | None, high: float | None, decimals: int = 0) -> str:
    """Write a range; nothing where an end is missing."""
    return "" if low is None or high is None else _lang(context).range(low, high, decimals)


@register.simple_tag(takes_context=True)
def rng_pct(context: Context, low: float | None, high: float | None, decimals: int = 0) -> str:
    """Write a range of shares in per cent; nothing where an end is missing."""
    return "" if low is None or high is None else _lang(context).percent_range(low, high, decimals)


@register.simple_tag(takes_context=True)
def code(context: Context, text: object) -> str:
    """Write a code, address or Latin name so that it keeps its order."""
    return _lang(context).code_text(text)


@register.simple_tag(takes_context=True)
def day(context: Context, value: date | None) -> str:
    """Write a day; nothing where there is none."""
    return "" if value is None else _lang(context).date(value)


@register.simple_tag(takes_context=True)
def month(context: Context, value: date | None) -> str:
    """Write a month; nothing where there is none."""
    return "" if value is None else _lang(context).month(value)


@register.simple_tag(takes_context=True)
def value(context: Context, figure: Figure, decimals: int | None = None) -> str:
    """Write a figure's value without its note; for places where the note stands beside."""
    return value_text(figure, _lang(context), decimals=decimals)


@register.simple_tag(takes_context=True)
def missing(context: Context, reason: str) -> str:
    """Say why there is no number."""
    return missing_text(reason, _lang(context))


@register.simple_tag(takes_context=True)
def number(  # noqa: PLR0917 - given by the component, in this order
    context: Context, figure: Figure, kind: str = "", end: object = "", form: str = "", shown: str = "", decimals: int | None = None
) -> SafeString:
    """Show a figure with its source note, and remember it as shown on this page.

    ``kind`` is a class for the value; ``end`` opens the note toward the end of the line; ``shown`` replaces the
    value as written.
    """
    page = _page(context)
    page.figures[figure.id] = figure
    made = note_of(figure, page.lang, decimals=decimals, form=form)
    filled = {"note": made, "figure": figure, "kind": kind, "end": end, "shown": shown, "page": page, "lang": page.lang}
    return number_template().render(template.Context(filled))


@cache
def number_template() -> template.Template:
    """Return the template of a number, looked up once: pages hold hundreds."""
    return get_template("design/number.html").template  # type: ignore[attr-defined]


@register.simple_tag
def asset(name: str) -> str:
    """Address of a static file, with a mark that changes with its content so that browsers ask again."""
    return f"{static(name)}?v={_digest(name)}"


@cache
def _digest(name: str) -> str:
    path = finders.find(name)
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:8] if path else "0"


@register.filter
def item(mapping: Mapping[Any, Any], key: object) -> Any:
    """Return an entry of a mapping, None where there is none."""
    return mapping.get(key)


@register.simple_tag
def language_name(code: str) -> str:
    """Name of a language in that language."""
    return str(Locale.parse(code).get_display_name(code)).capitalize()


@register.simple_tag(takes_context=True)
def number_link(context: Context, identifier: str) -> str:
    """Address of a figure's rows; it names the page that shows the figure, so that it can always be made again."""
    page = _page(context)
    return page.link("number", identifier, of=page.path)


@register.simple_tag
def bar(share: float) -> str:
    """Width of a bar of 100 units for a share of 1."""
    return f"{100 * min(1.0, max(0.0, share)):.1f}"


@register.simple_tag(takes_context=True)
def data_age(context: Context) -> str:
    """Say when the deaths data end, and how many months ago that is."""
    page = _page(context)
    newest = newest_data(page.bench.store)
    if newest is None:
        return page.lang.gettext("No deaths data are loaded.")
    months = months_between(newest, page.bench.today)
    return page.lang.ngettext(
        "Deaths data end %(month)s, %(months)s month ago.",
        "Deaths data end %(month)s, %(months)s months ago.",
        months,
        month=page.lang.month(newest),
        months=page.lang.number(months),
    )


@register.simple_tag(takes_context=True)
def sources_of(context: Context, figure: Figure) -> SafeString:
    """Name the sources of a figure and its period, in short."""
    lang = _lang(context)
    titles = tuple(dict.fromkeys(snapshot.title for snapshot in figure.snapshots))
    named = format_html_join(lang.gettext("; "), "<bdi>{}</bdi>", ((title,) for title in titles))
    if not figure.period or not titles:
        return named
    return format_html("{}{}{}", named, lang.gettext(", "), lang.code_text(figure.period))


@register.simple_tag(takes_context=True)
def age(context: Context, days: int | None) -> str:
    """Write an age in years from two years on, else in months."""
    if days is None:
        return ""
    lang = _lang(context)
    months = max(0, round(days / 30.44))
    if months >= 24:
        return lang.ngettext("%(n)s year", "%(n)s years", months // 12, n=lang.number(months // 12))
    return lang.ngettext("%(n)s month", "%(n)s months", months, n=lang.number(months))


@register.simple_tag(takes_context=True)
def suggestion_title(context: Context, suggestion: Suggestion) -> SafeString:
    """Name what a suggestion rests on: a declared series, or the dated statements of the register."""
    page = _page(context)
    declared = page.bench.catalog.data_indicators.get(suggestion.rule.subject)
    if declared is not None:
        return cat(context, declared.title)
    kind, _, key = suggestion.rule.subject.partition(":")
    return format_html("{}", page.lang.code_text((key or kind).replace("_", " ")))


@register.simple_tag(takes_context=True)
def gapbar(context: Context, gap: ActionGap) -> SafeString:
    """Draw the gap of an action with the range that open questions leave."""
    return charts.gap_bar(gap, _lang(context))


@register.simple_tag
def key(kind: str) -> SafeString:
    """Draw a key of a legend."""
    return charts.key(kind)


@register.simple_tag
def strip(percentile: float | None) -> SafeString:
    """Draw a place among all states; hatched where there is none."""
    return charts.strip(percentile)


@register.simple_tag(takes_context=True)
def interval_bar(  # noqa: PLR0917 - a template gives them in this order
    context: Context, value: float | None, low: float | None, high: float | None, base: float | None, widest: float
) -> SafeString:
    """Draw a chance with its interval beside the base rate, small, on an axis shared by a table; hatched where there is none."""
    return charts.interval_bar(value, low, high, base=base, widest=widest, lang=_lang(context))


@register.simple_tag(takes_context=True)
def boundaries_note(context: Context) -> str:
    """Return the note that stands under every map."""
    return _lang(context).gettext(
        "The boundaries and names shown do not imply official endorsement or acceptance by the Government or by the makers of this "
        "software. Lines: Natural Earth, de facto; areas that carry no ISO code in that set are hatched."
    )


@register.simple_tag(takes_context=True)
def window_date(context: Context, entry: WindowDate) -> str:
    """Write when a window opens, as exactly as it is known."""
    return when_text(entry, _lang(context))
