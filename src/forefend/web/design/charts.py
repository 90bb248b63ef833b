"""Charts as markup for templates. Drawn by ``forefend.chart``, which escapes every text it is given."""

from __future__ import annotations

from django.utils.safestring import SafeString, mark_safe

from forefend.assess.gaps import ActionGap
from forefend.locale import Language

TRACK = '<rect class="trk" x="0" y="6" width="230" height="8"/>'


def gap_bar(gap: ActionGap, lang: Language) -> SafeString:
    low, high = gap.gap_low.value or 0.0, gap.gap_high.value or 0.0
    x, w = 230 * low, 230 * (high - low)
    kind = 'fill="url(#hatch)"' if gap.gap.value is None else 'class="rng"'
    mark = "" if gap.gap.value is None else f'<rect class="known" x="{230 * gap.gap.value - 2:.1f}" y="2" width="4" height="16"/>'
    words = lang.gettext("range %(range)s", range=lang.range(low, high, 2))
    return mark_safe(
        f'<svg class="mirror" viewBox="0 0 230 20" width="230" height="20" aria-hidden="true">{TRACK}<rect {kind} x="{x:.1f}" y="6" width="{w:.1f}" height="8"/>{mark}</svg><span class="vh">{words}</span>'
    )


def gap_key(kind: str) -> SafeString:
    fill = 'class="rng"' if kind == "known" else 'fill="url(#hatch)"'
    mark = '<rect class="known" x="34" y="2" width="4" height="16"/>' if kind == "known" else ""
    return mark_safe(
        f'<svg class="mirror" viewBox="0 0 90 20" width="90" height="20" aria-hidden="true"><rect class="trk" x="0" y="6" width="90" height="8"/><rect {fill} x="25" y="6" width="30" height="8"/>{mark}</svg> '
    )
