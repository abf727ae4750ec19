"""Signing keys at rest, and when several processes change them at once."""

import threading
from typing import Any

import pytest
import sqlalchemy as sa
from auth_service import keys
from auth_service.models import SigningKey, db
from flask_migrate import downgrade
from sqlalchemy.exc import IntegrityError

from servicekit import app as kit
from servicekit import migrations
from tests.conftest import Databases, build


@pytest.fixture
def without_keys(make_app: Any) -> Any:
    app = make_app("auth_service")
    with app.app_context(), db.transaction() as session:
        session.execute(sa.delete(SigningKey))
    return app


def states(app: Any) -> list[str]:
    with app.app_context(), db.reading() as connection:
        return sorted(connection.scalars(sa.select(SigningKey.__table__.c.state)))


def test_second_process_waits_for_the_keys_that_the_first_one_makes(without_keys: Any) -> None:
    failed = []

    def second() -> None:
        try:
            with without_keys.app_context(), db.transaction() as session:
                keys.ensure(session)
        except Exception as error:
            failed.append(error)

    with without_keys.app_context(), db.transaction() as session:
        keys.ensure(session)
        thread = threading.Thread(target=second)
        thread.start()
        thread.join(0.2)
        assert thread.is_alive()
    thread.join()

    assert failed == []
    assert states(without_keys) == ["current", "next"]


def test_database_takes_one_current_and_one_next_key(without_keys: Any) -> None:
    with without_keys.app_context():
        for state in ("current", "next"):
            with db.transaction() as session:
                keys.create(session, state)
            with pytest.raises(IntegrityError), db.transaction() as session:
                keys.create(session, state)

        with db.transaction() as session:
            keys.create(session, "retired")
            keys.create(session, "retired")
    assert states(without_keys) == ["current", "next", "retired", "retired"]


def test_keys_made_twice_by_an_earlier_version_are_retired(databases: Databases, engine_name: str) -> None:
    app = build("auth_service", databases.fresh("auth_service", engine_name))
    migrations.upgrade(app)
    with app.app_context():
        downgrade(directory=migrations.folder(app), revision="0006")
        first = keys.signing()[0]
        with db.transaction() as session:
            keys.create(session, "current")
            keys.create(session, "next")

        migrations.upgrade(app)

        assert keys.signing()[0] == first
        assert states(app) == ["current", "next", "retired", "retired"]
        with db.transaction() as session:
            keys.prune(session, 600)
        assert len(keys.published()) == 4
        db.engine.dispose()


def test_other_passphrase_stops_the_start_until_the_keys_are_replaced(databases: Databases, engine_name: str) -> None:
    url = databases.fresh("auth_service", engine_name)
    app = build("auth_service", url, key_passphrase="not the one of before")

    with pytest.raises(SystemExit, match="KEY_PASSPHRASE: not the one"):
        kit.prepare(app)

    assert app.test_cli_runner().invoke(args=["rotate-keys", "--emergency"]).exit_code == 0
    kit.prepare(app)
