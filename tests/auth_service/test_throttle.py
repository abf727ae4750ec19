"""Limits per address and per account; strangers learn nothing, and cannot keep an owner out."""

import statistics
import threading
import time
from pathlib import Path
from typing import Any

import pytest
import time_machine

from servicekit.limits import Counters, _redis
from tests.auth_service.conftest import confirm_address, work
from tests.builders import PASSWORD, account
from tests.servers import redis


def sign_in(client: Any, name: str, password: str = "wrong wrong wrong", address: str = "198.51.100.1") -> Any:
    body = {"username": name, "password": password}
    return client.post("/api/login/", json=body, headers={"X-Forwarded-For": address})


def guesses(client: Any, name: str, count: int = 40) -> list[int]:
    """The statuses of wrong passwords, each from another address."""
    return [sign_in(client, name, address=f"198.51.100.{number}").status_code for number in range(count)]


@pytest.mark.parametrize("name", ["anna", "ANNA@example.org", "nobody at all"])
def test_wrong_passwords_from_many_addresses_come_to_a_wait(app: Any, client: Any, register: Any, name: str) -> None:
    confirm_address(app, register(username="anna", email="anna@example.org"))

    statuses = guesses(client, name)

    assert statuses == [401] * 15 + [429] * 25
    refused = sign_in(client, name)
    assert refused.json["code"] == "too_many_requests"
    assert 0 < int(refused.headers["Retry-After"]) <= 900


def test_both_names_of_an_account_share_its_tries(app: Any, client: Any, register: Any) -> None:
    confirm_address(app, register(username="anna", email="anna@example.org"))

    statuses = [status for name in ("anna", "anna@example.org") for status in guesses(client, name, 12)]

    assert statuses.count(401) == 15


def test_all_addresses_together_have_twenty_tries_known_ones_included(client: Any, register: Any) -> None:
    register(username="anna")

    statuses = [sign_in(client, "anna", address="127.0.0.1").status_code for _ in range(40)]

    assert statuses == [401] * 20 + [429] * 20


def test_owner_gets_in_from_a_known_address_while_strangers_wait(client: Any, register: Any) -> None:
    register(username="anna")
    guesses(client, "anna")

    assert sign_in(client, "anna", PASSWORD, "203.0.113.5").status_code == 429
    assert sign_in(client, "anna", PASSWORD, "127.0.0.1").status_code == 200


def test_wait_ends_and_tries_during_it_do_not_prolong_it(client: Any, register: Any) -> None:
    register(username="anna")
    started = time.time()
    with time_machine.travel(started, tick=True) as traveller:
        guesses(client, "anna")
        traveller.move_to(started + 800)
        guesses(client, "anna")
        traveller.move_to(started + 901)

        assert sign_in(client, "anna", PASSWORD, "203.0.113.5").status_code == 200


def test_reset_by_mail_ends_the_wait(make_app: Any, tmp_path: Path) -> None:
    app = make_app("auth_service", mail_folder=str(tmp_path))
    client = app.test_client()
    client.post("/api/register/", json=account(username="anna", email="anna@example.org"))
    guesses(client, "anna")
    client.post("/api/password-reset/", json={"email": "anna@example.org"})
    work(app)
    code = next(tmp_path.glob("*.eml")).read_text().split("enter this code: ")[1].split()[0]

    confirmed = client.post("/api/password-reset/confirm/", json={"code": code, "password": "another good one 5"})

    assert confirmed.status_code == 204
    assert sign_in(client, "anna", "another good one 5", "203.0.113.5").status_code == 200


def test_right_passwords_are_not_counted(client: Any, register: Any) -> None:
    register(username="anna")

    statuses = {sign_in(client, "anna", PASSWORD, f"203.0.113.{number}").status_code for number in range(40)}

    assert statuses == {200}


def test_office_behind_one_address_gets_in_while_one_of_its_accounts_is_guessed(client: Any, register: Any) -> None:
    names = [register()["user"]["username"] for _ in range(6)]
    register(username="anna")
    office = "203.0.113.5"

    guessed = [sign_in(client, "anna", address=office).status_code for _ in range(20)]
    others = [sign_in(client, name, PASSWORD, office).status_code for _ in range(10) for name in names]

    assert guessed == [401] * 15 + [429] * 5
    assert others == [200] * 60


@pytest.mark.parametrize("name", ["anna", "anna@example.org", "ANNA@EXAMPLE.ORG"])
def test_account_that_waits_answers_alike_to_its_name_and_its_address(
    app: Any, client: Any, register: Any, name: str
) -> None:
    confirm_address(app, register(username="anna", email="anna@example.org"))
    guesses(client, "anna", 20)

    answer = sign_in(client, name, PASSWORD)

    assert (answer.status_code, answer.json["code"]) == (429, "too_many_requests")


