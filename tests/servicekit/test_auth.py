"""Tokens: what is accepted, what is refused, and that a cached verdict still sees revocations."""

import base64
import hashlib
import hmac
import json
import time
from typing import Any

import jwt
import pytest

from servicekit import trust
from servicekit.api import Blueprint, validate_request
from servicekit.auth import person, public, requires
from servicekit.permissions import BUSINESS_ROLES, ROLES, SCOPES, Permission, Role, granted
from tests.builders import INTERNAL_TOKEN, Signer
from tests.servicekit.conftest import Revocation, db


def status(client: Any, token: str, **headers: str) -> int:
    return int(client.get("/api/notes/1/", headers={"Authorization": f"Bearer {token}", **headers}).status_code)


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unsigned(header: dict[str, Any], claims: dict[str, Any]) -> str:
    return f"{b64(json.dumps(header).encode())}.{b64(json.dumps(claims).encode())}."


def test_good_token_is_accepted_and_names_the_caller(client: Any, signer: Signer) -> None:
    answer = client.get("/api/notes/1/", headers=signer.headers(sub="42"))

    assert (answer.status_code, answer.json["reader"]) == (200, 42)


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": int(time.time()) - 1},
        {"exp": None},
        {"exp": "9999999999"},
        {"iat": None},
        {"iss": "somebody"},
        {"iss": None},
        {"aud": "elsewhere"},
        {"aud": None},
        {"nbf": int(time.time()) + 3600},
        {"iat": int(time.time()) + 3600},
        {"sub": "anna"},
        {"sub": None},
        {"sid": None},
        {"ver": None},
        {"ver": "1"},
        {"business_id": "1"},
    ],
)
def test_wrong_claims_are_refused(client: Any, signer: Signer, claims: dict[str, Any]) -> None:
    assert status(client, signer.token(**claims)) == 401


@pytest.mark.parametrize(
    "headers",
    [
        {"typ": "JWT"},
        {"kid": "unknown"},
        {"kid": "../../etc/passwd"},
        {"kid": ""},
        {"jku": "http://127.0.0.1/keys"},
        {"jwk": {"kty": "EC"}},
        {"x5u": "http://127.0.0.1/cert"},
        {"crit": ["b64"]},
        {"x5t": "abc"},
    ],
)
def test_wrong_headers_are_refused(client: Any, signer: Signer, headers: dict[str, Any]) -> None:
    assert status(client, signer.token(headers=headers)) == 401


def test_algorithm_cannot_be_swapped(client: Any, signer: Signer) -> None:
    claims = jwt.decode(signer.token(), options={"verify_signature": False})
    pem = signer.key.as_pem(private=False)
    forged = unsigned({"alg": "HS256", "typ": "at+jwt", "kid": signer.kid}, claims)
    mac = b64(hmac.new(pem, forged[:-1].encode(), hashlib.sha256).digest())

    assert status(client, unsigned({"alg": "none", "typ": "at+jwt", "kid": signer.kid}, claims)) == 401
    assert status(client, forged + mac) == 401


def test_damaged_signatures_are_refused(client: Any, signer: Signer) -> None:
    token = signer.token()
    head, body, signature = token.split(".")

    assert status(client, f"{head}.{body}.{signature[:-4]}") == 401
    assert status(client, f"{head}.{body}.{b64(b'0' * 64)}") == 401
    assert status(client, f"{head}.{body}") == 401
    assert status(client, token + "." + signature) == 401
    assert status(client, token + "==") == 401
    assert status(client, "x" * 5_000) == 401


@pytest.mark.parametrize("value", ["Basic abc", "Bearer", "Bearer ", "Bearer a b", "Bearer a,Bearer b", "abc", ""])
def test_other_authorization_headers_are_refused_even_where_anonymous_is_welcome(client: Any, value: str) -> None:
    answer = client.get("/api/notes/", headers={"Authorization": value})

    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, 'Bearer error="invalid_token"')


def test_missing_token_is_asked_for(client: Any) -> None:
    answer = client.get("/api/notes/1/")

    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")


def test_stranger_learns_nothing_about_the_body(client: Any, signer: Signer) -> None:
    assert client.post("/api/notes/", data="{").status_code == 401
    assert client.post("/api/notes/", data="{", headers=signer.headers(role="viewer")).status_code == 403


@pytest.mark.parametrize("claims", [{"business_id": None}, {"business_id": None, "scope": "catalog:write"}])
def test_account_without_a_business_is_refused_everywhere(client: Any, signer: Signer, claims: dict[str, Any]) -> None:
    headers = signer.headers(role="admin", **claims)

    assert client.post("/api/notes/", json={"text": "a"}, headers=headers).status_code == 403
    assert client.get("/api/notes/1/", headers=headers).status_code == 403
    assert client.get("/api/notes/", headers=headers).status_code == 403


def test_operator_needs_no_business_and_may_not_touch_one(client: Any, signer: Signer) -> None:
    headers = signer.headers(role="operator", business_id=None)

    assert client.get("/api/notes/1/", headers=headers).status_code == 200
    assert client.post("/api/notes/", json={"text": "a"}, headers=headers).status_code == 403


