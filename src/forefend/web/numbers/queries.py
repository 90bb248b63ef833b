"""A figure taken apart for its page; opening it puts it on record, so that the command line can explain it too."""

from __future__ import annotations

from forefend.store import Figure, Store
from forefend.store.numbers import remember
from forefend.store.opened import Opened, opened


def opened_number(store: Store, figure: Figure) -> Opened:
    """Take a figure apart, compute it again, and remember it by its id."""
    remember(store, [figure])
    return opened(store, figure)
