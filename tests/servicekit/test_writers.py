"""Writers take turns on SQLite, those of one process and those of several."""

import fcntl
import statistics
import subprocess
import sys
import threading
import time
from typing import Any

import pytest

from deploy.local.folders import ROOT
from servicekit import database
from servicekit.problems import Unavailable
from tests.servicekit.conftest import Note, db

# Writes all the time, 20 ms for each transaction.
GREEDY = """
import sqlite3, sys, time
from servicekit.database import _turn
connection = sqlite3.connect(sys.argv[1], timeout=20, isolation_level=None)
while True:
    with _turn(sys.argv[1]):
        connection.execute("BEGIN IMMEDIATE")
        print("mine", flush=True)
        time.sleep(0.02)
        connection.execute("COMMIT")
"""


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


def test_process_that_hangs_in_its_turn_has_the_others_told_to_come_again(
    service: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "WRITER_SECONDS", 0.05)
    with service.app_context():
        file = db.engine.url.database
    failures: list[Exception] = []

    # A lock is an open file's: to the service, this one is another process's.
    with open(f"{file}-writers", "w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        note(service, "first", failures)
        note(service, "second", failures)
    with service.app_context():
        assert db.session.query(Note).count() == 0
    monkeypatch.undo()
    note(service, "third", failures)

    assert [type(failure) for failure in failures] == [Unavailable, Unavailable]
    with service.app_context():
        assert db.session.query(Note).count() == 1


def test_processes_take_turns_and_a_killed_one_gives_its_turn_back(service: Any) -> None:
    """Where they only try again now and then, a process that writes all the time keeps the others out."""
    with service.app_context():
        file = db.engine.url.database
    command = [sys.executable, "-c", GREEDY, file]
    greedy = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, env={"PYTHONPATH": str(ROOT)})
    assert greedy.stdout is not None
    greedy.stdout.readline()
    failures: list[Exception] = []

    waits = []
    for number in range(20):
        began = time.monotonic()
        note(service, str(number), failures)
        waits.append(time.monotonic() - began)
    greedy.kill()
    greedy.communicate()
    note(service, "after the kill", failures)

    assert failures == []
    assert statistics.median(waits) < 0.5
    with service.app_context():
        assert db.session.query(Note).count() == 21
