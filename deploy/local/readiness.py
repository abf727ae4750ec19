"""Waiting until every part answers."""

import http.client
import time
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit


def answers(url: str, timeout: float = 2.0) -> bool:
    """Whether GET url gives 200 within timeout seconds."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=timeout)
    try:
        connection.request("GET", parts.path)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def wait(urls: Mapping[str, str], seconds: float, given_up: Callable[[], bool]) -> list[str]:
    """Names of the parts that still do not answer after that many seconds, or when given up; [] is ready."""
    waiting = dict(urls)
    deadline = time.monotonic() + seconds
    while True:
        waiting = {name: url for name, url in waiting.items() if not answers(url)}
        if not waiting or given_up() or time.monotonic() > deadline:
            return list(waiting)
        time.sleep(0.1)
