"""Where a page sends a large file in pieces: answers in JSON; the sentences are for a person all the same."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, JsonResponse, UnreadablePostError
from django.urls import reverse

from forefend.errors import AssessmentError, NotAllowed
from forefend.locale import Language
from forefend.web.accounts.models import Person
from forefend.web.evidence import uploads
from forefend.web.evidence.models import Upload
from forefend.web.evidence.refusals import EvidenceError
from forefend.web.project.errors import said_by

REFUSED = 409


def begin(request: HttpRequest, lang: Language) -> JsonResponse:
    """Begin a file, or find where it stopped."""
    if request.method != "POST":
        return JsonResponse({}, status=405)
    size = request.POST.get("size", "")
    try:
        begun = uploads.begin(
            by=_person(request),
            filename=request.POST.get("filename", ""),
            size=int(size) if size.isascii() and size.isdigit() and len(size) < 20 else 0,
            fingerprint=request.POST.get("fingerprint", "").replace("\x00", ""),
        )
    except AssessmentError as refusal:
        return _refused(refusal, lang)
    return _state(begun, lang)


def upload(request: HttpRequest, lang: Language, token: str) -> JsonResponse:
    """Say how far a file came, or take its next piece."""
    person = _person(request)
    token = token.replace("\x00", "")
    if request.method != "POST":
        return _state(uploads.upload_of(token, by=person), lang)
    offset = request.GET.get("offset", "")
    if not (offset.isascii() and offset.isdigit() and len(offset) < 20):
        return JsonResponse({}, status=400)
    try:
        grown = uploads.append(
            token=token, offset=int(offset), data=_piece(request), by=person, sha256=request.headers.get("X-Content-SHA256", "")
        )
    except AssessmentError as refusal:
        received = uploads.upload_of(token, by=person).received
        return _refused(refusal, lang, received=received)
    return _state(grown, lang)


def _person(request: HttpRequest) -> Person:
    if not request.user.is_authenticated:
        raise NotAllowed("Sign in first.")
    return request.user


def _piece(request: HttpRequest) -> bytes:
    """Return what a request carries, refusing what is too large before it is read."""
    length = request.headers.get("Content-Length", "")
    if not length.isdigit() or int(length) > uploads.PIECE_AT_MOST:
        raise EvidenceError(uploads.PIECE_TOO_LARGE, limit=uploads.PIECE_AT_MOST // 1024**2)
    try:
        return request.read(int(length))
    except UnreadablePostError:
        raise EvidenceError(uploads.PIECE_DAMAGED) from None


def _state(found: Upload, lang: Language) -> JsonResponse:
    address = reverse("evidence-upload", args=[lang, found.token])
    return JsonResponse({"token": found.token, "address": address, "received": found.received, "size": found.size})


def _refused(refusal: AssessmentError, lang: Language, **more: Any) -> JsonResponse:
    return JsonResponse({"sentence": said_by(refusal, lang)} | more, status=REFUSED)
