"""`make test`: every check, in the order in which a failure is cheapest to learn."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from deploy.local import pages
from deploy.local.folders import ROOT
from deploy.local.ports import any_free
from deploy.local.problems import Problem
from tests.servers import postgres

YAML_RULES = "{extends: default, rules: {line-length: {max: 120}, document-start: disable}}"

# What `make check` runs, but those that measure, race, invent input, load many rows or start servers.
QUICK = ("contract", "servicekit", "auth_service", "catalog_service", "chat_service")
LONG = ("corpus", "cost", "faults", "floors", "fuzz", "index", "linear", "live", "loader", "measured", "memory",
        "migrations", "overtaking", "races", "search_model", "serving", "stateful", "upgrade")  # fmt: skip

Stage = tuple[str, Callable[[], bool]]


def main(only: str) -> int:
    """Run the stages ("all", "lint" or "check"); the exit code."""
    signal.signal(signal.SIGTERM, _interrupt)
    failed: list[str] = []
    for name, stage in STAGES[only]:
        started = time.monotonic()
        print(f"\n== {name}", flush=True)
        if not _passes(stage):
            failed.append(name)
        # The last stage says its own time: its closing line stays the last one.
        if stage is not suite:
            print(
                f"== {name}: {'FAILED' if name in failed else 'passed'} in {time.monotonic() - started:.1f} s",
                flush=True,
            )
    if failed:
        print(f"FAILED: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def ruff() -> bool:
    """Style and layout of all Python."""
    return _run("ruff", "check", ".") & _run("ruff", "format", "--check", ".")


def types() -> bool:
    """Types, as far as pyproject.toml asks for them."""
    return _run("mypy")


def files() -> bool:
    """Dockerfiles and YAML."""
    yamllint = ("yamllint", "--strict", "--config-data", YAML_RULES)
    recipes = sorted(str(path) for path in ROOT.glob("*/*Dockerfile"))
    return _run("hadolint", "--failure-threshold=warning", "--ignore=DL3008", *recipes) & _run(
        *yamllint, "docker-compose.yml"
    )


def suite() -> bool:
    """All tests but the end-to-end ones, with a PostgreSQL of their own."""
    with postgres.temporary() as url:
        return _pytest("tests", "--ignore=tests/e2e", "-n", "2", TEST_POSTGRES_URL=url)


def rules_and_units() -> bool:
    """The rules that hold everywhere and the quick tests of the services, on SQLite."""
    long = [f"--ignore-glob=*/test_{name}.py" for name in LONG]
    return _pytest(*(f"tests/{folder}" for folder in QUICK), *long, "-n", "2", TEST_POSTGRES_URL="")


def end_to_end() -> bool:
    """The tests of a running copy, against one that is started for them."""
    with _running_copy() as copy:
        return _pytest("tests/e2e", "-n", "2", **copy)


def frontend() -> bool:
    """Style, types and component tests of the pages."""
    return all(_npm(script) for script in ("lint", "check", "test"))


def _npm(script: str) -> bool:
    ended = pages.run(["npm", "run", "--silent", script])
    print(ended.stdout, end="", flush=True)
    return ended.returncode == 0


LINT: list[Stage] = [("ruff", ruff), ("mypy", types), ("files", files)]
CHECK: list[Stage] = [*LINT, ("rules and units", rules_and_units)]
TESTS: list[Stage] = [("frontend", frontend), ("end to end", end_to_end), ("tests", suite)]

STAGES = {"lint": LINT, "check": CHECK, "all": LINT + TESTS}


def _passes(stage: Callable[[], bool]) -> bool:
    try:
        return stage()
    except Problem as problem:
        print(problem, flush=True)
        return False


def _run(tool: str, *arguments: str) -> bool:
    command = [str(Path(sys.executable).parent / tool), *arguments]
    return subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, check=False).returncode == 0


def _pytest(*arguments: str, **environment: str) -> bool:
    command = [sys.executable, "-m", "pytest", *arguments]
    settings = {**os.environ, **environment}
    return subprocess.run(command, cwd=ROOT, env=settings, stdin=subprocess.DEVNULL, check=False).returncode == 0


@contextmanager
def _running_copy() -> Iterator[dict[str, str]]:
    """Address and data folder of a fresh copy with demo data, as the tests' environment names them."""
    data, port = tempfile.mkdtemp(prefix="vetted-e2e-"), any_free()
    # Every test comes from one address here; the limits themselves are tested with the gateway.
    settings = {
        **os.environ,
        "VETTED_DATA": data,
        "VETTED_PORT": str(port),
        "VETTED_DEMO": "1",
        "LIMITS": "off",
        "LOGIN_LIMIT": "10000/minute",
        "REGISTER_LIMIT": "10000/minute",
        "WRITE_LIMIT": "10000/minute",
        "CHAT_LIMIT": "10000/minute",
        "CHAT_ANONYMOUS_LIMIT": "10000/minute",
    }
    try:
        if not _launcher(settings, "up", "--detach"):
            raise Problem("the copy for the end-to-end tests did not start")
        yield {"VETTED_URL": f"http://127.0.0.1:{port}", "VETTED_DATA": data}
    finally:
        _launcher(settings, "down")
        shutil.rmtree(data, ignore_errors=True)


def _launcher(settings: dict[str, str], *arguments: str) -> bool:
    command = [sys.executable, "-m", "deploy.local", *arguments]
    return subprocess.run(command, cwd=ROOT, env=settings, stdin=subprocess.DEVNULL, check=False).returncode == 0


def _interrupt(number: int, frame: FrameType | None) -> None:
    """Leave by way of the context managers, which stop what was started."""
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "all"))
