"""A document as tagged PDF (PDF/UA-1), marking on every page; the fonts are the package's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from forefend.brief.document import Document
from forefend.brief.render.html import render_html
from forefend.chart import FONTS
from forefend.errors import ForefendError


def render_pdf(document: Document) -> bytes:
    """Return the PDF; raises ForefendError when the system lacks Pango."""
    try:
        from weasyprint import HTML
    except ModuleNotFoundError:
        raise ForefendError("PDF needs the extra documents. Install it with: pip install 'forefend[documents]'") from None
    except OSError:
        raise ForefendError(
            "PDF needs Pango. Install it with: sudo apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
        ) from None
    _join_letters()
    html = HTML(string=render_html(document, is_print=True), url_fetcher=_own_files_only())
    content: bytes = html.write_pdf(pdf_variant="pdf/ua-1")
    return content


class _Whole(str):
    """A text that gives itself in one piece where it is asked letter by letter."""

    __slots__ = ()

    def __iter__(self) -> Iterator[str]:
        return iter((str(self),))


@cache
def _join_letters() -> None:
    """Let the typesetter set each label of a drawing as a whole.

    It sets them letter by letter, which leaves Arabic letters unjoined and in the wrong order. Labels here
    have one place each, so nothing is lost. If a later version has no such table, labels are set as it does.
    """
    from weasyprint import svg

    tags: dict[str, Any] = getattr(svg, "TAGS", {})
    drawer = getattr(svg, "text", None)
    if drawer is None:
        return
    joined = _whole(drawer)
    svg.text = joined  # it tells labels from other elements by this name
    tags.update({name: joined for name, draw in tags.items() if draw is drawer})


class _Label:
    """A label of a drawing, as it is but for its text, which comes in one piece."""

    def __init__(self, node: Any) -> None:
        object.__setattr__(self, "node", node)

    def __getattribute__(self, name: str) -> Any:
        node = object.__getattribute__(self, "node")
        found = getattr(node, name)
        return _Whole(found) if name == "text" and found else found

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(object.__getattribute__(self, "node"), name, value)


def _whole(draw: Callable[..., None]) -> Callable[..., None]:
    def drawn(page: Any, node: Any, font_size: float) -> None:
        draw(page, _Label(node), font_size)

    return drawn


def _own_files_only() -> Any:
    """Let the renderer read the package's fonts, and nothing else."""
    from weasyprint.urls import URLFetcher

    class OwnFiles(URLFetcher):  # type: ignore[misc]  # the library has no types
        def fetch(self, url: str, headers: Any = None) -> Any:
            if not url.startswith(FONTS.as_uri()):
                raise ValueError("a document may not fetch anything")
            return super().fetch(url, headers)

    return OwnFiles(allowed_protocols=["file"])
