"""python -m servicekit (web | worker) <package>: starts a service's process."""

import importlib
import os
import re
import sys
import tempfile

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
    # Several workers add their metrics up in files; the variable must be set before anything is measured.
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix=f"{package}-metrics-")
    # A service whose requests mostly wait says in its settings how many it wants to carry at once.
    threads = getattr(importlib.import_module(f"{package}.settings"), "THREADS", 4)
    os.environ.setdefault("THREADS", str(threads))
    from gunicorn.app.wsgiapp import WSGIApplication

    sys.argv = ["gunicorn", "--config", "python:servicekit.gunicorn", f"{package}:create_app()"]
    WSGIApplication("%(prog)s [OPTIONS] [APP_MODULE]").run()


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
