"""Tags and filters of the assessment's pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from forefend.assess.checks import Finding
from forefend.assess.transitions import TITLES, Transition
from forefend.catalog import Catalog
from forefend.locale import N_, Language
from forefend.web.accounts.roles import COORDINATE, PUBLISH, READ_ANSWERS, READ_RESULTS
from forefend.web.assessment import words
from forefend.web.design.marking import Marking, sentence_of
from forefend.web.design.page import Page
from forefend.web.library.words import CRITICALITY

register = template.Library()
Context = dict[str, Any]

TABS: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("gaps", "round", N_("Gaps"), (READ_RESULTS, COORDINATE)),
    ("opportunities", "round-opportunities", N_("Opportunities"), (READ_RESULTS, COORDINATE)),
    ("compare", "round-compare", N_("Comparison"), (READ_RESULTS, COORDINATE)),
    ("reconcile", "round-reconcile", N_("Questions to reconcile"), (READ_ANSWERS,)),
    ("checks", "round-checks", N_("Standing checks"), (READ_ANSWERS, COORDINATE)),
    ("institutions", "round-institutions", N_("Institutions"), (READ_ANSWERS, COORDINATE)),
    ("conditions", "round-conditions", N_("State profile"), (READ_RESULTS, COORDINATE)),
    ("public", "round-public", N_("What is public"), (PUBLISH,)),
    ("take", "round-take", N_("Take along"), (READ_RESULTS, COORDINATE)),
)
PUBLIC = {
    "sphere": N_("Figures of a sphere"),
    "action": N_("Figures of an action"),
    "blocking": N_("A blocking gap"),
    "strength": N_("What already protects"),
}
VERBS = {
    "submit": N_("Begin the review"),
    "return": N_("Return to the institutions"),
    "review": N_("Mark as reviewed"),
    "adopt": N_("Adopt the result"),
    "archive": N_("Put the round away"),
}
STEPS = {
    ("draft", "submitted"): N_("Every institution has handed in or was closed. Review begins."),
    ("returned", "submitted"): N_("What was asked has been changed. Review goes on."),
    ("submitted", "returned"): N_("Institutions with open requests can change their answers again; all of them where there is no request."),
    ("reviewed", "returned"): N_("Institutions with open requests can change their answers again; all of them where there is no request."),
    ("submitted", "reviewed"): N_("The answers are settled. The result waits to be adopted."),
    ("reviewed", "adopted"): N_("The result is kept as it is today, for ever. Later changes need a new round."),
    ("adopted", "archived"): N_("The round is put away. It stays readable and comparable."),
}


def _page(context: Context) -> Page:
    return context["page"]


def _lang(context: Context) -> Language:
    return context["lang"]


@register.simple_tag(takes_context=True)
def nt(context: Context, one: str, many: str, n: int) -> str:
    """Translate a text that counts."""
    lang = _lang(context)
    return lang.ngettext(one, many, n, n=lang.number(n))


@register.simple_tag(takes_context=True)
def stage_word(context: Context, stage: str) -> str:
    """Name a stage."""
    return _lang(context).gettext(TITLES[stage])


@register.filter
def stage_text(stage: str, lang: Language) -> str:
    """Name a stage within a sentence."""
    return lang.gettext(TITLES[stage]).lower()


@register.simple_tag(takes_context=True)
def verb_word(context: Context, verb: str) -> str:
    """Name a step of a round as its button does."""
    return _lang(context).gettext(VERBS[verb])


@register.simple_tag(takes_context=True)
def step_sentence(context: Context, step: Transition) -> str:
    """Say what a step does."""
    return _lang(context).gettext(STEPS[step.source, step.target])


@register.simple_tag(takes_context=True)
def waits_for(context: Context, who: str) -> str:
    """Name who has to act."""
    return _lang(context).gettext(words.WAITS_FOR[who])


@register.simple_tag(takes_context=True)
def round_tabs(context: Context, round: Any, tab: str, n_disputed: int = 0) -> SafeString:  # noqa: A002 - the field's word
    """Link the parts of a round that the reader may open."""
    page = _page(context)
    links = []
    for name, address, title, permissions in TABS:
        if not page.may & set(permissions):
            continue
        text = page.lang.gettext(title) + (f" ({page.lang.number(n_disputed)})" if name == "reconcile" and n_disputed else "")
        links.append((page.link(address, round.pk), SafeString(' aria-current="page"') if name == tab else "", text))
    return format_html_join(" ", '<a href="{}"{}>{}</a>', links)


@register.simple_tag(takes_context=True)
def round_downloads(context: Context, round: Any) -> SafeString:  # noqa: A002 - the field's word
    """Link what of a round can be taken along; nothing while there is no such address."""
    from django.urls import NoReverseMatch

    page = _page(context)
    titles = {
        "pdf": page.lang.gettext("Gap report, PDF"),
        "docx": page.lang.gettext("Gap report, Word"),
        "xlsx": page.lang.gettext("Gap report, Excel with every step as a formula"),
        "html": page.lang.gettext("Gap report, web page"),
        "json": page.lang.gettext("Gap report, JSON"),
    }
    try:
        links = [(page.link("round-report", round.pk, ending), title) for ending, title in titles.items()]
    except NoReverseMatch:
        return SafeString("")
    return format_html('<ul class="plain">{}</ul>', format_html_join("", '<li><a href="{}">{}</a></li>', links))


@register.simple_tag(takes_context=True)
def question_link(context: Context, round: Any, question: str) -> SafeString:  # noqa: A002 - the field's word
    """Link a question for those who may read the answers; its number alone for others."""
    page = _page(context)
    shown = page.lang.code_text(question)
    if READ_ANSWERS not in page.may:
        return format_html("{}", shown)
    return format_html('<a href="{}">{}</a>', page.link("round-question", round.pk, question), shown)


@register.simple_tag(takes_context=True)
def answer_word(context: Context, answer: Any) -> str:
    """Say an answer in a word or number."""
    return answer_text(answer, _lang(context))


@register.filter
def answer_text(answer: Any, lang: Language) -> str:
    """Say an answer in a word or number."""
    return _said(answer.kind, answer.value, lang)


@register.simple_tag(takes_context=True)
def content_word(context: Context, content: dict[str, Any]) -> str:
    """Say what an older text answered."""
    return _said(content["kind"], content["value"], _lang(context))


def _said(kind: str, value: float | None, lang: Language) -> str:
    if kind == "level" and value is not None:
        return lang.gettext("level %(level)s", level=lang.number(value))
    if kind == "number" and value is not None:
        return lang.number(value, 0 if value == int(value) else 2)
    return lang.gettext(words.KINDS[kind])


@register.filter
def places(findings: Sequence[Finding], catalog: Catalog) -> list[Finding]:
    """Return findings of which each points at another question, or else action, in the order of the catalog."""
    order = {identifier: place for place, identifier in enumerate((*catalog.questions, *catalog.actions))}
    first: dict[str, Finding] = {}
    for finding in findings:
        first.setdefault(finding.question or finding.action, finding)
    return [first[place] for place in sorted(first, key=lambda known: order.get(known, len(order))) if place]


@register.filter
def chose(answer: Any, anchor: Any) -> bool:
    """Tell whether an answer is this one."""
    if not answer:
        return False
    return anchor.value == (f"level:{int(answer.value)}" if answer.kind == "level" and answer.value is not None else answer.kind)


@register.simple_tag(takes_context=True)
def finding_text(context: Context, finding: Finding) -> str:
    """Say what a check found; a condition among its values is a text of the catalog."""
    lang = _lang(context)
    params = {name: lang.gettext(str(v)) if name == "condition" else v for name, v in finding.params.items()}
    return lang.gettext(finding.sentence, **params)


@register.simple_tag(takes_context=True)
def question_state(context: Context, result: Any) -> str:
    """Say why a question has no score."""
    lang = _lang(context)
    return {
        "unknown": lang.gettext("unknown"),
        "unanswered": lang.gettext("not answered"),
        "not_applicable": lang.gettext("not applicable"),
        "answered": "",
    }[result.state]


@register.simple_tag(takes_context=True)
def type_scores(context: Context, result: Any) -> SafeString:
    """List the shown scores of each kind of respondent."""
    lang = _lang(context)
    rows = [(lang.gettext(words.TYPES.get(kind, kind)), lang.number(score, 1)) for kind, score in result.shown_type_scores.items()]
    return format_html_join(SafeString("<br>"), "{} <b>{}</b>", rows)


@register.simple_tag(takes_context=True)
def type_word(context: Context, kind: str) -> str:
    """Name a kind of respondent."""
    return _lang(context).gettext(words.TYPES.get(kind, kind))


@register.simple_tag(takes_context=True)
def criticality(context: Context, question: Any) -> str:
    """Name how much a question weighs."""
    return _lang(context).gettext(CRITICALITY[question.criticality])


@register.simple_tag(takes_context=True)
def public_word(context: Context, kind: str) -> str:
    """Name a kind of item that can be made public."""
    return _lang(context).gettext(PUBLIC[kind])


@register.simple_tag(takes_context=True)
def tlp_sentence(context: Context, label: str) -> str:
    """Say who may read what is marked so."""
    return sentence_of(label, _lang(context))


@register.simple_tag
def tlp_chip(label: str) -> SafeString:
    """Show a marking."""
    colour = Marking(label=label, sentence="").colour
    return format_html('<span class="tlp{}">TLP:{}</span>', "" if colour == "clear" else f" tlp--{colour}", label)


@register.filter
def tlp_of(piece: Any) -> Marking:
    """Return the marking of a piece of evidence."""
    return Marking(label=piece.marking, sentence="")


@register.simple_tag(takes_context=True)
def ends(context: Context, value: Any) -> str:
    """Write both ends of a priority; one number where they are equal."""
    lang = _lang(context)
    return lang.number(value.low, 2) if value.high - value.low < 0.005 else lang.range(value.low, value.high, 2)


@register.simple_tag(takes_context=True)
def part_of(context: Context, entry: Any, name: str) -> str:
    """Write one component of an opportunity."""
    return ends(context, entry.part(name))


@register.simple_tag(takes_context=True)
def ends_of(context: Context, harm: Any) -> str:
    """Write what harm is left."""
    return _lang(context).number(harm.left, 2)


@register.simple_tag(takes_context=True)
def rank_span(context: Context, entry: Any) -> SafeString:
    """Write between which ranks an option would stand under other weights; nothing where it never moves."""
    lang = _lang(context)
    ranks = [*entry.ranks.values(), entry.rank]
    if min(ranks) == max(ranks):
        return SafeString("")
    return format_html(' <span class="note">{}</span>', lang.range(min(ranks), max(ranks), 0))


@register.filter
def two(value: float | None, lang: Language) -> str:
    """Write a number with two decimals; a dash where there is none."""
    return "–" if value is None else lang.number(value, 2)


@register.filter
def one(value: float | None, lang: Language) -> str:
    """Write a number with at most one decimal; a dash where there is none."""
    return "–" if value is None else lang.number(value, 0 if value == int(value) else 1)


@register.filter
def whole(value: float, lang: Language) -> str:
    """Write a whole number."""
    return lang.number(value)


@register.filter
def share(value: float | None, lang: Language) -> str:
    """Write a share in per cent; a dash where there is none."""
    return "–" if value is None else lang.percent(value)


@register.filter
def a_day(value: date, lang: Language) -> str:
    """Write a day within a sentence."""
    return lang.date(value)


@register.filter
def plain_number(value: float) -> str:
    """Write a number as forms read it back."""
    return f"{value:g}" if value != int(value) or abs(value) >= 1e15 else str(int(value))


@register.filter
def add_text(first: object, second: object) -> str:
    """Join two texts."""
    return f"{first}{second}"


@register.filter
def level_or_unknown(score: float | None, lang: Language) -> str:
    """Write a level, or that it cannot be known."""
    return lang.gettext("unknown") if score is None else lang.gettext("level %(level)s", level=one(score, lang))


@register.filter
def sure_word(word: str, lang: Language) -> str:
    """Name a confidence."""
    return lang.gettext(words.SURE[word])


@register.filter
def gap_change(change: Any, lang: Language) -> str:
    """Write how a cautious gap moved, with its sign; a dash where it cannot be said."""
    if change.before.figures is None or change.now.figures is None:
        return "–"
    moved = change.now.figures.cautious_gap - change.before.figures.cautious_gap
    return lang.isolate(f"{'+' if moved > 0 else '−' if moved < 0 else ''}{lang.number(abs(moved), 2)}")


@register.filter
def score_change(change: Any, lang: Language) -> str:
    """Write a score then and now."""
    then = None if change.before is None or change.before.is_withheld else change.before.score
    now = None if change.now is None or change.now.is_withheld else change.now.score
    return lang.gettext("%(then)s, now %(now)s", then=one(then, lang), now=one(now, lang))
