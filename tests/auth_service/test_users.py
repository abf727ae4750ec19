"""People of a business, managed by its admins and seen by nobody else."""

from typing import Any

import pytest

from tests.builders import PASSWORD, account


def person(role: str, **changes: str) -> dict[str, str]:
    found = {**account(**changes), "role": role}
    del found["business_name"]
    return found


def test_admin_creates_a_user_who_can_sign_in(client: Any, register: Any) -> None:
    admin = register()
    new = person("editor")

    created = client.post("/api/users/", json=new, headers=admin["headers"])

    assert created.status_code == 201
    assert created.json["business"] == admin["business"]["id"]
    assert created.headers["Location"] == f"/api/users/{created.json['id']}/"
    login = client.post("/api/login/", json={"username": new["username"], "password": PASSWORD})
    assert login.json["user"]["role"] == "editor"


@pytest.mark.parametrize("role", ["viewer", "editor", "approver"])
def test_only_admins_see_and_make_users(client: Any, register: Any, member: Any, role: str) -> None:
    headers = member(register(), role)["headers"]

    assert client.get("/api/users/", headers=headers).status_code == 403
    assert client.post("/api/users/", json=person("viewer"), headers=headers).status_code == 403
    assert client.post("/api/users/", json={"nonsense": 1}, headers=headers).status_code == 403


def test_another_business_does_not_exist(client: Any, register: Any, member: Any) -> None:
    stranger, admin = register(), register()
    foreign = member(stranger, "editor")["user"]["id"]

    for method in ("get", "patch", "delete"):
        for user_id in (foreign, 999_999):
            answer = client.open(f"/api/users/{user_id}/", method=method, json={}, headers=admin["headers"])
            assert (answer.status_code, answer.json["detail"]) == (404, "no such user")
    assert [user["id"] for user in client.get("/api/users/", headers=admin["headers"]).json] == [admin["user"]["id"]]


def test_last_active_admin_stays(client: Any, register: Any, member: Any) -> None:
    first = register()
    second = member(first, "admin")
    mine = f"/api/users/{first['user']['id']}/"

    assert client.patch(mine, json={"role": "viewer"}, headers=second["headers"]).status_code == 200

    left = f"/api/users/{second['user']['id']}/"
    assert client.patch(left, json={"is_active": False}, headers=second["headers"]).status_code == 403
    assert client.delete(left, headers=second["headers"]).status_code == 403


def test_role_change_is_published_and_refuses_older_tokens(client: Any, app: Any, register: Any, member: Any) -> None:
    admin = register()
    editor = member(admin, "editor")

    client.patch(f"/api/users/{editor['user']['id']}/", json={"role": "viewer"}, headers=admin["headers"])

    app.extensions["verifier"].keys._read_at = float("-inf")
    assert client.get("/api/me/", headers=editor["headers"]).status_code == 401
    renewed = client.post("/api/token/refresh/", json={"refresh": editor["refresh"]}).json["access"]
    assert client.get("/api/me/", headers={"Authorization": f"Bearer {renewed}"}).json["role"] == "viewer"


def test_deleted_user_is_gone_and_the_name_is_free_again(client: Any, register: Any, member: Any) -> None:
    admin = register()
    editor = member(admin, "editor", username="felix")
    address = f"/api/users/{editor['user']['id']}/"

    assert client.delete(address, headers=admin["headers"]).status_code == 204

    assert client.get(address, headers=admin["headers"]).status_code == 404
    assert client.post("/api/token/refresh/", json={"refresh": editor["refresh"]}).status_code == 401
    assert (
        client.post("/api/users/", json=person("viewer", username="felix"), headers=admin["headers"]).status_code == 201
    )


