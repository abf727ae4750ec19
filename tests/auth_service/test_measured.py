"""Metrics of running processes: several web processes tell one sum, and a worker tells what only it knows."""

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests

from tests.auth_service.live import Live, free_port
from tests.builders import account

pytestmark = pytest.mark.timeout(120)
REQUESTS = 40


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """auth-service with three web processes, and a follower of its feed."""
    live = Live(Path(tmp_path_factory.mktemp("measured")), web_concurrency=3, threads=1, argon2_memory_kib=8,
                argon2_passes=1, metrics_bind=f"127.0.0.1:{free_port()}")  # fmt: skip
    try:
        yield live.start(("web", "auth"), ("web", "catalog"), ("worker", "catalog"))
    finally:
        live.stop()


def sample(address: str, name: str, *labels: str) -> float:
    """The sum of the samples of that name that carry these labels."""
    lines = requests.get(f"{address}/metrics", timeout=5).text.splitlines()
    found = [line for line in lines if re.match(rf"{name}[{{ ]", line) and all(label in line for label in labels)]
    return sum(float(line.rpartition(" ")[2]) for line in found)


def test_each_process_tells_the_sum_over_all(copy: Live) -> None:
    address = copy.url("auth")
    for _ in range(REQUESTS):
        # Without a kept connection each goes to whichever process is free.
        requests.get(f"{address}/.well-known/jwks.json", headers={"Connection": "close"}, timeout=5)
    person = account()
    assert requests.post(f"{address}/api/register/", json=person, timeout=10).status_code == 201
    for password in (person["password"], "not the password", "nor this one"):
        requests.post(f"{address}/api/login/", json={"username": person["username"], "password": password}, timeout=10)

    for _ in range(6):
        assert sample(address, "http_request_seconds_count", 'route="/.well-known/jwks.json"') == REQUESTS
        assert sample(address, "auth_logins_total", 'outcome="in"') == 1
        assert sample(address, "auth_logins_total", 'outcome="refused"') == 2
        assert sample(address, "database_query_seconds_count", 'statement="insert sessions"') >= 1
    # Counted by each process for itself, it would name one of them.
    assert "pid=" not in requests.get(f"{address}/metrics", timeout=5).text


def eventually(check: Callable[[], bool]) -> None:
    until = time.monotonic() + 30
    while True:
        try:
            if check():
                return
        except requests.ConnectionError:
            pass  # it is still starting
        assert time.monotonic() < until, "not in time"
        time.sleep(0.1)


def test_worker_tells_how_far_it_is_behind(copy: Live) -> None:
    worker = f"http://{copy.settings['METRICS_BIND']}"

    def lag(unit: str) -> float:
        return sample(worker, f"feed_lag_{unit}", 'feed="auth"')

    eventually(lambda: sample(worker, "database_query_seconds_count", 'statement="select feed_cursors"') > 0)
    assert lag("changes") == 0

    copy.processes["web", "auth"].terminate()
    copy.processes["web", "auth"].wait(30)
    before = lag("seconds")
    eventually(lambda: lag("seconds") > max(before, 2))
    eventually(lambda: sample(worker, "worker_step_failures_total", 'step="follow auth-service"') > 0)
