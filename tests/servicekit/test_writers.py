"""Writers of one process take turns on SQLite."""

import threading
from typing import Any

import pytest

from servicekit import database
from servicekit.problems import Unavailable
from tests.servicekit.conftest import Note, db


@pytest.fixture
def engine_name() -> str:
    """PostgreSQL locks rows and needs no queue."""
    return "sqlite"


def note(service: Any, text: str, failures: list[Exception]) -> None:
    with service.app_context():
        try:
            with db.transaction() as session:
                session.add(Note(text=text))
        except Exception as error:
            failures.append(error)
        finally:
            db.session.remove()


def test_a_crowd_of_writers_all_get_through(service: Any) -> None:
    failures: list[Exception] = []
    crowd = [threading.Thread(target=note, args=(service, str(number), failures)) for number in range(60)]
    for writer in crowd:
        writer.start()
    for writer in crowd:
        writer.join()

    with service.app_context():
        assert db.session.query(Note).count() == 60
    assert failures == []


def test_writer_that_waits_too_long_is_told_to_come_again(service: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "WRITER_SECONDS", 0.05)
    failures: list[Exception] = []

    with service.app_context(), db.transaction():
        second = threading.Thread(target=note, args=(service, "second", failures))
        second.start()
        second.join()

    assert [type(failure) for failure in failures] == [Unavailable]
