"""Transactions, feeds and migrations on real databases."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from pytest_httpserver import HTTPServer

from servicekit import feeds, migrations, problems
from servicekit.neighbours import Neighbour
from servicekit.problems import Unavailable
from tests.builders import INTERNAL_TOKEN, Signer
from tests.conftest import PER_SERVICE, Databases, build
from tests.servicekit.conftest import Cursor, Note, db


def test_write_outside_of_a_transaction_is_an_error(service: Any) -> None:
    with service.app_context():
        db.session.add(Note(text="stray"))
        with pytest.raises(RuntimeError, match="outside of"):
            db.session.commit()


def test_transactions_do_not_nest(service: Any) -> None:
    with service.app_context(), pytest.raises(RuntimeError, match="does not nest"), db.transaction(), db.transaction():
        pass


def fail_after_writing(session: Any) -> None:
    session.add(Note(text="half"))
    session.flush()
    raise ZeroDivisionError


def test_failed_transaction_leaves_nothing(service: Any) -> None:
    with service.app_context():
        with pytest.raises(ZeroDivisionError), db.transaction() as session:
            fail_after_writing(session)

        assert db.session.query(Note).count() == 0


def test_feed_is_gapless_in_commit_order_under_concurrent_writers(make_app: Callable[..., Any]) -> None:
    from auth_service.events import feed
    from auth_service.models import db as auth_db

    app = make_app("auth_service")

    def write(number: int) -> None:
        with app.app_context():
            for step in range(10):
                try:
                    with auth_db.transaction() as session:
                        feed.append(session, "test", {"writer": number, "step": step})
                        if step % 3 == 2:
                            raise ZeroDivisionError
                except ZeroDivisionError:
                    continue

    writers = [threading.Thread(target=write, args=(number,)) for number in range(6)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    with app.app_context():
        rows = feed.after(auth_db.session(), 0)
    assert [row.seq for row in rows] == list(range(1, 6 * 7 + 1))
    for number in range(6):
        assert [row.data["step"] for row in rows if row.data["writer"] == number] == [0, 1, 3, 4, 6, 7, 9]


def fill(client: Any, headers: dict[str, str]) -> tuple[list[str], Any]:
    """Writes notes until one is refused: the texts that were acknowledged, and the refusal."""
    acknowledged: list[str] = []
    while True:
        text = f"private matter {len(acknowledged):030d}"
        answer = client.post("/api/notes/", json={"text": text}, headers=headers)
        if answer.status_code != 201:
            return acknowledged, answer
        acknowledged.append(text)


def test_full_disk_refuses_writes_keeps_what_it_acknowledged_and_recovers(
    make_service: Any, signer: Signer, capsys: pytest.CaptureFixture[str]
) -> None:
    service = make_service(log_level="info")
    client, headers = service.test_client(), signer.headers(role="editor")
    with service.app_context():
        room = db.session.scalar(sa.text("PRAGMA page_count")) + 2
        sa.event.listen(db.engine, "connect", lambda raw, _: raw.execute(f"PRAGMA max_page_count={room}"))
        db.engine.dispose()

    acknowledged, refusal = fill(client, headers)

    assert (refusal.status_code, refusal.json["code"], refusal.headers["Retry-After"]) == (503, "unavailable", "1")
    with service.app_context():
        assert list(db.session.scalars(sa.select(Note.text).order_by(Note.id))) == acknowledged
        db.session.execute(sa.text("PRAGMA max_page_count=4294967294"))
    written = capsys.readouterr().out
    assert "database or disk is full" in written
    assert "private matter" not in written
    assert client.post("/api/notes/", json={"text": "room again"}, headers=headers).status_code == 201


def test_refusal_of_the_database_is_logged_without_the_values_it_repeats() -> None:
    said = Exception('duplicate key violates "uq_users_email"\nDETAIL:  Key (email)=(ann@example.org) already exists.')

    assert problems.reason(sa.exc.IntegrityError("INSERT …", {}, said)) == 'duplicate key violates "uq_users_email"'


def event(seq: int, kind: str = "note") -> dict[str, Any]:
    return {"seq": seq, "type": kind, "data": {"text": f"note {seq}"}, "occurred_at": "2026-01-01T00:00:00Z"}


@pytest.fixture
def follower(service: Any, httpserver: HTTPServer) -> feeds.Follower:
    neighbour = Neighbour("auth-service", httpserver.url_for(""), INTERNAL_TOKEN)
    return feeds.Follower(
        db, Cursor, "auth", neighbour, {"note": lambda session, data: session.add(Note(text=data["text"]))}
    )


def test_follower_applies_each_change_once_however_often_it_comes(service: Any, follower: feeds.Follower) -> None:
    with service.app_context():
        assert follower.apply([event(1), event(2)]) == 2
        assert follower.apply([event(1), event(2), event(3, "unknown kind")]) == 1

        assert follower.position() == 3
        assert db.session.query(Note).count() == 2


def test_follower_refuses_a_gap_and_keeps_its_place(service: Any, follower: feeds.Follower) -> None:
    with service.app_context():
        with pytest.raises(RuntimeError, match="3 follows 1"):
            follower.apply([event(1), event(3)])

        assert follower.position() == 0
        assert db.session.query(Note).count() == 0


def test_follower_asks_for_what_follows_its_cursor(
    service: Any, follower: feeds.Follower, httpserver: HTTPServer
) -> None:
    httpserver.expect_ordered_request(
        "/internal/feed",
        query_string={"after": "0", "limit": "500"},
        headers={"Authorization": f"Bearer {INTERNAL_TOKEN}"},
    ).respond_with_json({"events": [event(1)]})
    httpserver.expect_ordered_request("/internal/feed", query_string={"after": "1", "limit": "500"}).respond_with_json(
        {"events": []}
    )

    with service.app_context():
        assert [follower.step(), follower.step()] == [1, 0]


def test_follower_says_so_when_the_feed_was_restored_from_an_older_backup(
    service: Any, follower: feeds.Follower, httpserver: HTTPServer
) -> None:
    httpserver.expect_request("/internal/feed").respond_with_json({"events": [], "head": 1})

    with service.app_context():
        follower.apply([event(1)])
        assert follower.step() == 0

        follower.apply([event(2)])
        with pytest.raises(RuntimeError, match="feed auth ends with 1, but 2 was applied here"):
            follower.step()


def test_follower_says_so_when_the_feed_has_gone_another_way_since_its_backup(
    service: Any, follower: feeds.Follower, httpserver: HTTPServer
) -> None:
    """The restored feed is as long as before, or longer: by numbers alone nothing would show."""
    rewritten = {**event(2), "data": {"text": "another"}}
    with service.app_context():
        follower.apply([event(1), event(2)])
        for last in (event(2), None):  # None: of a version that does not say it
            httpserver.clear()
            httpserver.expect_request("/internal/feed").respond_with_json({"events": [], "head": 9, "last": last})
            assert follower.step() == 0
        httpserver.clear()
        answer = {"events": [event(3)], "head": 9, "last": rewritten}
        httpserver.expect_request("/internal/feed").respond_with_json(answer)
        with pytest.raises(RuntimeError, match="feed auth has another change 2 than was applied here"):
            follower.step()
        assert follower.position() == 2


def test_neighbour_that_is_gone_is_unavailable_and_soon_not_asked() -> None:
    gone = Neighbour("catalog-service", "http://127.0.0.1:9")

    for _ in range(7):
        with pytest.raises(Unavailable):
            gone.get("/")

    assert gone._breaker.is_open


def test_credential_between_services_is_sent_to_internal_paths_only(httpserver: HTTPServer) -> None:
    httpserver.expect_request(
        "/internal/feed", headers={"Authorization": f"Bearer {INTERNAL_TOKEN}"}
    ).respond_with_json(1)
    httpserver.expect_request("/.well-known/jwks.json").respond_with_json(2)
    neighbour = Neighbour("auth-service", httpserver.url_for(""), INTERNAL_TOKEN)

    assert [neighbour.get("/internal/feed"), neighbour.get("/.well-known/jwks.json")] == [1, 2]
    assert ["Authorization" in request.headers for request, _ in httpserver.log] == [True, False]


def test_neighbour_retries_a_read_that_failed_once(httpserver: HTTPServer) -> None:
    httpserver.expect_ordered_request("/thing").respond_with_data(status=503)
    httpserver.expect_ordered_request("/thing").respond_with_json({"fine": True})

    assert Neighbour("x", httpserver.url_for("")).get("/thing") == {"fine": True}


PREPARE = "import auth_service, servicekit.app as kit; kit.prepare(auth_service.create_app())"


def starting_on(url: str) -> dict[str, str]:
    """The environment of a process of auth-service."""
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(sys.path),
        "DATABASE_URL": url,
        "INTERNAL_TOKEN": INTERNAL_TOKEN,
        "KEY_PASSPHRASE": PER_SERVICE["auth_service"]["key_passphrase"],
    }


def test_several_processes_that_start_together_migrate_and_make_keys_once(
    databases: Databases, engine_name: str
) -> None:
    url = databases.empty("auth_service", engine_name)
    app = build("auth_service", url)
    assert not migrations.is_current(app)
    starting = [subprocess.Popen([sys.executable, "-c", PREPARE], env=starting_on(url)) for _ in range(4)]

    assert [process.wait(60) for process in starting] == [0] * 4
    assert migrations.is_current(app)
    with app.app_context():
        engine = app.extensions["sqlalchemy"].engine
        with engine.connect() as connection:
            assert connection.scalar(sa.text("SELECT count(*) FROM signing_keys")) == 2
        engine.dispose()


KILLED = """
import os, signal
import sqlalchemy as sa, auth_service, servicekit.app as kit

