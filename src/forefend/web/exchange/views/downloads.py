"""Files of a round: reports, also in the ministry's own template, and its data."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from forefend.assess.transitions import answers_are_open
from forefend.errors import AssessmentError
from forefend.locale import Language
from forefend.web.accounts.permissions import may, require
from forefend.web.accounts.roles import COORDINATE, EXPORT, READ_RESULTS
from forefend.web.assessment.models import Contribution
from forefend.web.assessment.reading import contributions_for, round_for
from forefend.web.design.page import page_of, show
from forefend.web.exchange.archive import everything, table_file
from forefend.web.exchange.handed import hand_out
from forefend.web.exchange.reports import FORMS, BadTemplate, report_file
from forefend.web.exchange.tables import TABLES
from forefend.web.project.errors import said_by

BAD_FILE = 422


def index(request: HttpRequest, lang: Language, identifier: int) -> HttpResponse:
    """What of a round can be taken along, and the form for the ministry's own template."""
    require(request.user, READ_RESULTS, EXPORT, COORDINATE)
    asked = round_for(request.user, identifier)
    faults: list[str] = []
    if request.method == "POST":
        given = request.FILES.get("template")
        try:
            if given is None:
                raise AssessmentError(lang.gettext("Choose a Word template first."))
            return hand_out(report_file(asked, request.user, "docx", lang=lang, template=given.read()))
        except BadTemplate as refusal:
            faults = refusal.faults
        except AssessmentError as refusal:
            faults = [said_by(refusal, lang)]
    context = {
        "round": asked, "tab": "take", "forms": FORMS, "tables": list(TABLES), "faults": faults,
        "may_export": EXPORT in page_of(request).may,
        "may_read": bool({READ_RESULTS, EXPORT} & page_of(request).may),
        "parts": [(part, _is_open(part)) for part in contributions_for(request.user, asked)] if may(request.user, COORDINATE) else [],
    }  # fmt: skip
    return show(request, "exchange/index.html", context, status=BAD_FILE if faults else 200)


@require_safe
def report(request: HttpRequest, lang: Language, identifier: int, ending: str) -> HttpResponse:
    """The gap report, in the language of the page."""
    require(request.user, READ_RESULTS, EXPORT)
    return hand_out(report_file(round_for(request.user, identifier), request.user, ending, lang=lang))


@require_safe
def table(request: HttpRequest, lang: Language, identifier: int, table: str, ending: str) -> HttpResponse:
    """One table of a round."""
    require(request.user, EXPORT)
    return hand_out(table_file(round_for(request.user, identifier), request.user, table, ending))


@require_safe
def archive(request: HttpRequest, lang: Language, identifier: int) -> HttpResponse:
    """Everything of a round that the reader may read."""
    require(request.user, EXPORT)
    return hand_out(everything(round_for(request.user, identifier), request.user, lang=lang))


def _is_open(part: Contribution) -> bool:
    return answers_are_open(part.round.stage, part.stage) and not part.closed_because