def test_pages_follow_the_link_header_to_the_end(client: Any, register: Any) -> None:
    admin = register()
    for _ in range(4):
        client.post("/api/users/", json=person("viewer"), headers=admin["headers"])

    seen, address = [], "/api/users/?page_size=2"
    while address:
        answer = client.get(address, headers=admin["headers"])
        seen += [user["id"] for user in answer.json]
        link = answer.headers.get("Link")
        address = link.split(">")[0].lstrip("<") if link else None

    assert len(seen) == 5
    assert seen == sorted(set(seen))


@pytest.mark.parametrize(
    ("field", "value"),
    [("email", "not an address"), ("role", "operator"), ("role", "king"), ("username", "  "), ("is_admin", True)],
)
def test_bad_field_is_named_and_nothing_is_written(client: Any, register: Any, field: str, value: Any) -> None:
    admin = register()

    answer = client.post("/api/users/", json={**person("viewer"), field: value}, headers=admin["headers"])

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json["errors"]] == [field]
    assert len(client.get("/api/users/", headers=admin["headers"]).json) == 1


@pytest.mark.parametrize("method", ["patch", "put"])
def test_what_was_read_may_be_sent_back_with_a_change(client: Any, register: Any, member: Any, method: str) -> None:
    admin = register()
    user = member(admin, "editor")["user"]
    path = f"/api/users/{user['id']}/"
    read = client.get(path, headers=admin["headers"]).json

    answer = client.open(path, method=method, json={**read, "last_name": "Berg"}, headers=admin["headers"])

    assert (answer.status_code, answer.json) == (200, {**read, "last_name": "Berg"})


@pytest.mark.parametrize("method", ["patch", "put"])
def test_what_the_body_does_not_name_stays(client: Any, register: Any, member: Any, method: str) -> None:
    admin = register()
    number = member(admin, "editor", first_name="Ann", last_name="Berg")["user"]["id"]
    path = f"/api/users/{number}/"
    user = client.get(path, headers=admin["headers"]).json

    answer = client.open(path, method=method, json={"role": "approver"}, headers=admin["headers"])

    assert answer.json == {**user, "role": "approver", "permissions": answer.json["permissions"]}


@pytest.mark.parametrize("method", ["patch", "put"])
@pytest.mark.parametrize(("field", "value"), [("id", 7), ("business", 999), ("business_name", "X"), ("set_up_by", 4)])
def test_read_only_members_are_not_changed(
    client: Any, register: Any, member: Any, method: str, field: str, value: Any
) -> None:
    admin = register()
    path = f"/api/users/{member(admin, 'editor')['user']['id']}/"

    answer = client.open(path, method=method, json={field: value, "first_name": "Ann"}, headers=admin["headers"])

    assert (answer.status_code, [error["field"] for error in answer.json["errors"]]) == (422, [field])
    assert client.get(path, headers=admin["headers"]).json["first_name"] == ""


def test_new_user_may_name_the_caller_s_business_and_no_other(client: Any, register: Any) -> None:
    admin, other = register(), register()

    answers = [
        client.post("/api/users/", json={**person("viewer"), "business": business}, headers=admin["headers"])
        for business in (admin["business"]["id"], None, other["business"]["id"], 999_999)
    ]

    assert [answer.status_code for answer in answers] == [201, 201, 422, 422]
    assert [answer.json["errors"] for answer in answers[2:]] == [
        [{"field": "business", "message": "must be the caller's business", "code": "invalid"}]
    ] * 2


@pytest.mark.parametrize("method", ["patch", "put"])
def test_own_profile_is_changed_by_what_was_read_and_a_change(client: Any, register: Any, method: str) -> None:
    admin = register()
    read = client.get("/api/me/", headers=admin["headers"]).json

    kept = client.open("/api/me/", method=method, json={**read, "first_name": "Ann"}, headers=admin["headers"])
    refused = client.open("/api/me/", method=method, json={"role": "viewer"}, headers=admin["headers"])

    assert (kept.status_code, kept.json) == (200, {**read, "first_name": "Ann"})
    assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "role")
