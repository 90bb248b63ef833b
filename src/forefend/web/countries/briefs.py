"""The brief as a file, made by the renderers of the brief."""

from __future__ import annotations

from dataclasses import dataclass

from forefend.brief.briefs.country import country_brief
from forefend.brief.document import Document
from forefend.web.design.page import Page

FORMS = {"pdf": "application/pdf", "html": "text/html; charset=utf-8", "json": "application/json"}


@dataclass(frozen=True, kw_only=True)
class BriefFile:
    """A file to keep."""

    name: str
    content: bytes
    content_type: str


def brief_file(page: Page, iso3: str, form: str) -> BriefFile:
    """Make the brief on a country for the state whose view is taken."""
    bench = page.bench
    document = country_brief(
        bench.store,
        bench.catalog,
        iso3,
        for_state=page.state,
        lang=page.lang,
        marking=page.marking.label,
        today=bench.today,
        organisation=page.organisation,
    )
    return BriefFile(name=f"{iso3}-{bench.today.isoformat()}.{form}", content=_rendered(document, form), content_type=FORMS[form])


def _rendered(document: Document, form: str) -> bytes:
    if form == "pdf":
        from forefend.brief.render.pdf import render_pdf  # loads the typesetter, which few requests need

        return render_pdf(document)
    if form == "html":
        from forefend.brief.render.html import render_html

        return render_html(document).encode()
    from forefend.brief.render.json import render_json

    return render_json(document).encode()
