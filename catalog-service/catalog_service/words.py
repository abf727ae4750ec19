"""The full-text indexes of the projection, each kept in step with the listings."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

from catalog_service import groups

Rows = Sequence[Mapping[str, Any]]

_KNOWN = text("INSERT INTO listing_words (word) VALUES (:word) ON CONFLICT DO NOTHING")
_POSTGRESQL_PUT = text(
    "INSERT INTO listing_search (seq, words) VALUES (:seq, array_to_tsvector(CAST(:words AS text[])))"
)
_POSTGRESQL_TAKE = text("DELETE FROM listing_search WHERE seq = :seq")
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


def of(row: Mapping[str, Any]) -> list[str]:
    """What the index holds of a listing: its words, and labels to find it by its groups."""
    return [*str(row["words"]).split(" ")[1:], *groups.labels(row)]


def put(session: Session, rows: Rows) -> None:
    """Indexes the listings."""
    found = {word for row in rows for word in str(row["words"]).split(" ")[1:]}
    if found:
        session.execute(_KNOWN, [{"word": word} for word in sorted(found)])
    if session.get_bind().dialect.name == "sqlite":
        for key, (statement, _) in _SQLITE.items():
            _in_order(session, statement, key, rows)
        return
    session.execute(_POSTGRESQL_PUT, [{"seq": row["seq"], "words": of(row)} for row in rows])


def take(session: Session, rows: Rows) -> None:
    """Forgets the listings."""
    if session.get_bind().dialect.name == "sqlite":
        for key, (_, statement) in _SQLITE.items():
            _in_order(session, statement, key, rows)
        return
    session.execute(_POSTGRESQL_TAKE, [{"seq": row["seq"]} for row in rows])


def _in_order(session: Session, statement: TextClause, key: str, rows: Rows) -> None:
    # FTS5 writes out what it has gathered whenever a row comes before the last one.
    ordered = sorted(rows, key=lambda row: int(row[key]))
    session.execute(statement, [{"row": row[key], "words": " ".join(of(row))} for row in ordered])
