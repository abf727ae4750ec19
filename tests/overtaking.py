"""One transaction is held between its reading and its writing, while another does all that it can."""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

WAIT_SECONDS = 20
FIRST_LOCK = r"BEGIN IMMEDIATE|FOR (NO KEY )?UPDATE|FOR (KEY )?SHARE"
WAITING = sa.text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


class Run(threading.Thread):
    """A call in a thread of its own, and what it returned or raised."""

    def __init__(self, call: Callable[[], Any]) -> None:
        super().__init__()
        self._call = call
        self.result: Any = None
        self.start()

    def run(self) -> None:
        try:
            self.result = self._call()
        except Exception as error:
            self.result = error

    def ended(self) -> Any:
        self.join(WAIT_SECONDS)
        assert not self.is_alive()
        return self.result


def overtake(engine: Any, before: str, first: Callable[[], Any], second: Callable[[], Any]) -> tuple[Any, Any]:
    """What both return or raise. The first is held before its first statement that matches `before`, if there is one.

    Meanwhile the second runs to its end, or until it waits for a lock.
    """
    holding: list[threading.Thread] = []
    with _held(engine, before, holding) as (reached, go):
        one = Run(first)
        holding.append(one)
        while not reached.wait(0.02) and one.is_alive():
            pass
        other = Run(second)
        try:
            _run_as_far_as_it_gets(engine, other)
        finally:
            go.set()
        return one.ended(), other.ended()


@contextmanager
def _held(
    engine: Any, before: str, holding: list[threading.Thread]
) -> Iterator[tuple[threading.Event, threading.Event]]:
    reached, go = threading.Event(), threading.Event()

    def hold() -> None:
        # The first statement may come before the list names its thread, but nobody else runs then.
        if not reached.is_set() and (not holding or threading.current_thread() is holding[0]):
            reached.set()
            go.wait(WAIT_SECONDS)

    def on_statement(_: Any, __: Any, statement: str, *___: Any) -> None:
        if re.search(before, statement):
            hold()

    kind, listener = ("commit", lambda _: hold()) if before == "COMMIT" else ("before_cursor_execute", on_statement)
    sa.event.listen(engine, kind, listener)
    try:
        yield reached, go
    finally:
        sa.event.remove(engine, kind, listener)


def _run_as_far_as_it_gets(engine: Any, other: threading.Thread) -> None:
    if engine.dialect.name == "sqlite":
        # It waits for the write lock of the first, which shows nowhere.
        other.join(0.15)
        return
    watcher = sa.create_engine(engine.url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with watcher.connect() as connection:
        while other.is_alive() and not connection.scalar(WAITING):
            other.join(0.02)
