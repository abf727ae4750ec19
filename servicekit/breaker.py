"""Cuts off what keeps failing, and lets one call through now and then to see whether it is back."""

import threading
import time
from collections.abc import Callable


class Open(Exception):
    """Not asked: it failed too often lately."""


class Breaker:
    """Opens after `failures` in a row; `seconds` later one call at a time may probe, and its success closes it.

    Only the bookkeeping is locked, never a call: calls run side by side.
    """

    def __init__(self, failures: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = failures
        self._seconds = seconds
        self._clock = clock
        self._failed = 0
        self._probe_at = float("-inf")
        self._lock = threading.Lock()

    @property
    def is_open(self) -> bool:
        return self._failed >= self._most

    def enter(self) -> None:
        """Before a call; Open when it must not be made. Every entry ends in `succeeded` or `failed`."""
        with self._lock:
            if not self.is_open:
                return
            if self._clock() < self._probe_at:
                raise Open
            # The next probe waits for this one's outcome, or for as long again.
            self._probe_at = self._clock() + self._seconds

    def succeeded(self) -> None:
        with self._lock:
            self._failed = 0

    def failed(self) -> None:
        with self._lock:
            self._failed += 1
            if self.is_open:
                self._probe_at = self._clock() + self._seconds
