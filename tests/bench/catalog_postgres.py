"""Fills PostgreSQL: the rows first, then the indexes over two connections at once."""

import os
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import Any

import psycopg
import sqlalchemy as sa

from tests.bench.catalog_rows import COLUMNS, Row, made

Connection = psycopg.Connection[Any]

FAST = (
    "SET maintenance_work_mem = '256MB'",
    "SET synchronous_commit = off",
    "SET timezone = 'UTC'",
    # Two connections work at once; what is left of the cores may help them.
    f"SET max_parallel_maintenance_workers = {max(0, (os.cpu_count() or 1) - 2)}",
)
# Secondary indexes and foreign keys with what makes them again.
INDEXES = """
    SELECT 'DROP INDEX ' || indexrelid::regclass, pg_get_indexdef(indexrelid)
    FROM pg_index
    WHERE indrelid::regclass::text = ANY(%s) AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
    ORDER BY indexrelid
"""
KEYS = """
    SELECT 'ALTER TABLE ' || conrelid::regclass || ' DROP CONSTRAINT ' || conname,
        'ALTER TABLE ' || conrelid::regclass || ' ADD CONSTRAINT ' || conname || ' ' || pg_get_constraintdef(oid)
    FROM pg_constraint WHERE conrelid::regclass::text = ANY(%s) AND contype = 'f'
"""


def fill(pool: Executor, url: sa.URL, count: int) -> None:
    """Adds that many products."""
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with _connect(address) as connection:
        keys, indexes = (_take_off(connection, query) for query in (KEYS, INDEXES))
        _copy_all(connection, pool, count)
        for statement in keys:
            connection.execute(statement)
        connection.execute("SELECT setval(pg_get_serial_sequence('products', 'id'), %s)", [count])
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(lambda statement: _run(address, statement), indexes))
    _run(address, "VACUUM ANALYZE")


def _connect(address: str, autocommit: bool = False) -> Connection:
    connection = psycopg.connect(address, autocommit=autocommit)
    for setting in FAST:
        connection.execute(setting)
    return connection


def _run(address: str, statement: str) -> None:
    with _connect(address, autocommit=True) as connection:
        connection.execute(statement)


def _take_off(connection: Connection, query: str) -> list[str]:
    """Drops what is far quicker to make afterwards; returns the statements that do."""
    found = connection.execute(query, [[*COLUMNS]]).fetchall()
    for drop, _ in found:
        connection.execute(drop)
    return [create for _, create in found]


def _copy_all(connection: Connection, pool: Executor, count: int) -> None:
    # What the triggers add to a row is in it already.
    _triggers(connection, "DISABLE")
    for rows in made(pool, count, as_text):
        for table, text in rows.items():
            columns = COLUMNS[table].replace(" ", ", ")
            # No product says None.
            with connection.cursor().copy(f"COPY {table} ({columns}) FROM STDIN WITH (NULL 'None')") as copy:
                copy.write(text)
    _triggers(connection, "ENABLE")


def _triggers(connection: Connection, state: str) -> None:
    for table in COLUMNS:
        connection.execute(f"ALTER TABLE {table} {state} TRIGGER USER")


def as_text(rows: list[Row]) -> bytes:
    """The rows as COPY reads them."""
    line = "\t".join(["%s"] * len(rows[0])) + "\n" if rows else ""
    return "".join([line % row for row in rows]).replace("\\", "\\\\").encode()
