"""Limits by Flask-Limiter, per client address and per account, in memory or in Redis.

Memory is one process's: with several web processes each counts for itself, so name a REDIS_URL then. While Redis does
not answer, each process counts in its memory.
"""

import math
import time
from collections.abc import Callable
from typing import Any

from flask import Flask, current_app, g
from flask_limiter import Limiter, RateLimitExceeded
from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute

from auth_service import codes
from servicekit.problems import TooManyRequests, on_domain_error

limiter = Limiter(key_func=lambda: str(g.address), strategy="fixed-window", in_memory_fallback_enabled=True)

# Twenty wrong passwords for an account in fifteen minutes, whoever tries. Some are kept for the addresses that the
# account has signed in from: strangers cannot use those up, so they cannot keep the owner out.
STRANGERS = RateLimitItemPerMinute(15, 15, "password-strangers")
KNOWN = RateLimitItemPerMinute(5, 15, "password-known")
RENEWALS = RateLimitItemPerMinute(60, 1, "refresh")
REGISTRATIONS = RateLimitItemPerHour(10, 1, "register")
RESETS = RateLimitItemPerHour(10, 1, "reset")
CLIENT_TOKENS = RateLimitItemPerMinute(120, 1, "client")


def register(app: Flask) -> None:
    """Reads REDIS_URL and has a refusal leave as a problem that says how long to wait."""
    redis = app.config["SETTINGS"].redis_url
    app.config["RATELIMIT_STORAGE_URI"] = redis.get_secret_value() if redis else "memory://"
    if redis:
        app.config["RATELIMIT_STORAGE_OPTIONS"] = {"socket_connect_timeout": 1, "socket_timeout": 1}
    limiter.init_app(app)
    app.register_error_handler(RateLimitExceeded, _on_exceeded)


def per_address(setting: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A decorator that counts requests of one address against a setting like `120/minute`; put it below the guard."""
    limited: Callable[..., Any] = limiter.limit(lambda: str(getattr(current_app.config["SETTINGS"], setting)))
    return limited


def _on_exceeded(_: RateLimitExceeded) -> Any:
    found = limiter.current_limit
    return on_domain_error(TooManyRequests(retry_after=_seconds(found.window.reset_time if found else 0)))


def count(item: RateLimitItem, key: str) -> None:
    """One more for this account, session or client; TooManyRequests when it was one too many."""
    if not limiter.limiter.hit(item, key):
        raise TooManyRequests(retry_after=_seconds(limiter.limiter.get_window_stats(item, key).reset_time))


def account_key(user_id: int | None, login: str) -> str:
    """An account counts once, by whichever name it is called; a name that nobody has counts like an account."""
    return f"user:{user_id}" if user_id else f"name:{codes.digest(login)}"


def charge(key: str, known: bool) -> RateLimitItem:
    """Takes one of the account's tries before the password is looked at, so that tries at once are counted, too.

    TooManyRequests, for at most fifteen minutes, when none is left: right passwords wait as well, or the answer would
    tell them from wrong ones.
    """
    if known and limiter.limiter.hit(KNOWN, key):
        return KNOWN
    count(STRANGERS, key)
    return STRANGERS


def give_back(item: RateLimitItem, key: str) -> None:
    """The password was right: this try does not count."""
    limiter.limiter.storage.incr(item.key_for(key), item.get_expiry(), amount=-1)


def forget(user_id: int) -> None:
    """The owner has proved who they are by mail: all tries are there again."""
    for item in (STRANGERS, KNOWN):
        limiter.limiter.clear(item, f"user:{user_id}")


def _seconds(moment: float) -> int:
    return max(1, math.ceil(moment - time.time()))
