"""The isolation matrix: every route × every kind of caller × own, other and missing rows."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from tests.builders import Signer
from tests.chat_service.catalogue import Catalogue
from tests.conftest import Databases
from tests.contract.matrix import CLIENT, MATRIX, PERSON, PUBLIC, SIGNED_IN, Line
from tests.contract.services import PACKAGES
from tests.contract.world import CALLERS, MISSING, Business, Caller, Rows, World, unique

# Rows that belong to one person: another's is a colleague's, a different one for each caller.
PRIVATE = {"conversation", "message"}
METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture(scope="module")
def world(databases: Databases) -> Iterator[World]:
    catalogue = Catalogue()
    catalogue.reset()
    yield World(databases, catalogue.url)
    catalogue.stop()


def routes(documents: dict[str, Any]) -> dict[str, str]:
    """`METHOD /path/` -> package, of every documented route."""
    return {
        f"{method.upper()} {path}": package
        for package, document in documents.items()
        for path, item in document["paths"].items()
        for method in item
        if method in METHODS
    }


def test_every_route_has_a_line_and_every_line_a_route(documents: dict[str, Any]) -> None:
    if len(PACKAGES) == 3:
        assert set(routes(documents)) == set(MATRIX)


def may(line: Line, caller: Caller) -> bool:
    """Whether the table lets this caller in at all."""
    if caller.name == "suspended":
        return False
    if line.needs == PUBLIC:
        return True
    if caller.name == "anonymous" or (line.needs == PERSON and caller.name == "service"):
        return False
    return line.needs in {PERSON, SIGNED_IN} or bool(line.permissions & caller.permissions)


def expected(line: Line, caller: Caller, whose: str) -> str:
    """What the answer must be: 401, 403, 404, or `in` for anything a caller with the right may get."""
    if line.needs == CLIENT:
        return "in"
    if caller.name == "suspended" or (caller.name == "anonymous" and line.needs != PUBLIC):
        return "401"
    if not may(line, caller):
        return "403"
    if whose in {"", "own"} or (whose == "other" and caller.name in line.everywhere):
        return "in"
    return "404"


class Cells:
    """The calls of one line. Refused calls share their rows; each that gets in has one of its own."""

    def __init__(self, world: World, line: Line, package: str, key: str) -> None:
        self.world, self.line, self.package = world, line, package
        self.method, self.template = key.split(" ")
        self.rows = Rows(world)
        self.shared: dict[str, dict[str, Any]] = {}

    def values(self, whose: str, caller: Caller, wanted: str) -> dict[str, Any]:
        if not whose:
            return unique(self.line.path)  # type: ignore[no-any-return]
        if whose == "missing":
            return dict.fromkeys(re.findall(r"{(\w+)}", self.template), MISSING)
        business: Business = self.world.own if whose == "own" else self.world.other
        if wanted == "in" or (whose == "other" and self.line.row in PRIVATE):
            return self.rows.make(self.line.row, business, caller)
        if whose not in self.shared:
            maker = caller if caller.token and caller.name != "suspended" else self.world.own.callers["viewer"]
            if maker.name == "service" and self.line.row == "session":
                maker = self.world.own.callers["viewer"]
            self.shared[whose] = self.rows.make(self.line.row, business, maker)
        return self.shared[whose]

    def call(self, caller: Caller, values: dict[str, Any]) -> Any:
        path = self.template
        for name, value in values.items():
            path = path.replace(f"{{{name}}}", str(value))
        body = None if self.line.body is None else unique(self.line.body)
        client = self.world.client(self.package)
        headers = {**caller.headers, **self.line.headers}
        return client.open(path, method=self.method, json=body, headers=headers, buffered=True)


@pytest.mark.parametrize("key", MATRIX)
def test_line_holds_for_every_caller_and_row(world: World, documents: dict[str, Any], key: str) -> None:
    line, package = MATRIX[key], routes(documents).get(key)
    assert package or len(PACKAGES) < 3, "a line without a route"
    if package is None:
        return
    cells = Cells(world, line, package, key)
    wrong = []
    not_found: set[str] = set()
    for name in CALLERS:
        caller = world.callers()[name]
        for whose in ("own", "other", "missing") if line.row else ("",):
            if name == "anonymous" and whose == "own" and line.row in PRIVATE:
                continue  # an anonymous shopper's own needs their cookie: tests/chat_service
            wanted = expected(line, caller, whose)
            answer = cells.call(caller, cells.values(whose, caller, wanted))
            got = (
                str(answer.status_code) if answer.status_code in {401, 403, 404} or answer.status_code >= 500 else "in"
            )
            # Signing in badly and refreshing with nothing are refused by what they are, not by who asks.
            if got == "401" and wanted == "in" and line.needs == PUBLIC and "WWW-Authenticate" in answer.headers:
                got = "in" if key == "POST /api/login/" else got
            if got != wanted:
                wrong.append(f"{name}, {whose or 'no'} row: {answer.status_code} instead of {wanted}")
            if got == wanted == "404":
                not_found.add(answer.json["detail"])
    assert wrong == []
    assert len(not_found) <= 1, "another's row and a missing one must not be told apart"


@pytest.mark.parametrize("key", [key for key, line in MATRIX.items() if line.needs not in {PUBLIC, CLIENT}])
@pytest.mark.parametrize(
    "claims", [{"business_id": None}, {"business_id": None, "client_id": "sa_1", "scope": "catalog:write"}]
)
def test_token_without_a_business_is_refused_before_any_query(
    world: World, documents: dict[str, Any], signer: Signer, key: str, claims: dict[str, Any]
) -> None:
    package = routes(documents).get(key)
    if package is None:
        return
    app = world.apps[package]
    keys = app.extensions["verifier"].keys
    keys.revoked()
    keys._keys = {**keys._keys, signer.kid: signer.key.public_key}
    keys._read_at = float("inf")
    queries: list[str] = []
    with app.app_context():
        engine = app.extensions["sqlalchemy"].engine

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        queries.append(statement)

    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        method, path = key.split(" ")
        path = re.sub(r"{\w+}", "1", path)
        answer = app.test_client().open(path, method=method, json={}, headers=signer.headers(role="admin", **claims))
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
        keys._keys.pop(signer.kid)
        keys._read_at = float("-inf")

    assert answer.status_code == 403
    assert queries == []
