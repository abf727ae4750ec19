"""Partners' programs: scopes, expiry, overlapping secrets, and tokens by OAuth 2.0 client credentials."""

import base64
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
import time_machine
from auth_service.models import ServiceSecret, db
from authlib.oauth2.rfc8414 import AuthorizationServerMetadata
from sqlalchemy import select

from tests.auth_service.conftest import bearer, followed, forget
from tests.builders import PASSWORD


def make(client: Any, who: Any, *scopes: str, **more: Any) -> Any:
    body = {"name": "Shop sync", "scopes": list(scopes or ["catalog:read"]), **more}
    return client.post("/api/service-accounts/", json=body, headers=who["headers"])


def token(client: Any, made: Any, secret: str | None = None, **form: str) -> Any:
    pair = f"{made['client_id']}:{made['client_secret'] if secret is None else secret}"
    basic = {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}
    return client.post("/oauth/token", data={"grant_type": "client_credentials", **form}, headers=basic)


def test_admin_makes_one_whose_secret_is_shown_once(client: Any, app: Any, register: Any) -> None:
    admin = register()

    made = make(client, admin, "catalog:read", "catalog:write")

    assert made.status_code == 201
    secret = made.json["client_secret"]
    listed = client.get("/api/service-accounts/", headers=admin["headers"])
    assert secret not in listed.text
    assert listed.json == [{name: value for name, value in made.json.items() if name != "client_secret"}]
    with app.app_context():
        assert secret not in str(db.session.execute(select(ServiceSecret.__table__)).all())
    assert client.get(made.headers["Location"], headers=admin["headers"]).json["name"] == "Shop sync"


def test_token_says_who_which_business_and_which_scopes(client: Any, register: Any) -> None:
    admin = register()
    made = make(client, admin, "catalog:read", "catalog:write").json

    answer = token(client, made, scope="catalog:read")

    assert answer.status_code == 200
    assert {**answer.json, "access_token": ""} == {
        "access_token": "",
        "token_type": "Bearer",
        "expires_in": 600,
        "scope": "catalog:read",
    }
    assert answer.headers["Cache-Control"] == "no-store"
    claims = jwt.decode(answer.json["access_token"], options={"verify_signature": False})
    assert claims["business_id"] == admin["business"]["id"]
    assert (claims["sub"], claims["role"]) == (str(made["user"]), "service")
    assert (claims["client_id"], claims["scope"]) == (made["client_id"], "catalog:read")
    me = client.get("/api/me/", headers=bearer(answer.json["access_token"])).json
    assert (me["id"], me["role"], me["permissions"]) == (made["user"], "service", ["product:view"])


def test_all_scopes_when_none_is_asked_for_and_none_that_it_may_not_have(client: Any, register: Any) -> None:
    made = make(client, register(), "catalog:read", "catalog:write").json

    assert token(client, made).json["scope"] == "catalog:read catalog:write"
    for scope in ("catalog:approve", "catalog:read catalog:approve", "everything"):
        refused = token(client, made, scope=scope)
        assert (refused.status_code, refused.json["error"]) == (400, "invalid_scope")


def test_credentials_may_come_in_the_form(client: Any, register: Any) -> None:
    made = make(client, register()).json
    form = {"client_id": made["client_id"], "client_secret": made["client_secret"]}

    assert client.post("/oauth/token", data={"grant_type": "client_credentials", **form}).status_code == 200


def test_unknown_client_and_wrong_secret_are_alike(client: Any, register: Any) -> None:
    made = make(client, register()).json

    answers = [token(client, made, "wrong"), token(client, {"client_id": "sa_" + "0" * 24}, "wrong")]
    answers.append(token(client, {"client_id": "' OR 1=1 --"}, "wrong"))
    answers.append(token(client, {"client_id": "sa_\x00"}, "wrong"))

    assert {(answer.status_code, answer.json["error"], answer.json["detail"]) for answer in answers} == {
        (401, "invalid_client", "unknown client or wrong secret")
    }
    assert all(answer.headers["WWW-Authenticate"].startswith("Basic") for answer in answers)


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({}, "invalid_request"),
        ({"grant_type": ""}, "invalid_request"),
        ({"scope": "catalog:read"}, "invalid_request"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": "client_credentials"}, "invalid_client"),
    ],
)
def test_errors_are_those_of_oauth_with_the_members_of_every_problem(
    client: Any, form: dict[str, str], error: str
) -> None:
    answer = client.post("/oauth/token", data=form)

    assert answer.json["error"] == answer.json["code"] == error
    assert {"type", "title", "status", "detail", "errors", "request_id"} < set(answer.json)


