"""A small memory of rows already read. Snapshots never change, so what was read once stays right."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock

import polars as pl


class RowCache:
    """Frames by key, at most ``rows_at_most`` rows in all; the least recently used leave first.

    Safe to share between threads: two threads may read the same rows twice, and both get them right.
    """

    def __init__(self, *, rows_at_most: int) -> None:
        self.rows_at_most = rows_at_most
        self._frames: OrderedDict[Hashable, pl.DataFrame] = OrderedDict()
        self._rows = 0
        self._lock = Lock()

    def get(self, key: Hashable, read: Callable[[], pl.DataFrame]) -> pl.DataFrame:
        """Return the frame kept under ``key``, or read and keep it; a frame too large to keep is only read."""
        with self._lock:
            if (kept := self._frames.get(key)) is not None:
                self._frames.move_to_end(key)
                return kept
        frame = read()
        if _cost(frame) <= self.rows_at_most:
            self._keep(key, frame)
        return frame

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._frames.clear()
            self._rows = 0

    def _keep(self, key: Hashable, frame: pl.DataFrame) -> None:
        with self._lock:
            if key in self._frames:
                return
            self._frames[key] = frame
            self._rows += _cost(frame)
            while self._rows > self.rows_at_most:
                _, dropped = self._frames.popitem(last=False)
                self._rows -= _cost(dropped)


def _cost(frame: pl.DataFrame) -> int:
    """Rows, and a little for the frame itself, so that empty frames cannot pile up without end."""
    return frame.height + 16
