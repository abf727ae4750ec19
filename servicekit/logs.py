"""JSON logs in Elastic Common Schema names, one request id from the gateway to the last call."""

import logging
import random
import re
import sys
import time
from collections.abc import MutableMapping
from contextlib import suppress
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

import ecs_logging
import orjson
import structlog
from flask import Flask, Response, g, request

from servicekit.controls import escaped

_LINES = re.compile("[\n\r]+")
REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_request_id: ContextVar[str] = ContextVar("request_id", default="")


def _escape(value: Any) -> Any:
    if isinstance(value, str):
        return escaped(value)
    if isinstance(value, dict):
        return {_escape(name): _escape(member) for name, member in value.items()}
    return [_escape(item) for item in value] if isinstance(value, list | tuple | set | frozenset) else value


def _escape_event(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Every field; the lines of a traceback, which may repeat what a stranger sent, are set in below the first."""
    for name, value in event.items():
        if name in {"exception", "stack"} and isinstance(value, str):
            event[name] = "\n".join(f"    {escaped(line)}" for line in _LINES.split(value))
        else:
            event[name] = _escape(value)
    return event


def request_id() -> str:
    """The id of the request being answered, or of the worker's step; made when there is none."""
    if not _request_id.get():
        bind_request_id(None)
    return _request_id.get()


def bind_request_id(offered: str | None) -> str:
    """Takes the caller's id when it is well-formed, else makes one; all logs from now on carry it."""
    value = offered if offered and REQUEST_ID.fullmatch(offered) else f"{random.getrandbits(128):032x}"
    _request_id.set(value)
    return value


def configure(service: str, level: str, form: str) -> None:
    """Sends structlog's and the standard library's records to stdout, as JSON or readable."""

    def add_context(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        event["service.name"] = service
        if _request_id.get():
            event["http.request.id"] = _request_id.get()
        return event

    before: list[Any] = [
        add_context,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
    ]
    if form == "json":
        renderer: Any = ecs_logging.StructlogFormatter()
    else:
        before.append(structlog.processors.TimeStamper(fmt="%H:%M:%S"))
        plain = structlog.dev.plain_traceback
        renderer = structlog.dev.ConsoleRenderer(colors=False, pad_event_to=1, exception_formatter=plain)
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=before,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                _escape_event,
                renderer,
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=level.upper(), force=True)
    # gunicorn, which has begun before, writes lines of its own shape.
    server = logging.getLogger("gunicorn.error")
    server.handlers.clear()
    server.propagate = True
    server.setLevel(logging.NOTSET)
    logging.getLogger("alembic").setLevel("WARNING")
    # Its retries: what comes of them is logged by whoever asked.
    logging.getLogger("urllib3").setLevel("ERROR")
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *before,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def register(app: Flask, service: str, form: str) -> None:
    """Binds the request id, returns it in X-Request-ID and writes one access line a request.

    The line is as the formatters above would write it, at a tenth of their time: it is written for every request.
    """
    quiet = {"/healthz", "/readyz", "/metrics", "/internal/feed", "/.well-known/jwks.json"}
    write = _write_json if form == "json" else _write_readable
    written = logging.getLogger("access").isEnabledFor(logging.INFO)

    @app.before_request
    def begin() -> None:
        g.started = time.perf_counter()
        bind_request_id(request.environ.get("HTTP_X_REQUEST_ID"))

    @app.after_request
    def end(response: Response) -> Response:
        response.headers["X-Request-ID"] = request_id()
        if written and request.path not in quiet:
            write(service, response.status_code, int((time.perf_counter() - g.started) * 1e9))
        return response


def _write_json(service: str, status: int, nanoseconds: int) -> None:
    moment = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    method, path = escaped(request.method), escaped(request.path)
    line = {
        "@timestamp": moment,
        "log.level": "info",
        "message": f"{method} {path} {status}",
        "ecs.version": "1.6.0",
        "event": {"duration": nanoseconds},
        "http": {
            "request": {"id": request_id(), "method": method},
            "response": {"status_code": status},
        },
        "logger": "access",
        "service": {"name": service},
        "url": {"path": path},
        "user": {"id": _user_id()},
    }
    _write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))


def _write_readable(service: str, status: int, nanoseconds: int) -> None:
    line = (
        f"{datetime.now(UTC):%H:%M:%S} [info     ] {escaped(request.method)} {escaped(request.path)} {status} [access]"
        f" event.duration={nanoseconds} http.request.id={request_id()} service.name={service} user.id={_user_id()}\n"
    )
    _write(line.encode(errors="backslashreplace"))


def _write(line: bytes) -> None:
    # What was done is done, whether or not there is room to log it.
    with suppress(OSError):
        sys.stdout.buffer.write(line)
        sys.stdout.buffer.flush()


def _user_id() -> int | None:
    return getattr(g.get("actor"), "id", None)
