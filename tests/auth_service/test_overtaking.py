"""What another transaction commits between the reading and the writing of one: held there, on both databases."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from auth_service import outbox, resets, worker
from auth_service.models import User, db

from tests.auth_service import test_resets as mailed
from tests.auth_service.conftest import bearer, followed, forget, work
from tests.auth_service.test_invitations import accept, invite
from tests.auth_service.test_service_accounts import make, token
from tests.builders import PASSWORD, account
from tests.overtaking import FIRST_LOCK, overtake

NEW = "another good one 5"


@pytest.fixture
def app(make_app: Any, folder: Path) -> Any:
    return make_app("auth_service", mail_folder=str(folder))


@pytest.fixture
def race(app: Any) -> Callable[..., Any]:
    """race(before, first, second): the answers of two calls (method, path, body, headers)."""

    def call(method: str, path: str, body: Any = None, headers: Any = None) -> Callable[[], Any]:
        return lambda: app.test_client().open(path, method=method, json=body, headers=headers)

    def run(before: str, first: Any, second: Any) -> Any:
        with app.app_context():
            engine = db.engine
        calls = [one if callable(one) else call(*one) for one in (first, second)]
        answers = overtake(engine, before, *calls)
        # What the verifier remembers is a second old at most.
        forget(app)
        return answers

    return run


def me(who: Any, **changes: Any) -> Any:
    return "PATCH", "/api/me/", changes, who["headers"]


def change(admin: Any, person: Any, **changes: Any) -> Any:
    return "PATCH", f"/api/users/{person['user']['id']}/", changes, admin["headers"]


def remove(admin: Any, person: Any) -> Any:
    return "DELETE", f"/api/users/{person['user']['id']}/", None, admin["headers"]


def remove_business(operator: Any, admin: Any) -> Any:
    return "DELETE", f"/api/businesses/{admin['business']['id']}/", None, operator["headers"]


def settle(admin: Any, **changes: Any) -> Any:
    return "PATCH", f"/api/businesses/{admin['business']['id']}/", changes, admin["headers"]


def add(admin: Any, **changes: Any) -> Any:
    person = {**account(**changes), "role": "editor"}
    del person["business_name"]
    return "POST", "/api/users/", person, admin["headers"]


def statuses(answers: Any) -> list[int]:
    return [answer.status_code for answer in answers]


def sign_in(client: Any, who: Any, password: str) -> Any:
    return client.post("/api/login/", json={"username": who["user"]["username"], "password": password})


@pytest.mark.parametrize("before", [FIRST_LOCK, "INSERT INTO sessions"])
def test_session_of_a_replaced_password_does_not_outlive_it(client: Any, race: Any, register: Any, before: str) -> None:
    admin = register()
    replace = {"old_password": PASSWORD, "new_password": NEW}
    login = {"username": admin["user"]["username"], "password": PASSWORD}

    signed_in, _ = race(
        before, ("POST", "/api/login/", login), ("POST", "/api/me/password/", replace, admin["headers"])
    )

    if signed_in.status_code == 200:
        refresh = {"refresh": signed_in.json["refresh"]}
        assert client.post("/api/token/refresh/", json=refresh).status_code == 401
    assert sign_in(client, admin, PASSWORD).status_code == 401
    assert sign_in(client, admin, NEW).status_code == 200


def test_stronger_hash_of_the_old_password_does_not_replace_the_new_one(
    app: Any, client: Any, race: Any, register: Any
) -> None:
    admin = register()
    app.config["SETTINGS"] = app.config["SETTINGS"].model_copy(update={"argon2_passes": 2})
    replace = {"old_password": PASSWORD, "new_password": NEW}
    login = {"username": admin["user"]["username"], "password": PASSWORD}

    race(FIRST_LOCK, ("POST", "/api/login/", login), ("POST", "/api/me/password/", replace, admin["headers"]))

    assert sign_in(client, admin, NEW).status_code == 200
    assert sign_in(client, admin, PASSWORD).status_code == 401


def test_password_that_was_reset_by_mail_is_not_replaced_by_who_knew_the_old_one(
    app: Any, client: Any, race: Any, register: Any, folder: Path
) -> None:
    admin = register()
    mailed.ask(client, admin["user"]["email"])
    work(app)
    (code,) = mailed.codes(folder)
    theirs = {"old_password": PASSWORD, "new_password": "of whom it was stolen by 3"}
    ours = {"code": code, "password": NEW}

    _, confirmed = race(
        FIRST_LOCK,
        ("POST", "/api/me/password/", theirs, admin["headers"]),
        ("POST", "/api/password-reset/confirm/", ours),
    )

    if confirmed.status_code == 422:  # the change came first, and spent the code
        mailed.ask(client, admin["user"]["email"])
        work(app)
        assert mailed.confirm(client, mailed.codes(folder)[-1]).status_code == 204
    assert sign_in(client, admin, NEW).status_code == 200


@pytest.mark.parametrize("before", [FIRST_LOCK, "UPDATE users", "COMMIT"])
def test_deleted_person_stays_without_a_name(
    app: Any, client: Any, race: Any, register: Any, member: Any, before: str
) -> None:
    admin = register()
    person = member(admin, "editor")

    answers = race(before, me(person, first_name="Ann"), remove(admin, person))

    assert statuses(answers) in ([200, 204], [401, 204])
    with app.app_context():
        row = db.session.get_one(User, person["user"]["id"])
        assert (row.first_name, row.username) == ("", f"deleted-{row.id}")
    about = [event["type"] for event in followed(client) if event["data"].get("user_id") == person["user"]["id"]]
    assert about[-1] == "user.deleted"


@pytest.mark.parametrize("before", [FIRST_LOCK, "UPDATE businesses", "COMMIT"])
def test_deleted_business_stays_without_a_name(
    client: Any, race: Any, register: Any, operator: Any, before: str
) -> None:
    admin = register()

    answers = race(before, settle(admin, name="Back again"), remove_business(operator, admin))

    assert statuses(answers) in ([200, 204], [404, 204])
    assert followed(client)[-1]["type"] == "business.deleted"
    assert client.post("/api/register/", json=account(business_name="Back again")).status_code == 201


def test_two_settings_changed_at_once_are_both_kept(client: Any, race: Any, register: Any) -> None:
    admin = register()
    website, currency = {"website": "https://shop.example/"}, {"default_currency": "EUR"}

    answers = race("UPDATE businesses", settle(admin, settings=website), settle(admin, settings=currency))

    assert statuses(answers) == [200, 200]
    path = f"/api/businesses/{admin['business']['id']}/"
    assert client.get(path, headers=admin["headers"]).json["settings"] == {**website, **currency}


@pytest.mark.parametrize("before", [FIRST_LOCK, "INSERT INTO users", "COMMIT"])
@pytest.mark.parametrize("joining", ["made", "invited", "program"])
def test_nobody_is_left_in_a_business_that_was_deleted_meanwhile(
    app: Any, client: Any, race: Any, register: Any, operator: Any, before: str, joining: str
) -> None:
    admin = register()
    code = invite(client, admin).json["code"]
    account_of = {"name": "Shop sync", "scopes": ["catalog:read"]}
    calls = {
        "made": add(admin),
        "invited": lambda: accept(app.test_client(), code),
        "program": ("POST", "/api/service-accounts/", account_of, admin["headers"]),
    }

    answers = race(before, calls[joining], remove_business(operator, admin))

    assert statuses(answers) in ([201, 204], [404, 204], [422, 204])
    with app.app_context():
        left = sa.select(User.username).where(User.business_id == admin["business"]["id"], User.deleted_at.is_(None))
        assert db.session.scalars(left).all() == []
    created = [event["data"]["user_id"] for event in followed(client) if event["type"] == "user.created"]
    deleted = [event["data"]["user_id"] for event in followed(client) if event["type"] == "user.deleted"]
    assert sorted(created) == sorted([*deleted, operator["user"]["id"]])


@pytest.mark.parametrize("before", [FIRST_LOCK, "UPDATE users", "COMMIT"])
def test_of_two_who_confirm_one_address_at_once_one_has_it(
    app: Any, client: Any, race: Any, register: Any, folder: Path, before: str
) -> None:
    claims = [register(email="ann@example.org") for _ in range(2)]
    mailed.ask(client, "ann@example.org")
    work(app)

    answers = race(
        before,
        *[
            ("POST", "/api/password-reset/confirm/", {"code": code, "password": NEW}, None)
            for code in mailed.codes(folder)
        ],
    )

    assert statuses(answers) == [204, 204]
    signed_in = [sign_in(client, who, NEW).json for who in claims]
    shown = [client.get("/api/me/", headers=bearer(one["access"])).json for one in signed_in]
    assert sorted(one["email_confirmed"] for one in shown) == [False, True]
    by_address = client.post("/api/login/", json={"username": "ann@example.org", "password": NEW}).json["user"]["id"]
    assert [one["id"] for one in shown if one["email_confirmed"]] == [by_address]


def test_one_business_claims_an_address_once(race: Any, register: Any) -> None:
    admin = register()

    answers = race("INSERT INTO users", *[add(admin, email="ann@example.org") for _ in range(2)])

    assert statuses(answers) == [201, 409]
    assert answers[1].json["errors"] == [{"field": "email", "message": "is taken", "code": "invalid"}]


def test_second_of_one_business_name_is_told_so(race: Any) -> None:
    bodies = [account(business_name=name) for name in ("Nordlicht", "NORDLICHT")]

    answers = race("COMMIT", *[("POST", "/api/register/", body) for body in bodies])

    assert statuses(answers) == [201, 409]
    assert answers[1].json["errors"][0]["field"] == "business_name"


@pytest.mark.parametrize("before", [FIRST_LOCK, "UPDATE service_accounts", "COMMIT"])
@pytest.mark.parametrize("ending", ["delete", "rotate"])
def test_program_that_signs_in_while_its_secret_goes_is_served_or_refused(
    app: Any, client: Any, race: Any, register: Any, before: str, ending: str
) -> None:
    admin = register()
    made = make(client, admin).json
    path = f"/api/service-accounts/{made['id']}/"
    rotate = ("POST", f"{path}rotate/", {"overlap_hours": 0}, admin["headers"])
    if ending == "rotate":
        client.post(rotate[1], json=rotate[2], headers=admin["headers"])
    call = rotate if ending == "rotate" else ("DELETE", path, None, admin["headers"])

    answers = race(before, lambda: token(app.test_client(), made), call)

    assert answers[0].status_code in {200, 401}
    assert answers[1].status_code in {200, 204}


def test_two_codes_of_one_account_spend_each_other(
    app: Any, client: Any, race: Any, register: Any, folder: Path
) -> None:
    admin = register()
    for _ in range(2):
        mailed.ask(client, admin["user"]["email"])
        work(app)
    bodies = [{"code": code, "password": f"{NEW}{n}"} for n, code in enumerate(mailed.codes(folder))]

    answers = race("UPDATE users", *[("POST", "/api/password-reset/confirm/", body) for body in bodies])

    assert statuses(answers) == [204, 422]
    assert sign_in(client, admin, f"{NEW}0").status_code == 200


@pytest.mark.parametrize("before", [FIRST_LOCK, "UPDATE password_resets", "COMMIT"])
def test_two_workers_mail_one_code_once(
    app: Any, client: Any, race: Any, register: Any, folder: Path, before: str
) -> None:
    admin = register()
    mailed.ask(client, admin["user"]["email"])

    race(before, lambda: work(app), lambda: work(app))

    (code,) = mailed.codes(folder)
    assert mailed.confirm(client, code).status_code == 204


def die_after(app: Any, *acts: Callable[[int], Any]) -> None:
    """A worker that takes the account's mail, does these acts for it, and no more."""
    with app.app_context():
        worker.mail()  # finds the account
        (mail_id,) = outbox.due()
        with db.transaction():
            row = outbox.take(mail_id)
        assert row
        for act in acts:
            with db.transaction():
                act(row.subject_id)
        db.session.remove()


