"""Numbered Alembic revisions, applied under a lock: the shared half of each service's migrations/env.py."""

import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask, current_app
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from servicekit.database import Database


def run() -> None:
    """Called by migrations/env.py: applies what is missing in one transaction, others wait for it."""
    from alembic import context

    db: Database = current_app.extensions["sqlalchemy"]
    with db.engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            # Batch mode drops and rebuilds tables, which must not cascade; only settable outside a transaction.
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")  # type: ignore[union-attr]
            connection = connection.execution_options(immediate=True)
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            transactional_ddl=True,
            include_object=is_ours,
            **current_app.extensions["migrate"].configure_args,
        )
        with connection.begin():
            _lock(connection)
            context.run_migrations()
        if sqlite:
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=ON")  # type: ignore[union-attr]


def is_ours(_: Any, name: str | None, kind: str, *__: Any) -> bool:
    """Whether a table belongs to the models: full-text indexes are made by hand in their migration."""
    return not (kind == "table" and str(name).startswith(("listing_search", "alembic_version")))


@contextmanager
def alone(app: Flask) -> Iterator[None]:
    """On PostgreSQL, lets one process at a time make the service ready, on whatever machine the others start.

    SQLite's write transactions exclude each other already.
    """
    with app.app_context():
        engine = current_app.extensions["sqlalchemy"].engine
        if engine.dialect.name != "postgresql":
            yield
            return
        with engine.begin() as connection:
            _lock(connection, "prepare")
            yield


def _lock(connection: Connection, purpose: str = "") -> None:
    """Waits, for as long as it takes, until no other process holds the same lock; kept to the transaction's end."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL lock_timeout = 0"))
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        key = zlib.crc32(f"{current_app.name}{purpose}".encode())
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})


def register(app: Flask, db: Database) -> None:
    """Offers `flask db …`, which loads Alembic, only to whoever came by that command."""
    if os.environ.get("FLASK_RUN_FROM_CLI"):
        from flask_migrate import Migrate

        Migrate(app, db, directory=folder(app))


def folder(app: Flask) -> str:
    return str(Path(app.root_path) / "migrations")


def upgrade(app: Flask) -> None:
    """Brings the database to the newest revision; safe when several processes start at once."""
    # Alembic is imported where it is needed: a start with nothing to migrate saves its time and memory.
    from flask_migrate import Migrate
    from flask_migrate import upgrade as apply

    Migrate(app, app.extensions["sqlalchemy"])
    with app.app_context():
        apply(directory=folder(app))


def newest(app: Flask) -> str:
    """The number of the newest revision this code has."""
    return max(path.name[:4] for path in Path(folder(app), "versions").glob("[0-9]*.py"))


def is_current(app: Flask) -> bool:
    """Whether the database is at the newest revision this code has, or past it."""
    with app.app_context():
        db: Database = current_app.extensions["sqlalchemy"]
        with db.reading() as connection:
            try:
                found = connection.scalar(text("SELECT max(version_num) FROM alembic_version"))
            except DBAPIError as error:
                if isinstance(error, ProgrammingError) or "no such table" in str(error):
                    return False
                raise
    return found is not None and str(found) >= newest(app)
