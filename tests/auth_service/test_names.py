"""Names that look alike are one, whoever sends them, and no text is too long for a column once it is folded."""

from typing import Any

import pytest
from auth_service.models import Business, Invitation, User, db
from sqlalchemy import select

from servicekit import app as kit
from tests.builders import PASSWORD, account

LIVING = "Nordlicht Living"


def sign_up(client: Any, **changes: str) -> Any:
    return client.post("/api/register/", json=account(**changes))


def refusal(answer: Any) -> tuple[int, str, str]:
    error = answer.json["errors"][0]
    return answer.status_code, error["field"], error["message"]


@pytest.mark.parametrize(
    "name",
    [
        f"{LIVING}\u200b",
        "Nordlicht\u2060 Living",
        "\u202eNordlicht Living",
        "Nordlicht\u00ad Living",
        "Nord\u3164licht",
    ],
)
@pytest.mark.parametrize("field", ["business_name", "username", "first_name", "last_name"])
def test_what_cannot_be_seen_is_refused_by_name(client: Any, field: str, name: str) -> None:
    status, where, message = refusal(sign_up(client, **{field: name}))

    assert (status, where) == (422, field)
    assert message.startswith("must not contain U+")
    assert message.endswith("which cannot be seen")


@pytest.mark.parametrize(
    "name",
    [
        "Nord1icht Living",
        "NordIicht Living",
        "N\u043erdlicht Living",
        "NORDLICHT LIVING",
        "N\u041eRDLICHT LIVING",
        "Nordlicht\u00a0 Living ",
    ],
)
def test_business_that_looks_like_another_is_refused(client: Any, register: Any, name: str) -> None:
    register(business_name=LIVING)
    other = register()
    path = f"/api/businesses/{other['business']['id']}/"

    made = sign_up(client, business_name=name)
    renamed = client.patch(path, json={"name": name}, headers=other["headers"])

    assert {refusal(answer)[:2] for answer in (made, renamed)} == {(409, "business_name")}
    assert refusal(made)[2] in {"is taken", "looks like another that is taken"}


@pytest.mark.parametrize("name", ["pau1a", "PAULA", "p\u0430ula", "Paula ", "pauIa"])
def test_person_who_looks_like_another_is_refused(client: Any, register: Any, name: str) -> None:
    admin = register(username="paula")
    person = {**account(username=name), "role": "viewer"}
    del person["business_name"]

    made = [sign_up(client, username=name), client.post("/api/users/", json=person, headers=admin["headers"])]

    assert {refusal(answer)[:2] for answer in made} == {(409, "username")}


def test_own_name_may_be_spelt_another_way(client: Any, register: Any) -> None:
    admin = register(business_name=LIVING, username="paula")
    headers = admin["headers"]

    business = client.patch(f"/api/businesses/{admin['business']['id']}/", json={"name": "NORDLICHT"}, headers=headers)
    person = client.patch(f"/api/users/{admin['user']['id']}/", json={"username": "Paula"}, headers=headers)

    assert (business.status_code, person.json["username"]) == (200, "Paula")
    assert sign_up(client, business_name=LIVING).status_code == 201


def test_capitals_alone_cannot_make_a_name_look_like_another(client: Any, register: Any) -> None:
    """Greek nu is drawn as a v, and its capital as an N."""
    register(username="Nick")
    admin = register(username="\u03bdick")

    renamed = client.patch(
        f"/api/users/{admin['user']['id']}/", json={"username": "\u039dick"}, headers=admin["headers"]
    )

    assert refusal(renamed) == (409, "username", "looks like another that is taken")


def test_names_are_stored_trimmed_and_composed(client: Any, register: Any) -> None:
    made = register(business_name="  Cafe\u0301   Nord ", first_name=" Zoe\u0308 ", username=" anna  b ")

    assert made["business"]["name"] == "Caf\u00e9 Nord"
    assert (made["user"]["first_name"], made["user"]["username"]) == ("Zo\u00eb", "anna b")
    assert client.post("/api/login/", json={"username": "Anna B", "password": PASSWORD}).status_code == 200


