"""What the questions of UNHCR's interface share: pages, codes of places that are no state, and sums nobody asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from forefend.errors import SourceUnavailable, UnexpectedData
from forefend.sources.reading.placing import state_of_code
from forefend.sources.reading.records import answer
from forefend.store.asking import Asking

PLACES = ("coo_iso", "coa_iso")  # of origin, of asylum
PAGE_ROWS = 10_000
MOST_PAGES = 1_000
NOT_A_STATE = ("UNK", "XXA", "TIB")  # unknown, stateless, Tibetan
SUMMED = "-"


def every_page(asking: Asking, address: str, *, name: str, years: tuple[int, int]) -> list[Path]:
    """Fetch every page of one question, for all years from the first to the last, origins and states of asylum."""
    pages: list[Path] = []
    last = 1
    while len(pages) < last:
        number = len(pages) + 1
        asked = f"{address}?limit={PAGE_ROWS}&page={number}&yearFrom={years[0]}&yearTo={years[1]}&coo_all=true&coa_all=true"
        page = f"{name}-{number:04}.json"
        pages.append(asking.file(asked, name=page))
        last = pages_counted(pages[-1], name=page)
        if last > MOST_PAGES:
            raise SourceUnavailable(f"{address} counts {last} pages, far more than it can hold. The publisher may have changed it.")
    return pages


def pages_counted(path: Path, *, name: str) -> int:
    """Return how many pages the publisher counts."""
    count = answer(path, name=name, fields=("page", "maxPages", "items"))["maxPages"]
    if not isinstance(count, int) or isinstance(count, bool) or count < 1:
        raise UnexpectedData(f"{name}: maxPages is {count!r}, no number of pages. Fetch it again.")
    return count


def items(path: Path, *, name: str) -> Any:
    """Return the records of a page."""
    return answer(path, name=name, fields=("page", "maxPages", "items"))["items"]


def check_not_summed(frame: pl.DataFrame, *, name: str) -> None:
    """Refuse records that sum over all states of origin or asylum."""
    if frame.filter(pl.any_horizontal(pl.col(*PLACES) == SUMMED)).height:
        raise UnexpectedData(f"{name} sums over all states of origin or asylum. Ask the interface with coo_all and coa_all.")


def state_of(code: str) -> str | None:
    """Return a place's alpha-3 code, None for what is no state; raises UnexpectedData for a code nobody knows."""
    return state_of_code(code, scheme="alpha3", column="A state", not_states=NOT_A_STATE)
