"""Whatever the model's endpoint does, the shopper gets a labelled answer in time, and nothing of it leaks."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from chat_service import assistant
from chat_service.clients import model
from chat_service.models import Message, Spending, db

from tests.chat_service.conftest import ask, events
from tests.chat_service.raw import HEAD, RawServer, drip, send

KEY = "sk-test-very-secret"


@pytest.fixture
def endpoint() -> Iterator[RawServer]:
    server = RawServer()
    yield server
    server.stop()


@pytest.fixture
def raw_app(make_chat: Any, endpoint: RawServer) -> Any:
    return make_chat(openai_api_key=KEY, openai_base_url=endpoint.url)


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """A model has one second, so that the tests need not wait for twenty."""
    monkeypatch.setattr(assistant, "MODEL_SECONDS", 1.0)


def completion(content: str | None, finish: str | None = "stop", **more: Any) -> bytes:
    """A whole answer of the endpoint, as bytes of HTTP."""
    choice = {"index": 0, "message": {"role": "assistant", "content": content, **more}, "finish_reason": finish}
    body = {"id": "c", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice]}
    return sized(json.dumps(body).encode())


def sized(body: bytes, kind: str = "application/json") -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n" % (kind.encode(), len(body)) + body


def fell_back(answer: Any) -> None:
    assert (answer["mode"], answer["planned_by"]) == ("builtin", "parser")
    assert "Aurora Desk Lamp costs €129.00" in answer["ai_response"]


def reason(app: Any) -> str | None:
    with app.app_context():
        found: str | None = db.session.scalar(db.select(Message.fallback).order_by(Message.id.desc()).limit(1))
        return found


QUESTION = "How much is the Aurora Desk Lamp?"


def test_the_parts_of_a_turn_end_within_35_seconds() -> None:
    slowest_read = 3 * (1.0 + 2.0) - 2  # three attempts, each connecting in at most 1 s and reading in at most 2 s
    assert assistant.MODEL_SECONDS < assistant.CATALOGUE_SECONDS
    assert assistant.CATALOGUE_SECONDS + slowest_read <= 35


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (lambda llmock: llmock.fail(401, message="bad key " + KEY), "refused_key"),
        (lambda llmock: llmock.rate_limit(retry_after=20), "rate_limited"),
        (lambda llmock: llmock.fail(500, message="secret upstream text"), "server_error"),
        (lambda llmock: llmock.fail(503), "server_error"),
        (lambda llmock: llmock.context_overflow(times=2), "refused"),
        (lambda llmock: llmock.reply("lamps!", times=None), "malformed"),
        (lambda llmock: llmock.reply(""), "empty"),
        (lambda llmock: llmock.reply(" \n "), "empty"),
        (lambda llmock: llmock.reply("lamp" * 50_000), "too_large"),
    ],
)
def test_fault_ends_in_a_labelled_builtin_answer(
    model_app: Any, llmock: Any, fault: Callable[[Any], Any], expected: str
) -> None:
    fault(llmock)
    llmock.reply("Let me look for that.", times=None)

    answer = model_app.test_client().post("/api/chatbot/", json={"message": QUESTION})

    fell_back(answer.json)
    assert reason(model_app) == expected
    assert KEY not in answer.text
    assert "upstream" not in answer.text


@pytest.mark.parametrize(
    "fault",
    [
        lambda llmock: llmock.delay(4),
    ],
)
def test_model_that_falls_silent_is_waited_for_a_while_only(
    model_app: Any, llmock: Any, short: None, fault: Callable[[Any], Any]
) -> None:
    fault(llmock)

    answer = model_app.test_client().post("/api/chatbot/", json={"message": QUESTION})

    fell_back(answer.json)
    assert reason(model_app) == "timeout"


@pytest.mark.parametrize(
    "behave",
    [
        drip(completion('{"ask": "help"}'), 0.02),
        drip(b"HTTP/1.1 200 OK\r\n" + b"X-Slow: x\r\n" * 500, 0.02),
        send(completion('{"ask": "help"}')[:-20]),
        send(completion('{"ask": "he', finish="length")),
        send(completion('{"ask": "help"}', finish="content_filter")),
        send(completion(None)),
        send(completion(None, tool_calls=[])),
        send(completion(None, tool_calls=[{"id": "1", "type": "function", "function": {"name": "x", "arguments": "{"}}])),
        send(sized(b"{")),
        send(sized(b"null")),
        send(sized(b'{"choices": []}')),
        send(sized(b'{"choices": [7]}')),
        send(sized(b"\xff\xfe\x00" * 100)),
        send(sized(b"x" * 5_000_000)),
        send(HEAD + b"data: {}\n\n"),
        send(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 12\r\n\r\n<h1>Hi</h1>\r\n"),
        send(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"),
        send(b"rubbish\r\n\r\n"),
        send(b""),
    ],
)  # fmt: skip
def test_raw_rubbish_ends_in_a_labelled_builtin_answer(
    raw_app: Any, endpoint: RawServer, short: None, behave: Callable[[socket.socket], None]
) -> None:
    endpoint.behave = behave

    answer = ask(raw_app.test_client(), QUESTION)

    fell_back(answer)


def test_five_failures_open_the_breaker_and_a_probe_closes_it(
    model_app: Any, llmock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    breaker = model_app.extensions["assistant"].model._breaker
    client = model_app.test_client()
    llmock.fail(500, times=5)
    for _ in range(5):
        fell_back(ask(client, QUESTION))

    fell_back(ask(client, QUESTION))

    assert len(llmock.requests) == 5
    assert reason(model_app) == "breaker_open"
    later = time.monotonic() + breaker._seconds
    monkeypatch.setattr(breaker, "_clock", lambda: later)
    for _ in range(2):
        llmock.reply('{"about": ["Aurora Desk Lamp"]}')
    assert ask(client, QUESTION)["mode"] == "model"
    assert ask(client, QUESTION)["mode"] == "model"


def test_catalogue_and_model_down_is_a_typed_503_and_nothing_is_stored(
    model_app: Any, llmock: Any, catalogue: Any
) -> None:
    llmock.outage()
    catalogue.down = True
    client = model_app.test_client()

    answer = client.post("/api/chatbot/", json={"message": QUESTION})
    found = events(
        client.post("/api/chatbot/", json={"message": QUESTION}, headers={"Accept": "text/event-stream"}).text
    )

    assert (answer.status_code, answer.json["code"]) == (503, "unavailable")
    assert [name for name, _ in found] == ["start", "error"]
    assert found[1][1]["code"] == "unavailable"
    assert client.get("/api/chat-history/").json == []


def test_silence_is_filled_with_heartbeats(raw_app: Any, endpoint: RawServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model, "TICK_SECONDS", 0.2)
    monkeypatch.setattr(assistant, "MODEL_SECONDS", 1.5)
    endpoint.behave = drip(completion("{}"), 0.5)

    answer = raw_app.test_client().post(
        "/api/chatbot/", json={"message": QUESTION}, headers={"Accept": "text/event-stream"}
    )

    assert answer.text.startswith("event: start\n")
    assert answer.text.count(": still at work\n\n") >= 3


def test_no_database_connection_is_held_while_the_model_speaks(raw_app: Any, endpoint: RawServer) -> None:
    speak = threading.Event()

    def behave(connection: socket.socket) -> None:
        speak.wait(5)
        connection.sendall(completion('{"ask": "greeting"}'))

    endpoint.behave = behave
    found: list[Any] = []
    asking = threading.Thread(target=lambda: found.append(ask(raw_app.test_client(), "hi")))
    asking.start()
    while not endpoint.accepted:
        time.sleep(0.01)
    with raw_app.app_context():
        held = db.engine.pool.checkedout()
    speak.set()
    asking.join()

    assert held == 0
    assert found[0]["mode"] == "model"


def test_shopper_who_leaves_ends_the_call_and_stores_nothing(
    raw_app: Any, endpoint: RawServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model, "TICK_SECONDS", 0.1)
    left = threading.Event()

    def behave(connection: socket.socket) -> None:
        while connection.recv(65536):
            pass
        left.set()

    endpoint.behave = behave
    client = raw_app.test_client()
    answer = client.post(
        "/api/chatbot/", json={"message": QUESTION}, headers={"Accept": "text/event-stream"}, buffered=False
    )
    parts = iter(answer.response)
    while b"still at work" not in next(parts):
        pass

    answer.close()

    assert left.wait(3)
    assert client.get("/api/chat-history/").json == []
    with raw_app.app_context():
        assert db.session.scalar(db.select(Spending.tokens).where(Spending.scope == "day")) > 0
