"""Keeps what is dear to compute while an open store holds the same snapshots."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from threading import Lock
from typing import TypeVar, cast
from weakref import WeakKeyDictionary

from forefend.store import Store

ENTRIES = 64

Kept = TypeVar("Kept")

_lock = Lock()
_kept: WeakKeyDictionary[Store, tuple[str, dict[Hashable, object]]] = WeakKeyDictionary()


def remember(store: Store, key: Hashable, make: Callable[[], Kept]) -> Kept:
    """Return what is kept under ``key`` for the store as it is now, or make and keep it.

    Two threads may make the same thing twice; both get it right.
    """
    version = store.version
    with _lock:
        kept = _of(store, version)
        if key in kept:
            return cast("Kept", kept[key])
    made = make()
    with _lock:
        kept = _of(store, version)
        if len(kept) >= ENTRIES:
            kept.pop(next(iter(kept)))
        kept[key] = made
    return made


def _of(store: Store, version: str) -> dict[Hashable, object]:
    known = _kept.get(store)
    if known is None or known[0] != version:
        known = _kept[store] = (version, {})
    return known[1]
