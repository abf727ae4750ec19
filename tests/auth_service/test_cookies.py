"""Cookie sessions: the refresh token out of reach of scripts, its use guarded by a double submit."""

from typing import Any

import pytest

from tests.auth_service.conftest import bearer
from tests.builders import PASSWORD, account

REFRESH = "/api/token/refresh/"


@pytest.fixture
def browser(app: Any, register: Any) -> Any:
    """(browser, answer): a client that keeps cookies, signed in with a cookie session."""
    person = register()["user"]["username"]
    client = app.test_client()
    body = {"username": person, "password": PASSWORD, "session": "cookie"}
    return client, client.post("/api/login/", json=body)


def cookies(answer: Any) -> dict[str, set[str]]:
    """Name -> attributes of the cookies that an answer sets."""
    parts = [line.split("; ") for line in answer.headers.getlist("Set-Cookie")]
    return {first.split("=")[0]: {one for one in rest if not one.startswith("Expires")} for first, *rest in parts}


def test_refresh_token_is_in_a_cookie_alone(browser: Any) -> None:
    _, answer = browser

    assert set(answer.json) == {"access", "user", "csrf"}
    month = f"Max-Age={30 * 24 * 3600}"
    assert cookies(answer) == {
        "vetted_refresh": {month, "HttpOnly", "Path=/api/token", "SameSite=Strict"},
        "vetted_csrf": {month, "Path=/", "SameSite=Strict"},
    }


def test_cookies_are_secure_behind_tls(client: Any, register: Any) -> None:
    body = {"username": register()["user"]["username"], "password": PASSWORD, "session": "cookie"}

    answer = client.post("/api/login/", json=body, headers={"X-Forwarded-Proto": "https"})

    assert all("Secure" in attributes for attributes in cookies(answer).values())


def test_page_renews_with_cookie_and_header_and_rotates(browser: Any) -> None:
    client, signed_in = browser
    before = client.get_cookie("vetted_refresh", path="/api/token").value

    answer = client.post(REFRESH, headers={"X-CSRF-Token": signed_in.json["csrf"]})

    assert (answer.status_code, set(answer.json)) == (200, {"access", "csrf"})
    assert client.get_cookie("vetted_refresh", path="/api/token").value != before
    assert client.get("/api/me/", headers=bearer(answer.json["access"])).status_code == 200
    again = client.post(REFRESH, headers={"X-CSRF-Token": client.get_cookie("vetted_csrf").value})
    assert again.status_code == 200


@pytest.mark.parametrize("header", [None, "", "guess", "other"])
def test_without_its_own_csrf_token_nothing_happens(browser: Any, app: Any, register: Any, header: str | None) -> None:
    client, signed_in = browser
    other = app.test_client().post("/api/login/", json={
        "username": register()["user"]["username"], "password": PASSWORD, "session": "cookie"
    })  # fmt: skip
    value = other.json["csrf"] if header == "other" else header

    answer = client.post(REFRESH, headers={} if value is None else {"X-CSRF-Token": value})

    assert (answer.status_code, answer.json["code"]) == (403, "csrf")
    assert client.post(REFRESH, headers={"X-CSRF-Token": signed_in.json["csrf"]}).status_code == 200


def test_planted_csrf_cookie_does_not_help(browser: Any, app: Any) -> None:
    client, _ = browser
    client.set_cookie("vetted_csrf", "planted")

    assert client.post(REFRESH, headers={"X-CSRF-Token": "planted"}).status_code == 403


def test_nobody_signed_in_is_a_401_and_an_empty_object_names_the_field(client: Any) -> None:
    assert client.post(REFRESH).status_code == 401
    answer = client.post(REFRESH, json={})
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "refresh")


def test_logout_wants_the_header_and_takes_the_cookies_back(browser: Any) -> None:
    client, signed_in = browser
    headers = bearer(signed_in.json["access"])
    csrf = {"X-CSRF-Token": signed_in.json["csrf"]}

    assert client.post("/api/logout/", headers=headers).status_code == 403
    assert client.post("/api/logout/", headers={**headers, **csrf}).status_code == 204

    assert client.get_cookie("vetted_refresh", path="/api/token") is None
    assert client.get_cookie("vetted_csrf") is None
    assert client.post(REFRESH, headers=csrf).status_code == 401


def test_registration_and_invitation_know_the_mode_too(client: Any) -> None:
    made = client.post("/api/register/", json={**account(), "session": "cookie"})
    invited = client.post("/api/invitations/", json={"email": "n@example.org"}, headers=bearer(made.json["access"]))
    accept = {"code": invited.json["code"], "username": "newcomer", "password": PASSWORD, "session": "cookie"}
    joined = client.post("/api/invitations/accept/", json=accept)

    for answer in (made, joined):
        assert set(answer.json) == {"access", "csrf", "user", "business"}
        assert "vetted_refresh" in cookies(answer)


def test_unknown_mode_is_refused(client: Any) -> None:
    answer = client.post("/api/login/", json={"username": "a", "password": "b", "session": "local"})

    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "session")
