"""The counts that the web processes of one service share; with real processes."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from limits import RateLimitItemPerMinute, parse
from limits.errors import StorageError
from limits.strategies import FixedWindowRateLimiter

from deploy.local.folders import ROOT
from servicekit import counts, limits
from servicekit.counts import SharedCounts
from tests.copies import wait_until

PROGRAM = """
import sys
from pathlib import Path
from servicekit.counts import SharedCounts
shared = SharedCounts(Path(sys.argv[1]))
for _ in range(int(sys.argv[2])):
    shared.incr("all", 60)
    print(end=".", flush=True)
"""


def counting(file: Path, times: int) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", PROGRAM, str(file), str(times)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env={"PYTHONPATH": str(ROOT)})


@pytest.fixture
def shared(tmp_path: Path) -> SharedCounts:
    return SharedCounts(tmp_path / "counts")


def test_processes_lose_no_count(tmp_path: Path, shared: SharedCounts) -> None:
    crowd = [counting(tmp_path / "counts", 200) for _ in range(3)]

    assert [len(process.communicate(timeout=60)[0]) for process in crowd] == [200] * 3
    assert shared.get("all") == 600


def test_killed_process_holds_nobody_up(tmp_path: Path, shared: SharedCounts) -> None:
    process = counting(tmp_path / "counts", 10**9)
    wait_until(lambda: shared.get("all") > 10)

    os.kill(process.pid, signal.SIGKILL)
    process.communicate(timeout=20)

    assert shared.incr("all", 60) > 10


def test_window_ends_for_all_and_begins_with_the_next_count(
    shared: SharedCounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    limiter, limit, now = FixedWindowRateLimiter(shared), RateLimitItemPerMinute(2), time.time()
    monkeypatch.setattr(counts.time, "time", lambda: now)
    assert [limiter.hit(limit, "a") for _ in range(3)] == [True, True, False]
    shared.incr(limit.key_for("a"), limit.get_expiry(), amount=-2)
    assert limiter.hit(limit, "a")
    assert shared.get_expiry(limit.key_for("a")) == now + 60

    monkeypatch.setattr(counts.time, "time", lambda: now + 61)

    assert shared.get(limit.key_for("a")) == 0
    assert [limiter.hit(limit, "a") for _ in range(3)] == [True, True, False]
    limiter.clear(limit, "a")
    assert limiter.hit(limit, "a")


def test_ended_windows_are_forgotten(shared: SharedCounts, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(counts.PRUNE_EVERY - 1):
        shared.incr(str(number), 60)
    later = time.time() + 61
    monkeypatch.setattr(counts.time, "time", lambda: later)

    shared.incr("last", 60)

    assert shared.reset() == 1


def test_folder_that_is_gone_leaves_each_process_its_own_count(tmp_path: Path, service: Any) -> None:
    shared = SharedCounts(tmp_path / "gone" / "counts")
    with pytest.raises(StorageError):
        shared.incr("a", 60)

    with service.app_context():
        counters, limit = limits.Counters(shared), parse("2/minute")
        assert [counters.take(limit, "a") for _ in range(3)] == [True, True, False]


def test_web_processes_count_in_their_folder(
    make_service: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
    limit = parse("4/minute")
    apps = [make_service(database_url=f"sqlite:///{tmp_path / name}.db") for name in ("first", "second")]
    first, second = (app.extensions["counters"] for app in apps)

    assert [counters.take(limit, "a") for counters in (first, second, first, second)] == [True] * 4
    assert [counters.take(limit, "a") for counters in (first, second)] == [False] * 2
