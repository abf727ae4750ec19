"""Password rules: length in code points, the blocklist, own names; hashes that grow stronger at sign-in."""

import os
import subprocess
import sys
import unicodedata
from typing import Any

import argon2
import pytest
from auth_service import common_passwords, passwords
from auth_service.models import User, db
from sqlalchemy import select, update

from servicekit.problems import Invalid
from tests.auth_service.conftest import forget
from tests.builders import PASSWORD, account


def test_blocklist_spells_out_thousands_and_refuses_each() -> None:
    entries = set(common_passwords.entries())

    assert len(entries) > 50_000
    assert min(map(len, entries)) == passwords.MIN_LENGTH
    sample = sorted(entries)[::37]
    assert [entry for entry in sample if not common_passwords.is_common(entry)] == []


@pytest.mark.parametrize(
    "password",
    [
        "1234567890",
        "0987654321",
        "1111111111",
        "0123456789",
        "12345678910",
        "9876543210",
        "qwertyuiop",
        "1q2w3e4r5t",
        "q1w2e3r4t5y6",
        "1qaz2wsx3edc",
        "qazwsxedcrfv",
        "asdfghjkl123",
        "zxcvbnm123",
        "qwerty12345",
        "qwertz12345",
        "abcdefghij",
        "abc123abc123",
        "a1b2c3d4e5",
        "password123",
        "Password1234",
        "P@ssw0rd123",
        "passw0rd2024!",
        "mypassword1",
        "iloveyou123",
        "princess123",
        "sunshine123",
        "football123",
        "basketball",
        "michelle123",
        "Summer2024!",
        "Winter2023!",
        "welcome123",
        "changeme123",
        "letmein123",
        "administrator",
        "superman123",
        "starwars123",
        "passwordpassword",
        "liverpool1",
        "correcthorsebatterystaple",
        "123456password",
        "2024summer!!",
        "Passwort1234",
        "aaaaaaaaaa",
        "ababababab",
        "121212121212",
        "vetted2026!",
        "contraseña123",
    ],
)
def test_common_passwords_are_refused(password: str) -> None:
    assert common_passwords.is_common(password)


@pytest.mark.parametrize(
    "password",
    [
        PASSWORD,
        "a very secret passphrase",
        "tin roof rusted 88",
        "K7#vq9zL!x",
        "пароль длинный очень",
        "日本語のパスワードは長い",
        "dragon 4 breakfast?",
        "mountain-lamp-copper",
        "dragon38471920563",
        "🦊🦊🐻🐻🐼🐼🦁🦁🐯🐯",
    ],
)
def test_others_are_accepted(password: str) -> None:
    passwords.check(password, "anna", "anna@example.org", "Nordlicht")


def test_length_is_counted_in_code_points() -> None:
    for fits in ("grüße-öäü!", "x" * 100 + "y" * 100 + "z" * 56):
        passwords.check(fits)
    for too_short_or_long in ("grüße-öäü", "abz" * 86):
        with pytest.raises(Invalid):
            passwords.check(too_short_or_long)


@pytest.mark.parametrize(
    "password",
    [
        "xx-annabel-xx",
        "AnnaBel!2-x9z",
        "nordlicht-7-qx",
        "Ｎｏｒｄｌｉｃｈｔ-7-qx",
        "berger.x.9.q.z",
        "my handel 4 ever q",
    ],
)
def test_own_names_are_refused(password: str) -> None:
    with pytest.raises(Invalid, match="not valid"):
        passwords.check(password, "annabel", "a.berger@example.org", "Nordlicht Handel")


@pytest.mark.parametrize("number", range(3))
def test_rules_hold_wherever_a_password_is_set(client: Any, register: Any, number: int) -> None:
    admin = register()
    weak = "Password1234"
    new = {**account(password=weak), "role": "viewer"}
    del new["business_name"]
    invited = client.post("/api/invitations/", json={"email": "n@example.org"}, headers=admin["headers"]).json
    change = {"old_password": PASSWORD, "new_password": weak}
    accept = {"code": invited["code"], "username": "newcomer", "password": weak}
    answer = [
        lambda: client.post("/api/users/", json=new, headers=admin["headers"]),
        lambda: client.post("/api/me/password/", json=change, headers=admin["headers"]),
        lambda: client.post("/api/invitations/accept/", json=accept),
    ][number]()

    assert answer.status_code == 422
    assert answer.json["errors"][0]["field"] in {"password", "new_password"}


def test_checking_ends_whatever_is_sent() -> None:
    """A search that tries every way to part such a text would not end in this age."""
    texts = ["1qaz" * 64, "abc" * 85, "a" * 256, "!1" * 128]
    check = f"from auth_service.common_passwords import is_common; print([is_common(text) for text in {texts}])"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}

    done = subprocess.run([sys.executable, "-c", check], env=environment, capture_output=True, text=True, timeout=120)

    assert done.stdout.strip() == str([True] * 4)


