"""A page being made: its language, the state whose view is taken, and the figures it shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode

from forefend.locale import Language, language
from forefend.places import place_name, resolve
from forefend.store import Figure
from forefend.web.design.marking import Marking, marking_of, narrowest
from forefend.web.project.offered import OFFERED
from forefend.web.project.preferring import preferred_language
from forefend.web.project.workbench import Workbench, workbench

if TYPE_CHECKING:
    from forefend.web.accounts.models import Person


# Addresses that belong to an entry of the main navigation and do not begin with its address.
BESIDE = {"outlook": ("country",), "assessment": ("rounds", "evidence")}


@dataclass(frozen=True, kw_only=True)
class Place:
    """An entry of the main navigation."""

    title: str
    address: str
    is_exact: bool
    is_here: bool


@dataclass(kw_only=True)
class Page:
    """What templates ask while one page is made. ``figures`` fills as numbers are shown.

    ``chosen`` is the state given in the address (``for``); the state of the installation stands in.
    """

    lang: Language
    path: str
    chosen: str = ""
    request: HttpRequest | None = None
    entered: str = ""  # the marking of what people entered, on pages that show such
    figures: dict[str, Figure] = field(default_factory=dict)

    @cached_property
    def bench(self) -> Workbench:
        """The installation."""
        return workbench()

    @cached_property
    def person(self) -> Person | None:
        """Who reads; None for a stranger."""
        user = getattr(self.request, "user", None)
        return user if user is not None and user.is_authenticated else None

    @cached_property
    def may(self) -> frozenset[str]:
        """What the reader may do."""
        from forefend.web.accounts.permissions import permissions_of

        return permissions_of(self.person) if self.person else frozenset()

    @cached_property
    def state(self) -> str:
        """Alpha-3 code of the state whose view is taken; empty while none is set. Raises PlaceError."""
        given = self.chosen or self.bench.our_state
        return resolve(given) if given else ""

    def forget_state(self) -> None:
        """Take no state's view: on the page that refuses the very state that was given."""
        self.chosen = ""
        self.__dict__["state"] = ""

    @property
    def state_name(self) -> str:
        """Name of the state whose view is taken."""
        return self.name_of(self.state) if self.state else ""

    @property
    def organisation(self) -> str:
        """Who uses the installation; said only where the page takes the view of its own state."""
        return "" if self.chosen else self.bench.organisation

    @property
    def marking(self) -> Marking:
        """The TLP marking of everything shown: that of the stored data, or of what people entered where that is narrower."""
        return narrowest(self._of_data, self.entered, self.lang)

    @cached_property
    def _of_data(self) -> Marking:
        return marking_of(self.bench.store, self.bench.settings, self.lang)

    @cached_property
    def others(self) -> tuple[tuple[str, str], ...]:
        """The same page in the other languages: code and address."""
        if not self.path.startswith(f"/{self.lang.code}/"):  # an address that has no language, such as the sign-in
            return tuple((code, f"{self.path}?{urlencode({'lang': code})}") for code in OFFERED if code != self.lang.code)
        rest = self.path.split("/", 2)[2] if self.path.count("/") > 1 else ""
        query = "?" + urlencode({"for": self.chosen}) if self.chosen else ""
        return tuple((code, f"/{code}/{rest}{query}") for code in OFFERED if code != self.lang.code)

    @property
    def places(self) -> tuple[Place, ...]:
        """The main navigation."""
        text = self.lang.gettext
        titles = {
            "home": text("Home"),
            "outlook": text("Outlook"),
            "assessment": text("Assessment"),
            "targets": text("Options"),
            "library": text("Library"),
        }
        return tuple(self._place(name, title) for name, title in titles.items())

    def _place(self, name: str, title: str) -> Place:
        root = reverse(name, args=[self.lang])
        is_exact = self.path == root
        is_within = name != "home" and self.path.startswith(root)
        is_beside = name in BESIDE and self.path.startswith(tuple(f"/{self.lang.code}/{part}/" for part in BESIDE[name]))
        return Place(title=title, address=self.link(name), is_exact=is_exact, is_here=is_exact or is_within or is_beside)

    def name_of(self, iso3: str) -> str:
        """Name of a state in the language of the page."""
        return place_name(iso3, self.lang.code)

    def link(self, name: str, *args: object, **query: object) -> str:
        """Address of a page in the same language, which keeps the chosen state."""
        parameters = {"for": self.chosen} | {key: value for key, value in query.items() if value not in ("", None)}
        parameters = {key: value for key, value in parameters.items() if value}
        return reverse(name, args=[self.lang, *args]) + (f"?{urlencode(parameters)}" if parameters else "")


def page_of(request: HttpRequest) -> Page:
    """Return the page of a request, made once.

    Its language is that of the address; where an address has none, that of the person, else what the browser asks for.
    """
    page: Page | None = getattr(request, "page", None)
    if page is None:
        code = request.path.split("/", 2)[1] if request.path.count("/") > 1 else ""
        if code not in OFFERED:
            code = _language_of(request)
        page = Page(lang=language(code), path=request.path, chosen=request.GET.get("for", ""), request=request)
        request.page = page  # type: ignore[attr-defined]
    return page


def _language_of(request: HttpRequest) -> str:
    person = getattr(request, "user", None)
    asked = request.GET.get("lang") or request.COOKIES.get("language") or getattr(person, "language", "")
    return asked if asked in OFFERED else preferred_language(request.headers.get("Accept-Language", ""), default="en")


def in_context(request: HttpRequest) -> dict[str, Any]:
    """Give every template its page and language."""
    page = page_of(request)
    return {"page": page, "lang": page.lang}


def show(request: HttpRequest, template: str, context: Mapping[str, Any], *, status: int = 200) -> HttpResponse:
    """Make a page; the figures it shows stay with the answer, so that their notes can be opened."""
    page_of(request).entered = str(context.get("marking", ""))
    body = render_to_string(template, dict(context), request=request)
    response = HttpResponse(body, status=status)
    response["Content-Language"] = page_of(request).lang.code
    response.figures = page_of(request).figures  # type: ignore[attr-defined]
    return response
