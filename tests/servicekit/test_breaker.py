"""What keeps failing is left alone for a while; calls never wait for each other."""

import threading
from typing import Any

import pytest
from werkzeug import Request, Response
from werkzeug.serving import make_server

from servicekit.breaker import Breaker, Open
from servicekit.neighbours import Neighbour


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def opened(clock: Clock) -> Breaker:
    breaker = Breaker(failures=3, seconds=30, clock=clock)
    for _ in range(3):
        breaker.enter()
        breaker.failed()
    return breaker


def test_opens_after_failures_in_a_row_only() -> None:
    breaker = Breaker(failures=3, seconds=60)
    for outcome in (breaker.failed, breaker.failed, breaker.succeeded, breaker.failed, breaker.failed):
        breaker.enter()
        outcome()

    breaker.enter()
    breaker.failed()

    with pytest.raises(Open):
        breaker.enter()


def test_one_probe_at_a_time_and_its_success_closes() -> None:
    clock = Clock()
    breaker = opened(clock)
    clock.now = 31

    breaker.enter()
    with pytest.raises(Open):
        breaker.enter()
    breaker.succeeded()

    breaker.enter()
    breaker.enter()


def test_failed_probe_keeps_it_open() -> None:
    clock = Clock()
    breaker = opened(clock)
    clock.now = 31
    breaker.enter()
    breaker.failed()

    clock.now = 60
    with pytest.raises(Open):
        breaker.enter()


def test_calls_to_a_neighbour_run_side_by_side() -> None:
    everyone = threading.Barrier(6)

    @Request.application
    def together(_: Request) -> Response:
        everyone.wait(20)  # raises unless all six are here
        return Response("{}", content_type="application/json")

    server = make_server("127.0.0.1", 0, together, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    neighbour = Neighbour("x", f"http://127.0.0.1:{server.port}")
    answers: list[Any] = []
    calls = [threading.Thread(target=lambda: answers.append(neighbour.get("/together"))) for _ in range(6)]

    for call in calls:
        call.start()
    for call in calls:
        call.join()
    server.shutdown()

    assert answers == [{}] * 6
