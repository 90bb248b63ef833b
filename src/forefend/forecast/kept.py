"""Keeps fitted models by the content they were fitted on, as a back-test asks for the same fit from many origins."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import TypeVar, cast

AT_MOST = 256

Fitted = TypeVar("Fitted")

_lock = Lock()
_kept: dict[str, object] = {}


def kept(key: str, make: Callable[[], Fitted]) -> Fitted:
    """Return the fit kept under a digest of all it depends on, or make and keep it."""
    with _lock:
        if key in _kept:
            return cast("Fitted", _kept[key])
    made = make()
    with _lock:
        while len(_kept) >= AT_MOST:
            _kept.pop(next(iter(_kept)))
        _kept[key] = made
    return made
