"""Pages of evidence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST, require_safe

from forefend.errors import AssessmentError, NotAllowed
from forefend.locale import Language
from forefend.web.accounts.models import Person
from forefend.web.accounts.permissions import require
from forefend.web.accounts.reading import RED, most_restrictive
from forefend.web.accounts.roles import ANSWER, COORDINATE
from forefend.web.assessment.models import Answer
from forefend.web.assessment.reading import answer_for
from forefend.web.design.page import page_of, show
from forefend.web.evidence import actions, files, queries, telling, uploads
from forefend.web.evidence.forms import AddForm, ChangeForm, FileForm, VersionForm, WithdrawForm, said_before
from forefend.web.evidence.models import Evidence
from forefend.web.evidence.reading import evidence_with, may_change, version_of
from forefend.web.evidence.words import CONTENT, SCAN, SOURCE
from forefend.web.project.errors import said_by

REFUSED = 400  # a form that has to be corrected


@require_safe
def index(request: HttpRequest, lang: Language) -> HttpResponse:
    """All evidence the reader may read."""
    page, person = page_of(request), _person(request)
    shown = request.GET.get("show", "standing")
    shown = shown if shown in queries.SHOWN else "standing"
    text, given = request.GET.get("q", "")[:100], request.GET.get("page", "1")
    number = int(given) if given.isascii() and given.isdigit() and len(given) < 7 else 1
    found = queries.listing(person, today=page.bench.today, shown=shown, text=text, number=number)
    today = page.bench.today
    rows = [(piece, telling.label_of(piece), telling.age_of(piece, today), telling.is_expired(piece, today)) for piece in found.pieces]
    can_add = bool({ANSWER, COORDINATE} & page.may)
    context = {
        "found": found,
        "finding": telling.found(found.n_found, shown=shown, text=text, lang=lang),
        "rows": rows,
        "marking": most_restrictive(piece.marking for piece in found.pieces),
        "shown": shown,
        "text": text,
        "can_add": can_add,
        "before": found.number - 1,
        "after": found.number + 1,
    }
    return show(request, "evidence/index.html", context)


def add(request: HttpRequest, lang: Language) -> HttpResponse:
    """Add a piece; with ``answer`` in the address it supports that answer at once."""
    person = _person(request)
    require(person, ANSWER, COORDINATE)
    answer = _answer(request, person)
    institution = answer.contribution.institution_id if answer else person.institution_id
    given: dict[str, Any] = {
        "lang": lang,
        "readers": queries.possible_readers(person, institution),
        "institutions": queries.institutions_for(person),
    }
    if request.method != "POST":
        start = {"marking": answer.marking if answer else "AMBER", "institution": institution}
        if answer is not None and answer.marking == RED:
            start["readers"] = list(answer.readers.all())  # whom the answer names, until it is chosen otherwise
        return show(request, "evidence/add.html", {"form": AddForm(initial=start, **given), "answer": answer})
    form = AddForm(request.POST, request.FILES, **given)

    def made() -> Evidence:
        institution = form.cleaned_data.get("institution")
        if institution is None and answer is not None and "institution" in form.fields:
            institution = answer.contribution.institution
        return actions.add_evidence(by=person, details=form.details, file=_file(form, person), institution=institution, answer=answer)

    piece_ = _done(form, made, lang)
    if piece_ is None:
        return show(request, "evidence/add.html", {"form": form, "answer": answer}, status=REFUSED)
    messages.success(request, lang.gettext("The evidence was added."))
    return _to(request, piece_.pk)


@require_safe
def piece(request: HttpRequest, lang: Language, identifier: int) -> HttpResponse:
    """One piece: its versions, what it supports, and what may be changed about it."""
    return _piece(request, _one(request, identifier))


def details(request: HttpRequest, lang: Language, identifier: int) -> HttpResponse:
    """Correct what is said about a piece."""
    person, found = _person(request), _changeable(request, identifier)
    given: dict[str, Any] = {
        "lang": lang,
        "readers": queries.possible_readers(person, found.institution_id),
        "others": queries.beside(person, found),
    }
    if request.method != "POST":
        return show(request, "evidence/details.html", {"form": ChangeForm(initial=said_before(found), **given), "piece": found})
    form = ChangeForm(request.POST, **given)

    def changed() -> Evidence:
        sources = form.cleaned_data.get("drawn_from")
        return actions.change(evidence=found, details=form.details, sources=sources, by=person)

    if _done(form, changed, lang) is None:
        return show(request, "evidence/details.html", {"form": form, "piece": found}, status=REFUSED)
    messages.success(request, lang.gettext("The change was saved."))
    return _to(request, identifier)


@require_POST
def version(request: HttpRequest, lang: Language, identifier: int) -> HttpResponse:
    """Add a newer file."""
    person, found = _person(request), _changeable(request, identifier)
    form = VersionForm(request.POST, request.FILES, lang=lang)

    def kept() -> Any:
        file = _file(form, person)
        return actions.add_version(evidence=found, file=file, by=person) if file else None

    if _done(form, kept, lang) is None:
        return _piece(request, found, version_form=form)
    messages.success(request, lang.gettext("The new version was added. The older ones stay."))
    return _to(request, identifier)


@require_POST
def withdraw(request: HttpRequest, lang: Language, identifier: int) -> HttpResponse:
    """Withdraw a piece, with the reason."""
    person, found = _person(request), _changeable(request, identifier)
    form = WithdrawForm(request.POST, lang=lang)

    def withdrawn() -> Evidence:
        return actions.withdraw(evidence=found, reason=form.cleaned_data["reason"], by=person)

    if _done(form, withdrawn, lang) is None:
        return _piece(request, found, withdraw_form=form)
    messages.success(request, lang.gettext("The evidence was withdrawn. It stays here with the reason, and supports nothing any more."))
    return _to(request, identifier)


@require_POST
def support(request: HttpRequest, lang: Language, identifier: int, answer: int) -> HttpResponse:
    """Attach a piece to an answer, or take it away."""
    person = _person(request)
    found, supported = _one(request, identifier), answer_for(person, _known(answer))
    if request.POST.get("do") == "detach":
        actions.detach(evidence=found, answer=supported, by=person)
        messages.success(request, lang.gettext("The evidence no longer supports the answer."))
    else:
        actions.attach(evidence=found, answer=supported, by=person)
        messages.success(request, lang.gettext("The evidence supports the answer."))
    return _to(request, identifier)


@require_safe
def file(request: HttpRequest, lang: Language, identifier: int, number: int) -> FileResponse:
    """Hand out the bytes of a version, to be saved and never shown by the browser."""
    kept = version_of(_one(request, identifier), _known(number))
    path = files.path_of(kept.sha256)
    if not path.is_file():
        raise Http404(lang.gettext("This file is no longer in the data folder. Tell the administrator; the record says what it held."))
    response = FileResponse(path.open("rb"), as_attachment=True, filename=kept.filename, content_type=kept.media_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response


def _piece(
    request: HttpRequest, found: Evidence, *, version_form: FileForm | None = None, withdraw_form: WithdrawForm | None = None
) -> HttpResponse:
    page, person = page_of(request), _person(request)
    stands = found.withdrawn_at is None
    supported = [(answer, stands and actions.may_support(person, answer)) for answer in queries.supported(person, found)]
    context = {
        "piece": found,
        "marking": found.marking,
        "label": telling.label_of(found),
        "finding": telling.stands(found, n_supported=len(supported), today=page.bench.today, lang=page.lang),
        "age": telling.age_of(found, page.bench.today),
        "source_word": SOURCE[found.letter],
        "content_word": CONTENT[found.number],
        "versions": [(kept, SCAN[kept.scan]) for kept in found.versions.select_related("stored_by").order_by("-number")],
        "supported": supported,
        "sources": queries.sources_of(person, found),
        "readers": found.readers.all() if found.marking == RED else (),
        "can_change": stands and may_change(person, found),
        "version_form": version_form or VersionForm(lang=page.lang),
        "withdraw_form": withdraw_form or WithdrawForm(lang=page.lang),
    }
    return show(request, "evidence/piece.html", context, status=REFUSED if version_form or withdraw_form else 200)


def _done(form: Any, act: Callable[[], Any], lang: Language) -> Any:
    """Do what a form asks for; None when it has to be corrected, which the form then says."""
    if not form.is_valid():
        return None
    try:
        return act()
    except AssessmentError as refusal:
        form.add_error(None, said_by(refusal, lang))
        return None


def _file(form: FileForm, person: Person) -> actions.NewFile | None:
    """Return the file that came in pieces before the form, or with it."""
    if token := form.cleaned_data.get("upload"):
        coming, filename = uploads.finish(token=token, by=person)
        return actions.NewFile(coming=coming, filename=filename)
    sent: UploadedFile | None = form.cleaned_data.get("file")
    return None if sent is None else actions.NewFile(coming=files.receive(sent.chunks(files.PIECE)), filename=sent.name or "")


def _person(request: HttpRequest) -> Person:
    if not request.user.is_authenticated:
        raise NotAllowed("Sign in first.")
    return request.user


def _one(request: HttpRequest, identifier: int) -> Evidence:
    return evidence_with(_person(request), _known(identifier))


def _changeable(request: HttpRequest, identifier: int) -> Evidence:
    found = _one(request, identifier)
    if not may_change(_person(request), found):
        raise NotAllowed("Only people of the institution, and the coordinator, can change its evidence.")
    return found


def _answer(request: HttpRequest, person: Person) -> Answer | None:
    given = request.GET.get("answer", "")
    if not given:
        return None
    if not (given.isascii() and given.isdigit() and len(given) < 19):
        raise NotAllowed("There is no such answer.")
    answer = answer_for(person, int(given))
    if not actions.may_support(person, answer):
        raise NotAllowed("Only the institution that answers, and the coordinator, can attach evidence.")
    return answer


def _known(number: int) -> int:
    """Return a number that a database can hold; raises NotAllowed for one that cannot be anybody's."""
    if number >= 2**63:
        raise NotAllowed("There is no such number.")
    return number


def _to(request: HttpRequest, identifier: int) -> HttpResponseRedirect:
    return HttpResponseRedirect(page_of(request).link("evidence-piece", identifier))
