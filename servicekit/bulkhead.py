"""A bulkhead: how many requests of a costly kind run at once, so that the others find free threads (Nygard, Release It!)."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from servicekit.problems import Unavailable

WAIT_SECONDS = 2.0


def threads() -> int:
    """How many requests a process answers at once."""
    return int(os.environ.get("THREADS", 4))


class Bulkhead:
    """Half of the process's threads, and one at least. Those that wait hold a thread as well: one is always left."""

    def __init__(self) -> None:
        self._most = max(1, threads() // 2)
        self._seats = max(0, threads() - self._most - 1)
        self._running = self._waiting = 0
        self._changed = threading.Condition()

    @property
    def waiting(self) -> int:
        """How many requests wait for their turn."""
        return self._waiting

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Runs the body in its turn; Unavailable when too many wait already, or when it took more than two seconds."""
        with self._changed:
            if self._running >= self._most and not self._waited():
                raise Unavailable("too much is being counted, try again in a moment")
            self._running += 1
        try:
            yield
        finally:
            with self._changed:
                self._running -= 1
                self._changed.notify()

    def _waited(self) -> bool:
        if self._waiting >= self._seats:
            return False
        self._waiting += 1
        try:
            return self._changed.wait_for(lambda: self._running < self._most, WAIT_SECONDS)
        finally:
            self._waiting -= 1
