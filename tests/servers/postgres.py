"""A real PostgreSQL for one test run: in a temporary folder, on a free port, gone afterwards."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from deploy.local.ports import any_free
from deploy.local.problems import Problem

START_WITHIN = 30  # seconds

# Nothing in it has to outlive the run, so it never waits for the disk.
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200")


@contextmanager
def temporary(*settings: str) -> Iterator[str]:
    """Address of a running server's superuser, as SQLAlchemy writes it. Problem when it does not start."""
    folder = Path(tempfile.mkdtemp(prefix="vetted-pg-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        _make_cluster(folder)
        port = any_free()
        with _server(folder, port, settings):
            yield f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _make_cluster(folder: Path) -> None:
    command = ["initdb", "-D", str(folder / "data"), "-U", "postgres", "-A", "trust", "-E", "UTF8"]
    done = subprocess.run(_as_postgres([*command, "--locale=C.UTF-8", "--no-sync"]), capture_output=True, text=True)
    if done.returncode:
        raise Problem(f"initdb failed: {done.stderr.strip()}")


@contextmanager
def _server(folder: Path, port: int, more: Sequence[str]) -> Iterator[None]:
    settings = [*FAST, *more, f"port={port}", "listen_addresses=127.0.0.1", f"unix_socket_directories={folder}"]
    command = ["postgres", "-D", str(folder / "data"), *(part for one in settings for part in ("-c", one))]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(_as_postgres(command), stdout=log, stderr=log, stdin=subprocess.DEVNULL)
    try:
        _wait(server, folder, port)
        yield
    finally:
        _stop(server)


def _wait(server: "subprocess.Popen[bytes]", folder: Path, port: int) -> None:
    ready = [str(_programs() / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]
    deadline = time.monotonic() + START_WITHIN
    while subprocess.run(ready, check=False).returncode:
        if server.poll() is not None or time.monotonic() > deadline:
            raise Problem(f"PostgreSQL did not start: {(folder / 'log').read_text(errors='replace')}")
        time.sleep(0.1)


def _stop(server: "subprocess.Popen[bytes]") -> None:
    server.send_signal(signal.SIGINT)  # fast shutdown: ends the sessions that are still open
    try:
        server.wait(10)
    except subprocess.TimeoutExpired:
        server.send_signal(signal.SIGQUIT)  # at once, with all its children
        server.wait(10)


def _as_postgres(command: list[str]) -> list[str]:
    """The command with the program's path; as user postgres when root, since PostgreSQL refuses to run as root."""
    program = [str(_programs() / command[0]), *command[1:]]
    if os.geteuid() != 0:
        return program
    # pdeathsig: a test run that is killed takes its server with it.
    user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--pdeathsig=INT"]
    return [*user, "--", *program]


def is_installed() -> bool:
    """Whether there is a PostgreSQL to start."""
    return _found() is not None


def _programs() -> Path:
    """Folder of the newest PostgreSQL here."""
    found = _found()
    if found is None:
        raise Problem("PostgreSQL is missing: run deploy/local/setup test")
    return found


def _found() -> Path | None:
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    if installed:
        return installed[-1]
    program = shutil.which("initdb")
    return Path(program).resolve().parent if program else None


def main() -> int:
    """Run a command with TEST_POSTGRES_URL set to a server of its own: `python -m tests.servers.postgres COMMAND…`."""
    with temporary() as url:
        print(f"PostgreSQL at {url}", flush=True)
        return subprocess.run(sys.argv[1:], env={**os.environ, "TEST_POSTGRES_URL": url}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
