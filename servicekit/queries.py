"""How long statements take, by a name that is a verb and a table of the service: never a text, never a value."""

import re
import time
from collections.abc import Callable, Iterable
from typing import Any

from prometheus_client import Histogram
from sqlalchemy import Engine

SECONDS = Histogram(
    "database_query_seconds",
    "Time from a statement's start to its first row, in seconds",
    ["statement"],
    buckets=(0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 15),
)
OTHER = "other"
MOST_TEXTS = 4096
_VERB = re.compile(r"\b(select|insert|update|delete)\b", re.IGNORECASE)
_TABLE = re.compile(r"\b(?:from|into|update)\s+\"?([a-z_]+)", re.IGNORECASE)


def measure(engine: Engine, tables: Iterable[str]) -> None:
    """Measures every statement of the engine and of those made from it with other options."""
    known = frozenset(tables)
    timers: dict[int, Histogram] = {}

    def timer(text: str) -> Histogram:
        # By its hash: the texts of long searches would take megabytes.
        found = timers.get(hash(text))
        if found is None:
            if len(timers) >= MOST_TEXTS:
                timers.clear()
            found = timers[hash(text)] = SECONDS.labels(name(text, known))
        return found

    def timed(execute: Callable[..., None]) -> Callable[..., None]:
        def run(cursor: Any, text: str, *arguments: Any, **options: Any) -> None:
            began = time.perf_counter()
            execute(cursor, text, *arguments, **options)
            timer(text).observe(time.perf_counter() - began)

        return run

    # The engine's events would do, for several times the cost.
    for hook in ("do_execute", "do_executemany", "do_execute_no_params"):
        setattr(engine.dialect, hook, timed(getattr(engine.dialect, hook)))


def name(text: str, tables: frozenset[str]) -> str:
    """Like `select products`: what the statement does, and the first table it names that is one of these; else OTHER."""
    verb = _VERB.search(text)
    found = next((table for table in _TABLE.findall(text) if table in tables), None)
    return f"{verb[1].lower()} {found}" if verb and found else OTHER
