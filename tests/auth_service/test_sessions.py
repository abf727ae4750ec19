"""Registering, signing in, renewing, signing out."""

import time
from typing import Any

import pytest
import time_machine

from tests.auth_service.conftest import bearer, forget
from tests.builders import PASSWORD, account


def test_registration_makes_a_business_and_its_admin_signed_in(client: Any) -> None:
    answer = client.post("/api/register/", json=account(business_name="Nordlicht", username="Anna"))

    assert answer.status_code == 201
    assert answer.json["business"]["name"] == answer.json["user"]["business_name"] == "Nordlicht"
    assert answer.json["user"]["role"] == "admin"
    me = client.get("/api/me/", headers=bearer(answer.json["access"]))
    assert (me.status_code, me.json["username"]) == (200, "Anna")


def test_login_answers_access_refresh_and_user(client: Any, register: Any) -> None:
    register(username="Anna")

    answer = client.post("/api/login/", json={"username": " aNNa", "password": PASSWORD})

    assert answer.status_code == 200
    assert set(answer.json) == {"access", "refresh", "user"}
    assert "password" not in answer.text


@pytest.mark.parametrize(("username", "password"), [("anna", "wrong wrong wrong"), ("nobody", PASSWORD)])
def test_wrong_and_unknown_get_the_same_answer(client: Any, register: Any, username: str, password: str) -> None:
    register(username="anna")

    answer = client.post("/api/login/", json={"username": username, "password": password})

    assert answer.status_code == 401
    assert answer.json["detail"] == "no active account has this name and password"


def test_second_business_of_the_same_name_is_refused_whole(client: Any, register: Any) -> None:
    register(business_name="Nordlicht")

    answer = client.post("/api/register/", json=account(business_name="NORDLICHT ", username="second"))

    assert (answer.status_code, answer.json["code"]) == (409, "taken")
    assert answer.json["errors"][0]["field"] == "business_name"
    assert client.post("/api/login/", json={"username": "second", "password": PASSWORD}).status_code == 401


def test_taken_name_leaves_no_business_behind(client: Any, register: Any) -> None:
    register(username="anna")

    refused = client.post("/api/register/", json=account(business_name="Zweite", username="ANNA"))
    again = client.post("/api/register/", json=account(business_name="Zweite", username="other"))

    assert (refused.status_code, again.status_code) == (409, 201)


@pytest.mark.parametrize("hours", [-1, 1])
def test_clock_that_is_set_costs_a_renewal_and_nobody_their_session(client: Any, register: Any, hours: int) -> None:
    made = register(username="anna")

    with time_machine.travel(time.time() + 3600 * hours):
        before = client.get("/api/me/", headers=bearer(made["access"]))
        renewed = client.post("/api/token/refresh/", json={"refresh": made["refresh"]})
        after = client.get("/api/me/", headers=bearer(renewed.json["access"]))
        again = client.post("/api/login/", json={"username": "anna", "password": PASSWORD})

    assert [answer.status_code for answer in (before, renewed, after, again)] == [401, 200, 200, 200]


def test_refresh_rotates_and_a_race_gets_the_same_pair(client: Any, register: Any) -> None:
    first = register()["refresh"]

    second = client.post("/api/token/refresh/", json={"refresh": first})
    raced = client.post("/api/token/refresh/", json={"refresh": first})

    assert second.status_code == raced.status_code == 200
    assert second.json["refresh"] != first
    assert raced.json["refresh"] == second.json["refresh"]


def test_replayed_refresh_token_ends_its_session_only(client: Any, register: Any) -> None:
    person = account()
    client.post("/api/register/", json=person)
    logins = [
        client.post("/api/login/", json={"username": person["username"], "password": PASSWORD}).json for _ in range(2)
    ]
    used = logins[0]["refresh"]
    newer = client.post("/api/token/refresh/", json={"refresh": used}).json["refresh"]
    newest = client.post("/api/token/refresh/", json={"refresh": newer}).json

    replay = client.post("/api/token/refresh/", json={"refresh": used})

    assert replay.status_code == 401
    assert client.post("/api/token/refresh/", json={"refresh": newest["refresh"]}).status_code == 401
    assert client.post("/api/token/refresh/", json={"refresh": logins[1]["refresh"]}).status_code == 200


def test_access_token_is_no_refresh_token_and_the_reverse(client: Any, register: Any) -> None:
    tokens = register()

    assert client.post("/api/token/refresh/", json={"refresh": tokens["access"]}).status_code == 401
    assert client.get("/api/me/", headers=bearer(tokens["refresh"])).status_code == 401


def test_logout_ends_the_session(client: Any, app: Any, register: Any) -> None:
    person = register()

    assert client.post("/api/logout/", headers=person["headers"]).status_code == 204

    app.extensions["verifier"].keys._read_at = float("-inf")
    assert client.get("/api/me/", headers=person["headers"]).status_code == 401
    assert client.post("/api/token/refresh/", json={"refresh": person["refresh"]}).status_code == 401


def test_logout_everywhere_ends_the_other_sessions_too(client: Any, register: Any) -> None:
    person = register()
    other = client.post("/api/login/", json={"username": person["user"]["username"], "password": PASSWORD}).json

    assert client.post("/api/logout/", json={"everywhere": True}, headers=person["headers"]).status_code == 204

    assert client.post("/api/token/refresh/", json={"refresh": other["refresh"]}).status_code == 401


@pytest.mark.parametrize("password", ["short", "x" * 257, "my-nordlicht-shop"])
def test_weak_password_is_named(client: Any, password: str) -> None:
    answer = client.post("/api/register/", json=account(business_name="Nordlicht", password=password))

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json["errors"]] == ["password"]


def test_own_sessions_are_listed_with_device_and_time_and_end_one_by_one(client: Any, app: Any, register: Any) -> None:
    admin, stranger = register(), register()
    sign_in = {"username": admin["user"]["username"], "password": PASSWORD}
    phone = client.post("/api/login/", json=sign_in, headers={"User-Agent": "Phone/1", "X-Forwarded-For": "192.0.2.7"})

    listed = client.get("/api/sessions/", headers=admin["headers"]).json
    found = [(row["device"].split("/")[0], row["address"], row["current"]) for row in listed]
    assert found == [("Phone", "192.0.2.7", False), ("Werkzeug", "127.0.0.1", True)]
    address = f"/api/sessions/{listed[0]['id']}/"
    assert client.delete(address, headers=stranger["headers"]).status_code == 404

    assert client.delete(address, headers=admin["headers"]).status_code == 204

    forget(app)
    assert client.delete(address, headers=admin["headers"]).status_code == 404
    assert client.get("/api/me/", headers=bearer(phone.json["access"])).status_code == 401
    assert client.post("/api/token/refresh/", json={"refresh": phone.json["refresh"]}).status_code == 401
    assert client.get("/api/me/", headers=admin["headers"]).status_code == 200
    assert len(client.get("/api/sessions/", headers=admin["headers"]).json) == 1


def test_sessions_are_paged(client: Any, register: Any) -> None:
    admin = register()
    for _ in range(4):
        client.post("/api/login/", json={"username": admin["user"]["username"], "password": PASSWORD})

    first = client.get("/api/sessions/?page_size=3", headers=admin["headers"])
    second = client.get(first.headers["Link"].split(">")[0].lstrip("<"), headers=admin["headers"])

    assert (len(first.json), len(second.json)) == (3, 2)
    assert {row["id"] for row in first.json}.isdisjoint(row["id"] for row in second.json)
