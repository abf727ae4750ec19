"""Fills SQLite: the rows first, then the indexes of columns here while processes beside make those of words."""

import marshal
import sqlite3
from concurrent.futures import Executor, Future
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlalchemy as sa

from tests.bench.catalog_rows import COLUMNS, DERIVED, made

# Nothing of it has to survive a crash.
FAST = ("synchronous=OFF", "journal_mode=OFF", "cache_size=-400000", "secure_delete=OFF", "mmap_size=4294967296")
# The indexes of words by the column that each is ordered by.
ORDERS = {"listing_search": "seq", "listing_search_prices": "price_place"}
# Bytes that an index of words gathers before it writes: merging many small parts takes longer than indexing.
GATHERED = 2**28


def fill(pool: Executor, url: sa.URL, count: int) -> None:
    """Adds that many products."""
    path = Path(str(url.database))
    with TemporaryDirectory(dir=path.parent) as folder, closing(_open(path)) as connection:
        scratch = Path(folder)
        later = _take_off(connection)
        _insert(connection, pool, count, scratch)
        indexes = _words_indexed(connection, pool, scratch)
        for statement in (*DERIVED, *later):
            connection.execute(statement)
        for name, index in indexes.items():
            index.result()
            _take_over(connection, scratch, name)
        connection.execute("ANALYZE")
        connection.execute("PRAGMA journal_mode=WAL")


def _open(path: Path) -> sqlite3.Connection:
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


def _insert(connection: sqlite3.Connection, pool: Executor, count: int, scratch: Path) -> None:
    """All rows into their tables; those that the indexes of words are made from into a file beside."""
    key, *columns = COLUMNS["listing_search"].split()
    _attach(connection, scratch, "source")
    connection.execute(f"CREATE TABLE source.listing_search ({key} INTEGER PRIMARY KEY, {', '.join(columns)})")
    connection.execute("BEGIN")
    for rows in made(pool, count, marshal.dumps):
        for table, found in rows.items():
            schema = "source" if table in ORDERS else "main"
            names = COLUMNS[table].split()
            marks = ", ".join("?" * len(names))
            statement = f"INSERT INTO {schema}.{table} ({', '.join(names)}) VALUES ({marks})"
            connection.executemany(statement, marshal.loads(found))
    connection.execute("COMMIT")
    connection.execute("DETACH source")


def _attach(connection: sqlite3.Connection, scratch: Path, name: str) -> None:
    connection.execute(f"ATTACH ? AS {name}", [str(scratch / name)])
    for pragma in FAST:
        connection.execute(f"PRAGMA {name}.{pragma}")


def _words_indexed(connection: sqlite3.Connection, pool: Executor, scratch: Path) -> dict[str, Future[None]]:
    """Begins to make the indexes of words."""
    query = "SELECT sql FROM sqlite_master WHERE name = ?"
    definitions = {name: connection.execute(query, [name]).fetchone()[0] for name in ORDERS}
    return {name: pool.submit(_index_words, scratch, name, sql) for name, sql in definitions.items()}


def _index_words(scratch: Path, name: str, definition: str) -> None:
    with closing(_open(scratch / name)) as connection:
        _attach(connection, scratch, "source")
        connection.execute(definition)
        connection.execute(f"INSERT INTO {name} ({name}, rank) VALUES ('hashsize', {GATHERED})")
        # In the index's own order, without which it writes out every row by itself.
        rows = f"SELECT {ORDERS[name]}, words FROM source.listing_search ORDER BY {ORDERS[name]}"
        connection.execute(f"INSERT INTO {name} (rowid, words) {rows}")
        connection.execute(f"INSERT INTO {name} ({name}) VALUES ('optimize')")


def _take_over(connection: sqlite3.Connection, scratch: Path, name: str) -> None:
    """Copies the tables in which SQLite keeps the index."""
    connection.execute("ATTACH ? AS words", [str(scratch / name)])
    for part in ("data", "idx"):
        connection.execute(f"DELETE FROM main.{name}_{part}")
        connection.execute(f"INSERT INTO main.{name}_{part} SELECT * FROM words.{name}_{part}")
    connection.execute("DETACH words")