@pytest.mark.parametrize("field", ["business_name", "username", "first_name", "last_name"])
@pytest.mark.parametrize("char", ["\ufdfa", "\u3316", "\u0390", "x"])
def test_names_of_255_characters_are_kept_however_they_fold(client: Any, field: str, char: str) -> None:
    answer = sign_up(client, **{field: char * 255})

    assert answer.status_code == 201
    stored = answer.json["business"]["name"] if field == "business_name" else answer.json["user"][field]
    assert stored == char * 255
    if field in {"business_name", "username"}:
        assert sign_up(client, **{field: char * 255}).status_code == 409


@pytest.mark.parametrize("char", ["\ufdfa", "\u3316", "x"])
@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/api/login/", "username"),
        ("/api/password-reset/", "email"),
        ("/api/register/", "email"),
        ("/api/register/", "username"),
    ],
)
def test_no_text_of_a_stranger_is_too_long_once_folded(client: Any, path: str, field: str, char: str) -> None:
    bodies = {
        "/api/login/": {"username": "anna", "password": PASSWORD},
        "/api/password-reset/": {"email": "anna@example.org"},
        "/api/register/": account(),
    }
    for text in (char * 300, char * 254, char * 60 + "@example.org", "a@" + char * 60 + ".example"):
        answer = client.post(path, json={**bodies[path], field: text})
        assert answer.status_code < 500


def test_deleted_name_cannot_be_blocked_by_who_takes_its_number(client: Any, register: Any, member: Any) -> None:
    admin = register()
    person = member(admin, "viewer")["user"]
    register(username=f"deleted-{person['id']}")

    assert client.delete(f"/api/users/{person['id']}/", headers=admin["headers"]).status_code == 204


def test_names_of_an_earlier_version_get_their_keys_at_the_next_start(app: Any, client: Any, register: Any) -> None:
    admin = register(business_name=LIVING, username="paula")
    twin = register(business_name="placeholder", username="other")
    code = {"email": "New@example.org", "role": "viewer"}
    client.post("/api/invitations/", json=code, headers=admin["headers"])
    with app.app_context():
        with db.transaction() as session:
            session.execute(Business.__table__.update().values(name_skeleton=None))
            session.execute(User.__table__.update().values(username_skeleton=None))
            session.execute(Invitation.__table__.update().values(email_key=None))
            business = session.get_one(Business, twin["business"]["id"], populate_existing=True)
            business.name, business.name_key = "Nord1icht Living", "nord1icht living"
        kit.prepare(app)
        db.session.remove()
        keys = db.session.execute(select(Business.name_skeleton).order_by(Business.id)).scalars().all()
        assert keys[0] == "nordllcht llvlng"
        assert keys[1] != keys[0]
        assert db.session.scalars(select(Invitation.email_key)).all() == ["new@example.org"]
        assert None not in db.session.scalars(select(User.username_skeleton)).all()
        db.session.remove()

    assert sign_up(client, business_name="NordIicht Living").status_code == 409
    assert sign_up(client, username="pau1a").status_code == 409
    settings = {"settings": {"default_currency": "EUR"}, "name": "Nord1icht Living"}
    path = f"/api/businesses/{twin['business']['id']}/"
    assert client.patch(path, json=settings, headers=twin["headers"]).status_code == 200


def test_operator_s_name_is_cleaned_too(app: Any) -> None:
    command = ["create-operator", "oli\u200bvia", "olivia@example.org", "--password-stdin"]

    result = app.test_cli_runner().invoke(args=command, input=f"{PASSWORD}\n")

    assert result.exit_code == 1
    assert "username must not contain U+200B ZERO WIDTH SPACE" in result.output


def test_program_s_name_is_cleaned_too(client: Any, register: Any) -> None:
    body = {"name": "Sync\u200b", "scopes": ["catalog:read"]}

    answer = client.post("/api/service-accounts/", json=body, headers=register()["headers"])

    assert refusal(answer)[:2] == (422, "name")
