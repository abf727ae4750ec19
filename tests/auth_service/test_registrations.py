"""Registration where mail is set up: by a mailed code, and silent about who has an account."""

import statistics
import time
from typing import Any

import pytest
import time_machine
from auth_service import worker
from auth_service.models import Mail, Registration, db

from tests.auth_service.conftest import followed, work
from tests.auth_service.smtp import MailServer
from tests.builders import PASSWORD, account


@pytest.fixture
def app(make_app: Any, smtp: MailServer) -> Any:
    return make_app("auth_service", smtp_url=smtp.url, public_url="https://shop.example")


def register(client: Any, **changes: str) -> Any:
    return client.post("/api/register/", json=account(**changes))


def confirm(client: Any, code: str, **more: str) -> Any:
    return client.post("/api/register/confirm/", json={"code": code, **more})


def joined(client: Any, app: Any, smtp: MailServer, **changes: str) -> Any:
    """Somebody who has registered."""
    body = account(**changes)
    client.post("/api/register/", json=body)
    work(app)
    answer = confirm(client, smtp.code(body["email"]))
    assert answer.status_code == 201
    return {**answer.json, "headers": {"Authorization": f"Bearer {answer.json['access']}"}}


def test_mailed_code_makes_the_business_and_its_admin(client: Any, app: Any, smtp: MailServer) -> None:
    asked = register(client, business_name="Nordlicht", username="anna", email="Anna@Example.org", first_name="Anna")
    before = followed(client)
    work(app)
    code = smtp.code("Anna@example.org")
    made = confirm(client, code)
    again = confirm(client, code)

    assert (asked.status_code, asked.json) == (202, {"confirmation": "mailed", "email": "Anna@Example.org"})
    assert before == []
    assert f"https://shop.example/login/?registration={code}" in smtp.texts("Anna@example.org")[0]
    assert (made.status_code, made.json["business"]["name"], made.json["user"]["first_name"]) == (
        201,
        "Nordlicht",
        "Anna",
    )
    assert made.json["user"]["role"] == "admin"
    assert client.get("/api/me/", headers={"Authorization": f"Bearer {made.json['access']}"}).status_code == 200
    assert (again.status_code, again.json["errors"][0]["message"]) == (422, "is not an open registration")
    assert client.post("/api/login/", json={"username": "anna", "password": PASSWORD}).status_code == 200


def test_address_with_an_account_answers_alike_and_only_its_owner_learns(
    client: Any, app: Any, smtp: MailServer
) -> None:
    owner = joined(client, app, smtp, email="anna@example.org")["user"]

    answers = [register(client, email=email) for email in ("ANNA@example.org", "nobody@example.org")]
    work(app)

    assert [answer.status_code for answer in answers] == [202, 202]
    assert {tuple(answer.json) for answer in answers} == {("confirmation", "email")}
    assert owner["username"] in smtp.texts("anna@example.org")[-1]
    assert "code" not in smtp.texts("anna@example.org")[-1]
    assert "enter this code" in smtp.texts("nobody@example.org")[-1]


def test_user_name_does_not_tell_of_an_address_either(client: Any, app: Any, smtp: MailServer) -> None:
    joined(client, app, smtp, email="anna@example.org")

    answers = [register(client, username=name) for name in ("anna@example.org", "nobody@example.org")]

    assert {(answer.status_code, str(answer.json["errors"])) for answer in answers} == {
        (
            422,
            str(
                [
                    {
                        "field": "username",
                        "message": "may be an e-mail address only if it is the account's own, confirmed by mail",
                        "code": "invalid",
                    }
                ]
            ),
        )
    }
    own = [register(client, username=mail, email=mail) for mail in ("anna@example.org", "nobody@example.org")]
    assert [answer.status_code for answer in own] == [202, 202]


def test_answers_take_the_same_time(client: Any, app: Any, smtp: MailServer) -> None:
    joined(client, app, smtp, email="anna@example.org")
    times: dict[str, list[float]] = {"anna@example.org": [], "nobody@example.org": []}

    for _ in range(9):
        for email, taken in times.items():
            start = time.perf_counter()
            register(client, email=email)
            taken.append(time.perf_counter() - start)

    known, unknown = (statistics.median(taken) for taken in times.values())
    assert 0.5 < known / unknown < 2


def test_waiting_registration_signs_nobody_in_by_name_or_address(client: Any, app: Any, smtp: MailServer) -> None:
    register(client, username="anna", email="anna@example.org")
    work(app)

    answers = [
        client.post("/api/login/", json={"username": name, "password": PASSWORD})
        for name in ("anna", "anna@example.org", "nobody", "nobody@example.org")
    ]

    assert {(answer.status_code, answer.json["detail"]) for answer in answers} == {
        (401, "no active account has this name and password")
    }


def test_taken_names_are_told_at_once_and_at_the_end(client: Any, app: Any, smtp: MailServer) -> None:
    mine, theirs = {"email": "mine@example.org"}, {"email": "theirs@example.org"}
    register(client, username="anna", **mine)
    register(client, username="anna", **theirs)
    work(app)
    first = confirm(client, smtp.code("mine@example.org"))

    second = confirm(client, smtp.code("theirs@example.org"))
    late = register(client, username="ANNA")

    assert first.status_code == 201
    assert (second.status_code, second.json["errors"][0]["field"]) == (409, "username")
    assert (late.status_code, late.json["errors"][0]["field"]) == (409, "username")


def test_mails_to_one_address_are_few_and_codes_expire(client: Any, app: Any, smtp: MailServer) -> None:
    for _ in range(5):
        register(client, email="anna@example.org")
        work(app)

    assert len(smtp.texts("anna@example.org")) == 3
    code = smtp.code("anna@example.org")
    with time_machine.travel(time.time() + 3601):
        assert confirm(client, code).status_code == 422
    with time_machine.travel(time.time() + 2 * 3600 + 1), app.app_context():
        worker.prune()
        assert (db.session.query(Registration).count(), db.session.query(Mail).count()) == (0, 0)


def test_confirmation_closes_the_address_s_others(client: Any, app: Any, smtp: MailServer) -> None:
    for name in ("anna", "bert"):
        register(client, username=name, email="anna@example.org")
        work(app)
    first, second = (text.split("enter this code: ")[1].split()[0] for text in smtp.texts("anna@example.org"))

    assert confirm(client, second).status_code == 201
    assert confirm(client, first).status_code == 422


def test_cookie_session_begins_with_the_code(client: Any, app: Any, smtp: MailServer) -> None:
    register(client, email="anna@example.org")
    work(app)

    made = confirm(client, smtp.code("anna@example.org"), session="cookie")

    assert (made.status_code, "csrf" in made.json, "refresh" in made.json) == (201, True, False)
