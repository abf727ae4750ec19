"""Which host names it answers to: that of PUBLIC_URL and this machine's own."""

import pytest

from tests.gateway.harness import problem

PATHS = [
    "/",
    "/api/login/",
    "/api/products/",
    "/api/products/public/",
    "/api/docs/",
    "/api/docs",
    "/api/openapi.json",
    "/api/nothing/",
    "/oauth/token",
    "/.well-known/oauth-authorization-server",
    "/_next/static/x.js",
]
STRANGE = [
    "evil.example",
    "evil.example:8080",
    "localhost.evil.example",
    "10.0.0.1",
    "shop.example.evil.example",
    "[::2]",
    "127.0.0.1:evil",
    "localhost:80:80",
    "shop.example:-1",
    "shop.example:8443x",
    "[::1]:evil",
    "shop.example:123456",
]


@pytest.fixture
def shop(start_gateway):
    return start_gateway(PUBLIC_URL="https://Shop.example:8443/")


@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
@pytest.mark.parametrize("path", PATHS)
def test_other_host_is_misdirected_everywhere(gateway, keys, services, path, method):
    headers = {"Host": "evil.example", "Access-Control-Request-Method": "GET", **keys.bearer()}

    reply = gateway.request(method, path, b"" if method == "POST" else None, headers)

    problem(reply, 421, "misdirected_request")
    assert [seen for service in services.values() for seen in service.seen if "jwks" not in seen.path] == []


@pytest.mark.parametrize("host", STRANGE)
def test_name_that_only_looks_like_ours_is_misdirected(shop, host):
    problem(shop.get("/", Host=host), 421, "misdirected_request")


@pytest.mark.parametrize(
    "host", ["shop.example", "SHOP.example:1", "shop.example.", "localhost", "127.0.0.1:9", "[::1]"]
)
def test_own_names_are_served_at_any_port(shop, auth, host):
    assert shop.get("/", Host=host).status == 200
    assert shop.post("/api/login/", Host=host).status == 200


def test_absolute_address_counts_for_more_than_the_header(shop):
    line = b"GET http://evil.example/ HTTP/1.1\r\nHost: shop.example\r\n\r\n"

    problem(shop.raw(line), 421, "misdirected_request")


def test_health_is_for_this_machine_whatever_it_is_called(shop):
    assert shop.get("/gateway/health", Host="10.0.0.1").status == 200


def test_services_learn_no_host_but_their_own_gateways(shop, auth):
    shop.post("/api/login/", Host="shop.example", X_Forwarded_Host="evil.example")

    assert auth.seen[-1].header("x-forwarded-host") is None
