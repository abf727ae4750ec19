"""One database per service: SQLite or PostgreSQL from the same models."""

import fcntl
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import structlog
from flask import Flask, current_app
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BigInteger, Connection, DateTime, Dialect, Engine, Integer, MetaData, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

from servicekit import queries
from servicekit.problems import Unavailable

log = structlog.get_logger(__name__)

WRITER_SECONDS = 10.0

# Named constraints, or SQLite's batch migrations cannot drop them.
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

# SQLite numbers rows by INTEGER PRIMARY KEY only; PostgreSQL gets 64 bits.
Id = BigInteger().with_variant(Integer, "sqlite")


class Timestamp(TypeDecorator[datetime]):
    """An aware UTC time; SQLite keeps no zone, so it is put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


def now() -> datetime:
    """The current time in UTC, to the microsecond."""
    return datetime.now(UTC)


def metadata() -> MetaData:
    """For a service's declarative base."""
    return MetaData(naming_convention=NAMING)


class Database(SQLAlchemy):
    """Flask-SQLAlchemy with explicit write transactions; flushing outside of one is an error."""

    def __init__(self, base: type[DeclarativeBase], *unmapped: str) -> None:
        """`unmapped` names the tables that the models do not."""
        super().__init__(
            model_class=base,
            session_options={"expire_on_commit": False, "autoflush": True},
        )
        event.listen(self.session, "before_flush", _refuse_stray_write)
        self._writers = threading.Lock()
        self._unmapped = unmapped

    def init_app(self, app: Flask) -> None:
        super().init_app(app)
        with app.app_context():
            for engine in self.engines.values():
                queries.measure(engine, {*self.metadata.tables, *self._unmapped})
                if engine.dialect.name == "sqlite":
                    _set_up_sqlite(engine)
            app.extensions["reader"] = _reader(self.engine)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """All or nothing: commits at the end, rolls back on any error. Does not nest.

        On SQLite it takes the write lock at once (BEGIN IMMEDIATE), so that reading and then
        writing cannot fail half-way; on PostgreSQL rows are locked where a use case asks for it.
        """
        session = self.session()
        if session.info.get("writing"):
            raise RuntimeError("transaction() does not nest")
        session.rollback()
        with self._queue():
            session.info["writing"] = True
            try:
                session.info["connection"] = session.connection(execution_options={"immediate": True})
                session.info["last"] = []
                yield session
                for step in session.info["last"]:
                    step()
                session.commit()
            except BaseException:
                session.rollback()
                raise
            finally:
                session.info["writing"] = False
                session.info.pop("connection", None)
                session.info.pop("last", None)

    @contextmanager
    def _queue(self) -> Iterator[None]:
        """SQLite's writers wait here for their turn: its own way to wait is to try again now and then."""
        if self.engine.dialect.name != "sqlite":
            yield
            return
        if not self._writers.acquire(timeout=WRITER_SECONDS):
            raise Unavailable("too much is being written, try again in a moment")
        try:
            with _turn(self.engine.url.database or ""):
                yield
        finally:
            self._writers.release()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A Core connection for single reads without a transaction around them."""
        reader: Engine = current_app.extensions["reader"]
        with reader.connect() as connection:
            yield connection


@contextmanager
def _turn(file: str) -> Iterator[None]:
    """The process's turn among those that write to the same file; the kernel wakes the next, and frees a killed one's."""
    if not Path(file).is_file():  # in memory, or not there yet
        yield
        return
    lock = os.open(f"{file}-writers", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        _wait(lock)
    except BaseException:
        os.close(lock)
        raise
    try:
        yield
    finally:
        os.close(lock)


def _wait(lock: int) -> None:
    """Waits for the lock, in a thread since flock has no time limit; else closes it, and raises Unavailable.

    A process that hangs in its turn (it is stopped, its disk does not answer) must not have all others hang.
    """
    turn: Future[None] = Future()

    def wait() -> None:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if turn.set_running_or_notify_cancel():
            turn.set_result(None)
        else:
            os.close(lock)

    threading.Thread(target=wait, daemon=True).start()
    try:
        turn.result(WRITER_SECONDS)
    except TimeoutError:
        # Not if the turn has come just now.
        if turn.cancel():
            raise Unavailable("too much is being written, try again in a moment") from None


def connection_of(session: Session) -> Connection:
    """The session's connection for Core statements; looked up once a transaction, since the ORM takes 40 us for it."""
    known: Connection | None = session.info.get("connection")
    return known or session.connection()


def at_the_end(session: Session, step: Callable[[], object]) -> None:
    """Has a step run right before the open transaction commits.

    For rows that all writers need: whoever locks one and then waits for another's row would have everybody wait, or
    wait in a circle.
    """
    session.info["last"].append(step)


def insert(bind: Session | Connection, table: Any) -> Any:
    """An INSERT that may have an ON CONFLICT, which SQLAlchemy has for each database alone."""
    connection = bind if isinstance(bind, Connection) else connection_of(bind)
    return {"postgresql": postgresql.insert, "sqlite": sqlite.insert}[connection.dialect.name](table)


def _reader(engine: Engine) -> Engine:
    if engine.dialect.name == "sqlite":
        return engine.execution_options(autocommit_reads=True)
    return engine.execution_options(isolation_level="AUTOCOMMIT")


def _refuse_stray_write(session: Session, *_: Any) -> None:
    if not session.info.get("writing") and (session.new or session.dirty or session.deleted):
        raise RuntimeError("write outside of db.transaction()")


def _set_up_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def connect(connection: Any, _: Any) -> None:
        # The driver must not begin transactions by itself: `begin` below does, for DDL as well.
        connection.isolation_level = None
        for pragma in ("busy_timeout=5000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if options.get("immediate"):
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        elif not options.get("autocommit_reads"):
            connection.exec_driver_sql("BEGIN")


def _dump_json(value: Any) -> str:
    return orjson.dumps(value).decode()


def configure(app: Flask, url: str, pool_size: int) -> None:
    """Puts the database's address and pool into the application's configuration."""
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    options: dict[str, Any] = {
        "json_serializer": _dump_json,
        "json_deserializer": orjson.loads,
        # An error's text would repeat addresses, hashes and questions into the log.
        "hide_parameters": True,
    }
    if url.startswith("postgresql"):
        options |= {
            "pool_size": pool_size,
            "max_overflow": pool_size,
            "pool_timeout": 5,
            "pool_pre_ping": True,
            "connect_args": {"connect_timeout": 3, "options": "-c statement_timeout=15000 -c lock_timeout=5000"},
        }
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = options