def test_one_of_several_permissions_is_enough(make_service: Any, signer: Signer) -> None:
    bp = Blueprint("several", __name__)

    @bp.get("/api/several/")
    @requires(Permission.BUSINESS_MANAGE, Permission.PLATFORM_MANAGE)
    @validate_request()
    def several() -> Any:
        """Admins and operators."""
        return {"welcome": True}

    client = make_service(bp).test_client()
    found = {
        role: client.get("/api/several/", headers=signer.headers(role=role, business_id=business)).status_code
        for role, business in (("admin", 1), ("operator", None), ("editor", 1))
    }
    assert found == {"admin": 200, "operator": 200, "editor": 403}


def test_service_account_may_what_its_scopes_say_and_is_no_person(make_service: Any, signer: Signer) -> None:
    bp = Blueprint("people", __name__)

    @bp.get("/api/people/")
    @person
    @validate_request()
    def people() -> Any:
        """People."""
        return {"welcome": True}

    client = make_service(bp).test_client()
    reader = signer.headers(role="service", scope="catalog:read", client_id="sa_1")
    writer = signer.headers(role="service", scope="catalog:write", client_id="sa_1")

    assert client.get("/api/people/", headers=writer).status_code == 403
    assert client.get("/api/people/", headers=signer.headers()).status_code == 200
    assert client.post("/api/notes/", json={"text": "a"}, headers=reader).status_code == 403
    assert client.post("/api/notes/", json={"text": "a"}, headers=writer).status_code == 201


def test_unknown_role_may_nothing(client: Any, signer: Signer) -> None:
    assert client.post("/api/notes/", json={"text": "a"}, headers=signer.headers(role="king")).status_code == 403


@pytest.mark.parametrize(
    ("kind", "subject", "version"), [("session", "session-1", 0), ("user", "1", 2), ("business", "1", 0)]
)
def test_revocation_reaches_a_token_that_was_good_before(
    service: Any, client: Any, signer: Signer, kind: str, subject: str, version: int
) -> None:
    token = signer.token()
    assert status(client, token) == 200

    with service.app_context(), db.transaction() as session:
        trust.revoke(session, Revocation, kind, subject, version)
    service.extensions["verifier"].keys._read_at = float("-inf")

    assert status(client, token) == 401
    assert status(client, signer.token(sub="2", sid="session-2", business_id=2)) == 200


def test_internal_address_wants_the_service_credential(client: Any, signer: Signer) -> None:
    assert client.get("/internal/ping").status_code == 401
    assert client.get("/internal/ping", headers=signer.headers(role="admin")).status_code == 401
    assert client.get("/internal/ping", headers={"Authorization": f"Bearer {INTERNAL_TOKEN}"}).status_code == 204


def test_route_without_a_guard_cannot_be_declared(make_service: Any) -> None:
    bp = Blueprint("open", __name__)

    with pytest.raises(RuntimeError, match="declare who may call it"):

        @bp.get("/api/open/")
        @validate_request()
        def leak() -> Any:
            """No guard."""


def test_plain_route_without_a_guard_stops_the_start(make_service: Any) -> None:
    bp = Blueprint("plain", __name__)
    bp.add_url_rule("/api/plain/", view_func=lambda: "leak", endpoint="leak")

    with pytest.raises(RuntimeError, match=r"plain\.leak"):
        make_service(bp)


def test_guard_leaves_public_routes_open(make_service: Any) -> None:
    bp = Blueprint("welcome", __name__)

    @bp.get("/api/welcome/")
    @public
    @validate_request()
    def welcome() -> Any:
        """Anyone."""
        return {"welcome": True}

    assert make_service(bp).test_client().get("/api/welcome/").status_code == 200


def test_each_role_may_at_least_what_the_weaker_one_may() -> None:
    ladder = (Role.VIEWER, Role.EDITOR, Role.APPROVER, Role.ADMIN)

    for weaker, stronger in zip(ladder, ladder[1:], strict=False):
        assert ROLES[weaker] < ROLES[stronger]
    assert all(ROLES[role] <= ROLES[Role.ADMIN] for role in BUSINESS_ROLES)


# Role → whether it writes, approves, manages people.
PROMISED = {
    Role.VIEWER: (False, False, False),
    Role.EDITOR: (True, False, False),
    Role.APPROVER: (True, True, False),
    Role.ADMIN: (True, True, True),
    Role.OPERATOR: (False, False, False),
    Role.SERVICE: (False, False, False),
}


@pytest.mark.parametrize("role", Role)
def test_roles_are_what_the_table_promises(role: Role) -> None:
    asked = (Permission.PRODUCT_WRITE, Permission.PRODUCT_APPROVE, Permission.USER_MANAGE)

    assert tuple(permission in granted(role) for permission in asked) == PROMISED[role]


def test_no_scope_both_writes_and_approves() -> None:
    both = {Permission.PRODUCT_WRITE, Permission.PRODUCT_APPROVE}

    assert not any(both <= may for may in SCOPES.values())
    assert granted("admin", "catalog:read") == {Permission.PRODUCT_VIEW}
    assert granted("admin", "") == frozenset()
