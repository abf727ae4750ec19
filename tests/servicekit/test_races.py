"""Two processes of a service at once: what both write is there once, and nobody is refused for it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from chat_service import worker
from chat_service.models import FeedCursor, Revocation, TrustedKey, db
from pytest_httpserver import HTTPServer

from servicekit import feeds, trust
from servicekit.database import now
from servicekit.neighbours import Neighbour
from tests.builders import Signer
from tests.overtaking import overtake


@pytest.fixture
def app(make_app: Callable[..., Any], httpserver: HTTPServer) -> Any:
    """A service that has started for the first time and knows no key."""
    return make_app("chat_service", auth_url=httpserver.url_for(""))


def inside(app: Any, call: Callable[..., Any], *arguments: Any) -> Callable[[], Any]:
    def run() -> Any:
        with app.app_context():
            return call(*arguments)

    return run


def writing(app: Any, call: Callable[[Any], Any]) -> Callable[[], Any]:
    def run() -> Any:
        with app.app_context(), db.transaction() as session:
            return call(session)

    return run


def engine_of(app: Any) -> Any:
    with app.app_context():
        return db.engine


def kids(app: Any) -> set[str]:
    with app.app_context(), db.reading() as connection:
        return set(connection.scalars(sa.select(TrustedKey.__table__.c.kid)))


def publish(httpserver: HTTPServer, *signers: Signer) -> None:
    httpserver.clear()
    answer = {"keys": [signer.jwk for signer in signers]}
    httpserver.expect_request("/.well-known/jwks.json").respond_with_json(answer)


@pytest.mark.parametrize("before", ["INSERT INTO trusted_keys", "COMMIT"])
def test_first_token_is_good_while_another_process_stores_the_same_keys(
    app: Any, httpserver: HTTPServer, signer: Signer, before: str
) -> None:
    publish(httpserver, signer)
    fetch = app.extensions["remote_keys"].fetch

    stored, answer = overtake(
        engine_of(app),
        before,
        inside(app, fetch),
        lambda: app.test_client().get("/api/conversations/", headers=signer.headers()),
    )

    assert stored is None
    assert answer.status_code == 200
    assert kids(app) == {signer.kid}


def test_keys_that_were_withdrawn_are_not_brought_back_by_a_slower_process(
    app: Any, httpserver: HTTPServer, signer: Signer
) -> None:
    following = Signer()
    publish(httpserver, signer)
    fetch = app.extensions["remote_keys"].fetch

    def after_an_emergency() -> None:
        publish(httpserver, following)
        inside(app, fetch)()

    first = "LOCK TABLE trusted_keys" if engine_of(app).dialect.name == "postgresql" else "BEGIN IMMEDIATE"
    results = overtake(engine_of(app), first, inside(app, fetch), after_an_emergency)

    assert results == (None, None)
    assert kids(app) == {following.kid}


def test_keys_that_are_published_no_more_are_forgotten(app: Any, httpserver: HTTPServer, signer: Signer) -> None:
    following = Signer()
    for published in ([signer], [signer, following], [following]):
        publish(httpserver, *published)
        inside(app, app.extensions["remote_keys"].fetch)()

        assert kids(app) == {one.kid for one in published}


def revocations(app: Any) -> dict[str, tuple[int, Any]]:
    with app.app_context(), db.reading() as connection:
        table = Revocation.__table__
        rows = connection.execute(sa.select(table.c.subject, table.c.version, table.c.expires_at))
        return {row.subject: (row.version, row.expires_at) for row in rows}


def test_one_thing_revoked_twice_at_once_keeps_the_highest_version_and_the_later_end(app: Any) -> None:
    for number, (first, second) in enumerate([((5, 900), (4, 60)), ((4, 60), (5, 900))]):

        def revoke(version: int, lifetime: int, subject: int = number) -> Callable[[], Any]:
            return writing(app, lambda session: trust.revoke(session, Revocation, "user", subject, version, lifetime))

        started = now()
        results = overtake(engine_of(app), "COMMIT", revoke(*first), revoke(*second))

        assert results == (None, None)
        version, expires_at = revocations(app)[str(number)]
        assert version == 5
        assert expires_at >= started + timedelta(seconds=900)


def test_what_never_ends_stays_so(app: Any) -> None:
    for lifetime in (None, 60):
        writing(app, lambda session, s=lifetime: trust.revoke(session, Revocation, "business", 1, lifetime=s))()

    assert revocations(app) == {"1": (0, None)}


def test_revocation_that_is_renewed_while_the_expired_are_forgotten_stays(app: Any) -> None:
    for first, second in (("revoke", "prune"), ("prune", "revoke")):
        writing(app, lambda session: trust.revoke(session, Revocation, "user", 7, 1, lifetime=-60))()
        calls = {
            "revoke": writing(app, lambda session: trust.revoke(session, Revocation, "user", 7, 2, lifetime=600)),
            "prune": writing(app, lambda session: trust.prune(session, Revocation)),
        }

        results = overtake(engine_of(app), "COMMIT", calls[first], calls[second])

        assert results == (None, None)
        assert revocations(app)["7"][0] == 2


def test_forgetting_never_waits_in_a_circle_with_what_revokes(app: Any) -> None:
    def in_another_order(session: Any) -> None:
        trust.revoke(session, Revocation, "session", "b", lifetime=600)
        session.execute(sa.text("SELECT 'between'"))
        trust.revoke(session, Revocation, "session", "a", lifetime=600)

    for subject in ("a", "b"):
        writing(app, lambda session, s=subject: trust.revoke(session, Revocation, "session", s, lifetime=-60))()

    results = overtake(
        engine_of(app),
        "SELECT 'between'",
        writing(app, in_another_order),
        writing(app, lambda session: trust.prune(session, Revocation)),
    )

    assert results == (None, None)
    assert set(revocations(app)) == {"a", "b"}


@pytest.mark.parametrize("before", ["INSERT INTO feed_cursors", "COMMIT"])
def test_two_workers_apply_the_very_first_change_once(app: Any, before: str) -> None:
    applied: list[int] = []
    neighbour = Neighbour("auth-service", "http://127.0.0.1:9")
    follower = feeds.Follower(db, FeedCursor, "auth", neighbour, {"note": lambda _, data: applied.append(data["n"])})
    events = [{"seq": 1, "type": "note", "data": {"n": 1}}]

    results = overtake(engine_of(app), before, inside(app, follower.apply, events), inside(app, follower.apply, events))

    assert sorted(results) == [0, 1]
    assert applied == [1]
    assert inside(app, worker.follower(app.config["SETTINGS"]).position)() == 1