@pytest.mark.parametrize("credentials", ["////", "/w==", "c2FfOv8=", "eA", "=", "!", "Og==", "c2E6JWZm", ""])
def test_credentials_that_cannot_be_read_are_nobodys(client: Any, credentials: str) -> None:
    headers = {"Authorization": f"Basic {credentials}"}

    answer = client.post("/oauth/token", data={"grant_type": "client_credentials"}, headers=headers)

    assert (answer.status_code, answer.json["error"]) == (401, "invalid_client")
    assert answer.headers["WWW-Authenticate"].startswith("Basic")


def test_writing_and_approving_never_go_together(client: Any, register: Any) -> None:
    admin = register()

    refused = make(client, admin, "catalog:write", "catalog:approve")

    assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "scopes")
    assert make(client, admin, "catalog:read", "catalog:approve").status_code == 201


def test_secrets_overlap_for_a_while_and_are_two_at_most(client: Any, register: Any) -> None:
    admin = register()
    made = make(client, admin).json
    rotate = f"/api/service-accounts/{made['id']}/rotate/"

    second = client.post(rotate, json={"overlap_hours": 1}, headers=admin["headers"]).json

    assert token(client, made).status_code == token(client, second).status_code == 200
    with time_machine.travel(time.time() + 3601):
        assert (token(client, made).status_code, token(client, second).status_code) == (401, 200)
    third = client.post(rotate, json={"overlap_hours": 1}, headers=admin["headers"]).json
    assert [token(client, one).status_code for one in (made, second, third)] == [401, 200, 200]
    assert len(third["secrets"]) == 2


def test_overlap_of_nothing_ends_the_earlier_secret_at_once(client: Any, register: Any) -> None:
    admin = register()
    made = make(client, admin).json

    rotate = f"/api/service-accounts/{made['id']}/rotate/"
    second = client.post(rotate, json={"overlap_hours": 0}, headers=admin["headers"]).json

    assert (token(client, made).status_code, token(client, second).status_code) == (401, 200)


@pytest.mark.parametrize("hours", [0, 1])
def test_secret_takes_its_tokens_with_it_and_no_others(client: Any, app: Any, register: Any, hours: int) -> None:
    admin = register()
    first = make(client, admin).json
    rotate = f"/api/service-accounts/{first['id']}/rotate/"
    tokens = [token(client, first).json["access_token"]]
    statuses = []

    for _ in range(2):
        made = client.post(rotate, json={"overlap_hours": hours}, headers=admin["headers"]).json
        forget(app)
        tokens.append(token(client, made).json["access_token"])
        statuses.append([client.get("/api/me/", headers=bearer(one)).status_code for one in tokens])

    assert statuses == ([[401, 200], [401, 401, 200]] if hours == 0 else [[200, 200], [401, 200, 200]])
    revoked = [event for event in followed(client) if event["type"] == "session.revoked"]
    assert len(revoked) == (2 if hours == 0 else 1)


def test_no_token_outlives_the_secret_that_got_it(client: Any, register: Any) -> None:
    admin = register()
    made = make(client, admin).json
    client.post(f"/api/service-accounts/{made['id']}/rotate/", json={"overlap_hours": 1}, headers=admin["headers"])

    with time_machine.travel(time.time() + 3600 - 60, tick=False):
        assert 55 <= token(client, made).json["expires_in"] <= 60


def test_last_use_is_noted_on_account_and_secret(client: Any, register: Any) -> None:
    admin = register()
    made = make(client, admin).json
    assert made["last_used_at"] is None

    token(client, made)

    found = client.get(f"/api/service-accounts/{made['id']}/", headers=admin["headers"]).json
    assert found["last_used_at"] > found["created_at"]
    assert found["secrets"][0]["last_used_at"] > found["created_at"]


