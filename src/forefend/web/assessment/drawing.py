"""Drawings of results: answers on their scale, gaps with what open questions leave."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString

from forefend.assess.question_results import QuestionResult
from forefend.assess.results import GroupResult
from forefend.chart import bars
from forefend.chart.svg import frame, tag, text
from forefend.locale import N_, Language
from forefend.web.design.charts import drawn

LEFT, RIGHT = 40.0, 940.0
TYPES = {
    "government": N_("Government"),
    "independent_bodies": N_("Independent bodies"),
    "civil_society": N_("Civil society"),
    "external": N_("External bodies"),
}


def answers_on_scale(result: QuestionResult, lang: Language) -> SafeString:
    """Draw the shown score of each type of respondent on the scale from 0 to 4, with the spread between them."""
    points = sorted(result.shown_type_scores.items(), key=lambda pair: pair[1])
    if not points:
        return SafeString("")
    body = tag("line", cls="ax0", x1=LEFT, x2=RIGHT, y1=40, y2=40)
    if len(points) > 1:
        body += tag("line", cls="dvl", x1=_x(points[0][1]), x2=_x(points[-1][1]), y1=40, y2=40)
    for level in range(5):
        body += tag("line", cls="tickk", x1=_x(level), x2=_x(level), y1=36, y2=44)
        body += text(_x(level), 62, lang.number(level), anchor="middle")
    names = {kind: lang.gettext(TYPES.get(kind, kind)) for kind, _ in points}
    by_score: dict[float, list[str]] = {}
    for kind, score in points:
        by_score.setdefault(score, []).append(names[kind])
    for score, together in by_score.items():
        body += tag("circle", cls="obs ring", cx=_x(score), cy=40, r=8)
        body += text(_x(score), 22, lang.gettext(", ").join(together), cls="sm lbl", anchor="middle")
    said = lang.gettext("; ").join(f"{names[kind]} {lang.number(score, 1)}" for kind, score in points)
    return drawn(frame(body, width=980, height=70, label=lang.gettext("Answers on the scale from 0 to 4: %(answers)s", answers=said)))


def gap_bar(group: GroupResult, lang: Language) -> SafeString:
    """Draw the gap of an action or sphere, 0 to 1, with the range that open questions leave."""
    figures = group.figures
    if figures is None:
        return SafeString("")
    svg = bars.gap_bar(figures.gap_low, figures.gap_high, observed=figures.gap, cautious=figures.cautious_gap)
    said = lang.gettext("range %(range)s", range=lang.range(figures.gap_low, figures.gap_high, 2))
    return format_html('{}<span class="vh">{}</span>', drawn(svg), said)


def _x(score: float) -> float:
    return LEFT + (RIGHT - LEFT) * score / 4
