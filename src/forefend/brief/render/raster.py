"""A drawing as PNG, for Word: the few elements that the charts use, coloured by the style sheet of print.

Word draws SVG from 2016 on, and leaves out patterns; the hatching that means "not known" would be lost. A picture
looks the same in every word processor.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from forefend.chart import CSS, FONTS

if TYPE_CHECKING:
    from PIL import Image, ImageFont

Point = tuple[float, float]
Style = Mapping[str, str]
SCALE = 3.0  # pixels of the picture to one unit of the drawing: some 290 to the inch
FINER = 2  # drawn larger by this and reduced, which smooths the edges
RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
STEP = re.compile(r"([MLHVZmlhvz])|(-?\d*\.?\d+(?:e-?\d+)?)")
HATCH = "url(#hatch)"
HATCH_EVERY = 5.0
BOLD = "600"
INHERITED = ("fill", "stroke", "stroke-width", "stroke-dasharray", "font-size", "font-weight")
ANCHORS = {"start": "ls", "middle": "ms", "end": "rs"}


def png(svg: str, *, is_mirrored: bool = False) -> bytes:
    """Return the drawing as PNG; ``is_mirrored`` turns those drawings round that a right-to-left page turns round."""
    from PIL import Image, ImageOps

    root = ET.fromstring(svg)  # noqa: S314 - drawings are made by the chart module, never read from outside
    left, top, width, height = (float(part) for part in root.attrib["viewBox"].split())
    scale = SCALE * FINER
    image = Image.new("RGB", (max(1, round(width * scale)), max(1, round(height * scale))), "#ffffff")
    _draw(root, _Sheet(image, scale=scale, origin=(left, top)), {"fill": "#14181d", "stroke-width": "1"})
    image = image.resize((max(1, image.width // FINER), max(1, image.height // FINER)), Image.Resampling.LANCZOS)
    if is_mirrored and "mirror" in root.get("class", "").split():
        image = ImageOps.mirror(image)
    target = io.BytesIO()
    image.save(target, "PNG", optimize=True, dpi=(96 * SCALE, 96 * SCALE))
    return target.getvalue()


def size(svg: str) -> tuple[float, float]:
    """Return width and height of a drawing in its own units, 96 to the inch."""
    root = ET.fromstring(svg)  # noqa: S314 - as above
    return float(root.attrib["width"]), float(root.attrib["height"])


@dataclass
class _Sheet:
    """What is drawn on, and how its units become pixels."""

    image: Image.Image
    scale: float
    origin: Point
    clips: dict[str, tuple[Point, Point]] = field(default_factory=dict)

    def at(self, x: float, y: float) -> Point:
        return (x - self.origin[0]) * self.scale, (y - self.origin[1]) * self.scale


def _draw(node: ET.Element, sheet: _Sheet, inherited: Style) -> None:
    style = {name: value for name, value in inherited.items() if name in INHERITED} | _style(node)
    name = _name(node)
    drawer = DRAWERS.get(name)
    if drawer:
        drawer(node, sheet, style)
    elif name in ("svg", "g"):
        for child in node:
            _draw(child, sheet, style)


def _name(node: ET.Element) -> str:
    return node.tag.rpartition("}")[2]


def _style(node: ET.Element) -> dict[str, str]:
    rules = _rules()
    style = dict(node.attrib) | dict(rules.get(_name(node), {}))
    asked = set(node.get("class", "").split())
    for name, entries in rules.items():  # in the order of the sheet: of two classes the later one holds
        if name.startswith(".") and name[1:] in asked:
            style |= entries
    return style


@cache
def _rules() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for name, body in RULE.findall((CSS / "drawing.css").read_text(encoding="utf-8")):
        entries = (entry.split(":") for entry in body.split(";") if ":" in entry)
        found.setdefault(name.strip(), {}).update({key.strip(): value.strip() for key, value in entries})
    return found


def _number(node: ET.Element, name: str) -> float:
    return float(node.get(name, "0"))


def _rect(node: ET.Element, sheet: _Sheet, style: Style) -> None:
    x, y = _number(node, "x"), _number(node, "y")
    right, bottom = x + _number(node, "width"), y + _number(node, "height")
    _fill([[(x, y), (right, y), (right, bottom), (x, bottom)]], sheet, style)


def _circle(node: ET.Element, sheet: _Sheet, style: Style) -> None:
    from PIL import ImageDraw

    x, y = sheet.at(_number(node, "cx"), _number(node, "cy"))
    radius, pen = _number(node, "r") * sheet.scale, _pen(style, sheet)
    draw = ImageDraw.Draw(sheet.image)
    if pen:
        edge = radius + pen / 2
        draw.ellipse((x - edge, y - edge, x + edge, y + edge), fill=style["stroke"])
        radius -= pen / 2
    if style["fill"] != "none":
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=style["fill"])


def _line(node: ET.Element, sheet: _Sheet, style: Style) -> None:
    ends = [(_number(node, "x1"), _number(node, "y1")), (_number(node, "x2"), _number(node, "y2"))]
    _stroke([ends], sheet, style)


def _points(node: ET.Element) -> list[Point]:
    numbers = [float(part) for part in node.get("points", "").replace(",", " ").split()]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def _polygon(node: ET.Element, sheet: _Sheet, style: Style) -> None:
    _fill([_points(node)], sheet, style)


def _polyline(node: ET.Element, sheet: _Sheet, style: Style) -> None:
    if style["fill"] != "none":
        _fill([_points(node)], sheet, {**style, "stroke": "none"})
    _stroke([_points(node)], sheet, style)


def _path(node: ET.Element, sheet: _Sheet, style: Style) -> None:
    parts = list(_parts(node.get("d", "")))
    _fill([points for points, _ in parts], sheet, {**style, "stroke": "none"})
    _stroke([[*points, points[0]] if is_closed else points for points, is_closed in parts], sheet, style)


def _parts(path: str) -> Iterator[tuple[list[Point], bool]]:
    """Read a path of straight lines part by part, and whether each is closed."""
    numbers: list[float] = []
    command, points, here = "M", list[Point](), (0.0, 0.0)
    for letter, number in STEP.findall(path):
        if letter in ("Z", "z"):
            yield points, True
            here, points = points[0], []
        elif letter:
            if letter in "Mm" and points:
                yield points, False
                points = []
            command, numbers = letter, []
        else:
            numbers.append(float(number))
            if len(numbers) == (1 if command in "HVhv" else 2):
                here, numbers = _moved(command, here, numbers), []
                points.append(here)
                command = {"M": "L", "m": "l"}.get(command, command)
    if points:
        yield points, False


def _moved(command: str, here: Point, numbers: Sequence[float]) -> Point:
    x, y = here
    kind = command.upper()
    dx, dy = (numbers[0], 0.0) if kind == "H" else (0.0, numbers[0]) if kind == "V" else (numbers[0], numbers[1])
    if command.islower():
        return x + dx, y + dy
    return (dx, y) if kind == "H" else (x, dy) if kind == "V" else (dx, dy)


def _fill(shapes: Sequence[Sequence[Point]], sheet: _Sheet, style: Style) -> None:
    """Fill shapes, each laid over the other: a hole in one is left open (even-odd rule)."""
    from PIL import Image, ImageChops, ImageDraw

    if style["fill"] != "none":
        placed = [[sheet.at(*point) for point in points] for points in shapes if len(points) > 2]
        if len(placed) == 1 and style["fill"] != HATCH:
            ImageDraw.Draw(sheet.image).polygon(placed[0], fill=style["fill"])
        elif placed:
            mask = Image.new("1", sheet.image.size)
            for points in placed:
                one = Image.new("1", sheet.image.size)
                ImageDraw.Draw(one).polygon(points, fill=1)
                mask = ImageChops.logical_xor(mask, one)
            colour = _hatched(sheet) if style["fill"] == HATCH else style["fill"]
            sheet.image.paste(colour, (0, 0, *sheet.image.size), mask)
    _stroke([[*points, points[0]] for points in shapes], sheet, style)


def _hatched(sheet: _Sheet) -> Image.Image:
    """Return the slanted lines that mean: not known."""
    from PIL import Image, ImageDraw

    width, height = sheet.image.size
    ground = Image.new("RGB", sheet.image.size, _rules()[".hbg"]["fill"])
    draw, line = ImageDraw.Draw(ground), _rules()[".hl"]
    step = HATCH_EVERY * sheet.scale * 2**0.5
    for n in range(int((width + height) / step) + 1):
        draw.line([(n * step - height, height), (n * step, 0)], fill=line["stroke"], width=round(float(line["stroke-width"]) * sheet.scale))
    return ground


def _pen(style: Style, sheet: _Sheet) -> int:
    if style.get("stroke", "none") == "none":
        return 0
    return max(1, round(float(style["stroke-width"]) * sheet.scale))


def _stroke(lines: Sequence[Sequence[Point]], sheet: _Sheet, style: Style) -> None:
    from PIL import ImageDraw

    pen = _pen(style, sheet)
    if not pen:
        return
    draw = ImageDraw.Draw(sheet.image)
    dashes = [float(part) * sheet.scale for part in style.get("stroke-dasharray", "").split()]
    for points in lines:
        placed = [sheet.at(*point) for point in points]
        for piece in _dashed(placed, dashes) if dashes else (placed,):
            draw.line(piece, fill=style["stroke"], width=pen, joint="curve")


def _dashed(points: Sequence[Point], dashes: Sequence[float]) -> Iterator[list[Point]]:
    """Cut a line into its dashes."""
    turn, left = 0, dashes[0]
    for (ax, ay), (bx, by) in pairwise(points):
        length = ((bx - ax) ** 2 + (by - ay) ** 2) ** 0.5
        done = 0.0
        while done < length:
            reach = min(left, length - done)
            if turn % 2 == 0:
                first, last = done / length, (done + reach) / length
                yield [(ax + (bx - ax) * share, ay + (by - ay) * share) for share in (first, last)]
            done, left = done + reach, left - reach
            if left <= 0:
                turn += 1
                left = dashes[turn % len(dashes)]


def _text(node: ET.Element, sheet: _Sheet, style: Style) -> None:
    from PIL import ImageDraw

    font = _font(style.get("font-weight", "") == BOLD, round(float(style["font-size"].removesuffix("px")) * sheet.scale))
    place = sheet.at(_number(node, "x"), _number(node, "y"))
    anchor = ANCHORS[style.get("text-anchor", "start")]
    draw, words, pen = ImageDraw.Draw(sheet.image), node.text or "", _pen(style, sheet)
    if pen:
        draw.text(place, words, font=font, fill=style["stroke"], anchor=anchor, stroke_width=round(pen / 2), stroke_fill=style["stroke"])
    draw.text(place, words, font=font, fill=style["fill"], anchor=anchor)


@cache
def _font(is_bold: bool, pixels: int) -> ImageFont.FreeTypeFont:
    """Return the one family that holds Arabic, Latin letters and digits."""
    from PIL import ImageFont

    return ImageFont.truetype(str(FONTS / f"IBMPlexSansArabic-{'SemiBold' if is_bold else 'Regular'}.woff2"), pixels)


def _group(node: ET.Element, sheet: _Sheet, style: Style) -> None:
    """Draw a group that is cut off at a frame: on a sheet of its own, of which the frame's part is taken over."""
    name = node.get("clip-path", "").removeprefix("url(#").removesuffix(")")
    aside = _Sheet(sheet.image.copy(), sheet.scale, sheet.origin, sheet.clips)
    for child in node:
        _draw(child, aside, style)
    (left, top), (right, bottom) = sheet.clips.get(name, ((0.0, 0.0), (0.0, 0.0)))
    if name in sheet.clips:
        box = (round(left), round(top), round(right), round(bottom))
        sheet.image.paste(aside.image.crop(box), box[:2])
    else:
        sheet.image.paste(aside.image)


def _clip(node: ET.Element, sheet: _Sheet, _style: Style) -> None:
    (rect,) = node
    x, y = _number(rect, "x"), _number(rect, "y")
    corner = sheet.at(x + _number(rect, "width"), y + _number(rect, "height"))
    sheet.clips[node.get("id", "")] = (sheet.at(x, y), corner)


DRAWERS: dict[str, Callable[[ET.Element, _Sheet, Any], None]] = {
    "rect": _rect,
    "circle": _circle,
    "line": _line,
    "polygon": _polygon,
    "polyline": _polyline,
    "path": _path,
    "text": _text,
    "g": _group,
    "clipPath": _clip,
}
