"""python -m servicekit (web | worker) <package>: starts a service's process."""

import importlib
import os
import re
import shutil
import sys
import tempfile
from pathlib import Path

from servicekit import addresses
from servicekit.memory import return_large_blocks
from servicekit.settings import refusal

COUNTS = ("WEB_CONCURRENCY", "THREADS")
COUNT = re.compile(r"[1-9][0-9]{0,3}")


def main(arguments: list[str]) -> None:
    if len(arguments) != 2 or arguments[0] not in {"web", "worker"}:
        raise SystemExit(__doc__)
    kind, package = arguments
    _check_environment()
    return_large_blocks()
    if kind == "worker":
        importlib.import_module(f"{package}.worker").main()
        return
    from servicekit import gunicorn  # which reads what was checked above

    # Several workers add their metrics up in files; the variable must be set before anything is measured. The files
    # lie in memory: a full disk would end the process that writes to its mapping of one (SIGBUS).
    memory = gunicorn.worker_tmp_dir or tempfile.gettempdir()
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = _metrics_folder(Path(memory), package)
    # A service whose requests mostly wait says in its settings how many it wants to carry at once.
    threads = getattr(importlib.import_module(f"{package}.settings"), "THREADS", 4)
    os.environ.setdefault("THREADS", str(threads))
    from gunicorn.app.wsgiapp import WSGIApplication

    sys.argv = ["gunicorn", "--config", "python:servicekit.gunicorn", f"{package}:create_app()"]
    WSGIApplication("%(prog)s [OPTIONS] [APP_MODULE]").run()


def _metrics_folder(parent: Path, package: str) -> str:
    """A new one, named by this process; those that killed processes left behind go."""
    for folder in parent.glob(f"{package}-metrics-*-*"):
        if not Path("/proc", folder.name.split("-")[-2]).exists():
            shutil.rmtree(folder, ignore_errors=True)
    return tempfile.mkdtemp(prefix=f"{package}-metrics-{os.getpid()}-", dir=parent)


def _check_environment() -> None:
    """gunicorn reads these by itself, also when they are empty, and breaks off in the middle."""
    for name in ("BIND", *COUNTS):
        if not os.environ.get(name):
            os.environ.pop(name, None)
    wrong = [
        f"{name}: must be a whole number from 1 to 9999"
        for name in COUNTS
        if not COUNT.fullmatch(os.environ.get(name, "1"))
    ]
    try:
        addresses.endpoint(os.environ.get("BIND", "127.0.0.1:8000"))
    except ValueError as error:
        wrong.append(f"BIND: {error}")
    if wrong:
        raise refusal(*wrong)


main(sys.argv[1:])
