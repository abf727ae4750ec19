"""Facets that were asked for before: true until anything that the public sees of listings changes.

The database raises a number with every such change, by triggers, so that no writer can forget it. It is read before
what is counted: what was counted after a change may be kept under the number before it, and is never asked for again.
"""

import threading
from contextlib import nullcontext

import orjson
from flask import current_app
from sqlalchemy import Connection, select, update
from sqlalchemy.orm import Session

from catalog_service.models import ListingVersion
from catalog_service.search import facets
from catalog_service.search.filters import Filters

MAX_BYTES = 4_000_000
_VERSION = select(ListingVersion.number)
_RAISE = update(ListingVersion).values(number=ListingVersion.number + 1)


class Cache:
    """Answers of one version of the listings and what was asked for them, at most MAX_BYTES of both."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._clear(-1)

    def get(self, version: int, filters: Filters) -> bytes | None:
        """What was answered to these filters at this version, if it is known."""
        with self._lock:
            return self._answers.get(filters.key) if version == self._version else None

    def put(self, version: int, filters: Filters, answer: bytes) -> None:
        """Keeps the answer; those of other versions go, and so do all when they become too many."""
        with self._lock:
            if version < self._version:
                return
            size = len(answer) + filters.size
            if version > self._version or self._size + size > MAX_BYTES:
                self._clear(version)
            self._answers[filters.key] = answer
            self._size += size

    def _clear(self, version: int) -> None:
        self._version, self._size = version, 0
        self._answers: dict[object, bytes] = {}


def answer(connection: Connection, filters: Filters) -> bytes:
    """The facets as JSON. Unavailable when they have to be counted, and half of all threads are counting already."""
    cache: Cache = current_app.extensions["facets"]
    version = connection.scalar(_VERSION) or 0
    known = cache.get(version, filters)
    if known is None:
        # What is counted takes a second where a million are found: it must not take every thread.
        apart = current_app.extensions["counting"].entered() if filters.is_counted else nullcontext()
        with apart:
            known = orjson.dumps(facets.read(connection, filters))
        cache.put(version, filters, known)
    return known


def renew(session: Session) -> None:
    """Forgets all facets, in every process, when the transaction is committed."""
    session.execute(_RAISE)
