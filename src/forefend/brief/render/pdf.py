"""A document as tagged PDF (PDF/UA-1), marking on every page; the fonts are the package's own."""

from __future__ import annotations

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
    html = HTML(string=render_html(document, is_print=True), url_fetcher=_own_files_only())
    content: bytes = html.write_pdf(pdf_variant="pdf/ua-1")
    return content


def _own_files_only() -> Any:
    """Let the renderer read the package's fonts, and nothing else."""
    from weasyprint.urls import URLFetcher

    class OwnFiles(URLFetcher):  # type: ignore[misc]  # the library has no types
        def fetch(self, url: str, headers: Any = None) -> Any:
            if not url.startswith(FONTS.as_uri()):
                raise ValueError("a document may not fetch anything")
            return super().fetch(url, headers)

    return OwnFiles(allowed_protocols=["file"])
