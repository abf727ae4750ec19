"""Starts what a chat benchmark needs, each in its own process, and reads what they use from /proc."""

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
TOKEN = "a credential between the services of a benchmark"
NO_LIMITS = dict.fromkeys(("CHAT_LIMIT", "CHAT_ANONYMOUS_LIMIT", "WRITE_LIMIT"), "1000000/minute")
TICKS = os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


@contextlib.contextmanager
def process(command: list[str], folders: list[str], **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process of this Python with those folders of the repository on its path, ended afterwards."""
    path = os.pathsep.join([str(ROOT), *(str(ROOT / folder) for folder in folders)])
    variables = {
        **os.environ,
        "PYTHONPATH": path,
        "INTERNAL_TOKEN": TOKEN,
        "LOG_LEVEL": "error",
        **NO_LIMITS,
        **environment,
    }
    running = subprocess.Popen([sys.executable, *command], cwd=ROOT, env=variables, stdout=subprocess.DEVNULL)
    try:
        yield running
    finally:
        running.terminate()
        try:
            running.wait(30)
        except subprocess.TimeoutExpired:
            running.kill()


@contextlib.contextmanager
def service(package: str, port: int, database: Path, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """A service's web process, ready."""
    folder = package.replace("_", "-")
    command = ["-m", "servicekit", "web", package]
    own = {"BIND": f"127.0.0.1:{port}", "DATABASE_URL": f"sqlite:///{database}", "AUTH_URL": "http://127.0.0.1:9"}
    with process(command, [folder], **own, **environment) as running:
        wait_for(f"http://127.0.0.1:{port}/readyz")
        yield running


def wait_for(address: str, seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while True:
        try:
            urllib.request.urlopen(address, timeout=2).read()
            return
        except (urllib.error.URLError, ConnectionError):
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def family(process_id: int) -> list[int]:
    """The process and its children."""
    children = Path(f"/proc/{process_id}/task/{process_id}/children").read_text().split()
    return [process_id, *(each for child in children for each in family(int(child)))]


def cpu_seconds(process_id: int) -> float:
    total = 0
    for each in family(process_id):
        fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
        total += int(fields[11]) + int(fields[12])
    return total / TICKS


def status(process_id: int, name: str) -> int:
    """The largest value of a line of /proc/<pid>/status in the family: VmRSS in kB, Threads."""
    found = []
    for each in family(process_id):
        for line in Path(f"/proc/{each}/status").read_text().splitlines():
            if line.startswith(f"{name}:"):
                found.append(int(line.split()[1]))
    return max(found)
