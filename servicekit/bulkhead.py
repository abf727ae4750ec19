"""A bulkhead: how many requests of a costly kind run at once, so that the others find free threads (Nygard, Release It!)."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from servicekit.problems import Unavailable

WAIT_SECONDS = 2.0


class Bulkhead:
    """Half of the process's threads, and one at least; further requests wait and are then told to come back."""

    def __init__(self) -> None:
        self._free = threading.BoundedSemaphore(max(1, int(os.environ.get("THREADS") or 4) // 2))

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Runs the body in one of the places; Unavailable when none was free within two seconds."""
        if not self._free.acquire(timeout=WAIT_SECONDS):
            raise Unavailable("too much is being counted, try again in a moment")
        try:
            yield
        finally:
            self._free.release()
