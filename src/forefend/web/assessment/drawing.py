"""Drawings of results: answers on their scale, gaps with what open questions leave."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.html import format_html
from django.utils.safestring import SafeString

from forefend.assess.question_results import QuestionResult
from forefend.assess.results import GroupResult
from forefend.chart import bars
from forefend.chart.svg import frame, tag, text
from forefend.locale import N_, Language
from forefend.web.design.charts import drawn

LEFT, RIGHT, WIDTH = 40.0, 940.0, 980
LINE = 18
LETTER = 9.0  # width, generous for the widest script
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
    names = {kind: lang.gettext(TYPES.get(kind, kind)) for kind, _ in points}
    by_score: dict[float, list[str]] = {}
    for kind, score in points:
        by_score.setdefault(score, []).append(names[kind])
    labels = _labels({score: lang.gettext(", ").join(together) for score, together in by_score.items()})
    axis = 22 + LINE * (1 + max(row for *_, row in labels))
    body = tag("line", cls="ax0", x1=LEFT, x2=RIGHT, y1=axis, y2=axis)
    if len(points) > 1:
        body += tag("line", cls="dvl", x1=_x(points[0][1]), x2=_x(points[-1][1]), y1=axis, y2=axis)
    for level in range(5):
        body += tag("line", cls="tickk", x1=_x(level), x2=_x(level), y1=axis - 4, y2=axis + 4)
        body += text(_x(level), axis + 22, lang.number(level), anchor="middle")
    for score, name, at, row in labels:
        body += tag("circle", cls="obs ring", cx=_x(score), cy=axis, r=8)
        body += text(at, axis - LINE * (1 + row), name, cls="sm lbl", anchor="middle")
    said = lang.gettext("; ").join(f"{names[kind]} {lang.number(score, 1)}" for kind, score in points)
    return drawn(
        frame(body, width=WIDTH, height=axis + 30, label=lang.gettext("Answers on the scale from 0 to 4: %(answers)s", answers=said))
    )


def _labels(named: Mapping[float, str]) -> list[tuple[float, str, float, int]]:
    """Place the name of each score: where its middle is, and on which row above the scale, so that no two touch."""
    ends: list[float] = []  # of the last name on each row
    placed = []
    for score, name in named.items():
        half = len(name) * LETTER / 2
        at = min(max(_x(score), half), WIDTH - half)
        row = next((n for n, end in enumerate(ends) if at - half > end), len(ends))
        ends[row : row + 1] = [at + half + LETTER]
        placed.append((score, name, at, row))
    return placed


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
