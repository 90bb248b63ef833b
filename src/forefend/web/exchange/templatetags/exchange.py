"""Names of files and tables on the pages of what goes out and in."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.safestring import SafeString

from forefend.locale import N_, Language
from forefend.web.design.templatetags.forefend import cat

register = template.Library()
Context = dict[str, Any]

FORM_TITLES = {
    "pdf": N_("PDF"),
    "docx": N_("Word"),
    "xlsx": N_("Excel"),
    "html": N_("Web page"),
    "json": N_("JSON"),
}
FORM_USES = {
    "pdf": N_("To print and to send: tagged for screen readers"),
    "docx": N_("To be edited: headings, tables and notes as Word knows them"),
    "xlsx": N_("To check the calculation: every step is a formula that can be followed"),
    "html": N_("To read without a program of its own, in one file"),
    "json": N_("For other programs: each figure with where it comes from"),
}
TABLE_TITLES = {
    "institutions": N_("Institutions"),
    "asked": N_("Questions asked"),
    "answers": N_("Answers"),
    "versions": N_("Versions of answers"),
    "clashes": N_("Texts that clashed"),
    "requests": N_("Requests for change"),
    "rulings": N_("Reconciled levels, with their reasons"),
    "conditions": N_("State profile"),
    "results": N_("Results by question"),
    "groups": N_("Results by action and sphere"),
    "evidence": N_("Evidence, as a list"),
    "record": N_("Record of changes"),
}


def _lang(context: Context) -> Language:
    return context["lang"]


@register.simple_tag(takes_context=True)
def form_title(context: Context, ending: str) -> str:
    """Name a form of the report."""
    return _lang(context).gettext(FORM_TITLES[ending])


@register.simple_tag(takes_context=True)
def form_use(context: Context, ending: str) -> str:
    """Say what a form of the report is for."""
    return _lang(context).gettext(FORM_USES[ending])


@register.simple_tag(takes_context=True)
def table_title(context: Context, name: str) -> str:
    """Name a table of a round's data."""
    return _lang(context).gettext(TABLE_TITLES[name])


@register.simple_tag(takes_context=True)
def arriving_title(context: Context, state: str, n: int) -> str:
    """Say how many answers of a file are new, changed or clash."""
    lang = _lang(context)
    count = lang.number(n)
    if state == "clash":
        return lang.ngettext("%(n)s answer clashes", "%(n)s answers clash", n, n=count)
    if state == "changed":
        return lang.ngettext("%(n)s answer changes", "%(n)s answers change", n, n=count)
    return lang.ngettext("%(n)s answer is new", "%(n)s answers are new", n, n=count)


@register.simple_tag(takes_context=True)
def question_text(context: Context, catalog: Any, identifier: str) -> SafeString:
    """Write a question of the round's catalog."""
    return cat(context, catalog.questions[identifier].text)
