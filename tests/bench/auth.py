"""python -m tests.bench.auth [--rounds 5]: sign-in, own account, renewal, token check, revocation delay, feed.

Every case stands beside a baseline of the same run: requests beside the health check of the same process, sign-in
beside the bare password hash, the token check beside a plain PyJWT decode, the feed beside bare inserts. Rounds are
taken in turn, so that a busy moment of the machine hits all alike. Figures, not verdicts.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jwt
import requests
import sqlalchemy as sa

from servicekit import app as kit
from tests.auth_service.live import PASSPHRASE, Live
from tests.bench.load import Requests, measure
from tests.builders import INTERNAL_TOKEN, PASSWORD, Signer, account
from tests.conftest import build

JSON = {"Content-Type": "application/json"}
NO_LIMITS = dict.fromkeys(
    ("write_limit", "login_limit", "register_limit", "refresh_limit", "reset_limit"), "1000000/minute"
)


def post(live: Live, path: str, body: Any, token: str = "") -> Any:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    answer = requests.post(live.url("auth") + path, json=body, headers=headers, timeout=20)
    answer.raise_for_status()
    return answer.json() if answer.content else None


def over_http(live: Live, rounds: int) -> None:
    """Requests a second and the time of a single one, at one web process with four threads."""
    port = live.ports["auth"]
    person = account()
    access = post(live, "/api/register/", person)["access"]
    login = {"username": person["username"], "password": PASSWORD}
    signed = {"Authorization": f"Bearer {access}"}
    cases = {
        "health check (baseline)": Requests(port, ["/healthz"]),
        "GET /api/me/": Requests(port, ["/api/me/"], headers=signed),
        "POST /api/login/": Requests(port, ["/api/login/"], "POST", [login], JSON),
    }
    rates: dict[str, list[float]] = {name: [] for name in [*cases, "POST /api/token/refresh/", "bare argon2id"]}
    p99: dict[str, list[float]] = {name: [] for name in cases}
    for _ in range(rounds):
        for name, asked in cases.items():
            figures = measure(asked, 1)
            assert figures.failed == 0, f"{name}: {figures.failed} failed"
            rates[name].append(figures.rate)
            p99[name].append(figures.p99)
        rates["POST /api/token/refresh/"].append(one_after_another(renewals(live, 40)) * 40)
        rates["bare argon2id"].append(one_after_another(hashing()))
    base = statistics.median(rates["health check (baseline)"])
    print(f"\n{'over HTTP':<28}{'a second':>10}{'ratio':>8}{'p99 ms':>9}")
    for name, found in rates.items():
        late = f"{statistics.median(p99[name]):>9.1f}" if name in p99 else f"{'':>9}"
        print(f"{name:<28}{statistics.median(found):>10,.0f}{statistics.median(found) / base:>8.3f}{late}")
    ratio = statistics.median(rates["POST /api/login/"]) / statistics.median(rates["bare argon2id"])
    print(f"sign-in: {ratio:.2f} of what the bare hash reaches on one core; renewals are one after another")


def renewals(live: Live, count: int) -> Callable[[], None]:
    """A chain of renewals by one new person on one connection; at most sixty a minute are allowed a session."""
    session = requests.Session()
    refresh = [post(live, "/api/register/", account())["refresh"]]

    def renew() -> None:
        for _ in range(count):
            answer = session.post(f"{live.url('auth')}/api/token/refresh/", json={"refresh": refresh[0]}, timeout=20)
            refresh[0] = answer.json()["refresh"]

    return renew


def hashing() -> Callable[[], Any]:
    from pwdlib.hashers.argon2 import Argon2Hasher

    hasher = Argon2Hasher(time_cost=2, memory_cost=19_456, parallelism=1)
    stored = hasher.hash(PASSWORD)
    return lambda: hasher.verify(PASSWORD, stored)


def one_after_another(work: Callable[[], Any]) -> float:
    """How often a second."""
    started = time.perf_counter()
    work()
    return 1 / (time.perf_counter() - started)


def token_check(folder: Path, rounds: int) -> None:
    """Microseconds for a token seen before, for a new one, and for PyJWT alone."""
    from catalog_service.models import TrustedKey, db

    signer = Signer()
    app = build("catalog_service", f"sqlite:///{folder / 'check.db'}", auth_url="http://127.0.0.1:9")
    kit.prepare(app)
    public = signer.key.public_key
    options: dict[str, Any] = {"algorithms": ["ES256"], "issuer": "vetted-auth", "audience": "vetted"}
    times: dict[str, list[float]] = {"PyJWT alone (baseline)": [], "first sight": [], "seen before": []}
    with app.app_context():
        with db.transaction() as session:
            session.add(TrustedKey(kid=signer.kid, jwk=signer.jwk))
        verifier = app.extensions["verifier"]
        for _ in range(rounds):
            tokens = [signer.token() for _ in range(200)]
            for name, check in (
                ("PyJWT alone (baseline)", lambda token: jwt.decode(token, public, **options)),
                ("first sight", verifier.actor),
                ("seen before", verifier.actor),
            ):
                started = time.perf_counter()
                for token in tokens:
                    check(token)
                times[name].append((time.perf_counter() - started) / len(tokens) * 1e6)
    base = statistics.median(times["PyJWT alone (baseline)"])
    print(f"\n{'token check in a service':<28}{'µs':>10}{'ratio':>8}")
    for name, found in times.items():
        print(f"{name:<28}{statistics.median(found):>10.1f}{statistics.median(found) / base:>8.3f}")


def revocation(live: Live, rounds: int) -> None:
    """Seconds from the answer to a logout until the token is refused, asked without a pause."""
    places = {"auth-service": ("auth", "/api/me/"), "catalog-service": ("catalog", "/api/products/")}
    delays: dict[str, list[float]] = {name: [] for name in places}
    for _ in range(rounds * 2):
        access = post(live, "/api/register/", account())["access"]
        headers = {"Authorization": f"Bearer {access}"}
        until(lambda h=headers: get(live, places["catalog-service"], h) == 200)
        post(live, "/api/logout/", {}, access)
        started = time.perf_counter()
        waiting = set(places)
        while waiting:
            for name in sorted(waiting):
                if get(live, places[name], headers) == 401:
                    delays[name].append(time.perf_counter() - started)
                    waiting.remove(name)
            assert time.perf_counter() - started < 30
    print(f"\n{'revocation reaches':<28}{'median s':>10}{'max s':>8}{'promised':>10}")
    for name, found in delays.items():
        print(f"{name:<28}{statistics.median(found):>10.2f}{max(found):>8.2f}{5:>10}")


def get(live: Live, place: tuple[str, str], headers: dict[str, str]) -> int:
    return requests.get(live.url(place[0]) + place[1], headers=headers, timeout=10).status_code


def until(check: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < end
        time.sleep(0.05)


def feed(folder: Path, rounds: int) -> None:
    """Changes a second: written one a transaction, written many a transaction, read, applied by a follower."""
    from auth_service import events
    from auth_service.models import db
    from catalog_service.models import FeedCursor, Revocation
    from catalog_service.models import db as catalog_db

    from servicekit import trust
    from servicekit.feeds import BATCH, Follower
    from servicekit.neighbours import Neighbour

    app = build("auth_service", f"sqlite:///{folder / 'feed.db'}", key_passphrase=PASSPHRASE)
    catalog = build("catalog_service", f"sqlite:///{folder / 'follow.db'}", auth_url="http://127.0.0.1:9")
    kit.prepare(app)
    kit.prepare(catalog)
    client, headers = app.test_client(), {"Authorization": f"Bearer {INTERNAL_TOKEN}"}
    follower = Follower(
        catalog_db, FeedCursor, "auth", Neighbour("auth", "http://127.0.0.1:9"), trust.handlers(Revocation, 600)
    )
    rates: dict[str, list[float]] = {}

    def timed(name: str, count: int, work: Callable[[], Any]) -> Any:
        started = time.perf_counter()
        found = work()
        rates.setdefault(name, []).append(count / (time.perf_counter() - started))
        return found

    def bare() -> None:
        for _ in range(100):
            with db.transaction() as session:
                session.execute(sa.text("CREATE TABLE IF NOT EXISTS bare (id INTEGER PRIMARY KEY, data TEXT)"))
                session.execute(sa.text("INSERT INTO bare (data) VALUES ('{}')"))

    def write(transactions: int, each: int) -> None:
        for _ in range(transactions):
            with db.transaction() as session:
                for _ in range(each):
                    events.feed.append(session, "session.revoked", {"session_ids": ["0" * 32]})

    after = 0
    for _ in range(rounds):
        with app.app_context():
            timed("bare insert, one a transaction (baseline)", 100, bare)
            timed("appended, one a transaction", 100, lambda: write(100, 1))
            timed("appended, 400 a transaction", 400, lambda: write(1, 400))
            db.session.remove()
        path = f"/internal/feed?after={after}"
        batch = timed("read by HTTP handler, a batch", BATCH, lambda p=path: client.get(p, headers=headers).json)
        with catalog.app_context():
            timed("applied by a follower, a batch", BATCH, lambda b=batch: follower.apply(b["events"]))
            catalog_db.session.remove()
        after += BATCH
    base = statistics.median(rates["bare insert, one a transaction (baseline)"])
    print(f"\n{'feed, changes':<42}{'a second':>10}{'ratio':>8}")
    for name, found in rates.items():
        print(f"{name:<42}{statistics.median(found):>10,.0f}{statistics.median(found) / base:>8.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory(prefix="vt-") as name:
        folder = Path(name)
        token_check(folder, rounds)
        feed(folder, rounds)
        live = Live(folder, **NO_LIMITS)
        try:
            live.start(("web", "auth"), ("web", "catalog"), ("worker", "catalog"))
            over_http(live, rounds)
            revocation(live, rounds)
        finally:
            live.stop()


if __name__ == "__main__":
    main()
