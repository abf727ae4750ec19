"""python -m servicekit (web | worker) <package>: starts a service's process."""

import importlib
import os
import sys
import tempfile

from servicekit.memory import return_large_blocks


def main(arguments: list[str]) -> None:
    if len(arguments) != 2 or arguments[0] not in {"web", "worker"}:
        raise SystemExit(__doc__)
    kind, package = arguments
    return_large_blocks()
    if kind == "worker":
        importlib.import_module(f"{package}.worker").main()
        return
    # Several workers add their metrics up in files; the variable must be set before anything is measured.
    folder = tempfile.mkdtemp(prefix=f"{package}-metrics-")
    os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", folder)
    # A service whose requests mostly wait says in its settings how many it wants to carry at once.
    threads = getattr(importlib.import_module(f"{package}.settings"), "THREADS", 4)
    os.environ["THREADS"] = os.environ.get("THREADS") or str(threads)
    from gunicorn.app.wsgiapp import WSGIApplication

    sys.argv = ["gunicorn", "--config", "python:servicekit.gunicorn", f"{package}:create_app()"]
    WSGIApplication("%(prog)s [OPTIONS] [APP_MODULE]").run()


main(sys.argv[1:])
