"""Password reset: mailed, single use, silent about who exists."""

import resource
import time
from email import message_from_string
from pathlib import Path
from typing import Any

import pytest
import time_machine
from auth_service import outbox
from auth_service.clients import mail
from auth_service.models import PasswordReset, db

from servicekit.problems import Unavailable
from tests.auth_service.conftest import confirm_address, forget, work
from tests.builders import PASSWORD

NEW = "another good one 5"


@pytest.fixture
def app(make_app: Any, folder: Path) -> Any:
    return make_app("auth_service", mail_folder=str(folder), public_url="https://shop.example/")


def ask(client: Any, email: str) -> Any:
    return client.post("/api/password-reset/", json={"email": email})


def codes(folder: Path) -> list[str]:
    """The codes in the mails, oldest first."""
    texts = [path.read_text() for path in sorted(folder.glob("*.eml"))] if folder.exists() else []
    return [text.split("enter this code: ")[1].split()[0] for text in texts]


def confirm(client: Any, code: str, password: str = NEW) -> Any:
    return client.post("/api/password-reset/confirm/", json={"code": code, "password": password})


def test_mailed_code_sets_a_new_password_once(client: Any, app: Any, register: Any, folder: Path) -> None:
    admin = register()
    sign_in = {"username": admin["user"]["username"], "password": PASSWORD}

    assert ask(client, admin["user"]["email"].upper()).status_code == 204
    work(app)
    (code,) = codes(folder)

    mail = message_from_string(next(folder.glob("*.eml")).read_text())
    assert mail["To"] == admin["user"]["email"]
    assert f"https://shop.example/login/?reset={code}" in mail.get_payload()
    assert next(folder.glob("*.eml")).stat().st_mode & 0o077 == 0
    assert confirm(client, code).status_code == 204
    assert confirm(client, code).status_code == 422
    forget(app)
    assert client.get("/api/me/", headers=admin["headers"]).status_code == 401
    assert client.post("/api/token/refresh/", json={"refresh": admin["refresh"]}).status_code == 401
    assert client.post("/api/login/", json=sign_in).status_code == 401
    assert client.post("/api/login/", json={**sign_in, "password": NEW}).status_code == 200


def test_unknown_and_disabled_get_the_same_answer_and_no_mail(
    client: Any, app: Any, register: Any, member: Any, folder: Path
) -> None:
    admin = register()
    off = member(admin, "viewer")["user"]
    client.patch(f"/api/users/{off['id']}/", json={"is_active": False}, headers=admin["headers"])

    answers = [ask(client, email) for email in ("nobody@example.org", off["email"], "no address at all")]
    work(app)

    assert {(answer.status_code, answer.data) for answer in answers} == {(204, b"")}
    assert codes(folder) == []
    with app.app_context():
        assert db.session.query(PasswordReset).count() == 0


def test_international_address_is_one_in_both_forms(client: Any, app: Any, register: Any, folder: Path) -> None:
    written, encoded = "ann@b\u00fccher.example", "ann@xn--bcher-kva.example"
    confirm_address(app, register(email=encoded))

    for email in (written, encoded):
        ask(client, email)
        answer = client.post("/api/login/", json={"username": email, "password": PASSWORD})
        assert (answer.status_code, answer.json["user"]["email"]) == (200, written)
    work(app)

    assert len(codes(folder)) == 2


def test_code_expires_and_is_stored_hashed(client: Any, app: Any, register: Any, folder: Path) -> None:
    ask(client, register()["user"]["email"])
    work(app)
    (code,) = codes(folder)

    with app.app_context():
        assert code not in str([tuple(row) for row in db.session.execute(db.select(PasswordReset.__table__))])
    with time_machine.travel(time.time() + 3601):
        assert confirm(client, code).status_code == 422
    assert confirm(client, "nonsense").status_code == 422


def test_weak_password_leaves_the_code_good(client: Any, app: Any, register: Any, folder: Path) -> None:
    admin = register()
    ask(client, admin["user"]["email"])
    work(app)
    (code,) = codes(folder)

    weak = confirm(client, code, f"{admin['user']['username']}-x9z")

    assert (weak.status_code, weak.json["errors"][0]["field"]) == (422, "password")
    assert confirm(client, code).status_code == 204


def test_one_code_spends_the_others_and_mails_are_few(client: Any, app: Any, register: Any, folder: Path) -> None:
    email = register()["user"]["email"]
    for _ in range(5):
        ask(client, email)
        work(app)
    found = codes(folder)

    assert len(found) == 3
    assert confirm(client, found[1]).status_code == 204
    assert [confirm(client, code, "yet another 6 one").status_code for code in found] == [422, 422, 422]


def test_mail_that_was_not_taken_is_tried_again(client: Any, app: Any, register: Any, folder: Path) -> None:
    ask(client, register()["user"]["email"])
    folder.write_text("a file where the folder should be")

    with pytest.raises(Unavailable):
        work(app)
    folder.unlink()
    work(app)
    assert codes(folder) == []

    with time_machine.travel(time.time() + outbox.FIRST_DELAY_SECONDS + 1):
        work(app)
        work(app)
        (code,) = codes(folder)
        assert confirm(client, code).status_code == 204


def test_mail_that_finds_no_room_leaves_nothing_in_the_folder(app: Any, folder: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    # No file may grow beyond a byte, as on a full disk.
    resource.setrlimit(resource.RLIMIT_FSIZE, (1, before[1]))
    try:
        with pytest.raises(Unavailable):
            mail.send(app.config["SETTINGS"], "ann@example.org", "A code", "It is 1234.")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    assert list(folder.iterdir()) == []


def test_reset_is_audited_without_its_code(client: Any, app: Any, register: Any, folder: Path) -> None:
    admin = register()
    ask(client, admin["user"]["email"])
    work(app)
    (code,) = codes(folder)
    confirm(client, code)

    sign_in = {"username": admin["user"]["username"], "password": NEW}
    access = client.post("/api/login/", json=sign_in).json["access"]
    answer = client.get("/api/audit/", headers={"Authorization": f"Bearer {access}"})

    assert [entry["act"] for entry in answer.json[:3]] == ["login", "password.reset", "password.reset_mailed"]
    assert code not in answer.text