@sa.event.listens_for(sa.Engine, "before_cursor_execute")
def die(connection, cursor, statement, *_):
    if "CREATE TABLE sessions" in statement:
        os.kill(os.getpid(), signal.SIGKILL)

kit.prepare(auth_service.create_app())
"""


def test_process_that_is_killed_in_its_migration_leaves_a_database_that_others_start_on(
    databases: Databases, engine_name: str
) -> None:
    url = databases.empty("auth_service", engine_name)

    killed = subprocess.run([sys.executable, "-c", KILLED], env=starting_on(url), check=False, timeout=60)
    other = subprocess.run([sys.executable, "-c", PREPARE], env=starting_on(url), check=False, timeout=60)

    assert (killed.returncode, other.returncode) == (-signal.SIGKILL, 0)
    app = build("auth_service", url)
    assert migrations.is_current(app)
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose()


def test_neighbour_is_unavailable_unless_it_answers_with_json(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/moved").respond_with_data(status=302, headers={"Location": "/thing"})
    httpserver.expect_request("/page").respond_with_data("<html>")
    httpserver.expect_request("/none").respond_with_data(status=404)
    httpserver.expect_request("/asked", query_string="q=a+%26+b&page_size=2").respond_with_json([1])
    neighbour = Neighbour("x", httpserver.url_for(""))

    for path in ("/moved", "/page", "/none"):
        with pytest.raises(Unavailable):
            neighbour.get(path)
    assert neighbour.get("/none", none_on=(404,)) is None
    assert neighbour.get("/asked", {"q": "a & b", "page_size": 2}) == [1]
