"""Keys that nobody here has seen: asked for once, and everyone who brings one is served."""

import base64
import threading
import time
from typing import Any

import pytest
import sqlalchemy as sa

from servicekit import trust
from servicekit.problems import Unavailable
from tests.builders import Signer
from tests.servicekit.conftest import Revocation, TrustedKey, db


class Published:
    """auth-service's keys, which take a moment to come."""

    def __init__(self, signer: Signer) -> None:
        self.jwk, self.asked, self.arrived = signer.jwk, 0, False

    def load(self, _: Any) -> dict[str, dict[str, Any]]:
        return {self.jwk["kid"]: self.jwk} if self.arrived else {}

    def fetch(self) -> None:
        self.asked += 1
        time.sleep(0.2)
        self.arrived = True


def test_everyone_who_comes_with_a_new_key_waits_for_it(service: Any, signer: Signer) -> None:
    published, found = Published(signer), []
    keys = trust.Trust(db, Revocation, published.load, published.fetch)

    def look() -> None:
        with service.app_context():
            found.append(keys.find(signer.kid))

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert None not in found and len(found) == 4
    assert published.asked == 1


def test_known_keys_are_served_while_an_unknown_one_is_asked_for(
    service: Any, signer: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trust, "READ_SECONDS", 0.0)
    published = Published(signer)
    published.arrived = True
    asked, answered = threading.Event(), threading.Event()

    def fetch() -> None:
        asked.set()
        answered.wait(30)
        raise Unavailable

    keys = trust.Trust(db, Revocation, published.load, fetch)

    def look_for_another() -> None:
        with service.app_context():
            keys.find("unknown")

    stranger = threading.Thread(target=look_for_another)
    stranger.start()
    assert asked.wait(5)
    with service.app_context():
        found = keys.find(signer.kid)
    still_asking = stranger.is_alive()
    answered.set()
    stranger.join()

    assert found is not None
    assert still_asking


@pytest.mark.parametrize("kid", ["unknown", "another"])
def test_unknown_keys_are_asked_for_once_in_a_while(service: Any, signer: Signer, kid: str) -> None:
    published = Published(signer)
    keys = trust.Trust(db, Revocation, published.load, published.fetch)

    with service.app_context():
        found = [keys.find("unknown"), keys.find(kid), keys.find(signer.kid)]

    assert found[:2] == [None, None] and found[2] is not None
    assert published.asked == 1


def test_key_made_a_moment_ago_is_read_and_a_flood_of_strangers_is_not(service: Any, signer: Signer) -> None:
    reads = []

    def load(_: Any) -> dict[str, dict[str, Any]]:
        reads.append(1)
        return {signer.kid: signer.jwk} if len(reads) > 1 else {}

    keys = trust.Trust(db, Revocation, load)
    with service.app_context():
        assert keys.find(signer.kid) is None
        time.sleep(trust.UNKNOWN_KEY_READ_SECONDS)
        assert keys.find(signer.kid) is not None

        before = len(reads)
        for number in range(1000):
            keys.find(f"stranger {number}")

    assert len(reads) - before <= 20


def lose(service: Any, *tables: Any) -> None:
    """The database refuses to read or write these tables from now on."""
    with service.app_context(), db.engine.begin() as connection:
        for table in tables:
            table.__table__.drop(connection)
    service.extensions["verifier"].keys._read_at = float("-inf")


def read(service: Any, headers: dict[str, str]) -> Any:
    return service.test_client().get("/api/notes/1/", headers=headers)


def test_good_token_is_not_called_bad_because_the_database_is_gone(service: Any, signer: Signer) -> None:
    lose(service, Revocation)

    answer = read(service, signer.headers())

    assert (answer.status_code, answer.json["code"], answer.headers["Retry-After"]) == (503, "unavailable", "1")
    assert "WWW-Authenticate" not in answer.headers


def test_bad_token_is_bad_without_the_database_too(service: Any, signer: Signer) -> None:
    forger = Signer()
    forger.kid = signer.kid
    assert read(service, signer.headers()).status_code == 200
    lose(service, Revocation)

    assert read(service, signer.headers()).status_code == 200
    assert read(service, forger.headers()).status_code == 401
    assert read(service, signer.headers(exp=1)).status_code == 401
    _, rest = Signer().token().split(".", 1)
    header = base64.urlsafe_b64encode(b'{"alg":"none","typ":"at+jwt"}').decode().rstrip("=")
    unsigned = f"{header}.{rest}"
    for token in (unsigned, Signer().token({"typ": "JWT"}), Signer().token({"crit": ["exp"]})):
        assert read(service, {"Authorization": f"Bearer {token}"}).status_code == 401


def test_keys_that_cannot_be_stored_make_no_token_bad(service: Any, signer: Signer) -> None:
    jwks = {"keys": [signer.jwk]}
    keys = service.extensions["verifier"].keys
    with service.app_context(), db.transaction() as session:
        session.execute(sa.delete(TrustedKey))
        session.execute(
            sa.text("CREATE TRIGGER full BEFORE INSERT ON trusted_keys BEGIN SELECT raise(ABORT, 'full'); END")
        )

    class Auth:
        def get(self, _: str) -> Any:
            return jwks

    keys._fetch = trust.RemoteKeys(db, TrustedKey, Auth()).fetch  # type: ignore[arg-type]

    assert [read(service, signer.headers()).status_code for _ in range(2)] == [503, 503]

    with service.app_context(), db.transaction() as session:
        session.execute(sa.text("DROP TRIGGER full"))
    keys._fetched_at = keys._read_at = float("-inf")
    assert read(service, signer.headers()).status_code == 200
