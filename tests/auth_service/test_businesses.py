"""Businesses: run by their admins, suspended, restored and deleted by the platform's operators."""

from typing import Any

import pytest

from tests.auth_service.conftest import bearer, followed, forget
from tests.builders import PASSWORD, account


def test_command_line_makes_an_operator_who_sees_every_business(client: Any, register: Any, operator: Any) -> None:
    first, second = register(), register()

    listed = client.get("/api/businesses/", headers=operator["headers"]).json

    assert operator["user"]["role"] == "operator"
    assert operator["user"]["business"] is None
    assert [row["id"] for row in listed] == [first["business"]["id"], second["business"]["id"]]


@pytest.mark.parametrize(("password", "told"), [("short", "characters"), ("", "characters")])
def test_command_line_says_what_is_wrong(app: Any, password: str, told: str) -> None:
    command = ["create-operator", "root", "root@example.org", "--password-stdin"]

    result = app.test_cli_runner().invoke(args=command, input=f"{password}\n")

    assert result.exit_code == 1
    assert told in result.output


def test_no_api_makes_an_operator(client: Any, register: Any, operator: Any) -> None:
    new = {**account(), "role": "operator"}
    del new["business_name"]

    for who in (register(), operator):
        assert client.post("/api/users/", json=new, headers=who["headers"]).status_code in {403, 422}
        invited = client.post(
            "/api/invitations/", json={"email": "a@b.org", "role": "operator"}, headers=who["headers"]
        )
        assert invited.status_code in {403, 422}


def test_suspension_reaches_tokens_and_sign_in_and_is_taken_back(
    client: Any, app: Any, register: Any, operator: Any
) -> None:
    admin, other = register(), register()
    address = f"/api/businesses/{admin['business']['id']}"
    sign_in = {"username": admin["user"]["username"], "password": PASSWORD}

    suspended = client.post(f"{address}/suspend/", headers=operator["headers"])

    forget(app)
    assert (suspended.status_code, suspended.json["status"]) == (200, "suspended")
    assert client.get("/api/me/", headers=admin["headers"]).status_code == 401
    assert client.post("/api/login/", json=sign_in).status_code == 401
    assert client.post("/api/token/refresh/", json={"refresh": admin["refresh"]}).status_code == 401
    assert client.get("/api/me/", headers=other["headers"]).status_code == 200

    assert client.post(f"{address}/restore/", headers=operator["headers"]).json["status"] == "active"

    forget(app)
    assert client.get("/api/me/", headers=admin["headers"]).status_code == 200
    assert client.post("/api/login/", json=sign_in).status_code == 200


def test_operator_finds_businesses_by_name(client: Any, register: Any, operator: Any) -> None:
    for name in ("Nordlicht Living", "Kumo 100% Sound", "Nord & Süd", "Maßwerk"):
        register(business_name=name)

    def found(q: str, by: Any = operator) -> list[str]:
        answer = client.get("/api/businesses/", query_string={"q": q}, headers=by["headers"])
        return [one["name"] for one in answer.json]

    assert found("NORD") == ["Nordlicht Living", "Nord & Süd"]
    assert found("100%") == ["Kumo 100% Sound"]
    assert found("masswerk") == ["Maßwerk"]
    assert found("_") == found("nobody") == []
    # Others find nothing but their own.
    assert found("o", register(business_name="Own")) == ["Own"]


def test_suspending_twice_is_published_once(client: Any, app: Any, register: Any, operator: Any) -> None:
    address = f"/api/businesses/{register()['business']['id']}"
    for action in ("suspend", "suspend", "restore", "restore"):
        assert client.post(f"{address}/{action}/", headers=operator["headers"]).status_code == 200

    kinds = [event["type"] for event in followed(client)]
    assert [kind for kind in kinds if kind.startswith("business.")] == [
        "business.created",
        "business.suspended",
        "business.restored",
    ]


def test_deleted_business_leaves_tombstones_and_frees_its_names(
    client: Any, app: Any, register: Any, member: Any, operator: Any
) -> None:
    admin = register(business_name="Nordlicht", username="anna")
    editor = member(admin, "editor", username="felix")
    address = f"/api/businesses/{admin['business']['id']}/"

    assert client.delete(address, headers=operator["headers"]).status_code == 204

    forget(app)
    assert client.get(address, headers=operator["headers"]).status_code == 404
    assert client.get("/api/me/", headers=editor["headers"]).status_code == 401
    kinds = [(event["type"], event["data"].get("user_id")) for event in followed(client)]
    assert kinds[-5:][0][0] == "session.revoked"
    assert {("user.deleted", admin["user"]["id"]), ("user.deleted", editor["user"]["id"])} < set(kinds)
    assert kinds[-1] == ("business.deleted", None)
    register(business_name="Nordlicht", username="anna")