def test_hash_is_argon2id_and_grows_stronger_at_sign_in(make_app: Any, databases: Any, engine_name: str) -> None:
    app = make_app("auth_service")
    client = app.test_client()
    person = account()
    client.post("/api/register/", json=person)
    sign_in = {"username": person["username"], "password": PASSWORD}

    def stored() -> str:
        with app.app_context():
            return str(db.session.scalar(select(User.password_hash)))

    before = stored()
    assert client.post("/api/login/", json=sign_in).status_code == 200
    assert stored() == before
    object.__setattr__(app.config["SETTINGS"], "argon2_passes", 2)

    assert client.post("/api/login/", json=sign_in).status_code == 200

    assert before.startswith("$argon2id$v=19$m=8,t=1,p=1$")
    assert stored().startswith("$argon2id$v=19$m=8,t=2,p=1$")
    assert client.post("/api/login/", json=sign_in).status_code == 200


def test_signing_in_hashes_once(client: Any, register: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    name = register()["user"]["username"]
    hashed: list[str] = []
    genuine = argon2.PasswordHasher.verify

    def verify(self: Any, stored: str, password: Any) -> Any:
        hashed.append(stored)
        return genuine(self, stored, password)

    monkeypatch.setattr(argon2.PasswordHasher, "verify", verify)

    assert client.post("/api/login/", json={"username": name, "password": PASSWORD}).status_code == 200
    assert len(hashed) == 1


def test_default_cost_is_the_promised_one(make_app: Any) -> None:
    from auth_service.settings import Settings

    fields = Settings.model_fields
    assert (fields["argon2_memory_kib"].default, fields["argon2_passes"].default) == (19 * 1024, 2)


def test_disabled_account_is_never_rehashed(client: Any, app: Any, register: Any) -> None:
    admin = register()
    with app.app_context(), db.transaction() as session:
        session.execute(update(User).values(is_active=False))
        before = session.scalar(select(User.password_hash))
    object.__setattr__(app.config["SETTINGS"], "argon2_passes", 2)

    answer = client.post("/api/login/", json={"username": admin["user"]["username"], "password": PASSWORD})

    assert answer.status_code == 401
    with app.app_context():
        assert db.session.scalar(select(User.password_hash)) == before


def test_password_change_ends_the_other_sessions(client: Any, app: Any, register: Any) -> None:
    admin = register()
    sign_in = {"username": admin["user"]["username"], "password": PASSWORD}
    other = client.post("/api/login/", json=sign_in).json
    change = {"old_password": PASSWORD, "new_password": "another good one 5"}

    wrong = client.post("/api/me/password/", json={**change, "old_password": "x"}, headers=admin["headers"])
    assert (wrong.status_code, wrong.json["errors"][0]["field"]) == (422, "old_password")
    assert client.post("/api/me/password/", json=change, headers=admin["headers"]).status_code == 204

    forget(app)
    assert client.get("/api/me/", headers={"Authorization": f"Bearer {other['access']}"}).status_code == 401
    assert client.post("/api/token/refresh/", json={"refresh": other["refresh"]}).status_code == 401
    assert client.get("/api/me/", headers=admin["headers"]).status_code == 200
    assert client.post("/api/login/", json=sign_in).status_code == 401
    assert client.post("/api/login/", json={**sign_in, "password": change["new_password"]}).status_code == 200


TYPED = "Ma\u00f1ana-gr\u00f6\u00dfe-\u00dcbung 77"
DECOMPOSED = unicodedata.normalize("NFD", TYPED)


@pytest.mark.parametrize(("chosen", "typed"), [(TYPED, DECOMPOSED), (DECOMPOSED, TYPED)])
def test_one_password_in_two_spellings_is_one(client: Any, register: Any, chosen: str, typed: str) -> None:
    admin = register(password=chosen)
    login = {"username": admin["user"]["username"]}
    change = {"old_password": typed, "new_password": "quite another one 8"}

    answers = [client.post("/api/login/", json={**login, "password": form}) for form in (chosen, typed)]
    changed = client.post("/api/me/password/", json=change, headers=admin["headers"])

    assert [answer.status_code for answer in (*answers, changed)] == [200, 200, 204]


@pytest.mark.parametrize("typed", [TYPED, DECOMPOSED])
def test_hash_of_an_earlier_version_fits_and_becomes_one_of_the_nfc(
    client: Any, app: Any, register: Any, typed: str
) -> None:
    admin = register()
    with app.app_context(), db.transaction() as session:
        row = session.get_one(User, admin["user"]["id"])
        row.password_hash = passwords.hasher().hash(DECOMPOSED)
    login = {"username": admin["user"]["username"]}

    first = client.post("/api/login/", json={**login, "password": typed})

    with app.app_context():
        stored = db.session.get_one(User, admin["user"]["id"]).password_hash
        assert passwords.hasher().verify(TYPED, stored)
        db.session.remove()
    assert first.status_code == 200
    assert client.post("/api/login/", json={**login, "password": TYPED}).status_code == 200
