"""Whether an address has an account shows to nobody but who reads its mail; an account's address is a claim until then."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from auth_service import businesses, passwords
from auth_service.models import User, db
from auth_service.resets import MOST_ACCOUNTS

from tests.auth_service.conftest import bearer, confirm_address, followed, work
from tests.auth_service.smtp import MailServer
from tests.auth_service.test_resets import ask, codes
from tests.auth_service.test_resets import confirm as reset
from tests.auth_service.test_upgrade import migrate
from tests.builders import PASSWORD, account

NEW = "another good one 5"
KNOWN, CLAIMED, UNKNOWN = "known@example.org", "claimed@example.org", "unknown@example.org"


@pytest.fixture(params=["files", "server"])
def app(request: Any, make_app: Any, folder: Path, smtp: MailServer) -> Any:
    """Where mail goes into a folder, and where it reaches people."""
    more = {"smtp_url": smtp.url} if request.param == "server" else {}
    return make_app("auth_service", mail_folder=str(folder), **more)


def admin_of(app: Any, client: Any, email: str, confirmed: bool) -> Any:
    """The admin of another business, who owns the address or claims it; signed in, with `headers`."""
    body = account(email=email)
    with app.test_request_context():
        with db.transaction():
            businesses.register(
                body["business_name"], body["username"], email, passwords.make(PASSWORD), "", "", confirmed
            )
        db.session.remove()
    answer = client.post("/api/login/", json={"username": body["username"], "password": PASSWORD}).json
    return {**answer, "headers": bearer(answer["access"])}


def person(**changes: Any) -> dict[str, Any]:
    body = {**account(), "role": "viewer", **changes}
    del body["business_name"]
    return body


def accept(client: Any, admin: Any, email: str, username: str) -> Any:
    made = client.post("/api/invitations/", json={"email": email}, headers=admin["headers"]).json
    body = {"code": made["code"] or "mailed", "username": username, "password": PASSWORD}
    return client.post("/api/invitations/accept/", json=body)


ROUTES: dict[str, Callable[[Any, Any, str], Any]] = {
    "invitation": lambda client, admin, email: client.post(
        "/api/invitations/", json={"email": email, "role": "viewer"}, headers=admin["headers"]
    ),
    "invitation, accepted": lambda client, admin, email: accept(client, admin, email, account()["username"]),
    "invitation, accepted as the address": lambda client, admin, email: accept(client, admin, email, email),
    "person": lambda client, admin, email: client.post(
        "/api/users/", json=person(email=email), headers=admin["headers"]
    ),
    "person in capitals": lambda client, admin, email: client.post(
        "/api/users/", json=person(email=email.upper()), headers=admin["headers"]
    ),
    "person by the name of the address": lambda client, admin, email: client.post(
        "/api/users/", json=person(username=email), headers=admin["headers"]
    ),
    "person by the name and the address": lambda client, admin, email: client.post(
        "/api/users/", json=person(username=email, email=email), headers=admin["headers"]
    ),
    "person by the name in another width": lambda client, admin, email: client.post(
        "/api/users/", json=person(username=email.replace("@", "\uff20")), headers=admin["headers"]
    ),
    "other name": lambda client, admin, email: client.patch(
        f"/api/users/{admin['user']['id']}/", json={"username": email}, headers=admin["headers"]
    ),
    "other address": lambda client, admin, email: client.patch(
        f"/api/users/{admin['user']['id']}/", json={"email": email}, headers=admin["headers"]
    ),
    "own address": lambda client, admin, email: client.put("/api/me/", json={"email": email}, headers=admin["headers"]),
    "mailed change of address": lambda client, admin, email: client.post(
        "/api/me/email/", json={"email": email, "password": PASSWORD}, headers=admin["headers"]
    ),
    "registration": lambda client, admin, email: client.post("/api/register/", json=account(email=email)),
    "registration by the name of the address": lambda client, admin, email: client.post(
        "/api/register/", json=account(username=email)
    ),
    "registration by the name and the address": lambda client, admin, email: client.post(
        "/api/register/", json=account(username=email, email=email)
    ),
    "registration by a name in another width": lambda client, admin, email: client.post(
        "/api/register/", json=account(username=email.replace("@", "\ufe6b"))
    ),
    "sign-in": lambda client, admin, email: client.post(
        "/api/login/", json={"username": email, "password": "wrong wrong wrong"}
    ),
    "reset": lambda client, admin, email: ask(client, email),
}


def shape(value: Any) -> Any:
    """What kind of answer it is: members and types, and the words of a refusal."""
    if isinstance(value, dict):
        return {
            name: item if name in {"status", "detail", "message", "field", "state"} else shape(item)
            for name, item in value.items()
        }
    return [shape(item) for item in value] if isinstance(value, list) else type(value).__name__


def rows(app: Any) -> dict[str, int]:
    with app.app_context():
        counts = {
            table.name: db.session.scalar(sa.select(sa.func.count()).select_from(table))
            for table in db.metadata.sorted_tables
        }
        db.session.remove()
    return counts


def seen(app: Any, client: Any, act: Callable[[Any, Any, str], Any], admin: Any, email: str) -> Any:
    """All that the caller and their business can see of an act, and what it left in the tables."""
    before, head = rows(app), len(followed(client))
    answer = act(client, admin, email)
    after = rows(app)
    audit = client.get("/api/audit/?page_size=100", headers=admin["headers"]).json
    listed = client.get("/api/invitations/", headers=admin["headers"]).json
    return {
        "status": answer.status_code,
        "headers": sorted(name for name, _ in answer.headers),
        "body": shape(json.loads(answer.data)) if answer.data else None,
        "rows": {name: after[name] - before[name] for name in after if after[name] != before[name]},
        "events": [event["type"] for event in followed(client)[head:]],
        "acts": [entry["act"] for entry in audit],
        "invitations": [row["state"] for row in listed],
    }


@pytest.mark.parametrize("name", ROUTES)
def test_known_and_unknown_addresses_answer_alike(app: Any, client: Any, name: str) -> None:
    admin_of(app, client, KNOWN, confirmed=True)
    admin_of(app, client, CLAIMED, confirmed=False)
    known, claimed, unknown = (
        seen(app, client, ROUTES[name], admin_of(app, client, account()["email"], confirmed=True), email)
        for email in (KNOWN, CLAIMED, UNKNOWN)
    )

    assert known == unknown
    assert claimed == unknown


def test_operator_learns_of_no_address_either(client: Any, app: Any, operator: Any) -> None:
    admin_of(app, client, KNOWN, confirmed=True)

    answers = [
        client.post(
            "/api/businesses/",
            json={"name": account()["business_name"], "admin_email": email},
            headers=operator["headers"],
        )
        for email in (KNOWN, UNKNOWN)
    ]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert shape(answers[0].json) == shape(answers[1].json)


@pytest.mark.parametrize("app", ["files"], indirect=True)
def test_claim_is_signed_in_to_by_name_and_by_address_once_confirmed(
    app: Any, client: Any, register: Any, folder: Path
) -> None:
    admin = register(username="anna", email="anna@example.org")

    assert client.get("/api/me/", headers=admin["headers"]).json["email_confirmed"] is False
    assert [sign_in(client, name).status_code for name in ("anna", "anna@example.org")] == [200, 401]

    ask(client, "anna@example.org")
    work(app)
    reset(client, codes(folder)[0])

    signed_in = [sign_in(client, name, NEW) for name in ("anna", "Anna@example.org")]
    assert [answer.status_code for answer in signed_in] == [200, 200]
    assert client.get("/api/me/", headers=bearer(signed_in[0].json["access"])).json["email_confirmed"] is True


@pytest.mark.parametrize("app", ["files"], indirect=True)
def test_own_address_is_confirmed_with_the_password_and_a_code(
    app: Any, client: Any, register: Any, folder: Path
) -> None:
    admin = register(username="anna", email="anna@example.org")
    body = {"email": "anna@example.org", "password": PASSWORD}

    asked = client.post("/api/me/email/", json=body, headers=admin["headers"])
    work(app)
    confirmed = client.post("/api/me/email/confirm/", json={"code": codes(folder)[0]})
    again = client.post("/api/me/email/", json=body, headers=admin["headers"])

    assert (asked.status_code, confirmed.status_code) == (204, 204)
    assert sign_in(client, "anna@example.org").status_code == 200
    assert (again.status_code, again.json["errors"][0]["message"]) == (422, "is the account's address already")


@pytest.mark.parametrize("app", ["files"], indirect=True)
def test_every_account_that_names_an_address_gets_a_mail_and_the_first_confirmed_has_it(
    app: Any, client: Any, register: Any, member: Any, folder: Path
) -> None:
    owner = register(username="owner", email=KNOWN)
    confirm_address(app, owner)
    admin = register()
    twin = member(admin, "viewer", username="twin", email=KNOWN)

    ask(client, KNOWN)
    work(app)
    texts = [path.read_text() for path in sorted(folder.glob("*.eml"))]
    first, second = codes(folder)
    answer = reset(client, second)

    assert [f"account {name} of" in text for name, text in zip(("owner", "twin"), texts, strict=True)] == [True, True]
    assert ["signed in to by its user name alone" in text for text in texts] == [False, True]
    assert (answer.status_code, answer.data) == (204, b"")
    assert sign_in(client, "twin", NEW).status_code == 200
    assert sign_in(client, KNOWN, NEW).status_code == 401
    assert sign_in(client, KNOWN).json["user"]["username"] == "owner"
    # Its owner has the account now, which says nothing of the other one.
    listed = client.get(f"/api/users/{twin['user']['id']}/", headers=admin["headers"]).json
    assert (listed["set_up_by"], "email_confirmed" in listed) == (None, False)


@pytest.mark.parametrize("app", ["files"], indirect=True)
def test_claims_of_strangers_neither_crowd_the_owner_out_nor_make_a_flood_of_mail(
    app: Any, client: Any, register: Any, folder: Path
) -> None:
    for _ in range(MOST_ACCOUNTS + 1):
        admin_of(app, client, KNOWN, confirmed=False)
    confirm_address(app, register(username="owner"))
    with app.app_context():
        with db.transaction() as session:
            owner = session.scalars(sa.select(User).filter_by(username="owner")).one()
            owner.email, owner.email_key = KNOWN, KNOWN
        db.session.remove()

    ask(client, KNOWN)
    work(app)

    texts = [path.read_text() for path in folder.glob("*.eml")]
    assert len(texts) == MOST_ACCOUNTS
    assert sum("account owner of" in text for text in texts) == 1


@pytest.mark.parametrize("app", ["server"], indirect=True)
def test_claim_keeps_nobody_from_registering_or_joining(app: Any, client: Any, smtp: MailServer) -> None:
    admin_of(app, client, "anna@example.org", confirmed=False)
    admin = admin_of(app, client, "admin@example.org", confirmed=True)
    client.post("/api/register/", json=account(username="bert@example.org", email="bert@example.org"))
    client.post("/api/invitations/", json={"email": "anna@example.org"}, headers=admin["headers"])
    work(app)

    made = client.post("/api/register/confirm/", json={"code": smtp.code("bert@example.org")})
    body = {"code": smtp.code("anna@example.org"), "username": "anna@example.org", "password": PASSWORD}
    joined = client.post("/api/invitations/accept/", json=body)

    assert (made.status_code, joined.status_code) == (201, 201)
    assert sign_in(client, "anna@example.org").json["user"]["business"] == admin["user"]["business"]
    assert client.get("/api/me/", headers=bearer(joined.json["access"])).json["email_confirmed"] is True


@pytest.mark.parametrize("app", ["files"], indirect=True)
def test_code_that_an_admin_handed_over_confirms_nothing(client: Any, register: Any) -> None:
    code = client.post("/api/invitations/", json={"email": KNOWN}, headers=register()["headers"]).json["code"]
    body = {"code": code, "username": "newcomer", "password": PASSWORD}

    joined = client.post("/api/invitations/accept/", json=body).json

    assert client.get("/api/me/", headers=bearer(joined["access"])).json["email_confirmed"] is False


@pytest.mark.parametrize("app", ["files"], indirect=True)
def test_address_of_a_member_is_refused_clearly_confirmed_or_not(client: Any, app: Any, register: Any) -> None:
    admin = register(email=KNOWN)

    answers = [ROUTES[name](client, admin, KNOWN) for name in ("person", "person in capitals", "invitation")]
    confirm_address(app, admin)
    answers += [ROUTES[name](client, admin, KNOWN) for name in ("person", "invitation")]

    assert {(answer.status_code, answer.json["errors"][0]["field"]) for answer in answers} == {(409, "email")}


@pytest.mark.parametrize("app", ["files"], indirect=True)
def test_account_as_it_was_read_may_come_back_but_tells_nobody_else_s_state(
    client: Any, register: Any, member: Any
) -> None:
    admin = register()
    person = member(admin, "viewer")
    own, other = f"/api/users/{admin['user']['id']}/", f"/api/users/{person['user']['id']}/"
    read = client.get("/api/me/", headers=admin["headers"]).json

    answers = [client.put(path, json=read, headers=admin["headers"]) for path in (own, "/api/me/")]
    guesses = [client.put(other, json={"email_confirmed": value}, headers=admin["headers"]) for value in (True, False)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert [answer.status_code for answer in guesses] == [422, 422]


@pytest.mark.parametrize("app", ["files"], indirect=True)
def test_upgrade_keeps_addresses_and_going_back_keeps_them_unique(client: Any, app: Any, register: Any) -> None:
    first = register(email="anna@example.org")
    register(email="ANNA@example.org")
    confirm_address(app, first)
    migrate(app, "0011")
    with app.app_context():
        keys = db.session.scalars(sa.text("SELECT email_key FROM users ORDER BY id")).all()
        db.session.remove()
    migrate(app, "head")

    assert keys[0] == "anna@example.org"
    assert keys[1].startswith("UNCONFIRMED-")
    assert sign_in(client, "anna@example.org").json["user"]["id"] == first["user"]["id"]
    with app.app_context():
        assert db.session.scalars(sa.select(User.email_confirmed)).all() == [True, True]


def sign_in(client: Any, name: str, password: str = PASSWORD) -> Any:
    return client.post("/api/login/", json={"username": name, "password": password})
