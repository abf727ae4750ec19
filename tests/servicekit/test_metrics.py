"""What is measured: statements by a bounded name, how far a follower is behind, what a worker's steps do."""

import re
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest
import requests
from prometheus_client import REGISTRY
from pytest_httpserver import HTTPServer
from sqlalchemy import text

from deploy.local.ports import any_free
from servicekit import feeds, metrics, queries, worker
from servicekit.neighbours import Neighbour
from servicekit.settings import ServiceSettings
from tests.builders import INTERNAL_TOKEN
from tests.servicekit.conftest import Cursor, Note, db

TABLES = frozenset({"products", "revisions", "listing_search"})


@pytest.mark.parametrize(
    ("statement", "name"),
    [
        ("SELECT products.id FROM products JOIN revisions ON true WHERE products.id = ?", "select products"),
        ("  insert INTO revisions (name) VALUES ('from products')", "insert revisions"),
        ("UPDATE products SET words = ? WHERE id = ?", "update products"),
        ('DELETE FROM "products"', "delete products"),
        (
            "SELECT 1 FROM unnest(:x) AS one JOIN products ON true, (SELECT 1 FROM listing_search)",
            "select listing_search",
        ),
        ("SELECT a FROM somewhere", "other"),
        ("PRAGMA optimize", "other"),
        ("", "other"),
    ],
)
def test_statement_is_named_by_its_verb_and_a_known_table(statement: str, name: str) -> None:
    assert queries.name(statement, TABLES) == name


def measured(statement: str) -> float:
    return REGISTRY.get_sample_value("database_query_seconds_count", {"statement": statement}) or 0.0


def test_statements_of_requests_and_of_single_reads_are_counted_once_each(service: Any) -> None:
    client, before = service.test_client(), measured("select notes")

    client.get("/api/notes/")
    with service.app_context(), db.reading() as connection:
        connection.execute(text("SELECT text FROM notes WHERE text = :secret"), {"secret": "a value"})

    assert measured("select notes") == before + 2


def test_texts_of_statements_are_not_kept(service: Any) -> None:
    """Long searches make long statements: whoever asks for many of them must not fill the memory."""
    with service.app_context(), db.reading() as connection:
        connection.exec_driver_sql("SELECT 1")
        tracemalloc.start()
        for number in range(1000):
            connection.exec_driver_sql(f"SELECT {number} FROM notes /* {'x' * 20_000} */")
        left = tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()

    # SQLite's driver keeps the last 128 of a connection.
    assert left < 4_000_000


def test_no_text_and_no_value_of_a_statement_is_a_label(service: Any) -> None:
    with service.app_context(), db.transaction() as session:
        session.add(Note(text="marzipan"))
        session.flush()
        session.execute(text("SELECT text AS marmalade FROM notes WHERE text = 'quince'"))

    shown = service.test_client().get("/metrics").text
    names = set(re.findall(r'database_query_seconds_count\{statement="([^"]*)"', shown))

    assert {"insert notes", "select notes"} <= names
    assert not [word for word in ("marzipan", "marmalade", "quince") if word in shown]
    assert all(name == "other" or re.fullmatch(r"(select|insert|update|delete) \w+", name) for name in names)


@pytest.fixture
def lag(service: Any, httpserver: HTTPServer) -> Callable[[str], float]:
    """lag("changes"): how far the follower of `auth` says to be behind."""
    return lambda unit: REGISTRY.get_sample_value(f"feed_lag_{unit}", {"feed": "auth"}) or 0.0


def event(seq: int) -> dict[str, Any]:
    return {"seq": seq, "type": "note.written", "data": {}, "occurred_at": "2026-01-01T00:00:00Z"}


def test_follower_says_how_far_it_is_behind(
    service: Any, httpserver: HTTPServer, lag: Callable[[str], float], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [1000.0]
    monkeypatch.setattr("servicekit.feeds.time.monotonic", lambda: clock[0])
    following = feeds.Follower(db, Cursor, "auth", Neighbour("auth", httpserver.url_for("")), {})

    def step(head: int, *numbers: int) -> None:
        httpserver.clear()
        httpserver.expect_request("/internal/feed").respond_with_json(
            {"events": [event(number) for number in numbers], "head": head}
        )
        with service.app_context():
            following.step()

    clock[0] += 4
    assert lag("seconds") == 4
    step(7, 1, 2, 3)
    assert (lag("changes"), lag("seconds")) == (4, 4)
    clock[0] += 2
    step(7, 4, 5, 6, 7)
    assert (lag("changes"), lag("seconds")) == (0, 0)
    clock[0] += 30
    assert lag("seconds") == 30


def test_failing_step_is_counted() -> None:
    def fail() -> None:
        raise ValueError

    worker.Step("a step that fails", 1, fail).attempt()

    assert REGISTRY.get_sample_value("worker_step_failures_total", {"step": "a step that fails"}) == 1


def test_process_without_requests_serves_its_metrics() -> None:
    port = any_free()
    metrics.serve(f"127.0.0.1:{port}")

    assert "# TYPE feed_lag_seconds gauge" in requests.get(f"http://127.0.0.1:{port}/metrics", timeout=5).text


@pytest.mark.parametrize("value", ["9000", "127.0.0.1:", "127.0.0.1:port", ":"])
def test_address_of_the_metrics_needs_host_and_port(value: str) -> None:
    with pytest.raises(SystemExit, match="METRICS_BIND"):
        ServiceSettings.load({"database_url": "sqlite://", "internal_token": INTERNAL_TOKEN, "metrics_bind": value})
