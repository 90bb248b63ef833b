"""Things made once and kept in the process while there is room: the least recently used leave first."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any, TypeVar

Made = TypeVar("Made")


class Remembered:
    """Things by key, at most ``bytes_at_most`` in all; ``cost_of`` says about how many each takes. Safe to share between threads."""

    def __init__(self, *, bytes_at_most: int, cost_of: Callable[[Any], int]) -> None:
        self.bytes_at_most = bytes_at_most
        self._cost_of = cost_of
        self._things: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()
        self._making: dict[Hashable, tuple[Lock, int]] = {}

    def get(self, key: Hashable) -> Any | None:
        """Return what is kept under ``key``, if it is still there."""
        with self._lock:
            if key not in self._things:
                return None
            self._things.move_to_end(key)
            return self._things[key][0]

    def keep(self, key: Hashable, thing: object) -> None:
        """Keep a thing; one that is too large for the memory is not kept."""
        cost = self._cost_of(thing)
        if cost > self.bytes_at_most // 4:
            return
        with self._lock:
            _, old = self._things.pop(key, (None, 0))
            self._things[key] = (thing, cost)
            self._bytes += cost - old
            while self._bytes > self.bytes_at_most:
                _, (_, gone) = self._things.popitem(last=False)
                self._bytes -= gone

    def once(self, key: Hashable, make: Callable[[], Made], *, still: Callable[[], bool] = lambda: True) -> Made:
        """Return what is kept under ``key``, else make and keep it; threads that ask meanwhile wait for the first.

        ``still`` is asked when it is made: where it no longer is what the key says, it is for who made it alone.
        """
        found: Made | None = self.get(key)
        if found is None:
            with self.making(key):
                found = self.get(key)
                if found is None:
                    found = make()
                    if still():
                        self.keep(key, found)
        return found

    def things(self) -> list[Any]:
        """Return all that is kept, the most recently used last."""
        with self._lock:
            return [thing for thing, _ in self._things.values()]

    def forget(self, is_old: Callable[[Hashable], bool]) -> None:
        """Forget what is kept under keys that nobody will ask for again."""
        with self._lock:
            for key in [key for key in self._things if is_old(key)]:
                self._bytes -= self._things.pop(key)[1]

    @property
    def fullness(self) -> float:
        """How much of the memory is taken, from 0 to 1."""
        return self._bytes / self.bytes_at_most

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._things.clear()
            self._bytes = 0

    @contextmanager
    def making(self, key: Hashable) -> Iterator[None]:
        """Let one thread at a time make the thing of a key; the others wait and then find it kept."""
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
