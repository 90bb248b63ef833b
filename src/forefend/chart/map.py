"""Maps from boundaries projected beforehand (Equal Earth): the world, and a country with its neighbours.

A state without a value is hatched, never pale. Areas that carry no ISO code in the boundary set are hatched
too. Maps are not mirrored. Whoever shows a map writes the boundaries note under it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from forefend.chart.svg import frame, tag, text

BOUNDARIES = Path(__file__).parent / "boundaries"
DARK_CLASSES = {"q4", "q5"}
NEIGHBOUR_WIDTH = 420.0
GRID = 18  # cells a side of the grid on which a place for a label is sought
NEARBY = 0.3  # of the country's extent: how far a part may lie off and still be shown
SMALLEST = 80.0  # of the set's units (the world is 40,000 wide): the least extent shown
MARGIN = 0.28  # of the country's extent, shown around it
LABEL_LETTER = 6.3  # average width of a letter of a label, in the map's units


@cache
def boundaries(name: str) -> Mapping[str, Any]:
    """Return a boundary set: ``world`` (1:110 million) or ``regions`` (1:50 million)."""
    found: dict[str, Any] = json.loads((BOUNDARIES / f"{name}.json").read_text(encoding="utf-8"))
    return found


def is_drawn(iso3: str) -> bool:
    """Tell whether a state is in the set for maps of a country and its neighbours; the smallest islands are not."""
    return iso3 in boundaries("regions")["shapes"]


def world(classes: Mapping[str, str], titles: Mapping[str, str], *, own: str = "", label: str) -> str:
    """Draw the world. ``classes`` maps a state to its class (q1-q5, land); ``titles`` to what hovering tells."""
    known = boundaries("world")
    body = ""
    for code, shape in known["shapes"].items():
        title = tag("title", escape(titles[code])) if code in titles else ""
        paint = {"cls": classes[code]} if code in classes else {"fill": "url(#hatch)"}
        body += tag("path", title or " ", d=shape["d"], **paint)
    body += tag("path", cls="bord", d="".join(shape["d"] for shape in known["shapes"].values()))
    if own in known["shapes"]:
        body += tag("path", cls="outl bluS", d=known["shapes"][own]["d"])
    _, _, width, height = known["view"]
    return frame(body, width=width, height=height, label=label, cls="map")


def with_neighbours(iso3: str, neighbours: Sequence[str], *, classes: Mapping[str, str], names: Mapping[str, str], label: str) -> str:
    """Draw a country and what lies around it; ``names`` are the labels of the country and its neighbours.

    Returns an empty text when the country is too small for the boundary set.
    """
    shapes = boundaries("regions")["shapes"]
    if iso3 not in shapes:
        return ""
    x0, y0, x1, y1 = extent(shapes[iso3]["d"])
    scale = NEIGHBOUR_WIDTH / (x1 - x0)
    height = (y1 - y0) * scale
    near = {
        code: _placed(s["d"], origin=(x0, y0), scale=scale, height=height)
        for code, s in shapes.items()
        if _touches(s["box"], (x0, y0, x1, y1))
    }
    body = ""
    for code, rings in near.items():
        paint = {"cls": classes[code]} if code in classes else {"fill": "url(#hatch)"}
        path = "".join("M" + "L".join(f"{px:.1f},{py:.1f}" for px, py in ring) + "Z" for ring in rings)
        body += tag("path", d=path, **paint) + tag("path", fill="none", cls="bordk", d=path)
        if code == iso3:
            body += tag("path", cls="outl", d=path)
    cut = tag("clipPath", tag("rect", x=0, y=0, width=NEIGHBOUR_WIDTH, height=height), id=f"clip-{iso3}")
    labels = _labels([iso3, *neighbours], near, names=names, classes=classes, height=height)
    inner = cut + tag("g", body, clip_path=f"url(#clip-{iso3})") + labels
    return frame(inner, width=NEIGHBOUR_WIDTH, height=height, label=label, cls="map map--near")


def extent(path: str) -> tuple[float, float, float, float]:
    """Return the box to show: the largest part of the country and what lies near it, with a margin.

    Far parts (overseas departments, remote islands) are left out, else the country would be a dot.
    """
    boxes = sorted((_box(ring) for ring in _rings(path)), key=lambda b: -(b[2] - b[0]) * (b[3] - b[1]))
    a, b, c, e = boxes[0]
    for box in boxes[1:]:
        reach = NEARBY * max(c - a, e - b)
        if _touches(box, (a - reach, b - reach, c + reach, e + reach)):
            a, b, c, e = min(a, box[0]), min(b, box[1]), max(c, box[2]), max(e, box[3])
    wide, high = max(c - a, SMALLEST), max(e - b, SMALLEST)
    wide, high = max(wide, high * 1.05), max(high, wide * 0.75)
    x, y = (a + c) / 2, (b + e) / 2
    half_x, half_y = wide * (0.5 + MARGIN), high * (0.5 + MARGIN)
    return x - half_x, y - half_y, x + half_x, y + half_y


Ring = list[tuple[float, float]]


def _rings(path: str) -> list[Ring]:
    """Read the rings of a path of the set: a first point, then steps in whole units (``M9707,1843l-2,9 1,3z``)."""
    found = []
    for part in path.split("M")[1:]:
        first, _, steps = part.rstrip("z").partition("l")
        x, y = map(int, first.split(","))
        ring = [(float(x), float(y))]
        for step in steps.split(" "):
            dx, _, dy = step.partition(",")
            x, y = x + int(dx), y + int(dy)
            ring.append((float(x), float(y)))
        found.append(ring)
    return found


def _box(ring: Ring) -> tuple[float, float, float, float]:
    xs, ys = [px for px, _ in ring], [py for _, py in ring]
    return min(xs), min(ys), max(xs), max(ys)


def _touches(box: Sequence[float], view: Sequence[float]) -> bool:
    return box[0] < view[2] and box[2] > view[0] and box[1] < view[3] and box[3] > view[1]


def _placed(path: str, *, origin: tuple[float, float], scale: float, height: float) -> list[Ring]:
    """Move and enlarge a path to the map's units, leaving out the parts that lie outside it."""
    moved = [[((px - origin[0]) * scale, (py - origin[1]) * scale) for px, py in ring] for ring in _rings(path)]
    return [ring for ring in moved if _touches(_box(ring), (0, 0, NEIGHBOUR_WIDTH, height))]


