"""Two services count an account's writes in one Redis; it is killed under load and comes back.

`python -m tests.faults redis_gone [--short]`
"""

import time

from servicekit.limits import AWAY_SECONDS
from tests.builders import PASSWORD
from tests.faults import services
from tests.faults.crowd import Crowd
from tests.servers import redis

LIMIT = 20


def run(short=False):
    """Figures by name: how many writes were let through with Redis and without, and what failed meanwhile."""
    seconds = 1 if short else 15
    with redis.temporary() as server:
        few = {"REDIS_URL": server.url, "WRITE_LIMIT": f"{LIMIT}/minute"}
        with services.prepared(each=dict.fromkeys(("auth", "catalog", "chat"), few)) as copy:
            together, _ = _writes(copy, "first")
            with (
                Crowd(copy.port, 2, services.asking("/api/products/", copy.token), 0.005) as own,
                Crowd(copy.port, 2, services.asking("/api/products/public/"), 0.005) as public,
                Crowd(copy.port, 1, _login, 0.1) as logins,
            ):
                server.kill()
                alone, slowest = _writes(copy, "second")
                time.sleep(seconds)
            server.start()
            time.sleep(AWAY_SECONDS)
            again, _ = _writes(copy, "third")
    return {
        "limit of an account": LIMIT,
        "with Redis: writes accepted": together,
        "killed: writes accepted": alone,
        "killed: slowest write s": round(slowest, 2),
        "killed: reads": own.total + public.total,
        "killed: reads failed": own.failed() | public.failed(),
        "killed: sign-ins": logins.total,
        "killed: sign-ins failed": logins.failed(),
        "back: writes accepted": again,
    }


def _login(_):
    body = f'{{"username": "owner", "password": "{PASSWORD}"}}'
    return "POST", "/api/login/", body, {"Content-Type": "application/json"}


def _writes(copy, username):
    """Of twice as many writes as a new account may make, to two services in turn: how many were accepted; the slowest."""
    copy.register(username)
    token, statuses, slowest = copy.sign_in(username), [], 0.0
    services.first_good(copy, "/api/products/", token)
    for number in range(2 * LIMIT):
        started = time.monotonic()
        asked = ("POST", "/api/products/", {"name": f"Stool {number}", "price": "59.50"})
        if number % 2:
            asked = ("PATCH", "/api/me/", {"first_name": f"Name {number}"})
        statuses.append(copy.call(*asked, token=token)[0])
        slowest = max(slowest, time.monotonic() - started)
    assert set(statuses) <= {200, 201, 429}, statuses
    return sum(status < 300 for status in statuses), slowest
