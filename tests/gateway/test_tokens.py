"""Which tokens pass, which do not, and what happens to them on the way."""

import base64
import hashlib
import hmac
import json
import time

import pytest
from joserfc.jwk import ECKey, RSAKey

from tests.copies import wait_until
from tests.gateway.harness import Answer, Service, free_port, problem


def encode(value):
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def with_part(token, number, value):
    parts = token.split(".")
    parts[number] = encode(value) if not isinstance(value, str) else value
    return ".".join(parts)


def symmetric(keys):
    """The classic confusion: signed by HMAC with the public key as the secret."""
    claims = keys.token().split(".")[1]
    signed = f"{encode({'alg': 'HS256', 'typ': 'at+jwt', 'kid': 'first'})}.{claims}"
    secret = keys.pairs[0].as_pem(private=False)
    return f"{signed}.{encode(hmac.new(secret, signed.encode(), hashlib.sha256).digest())}"


def header_over(keys, **changes):
    """A good signature under a header with `changes`."""
    return keys.token(header=changes)


ATTACKS = {
    "empty": lambda keys: "",
    "no dots": lambda keys: "abc",
    "four parts": lambda keys: keys.token() + ".x",
    "no signature": lambda keys: keys.token().rsplit(".", 1)[0] + ".",
    "algorithm none": lambda keys: (
        encode({"alg": "none", "typ": "at+jwt", "kid": "first"}) + "." + keys.token().split(".")[1] + "."
    ),
    "algorithm none, signature kept": lambda keys: with_part(
        keys.token(), 0, {"alg": "none", "typ": "at+jwt", "kid": "first"}
    ),
    "symmetric algorithm": symmetric,
    "other algorithm named": lambda keys: with_part(keys.token(), 0, {"alg": "ES384", "typ": "at+jwt", "kid": "first"}),
    "lower-case algorithm": lambda keys: with_part(keys.token(), 0, {"alg": "es256", "typ": "at+jwt", "kid": "first"}),
    "RSA key": lambda keys: keys.token(header={"alg": "RS256", "kid": "first"}, pair=RSAKey.generate_key(2048)),
    "other key, same kid": lambda keys: keys.token(pair=ECKey.generate_key("P-256", parameters={"kid": "first"})),
    "unknown kid": lambda keys: keys.token(pair=ECKey.generate_key("P-256", parameters={"kid": "nobody"})),
    "no kid": lambda keys: header_over(keys, kid=None),
    "kid of another type": lambda keys: with_part(keys.token(), 0, {"alg": "ES256", "typ": "at+jwt", "kid": ["first"]}),
    "wrong type": lambda keys: header_over(keys, typ="JWT"),
    "no type": lambda keys: header_over(keys, typ=None),
    "crit": lambda keys: with_part(keys.token(), 0, {"alg": "ES256", "typ": "at+jwt", "kid": "first", "crit": ["exp"]}),
    "own key": lambda keys: header_over(keys, jwk=keys.pairs[0].as_dict(private=False)),
    "own key address": lambda keys: header_over(keys, jku="http://127.0.0.1/keys"),
    "own certificate": lambda keys: header_over(keys, x5c=["MIIB"]),
    "own certificate address": lambda keys: header_over(keys, x5u="http://127.0.0.1/x"),
    "header is a list": lambda keys: with_part(keys.token(), 0, ["ES256"]),
    "header is null": lambda keys: with_part(keys.token(), 0, b"null"),
    "header is no JSON": lambda keys: with_part(keys.token(), 0, b"{"),
    "claims changed": lambda keys: with_part(
        keys.token(), 1, {"iss": "vetted-auth", "aud": "vetted", "sub": "1", "exp": 9999999999, "iat": 1}
    ),
    "signature of zeros": lambda keys: with_part(keys.token(), 2, bytes(64)),
    "signature cut": lambda keys: keys.token()[:-4],
    "signature padded": lambda keys: keys.token() + "AA",
    "signature with bits left over": lambda keys: keys.token()[:-1] + "_",
    "padding characters": lambda keys: keys.token() + "==",
    "wrong issuer": lambda keys: keys.token(iss="somebody"),
    "no issuer": lambda keys: keys.token(iss=None),
    "wrong audience": lambda keys: keys.token(aud="other"),
    "no audience": lambda keys: keys.token(aud=None),
    "expired": lambda keys: keys.token(exp=int(time.time()) - 1),
    "no expiry": lambda keys: keys.token(exp=None),
    "expiry as text": lambda keys: keys.token(exp="9999999999"),
    "not valid yet": lambda keys: keys.token(nbf=int(time.time()) + 60),
    "issued in the future": lambda keys: keys.token(iat=int(time.time()) + 60),
    "no subject": lambda keys: keys.token(sub=None),
    "subject with a line break": lambda keys: keys.token(sub="7\r\nX-Role: admin"),
    "over 4,096 bytes": lambda keys: keys.token(role="x" * 4000),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_bad_token_is_refused_and_reaches_no_service(gateway, keys, services, attack):
    reply = gateway.get("/api/products/", Authorization=f"Bearer {ATTACKS[attack](keys)}")

    problem(reply, 401, "unauthorized")
    assert reply.header("www-authenticate") == 'Bearer error="invalid_token"'
    assert services["catalog"].seen == []


@pytest.mark.parametrize("path", ["/api/products/public/", "/api/chatbot/", "/api/login/", "/api/chat-history/"])
@pytest.mark.parametrize("value", ["Bearer nonsense", "Basic dXNlcjpwYXNz", "0", "Bearer", "Token abc"])
def test_bad_authorization_is_refused_where_anonymous_is_welcome(gateway, services, path, value):
    reply = gateway.get(path, Authorization=value)

    problem(reply, 401, "unauthorized")
    assert all("jwks" in seen.path for service in services.values() for seen in service.seen)


def test_missing_token_is_asked_for(gateway):
    reply = gateway.get("/api/products/")

    problem(reply, 401, "unauthorized")
    assert reply.header("www-authenticate") == "Bearer"


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_good_token_passes_unchanged(gateway, keys, catalog, scheme):
    value = f"{scheme} {keys.token()}"

    reply = gateway.get("/api/products/", Authorization=value)

    assert reply.status == 200
    assert catalog.seen[-1].header("authorization") == value


def test_audience_may_be_one_of_several(gateway, keys):
    assert gateway.get("/api/products/", **keys.bearer(aud=["other", "vetted"])).status == 200


def test_two_authorization_headers_are_refused(gateway, keys, catalog):
    token = keys.token().encode()
    request = b"GET /api/products/ HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %b\r\nAuthorization: Bearer %b\r\n\r\n"

    reply = gateway.raw(request % (token, token))

    # Which of the two it is depends on nginx's version.
    problem(reply, *{400: (400, "bad_request")}.get(reply.status, (401, "unauthorized")))
    assert catalog.seen == []


def test_token_elsewhere_does_not_count(gateway, keys):
    token = keys.token()

    problem(gateway.get(f"/api/products/?access_token={token}&token={token}"), 401, "unauthorized")
    problem(gateway.get("/api/products/", Cookie=f"access={token}; token={token}"), 401, "unauthorized")


def test_client_authentication_of_oauth_is_left_to_auth(gateway, auth):
    reply = gateway.post("/oauth/token", Authorization="Basic Y2xpZW50OnNlY3JldA==")

    assert reply.status == 200
    assert auth.seen[-1].header("authorization") == "Basic Y2xpZW50OnNlY3JldA=="


def test_token_is_never_on_disk(gateway, keys):
    token = keys.token()

    assert gateway.get("/api/products/", Authorization=f"Bearer {token}").status == 200
    assert gateway.get("/api/products/", Authorization=f"Bearer {token}x").status == 401

    signature = token.split(".")[2].encode()
    files = [path for path in gateway.folder.rglob("*") if path.is_file()]
    assert any("verdicts" in str(path) for path in files)
    assert [path for path in files if signature in path.read_bytes()] == []


def test_verdict_never_outlives_the_token(gateway, keys):
    ends = int(time.time()) + 4
    token = keys.bearer(exp=ends)
    assert gateway.get("/api/products/", **token).status == 200

    wait_until(lambda: gateway.get("/api/products/", **token).status != 200, every=0.2)

    assert ends <= time.time() < ends + 2
    problem(gateway.get("/api/products/", **token), 401, "unauthorized")


def test_valid_tokens_are_served_while_auth_is_away(start_gateway, keys):
    port = free_port()
    auth = Service(port, lambda seen: Answer(keys.published()))
    gateway = start_gateway(AUTH_UPSTREAM=f"127.0.0.1:{port}")
    assert gateway.get("/api/products/", **keys.bearer()).status == 200

    auth.close()
    gateway.stop()
    gateway.start()

    assert gateway.get("/api/products/", **keys.bearer()).status == 200


def test_without_any_keys_the_answer_is_unavailable_not_refused(start_gateway, keys):
    gateway = start_gateway(AUTH_UPSTREAM=f"127.0.0.1:{free_port()}")

    reply = gateway.get("/api/products/", **keys.bearer())

    problem(reply, 503, "unavailable")
    assert reply.header("retry-after") == "1"


def test_rotation_needs_no_restart_and_strangers_cause_no_flood(start_gateway, keys, auth):
    gateway = start_gateway()
    assert gateway.get("/api/products/", **keys.bearer()).status == 200
    keys.add("second")
    auth.seen.clear()

    assert gateway.get("/api/products/", **keys.bearer()).status == 200
    stranger = ECKey.generate_key("P-256", parameters={"kid": "stranger"})
    for _ in range(20):
        assert gateway.get("/api/products/", **keys.bearer(pair=stranger)).status == 401

    keys.pairs.pop()
    assert len(auth.seen) <= 4
