"""Which of the offered languages a browser asks for."""

from __future__ import annotations

from forefend.web.project.offered import OFFERED


def preferred_language(header: str, *, default: str) -> str:
    """Return the spoken language the header ranks highest; a damaged header counts as none."""
    ranked = []
    for part in header[:500].split(","):
        name, _, weight = part.strip().partition(";q=")
        code = name.strip().lower().partition("-")[0]
        if code in OFFERED:
            ranked.append((_weight(weight), code))
    best = max(ranked, default=(0.0, ""), key=lambda pair: pair[0])
    if best[0] > 0:
        return best[1]
    return default if default in OFFERED else "en"


def _weight(text: str) -> float:
    try:
        return float(text) if text else 1.0
    except ValueError:
        return 0.0
