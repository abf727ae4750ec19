"""Prometheus metrics, safe with several gunicorn workers; labels are route templates, never paths."""

import os
import time
from functools import lru_cache

from flask import Response, g, request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
    start_http_server,
)
from prometheus_client.multiprocess import MultiProcessCollector

from servicekit.api import App
from servicekit.auth import operational

LATENCY = Histogram(
    "http_request_seconds",
    "Time from the request's arrival to its answer, in seconds",
    ["method", "route", "status"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
STARTS = Counter("web_process_starts_total", "Times that a web process was started, also in place of a dead one")
# A label's values must be few, and a client may name any method.
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def begin() -> None:
    """Opens this process's files, one a kind of metric, before a request could fail for want of room for them."""
    STARTS.inc()
    LATENCY.labels("GET", "unmatched", 404)


def register(app: App) -> None:
    """Measures every request from the moment that logs.py noted, and serves /metrics."""

    @app.after_request
    def end(response: Response) -> Response:
        route = request.url_rule.rule if request.url_rule else "unmatched"
        method = request.method if request.method in METHODS else "other"
        _latency(method, route, response.status_code).observe(time.perf_counter() - g.started)
        return response

    @app.get("/metrics", doc_ui=False)
    @operational
    def metrics() -> Response:
        return Response(generate_latest(_registry()), content_type=CONTENT_TYPE_LATEST)


def serve(address: str) -> None:
    """Serves the metrics of a process that answers no requests, at host:port; OSError when that is taken."""
    host, _, port = address.rpartition(":")
    start_http_server(int(port), host.strip("[]"))


@lru_cache(maxsize=4096)
def _latency(method: str, route: str, status: int) -> Histogram:
    return LATENCY.labels(method, route, status)


def _registry() -> CollectorRegistry:
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return registry
