"""The feed: gapless in commit order under concurrent writers, applied once however often it is delivered."""

import random
import threading
import time
from typing import Any

import pytest
import time_machine
from auth_service import events, worker
from auth_service.models import Event, FeedHead, Revocation, db
from sqlalchemy import select

from servicekit import trust
from servicekit.feeds import BATCH, Follower
from servicekit.neighbours import Neighbour
from tests.auth_service.conftest import bearer, followed
from tests.builders import INTERNAL_TOKEN
from tests.copies import wait_until


def test_feed_is_for_services_alone(client: Any, register: Any) -> None:
    assert client.get("/internal/feed").status_code == 401
    assert client.get("/internal/feed", headers=register()["headers"]).status_code == 401
    assert client.get("/internal/feed", headers=bearer(INTERNAL_TOKEN)).status_code == 200


def test_feed_is_read_in_parts_from_any_number(client: Any, register: Any) -> None:
    for _ in range(3):
        register()
    whole = followed(client)

    parts, after = [], 0
    while True:
        answer = client.get(f"/internal/feed?after={after}&limit=2", headers=bearer(INTERNAL_TOKEN)).json["events"]
        if not answer:
            break
        parts += answer
        after = answer[-1]["seq"]

    assert parts == whole
    assert [event["type"] for event in whole] == ["business.created", "user.created"] * 3


def test_concurrent_writers_leave_no_gap_and_no_reader_sees_one(app: Any) -> None:
    """Some writers roll back, some wait until a reader has polled before they commit; it polls all the while."""
    writers, each = 6, 15
    done = threading.Event()
    polled = 0
    seen: list[int] = []
    errors: list[BaseException] = []

    def write(number: int) -> None:
        chance = random.Random(number)
        with app.app_context():
            for turn in range(each):
                try:
                    with db.transaction() as session:
                        events.feed.append(session, "business.renamed", {"writer": number, "turn": turn})
                        if chance.random() < 0.2:
                            before = polled
                            wait_until(lambda before=before: polled > before, every=0.001)
                        if turn % 5 == 4:
                            raise InterruptedError
                except InterruptedError:
                    pass
                except BaseException as error:
                    errors.append(error)
                    raise
            db.session.remove()

    def read() -> None:
        nonlocal polled
        client = app.test_client()
        while not done.is_set():
            after = seen[-1] if seen else 0
            answer = client.get(f"/internal/feed?after={after}", headers=bearer(INTERNAL_TOKEN))
            seen.extend(event["seq"] for event in answer.json["events"])
            polled += 1

    reader = threading.Thread(target=read)
    threads = [threading.Thread(target=write, args=(number,)) for number in range(writers)]
    for thread in (reader, *threads):
        thread.start()
    for thread in threads:
        thread.join()
    committed = writers * (each - each // 5)
    wait_until(lambda: len(seen) >= committed)
    done.set()
    reader.join()

    assert errors == []
    assert seen == list(range(1, committed + 1))
    with app.app_context():
        assert db.session.scalar(select(FeedHead.seq)) == committed
        rows = db.session.execute(select(Event.seq, Event.data).order_by(Event.seq)).all()
    for number in range(writers):
        turns = [row.data["turn"] for row in rows if row.data["writer"] == number]
        assert turns == sorted(turns)


@pytest.fixture
def catalog(make_app: Any) -> Any:
    """catalog-service's application, as one that follows."""
    return make_app("catalog_service", auth_url="http://127.0.0.1:9")


def test_follower_applies_each_change_once_however_often_it_comes(client: Any, register: Any, catalog: Any) -> None:
    from catalog_service.models import FeedCursor
    from catalog_service.models import db as catalog_db

    register()
    changes = followed(client)
    applied: list[int] = []
    handlers = dict.fromkeys(("business.created", "user.created"), lambda _, data: applied.append(data["business_id"]))
    follower = Follower(catalog_db, FeedCursor, "auth", Neighbour("auth", "http://127.0.0.1:9"), handlers)

    with catalog.app_context():
        counts = [follower.apply(batch) for batch in (changes, changes, changes[:1], [])]
        with pytest.raises(RuntimeError, match="follows"):
            follower.apply([{**changes[0], "seq": 9}])
        position = follower.position()

    assert counts == [2, 0, 0, 0]
    assert len(applied) == 2
    assert position == 2


def test_change_that_cannot_be_applied_leaves_the_cursor_where_it_was(client: Any, register: Any, catalog: Any) -> None:
    from catalog_service.models import FeedCursor
    from catalog_service.models import Revocation as CatalogRevocation
    from catalog_service.models import db as catalog_db

    register()

    def fail(session: Any, data: Any) -> None:
        trust.revoke(session, CatalogRevocation, "session", "half-done")
        raise ZeroDivisionError

    follower = Follower(catalog_db, FeedCursor, "auth", Neighbour("auth", "http://127.0.0.1:9"), {"user.created": fail})
    with catalog.app_context():
        with pytest.raises(ZeroDivisionError):
            follower.apply(followed(client))
        assert follower.position() == 0
        assert catalog_db.session.query(CatalogRevocation).count() == 0


def test_feed_holds_what_followers_need_and_nothing_private(client: Any, register: Any) -> None:
    admin = register(first_name="Anna", last_name="Berg")

    changes = followed(client)

    assert set(changes[0]["data"]) == {"business_id", "name"}
    assert changes[1]["data"] == {
        "user_id": admin["user"]["id"],
        "business_id": admin["business"]["id"],
        "username": admin["user"]["username"],
        "name": "Anna Berg",
        "role": "admin",
        "is_active": True,
        "token_version": 1,
        "controllers": [],
    }


def test_a_full_batch_is_five_hundred(app: Any, client: Any) -> None:
    with app.app_context(), db.transaction() as session:
        for number in range(BATCH + 1):
            events.feed.append(session, "session.revoked", {"session_ids": [str(number)]})

    assert len(client.get("/internal/feed", headers=bearer(INTERNAL_TOKEN)).json["events"]) == BATCH
    assert len(followed(client, BATCH)) == 1


def test_revocations_are_forgotten_when_what_they_cover_has_expired(app: Any, client: Any, register: Any) -> None:
    admin = register()
    client.post("/api/logout/", headers=admin["headers"])
    with app.app_context():
        before = db.session.query(Revocation).count()
        worker.prune()
        kept = db.session.query(Revocation).count()
        with time_machine.travel(time.time() + 601):
            worker.prune()
        assert (before, kept, db.session.query(Revocation).count()) == (1, 1, 0)
