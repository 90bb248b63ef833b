"""The little that all charts share: elements, a labelled frame, and round axis steps.

Charts carry classes and no style, so that the page's or the print's style sheet colours them, and a
strict content policy holds. A chart with a numeric or time axis is never mirrored.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

STEPS = (1, 2, 5, 10)


def tag(name: str, content: str = "", /, **attributes: object) -> str:
    """Return one element; ``cls`` becomes class, underscores become hyphens, None is left out."""
    parts = [
        f' {"class" if key == "cls" else key.replace("_", "-")}="{escape(_plain(value))}"'
        for key, value in attributes.items()
        if value is not None
    ]
    return f"<{name}{''.join(parts)}>{content}</{name}>" if content else f"<{name}{''.join(parts)}/>"


def text(x: float, y: float, content: str, /, *, cls: str = "sm", anchor: str = "start") -> str:
    """Return a label; its content is escaped."""
    return tag("text", escape(content), cls=cls, x=x, y=y, text_anchor=None if anchor == "start" else anchor)


def frame(body: str, *, width: float, height: float, label: str, cls: str | None = None, view: Sequence[float] = ()) -> str:
    """Return a whole chart, read out by assistive technology as its label; an empty label hides it from them."""
    box = " ".join(_plain(value) for value in view) if view else f"0 0 {_plain(width)} {_plain(height)}"
    told = {"role": "img", "aria_label": label} if label else {"aria_hidden": "true"}
    return tag("svg", body, cls=cls, viewBox=box, width=width, height=height, direction="ltr", xmlns="http://www.w3.org/2000/svg", **told)


def hatch(identifier: str = "hatch") -> str:
    """Return the pattern that means: not known. A page or document holds it once."""
    inner = tag("rect", cls="hbg", width=5, height=5) + tag("path", cls="hl", d="M0 0v5")
    pattern = tag(
        "pattern", inner, id=identifier, width=5, height=5, patternUnits="userSpaceOnUse", patternTransform="rotate(45)"
    )  # fmt: skip
    return tag("svg", tag("defs", pattern), width=0, height=0, aria_hidden="true", focusable="false")


def ticks(highest: float, *, about: int = 5, is_count: bool = False) -> list[float]:
    """Return round steps from 0 to at least ``highest``; an axis that counts has no parts of one."""
    if highest <= 0:
        return [0.0, 1.0]
    rough = highest / about
    power = 10.0 ** math.floor(math.log10(rough))
    step = max(next(s * power for s in STEPS if s * power >= rough - 1e-12), 1.0 if is_count else 0.0)
    return [round(step * n, 10) for n in range(math.ceil(highest / step - 1e-9) + 1)]


def _plain(value: object) -> str:
    if isinstance(value, float):
        shown = f"{value:.1f}"
        return shown.removesuffix(".0")
    return str(value)
