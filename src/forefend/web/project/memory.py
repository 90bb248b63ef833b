"""Keeps rendered pages in the process, so that twenty readers of one page cost one rendering.

Only pages of public and imported data are kept, never one that shows what a person may read or do. Such a page depends on the
store's contents, the forecasts issued, the day, whose installation it is, and its address; nothing else may enter one, so that is
the key. The corner that names the reader is left open in it, and filled for each reader. The least recently read pages leave when
the memory is full.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from forefend.forecast.issued import stamp
from forefend.store import Figure
from forefend.web.project.offered import without_language
from forefend.web.project.reader import for_reader
from forefend.web.project.workbench import workbench

if TYPE_CHECKING:
    from collections.abc import Iterator

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


class Kept:
    """Pages by key, at most ``bytes_at_most`` in all. Safe to share between threads."""

    def __init__(self, *, bytes_at_most: int = BYTES_AT_MOST) -> None:
        self.bytes_at_most = bytes_at_most
        self._pages: OrderedDict[Hashable, KeptPage] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()
        self._making: dict[Hashable, tuple[Lock, int]] = {}

    def get(self, key: Hashable) -> KeptPage | None:
        """Return the page kept under ``key``, if it is still there."""
        with self._lock:
            page = self._pages.get(key)
            if page is not None:
                self._pages.move_to_end(key)
            return page

    def keep(self, key: Hashable, page: KeptPage) -> None:
        """Keep a page; one that is too large for the memory is not kept."""
        if page.cost > self.bytes_at_most // 4:
            return
        with self._lock:
            if (old := self._pages.pop(key, None)) is not None:
                self._bytes -= old.cost
            self._pages[key] = page
            self._bytes += page.cost
            while self._bytes > self.bytes_at_most:
                _, dropped = self._pages.popitem(last=False)
                self._bytes -= dropped.cost

    def figure(self, identifier: str) -> Figure | None:
        """Return a figure that some kept page shows."""
        with self._lock:
            pages = list(self._pages.values())
        return next((page.figures[identifier] for page in reversed(pages) if identifier in page.figures), None)

    def clear(self) -> None:
        """Forget every page."""
        with self._lock:
            self._pages.clear()
            self._bytes = 0

    @contextmanager
    def making(self, key: Hashable) -> Iterator[None]:
        """Let one thread at a time make the page of a key; the others wait and then find it kept."""
        with self._lock:
            lock, waiting = self._making.get(key, (Lock(), 0))
            self._making[key] = (lock, waiting + 1)
        try:
            with lock:
                yield
        finally:
            with self._lock:
                lock, waiting = self._making[key]
                if waiting == 1:
                    del self._making[key]
                else:
                    self._making[key] = (lock, waiting - 1)


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
