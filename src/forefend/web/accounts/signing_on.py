"""Single sign-on that cannot be had at the moment is said, and the other way in stays open."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from requests import RequestException

BY_THE_SERVICE = "/account/oidc/"
ADDRESSES = ("authorization_endpoint", "jwks_uri", "token_endpoint", "userinfo_endpoint")  # of OpenID Connect Discovery 1.0


class say_that_it_is_away:  # noqa: N801 - a middleware named like the function it stands for
    """Middleware that leads back to the sign-in page when the service does not answer, or not as it should."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on; a service that is away shows in ``process_exception``."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer what the service did not; a description of itself without the addresses it needs is no answer either."""
        is_blank = isinstance(exception, KeyError) and exception.args[:1] and exception.args[0] in ADDRESSES
        if request.path.startswith(BY_THE_SERVICE) and (is_blank or isinstance(exception, RequestException)):
            return HttpResponseRedirect(reverse("account_login") + "?refused=away")
        return None
