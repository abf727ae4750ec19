"""Who can act through an account besides its owner, as other services are told."""

from pathlib import Path
from typing import Any

import pytest

from tests.auth_service.conftest import bearer, followed, work
from tests.auth_service.test_resets import ask, codes, confirm
from tests.auth_service.test_service_accounts import make
from tests.builders import PASSWORD

OTHER = "quite another one 8"


@pytest.fixture
def app(make_app: Any, folder: Path) -> Any:
    return make_app("auth_service", mail_folder=str(folder))


def controllers(client: Any, user_id: int) -> list[list[int]]:
    """What each change of the account said."""
    return [event["data"]["controllers"] for event in followed(client) if event["data"].get("user_id") == user_id]


def shown(client: Any, admin: Any, user_id: int) -> Any:
    return client.get(f"/api/users/{user_id}/", headers=admin["headers"]).json["set_up_by"]


def own_by_mail(client: Any, app: Any, folder: Path, person: Any) -> None:
    """The owner sets a password with a mailed code."""
    ask(client, person["user"]["email"])
    work(app)
    assert confirm(client, codes(folder)[-1], OTHER).status_code == 204


def test_account_with_a_chosen_password_is_its_creator_s_too(client: Any, register: Any, member: Any) -> None:
    admin = register()
    person = member(admin, "approver")["user"]

    assert controllers(client, person["id"]) == [[admin["user"]["id"]]]
    assert shown(client, admin, person["id"]) == person["set_up_by"] == admin["user"]["id"]
    assert controllers(client, admin["user"]["id"]) == [[]]
    assert admin["user"]["set_up_by"] is None


def test_mailed_code_ends_the_creator_s_control(
    client: Any, app: Any, register: Any, member: Any, folder: Path
) -> None:
    admin = register()
    person = member(admin, "approver")

    own_by_mail(client, app, folder, person)

    assert controllers(client, person["user"]["id"]) == [[admin["user"]["id"]], []]
    assert shown(client, admin, person["user"]["id"]) is None


def test_old_password_does_not_end_it_since_the_creator_knows_it(client: Any, register: Any, member: Any) -> None:
    admin = register()
    person = member(admin, "approver")
    change = {"old_password": PASSWORD, "new_password": OTHER}

    assert client.post("/api/me/password/", json=change, headers=person["headers"]).status_code == 204

    assert shown(client, admin, person["user"]["id"]) == admin["user"]["id"]


def test_invited_person_is_nobody_else_s(client: Any, register: Any) -> None:
    admin = register()
    invitation = {"email": "new@example.org", "role": "approver"}
    code = client.post("/api/invitations/", json=invitation, headers=admin["headers"]).json["code"]

    joined = client.post("/api/invitations/accept/", json={"code": code, "username": "nia", "password": PASSWORD}).json

    assert controllers(client, joined["user"]["id"]) == [[]]


def test_whoever_held_a_secret_controls_the_program_for_good(client: Any, register: Any, member: Any) -> None:
    first = register()
    second = member(first, "admin")
    both = [first["user"]["id"], second["user"]["id"]]
    program = make(client, first).json
    rotate = f"/api/service-accounts/{program['id']}/rotate/"

    for who in (first, second, second):
        answer = client.post(rotate, json={"overlap_hours": 0}, headers=who["headers"])
    client.delete(f"/api/users/{second['user']['id']}/", headers=first["headers"])
    client.delete(f"/api/service-accounts/{program['id']}/", headers=first["headers"])

    assert answer.json["controllers"] == both
    # Made, the second admin's rotation, deleted; the others changed nothing.
    assert controllers(client, program["user"]) == [both[:1], both, both]


def test_admin_gives_nobody_another_address_or_password(client: Any, register: Any, member: Any) -> None:
    admin = register()
    person = member(admin, "approver")["user"]
    path = f"/api/users/{person['id']}/"

    moved = client.patch(path, json={"email": "admin@example.org"}, headers=admin["headers"])
    chosen = client.patch(path, json={"password": OTHER}, headers=admin["headers"])
    same = client.patch(path, json={"email": person["email"].upper(), "first_name": "Ann"}, headers=admin["headers"])

    assert (moved.status_code, moved.json["errors"][0]["field"]) == (403, "email")
    assert (chosen.status_code, chosen.json["errors"][0]["field"]) == (422, "password")
    assert (same.status_code, same.json["email"], same.json["first_name"]) == (200, person["email"], "Ann")


def test_own_address_takes_the_password_too(client: Any, register: Any) -> None:
    admin = register()

    for path in ("/api/me/", f"/api/users/{admin['user']['id']}/"):
        answer = client.patch(path, json={"email": "other@example.org"}, headers=admin["headers"])
        assert (answer.status_code, answer.json["errors"][0]["field"]) == (403, "email")
    assert client.get("/api/me/", headers=bearer(admin["access"])).json["email"] == admin["user"]["email"]
