"""Headers that make a write careful are kept or refused, and never ignored."""

from typing import Any

import pytest

from tests.auth_service.conftest import bearer, followed
from tests.auth_service.test_service_accounts import make
from tests.builders import PASSWORD, account

KEY = {"Idempotency-Key": "5e3c"}
TAG = {"If-Match": '"1-1"'}


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        (KEY, 400, "idempotency_not_supported"),
        ({"Idempotency-Key": ""}, 400, "idempotency_not_supported"),
        (TAG, 412, "precondition_failed"),
        ({"If-Match": 'W/"1-1", "2"'}, 412, "precondition_failed"),
        ({"If-Match": ""}, 400, "bad_request"),
        ({"If-Match": ","}, 400, "bad_request"),
    ],
)
def test_secret_is_not_replaced_by_a_request_that_asks_for_more_care(
    client: Any, register: Any, headers: dict[str, str], status: int, code: str
) -> None:
    admin = register()
    program = make(client, admin).json
    path = f"/api/service-accounts/{program['id']}/"

    answers = [client.post(f"{path}rotate/", json={}, headers=admin["headers"] | headers) for _ in range(2)]

    assert [(answer.status_code, answer.json["code"]) for answer in answers] == [(status, code)] * 2
    assert client.get(path, headers=admin["headers"]).json["secrets"] == program["secrets"]


def test_every_write_refuses_them_behind_its_guard(client: Any, app: Any, register: Any) -> None:
    admin = register()
    before = followed(client)
    writes = [
        (rule.rule.replace("<int:", "<").replace("<session_id>", "1"), method)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) & {"POST", "PUT", "PATCH", "DELETE"}
    ]

    for path, method in writes:
        number = path.split("<")[0] + str(admin["user"]["id"]) + path.split(">")[1] if "<" in path else path
        kept = [client.open(number, method=method, headers=admin["headers"] | more) for more in (KEY, TAG)]
        codes = {answer.status_code for answer in kept}
        # An operator's are refused to an admin first.
        assert codes in ({400, 412}, {403}), (method, path, codes)
        strange = client.open(number, method=method, headers=bearer("none") | KEY)
        assert strange.status_code in (401, 400), (method, path)
    assert len(writes) > 25
    assert followed(client) == before


def test_conditions_that_hold_anyway_pass(client: Any, register: Any) -> None:
    headers = register()["headers"]

    changed = client.patch("/api/me/", json={"first_name": "Ann"}, headers=headers | {"If-Match": "*"})
    read = client.get("/api/me/", headers=headers | TAG | KEY)
    new = client.patch("/api/me/", json={"first_name": "Bob"}, headers=headers | {"If-None-Match": "*"})

    assert [answer.status_code for answer in (changed, read, new)] == [200, 200, 412]
    assert client.get("/api/me/", headers=headers).json["first_name"] == "Ann"


def test_sign_in_refuses_a_key_as_well(client: Any, register: Any) -> None:
    name = register()["user"]["username"]

    answers = [
        client.post("/api/login/", json={"username": name, "password": PASSWORD}, headers=KEY),
        client.post("/api/register/", json=account(), headers=KEY),
    ]

    assert [answer.status_code for answer in answers] == [400, 400]


def test_token_may_be_asked_for_with_a_key(client: Any, register: Any) -> None:
    program = make(client, register()).json
    form = {name: program[name] for name in ("client_id", "client_secret")}

    answers = [
        client.post("/oauth/token", data={"grant_type": "client_credentials", **form}, headers=KEY) for _ in range(2)
    ]

    assert [answer.status_code for answer in answers] == [200, 200]
