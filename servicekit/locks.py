"""Locks of PostgreSQL that are no row's: kept to the transaction's end. SQLite's writers exclude each other anyway."""

from hashlib import blake2b
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session


def table(connection: Connection, model: Any) -> None:
    """Lets one transaction at a time write to the table; who reads it does not wait."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"LOCK TABLE {model.__table__.name} IN SHARE ROW EXCLUSIVE MODE"))


def names(session: Session, *wanted: str, shared: bool = False) -> None:
    """Holds these names: alone, or `shared` with others who only share them.

    For what has no row to lock yet. Taken in one order, so that two who want the same names never wait for each other.
    """
    if session.get_bind().dialect.name == "postgresql":
        function = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
        for number in sorted(_number(name) for name in set(wanted)):
            session.execute(text(f"SELECT {function}(:number)"), {"number": number})


def _number(name: str) -> int:
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), signed=True)
