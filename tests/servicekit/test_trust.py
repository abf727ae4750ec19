"""Keys that nobody here has seen: asked for once, and everyone who brings one is served."""

import threading
import time
from typing import Any

import pytest

from servicekit import trust
from servicekit.problems import Unavailable
from tests.builders import Signer
from tests.servicekit.conftest import Revocation, db


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
