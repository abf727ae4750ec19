"""Numbered Alembic revisions, applied under a lock: the shared half of each service's migrations/env.py."""

import zlib
from pathlib import Path
from typing import Any

from alembic import context
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask, current_app
from sqlalchemy import Connection, text

from servicekit.database import Database


def run() -> None:
    """Called by migrations/env.py: applies what is missing in one transaction, others wait for it."""
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


def _lock(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL lock_timeout = 0"))
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": zlib.crc32(current_app.name.encode())})


def folder(app: Flask) -> str:
    return str(Path(app.root_path) / "migrations")


def upgrade(app: Flask) -> None:
    """Brings the database to the newest revision; safe when several processes start at once."""
    from flask_migrate import upgrade as apply

    with app.app_context():
        apply(directory=folder(app))


def is_current(app: Flask) -> bool:
    """Whether the database is at the newest revision this code knows, or past it."""
    config = Config()
    config.set_main_option("script_location", folder(app))
    script = ScriptDirectory.from_config(config)
    with app.app_context():
        db: Database = current_app.extensions["sqlalchemy"]
        with db.engine.connect() as connection:
            found = MigrationContext.configure(connection).get_current_heads()
    known = {revision.revision for revision in script.walk_revisions()}
    return bool(found) and (set(found) == set(script.get_heads()) or not set(found) <= known)
