"""Which state of an index a question gets: the newest, or the one that knows a change which comes in time."""

import threading
import time
from abc import ABC, abstractmethod
from typing import Generic, TypeVar

from catalog_service.search.port import SearchIndex
from servicekit.bulkhead import threads

# How often at most a newer state is looked for, and how long a change is waited for.
FRESH_SECONDS, WAIT_SECONDS = 0.1, 1.0
MOST_AWAITED = 10_000  # changes
State = TypeVar("State", bound=SearchIndex)


class Newest(ABC, Generic[State]):
    """What gives a web process the newest state."""

    def __init__(self) -> None:
        self._looked_at = float("-inf")
        # Who waits for a change holds a thread: half of them at most, and not for what cannot come within that time.
        self._waiting = threading.Semaphore(max(1, threads() // 2))

    @abstractmethod
    def _newest(self) -> State:
        """The newest state; Unavailable while there is none."""

    def state(self, seq: int = 0) -> State:
        """The newest state, which knows change `seq` if it comes within a second; Unavailable while there is none."""
        state = self._newest()
        if 0 < seq - state.position().seq <= MOST_AWAITED and self._waiting.acquire(blocking=False):
            try:
                until = time.monotonic() + WAIT_SECONDS
                while state.position().seq < seq and time.monotonic() < until:
                    time.sleep(FRESH_SECONDS / 4)
                    state = self._newest()
            finally:
                self._waiting.release()
        return state

    def look_again(self) -> None:
        """Has the next question look for a newer state at once."""
        self._looked_at = float("-inf")

    def _is_due(self) -> bool:
        return time.monotonic() - self._looked_at >= FRESH_SECONDS
