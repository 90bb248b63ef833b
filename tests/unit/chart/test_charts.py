"""Charts: valid SVG with classes and no style, told in words, never mirrored, and right about what they draw."""

from __future__ import annotations

import re
from datetime import date
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forefend.chart.bars import gap_bar, interval, outcomes, percentile_strip
from forefend.chart.fan import Band, fan
from forefend.chart.map import BOUNDARIES, boundaries, extent, is_drawn, with_neighbours, world
from forefend.chart.svg import hatch, ticks
from forefend.locale import language
from forefend.places import neighbours, universe

EN = language("en")
HISTORY = [(date(2023 + n // 12, n % 12 + 1, 1), float(n * 10 % 130)) for n in range(24)]
BANDS = [Band(month=date(2025, n, 1), q05=0, q25=5, q50=40, q75=90, q95=400) for n in range(1, 13)]


def drawn() -> dict[str, str]:
    return {
        "fan": fan(HISTORY, BANDS, lang=EN, label="Deaths & forecast"),
        "interval": interval(0.079, 0.048, 0.108, base=0.014, lang=EN, label="Chance"),
        "percentile": percentile_strip(95),
        "none": percentile_strip(None),
        "gap": gap_bar(0.1, 0.6, observed=0.3, cautious=0.7),
        "outcomes": outcomes([(2024, BANDS[0], 12.0), (2025, BANDS[1], None)], lang=EN, label="Past"),
        "world": world({"SDN": "q5"}, {"SDN": "Sudan <2,316>"}, own="GHA", label="World"),
        "near": with_neighbours("SDN", neighbours("SDN"), classes={"SDN": "q5"}, names={"SDN": "Sudan 2,316"}, label="Sudan"),
    }


@pytest.mark.parametrize("name", list(drawn()))
def test_a_chart_is_well_formed_and_has_no_style(name: str) -> None:
    svg = drawn()[name]
    root = ET.fromstring(svg)  # noqa: S314 - our own text
    assert root.tag.endswith("svg")
    assert "style=" not in svg
    assert "<script" not in svg
    assert root.get("direction") == "ltr"


@pytest.mark.parametrize("name", ["fan", "interval", "outcomes", "world", "near"])
def test_a_chart_is_told_in_words(name: str) -> None:
    root = ET.fromstring(drawn()[name])  # noqa: S314 - our own text
    assert root.get("role") == "img"
    assert root.get("aria-label")


def test_no_place_is_hatched_and_never_pale() -> None:
    assert "url(#hatch)" in percentile_strip(None)
    assert "circle" not in percentile_strip(None)
    assert 'id="hatch"' in hatch()


def test_the_worst_fifth_has_the_colour_of_risk() -> None:
    assert 'class="pt ring"' in percentile_strip(80)
    assert 'class="obs ring"' in percentile_strip(79.9)


def test_states_without_a_value_are_hatched_on_the_map() -> None:
    svg = world({"SDN": "q5"}, {}, label="World")
    assert svg.count("url(#hatch)") == len(boundaries("world")["shapes"]) - 1


def test_a_title_on_the_map_is_escaped() -> None:
    assert "Sudan &lt;2,316&gt;" in drawn()["world"]


def test_nearly_every_forecast_state_can_be_drawn() -> None:
    missing = {iso3 for iso3 in universe("ucdp") if not is_drawn(iso3)}
    assert missing == set()


def test_overseas_parts_do_not_shrink_a_country() -> None:
    a, b, c, e = extent(boundaries("regions")["shapes"]["FRA"]["d"])
    assert c - a < 4000
    assert e - b < 4000


def test_a_state_too_small_for_the_set_has_no_map() -> None:
    assert with_neighbours("TUV", (), classes={}, names={}, label="Tuvalu") == ""


@given(st.floats(0.001, 1e7))
def test_axis_steps_begin_at_zero_and_reach_the_top(highest: float) -> None:
    steps = ticks(highest)
    assert steps[0] == 0
    assert steps[-1] >= highest * (1 - 1e-9)
    assert 2 <= len(steps) <= 8


@given(st.integers(0, 10_000_000))
def test_an_axis_that_counts_has_whole_steps(highest: int) -> None:
    assert all(step == int(step) for step in ticks(highest, is_count=True))


def test_one_death_is_not_drawn_in_parts() -> None:
    svg = fan([(date(2024, 1, 1), 1.0)], [], lang=EN, label="One")
    assert [node.text for node in ET.fromstring(svg).iter() if node.get("class") == "axt"][:2] == ["0", "1"]  # noqa: S314 - our own text


def test_the_worst_month_is_named() -> None:
    assert "January 2024: 120" in drawn()["fan"]


def test_labels_keep_their_order_in_right_to_left_text() -> None:
    svg = fan(HISTORY, BANDS, lang=language("ar"), label="x")
    labels = [node.text or "" for node in ET.fromstring(svg).iter() if node.tag.endswith("text")]  # noqa: S314 - our own text
    assert labels
    assert all(label.startswith("\u2068") and label.endswith("\u2069") for label in labels)


def test_a_label_wider_than_its_country_stays_readable() -> None:
    narrow = with_neighbours("CHL", (), classes={"CHL": "q5"}, names={"CHL": "Chile 2,316"}, label="Chile")
    wide = with_neighbours("SDN", (), classes={"SDN": "q5"}, names={"SDN": "Sudan 2,316"}, label="Sudan")
    assert 'class="sm halo"' in narrow
    assert 'class="sm lw"' not in narrow
    assert 'class="sm lw"' in wide


def test_boundary_sets_are_small() -> None:
    sizes = {path.stem: path.stat().st_size for path in BOUNDARIES.glob("*.json")}
    assert sizes["world"] < 300_000
    assert sizes["regions"] < 900_000


@given(st.floats(0, 100))
def test_a_percentile_lies_on_its_strip(percentile: float) -> None:
    found = re.search(r'cx="([\d.]+)"', percentile_strip(percentile))
    assert found is not None
    assert 0 <= float(found.group(1)) <= 190
