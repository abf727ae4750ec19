"""Where each address leads, however it is spelled."""

import re
import uuid

import pytest

from gateway.routes import ROUTES
from tests.gateway.harness import problem

EXAMPLES = {"~ ^/api/products/[0-9]+/picture/?$": "/api/products/12/picture"}
PRIVATE = ["/internal/feed", "/metrics", "/healthz", "/readyz", "/openapi.json", "/_token", "/_problem", "/_timeout"]
SPELLINGS = [
    "{}",
    "{}/",
    "/{}",
    "/.{}",
    "/./{}",
    "/x/..{}",
    "/api/products/..{}",
    "/api/products/../..{}",
    "/api/products/public/..;{}",
    "/api/products/public/%2e%2e{}",
    "/api/products/public/%2E%2e/..{}",
    "/api/products/public/..%2f..{}",
    "/api/products/public/..%5c..{}",
    "/api/products/public/.%2e{}",
    "/api/products/public/%252e%252e{}",
    "/api/products/public/..%252f{}",
    "/api{}",
    "/api/{}",
    "/api/products{}/..{}",
    "/api/products/public//..{}",
    "/api/products/public/x#/../..{}",
    "/gateway{}",
    "/oauth/token/..{}",
]


def reached(services):
    return [(name, seen.path) for name, service in services.items() for seen in service.seen if "jwks" not in seen.path]


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.path)
def test_route_leads_to_its_service_with_and_without_slash(gateway, keys, services, route):
    path = EXAMPLES.get(route.path, route.path)
    fresh = uuid.uuid4().hex  # no answer of another test
    for asked in (f"{path}?{fresh}", f"{path}/?{fresh}", f"{path}/?{fresh}&a=%2e%2e//"):
        reply = gateway.get(asked, **keys.bearer())

        assert reply.status == 200
        assert services[route.service].seen[-1].path == asked


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.path)
def test_namesake_of_a_route_is_not_the_route(gateway, keys, services, route):
    path = EXAMPLES.get(route.path, route.path)

    for asked in (f"{path}X", f"/x{path}"):
        reply = gateway.get(asked, **keys.bearer())

        # Below a longer prefix (/api/products/publicX) the shorter route answers, which asks for a token.
        assert reply.status == 404 or not route.path.startswith(("/api/login", "/api/chat", "/.well"))


@pytest.mark.parametrize("route", [route for route in ROUTES if route.access == "token"], ids=lambda route: route.path)
def test_route_asks_for_a_token(gateway, services, route):
    problem(gateway.get(EXAMPLES.get(route.path, route.path)), 401, "unauthorized")
    assert reached(services) == []


@pytest.mark.parametrize("private", PRIVATE)
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_private_path_is_unreachable_however_spelled(gateway, keys, services, private, spelling):
    path = spelling.replace("{}", private)
    for method in (b"GET", b"POST"):
        for target in (path, path.upper(), f"http://localhost{path}"):
            request = b"%b %b HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nAuthorization: %b\r\n\r\n"
            token = keys.bearer()["Authorization"].encode()

            reply = gateway.raw(request % (method, target.encode(), token))

            assert reply.status in (400, 404, 405)
            assert reply.header("content-type") == "application/problem+json"
    # The service may see a path of its own that merely ends like a private one, never anything above its prefix.
    for _, seen in reached(services):
        assert re.fullmatch(r"/api/products/public/\.\.;?.*", seen) is None
    assert [path for _, path in reached(services) if not path.startswith(("/api/", "/oauth/"))] == []


@pytest.mark.parametrize(
    "path", ["/api", "/api/", "/api/nothing", "/api/v1/products", "/nothing", "/.env", "/.git/config", "/oauth2/x"]
)
def test_unknown_path_is_a_problem(gateway, path):
    problem(gateway.get(path), 404, "not_found")


@pytest.mark.parametrize(
    "path", ["/%2e%2e/%2e%2e/etc/passwd", "/index.html/../../njs/gateway.js", "/api/docs/../../../etc/passwd"]
)
def test_path_that_climbs_out_is_no_request(gateway, path):
    problem(gateway.get(path), 400, "bad_request")


@pytest.mark.parametrize(
    "path",
    [
        "//",
        "/api//products/",
        "//api/products/",
        "/api/products//",
        "/api/products/%2F1",
        "/api/products/1%5c",
        "/api/./products",
        "/api/products/by-sku/%2FA/",
        "/api/products/by-sku/A%2F/",
        "/api/products/by-sku/A%2F",
        "/api/products/by-sku/A%2f%2fB/",
        "/api/products/by-sku/..%2fpolicy/",
        "/api/products/by-sku/A%2F../policy/",
        "/api/products/by-sku/A%2F%2e%2e%2Fpolicy/",
        "/api/products/by-sku/A%252FB/",
        "/api/products/by-sku/A%2FB%5C/",
        "/api/products/public/%2Fby-sku/A%2FB/",
    ],
)
def test_odd_path_is_refused(gateway, keys, services, path):
    problem(gateway.get(path, **keys.bearer()), 404, "not_found")
    assert reached(services) == []


def test_address_of_a_product_by_sku_keeps_its_escapes(gateway, keys, catalog):
    assert gateway.get("/api/products/by-sku/A%20B%25;1.5/", **keys.bearer()).status == 200
    assert catalog.seen[-1].path == "/api/products/by-sku/A%20B%25;1.5/"


@pytest.mark.parametrize("sku", ["A%2FB", "A%2fB%2fC", "A/B", "A%2FB%20%25"])
def test_sku_with_slashes_is_one_address(gateway, keys, catalog, sku):
    assert gateway.get(f"/api/products/by-sku/{sku}/?x=%2F", **keys.bearer()).status == 200
    assert catalog.seen[-1].path == f"/api/products/by-sku/{sku}/?x=%2F"


def test_absolute_form_is_routed_by_its_path(gateway, catalog):
    reply = gateway.raw(b"GET http://localhost/api/products/public/?absolute HTTP/1.1\r\nHost: elsewhere\r\n\r\n")

    assert reply.status == 200
    assert catalog.seen[-1].path == "/api/products/public/?absolute"


def test_pages_and_their_folders(gateway):
    page = gateway.get("/")

    assert page.status == 200
    assert b"Vetted" in page.body
    assert page.header("content-type") == "text/html; charset=utf-8"
    problem(gateway.request("POST", "/"), 405, "method_not_allowed")
    assert gateway.request("POST", "/").header("allow") == "GET, HEAD"


def test_health_is_for_this_machine(gateway):
    assert gateway.get("/gateway/health").body == b"ok\n"
