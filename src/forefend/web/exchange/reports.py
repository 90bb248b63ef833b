"""The gap report of a round from what its reader may read, in every form, also in the ministry's own Word template."""

from __future__ import annotations

from dataclasses import replace

from forefend.brief.briefs.gaps import gap_report
from forefend.brief.document import Document, Heading, Paragraph
from forefend.errors import AssessmentError, ForefendError, NotAllowed
from forefend.locale import N_, Language, strip_isolates
from forefend.web.accounts.models import Person
from forefend.web.accounts.permissions import may, require
from forefend.web.accounts.roles import COORDINATE, EXPORT, READ_ANSWERS, READ_RESULTS
from forefend.web.assessment.checking import findings
from forefend.web.assessment.editions import catalog_of
from forefend.web.assessment.models import Round
from forefend.web.assessment.reading import NOT_HERE
from forefend.web.assessment.showing import opportunities, shown
from forefend.web.design.marking import marking_of, narrowest
from forefend.web.exchange.actions.handing_out import handed_out
from forefend.web.exchange.handed import Handed, named
from forefend.web.project.workbench import workbench

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMS = {"pdf": "application/pdf", "docx": WORD, "xlsx": EXCEL, "html": "text/html; charset=utf-8", "json": "application/json"}
TEMPLATE_AT_MOST = 16 * 1024 * 1024
NO_FORM = N_("A report is made as pdf, docx, xlsx, html or json. Choose one of them.")
TOO_LARGE = N_("The template is larger than %(limit)s MB. Take out what is not needed in each report.")


class BadTemplate(ForefendError):
    """A Word template cannot be used; ``faults`` says why, a sentence each."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__(" ".join(faults))
        self.faults = faults


def report_file(asked: Round, person: Person, ending: str, *, lang: Language, template: bytes | None = None) -> Handed:
    """Make the report of a round, and put on record that it was taken along.

    Raises BadTemplate when the template cannot be filled.
    """
    require(person, READ_RESULTS, EXPORT)
    if ending not in FORMS:
        raise NotAllowed(NOT_HERE)
    if template is not None:
        _check(template)
    document = document_of(asked, person, lang)
    content = _rendered(asked, person, document, ending, template=template)
    handed_out(asked, what="report", form=ending, marking=document.marking, by=person, has_template=template is not None)
    name = named(
        "practice" if asked.is_practice else "",
        "gap-report",
        document.reference,
        document.day.isoformat(),
        marking=document.marking,
        ending=ending,
    )
    return Handed(name=name, content=content, content_type=FORMS[ending], marking=document.marking)


def document_of(asked: Round, person: Person, lang: Language) -> Document:
    """Return the report as a document: answers a person may not read are neither in it nor counted in it."""
    bench, seen, catalog = workbench(), shown(asked, person), catalog_of(asked)
    sees_checks = may(person, READ_ANSWERS) or may(person, COORDINATE)
    organisation = lang.gettext("Practice: invented, not about any state") if asked.is_practice else bench.organisation
    made = gap_report(
        seen.results, catalog, store=bench.store, lang=lang, organisation=organisation,
        marking=narrowest(marking_of(bench.store, bench.settings, lang), seen.marking, lang).label,
        findings=findings(asked, person) if sees_checks else (),
        opportunities=opportunities(asked, person),
    )  # fmt: skip
    return _as_practice(made, lang) if asked.is_practice else made


def _as_practice(document: Document, lang: Language) -> Document:
    """Say on every page that nothing in it is about a state."""
    title = lang.gettext("Practice, invented: %(title)s", title=document.title)
    told = lang.gettext("This is a worked example. Institutions and answers are invented; nothing in it is about any state.")
    front = list(document.pages[0])
    after = next((place for place, block in enumerate(front, start=1) if isinstance(block, Heading)), 0)
    front.insert(after, Paragraph((told,), "lede"))
    return replace(
        document,
        title=strip_isolates(title),
        labels={**document.labels, "running": title},
        pages=(tuple(front), *document.pages[1:]),
    )


def _rendered(asked: Round, person: Person, document: Document, ending: str, *, template: bytes | None) -> bytes:
    # Each renderer is loaded when it is asked for: few requests need a typesetter.
    if template is not None:
        from forefend.brief.render.template import fill

        return fill(template, document)
    if ending == "pdf":
        from forefend.brief.render.pdf import render_pdf

        return render_pdf(document)
    if ending == "docx":
        from forefend.brief.render.docx import render_docx

        return render_docx(document)
    if ending == "html":
        from forefend.brief.render.html import render_html

        return render_html(document).encode()
    if ending == "xlsx":
        from forefend.brief.render.gap_book import render_gap_book

        return render_gap_book(shown(asked, person).results, catalog_of(asked), document)
    from forefend.brief.render.json import render_json

    return render_json(document).encode()


def _check(template: bytes) -> None:
    if len(template) > TEMPLATE_AT_MOST:
        raise AssessmentError(TOO_LARGE, limit=TEMPLATE_AT_MOST // 1024**2)
    from forefend.brief.render.template import check

    faults = check(template)
    if faults:
        raise BadTemplate(faults)
