"""What an operator finds in the folder and the log of a local copy, named by VETTED_DATA (`./var`)."""

import os
import stat
import uuid
from pathlib import Path

from deploy.local.folders import ROOT
from tests.e2e.conftest import PASSWORD, Caller, eventually, person

DATA = Path(os.environ.get("VETTED_DATA") or ROOT / "var")
LOG = DATA / "log" / "vetted.log"


def test_data_are_their_owners_alone() -> None:
    written = [*DATA.glob("*.db*"), *(DATA / "secrets").iterdir(), LOG]

    assert len(written) >= 6
    assert [path for path in written if stat.S_IMODE(path.stat().st_mode) & 0o077] == []


def test_one_request_id_goes_from_the_gateway_to_the_last_service(anonymous: Caller) -> None:
    number = f"trace-{uuid.uuid4().hex}"

    answer = anonymous(
        "POST", "/api/chatbot/", {"message": "Which lamps do you have?"}, headers={"X-Request-ID": number}
    )

    assert answer.headers["X-Request-ID"] == number
    # A line begins with the time and the name of the process.
    assert eventually(
        lambda: (
            {line.split()[1] for line in LOG.read_text().splitlines() if number in line}
            >= {"gateway", "chat", "catalog"}
        )
    )


def test_log_holds_no_password_no_address_and_no_token(anonymous: Caller) -> None:
    who = person("admin")
    made = anonymous("POST", "/api/register/", {"business_name": f"Atelier {uuid.uuid4().hex}", **who}).json()
    anonymous("POST", "/api/login/", {"username": who["email"], "password": "a wrong password of mine"})
    anonymous("POST", "/api/password-reset/", {"email": who["email"]})
    anonymous("POST", "/api/register/", {"business_name": "Another", **who})
    anonymous("GET", "/api/me/", headers={"Authorization": f"Bearer {made['access']}x"})
    last = anonymous("POST", "/api/token/refresh/", {"refresh": made["refresh"]})
    assert eventually(lambda: last.headers["X-Request-ID"] in LOG.read_text())

    written = LOG.read_text()

    secrets = (who["email"], PASSWORD, "a wrong password", made["access"], made["access"][-40:], made["refresh"])
    assert [secret for secret in secrets if secret in written] == []
