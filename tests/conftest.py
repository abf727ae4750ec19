"""What all tests share: databases made from the migrations, applications, tokens."""

import itertools
import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from servicekit import app as kit
from tests.builders import INTERNAL_TOKEN, Signer

POSTGRES = os.environ.get("TEST_POSTGRES_URL")

COMMON = {
    "internal_token": INTERNAL_TOKEN,
    "log_level": "warning",
    "database_pool_size": 4,
    # One account writes everything here: the limits have tests of their own.
    "write_limit": "1000000/minute",
}
PER_SERVICE: dict[str, dict[str, Any]] = {
    # The cheapest argon2 that the library accepts: the cost itself has its own test.
    "auth_service": {"key_passphrase": "a passphrase for tests", "argon2_memory_kib": 8, "argon2_passes": 1},
    "catalog_service": {},
    "chat_service": {"chat_limit": "1000000/minute", "chat_anonymous_limit": "1000000/minute"},
}


@pytest.fixture(scope="session")
def signer() -> Signer:
    """Signs access tokens like auth-service does."""
    return Signer()


@pytest.fixture(params=["sqlite", "postgresql"] if POSTGRES else ["sqlite"])
def engine_name(request: pytest.FixtureRequest) -> str:
    """The databases that a test runs on: both where TEST_POSTGRES_URL names a PostgreSQL."""
    return str(request.param)


class Databases:
    """Fresh databases, copied from one that the service's own migrations made."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = itertools.count()
        self._templates: dict[tuple[str, str], str] = {}
        self._made: list[str] = []
        self._run = uuid.uuid4().hex[:12]

    def fresh(self, package: str, engine_name: str) -> str:
        """The address of a migrated database that nobody else uses."""
        template = self._templates.get((package, engine_name)) or self._migrate(package, engine_name)
        if engine_name == "sqlite":
            path = self._folder / f"{package}-{next(self._numbers)}.db"
            shutil.copy(template, path)
            return f"sqlite:///{path}"
        return self._create(f"{package}_{self._run}_{next(self._numbers)}", template)

    def empty(self, package: str, engine_name: str) -> str:
        """The address of an empty database."""
        number = next(self._numbers)
        if engine_name == "sqlite":
            return f"sqlite:///{self._folder / f'{package}-empty-{number}.db'}"
        return self._create(f"{package}_{self._run}_{number}", "template0")

    def _migrate(self, package: str, engine_name: str) -> str:
        url = self.empty(package, engine_name)
        app = build(package, url)
        kit.prepare(app)
        with app.app_context():
            engine = app.extensions["sqlalchemy"].engine
            if engine_name == "sqlite":
                with engine.connect() as connection:
                    connection.exec_driver_sql("ROLLBACK")
                    connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
                    connection.exec_driver_sql("BEGIN")
            engine.dispose()
        template = sa.make_url(url).database
        assert template
        self._templates[package, engine_name] = template
        return template

    def _create(self, name: str, template: str) -> str:
        self._admin(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        self._made.append(name)
        assert POSTGRES
        return sa.make_url(POSTGRES).set(database=name).render_as_string(hide_password=False)

    def _admin(self, statement: str) -> None:
        assert POSTGRES
        engine = sa.create_engine(POSTGRES, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        with engine.connect() as connection:
            connection.exec_driver_sql(statement)

    def drop(self, url: str) -> None:
        """Forgets a database right after its test: a thousand at the end take minutes."""
        name = sa.make_url(url).database
        assert name
        if url.startswith("sqlite"):
            for path in self._folder.glob(f"{Path(name).name}*"):
                path.unlink()
            return
        self._admin(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        self._made.remove(name)

    def drop_all(self) -> None:
        for name in self._made:
            self._admin(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def build(package: str, database_url: str, **overrides: Any) -> Any:
    """The service's application on that database."""
    module = __import__(package)
    return module.create_app({**COMMON, **PER_SERVICE[package], "database_url": database_url, **overrides})


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    found = Databases(tmp_path_factory.mktemp("databases"))
    yield found
    found.drop_all()


@pytest.fixture
def make_app(databases: Databases, engine_name: str, tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """make_app(package, **settings): an application on a fresh, migrated database."""
    made: list[Any] = []

    def make(package: str, **overrides: Any) -> Any:
        url = databases.fresh(package, engine_name)
        # Read by catalog-service alone.
        app = build(package, url, **{"search_folder": tmp_path / f"search-{len(made)}", **overrides})
        made.append((app, url))
        return app

    yield make
    for app, url in made:
        with app.app_context():
            app.extensions["sqlalchemy"].session.remove()
            app.extensions["sqlalchemy"].engine.dispose()
        databases.drop(url)