def test_account_expires_and_no_token_outlives_it(client: Any, register: Any) -> None:
    admin = register()
    soon = (datetime.now(UTC) + timedelta(seconds=120)).isoformat()
    made = make(client, admin, expires_at=soon).json

    answer = token(client, made)

    assert 100 < answer.json["expires_in"] <= 120
    claims = jwt.decode(answer.json["access_token"], options={"verify_signature": False})
    assert claims["exp"] - claims["iat"] == answer.json["expires_in"]
    with time_machine.travel(time.time() + 121):
        assert token(client, made).status_code == 401
    past = make(client, admin, expires_at="2020-01-01T00:00:00Z")
    assert (past.status_code, past.json["errors"][0]["field"]) == (422, "expires_at")


def test_deleting_it_refuses_its_tokens(client: Any, app: Any, register: Any) -> None:
    admin = register()
    made = make(client, admin).json
    access = bearer(token(client, made).json["access_token"])
    assert client.get("/api/me/", headers=access).status_code == 200

    assert client.delete(f"/api/service-accounts/{made['id']}/", headers=admin["headers"]).status_code == 204

    forget(app)
    assert client.get("/api/me/", headers=access).status_code == 401
    assert token(client, made).status_code == 401
    assert client.get("/api/service-accounts/", headers=admin["headers"]).json == []
    assert ("user.deleted", made["user"]) in {(one["type"], one["data"].get("user_id")) for one in followed(client)}


def test_suspended_business_gets_no_tokens(client: Any, register: Any, operator: Any) -> None:
    admin = register()
    made = make(client, admin).json
    client.post(f"/api/businesses/{admin['business']['id']}/suspend/", headers=operator["headers"])

    assert token(client, made).status_code == 401


def test_it_is_no_person(client: Any, register: Any) -> None:
    admin = register()
    made = make(client, admin).json
    access = bearer(token(client, made).json["access_token"])

    assert client.post("/api/login/", json={"username": made["client_id"], "password": PASSWORD}).status_code == 401
    assert made["user"] not in [one["id"] for one in client.get("/api/users/", headers=admin["headers"]).json]
    assert client.delete(f"/api/users/{made['user']}/", headers=admin["headers"]).status_code == 404
    for method, path in (
        ("get", "/api/users/"),
        ("get", "/api/sessions/"),
        ("patch", "/api/me/"),
        ("post", "/api/me/password/"),
        ("post", "/api/logout/"),
        ("get", "/api/audit/"),
        ("get", "/api/service-accounts/"),
    ):
        assert client.open(path, method=method, json={}, headers=access).status_code == 403, path


@pytest.mark.parametrize("role", ["viewer", "editor", "approver"])
def test_only_admins_manage_them(client: Any, register: Any, member: Any, role: str) -> None:
    assert make(client, member(register(), role)).status_code == 403


def test_another_business_s_does_not_exist(client: Any, register: Any) -> None:
    foreign = make(client, register()).json["id"]
    admin = register()

    for number in (foreign, 999_999):
        for method, path in (("get", ""), ("delete", ""), ("post", "rotate/")):
            answer = client.open(
                f"/api/service-accounts/{number}/{path}", method=method, json={}, headers=admin["headers"]
            )
            assert (answer.status_code, answer.json["detail"]) == (404, "no such service account")


def test_everything_is_audited_and_no_secret_is(client: Any, register: Any) -> None:
    admin = register()
    made = make(client, admin).json
    token(client, made)
    token(client, made, "wrong")

    answer = client.get("/api/audit/", headers=admin["headers"])

    acts = [entry["act"] for entry in answer.json[:3]]
    assert acts == ["service_account.refused", "service_account.token", "service_account.created"]
    assert made["client_secret"] not in answer.text


def test_metadata_says_where_and_how_whoever_is_asked(make_app: Any) -> None:
    client = make_app("auth_service", public_url="https://shop.example/").test_client()
    headers = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http"}

    answer = client.get("/.well-known/oauth-authorization-server", headers=headers)

    AuthorizationServerMetadata({**answer.json, "response_types_supported": ["none"]}).validate()
    assert answer.json["issuer"] == "https://shop.example"
    assert answer.json["token_endpoint"] == "https://shop.example/oauth/token"
    assert answer.json["grant_types_supported"] == ["client_credentials"]