def _labels(
    codes: Sequence[str], near: Mapping[str, Sequence[Ring]], *, names: Mapping[str, str], classes: Mapping[str, str], height: float
) -> str:
    """Label each state well inside its visible part; left out where there is no room or it would overlap another."""
    body = ""
    taken: list[tuple[float, float, float, float]] = []
    for code in codes:
        place = _inside(near.get(code, ()), height=height) if code in names else None
        if place is None:
            continue
        half = len(names[code]) * LABEL_LETTER / 2
        x, y = min(max(place[0], half + 3), NEIGHBOUR_WIDTH - half - 3), min(max(place[1] + 4, 14.0), height - 6)
        box = (x - half, y - 12, x + half, y + 4)
        if any(_touches(box, other) for other in taken):
            continue
        taken.append(box)
        is_dark = classes.get(code) in DARK_CLASSES
        fits = all(_holds(near[code], px, y - 4) for px in (x - half, x, x + half))
        if not fits:
            body += text(x, y, names[code], cls="sm halo", anchor="middle")
        body += text(x, y, names[code], cls="sm lw" if is_dark and fits else "sm lk", anchor="middle")
    return body


def _inside(rings: Sequence[Ring], *, height: float) -> tuple[float, float] | None:
    """Return the point of a grid over the map that lies farthest inside the rings, or None when none does."""
    inside = {(i, j) for j in range(1, GRID) for i in _columns_inside(rings, y=height * j / GRID)}
    if not inside:
        return None
    depth = dict.fromkeys(inside, 0)
    left, round_ = set(inside), 0
    while left:
        rim = {(i, j) for i, j in left if not {(i - 1, j), (i + 1, j), (i, j - 1), (i, j + 1)} <= left}
        round_ += 1
        depth |= dict.fromkeys(rim, round_)
        left -= rim
    best = max(depth.values())
    deepest = sorted(cell for cell, d in depth.items() if d == best)
    i, j = deepest[len(deepest) // 2]
    return NEIGHBOUR_WIDTH * i / GRID, height * j / GRID


def _columns_inside(rings: Sequence[Ring], *, y: float) -> list[int]:
    """Return the columns of the grid that lie within the rings on one line across the map (even-odd rule)."""
    crossed = _crossings(rings, y=y)
    return [i for i in range(1, GRID) if sum(x > NEIGHBOUR_WIDTH * i / GRID for x in crossed) % 2]


def _holds(rings: Sequence[Ring], x: float, y: float) -> bool:
    """Tell whether a point lies within the rings."""
    return sum(crossed > x for crossed in _crossings(rings, y=y)) % 2 == 1


def _crossings(rings: Sequence[Ring], *, y: float) -> list[float]:
    return [
        (bx - ax) * (y - ay) / (by - ay) + ax
        for ring in rings
        for (ax, ay), (bx, by) in zip(ring, ring[1:] + ring[:1], strict=True)
        if (ay > y) != (by > y)
    ]
