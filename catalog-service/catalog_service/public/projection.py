"""The database connection of everything public: it can read the projection and nothing else."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from flask import Flask, current_app
from sqlalchemy import Connection, Engine, event

from catalog_service.models import Listing, ListingBusiness, ListingMark, PublicPage
from servicekit import queries
from servicekit.database import Database, configure

TABLES = tuple(model.__tablename__ for model in (Listing, ListingBusiness, ListingMark, PublicPage))


def register(app: Flask, db: Database, url: str | None, pool_size: int) -> None:
    """Makes the public engine: on SQLite a guarded connection to the same file, on PostgreSQL the role of `url`."""
    with app.app_context():
        own = db.engine.url
    target = sa.make_url(url) if url else own
    if target.get_backend_name() == "sqlite":
        engine = sa.create_engine(target, hide_parameters=True, execution_options={"autocommit_reads": True})
        event.listen(engine, "connect", _guard)
    else:
        scratch = Flask(__name__)
        configure(scratch, target.render_as_string(hide_password=False), pool_size)
        options = scratch.config["SQLALCHEMY_ENGINE_OPTIONS"]
        options["connect_args"]["options"] += (
            " -c default_transaction_read_only=on -c plan_cache_mode=force_custom_plan"
        )
        engine = sa.create_engine(target, isolation_level="AUTOCOMMIT", **options)
    queries.measure(engine, set(TABLES))
    app.extensions["projection"] = engine


@contextmanager
def reading() -> Iterator[Connection]:
    """A connection for single reads of the projection."""
    engine: Engine = current_app.extensions["projection"]
    with engine.connect() as connection:
        yield connection


def grant(app: Flask, db: Database) -> None:
    """On PostgreSQL, gives the public role its rights on the projection's tables, and no others."""
    role = app.extensions["projection"].url.username
    if db.engine.dialect.name != "postgresql" or role == db.engine.url.username:
        return
    with db.engine.begin() as connection:
        quoted = connection.dialect.identifier_preparer.quote(role)
        connection.execute(sa.text(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {quoted}"))
        connection.execute(sa.text(f"GRANT SELECT ON {', '.join(TABLES)} TO {quoted}"))


def _guard(connection: Any, _: Any) -> None:
    connection.isolation_level = None
    # With 4 MiB (KiB, negative) the inner pages of a million products' indexes stay in memory.
    for pragma in ("busy_timeout=5000", "query_only=ON", "cache_size=-4096"):
        connection.execute(f"PRAGMA {pragma}")
    connection.set_authorizer(_authorize)


def _authorize(action: int, first: str | None, *_: str | None) -> int:
    if action in {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}:
        return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_OK if action == sqlite3.SQLITE_READ and first in TABLES else sqlite3.SQLITE_DENY
