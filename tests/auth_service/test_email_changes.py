"""Another e-mail address: with the password, a code that goes to it, and a word to the old one."""

import time
from pathlib import Path
from typing import Any

import pytest
import time_machine
from auth_service.models import EmailChange, PasswordReset, db
from sqlalchemy import select

from tests.auth_service.conftest import followed, work
from tests.auth_service.smtp import MailServer
from tests.auth_service.test_resets import ask
from tests.auth_service.test_resets import confirm as reset
from tests.builders import PASSWORD, account

NEW = "ann.new@example.org"


@pytest.fixture
def app(make_app: Any, smtp: MailServer) -> Any:
    return make_app("auth_service", smtp_url=smtp.url, public_url="https://shop.example")


@pytest.fixture
def register(client: Any, app: Any, smtp: MailServer) -> Any:
    """As the shared one, by mail."""

    def make(**changes: str) -> Any:
        body = account(**changes)
        assert client.post("/api/register/", json=body).status_code == 202
        work(app)
        answer = client.post("/api/register/confirm/", json={"code": smtp.code(body["email"])})
        assert answer.status_code == 201
        return {**answer.json, "headers": {"Authorization": f"Bearer {answer.json['access']}"}}

    return make


def change(client: Any, who: Any, email: str = NEW, password: str = PASSWORD) -> Any:
    return client.post("/api/me/email/", json={"email": email, "password": password}, headers=who["headers"])


def confirm(client: Any, code: str) -> Any:
    return client.post("/api/me/email/confirm/", json={"code": code})


def email_of(client: Any, who: Any) -> str:
    return str(client.get("/api/me/", headers=who["headers"]).json["email"])


def test_code_at_the_new_address_changes_it_and_the_old_one_is_told(
    client: Any, app: Any, register: Any, smtp: MailServer
) -> None:
    who = register()
    old = who["user"]["email"]

    assert change(client, who).status_code == 204
    work(app)
    code = smtp.code(NEW)
    assert f"https://shop.example/login/?email={code}" in smtp.texts(NEW)[0]
    assert email_of(client, who) == old
    assert confirm(client, code).status_code == 204
    assert confirm(client, code).status_code == 422
    work(app)

    assert email_of(client, who) == NEW
    assert "another e-mail address now" in smtp.texts(old)[-1]
    assert NEW not in smtp.texts(old)[-1]
    assert client.post("/api/login/", json={"username": NEW, "password": PASSWORD}).status_code == 200
    assert client.post("/api/login/", json={"username": old, "password": PASSWORD}).status_code == 401
    acts = [entry["act"] for entry in client.get("/api/audit/", headers=who["headers"]).json]
    assert acts.index("email.changed") < acts.index("email.change_requested")


def test_wrong_password_mails_nothing(client: Any, app: Any, register: Any, smtp: MailServer) -> None:
    who = register()

    answer = change(client, who, password="wrong wrong wrong")
    work(app)

    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "password")
    assert smtp.texts(NEW) == []


def test_changed_address_spends_the_codes_that_were_mailed(
    client: Any, app: Any, register: Any, smtp: MailServer
) -> None:
    who = register()
    for email in ("first@example.org", NEW):
        change(client, who, email)
    ask(client, who["user"]["email"])
    work(app)
    earlier = smtp.code(who["user"]["email"])

    assert confirm(client, smtp.code(NEW)).status_code == 204

    assert reset(client, earlier).status_code == 422
    assert confirm(client, smtp.code("first@example.org")).status_code == 422


def test_code_asked_for_at_the_old_address_is_not_mailed_after_the_change(
    client: Any, app: Any, register: Any, smtp: MailServer
) -> None:
    who = register()
    change(client, who)
    work(app)
    ask(client, who["user"]["email"])

    confirm(client, smtp.code(NEW))
    work(app)

    assert not [text for text in smtp.texts(who["user"]["email"]) if "/login/?reset=" in text]
    with app.app_context():
        assert db.session.scalars(select(PasswordReset)).all() == []


def test_changed_password_spends_the_codes_that_were_mailed(
    client: Any, app: Any, register: Any, smtp: MailServer
) -> None:
    who = register()
    ask(client, who["user"]["email"])
    work(app)
    body = {"old_password": PASSWORD, "new_password": "quite another one 8"}
    client.post("/api/me/password/", json=body, headers=who["headers"])

    assert reset(client, smtp.code(who["user"]["email"])).status_code == 422


def test_address_of_another_account_answers_alike_and_only_its_owner_learns(
    client: Any, app: Any, register: Any, smtp: MailServer
) -> None:
    who, other = register(), register()

    answers = [change(client, who, email) for email in ("nobody@example.org", other["user"]["email"])]
    work(app)

    assert [(answer.status_code, answer.data) for answer in answers] == [(204, b"")] * 2
    assert "has an account here already" in smtp.texts(other["user"]["email"])[-1]
    assert "enter this code" in smtp.texts("nobody@example.org")[-1]


def test_address_that_was_taken_in_between_is_refused_and_loses_nothing(
    client: Any, app: Any, register: Any, smtp: MailServer
) -> None:
    who = register()
    change(client, who)
    work(app)
    code = smtp.code(NEW)
    register(email=NEW)

    answer = confirm(client, code)

    assert (answer.status_code, answer.json["errors"][0]["field"]) == (409, "email")
    assert email_of(client, who) == who["user"]["email"]


def test_code_expires_and_is_stored_hashed(client: Any, app: Any, register: Any, smtp: MailServer) -> None:
    change(client, register())
    work(app)
    code = smtp.code(NEW)

    with app.app_context():
        assert code not in str([tuple(row) for row in db.session.execute(select(EmailChange.__table__))])
    with time_machine.travel(time.time() + 3601):
        assert confirm(client, code).status_code == 422


def test_user_name_that_is_the_address_follows_it(client: Any, app: Any, register: Any, smtp: MailServer) -> None:
    who = register(username="ann@example.org", email="ann@example.org")
    change(client, who)
    work(app)
    confirm(client, smtp.code(NEW))

    assert client.get("/api/me/", headers=who["headers"]).json["username"] == NEW
    assert followed(client)[-1]["data"]["username"] == NEW
    assert register(email="ann@example.org")["user"]["email"] == "ann@example.org"


def test_changes_to_many_addresses_come_to_a_wait(client: Any, register: Any) -> None:
    who = register()

    statuses = [change(client, who, f"n{number}@example.org").status_code for number in range(7)]

    assert statuses == [204] * 5 + [429] * 2


@pytest.mark.parametrize("email", ["no address", "a@b", "ann@exa mple.org"])
def test_what_is_no_address_is_refused(client: Any, register: Any, email: str) -> None:
    answer = change(client, register(), email)

    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "email")


def test_mail_goes_into_the_folder_where_no_server_is_named(make_app: Any, folder: Path) -> None:
    app = make_app("auth_service", mail_folder=str(folder))
    client = app.test_client()
    made = client.post("/api/register/", json=account()).json
    who = {"headers": {"Authorization": f"Bearer {made['access']}"}}
    change(client, who)
    work(app)

    text = next(folder.glob("*.eml")).read_text()

    assert confirm(client, text.split("enter this code: ")[1].split()[0]).status_code == 204
    assert email_of(client, who) == NEW
