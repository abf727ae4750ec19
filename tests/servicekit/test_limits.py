"""How often an account may write, counted by all processes together, and what becomes of it without Redis."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis as client_library
from flask import Response
from limits import parse

from servicekit import limits
from servicekit.limits import AWAY_SECONDS
from tests.builders import Signer
from tests.servers import redis as redis_server
from tests.servicekit.conftest import Note, db


@pytest.fixture
def redis() -> Iterator[redis_server.Server]:
    with redis_server.temporary() as server:
        yield server


@pytest.fixture
def make_pair(make_service: Any, redis: redis_server.Server, tmp_path: Path) -> Any:
    """make_pair(**settings): two applications that share nothing but a Redis."""
    urls = [f"sqlite:///{tmp_path / name}.db" for name in ("first", "second")]
    return lambda **settings: [make_service(database_url=url, redis_url=redis.url, **settings) for url in urls]


class Writer:
    """Writes notes as an account; texts never repeat."""

    written = 0

    def __init__(self, app: Any, signer: Signer, **claims: Any) -> None:
        self.client = app.test_client()
        self.headers = signer.headers(**{"role": "editor", "sub": "5", **claims})

    def write(self) -> Any:
        Writer.written += 1
        return self.client.post("/api/notes/", json={"text": f"note {Writer.written}"}, headers=self.headers)

    def statuses(self, count: int) -> list[int]:
        return [self.write().status_code for _ in range(count)]


def commands(server: redis_server.Server) -> dict[str, int]:
    """How often each command that counts was run; talking to Redis at all is what a read must not do."""
    info = client_library.Redis.from_url(server.url).info("commandstats")
    counted = ("evalsha", "eval", "incrby", "get", "ttl")
    return {name: info.get(f"cmdstat_{name}", {"calls": 0})["calls"] for name in counted}


def test_write_too_many_is_refused_with_the_time_to_wait(make_service: Any, signer: Signer) -> None:
    app = make_service(write_limit="3/minute")
    writer = Writer(app, signer)

    assert writer.statuses(3) == [201] * 3
    refused = writer.write()

    assert (refused.status_code, refused.mimetype) == (429, "application/problem+json")
    assert refused.json["code"] == "too_many_requests"
    wait = refused.headers["Retry-After"]
    assert 0 < int(wait) <= 60
    named = {name: value for name, value in refused.headers if name.startswith("RateLimit")}
    assert named == {"RateLimit-Limit": "3", "RateLimit-Remaining": "0", "RateLimit-Reset": wait}
    with app.app_context():
        assert db.session.query(Note).count() == 3


def limits_told(answer: Any) -> list[str | None]:
    return [answer.headers.get(f"RateLimit-{name}") for name in ("Limit", "Remaining", "Reset")]


def test_every_counted_answer_says_how_many_are_left(make_service: Any, signer: Signer) -> None:
    writer = Writer(make_service(write_limit="3/minute"), signer)

    answers = [writer.write(), writer.client.post("/api/notes/", json={}, headers=writer.headers), writer.write()]
    uncounted = writer.client.get("/api/notes/1/", headers=writer.headers)

    assert [answer.status_code for answer in answers] == [201, 422, 201]
    assert [limits_told(answer)[:2] for answer in answers] == [["3", "2"], ["3", "1"], ["3", "0"]]
    assert all(0 < int(limits_told(answer)[2] or 0) <= 60 for answer in answers)
    assert limits_told(uncounted) == [None] * 3


def test_limit_with_the_fewest_left_is_told_and_a_quiet_one_never(service: Any) -> None:
    with service.test_request_context("/"):
        service.preprocess_request()
        counters = limits.counters()
        for limit, quietly in (("9/minute", False), ("3/minute", False), ("5/minute", False), ("1/minute", True)):
            counters.count(parse(limit), "somebody", quietly=quietly)

        assert limits_told(service.process_response(Response()))[:2] == ["3", "2"]


def test_key_takes_little_memory_however_long_it_is(service: Any) -> None:
    with service.test_request_context("/"):
        counters, limit = limits.counters(), parse("2/hour")
        for text in ("\ufdfa" * 5_000, "\ufdfa" * 5_001):
            assert [counters.take(limit, text) for _ in range(3)] == [True, True, False]

        assert max(map(len, counters._own.storage.storage)) < 200


def test_accounts_are_counted_apart_whatever_their_tokens(make_service: Any, signer: Signer) -> None:
    app = make_service(write_limit="2/minute")
    person, partner = {"sub": "5"}, {"sub": "6", "role": "service", "scope": "catalog:write", "client_id": "c"}

    for account in (person, partner):
        assert Writer(app, signer, **account).statuses(2) == [201, 201]
        assert Writer(app, signer, **account).statuses(1) == [429]


def test_reads_and_strangers_are_not_counted(make_service: Any, signer: Signer) -> None:
    app = make_service(write_limit="1/minute")
    writer = Writer(app, signer)
    forged = signer.headers(role="editor", sub="5", aud="other")

    reads = [writer.client.get("/api/notes/1/", headers=writer.headers).status_code for _ in range(3)]
    bad = [writer.client.post("/api/notes/", json={}, headers=forged).status_code for _ in range(3)]
    nobody = [writer.client.post("/api/notes/", json={}).status_code for _ in range(3)]

    assert (reads, bad, nobody) == ([200] * 3, [401] * 3, [401] * 3)
    assert writer.statuses(2) == [201, 429]


def test_applications_count_together_in_redis(make_pair: Any, signer: Signer) -> None:
    first, second = (Writer(app, signer) for app in make_pair(write_limit="4/minute"))

    assert first.statuses(2) + second.statuses(2) == [201] * 4
    assert first.statuses(1) + second.statuses(1) == [429] * 2
    assert 0 < int(second.write().headers["Retry-After"]) <= 60


def test_write_costs_two_commands_and_a_read_none(
    make_service: Any, signer: Signer, redis: redis_server.Server
) -> None:
    writer = Writer(make_service(redis_url=redis.url), signer)
    writer.write()  # loads the script
    before = commands(redis)

    writer.statuses(5)
    for _ in range(5):
        writer.client.get("/api/notes/1/", headers=writer.headers)

    spent = {name: count - before[name] for name, count in commands(redis).items()}
    # `incrby` runs inside the script: what crosses the network is `evalsha` alone.
    assert spent == {"evalsha": 5, "eval": 0, "incrby": 5, "get": 0, "ttl": 5}


def test_killed_redis_is_replaced_by_each_process(
    make_service: Any, signer: Signer, redis: redis_server.Server
) -> None:
    writer = Writer(make_service(write_limit="3/minute", redis_url=redis.url), signer)
    assert writer.statuses(2) == [201, 201]

    redis.kill()

    assert writer.statuses(5) == [201, 201, 201, 429, 429]


def test_hung_redis_holds_nobody_up_for_good(make_service: Any, signer: Signer, redis: redis_server.Server) -> None:
    writer = Writer(make_service(write_limit="3/minute", redis_url=redis.url), signer)
    writer.write()

    os.kill(redis.pid, signal.SIGSTOP)

    assert writer.statuses(4) == [201, 201, 201, 429]


def test_restarted_redis_counts_at_once(make_pair: Any, signer: Signer, redis: redis_server.Server) -> None:
    first, second = (Writer(app, signer) for app in make_pair(write_limit="3/minute"))
    first.write(), second.write()

    redis.kill()
    redis.start()

    assert first.statuses(2) + second.statuses(2) == [201, 201, 201, 429]


def test_redis_that_was_away_is_asked_again(
    make_service: Any, signer: Signer, redis: redis_server.Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_service(write_limit="3/minute", redis_url=redis.url)
    writer = Writer(app, signer)
    redis.kill()
    writer.write()
    redis.start()

    app.extensions["counters"]._away_until -= AWAY_SECONDS

    assert writer.statuses(4) == [201, 201, 201, 429]
    assert commands(redis)["incrby"] == 4


def test_malformed_limit_stops_the_start(make_service: Any, tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="WRITE_LIMIT"):
        make_service(write_limit="often")
