"""Wrong input through the gateway: the proper 4xx, one shape, nothing written, nothing told."""

import socket
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from tests.e2e.conftest import URL, Caller, draft, join, person

MEMBERS = {"type", "title", "status", "code", "detail", "errors", "request_id"}


def refused(answer: requests.Response, *statuses: int) -> None:
    assert answer.status_code in statuses, answer.text
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    assert set(answer.json()) >= MEMBERS
    assert answer.json()["request_id"] == answer.headers["X-Request-ID"]
    for secret in ("Traceback", "sqlalchemy", "SELECT", "nginx", "gunicorn", "127.0.0.1"):
        assert secret not in answer.text
    assert not answer.headers.get("Server", "").startswith("nginx/")


@pytest.fixture(scope="module")
def people() -> dict[str, Any]:
    first = Caller()("POST", "/api/register/", {"business_name": person("b")["username"], **person("admin")}).json()
    admin = Caller(first["access"])
    token = join(admin, "editor")["access"]
    return {"admin": admin, "editor": Caller(token), "token": token}


def raw(people: dict[str, Any], body: bytes, content_type: str = "application/json") -> requests.Response:
    headers = {"Authorization": f"Bearer {people['token']}", "Content-Type": content_type}
    return requests.post(f"{URL}/api/products/", data=body, headers=headers, timeout=20)


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"{", "application/json", 400),
        (b'{"name": "a", "name": "b"}', "application/json", 400),
        (b"name=a", "application/x-www-form-urlencoded", 415),
        (b'{"colour": 1}', "application/json", 422),
    ],
)
def test_bad_body_writes_nothing(people: dict[str, Any], body: bytes, content_type: str, status: int) -> None:
    before = len(people["editor"]("GET", "/api/products/").json())

    refused(raw(people, body, content_type), status)

    assert len(people["editor"]("GET", "/api/products/").json()) == before


@pytest.mark.parametrize(
    ("field", "value"), [("price", "-1"), ("price", "100000000.00"), ("price", "1.234"), ("currency", "XYZ"), ("id", 7)]
)
def test_value_out_of_range_names_its_field(people: dict[str, Any], field: str, value: Any) -> None:
    answer = people["editor"]("POST", "/api/products/", draft(**{field: value}))

    refused(answer, 422)
    assert field in [error["field"] for error in answer.json()["errors"]]


def test_body_of_twenty_megabytes_is_413(people: dict[str, Any]) -> None:
    refused(raw(people, b'{"name": "' + b"x" * 20_000_000 + b'"}'), 413)


@pytest.mark.parametrize("token", ["nonsense", "a.b.c", "x" * 6000])
def test_forged_token_is_401_everywhere(token: str, anonymous: Caller) -> None:
    stranger = Caller(token)

    for method, path in (
        ("GET", "/api/products/"),
        ("GET", "/api/me/"),
        ("GET", "/api/products/public/"),
        ("POST", "/api/chatbot/"),
    ):
        answer = stranger(method, path)
        refused(answer, 401)
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_missing_token_is_401(anonymous: Caller) -> None:
    refused(anonymous("GET", "/api/products/"), 401)
    refused(anonymous("GET", "/api/users/"), 401)


def test_unknown_path_and_wrong_method(anonymous: Caller, people: dict[str, Any]) -> None:
    refused(anonymous("GET", "/api/nothing-here/"), 404)
    answer = people["editor"]("DELETE", "/api/products/public/")
    assert answer.status_code in {404, 405}


PATHS = [
    "/api/products/public/../../internal/feed",
    "/internal/feed",
    "//internal/feed",
    "/api//products/public/",
    "/./internal/feed",
    "/%69nternal/feed",
    "/INTERNAL/feed",
    "/metrics",
    "/healthz",
    "/readyz",
    "/openapi.json",
    "/api/..;/internal/feed",
    "/api/products/public/..%2f..%2f..%2finternal/feed",
]


@pytest.mark.parametrize("path", PATHS)
def test_inner_addresses_cannot_be_reached(path: str, people: dict[str, Any]) -> None:
    host = urlsplit(URL)
    with socket.create_connection((host.hostname, host.port), 5) as connection:
        request = f"GET {path} HTTP/1.1\r\nHost: {host.netloc}\r\nAuthorization: Bearer {people['token']}\r\n"
        connection.sendall(f"{request}Connection: close\r\n\r\n".encode())
        answer = b""
        while chunk := connection.recv(65536):
            answer += chunk

    status = int(answer.split()[1])
    assert status in {400, 401, 404}, answer[:200]
    assert b'"events"' not in answer
    assert b"http_request_seconds" not in answer


def test_request_id_travels_and_a_bad_one_is_replaced(anonymous: Caller) -> None:
    kept = anonymous("GET", "/api/nothing-here/", headers={"X-Request-ID": "trace-42"})
    replaced = anonymous("GET", "/api/nothing-here/", headers={"X-Request-ID": "not an id!"})

    assert kept.headers["X-Request-ID"] == "trace-42"
    assert replaced.headers["X-Request-ID"] != "not an id!"


def test_merged_document_and_reference_page_are_served(anonymous: Caller) -> None:
    document = anonymous("GET", "/api/openapi.json").json()

    assert document["openapi"].startswith("3.1")
    assert {"/api/login/", "/api/products/public/", "/api/chatbot/"} <= set(document["paths"])
    assert anonymous("GET", "/api/docs/").status_code == 200
    assert "Vetted" in anonymous("GET", "/").text
