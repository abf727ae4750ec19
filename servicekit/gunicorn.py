"""gunicorn's settings for every service, from the environment."""

import gc
import os
import shutil
from typing import Any

bind = os.environ.get("BIND", "127.0.0.1:8000")
worker_class = "servicekit.serving.Worker"
workers = int(os.environ.get("WEB_CONCURRENCY", 1))
threads = int(os.environ.get("THREADS", 4))
preload_app = True
# Longer than the gateway keeps its idle connections, or a request meets a closing one.
keepalive = 75
timeout = 60
graceful_timeout = 20
accesslog = None
control_socket_disable = True
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
limit_request_line = 8190
# All that the gateway takes: it joins the Cookie headers of a request to one, and counts no headers.
limit_request_field_size = 4 * 8192
limit_request_fields = 4 * 8192 // len("a:\r\n")
forwarded_allow_ips = ""


def on_starting(server: Any) -> None:
    """Migrates and prepares once, in the parent, before any worker exists."""
    from sqlalchemy.exc import OperationalError

    from servicekit.app import prepare
    from servicekit.problems import reason

    try:
        prepare(server.app.wsgi())
    except OperationalError as error:
        raise SystemExit(f"cannot start, the database does not answer: {reason(error)}") from None


def pre_fork(server: Any, worker: Any) -> None:
    """What the workers share stays shared: the collector does not write into what was there before them."""
    gc.collect()
    gc.freeze()


def post_fork(server: Any, worker: Any) -> None:
    """A worker has its own database connections and its own files of metrics."""
    from servicekit import metrics

    metrics.begin()
    app = server.app.wsgi()
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose(close=False)


def child_exit(server: Any, worker: Any) -> None:
    """Takes a dead worker's gauges out of the metrics."""
    from prometheus_client import multiprocess

    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def on_exit(server: Any) -> None:
    """Takes the files of the metrics away."""
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        shutil.rmtree(os.environ["PROMETHEUS_MULTIPROC_DIR"], ignore_errors=True)
