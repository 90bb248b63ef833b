"""Keeps rendered pages in the process, so that twenty readers of one page cost one rendering.

Only pages of public and imported data are kept, never one that shows what a person may read or do. Such a page depends on the
store's contents, the forecasts issued, the day, whose installation it is, and its address; nothing else may enter one, so that is
the key. The corner that names the reader is left open in it, and filled for each reader. The least recently read pages leave when
the memory is full.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from forefend.forecast.issued import stamp
from forefend.store import Figure
from forefend.web.project.offered import without_language
from forefend.web.project.reader import for_reader
from forefend.web.project.remembered import Remembered
from forefend.web.project.workbench import workbench

READING = ("GET", "HEAD")
BYTES_AT_MOST = 48_000_000
BYTES_PER_FIGURE = 4_000  # a figure with its queries, measured generously
# Addresses after the language under which pages show data alone.
DATA_ALONE = ("assessment/", "outlook/", "country/", "options/", "library/", "search/", "number/")
KEY_PARAMETERS = ("for", "level", "of", "order", "rows", "sort")


@dataclass(frozen=True, kw_only=True)
class KeptPage:
    """A rendered page: its bytes, headers, and the figures it shows by their id."""

    body: bytes
    headers: Mapping[str, str]
    figures: Mapping[str, Figure] = field(default_factory=dict)

    @property
    def cost(self) -> int:
        """About how many bytes the page takes in memory."""
        return len(self.body) + BYTES_PER_FIGURE * len(self.figures)


class Kept(Remembered):
    """Pages by key, at most ``bytes_at_most`` in all."""

    def __init__(self, *, bytes_at_most: int = BYTES_AT_MOST) -> None:
        super().__init__(bytes_at_most=bytes_at_most, cost_of=lambda page: page.cost)

    def figure(self, identifier: str) -> Figure | None:
        """Return a figure that some kept page shows."""
        return next((page.figures[identifier] for page in reversed(self.things()) if identifier in page.figures), None)


kept = Kept()


def key_of(request: HttpRequest) -> Hashable:
    """Return what a page depends on: store, ledger, day, whose installation it is, path, and the parameters that pages read."""
    bench = workbench()
    bench.store.refresh()
    chosen = tuple((name, request.GET[name]) for name in KEY_PARAMETERS if name in request.GET)
    return (bench.store.version, stamp(bench.store), bench.today, bench.whose, request.path, chosen)


def is_of_data_alone(path: str) -> bool:
    """Tell whether an address is that of a page that is the same for all who may read it."""
    rest = without_language(path)
    return rest.startswith(DATA_ALONE) or (rest == "" and path not in ("", "/"))


class PageMemory:
    """Middleware that answers from memory where it can. A view opts out with ``response.is_kept = False``."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer from memory, or have the page made; then name the reader in it."""
        if request.method not in READING and is_of_data_alone(request.path):
            return HttpResponseNotAllowed(READING)
        return for_reader(request, self._page(request) if is_of_data_alone(request.path) else self.get_response(request))

    def _page(self, request: HttpRequest) -> HttpResponse:
        key = key_of(request)
        if (page := kept.get(key)) is not None:
            return _answer(page)
        with kept.making(key):
            if (page := kept.get(key)) is not None:
                return _answer(page)
            response = self.get_response(request)
            if response.status_code == 200 and not response.streaming and getattr(response, "is_kept", True):
                kept.keep(
                    key,
                    KeptPage(body=response.content, headers=dict(response.headers), figures=getattr(response, "figures", {})),
                )
            return response


def _answer(page: KeptPage) -> HttpResponse:
    return HttpResponse(page.body, headers=dict(page.headers))
