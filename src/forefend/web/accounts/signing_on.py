"""Single sign-on that cannot be had at the moment is said, and the other way in stays open."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from requests import RequestException

BY_THE_SERVICE = "/account/oidc/"


class say_that_it_is_away:  # noqa: N801 - a middleware named like the function it stands for
    """Middleware that leads back to the sign-in page when the service does not answer, or not as it should."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on; a service that is away shows in ``process_exception``."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer what the service did not; a description of itself without the addresses it needs is no answer either."""
        if request.path.startswith(BY_THE_SERVICE) and isinstance(exception, RequestException | KeyError):
            return HttpResponseRedirect(reverse("account_login") + "?refused=away")
        return None