def test_operator_makes_a_business_whose_first_admin_is_invited(client: Any, operator: Any) -> None:
    body = {"name": "Juniper", "admin_email": "first@example.org"}

    made = client.post("/api/businesses/", json=body, headers=operator["headers"])

    assert made.status_code == 201
    accept = {"code": made.json["invitation"]["code"], "username": "first", "password": PASSWORD}
    joined = client.post("/api/invitations/accept/", json=accept)
    assert (joined.status_code, joined.json["user"]["role"]) == (201, "admin")
    assert joined.json["business"]["name"] == "Juniper"
    assert joined.json["user"]["email"] == "first@example.org"


@pytest.mark.parametrize("role", ["viewer", "editor", "approver", "admin"])
def test_members_may_not_do_what_operators_do(client: Any, register: Any, member: Any, role: str) -> None:
    admin = register()
    headers = admin["headers"] if role == "admin" else member(admin, role)["headers"]
    own = f"/api/businesses/{admin['business']['id']}"

    assert client.post("/api/businesses/", json={"name": "X"}, headers=headers).status_code == 403
    assert client.delete(f"{own}/", headers=headers).status_code == 403
    for action in ("suspend", "restore"):
        assert client.post(f"{own}/{action}/", headers=headers).status_code == 403


def test_admin_changes_settings_member_by_member(client: Any, register: Any) -> None:
    admin = register()
    address = f"/api/businesses/{admin['business']['id']}/"

    first = {"settings": {"website": "https://nordlicht.example", "default_currency": "EUR"}}
    client.patch(address, json=first, headers=admin["headers"])
    changed = client.patch(address, json={"settings": {"website": None}}, headers=admin["headers"])
    refused = client.patch(address, json={"settings": {"default_currency": "euro"}}, headers=admin["headers"])

    assert changed.json["settings"] == {"default_currency": "EUR"}
    assert [error["field"] for error in refused.json["errors"]] == ["settings.default_currency"]


def test_renaming_is_published_and_a_taken_name_refused(client: Any, register: Any) -> None:
    admin, _ = register(business_name="Nordlicht"), register(business_name="Juniper")
    address = f"/api/businesses/{admin['business']['id']}/"

    assert client.patch(address, json={"name": "juniper"}, headers=admin["headers"]).status_code == 409
    assert client.patch(address, json={"name": "Südlicht"}, headers=admin["headers"]).json["name"] == "Südlicht"

    renamed = [event["data"]["name"] for event in followed(client) if event["type"] == "business.renamed"]
    assert renamed == ["Südlicht"]


def test_deleted_business_cannot_be_restored_or_signed_in_to(client: Any, register: Any, operator: Any) -> None:
    admin = register()
    address = f"/api/businesses/{admin['business']['id']}/"
    client.delete(address, headers=operator["headers"])

    assert client.post(f"{address}restore/", headers=operator["headers"]).status_code == 404
    assert client.post("/api/token/refresh/", json={"refresh": admin["refresh"]}).status_code == 401
    assert client.get("/api/me/", headers=bearer("x")).status_code == 401


@pytest.mark.parametrize("method", ["patch", "put"])
def test_what_was_read_may_be_sent_back_with_another_name(client: Any, register: Any, method: str) -> None:
    admin = register()
    path = f"/api/businesses/{admin['business']['id']}/"
    settings = {"website": "https://shop.example/"}
    client.patch(path, json={"settings": settings}, headers=admin["headers"])
    read = client.get(path, headers=admin["headers"]).json

    renamed = client.open(path, method=method, json={**read, "name": "Heron"}, headers=admin["headers"])
    named = client.open(path, method=method, json={"name": "Heron Living"}, headers=admin["headers"])
    refused = client.open(path, method=method, json={**read, "status": "suspended"}, headers=admin["headers"])

    assert (renamed.status_code, renamed.json) == (200, {**read, "name": "Heron"})
    assert named.json["settings"] == settings
    assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "status")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("contact_email", "nobody"),
        ("contact_email", "a@shop.example\nBcc: b@shop.example"),
        ("contact_email", "a\u200b@shop.example"),
        ("website", "https://\u202eshop.example"),
        ("website", "https://shop.example/\u200d"),
        ("website", "javascript:alert(1)"),
    ],
)
def test_settings_hold_only_what_can_be_seen_and_reached(client: Any, register: Any, name: str, value: str) -> None:
    admin = register()
    address = f"/api/businesses/{admin['business']['id']}/"

    refused = client.patch(address, json={"settings": {name: value}}, headers=admin["headers"])

    assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, f"settings.{name}")
