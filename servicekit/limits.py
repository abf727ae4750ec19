"""Limits that all processes count together: in Redis, or those of one web service in their folder where no REDIS_URL is set.

While that does not answer, each process counts in its memory and asks again after AWAY_SECONDS: a limit never takes a
service down. Windows are fixed, so that a count is one command, and when the window ends another.
"""

import math
import os
import time
from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple, TypeVar, cast

import structlog
from flask import Flask, Response, current_app, g, request
from limits import RateLimitItem, storage
from limits.errors import StorageError
from limits.strategies import FixedWindowRateLimiter

from servicekit import origin
from servicekit.auth import View, caller
from servicekit.bodies import WRITES
from servicekit.counts import SharedCounts
from servicekit.problems import TooManyRequests
from servicekit.settings import ServiceSettings

log = structlog.get_logger(__name__)

# Guards behind which nobody is signed in, or need not be.
UNCOUNTED = frozenset({"public", "internal", "operational", ""})
ANSWER_SECONDS = 0.25
AWAY_SECONDS = 5.0

# A key that a stranger may choose takes no more than this of the memory.
LONGEST_KEY = 64

Found = TypeVar("Found")


class Count(NamedTuple):
    """Where a limit stands: how many it allows, how many are left, and in how many seconds it begins anew."""

    limit: int
    remaining: int
    reset: int

    @property
    def headers(self) -> dict[str, str]:
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.remaining),
            "RateLimit-Reset": str(self.reset),
        }


class Counters:
    """Counts by key within the window of a limit."""

    def __init__(self, shared: storage.Storage | None = None) -> None:
        self._own = FixedWindowRateLimiter(storage.MemoryStorage())
        self._shared = FixedWindowRateLimiter(shared) if shared else None
        self._away_until = 0.0

    def take(self, limit: RateLimitItem, *key: str) -> bool:
        """One more; False when it was one too many."""
        return self._ask(lambda limiter: limiter.hit(limit, *_short(key)))

    def count(self, limit: RateLimitItem, *key: str, quietly: bool = False) -> None:
        """One more; TooManyRequests, which says how long to wait, when it was one too many.

        The answer says where the limit stands, unless it is counted `quietly`: what is left of another's is not told.
        """
        count, fits = self._ask(lambda limiter: _take(limiter, limit, *_short(key)))
        if not fits:
            refusal = TooManyRequests(retry_after=count.reset)
            refusal.headers |= count.headers
            raise refusal
        if not quietly and ("count" not in g or count.remaining < g.count.remaining):
            g.count = count

    def give_back(self, limit: RateLimitItem, *key: str) -> None:
        """One less."""
        name = limit.key_for(*_short(key))
        self._ask(lambda limiter: limiter.storage.incr(name, limit.get_expiry(), amount=-1))

    def forget(self, limit: RateLimitItem, *key: str) -> None:
        """Nothing was counted under this key."""
        self._ask(lambda limiter: limiter.clear(limit, *_short(key)))

    def _ask(self, question: Callable[[FixedWindowRateLimiter], Found]) -> Found:
        if self._shared and time.monotonic() >= self._away_until:
            try:
                return question(self._shared)
            except StorageError as error:
                self._away_until = time.monotonic() + AWAY_SECONDS
                log.warning("limits are counted by each process alone", reason=repr(error.storage_error))
        return question(self._own)


def _take(limiter: FixedWindowRateLimiter, limit: RateLimitItem, *key: str) -> tuple[Count, bool]:
    """Where the limit stands after one more, and whether that fitted."""
    name = limit.key_for(*key)
    used = limiter.storage.incr(name, limit.get_expiry())
    reset = max(1, math.ceil(limiter.storage.get_expiry(name) - time.time()))
    return Count(limit.amount, max(0, limit.amount - used), reset), used <= limit.amount


def _short(key: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(
        part if len(part) <= LONGEST_KEY else sha256(part.encode("utf-8", "surrogatepass")).hexdigest() for part in key
    )


def _shared(settings: ServiceSettings) -> storage.Storage | None:
    if settings.redis_url:
        return _redis(settings.redis_url.get_secret_value())
    folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    return SharedCounts(Path(folder, "counts")) if folder else None


def _redis(url: str) -> storage.Storage:
    # Imported where used: it costs 50 ms that the embedded mode need not pay.
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    # One more try, on a new connection: a kept one breaks whenever Redis is restarted.
    options: dict[str, Any] = {
        "socket_connect_timeout": ANSWER_SECONDS,
        "socket_timeout": ANSWER_SECONDS,
        "retry": Retry(NoBackoff(), 1),
    }
    return cast(storage.Storage, storage.storage_from_string(url, wrap_exceptions=True, **options))


def register(app: Flask, settings: ServiceSettings) -> None:
    """Has every write of a signed-in account counted, a person's and a service account's alike."""
    app.extensions["counters"] = Counters(_shared(settings))

    @app.before_request
    def _() -> None:
        if request.method in WRITES:
            view = app.view_functions.get(request.endpoint or "")
            if getattr(view, "__guard__", "") not in UNCOUNTED:
                count_write()

    @app.after_request
    def tell(response: Response) -> Response:
        # A refusal has its own, of the limit that refused.
        if "count" in g and "RateLimit-Limit" not in response.headers:
            response.headers.update(g.count.headers)
        return response


def count_write() -> None:
    """One more for the account that writes, whichever service it writes to; anonymous callers are not counted."""
    who = caller() if request.method in WRITES else None
    if who:
        counters().count(current_app.config["SETTINGS"].write_limit, "writes", str(who.id))


def per_address(setting: str) -> Callable[[View], View]:
    """A decorator that counts requests of one address against a setting; put it below the guard."""

    def decorate(view: View) -> View:
        @wraps(view)
        def counted(*args: Any, **kwargs: Any) -> Any:
            limit = getattr(current_app.config["SETTINGS"], setting)
            counters().count(limit, request.endpoint or "", origin.address())
            return view(*args, **kwargs)

        return cast(View, counted)

    return decorate


def counters() -> Counters:
    """Those of the application."""
    found: Counters = current_app.extensions["counters"]
    return found
