"""The drawing of reliability: on the diagonal where chances and shares agree, and nothing outside the frame."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from forefend.chart.reliability import LEFT, SIZE, TOP, Bin, reliability
from forefend.locale import language


def dots(*bins: Bin) -> list[tuple[float, float]]:
    tree = ET.fromstring(reliability(bins, lang=language("en"), label="Forecast & observed"))  # noqa: S314 - made here
    assert tree.get("aria-label") == "Forecast & observed"
    return [(float(dot.get("cx", "")), float(dot.get("cy", ""))) for dot in tree.iter("{http://www.w3.org/2000/svg}circle")]


@pytest.mark.parametrize("share", [0.001, 0.02, 0.3, 1.0])
def test_equal_shares_lie_on_the_diagonal(share: float) -> None:
    ((x, y),) = dots(Bin(forecast=share, observed=share, low=share / 2, high=min(1.0, share * 2)))
    assert x - LEFT == pytest.approx(TOP + SIZE - y, abs=0.15)


def test_nothing_that_came_is_drawn_at_the_foot() -> None:
    ((_, y),) = dots(Bin(forecast=0.002, observed=0.0, low=0.0, high=0.01))
    assert y == TOP + SIZE
