"""Token attacks at the gateway and at a service: each is refused by both, and no verdict differs."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from joserfc.jwk import ECKey

from tests.conftest import Databases, build
from tests.gateway import conftest as gateway_fixtures
from tests.gateway.harness import Keys
from tests.gateway.test_tokens import ATTACKS, encode, with_part

Make = Callable[[Keys], str]

# The gateway of its own tests: a real nginx, and the keys that it trusts.
keys, binary = gateway_fixtures.keys, gateway_fixtures.binary
auth, catalog, chat = gateway_fixtures.auth, gateway_fixtures.catalog, gateway_fixtures.chat
services, upstreams = gateway_fixtures.services, gateway_fixtures.upstreams
shared_gateway, gateway = gateway_fixtures.shared_gateway, gateway_fixtures.gateway


def der(token: str) -> str:
    """The same signature in the other usual encoding."""
    head, claims, signature = token.split(".")
    raw = base64.urlsafe_b64decode(signature + "==")
    numbers = (int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    return f"{head}.{claims}.{encode(encode_dss_signature(*numbers))}"


def other_alphabet(token: str) -> str:
    """A signature that has - or _, written with + and /."""
    head, claims, signature = token.split(".")
    return f"{head}.{claims}.{signature.replace('-', '+').replace('_', '/')}"


def with_dash(keys: Keys) -> str:
    while True:
        token = keys.token()
        if {"-", "_"} & set(token.split(".")[2]):
            return token


def mirrored(token: str) -> str:
    """r and s swapped."""
    head, claims, signature = token.split(".")
    raw = base64.urlsafe_b64decode(signature + "==")
    return f"{head}.{claims}.{encode(raw[32:] + raw[:32])}"


def now() -> int:
    return int(time.time())


REFUSED: dict[str, Make] = {
    **ATTACKS,
    "signature as DER": lambda keys: der(keys.token()),
    "signature in the standard alphabet": lambda keys: other_alphabet(with_dash(keys)),
    "signature mirrored": lambda keys: mirrored(keys.token()),
    "signature twice": lambda keys: keys.token() + keys.token().split(".")[2],
    "signature of 65 bytes": lambda keys: with_part(keys.token(), 2, b"\0" * 65),
    "header padded": lambda keys: "=.".join(keys.token().split(".", 1)),
    "tab inside": lambda keys: keys.token().replace(".", ".\t", 1),
    "key by thumbprint": lambda keys: keys.token(header={"x5t": "abc"}),
    "key by SHA-256 thumbprint": lambda keys: keys.token(header={"x5t#S256": "abc"}),
    "payload not encoded": lambda keys: with_part(keys.token(), 0, {"alg": "ES256", "typ": "at+jwt", "kid": "first", "b64": False}),
    "empty crit": lambda keys: with_part(keys.token(), 0, {"alg": "ES256", "typ": "at+jwt", "kid": "first", "crit": []}),
    "null crit": lambda keys: with_part(keys.token(), 0, {"alg": "ES256", "typ": "at+jwt", "kid": "first", "crit": None}),
    "kid is a path": lambda keys: keys.token(header={"kid": "../../../dev/null"}),
    "kid is SQL": lambda keys: keys.token(header={"kid": "' UNION SELECT 'x"}),
    "kid is a number": lambda keys: with_part(keys.token(), 0, {"alg": "ES256", "typ": "at+jwt", "kid": 1}),
    "no kid, one key": lambda keys: keys.token(header={"kid": None}),
    "algorithm of another curve": lambda keys: with_part(keys.token(), 0, {"alg": "ES512", "typ": "at+jwt", "kid": "first"}),
    "HMAC with the JWK as the secret": lambda keys: symmetric_jwk(keys),
    "refresh token's type": lambda keys: keys.token(header={"typ": "rt+jwt"}),
    "type of media": lambda keys: keys.token(header={"typ": "application/json"}),
    "refresh token": lambda keys: "WyJhYmMiLDFd.c2lnbmF0dXJl",
    "issuer is a list": lambda keys: keys.token(iss=["vetted-auth"]),
    "issuer with more behind": lambda keys: keys.token(iss="vetted-auth.evil.example"),
    "audience with more behind": lambda keys: keys.token(aud="vetted-test"),
    "audience of numbers": lambda keys: keys.token(aud=[1, 2]),
    "empty audience": lambda keys: keys.token(aud=[]),
    "expired this second": lambda keys: keys.token(exp=now()),
    "expiry negative": lambda keys: keys.token(exp=-1),
    "expiry true": lambda keys: keys.token(exp=True),
    "expiry a list": lambda keys: keys.token(exp=[9999999999]),
    "not before as text": lambda keys: keys.token(nbf="soon"),
    "issued as text": lambda keys: keys.token(iat="long ago"),
    "never issued": lambda keys: keys.token(iat=None),
    "subject a number": lambda keys: keys.token(sub=7),
    "subject empty": lambda keys: keys.token(sub=""),
    "claims are a list": lambda keys: with_part(keys.token(), 1, ["vetted-auth"]),
    "claims are empty": lambda keys: with_part(keys.token(), 1, b""),
    "giant": lambda keys: "a" * 6000,
    "giant claims": lambda keys: keys.token(more="x" * 5000),
    "encrypted": lambda keys: "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..AAAA.AAAA.AAAA",
    "fullwidth": lambda keys: keys.token().replace("e", "\uff45", 1).encode().decode("latin-1"),
}  # fmt: skip

ACCEPTED: dict[str, Make] = {
    "plain": lambda keys: keys.token(),
    "one of several audiences": lambda keys: keys.token(aud=["other", "vetted"]),
    "clock a little behind": lambda keys: keys.token(iat=now() + 2, nbf=now() + 2),
    "no nbf": lambda keys: keys.token(nbf=None),
    "fraction of a second": lambda keys: keys.token(exp=now() + 60.5),
    "unknown claim": lambda keys: keys.token(shoe_size=42),
    "two blanks before": lambda keys: " " + keys.token(),
    "content type named": lambda keys: keys.token(header={"cty": "x"}),
}


def symmetric_jwk(keys: Keys) -> str:
    """HS256 with the published JWK's own text as the secret."""
    claims = keys.token().split(".")[1]
    signed = f"{encode({'alg': 'HS256', 'typ': 'at+jwt', 'kid': 'first'})}.{claims}"
    secret = json.dumps(keys.published()["keys"][0]).encode()
    return f"{signed}.{encode(hmac.new(secret, signed.encode(), hashlib.sha256).digest())}"