def test_tries_at_once_are_counted_too(client: Any, app: Any, register: Any) -> None:
    register(username="anna")
    statuses: list[int] = []

    def guess(number: int) -> None:
        statuses.extend(guesses(app.test_client(), "anna", 6))

    threads = [threading.Thread(target=guess, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (statuses.count(401), statuses.count(429)) == (15, 21)


def test_old_password_is_guessed_no_more_often(client: Any, register: Any) -> None:
    admin = register()
    change = {"old_password": "wrong wrong wrong", "new_password": "another good one 5"}

    statuses = [client.post("/api/me/password/", json=change, headers=admin["headers"]).status_code for _ in range(25)]

    assert statuses == [422] * 20 + [429] * 5


@pytest.mark.parametrize(
    ("setting", "path"),
    [
        ("login_limit", "/api/login/"),
        ("register_limit", "/api/register/"),
        ("refresh_limit", "/api/token/refresh/"),
        ("reset_limit", "/api/password-reset/"),
        ("reset_limit", "/api/password-reset/confirm/"),
        ("register_limit", "/api/invitations/accept/"),
    ],
)
def test_one_address_waits_and_another_does_not(make_app: Any, setting: str, path: str) -> None:
    client = make_app("auth_service", **{setting: "3/minute"}).test_client()

    statuses = [
        client.post(path, json={}, headers={"X-Forwarded-For": address}).status_code
        for address in ("192.0.2.1",) * 5 + ("192.0.2.2",)
    ]

    assert statuses == [422] * 3 + [429] * 2 + [422]
    refused = client.post(path, json={}, headers={"X-Forwarded-For": "192.0.2.1"})
    assert refused.content_type == "application/problem+json"
    assert 0 < int(refused.headers["Retry-After"]) <= 60


def test_one_session_renews_at_most_sixty_times_a_minute(client: Any, register: Any) -> None:
    refresh = register()["refresh"]
    statuses = []
    for _ in range(62):
        answer = client.post("/api/token/refresh/", json={"refresh": refresh})
        statuses.append(answer.status_code)
        refresh = answer.json.get("refresh", refresh)

    assert statuses == [200] * 60 + [429] * 2


def test_malformed_limit_stops_the_start(make_app: Any) -> None:
    with pytest.raises(SystemExit, match="LOGIN_LIMIT"):
        make_app("auth_service", login_limit="often")


def test_unknown_wrong_and_disabled_are_alike_in_answer_and_time(make_app: Any) -> None:
    app = make_app("auth_service", argon2_memory_kib=4096, argon2_passes=2, login_limit="10000/minute")
    client = app.test_client()
    admin = client.post("/api/register/", json=account()).json
    headers = {"Authorization": f"Bearer {admin['access']}"}
    people = []
    for number in range(24):
        person = {**account(), "role": "viewer"}
        del person["business_name"]
        made = client.post("/api/users/", json=person, headers=headers).json
        if number % 2:
            client.patch(f"/api/users/{made['id']}/", json={"is_active": False}, headers=headers)
        people.append(person["username"])
    cases = {
        "wrong": [(name, "wrong wrong wrong") for name in people[::2]],
        "disabled": [(name, PASSWORD) for name in people[1::2]],
        "unknown": [(f"nobody {number}", PASSWORD) for number in range(12)],
    }

    times: dict[str, list[float]] = {case: [] for case in cases}
    bodies = set()
    for turn in range(5):
        for number in range(12):
            for case, pairs in cases.items():
                started = time.perf_counter()
                answer = sign_in(client, *pairs[number], address=f"198.51.{turn}.{number}")
                times[case].append(time.perf_counter() - started)
                bodies.add((answer.status_code, answer.json["detail"], answer.json["code"]))

    assert bodies == {(401, "no active account has this name and password", "unauthorized")}
    medians = {case: statistics.median(found) for case, found in times.items()}
    noise = max(statistics.quantiles(found, n=10)[6] - statistics.quantiles(found, n=10)[2] for found in times.values())
    spread = max(medians.values()) - min(medians.values())
    assert spread < max(noise, 0.1 * min(medians.values())), f"{medians}, noise {noise}"


def test_processes_count_together_in_redis_and_alone_while_it_is_away(make_app: Any) -> None:
    with redis.temporary() as server:
        app = make_app("auth_service", redis_url=server.url)
        client = app.test_client()
        admin = client.post("/api/register/", json=account(username="anna")).json
        assert guesses(client, "anna", 10) == [401] * 10
        app.extensions["counters"] = Counters(_redis(server.url))  # another process: the same Redis, an empty memory

        assert guesses(client, "anna", 10) == [401] * 5 + [429] * 5
        server.kill()

        headers = {"Authorization": f"Bearer {admin['access']}"}
        change = {"old_password": PASSWORD, "new_password": "another good one 5"}
        assert client.post("/api/me/password/", json=change, headers=headers).status_code == 204
        assert sign_in(client, "anna", "another good one 5", "203.0.113.5").status_code == 200
