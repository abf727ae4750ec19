"""A real Redis for one test run: on a free port, without files, gone afterwards; it can be killed and started anew."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

from deploy.local.ports import any_free
from deploy.local.problems import Problem

START_WITHIN = 10  # seconds


class Server:
    """One Redis, always on the same port."""

    def __init__(self) -> None:
        self._port = any_free()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self._port}/0"

    @property
    def pid(self) -> int:
        """Of its process; Problem when it does not run."""
        if self._process is None:
            raise Problem("Redis does not run")
        return self._process.pid

    def start(self) -> None:
        """Starts it, empty; Problem when it does not answer in time."""
        program = shutil.which("redis-server")
        if program is None:
            raise Problem("Redis is missing: run deploy/local/setup test")
        command = [program, "--port", str(self._port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
        deadline = time.monotonic() + START_WITHIN
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise Problem("Redis did not start")
            time.sleep(0.02)

    def kill(self) -> None:
        """Ends it at once; what it counted is lost."""
        if self._process:
            self._process.kill()
            self._process.wait(10)
            self._process = None

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self._port), 1) as connection:
                connection.sendall(b"PING\r\n")
                return connection.recv(5) == b"+PONG"
        except OSError:
            return False


@contextmanager
def temporary() -> Iterator[Server]:
    """A running Redis."""
    server = Server()
    try:
        server.start()
        yield server
    finally:
        server.kill()
