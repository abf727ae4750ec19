"""What gunicorn cannot read is refused in the words of every other failure."""

import json
import logging
import socket
from typing import Any

import pytest
from gunicorn.config import Config
from gunicorn.http.parser import RequestParser

from servicekit import gunicorn as settings
from servicekit.logs import bind_request_id
from servicekit.serving import Worker

HOST = b"Host: shop.example\r\n"


def config() -> Config:
    found = Config()
    for name in ("limit_request_line", "limit_request_field_size", "limit_request_fields"):
        found.set(name, getattr(settings, name))
    return found


def refusal(sent: bytes) -> tuple[str, dict[str, Any]]:
    """The first line and the body of what a worker answers to bytes that gunicorn cannot read."""
    worker = object.__new__(Worker)
    worker.cfg, worker.log = config(), logging.getLogger("test")
    here, there = socket.socketpair()
    with here, there:
        try:
            next(RequestParser(worker.cfg, iter([sent]), ("127.0.0.1", 1)))
        except Exception as error:
            worker.handle_error(None, here, ("127.0.0.1", 1), error)
        else:
            pytest.fail("gunicorn read it")
        here.close()
        head, _, body = there.makefile("rb").read().partition(b"\r\n\r\n")
    assert b"Content-Type: application/problem+json" in head
    assert f"Content-Length: {len(body)}".encode() in head
    return head.split(b"\r\n")[0].decode(), json.loads(body)


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ("GET /api/products/public/?q=tür HTTP/1.1\r\n".encode(), 400),
        (b"AB / HTTP/1.1\r\n", 400),
        (b"GET / HTTP/1.1\r\nUser-Agent: \x1b[31m\r\n", 400),
        (b"GET / HTTP/1.1\r\nCookie: " + b"a" * 40_000 + b"\r\n", 431),
        (b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\n", 414),
        (b"GET / HTTP/1.1\r\nTransfer-Encoding: rot13\r\n", 501),
    ],
)
def test_what_gunicorn_refuses_has_the_shape_of_every_failure(sent: bytes, status: int) -> None:
    bind_request_id("of-whoever-came-before")

    line, problem = refusal(sent + HOST + b"\r\n")

    assert line.startswith(f"HTTP/1.1 {status} ")
    assert problem["status"] == status
    assert problem["detail"] == problem["error"]
    assert problem["errors"] == []
    assert problem["request_id"] != "of-whoever-came-before"


@pytest.mark.parametrize("headers", [b"Cookie: " + b"a" * 24_000 + b"\r\n", b"a:\r\n" * 6000])
def test_what_the_gateway_takes_is_read(headers: bytes) -> None:
    """It holds 32 kB of headers, and joins those that carry cookies."""
    request = next(RequestParser(config(), iter([b"GET / HTTP/1.1\r\n" + HOST + headers + b"\r\n"]), ("127.0.0.1", 1)))

    assert request.path == "/"
