"""Answers that leave the process whole, or not at all; threads that take turns; a worker that stops and loses nobody."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import pytest
from gunicorn.config import Config
from gunicorn.http import wsgi

from servicekit.serving import Answer


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


APPLICATION = """
import os, threading, time

gate = threading.Event()

def app(environ, start_response):
    path = environ["PATH_INFO"]
    if path == "/wait":
        gate.wait(30)
    if path == "/open":
        gate.set()
    if path == "/slow":
        time.sleep(0.5)
    body = str(os.getpid()).encode() + environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]
"""


class Server:
    """gunicorn with one worker of ours and three threads."""

    def __init__(self, folder: Path) -> None:
        (folder / "waiting.py").write_text(APPLICATION)
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = int(free.getsockname()[1])
        options = ["--worker-class", "servicekit.serving.Worker", "--threads", "3", "--keep-alive", "75"]
        command = [
            sys.executable,
            "-m",
            "gunicorn",
            *options,
            "--no-control-socket",
            "--bind",
            f"127.0.0.1:{self.port}",
        ]
        environment = {**os.environ, "PYTHONPATH": f"{folder}:{Path(__file__).parents[2]}"}
        self.process = subprocess.Popen([*command, "waiting:app"], env=environment, stderr=subprocess.DEVNULL)

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)

    def get(self, path: str) -> bytes:
        return ask(self.connect(), path)[0]


def ask(connection: http.client.HTTPConnection, path: str, body: bytes | None = None) -> tuple[bytes, bool]:
    """The answer's body, and whether the connection stays open."""
    connection.request("GET" if body is None else "POST", path, body)
    answer = connection.getresponse()
    return answer.read(), not answer.will_close


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    made = Server(tmp_path)
    try:
        until = time.monotonic() + 30
        while time.monotonic() < until:
            try:
                made.get("/")
                break
            except OSError:
                time.sleep(0.05)
        yield made
    finally:
        made.process.kill()
        made.process.wait(10)


def test_one_connection_carries_many_requests(server: Server) -> None:
    connection = server.connect()

    answers = [ask(connection, "/", body) for body in (b"one", b"two", b"three")]

    assert [answer.lstrip(b"0123456789") for answer, _ in answers] == [b"one", b"two", b"three"]
    assert all(kept for _, kept in answers)


def test_requests_sent_at_once_are_answered_in_order(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port), 30) as wire:
        post = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n"
        wire.sendall(post + b"one" + post + b"two")
        received = b""
        while received.count(b"HTTP/1.1 200") < 2 or not received.endswith(b"two"):
            received += wire.recv(4096)

    assert received.index(b"one") < received.index(b"two")


def test_requests_that_wait_hold_nobody_up(server: Server) -> None:
    with ThreadPoolExecutor(2) as clients:
        waiting = [clients.submit(server.get, "/wait") for _ in range(2)]
        server.get("/open")

        assert len({answer.result(30) for answer in waiting}) == 1


def test_more_requests_than_threads_wait_for_a_free_one(server: Server) -> None:
    with ThreadPoolExecutor(7) as clients:
        answers = [clients.submit(server.get, "/slow") for _ in range(7)]

        assert len({answer.result(30) for answer in answers}) == 1


def test_stopping_worker_answers_what_was_sent_and_closes(server: Server) -> None:
    kept, slow = server.connect(), server.connect()
    ask(kept, "/")
    slow.request("GET", "/slow")
    time.sleep(0.1)
    server.process.send_signal(signal.SIGTERM)

    answer = slow.getresponse()

    assert (answer.status, bool(answer.read())) == (200, True)
    assert ask(kept, "/")[1] is False
    assert server.process.wait(30) == 0
    with pytest.raises(ConnectionRefusedError):
        server.get("/")


def test_killed_worker_is_replaced(server: Server) -> None:
    first = server.get("/")
    os.kill(int(first), signal.SIGKILL)

    until, second = time.monotonic() + 30, first
    while second == first and time.monotonic() < until:
        try:
            second = server.get("/")
        except (OSError, http.client.HTTPException):
            time.sleep(0.05)

    assert second != first
