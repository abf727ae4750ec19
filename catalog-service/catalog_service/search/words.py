"""The full-text indexes of the projection, each kept in step with the listings."""

from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Any

import orjson
from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from catalog_service.search import groups
from servicekit.database import connection_of

Rows = Sequence[Mapping[str, Any]]

# Each word is nearly always known.
_SQLITE_LEARN = text(
    "INSERT INTO listing_words (word) SELECT value FROM json_each(:words) WHERE true ON CONFLICT DO NOTHING"
)
_POSTGRESQL_PUT = text(
    "WITH learnt AS (INSERT INTO listing_words (word) SELECT unnest(CAST(:known AS text[])) ON CONFLICT DO NOTHING)"
    " INSERT INTO listing_search (seq, words) SELECT seq, array_to_tsvector(string_to_array(words, ' '))"
    " FROM unnest(CAST(:seqs AS bigint[]), CAST(:words AS text[])) AS listed (seq, words)"
)
_POSTGRESQL_TAKE = text("DELETE FROM listing_search WHERE seq = ANY(CAST(:seqs AS bigint[]))")
# SQLite's indexes by the column of a listing that each is ordered by, and how a row is put in and taken out. They keep
# no text of their own, so they must be told what they held (SQLite FTS5, section 4.4.1).
_SQLITE = {
    "seq": (
        text("INSERT INTO listing_search (rowid, words) VALUES (:row, :words)"),
        text("INSERT INTO listing_search (listing_search, rowid, words) VALUES ('delete', :row, :words)"),
    ),
    "price_place": (
        text("INSERT INTO listing_search_prices (rowid, words) VALUES (:row, :words)"),
        text("INSERT INTO listing_search_prices (listing_search_prices, rowid, words) VALUES ('delete', :row, :words)"),
    ),
}

# How much of an index of words is merged at a time, in its pages of 4 kB: some 15 ms.
_PAGES = 64
_MERGE = (
    text("INSERT INTO listing_search (listing_search, rank) VALUES ('merge', :pages)"),
    text("INSERT INTO listing_search_prices (listing_search_prices, rank) VALUES ('merge', :pages)"),
)


def of(row: Mapping[str, Any]) -> list[str]:
    """What the index holds of a listing: its words, and labels to find it by its groups."""
    return [*str(row["words"]).split(" ")[1:], *groups.labels(row)]


def put(session: Session, rows: Rows) -> None:
    """Indexes the listings."""
    connection = connection_of(session)
    known = sorted({word for row in rows for word in str(row["words"]).split(" ")[1:]})
    if connection.dialect.name == "sqlite":
        connection.execute(_SQLITE_LEARN, {"words": orjson.dumps(known).decode()})
        _tell_sqlite(connection, 0, rows)
    else:
        told = {"seqs": [row["seq"] for row in rows], "words": [" ".join(of(row)) for row in rows]}
        connection.execute(_POSTGRESQL_PUT, {**told, "known": known})


def take(session: Session, rows: Rows) -> None:
    """Forgets the listings."""
    connection = connection_of(session)
    if connection.dialect.name == "sqlite":
        _tell_sqlite(connection, 1, rows)
    else:
        connection.execute(_POSTGRESQL_TAKE, {"seqs": [row["seq"] for row in rows]})


def _tell_sqlite(connection: Connection, which: int, rows: Rows) -> None:
    found = [(row, " ".join(of(row))) for row in rows]
    for key, statements in _SQLITE.items():
        # FTS5 writes out what it has gathered whenever a row comes before the last one.
        told = sorted(({"row": row[key], "words": words} for row, words in found), key=itemgetter("row"))
        connection.execute(statements[which], told)


def merge(session: Session) -> bool:
    """SQLite: merges a few parts of its indexes, where several of one size have gathered; whether there were any."""
    connection = connection_of(session)
    if connection.dialect.name != "sqlite":
        return False
    before = _written(connection)
    for statement in _MERGE:
        connection.execute(statement, {"pages": _PAGES})
    # The command itself counts as one row written (SQLite FTS5, section 6.8).
    return _written(connection) - before > len(_MERGE)


def _written(connection: Connection) -> int:
    return int(connection.connection.driver_connection.total_changes)  # type: ignore[union-attr]
