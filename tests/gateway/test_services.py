"""The route table against what the services say of themselves."""

import json
import os
import re
import subprocess
import sys

import pytest

from gateway import openapi
from gateway.routes import ROUTES
from tests.gateway.harness import ROOT

SECRETS = {"INTERNAL_TOKEN": "0123456789abcdef" * 2, "KEY_PASSPHRASE": "0123456789abcdef"}


@pytest.fixture(scope="module")
def documents():
    """Service → its OpenAPI document, printed by its own command."""

    def described(name):
        environ = os.environ | SECRETS | {"PYTHONPATH": f"{ROOT}:{ROOT}/{name}-service"}
        command = [sys.executable, "-m", "flask", "--app", f"{name}_service:create_app", "openapi"]
        return json.loads(subprocess.check_output(command, cwd=ROOT, env=environ))

    return {name: described(name) for name in ("auth", "catalog", "chat")}


def route_of(path):
    """The route that nginx takes: a matching expression, else the longest prefix."""
    concrete = re.sub(r"\{[^}]+\}", "1", path)
    expressions = [route for route in ROUTES if route.path[0] == "~" and re.match(route.path[2:], concrete)]
    prefixes = [route for route in ROUTES if f"{concrete.rstrip('/')}/".startswith(f"{route.path}/")]
    return expressions[0] if expressions else max(prefixes, key=lambda route: len(route.path))


def operations(document):
    return [
        (path, method, item[method].get("security", document.get("security", [])))
        for path, item in document["paths"].items()
        for method in openapi.METHODS & item.keys()
    ]


def test_every_described_path_reaches_its_service(documents):
    reached = {(path, name, route_of(path).service) for name in documents for path, _, _ in operations(documents[name])}

    assert [wrong for wrong in reached if wrong[1] != wrong[2]] == []
    assert len(reached) > 30


def test_gateway_asks_for_a_token_where_the_service_does(documents):
    described = [operation for document in documents.values() for operation in operations(document)]

    asks = {(path, method): route_of(path).access == "token" for path, method, _ in described}

    assert asks == {(path, method): bool(security) and {} not in security for path, method, security in described}


def test_documents_of_the_services_join(documents):
    joined = openapi.join(list(documents.values()))

    assert len(joined["paths"]) == sum(len(document["paths"]) for document in documents.values())
