"""A running copy of Vetted, named by VETTED_URL; `make test` starts one."""

import os
import time
import uuid
from collections.abc import Callable
from typing import Any

import pytest
import requests

PASSWORD = "plum-tree & lantern 7"
URL = os.environ.get("VETTED_URL", "")


class Caller:
    """One browser or partner: its own connections, its own token."""

    def __init__(self, token: str | None = None) -> None:
        self._session = requests.Session()
        if token:
            self._session.headers["Authorization"] = f"Bearer {token}"

    def __call__(self, method: str, path: str, body: Any = None, **options: Any) -> requests.Response:
        return self._session.request(method, URL + path, json=body, timeout=20, **options)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = os.path.dirname(__file__)
    if not URL and any(str(item.path).startswith(here) for item in items):
        raise pytest.UsageError(
            "set VETTED_URL to the address of a running copy (make test does), or leave tests/e2e out"
        )


@pytest.fixture
def anonymous() -> Caller:
    return Caller()


@pytest.fixture(scope="session")
def unique() -> Callable[[str], str]:
    return lambda word: f"{word} {uuid.uuid4().hex[:8]}"


@pytest.fixture
def business(unique: Callable[[str], str]) -> Callable[[], dict[str, Any]]:
    """business() -> {admin, editor, approver, viewer}: callers of a business made just now."""

    def make() -> dict[str, Any]:
        name = unique("Atelier")
        first = Caller()(
            "POST",
            "/api/register/",
            {"business_name": name, **person("admin")},
        )
        assert first.status_code == 201, first.text
        admin = Caller(first.json()["access"])
        callers = {"admin": admin, "name": name, "id": first.json()["business"]["id"]}
        for role in ("editor", "approver", "viewer"):
            callers[role] = Caller(join(admin, role)["access"])
        return callers

    return make


def person(role: str) -> dict[str, str]:
    handle = f"{role}-{uuid.uuid4().hex[:10]}"
    return {"username": handle, "email": f"{handle}@example.org", "password": PASSWORD}


def join(admin: Caller, role: str) -> Any:
    """What a new member's browser gets, who joins by invitation."""
    new = person(role)
    invited = admin("POST", "/api/invitations/", {"email": new.pop("email"), "role": role})
    assert invited.status_code == 201, invited.text
    answer = Caller()("POST", "/api/invitations/accept/", {"code": invited.json()["code"], **new})
    assert answer.status_code == 201, answer.text
    return answer.json()


def eventually(check: Callable[[], bool], seconds: float = 6.0) -> bool:
    """Whether it becomes true in time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if check():
            return True
        time.sleep(0.1)
    return check()


def draft(**changes: Any) -> dict[str, Any]:
    return {
        "name": "Heron reading chair",
        "description": "An upright chair with a high back, made for long evenings with a book.",
        "price": "349.00",
        "currency": "EUR",
        "category": "furniture",
        **changes,
    }
