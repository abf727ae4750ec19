"""Counts that the web processes of one service share without a Redis: a table of SQLite in their common folder."""

import sqlite3
import threading
import time
from pathlib import Path
from typing import Any

from limits import storage

BUSY_SECONDS = 0.25
PRUNE_EVERY = 1024  # counts
TABLE = """
CREATE TABLE IF NOT EXISTS counts (name TEXT PRIMARY KEY, amount INTEGER NOT NULL, expires REAL NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS ends ON counts (expires)
"""
COUNT = """
INSERT INTO counts VALUES (:name, :amount, :now + :expiry) ON CONFLICT (name) DO UPDATE SET
    amount = CASE WHEN expires > :now THEN amount ELSE 0 END + excluded.amount,
    expires = CASE WHEN expires > :now THEN expires ELSE excluded.expires END
RETURNING amount
"""


class SharedCounts(storage.Storage):
    """A process that is killed leaves no lock behind, and no half count; the file goes with the service."""

    STORAGE_SCHEME = None

    def __init__(self, file: Path) -> None:
        super().__init__(wrap_exceptions=True)
        self._file = file
        self._own = threading.local()
        self._counted = 0

    @property
    def base_exceptions(self) -> type[Exception]:
        return sqlite3.Error

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Adds to a count, which begins anew `expiry` seconds after it began; the sum."""
        now = time.time()
        self._counted += 1
        if self._counted % PRUNE_EVERY == 0:
            self._ask("DELETE FROM counts WHERE expires <= ?", now)
        values = {"name": key, "amount": amount, "expiry": expiry, "now": now}
        total: int = self._connection().execute(COUNT, values).fetchall()[0][0]
        return total

    def get(self, key: str) -> int:
        rows = self._ask("SELECT amount FROM counts WHERE name = ? AND expires > ?", key, time.time())
        return int(rows[0][0]) if rows else 0

    def get_expiry(self, key: str) -> float:
        rows = self._ask("SELECT expires FROM counts WHERE name = ?", key)
        return float(rows[0][0]) if rows else time.time()

    def check(self) -> bool:
        return self._ask("SELECT 1") == [(1,)]

    def reset(self) -> int | None:
        return len(self._ask("DELETE FROM counts RETURNING 1"))

    def clear(self, key: str) -> None:
        self._ask("DELETE FROM counts WHERE name = ?", key)

    def _ask(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        return self._connection().execute(statement, values).fetchall()

    def _connection(self) -> sqlite3.Connection:
        """Each thread has its own, made when it first counts: none comes out of a fork."""
        if not hasattr(self._own, "connection"):
            connection = sqlite3.connect(self._file, timeout=BUSY_SECONDS, isolation_level=None)
            # What a lost machine forgets is gone with the processes anyway.
            connection.executescript(f"PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; {TABLE}")
            self._own.connection = connection
        own: sqlite3.Connection = self._own.connection
        return own
