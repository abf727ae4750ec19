"""Processes of a copy whose launcher is gone (killed, power of the terminal lost)."""

import os
import signal
import time
from pathlib import Path

from .processes import MARK

PROC = Path("/proc")


def stop(data: Path, seconds: float = 5.0) -> list[int]:
    """End what still runs for this data folder; the process ids that were found."""
    found = _find(data)
    _signal(found, signal.SIGTERM)
    deadline = time.monotonic() + seconds
    while (left := _find(data)) and time.monotonic() < deadline:
        time.sleep(0.05)
    _signal(left, signal.SIGKILL)
    return found


def _find(data: Path) -> list[int]:
    """Ids of processes marked as this copy's; none where the system has no /proc."""
    ids = [int(entry.name) for entry in PROC.glob("[0-9]*")] if PROC.is_dir() else []
    return [pid for pid in ids if pid not in (os.getpid(), os.getppid()) and _belongs(pid, data)]


def _belongs(pid: int, data: Path) -> bool:
    try:
        environment = (PROC / str(pid) / "environ").read_bytes().split(b"\0")
        command = (PROC / str(pid) / "cmdline").read_bytes()
    except OSError:
        return False
    if f"{MARK}={data}".encode() in environment:
        return True
    # nginx writes its title over its environment, but the title names its configuration.
    return command.startswith(b"nginx: ") and f"{data}/".encode() in command


def _signal(pids: list[int], number: signal.Signals) -> None:
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue
