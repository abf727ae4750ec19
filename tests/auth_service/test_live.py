"""What only running processes can show: key rotation under traffic, partners' client libraries, revocation elsewhere."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from authlib.integrations.requests_client import OAuth2Session

from tests.auth_service.conftest import bearer
from tests.auth_service.live import Live
from tests.builders import account
from tests.gateway.harness import Gateway, binaries

# Minutes rather than seconds on a busy machine: six processes and several people at once.
pytestmark = pytest.mark.timeout(400)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """auth-service with two web processes, catalog-service with its worker, and the gateway before both."""
    folder = tmp_path_factory.mktemp("live")
    live = Live(folder, web_concurrency=2, argon2_memory_kib=8, argon2_passes=1, refresh_limit="100000/minute")
    upstreams = {f"{name.upper()}_UPSTREAM": f"127.0.0.1:{live.ports[name]}" for name in ("auth", "catalog")}
    gateway = Gateway(folder / "gateway", binaries()[0], **upstreams)
    live.ports["gateway"] = gateway.port
    live.settings["PUBLIC_URL"] = gateway.environ["PUBLIC_URL"] = live.url("gateway")
    try:
        live.start(("web", "auth"), ("worker", "auth"), ("web", "catalog"), ("worker", "catalog"))
        gateway.start()
        yield live
    finally:
        gateway.stop()
        live.stop()


# Where a token is checked, and what is asked there.
PLACES = (("auth", "/api/me/"), ("catalog", "/api/products/"), ("gateway", "/api/products/"), ("gateway", "/api/me/"))


def register(copy: Live) -> Any:
    answer = requests.post(f"{copy.url('auth')}/api/register/", json=account(), timeout=10)
    assert answer.status_code == 201, answer.text
    return answer.json()


def call(copy: Live, service: str, method: str, path: str, token: str, body: Any = None) -> requests.Response:
    return requests.request(method, copy.url(service) + path, json=body, headers=bearer(token), timeout=10)


def within(seconds: float, check: Callable[[], bool]) -> float:
    """The seconds until it was true."""
    started = time.monotonic()
    while not check():
        assert time.monotonic() - started < seconds, "not in time"
        time.sleep(0.05)
    return time.monotonic() - started


class Traffic:
    """People who renew their tokens and use them everywhere, without a pause, until stopped."""

    def __init__(self, copy: Live, people: int) -> None:
        self.copy = copy
        self.calls = 0
        self.refused: list[tuple[str, int, str]] = []
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._live, args=(register(copy),)) for _ in range(people)]

    def _live(self, person: Any) -> None:
        refresh, access = person["refresh"], person["access"]
        while not self._stop.is_set():
            body = {"refresh": refresh}
            answer = requests.post(f"{self.copy.url('auth')}/api/token/refresh/", json=body, timeout=10)
            self._note("refresh", answer)
            if answer.ok:
                refresh, access = answer.json()["refresh"], answer.json()["access"]
            for service, path in PLACES:
                self._note(service, call(self.copy, service, "GET", path, access))
            self._stop.wait(0.2)

    def _note(self, what: str, answer: requests.Response) -> None:
        self.calls += 1
        if answer.status_code != 200:
            self.refused.append((what, answer.status_code, answer.text))

    def __enter__(self) -> "Traffic":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()


def age_keys(copy: Live) -> None:
    """Makes the published keys an hour old, as they are in life when they are rotated."""
    with sqlite3.connect(copy.folder / "auth.db", timeout=10) as connection:
        connection.execute("UPDATE signing_keys SET created_at = datetime('now', '-1 hour')")


def signing_kids(copy: Live) -> set[str]:
    keys = requests.get(f"{copy.url('auth')}/.well-known/jwks.json", timeout=10).json()["keys"]
    return {key["kid"] for key in keys}


def test_planned_rotation_refuses_nobody(copy: Live) -> None:
    with Traffic(copy, 4) as traffic:
        within(60, lambda: traffic.calls > 40)
        traffic.refused.clear()  # catalog-service may meet the first person before it has fetched the keys
        before = signing_kids(copy)
        for _ in range(2):
            age_keys(copy)
            done = copy.flask("auth", "rotate-keys")
            assert done.returncode == 0, done.stderr
            sofar = traffic.calls
            within(60, lambda sofar=sofar: traffic.calls > sofar + 60)  # type: ignore[misc]

    assert traffic.refused == []
    assert len(signing_kids(copy)) == 4
    assert before < signing_kids(copy)


def test_rotation_right_after_another_is_refused(copy: Live) -> None:
    age_keys(copy)
    assert copy.flask("auth", "rotate-keys").returncode == 0

    again = copy.flask("auth", "rotate-keys")

    assert again.returncode == 1
    assert "rotate again in" in again.stderr


def test_emergency_withdraws_every_token_and_sessions_go_on(copy: Live) -> None:
    person = register(copy)
    old = person["access"]
    within(8, lambda: call(copy, "catalog", "GET", "/api/products/", old).status_code == 200)

    with Traffic(copy, 2) as traffic:
        assert copy.flask("auth", "rotate-keys", "--emergency").returncode == 0
        for service, path in PLACES:
            within(8, lambda s=service, p=path: call(copy, s, "GET", p, old).status_code == 401)  # type: ignore[misc]
        body = {"refresh": person["refresh"]}
        new = requests.post(f"{copy.url('auth')}/api/token/refresh/", json=body, timeout=10).json()["access"]
        for service, path in PLACES:
            within(8, lambda s=service, p=path: call(copy, s, "GET", p, new).status_code == 200)  # type: ignore[misc]
        recovered = len(traffic.refused)
        sofar = traffic.calls
        within(60, lambda: traffic.calls > sofar + 40)

    assert len(traffic.refused) == recovered
    assert len(signing_kids(copy)) == 2
    assert {status for _, status, _ in traffic.refused} <= {401}


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
def test_ordinary_oauth_client_lists_products(copy: Live, method: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")  # the client library asks for TLS, which the gateway adds
    admin = register(copy)
    body = {"name": "Shop sync", "scopes": ["catalog:read"]}
    made = call(copy, "auth", "POST", "/api/service-accounts/", admin["access"], body).json()
    draft = {"name": "Heron chair", "description": "An upright chair.", "price": "349.00", "currency": "EUR"}
    within(8, lambda: call(copy, "catalog", "POST", "/api/products/", admin["access"], draft).status_code in {201, 409})
    metadata = requests.get(f"{copy.url('gateway')}/.well-known/oauth-authorization-server", timeout=10).json()
    assert metadata["issuer"] == copy.url("gateway")

    client = OAuth2Session(
        made["client_id"], made["client_secret"], scope="catalog:read", token_endpoint_auth_method=method
    )
    client.fetch_token(metadata["token_endpoint"], grant_type="client_credentials")

    listed = client.get(f"{copy.url('gateway')}/api/products/", timeout=10)
    assert [product["name"] for product in listed.json()] == ["Heron chair"]
    refused = client.post(f"{copy.url('gateway')}/api/products/", json=draft, timeout=10)
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")


def test_browser_keeps_its_session_in_cookies_through_the_gateway(copy: Live) -> None:
    browser = requests.Session()
    body = {**account(), "session": "cookie"}
    made = browser.post(f"{copy.url('gateway')}/api/register/", json=body, timeout=10).json()

    renewed = browser.post(
        f"{copy.url('gateway')}/api/token/refresh/", headers={"X-CSRF-Token": made["csrf"]}, timeout=10
    )
    without = browser.post(f"{copy.url('gateway')}/api/token/refresh/", timeout=10)

    assert (renewed.status_code, without.status_code) == (200, 403)
    assert call(copy, "gateway", "GET", "/api/me/", renewed.json()["access"]).status_code == 200


def test_worker_mails_a_code_that_works_at_the_gateway(copy: Live) -> None:
    email = register(copy)["user"]["email"]
    mails = copy.folder / "mail"

    requests.post(f"{copy.url('gateway')}/api/password-reset/", json={"email": email}, timeout=10)
    within(20, lambda: any(f"To: {email}" in path.read_text() for path in mails.glob("*.eml")))

    (text,) = [path.read_text() for path in mails.glob("*.eml") if f"To: {email}" in path.read_text()]
    body = {"code": text.split("enter this code: ")[1].split()[0], "password": "another good one 5"}
    answer = requests.post(f"{copy.url('gateway')}/api/password-reset/confirm/", json=body, timeout=10)
    assert answer.status_code == 204


def test_revocation_reaches_another_service_in_five_seconds_and_outlives_both(copy: Live) -> None:
    person, other = register(copy), register(copy)

    def products(token: str) -> int:
        return call(copy, "catalog", "GET", "/api/products/", token).status_code

    within(8, lambda: products(person["access"]) == 200)

    assert call(copy, "auth", "POST", "/api/logout/", person["access"]).status_code == 204

    within(5, lambda: call(copy, "auth", "GET", "/api/me/", person["access"]).status_code == 401)
    within(5, lambda: products(person["access"]) == 401)
    copy.kill(("web", "auth"), ("web", "catalog"), ("worker", "catalog"))
    copy.start(("web", "catalog"))
    assert (products(person["access"]), products(other["access"])) == (401, 200)