@pytest.fixture(scope="module")
def service(databases: Databases, keys: Keys) -> Iterator[Any]:
    """catalog-service, trusting the same keys as the gateway."""
    from catalog_service.models import TrustedKey, db

    app = build("catalog_service", databases.fresh("catalog_service", "sqlite"), auth_url="http://127.0.0.1:9")
    with app.app_context(), db.transaction() as session:
        session.add_all([TrustedKey(kid=key["kid"], jwk=key) for key in keys.published()["keys"]])
    yield app.test_client()
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose()


def verdicts(gateway: Any, service: Any, value: str) -> tuple[int, int]:
    """(gateway's, service's) status for that Authorization header."""
    reply = gateway.get("/api/products/", Authorization=value)
    answer = service.get("/api/products/", headers={"Authorization": value})
    if answer.status_code == 401:
        assert answer.headers["WWW-Authenticate"] == reply.header("www-authenticate")
        assert answer.json["code"] == reply.json()["code"] == "unauthorized"
    return reply.status, answer.status_code


@pytest.mark.parametrize("attack", REFUSED)
def test_both_refuse(gateway: Any, service: Any, keys: Keys, attack: str) -> None:
    assert verdicts(gateway, service, f"Bearer {REFUSED[attack](keys)}") == (401, 401)


@pytest.mark.parametrize("case", ACCEPTED)
def test_both_accept(gateway: Any, service: Any, keys: Keys, case: str) -> None:
    assert verdicts(gateway, service, f"Bearer {ACCEPTED[case](keys)}") == (200, 200)


@pytest.mark.parametrize(
    "value", ["Bearer", "Bearer ", "Bearer  x", "Bearer a b", "Bearer a,b", "Basic YTpi", "Token x", "bearer", "x"]
)
def test_both_refuse_what_is_no_bearer_token(gateway: Any, service: Any, value: str) -> None:
    found = verdicts(gateway, service, value)

    assert found == (401, 401)


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_both_read_the_scheme_in_any_case(gateway: Any, service: Any, keys: Keys, scheme: str) -> None:
    assert verdicts(gateway, service, f"{scheme} {keys.token()}") == (200, 200)


def test_both_refuse_two_headers(gateway: Any, service: Any, keys: Keys) -> None:
    token = keys.token()
    request = b"GET /api/products/ HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %b\r\nAuthorization: Bearer %b\r\n\r\n"

    reply = gateway.raw(request % (token.encode(), token.encode()))
    # A WSGI server joins them with a comma (RFC 9110 section 5.3).
    answer = service.get("/api/products/", headers={"Authorization": f"Bearer {token},Bearer {token}"})

    assert reply.status in {400, 401}  # which of the two is up to nginx's version
    assert answer.status_code == 401


@pytest.mark.parametrize("where", ["query", "cookie", "form", "header"])
def test_neither_looks_elsewhere(gateway: Any, service: Any, keys: Keys, where: str) -> None:
    token = keys.token()
    query = f"?access_token={token}" if where == "query" else ""
    headers = {
        "cookie": {"Cookie": f"access_token={token}; access_token_cookie={token}"},
        "header": {"X-Access-Token": token, "X-User-Id": "1", "X-Role": "admin", "X-Business-Id": "1"},
    }.get(where, {})
    body = f"access_token={token}" if where == "form" else None
    if body:
        headers["Content-Type"] = "application/x-www-form-urlencoded"

    reply = gateway.request("POST" if body else "GET", f"/api/products/{query}", body, headers)
    answer = service.open(f"/api/products/{query}", method="POST" if body else "GET", data=body, headers=headers)

    assert (reply.status, answer.status_code) == (401, 401)
    assert reply.header("www-authenticate") == answer.headers["WWW-Authenticate"] == "Bearer"


def test_empty_header_is_refused_by_both(gateway: Any, service: Any) -> None:
    """nginx takes it for none, so only the hint in WWW-Authenticate differs."""
    assert gateway.get("/api/products/", Authorization="").status == 401
    assert service.get("/api/products/", headers={"Authorization": ""}).status_code == 401


def test_key_that_nobody_published_is_refused_by_both(gateway: Any, service: Any, keys: Keys) -> None:
    stranger = ECKey.generate_key("P-256", parameters={"kid": "first"})

    assert verdicts(gateway, service, f"Bearer {keys.token(pair=stranger)}") == (401, 401)
