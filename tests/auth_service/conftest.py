"""auth-service for one test: a client, and people who are signed in."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from auth_service import worker
from auth_service.models import User, db

from tests.auth_service.smtp import MailServer
from tests.builders import INTERNAL_TOKEN, PASSWORD, account


@pytest.fixture
def app(make_app: Callable[..., Any]) -> Any:
    return make_app("auth_service")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where mail goes, of an application that is told so."""
    return tmp_path / "mail"


@pytest.fixture
def smtp() -> Iterator[MailServer]:
    """A mail server, for an application whose SMTP_URL names it."""
    server = MailServer()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def client(app: Any) -> Any:
    return app.test_client()


@pytest.fixture
def register(client: Any) -> Callable[..., Any]:
    """register(**changes) -> the answer's body with `headers` for its admin."""

    def make(**changes: str) -> Any:
        answer = client.post("/api/register/", json=account(**changes))
        assert answer.status_code == 201, answer.json
        return {**answer.json, "headers": bearer(answer.json["access"])}

    return make


@pytest.fixture
def member(client: Any) -> Callable[..., Any]:
    """member(admin, role) -> login answer of a new person of the admin's business, with `headers`."""

    def make(admin: Any, role: str, **changes: str) -> Any:
        person = {**account(**changes), "role": role}
        del person["business_name"]
        assert client.post("/api/users/", json=person, headers=admin["headers"]).status_code == 201
        answer = client.post("/api/login/", json={"username": person["username"], "password": PASSWORD})
        return {**answer.json, "headers": bearer(answer.json["access"])}

    return make


def confirm_address(app: Any, who: Any) -> None:
    """What a mailed code does: the address is the account's, and signs in."""
    with app.app_context():
        with db.transaction() as session:
            session.get_one(User, who["user"]["id"]).email_confirmed = True
        db.session.remove()


def work(app: Any) -> None:
    """The worker's step that sends mail, until none is left that can go."""
    with app.app_context():
        while worker.mail():
            pass
        db.session.remove()


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
def operator(client: Any, app: Any) -> Any:
    """A platform operator made on the command line, signed in, with `headers`."""
    command = ["create-operator", "operator", "operator@example.org", "--password-stdin"]
    result = app.test_cli_runner().invoke(args=command, input=f"{PASSWORD}\n")
    assert result.exit_code == 0, result.output
    answer = client.post("/api/login/", json={"username": "operator", "password": PASSWORD})
    return {**answer.json, "headers": bearer(answer.json["access"])}


def forget(app: Any) -> None:
    """Makes the next request read revocations and keys anew, as a second later."""
    app.extensions["verifier"].keys._read_at = float("-inf")


def followed(client: Any, after: int = 0) -> list[dict[str, Any]]:
    """The feed's changes as another service gets them."""
    headers = bearer(INTERNAL_TOKEN)
    events: list[dict[str, Any]] = client.get(f"/internal/feed?after={after}", headers=headers).json["events"]
    assert [event["seq"] for event in events] == list(range(after + 1, after + 1 + len(events)))
    return events
