"""What sign-in and /api/me/ cost with a thousand and with a million people: CPU time of a request, and ratios.

`python -m tests.bench.auth_growth`, on SQLite in a folder of its own; BENCH_USERS is the larger size.
"""

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from auth_service import create_app, passwords
from auth_service.models import User, db

from servicekit import app as kit
from tests.builders import INTERNAL_TOKEN, PASSWORD, account

SMALL = 1_000
BATCH = 50_000
ROUNDS = {"sign-in by name": 60, "sign-in by address": 60, "sign-in of nobody": 60, "/api/me/": 600}


def main() -> None:
    large = int(os.environ.get("BENCH_USERS") or 1_000_000)
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(
            {
                "database_url": f"sqlite:///{folder}/auth.db",
                "internal_token": INTERNAL_TOKEN,
                "key_passphrase": "a passphrase for figures",
                "login_limit": "1000000/minute",
                "log_level": "error",
            }
        )
        kit.prepare(app)
        client = app.test_client()
        me = client.post("/api/register/", json=account()).json
        results, made = {}, 0
        for size in (SMALL, large):
            fill(app, me["business"]["id"], made, size)
            made = size
            results[size] = {name: cost(act, ROUNDS[name]) for name, act in acts(client, me["access"], size).items()}
    print(f"{'microseconds of CPU':24}{SMALL:>12,}{large:>12,}{'ratio':>8}")
    for name, small in results[SMALL].items():
        print(f"{name:24}{small:12,.0f}{results[large][name]:12,.0f}{results[large][name] / small:8.2f}")


def fill(app: Any, business_id: int, first: int, last: int) -> None:
    """People of one business, whose addresses are confirmed."""
    with app.app_context():
        password_hash = passwords.hasher().hash(PASSWORD)
        for start in range(first, last, BATCH):
            rows = [row(number, business_id, password_hash) for number in range(start, min(start + BATCH, last))]
            with db.transaction() as session:
                session.execute(sa.insert(User.__table__), rows)
        db.session.remove()


def row(number: int, business_id: int, password_hash: str) -> dict[str, Any]:
    name = f"member-{number}"
    address = f"{name}@example.com"
    keys = {"username_key": name, "username_skeleton": name, "email_key": address, "email_confirmed": True}
    own = {"username": name, "email": address, "password_hash": password_hash, "business_id": business_id}
    return {**own, **keys, "role": "viewer", "is_active": True, "token_version": 1}


def acts(client: Any, access: str, size: int) -> dict[str, Callable[[int], Any]]:
    """Each measured request, of a person who is another one each time."""

    def sign_in(name: str, status: int) -> None:
        answer = client.post("/api/login/", json={"username": name, "password": PASSWORD})
        assert answer.status_code == status, answer.json

    def read_me() -> None:
        answer = client.get("/api/me/", headers={"Authorization": f"Bearer {access}"})
        assert answer.status_code == 200, answer.json

    def member(number: int) -> str:
        return f"member-{number * 7919 % size}"

    return {
        "sign-in by name": lambda number: sign_in(member(number), 200),
        "sign-in by address": lambda number: sign_in(f"{member(number)}@example.com", 200),
        "sign-in of nobody": lambda number: sign_in(f"nobody-{size}-{number}", 401),
        "/api/me/": lambda _: read_me(),
    }


def cost(act: Callable[[int], Any], rounds: int) -> float:
    """The median, after a few that warm up."""
    for number in range(5):
        act(number)
    times = []
    for number in range(rounds):
        began = time.process_time_ns()
        act(number)
        times.append((time.process_time_ns() - began) / 1000)
    return statistics.median(times)


if __name__ == "__main__":
    main()
