"""The worker process: repeats a service's steps, each at its own pace, until told to stop."""

import signal
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog
from flask import Flask
from prometheus_client import Counter, Gauge

from servicekit import metrics, migrations
from servicekit.logs import bind_request_id
from servicekit.problems import Unavailable

log = structlog.get_logger(__name__)

LONGEST_WAIT_SECONDS = 5.0
FAILURES = Counter("worker_step_failures_total", "Times that a step of the worker failed", ["step"])
JOBS = Gauge("jobs_waiting", "Work that waits for the worker, by what it is", ["kind"])


@dataclass(slots=True)
class Step:
    """Work to repeat every `seconds`; `run` returns whether there is more to do at once.

    Steps take turns. Those of another lane have a thread of their own, where nothing slow keeps them waiting.
    """

    name: str
    seconds: float
    run: Callable[[], object]
    lane: str = ""
    due: float = 0.0
    failures: int = 0

    def attempt(self) -> None:
        bind_request_id(None)
        try:
            more = self.run()
            self.failures = 0
            self.due = time.monotonic() + (0 if more else self.seconds)
        except Exception as error:
            self.failures += 1
            FAILURES.labels(self.name).inc()
            wait = min(LONGEST_WAIT_SECONDS, self.seconds * 2 ** min(self.failures, 8))
            self.due = time.monotonic() + wait
            if isinstance(error, Unavailable):
                log.warning("step waits", step=self.name, reason=error.detail, seconds=wait)
            else:
                log.exception("step failed", step=self.name, seconds=wait)


def run(app: Flask, steps: Sequence[Step]) -> None:
    """Runs the steps until TERM or INT; a failing step waits longer and longer, the others go on."""
    stop = threading.Event()
    for step in steps:
        FAILURES.labels(step.name)  # or its first failure would show as no rise
    if app.config["SETTINGS"].metrics_bind:
        metrics.serve(app.config["SETTINGS"].metrics_bind)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    _wait_for_tables(app, stop)
    log.info("worker started", steps=[step.name for step in steps])
    lanes = sorted({step.lane for step in steps} - {""})
    threads = [threading.Thread(target=repeat, args=(app, _of(steps, lane), stop), name=lane) for lane in lanes]
    for thread in threads:
        thread.start()
    repeat(app, _of(steps, ""), stop)
    for thread in threads:
        thread.join()
    log.info("worker stopped")


def _of(steps: Sequence[Step], lane: str) -> Sequence[Step]:
    return [step for step in steps if step.lane == lane]


def repeat(app: Flask, steps: Sequence[Step], stop: threading.Event) -> None:
    """Repeats the steps by turns until `stop` is set."""
    with app.app_context():
        while not stop.is_set():
            for step in steps:
                if step.due <= time.monotonic() and not stop.is_set():
                    step.attempt()
                    app.extensions["sqlalchemy"].session.remove()
            stop.wait(max(0.0, min(step.due for step in steps) - time.monotonic()))


def _wait_for_tables(app: Flask, stop: threading.Event) -> None:
    said = False
    while not stop.is_set():
        try:
            if migrations.is_current(app):
                return
        except Exception as error:
            if not said:
                log.warning("waiting for the database", error=type(error).__name__)
            said = True
        stop.wait(0.2)
