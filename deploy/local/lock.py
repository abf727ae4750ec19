"""One launcher per data folder: a locked file that says who runs and whether it is ready."""

import fcntl
import json
import os
from pathlib import Path
from typing import Any


class Lock:
    """`run/vetted.json`, locked by the launcher for as long as it lives.

    The lock goes with the process however it ends and is not inherited by its
    children, so a file that is left behind never looks like a running copy.
    """

    def __init__(self, run: Path) -> None:
        self._path = run / "vetted.json"
        self._descriptor: int | None = None

    def take(self) -> bool:
        """Become the one launcher; False when another one is."""
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        return True

    def write(self, **facts: Any) -> None:
        """Say who runs: only the holder may."""
        assert self._descriptor is not None, "take() first"
        text = json.dumps({"pid": os.getpid(), **facts}).encode()
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, text, 0)

    def holder(self) -> dict[str, Any] | None:
        """What the running launcher wrote; None when none runs."""
        try:
            descriptor = os.open(self._path, os.O_RDWR)
        except FileNotFoundError:
            return None
        try:
            fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return _facts(self._path)
        else:
            return None
        finally:
            # Closing gives the lock back; a launcher never asks about itself, which would lose its own.
            os.close(descriptor)


def _facts(path: Path) -> dict[str, Any]:
    try:
        facts = json.loads(path.read_text())
    except ValueError:
        return {}
    return facts if isinstance(facts, dict) else {}