def test_code_of_a_worker_that_died_before_it_mailed_comes_later(
    app: Any, client: Any, register: Any, folder: Path
) -> None:
    admin = register()
    mailed.ask(client, admin["user"]["email"])
    die_after(app, resets.prepare)

    work(app)
    assert mailed.codes(folder) == []
    with app.app_context():
        worker.prune()

    with time_machine.travel(time.time() + outbox.MAILING_SECONDS + 1):
        work(app)
        (code,) = mailed.codes(folder)
        assert mailed.confirm(client, code).status_code == 204


def test_code_that_was_used_is_not_mailed_again_when_the_worker_died_in_between(
    app: Any, client: Any, register: Any, folder: Path
) -> None:
    admin = register()
    mailed.ask(client, admin["user"]["email"])
    found: list[Any] = []
    die_after(app, lambda number: found.append(resets.prepare(number)))

    code = found[0].text.split("enter this code: ")[1].split()[0]
    assert mailed.confirm(client, code).status_code == 204

    with time_machine.travel(time.time() + outbox.MAILING_SECONDS + 1):
        work(app)
    assert mailed.codes(folder) == []


CIRCLES = {
    "an admin disables a person and takes another name": lambda a, b, op: (
        change(a, b, is_active=False),
        me(a, username="other"),
    ),
    "a person's account and the business are deleted": lambda a, b, op: (remove(a, b), remove_business(op, a)),
    "a person's role and the business are changed": lambda a, b, op: (
        change(a, b, role="viewer"),
        remove_business(op, a),
    ),
    "a session ends and its account is deleted": lambda a, b, op: (
        ("DELETE", f"/api/sessions/{b['session']}/", None, b["headers"]),
        remove(a, b),
    ),
    "a used token comes back and its account is deleted": lambda a, b, op: (
        ("POST", "/api/token/refresh/", {"refresh": b["used"]}),
        remove(a, b),
    ),
    "a used token comes back and the business is deleted": lambda a, b, op: (
        ("POST", "/api/token/refresh/", {"refresh": b["used"]}),
        remove_business(op, a),
    ),
    "a person signs out and the business is deleted": lambda a, b, op: (
        ("POST", "/api/logout/", {}, b["headers"]),
        remove_business(op, a),
    ),
    "a person is added and the business is deleted": lambda a, b, op: (add(a), remove_business(op, a)),
    "a person is added and the business is renamed": lambda a, b, op: (add(a), settle(a, name="Another")),
}


@pytest.mark.parametrize("before", [FIRST_LOCK, "INSERT INTO audit_entries", "feed_head", "COMMIT"])
@pytest.mark.parametrize("pair", CIRCLES)
def test_nobody_waits_in_a_circle(
    client: Any, race: Any, register: Any, member: Any, operator: Any, pair: str, before: str
) -> None:
    for turned in (False, True):
        admin = register()
        person = member(admin, "editor")
        person["session"] = client.get("/api/sessions/", headers=person["headers"]).json[0]["id"]
        person["used"] = person["refresh"]
        for _ in range(2):
            person["refresh"] = client.post("/api/token/refresh/", json={"refresh": person["refresh"]}).json["refresh"]
        calls = CIRCLES[pair](admin, person, operator)

        answers = race(before, *(reversed(calls) if turned else calls))

        assert max(statuses(answers)) < 500, [answer.json for answer in answers]
