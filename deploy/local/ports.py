"""Inner ports, chosen from the data folder's path so that two copies never meet."""

import hashlib
import json
import socket
from dataclasses import dataclass
from pathlib import Path

from .problems import Problem

FIRST, LAST, BLOCK = 20_000, 29_999, 10
BLOCKS = (LAST - FIRST + 1) // BLOCK


@dataclass(frozen=True)
class InnerPorts:
    """Loopback ports of one copy's services."""

    auth: int
    catalog: int
    chat: int

    @classmethod
    def of_block(cls, first: int) -> "InnerPorts":
        return cls(auth=first, catalog=first + 1, chat=first + 2)

    def metrics(self, service: str) -> int:
        """Where the service's worker serves its metrics."""
        return int(getattr(self, service)) + 3

    def all(self) -> tuple[int, ...]:
        return tuple(range(self.auth, self.auth + 6))


def choose(data: Path) -> InnerPorts:
    """The ports this data folder used last, else the first free block from the one its path hashes to.

    Raises Problem when no block is free.
    """
    remembered = data / "run" / "ports.json"
    for first in _candidates(data, remembered):
        ports = InnerPorts.of_block(first)
        if all(is_free(port) for port in ports.all()):
            remembered.write_text(json.dumps({"first": first}))
            return ports
    raise Problem(f"no free block of {BLOCK} ports between {FIRST} and {LAST}")


def preferred(data: Path) -> int:
    """First port of the block that the absolute path hashes to, the same on every start."""
    digest = hashlib.sha256(str(data).encode()).digest()
    return FIRST + int.from_bytes(digest[:8], "big") % BLOCKS * BLOCK


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Whether a server could listen there now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def any_free() -> int:
    """A port that the system says is free."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _candidates(data: Path, remembered: Path) -> list[int]:
    start = (preferred(data) - FIRST) // BLOCK
    in_order = [FIRST + (start + step) % BLOCKS * BLOCK for step in range(BLOCKS)]
    try:
        last = int(json.loads(remembered.read_text())["first"])
    except (OSError, ValueError, KeyError, TypeError):
        return in_order
    return [last, *in_order] if last in in_order else in_order
