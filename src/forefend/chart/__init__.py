"""Drawings as SVG with classes: maps, fans, intervals, strips; the style sheets and fonts of page and print."""

from pathlib import Path

CSS = Path(__file__).parent / "css"
FONTS = Path(__file__).parent / "fonts"
