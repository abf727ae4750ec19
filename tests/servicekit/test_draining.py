"""Answers that leave the process whole, or not at all; a door that is shut before anybody can come between."""

import errno
import os
import select
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from gunicorn.config import Config
from gunicorn.http import wsgi

from servicekit import draining
from servicekit.draining import Answer, Worker


class Wire:
    """A socket that keeps what each system call was given."""

    def __init__(self) -> None:
        self.calls: list[bytes] = []

    def sendall(self, data: bytes) -> None:
        self.calls.append(data)


def answered(*parts: bytes, method: str = "GET", status: str = "200 OK", length: int | None = None) -> list[bytes]:
    """What was sent by each call for an answer of these parts."""
    request = SimpleNamespace(method=method, version=(1, 1), should_close=lambda: False)
    wire = Wire()
    answer = wsgi.Response(request, wire, Config())
    answer.start_response(status, [] if length is None else [("Content-Length", str(length))])
    for part in parts:
        answer.write(part)
    answer.close()
    return wire.calls


def test_gunicorn_answers_with_it() -> None:
    assert wsgi.Response is Answer


def test_headers_and_body_leave_in_one_call() -> None:
    (only,) = answered(b"body", length=4)

    head, body = only.split(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    assert body == b"body"


def test_later_parts_follow_as_they_come() -> None:
    first, second = answered(b"one", b"two", length=6)

    assert first.endswith(b"\r\n\r\none")
    assert second == b"two"


def test_streamed_answer_keeps_its_chunks() -> None:
    first, second, end = answered(b"one", b"two")

    assert first.endswith(b"\r\n\r\n3\r\none\r\n")
    assert (second, end) == (b"3\r\ntwo\r\n", b"0\r\n\r\n")


def test_empty_part_sends_headers_at_once() -> None:
    """A stream says by it that it has begun, long before its first event."""
    first, second, _ = answered(b"", b"event")

    assert first.endswith(b"Transfer-Encoding: chunked\r\n\r\n")
    assert second == b"5\r\nevent\r\n"


@pytest.mark.parametrize(
    ("method", "status"), [("HEAD", "200 OK"), ("GET", "304 Not Modified"), ("GET", "204 No Content")]
)
def test_answers_without_a_body(method: str, status: str) -> None:
    for parts in [(), (b"",)]:
        (only,) = answered(*parts, method=method, status=status)

        assert only.endswith(b"\r\n\r\n")


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as made:
        yield made


def newcomer(listener: socket.socket) -> socket.socket:
    """A client that has begun to connect."""
    client = socket.socket()
    client.setblocking(False)
    client.connect_ex(listener.getsockname())
    return client


def outcome(client: socket.socket) -> int:
    """What became of its connection: 0 or an errno."""
    assert select.select([], [client], [], 30)[1]
    return client.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)


def test_who_comes_to_a_barred_listener_is_refused_when_it_closes(listener: socket.socket) -> None:
    early = newcomer(listener)
    draining.bar(listener)
    late = newcomer(listener)

    with listener.accept()[0] as accepted, early, late:
        early.sendall(b"served")
        assert accepted.recv(6) == b"served"
        assert select.select([listener], [late], [], 0.2)[:2] == ([], [])
        listener.close()
        assert outcome(late) == errno.ECONNREFUSED


@contextmanager
def process(*files: int) -> Iterator[int]:
    """The number of a process that has those files open."""
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE, pass_fds=files) as waiting:
        yield waiting.pid
        waiting.communicate()


def test_listener_is_held_while_another_process_has_it_open(listener: socket.socket) -> None:
    with process(listener.fileno()) as holder, process() as stranger:
        assert draining.is_held_by(holder, listener)
        assert not draining.is_held_by(stranger, listener)


def stopping(listener: socket.socket, parent: int) -> list[socket.socket]:
    """Whom a worker of that parent still takes when it is told to stop."""
    worker = Worker(1, parent, [listener], None, 30, Config(), None)
    worker.poller = SimpleNamespace(unregister=lambda _: None)
    worker.alive, worker._accepting = False, True
    taken: list[socket.socket] = []
    worker.accept = lambda one: taken.append(one.accept()[0])
    worker.set_accept_enabled(False)
    return taken


def test_stopping_worker_takes_who_waits_and_bars_the_rest(listener: socket.socket) -> None:
    listener.setblocking(False)
    shared = listener.dup()
    with newcomer(listener), newcomer(listener), process() as parent:
        taken = stopping(listener, parent)

    assert len(taken) == 2
    assert listener.fileno() == -1
    with shared, newcomer(shared) as late:
        assert select.select([], [late], [], 0.2)[1] == []


def test_worker_that_stops_beside_others_bars_nobody(listener: socket.socket) -> None:
    listener.setblocking(False)
    shared = listener.dup()
    stopping(listener, os.getpid())

    with shared, newcomer(shared) as late:
        assert outcome(late) == 0
