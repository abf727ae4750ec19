"""Fills SQLite: the rows first, then the indexes."""

import marshal
import sqlite3
from concurrent.futures import Executor
from contextlib import closing

import sqlalchemy as sa

from tests.bench.catalog_rows import COLUMNS, made

# Nothing of it has to survive a crash.
FAST = ("synchronous=OFF", "journal_mode=OFF", "cache_size=-400000", "secure_delete=OFF", "mmap_size=4294967296")


def fill(pool: Executor, url: sa.URL, count: int) -> None:
    """Adds that many products."""
    with closing(_open(str(url.database))) as connection:
        later = _take_off(connection)
        _insert(connection, pool, count)
        for statement in later:
            connection.execute(statement)
        connection.execute("ANALYZE")
        connection.execute("PRAGMA journal_mode=WAL")


def _open(path: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in FAST:
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _take_off(connection: sqlite3.Connection) -> list[str]:
    """Drops all indexes and triggers; returns the statements that make them again, which is far quicker afterwards."""
    query = "SELECT type, name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL"
    found = connection.execute(query).fetchall()
    for kind, name, _ in found:
        connection.execute(f"DROP {kind} {name}")
    return [sql for _, _, sql in found]


def _insert(connection: sqlite3.Connection, pool: Executor, count: int) -> None:
    """All rows into their tables."""
    connection.execute("BEGIN")
    for rows in made(pool, count, marshal.dumps):
        for table, found in rows.items():
            names = COLUMNS[table].split()
            marks = ", ".join("?" * len(names))
            connection.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})", marshal.loads(found))
    connection.execute("COMMIT")
