"""What the pages about people ask first: who reads, and whether the page is theirs."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, QueryDict
from django.shortcuts import get_object_or_404

from forefend.errors import NotAllowed
from forefend.web.accounts.models import Person

View = Callable[..., HttpResponse]
REFUSED = "This is not open to you."


def reader_of(request: HttpRequest) -> Person:
    """Return who reads; raises NotAllowed for a stranger."""
    if not request.user.is_authenticated:
        raise NotAllowed(REFUSED)
    person: Person = request.user
    return person


def let_in(is_open: bool) -> None:
    """Raise NotAllowed unless the page is open to the reader: it is answered as if it were not there."""
    if not is_open:
        raise NotAllowed(REFUSED)


def only(*methods: str) -> Callable[[View], View]:
    """Refuse every other method."""

    def around(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            return view(request, *args, **kwargs) if request.method in methods else HttpResponseNotAllowed(methods)

        return answer

    return around


def sent(request: HttpRequest) -> QueryDict | None:
    """Return what was sent with a form, also when it was sent empty; None where it is only to be shown."""
    return request.POST if request.method == "POST" else None


def person_of(pk: int) -> Person:
    """Return a person by number; Django answers 404 for one there is not."""
    found: Person = get_object_or_404(Person.objects.select_related("institution"), pk=pk)
    return found
