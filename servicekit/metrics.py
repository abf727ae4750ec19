"""Prometheus metrics, safe with several gunicorn workers; labels are route templates, never paths."""

import os
import time

from flask import Response, g, request
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from servicekit.api import App
from servicekit.auth import operational

LATENCY = Histogram(
    "http_request_seconds",
    "Time from the request's arrival to its answer, in seconds",
    ["method", "route", "status"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
FEED_CHANGES = Counter("feed_changes_applied_total", "Changes of other services applied here", ["feed"])


def register(app: App) -> None:
    """Measures every request and serves /metrics."""

    @app.before_request
    def begin() -> None:
        g.measured_from = time.perf_counter()

    @app.after_request
    def end(response: Response) -> Response:
        route = request.url_rule.rule if request.url_rule else "unmatched"
        if "measured_from" in g:
            LATENCY.labels(request.method, route, response.status_code).observe(time.perf_counter() - g.measured_from)
        return response

    @app.get("/metrics", doc_ui=False)
    @operational
    def metrics() -> Response:
        return Response(generate_latest(_registry()), content_type=CONTENT_TYPE_LATEST)


def _registry() -> CollectorRegistry:
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return registry
