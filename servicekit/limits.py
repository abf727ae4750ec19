"""Limits that all processes count together in Redis, or each in its memory where no REDIS_URL names one.

While Redis does not answer, each process counts in its memory and asks Redis again after AWAY_SECONDS: a limit never
takes a service down. Windows are fixed, so that a count is one command.
"""

import math
import time
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

import structlog
from flask import Flask, current_app, request
from limits import RateLimitItem, storage
from limits.errors import StorageError
from limits.strategies import FixedWindowRateLimiter

from servicekit import origin
from servicekit.auth import View, caller
from servicekit.problems import TooManyRequests
from servicekit.settings import ServiceSettings

log = structlog.get_logger(__name__)

WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
# Guards behind which nobody is signed in, or need not be.
UNCOUNTED = frozenset({"public", "internal", "operational", ""})
ANSWER_SECONDS = 0.25
AWAY_SECONDS = 5.0

Found = TypeVar("Found")


class Counters:
    """Counts by key within the window of a limit."""

    def __init__(self, redis_url: str | None = None) -> None:
        self._own = FixedWindowRateLimiter(storage.MemoryStorage())
        self._shared = FixedWindowRateLimiter(_redis(redis_url)) if redis_url else None
        self._away_until = 0.0

    def take(self, limit: RateLimitItem, *key: str) -> bool:
        """One more; False when it was one too many."""
        return self._ask(lambda limiter: limiter.hit(limit, *key))

    def count(self, limit: RateLimitItem, *key: str) -> None:
        """One more; TooManyRequests, which says how long to wait, when it was one too many."""
        if not self.take(limit, *key):
            ends = self._ask(lambda limiter: limiter.get_window_stats(limit, *key)).reset_time
            wait = max(1, math.ceil(ends - time.time()))
            refusal = TooManyRequests(retry_after=wait)
            refusal.headers |= {
                "RateLimit-Limit": str(limit.amount),
                "RateLimit-Remaining": "0",
                "RateLimit-Reset": str(wait),
            }
            raise refusal

    def give_back(self, limit: RateLimitItem, *key: str) -> None:
        """One less."""
        self._ask(lambda limiter: limiter.storage.incr(limit.key_for(*key), limit.get_expiry(), amount=-1))

    def forget(self, limit: RateLimitItem, *key: str) -> None:
        """Nothing was counted under this key."""
        self._ask(lambda limiter: limiter.clear(limit, *key))

    def _ask(self, question: Callable[[FixedWindowRateLimiter], Found]) -> Found:
        if self._shared and time.monotonic() >= self._away_until:
            try:
                return question(self._shared)
            except StorageError as error:
                self._away_until = time.monotonic() + AWAY_SECONDS
                log.warning("limits are counted by each process alone", reason=repr(error.storage_error))
        return question(self._own)


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
    url = settings.redis_url.get_secret_value() if settings.redis_url else None
    app.extensions["counters"] = Counters(url)

    @app.before_request
    def _() -> None:
        if request.method in WRITES:
            view = app.view_functions.get(request.endpoint or "")
            if getattr(view, "__guard__", "") not in UNCOUNTED:
                count_write()


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
