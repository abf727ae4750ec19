"""Answers that leave the process whole, or not at all."""

from types import SimpleNamespace

import pytest
from gunicorn.config import Config
from gunicorn.http import wsgi

from servicekit.draining import Answer


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
