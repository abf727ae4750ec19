"""`make up DETACH=1` and `make down`."""

import fcntl
import os
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from . import leftovers
from .banner import already_running, banner
from .folders import ROOT, Copy
from .foreground import READY_WITHIN
from .lock import Lock
from .problems import Problem

STOPPED_WITHIN = 20  # seconds


def up(copy: Copy) -> int:
    """Start the launcher in the background; returns when it is ready. Problem when it is not."""
    with _turn(copy):
        return _up(copy, Lock(copy.run))


@contextmanager
def _turn(copy: Copy) -> Iterator[None]:
    """One after the other: a second one would take the first one's log away."""
    with (copy.run / "start.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _up(copy: Copy, lock: Lock) -> int:
    if facts := lock.holder():
        print(already_running(facts))
        return 0
    child = _start(copy)
    deadline = time.monotonic() + READY_WITHIN + 60
    while time.monotonic() < deadline:
        facts = lock.holder() or {}
        if facts.get("pid") == child.pid and facts.get("ready"):
            print(banner(copy, "Stop it with `make down`; follow its log with `make logs`."))
            return 0
        if child.poll() is not None:
            raise Problem(f"it did not start; the end of {copy.log}:\n{_tail(copy.log)}")
        time.sleep(0.1)
    _stop(child.pid, lock)
    raise Problem(f"it was not ready in time; the end of {copy.log}:\n{_tail(copy.log)}")


def down(copy: Copy) -> int:
    """Stop the launcher of this data folder, and what a killed one left behind."""
    lock = Lock(copy.run)
    facts = lock.holder()
    if facts is not None:
        _stop(_launcher(facts), lock)
    left = leftovers.stop(copy.data)
    copy.forget()
    print("Vetted is stopped." if facts is not None or left else "Vetted was not running.")
    return 0


def _start(copy: Copy) -> subprocess.Popen[bytes]:
    if copy.log.exists():
        copy.log.replace(copy.log.with_suffix(".log.1"))
    # Appended to: it may be emptied (logrotate's copytruncate) while it is written.
    with copy.log.open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "deploy.local", "up"],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def _launcher(facts: dict[str, Any]) -> int:
    """Process id of the launcher, made sure to be one. Problem when the file is not to be trusted."""
    pid = facts.get("pid")
    command = Path(f"/proc/{pid}/cmdline")
    if not isinstance(pid, int) or (command.exists() and b"deploy.local" not in command.read_bytes()):
        raise Problem("another program holds the data folder; nothing was stopped")
    return pid


def _stop(pid: int, lock: Lock) -> None:
    """Ask the launcher to stop everything; kill it when it does not."""
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + STOPPED_WITHIN
    while lock.holder() is not None:
        if time.monotonic() > deadline:
            os.kill(pid, signal.SIGKILL)
            return
        time.sleep(0.05)


def _tail(path: Path, lines: int = 20) -> str:
    with path.open(errors="replace") as log:
        return "".join(deque(log, maxlen=lines))
