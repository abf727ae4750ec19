"""A proxy in the environment is not asked for what this machine serves itself."""

from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from deploy.demo.client import Api
from deploy.demo.content import Person
from deploy.local import gateway, readiness
from servicekit.neighbours import Neighbour

DEAD = "http://127.0.0.1:9"


@pytest.fixture(autouse=True)
def proxied(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, DEAD)


@pytest.fixture
def server() -> Any:
    with HTTPServer() as server:
        server.expect_request("/openapi.json").respond_with_json({"paths": {}})
        server.expect_request("/api/register/").respond_with_json({"access": "a token"}, status=201)
        yield server


def test_launcher_asks_directly(server: HTTPServer) -> None:
    assert readiness.answers(server.url_for("/openapi.json"))
    assert gateway._described(server.port) == {"paths": {}}


def test_demo_is_loaded_directly(server: HTTPServer) -> None:
    address = server.url_for("")
    person = Person("anna", "anna@shop.example", "Anna", "Nord", "admin")

    Api(address, address).register("Nordlicht", person)

    assert len(server.log) == 1


def test_services_ask_their_neighbours_directly(server: HTTPServer) -> None:
    assert Neighbour("catalog-service", server.url_for("")).get("/openapi.json") == {"paths": {}}
