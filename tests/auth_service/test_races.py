"""Two at once: one wins, the other gets a clear refusal, and nothing is left half-done."""

import threading
import time
from collections.abc import Callable
from typing import Any

import time_machine

from tests.auth_service.conftest import bearer, followed
from tests.builders import PASSWORD, account


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """The answers of calls that start together."""
    barrier = threading.Barrier(len(calls))
    answers: list[Any] = [None] * len(calls)

    def run(number: int, call: Callable[[], Any]) -> None:
        barrier.wait()
        answers[number] = call()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_two_admins_who_demote_each_other_leave_one(client: Any, app: Any, register: Any, member: Any) -> None:
    for change in ({"role": "viewer"}, {"is_active": False}, None):
        first = register()
        second = member(first, "admin")

        def take_down(who: Any, whom: Any, change: Any = change) -> Callable[[], Any]:
            path, method = f"/api/users/{whom['user']['id']}/", "patch" if change else "delete"
            return lambda: app.test_client().open(path, method=method, json=change, headers=who["headers"])

        answers = at_once(take_down(first, second), take_down(second, first))

        statuses = sorted(answer.status_code for answer in answers)
        assert statuses[0] in {200, 204}
        assert statuses[1] in {401, 403, 404, 409}
        names = [first["user"]["username"], second["user"]["username"]]
        roles = [client.post("/api/login/", json={"username": name, "password": PASSWORD}) for name in names]
        assert "admin" in [answer.json["user"]["role"] for answer in roles if answer.status_code == 200]


def test_one_name_goes_to_one_business(app: Any) -> None:
    people = [account(username=name) for name in ("Anna", "ANNA", "aNNa", "\uff21nna")]

    answers = at_once(*[lambda p=p: app.test_client().post("/api/register/", json=p) for p in people])  # type: ignore[misc]

    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    refused = [person for person, answer in zip(people, answers, strict=True) if answer.status_code == 409]
    for number, person in enumerate(refused):
        again = {**person, "username": f"anna{number}"}
        assert app.test_client().post("/api/register/", json=again).status_code == 201


def test_one_refresh_token_used_at_once_gets_the_same_pair(client: Any, app: Any, register: Any) -> None:
    body = {"refresh": register()["refresh"]}

    answers = at_once(*[lambda: app.test_client().post("/api/token/refresh/", json=body)] * 4)

    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json["refresh"] for answer in answers}) == 1


def test_one_session_ended_from_two_sides_is_published_once(client: Any, app: Any, register: Any) -> None:
    admin = register()

    def log_out() -> Any:
        return app.test_client().post("/api/logout/", headers=admin["headers"])

    answers = at_once(log_out, log_out, log_out)

    assert {answer.status_code for answer in answers} <= {204, 401}
    assert [event["type"] for event in followed(client)].count("session.revoked") == 1


def test_race_ends_after_ten_seconds(client: Any, register: Any) -> None:
    body = {"refresh": register()["refresh"]}
    newer = client.post("/api/token/refresh/", json=body).json

    with time_machine.travel(time.time() + 11):
        assert client.post("/api/token/refresh/", json=body).status_code == 401
        assert client.post("/api/token/refresh/", json={"refresh": newer["refresh"]}).status_code == 401


def test_disabling_and_signing_in_at_once_leaves_no_session(client: Any, app: Any, register: Any, member: Any) -> None:
    admin = register()
    for _ in range(4):
        person = member(admin, "editor")["user"]
        path = f"/api/users/{person['id']}/"
        sign_in = {"username": person["username"], "password": PASSWORD}

        login, _ = at_once(
            lambda s=sign_in: app.test_client().post("/api/login/", json=s),  # type: ignore[misc]
            lambda p=path: app.test_client().patch(p, json={"is_active": False}, headers=admin["headers"]),  # type: ignore[misc]
        )

        app.extensions["verifier"].keys._read_at = float("-inf")
        if login.status_code == 200:
            assert client.get("/api/me/", headers=bearer(login.json["access"])).status_code == 401
            refresh = client.post("/api/token/refresh/", json={"refresh": login.json["refresh"]})
            assert refresh.status_code == 401
