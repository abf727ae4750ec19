"""What is taken off a request, put on it, and put on an answer."""

import os
import re
import signal
import socket
from pathlib import Path

import pytest

from gateway.routes import ROUTES
from tests.gateway.harness import Answer, free_port
from tests.gateway.test_paths import EXAMPLES

CLAIMED = {
    "X-User-Id": "1",
    "X-User": "root",
    "X-Username": "root",
    "X-Role": "admin",
    "X-Roles": "admin",
    "X-Business-Id": "1",
    "X-Tenant-Id": "1",
    "X-Auth-User": "1",
    "X-Auth-Request-User": "1",
    "X-Authenticated-User": "1",
    "X-Remote-User": "1",
    "Remote-User": "1",
    "X-Forwarded-User": "1",
    "X-Token-User": "1",
    "X-Gateway-User": "1",
    "X-Gateway-Service": "auth",
    "X-Gateway-Limit": "chat",
    "X-Internal-Token": "x",
    "X-Scopes": "all",
    "X-Original-URL": "/internal",
    "X-Accel-Redirect": "/internal",
    "X-Rewrite-URL": "/internal",
    "X-HTTP-Method-Override": "DELETE",
    "Forwarded": "for=1.2.3.4",
    "X-Real-IP": "1.2.3.4",
    "X-Forwarded-Port": "1",
    "X-Forwarded-Prefix": "/x",
    "X-Client-IP": "1.2.3.4",
    "True-Client-IP": "1.2.3.4",
    "Proxy": "http://x",
    "X-Anything": "1",
}


def asked(gateway):
    """Every location of the rendered configuration that passes requests on, as an address that reaches it."""
    text = (gateway.folder / "routes.conf").read_text()
    matches = re.findall(r"^location (.*) \{$", text, re.M)
    assert len(matches) >= 2 * len(ROUTES)
    return [EXAMPLES.get(match, match.removeprefix("= ")) for match in matches if not match.startswith("@")]


def test_no_claim_of_a_client_reaches_a_service_on_any_route(gateway, keys, services):
    for path in asked(gateway):
        for headers in (CLAIMED, CLAIMED | keys.bearer()):
            for method in ("GET", "POST"):
                gateway.request(method, path, b"", headers)

    seen = [
        request
        for service in services.values()
        for request in service.seen
        if "X-Request-ID".lower() in dict(request.headers)
    ]
    assert len(seen) > len(ROUTES)
    for request in seen:
        assert {name.lower() for name in CLAIMED} & {name for name, _ in request.headers} == set(), request.path


def test_forwarded_headers_are_set_not_appended(gateway, keys, services):
    sent = {
        "X-Forwarded-For": "1.2.3.4",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "evil",
        "Host": "x",
    }
    for path in asked(gateway):
        gateway.request("GET", path, headers=sent | keys.bearer())

    for request in [request for service in services.values() for request in service.seen]:
        if request.header("x-forwarded-for") is not None:
            assert request.header("x-forwarded-for") == "127.0.0.1"
            assert request.header("x-forwarded-proto") == "http"
            assert request.header("x-forwarded-host") is None
            assert request.header("host") == "x"


@pytest.mark.parametrize("path", ["/api/products/", "/api/users/", "/api/products/public/cookies/"])
def test_cookies_reach_only_who_reads_them(gateway, keys, services, path):
    gateway.get(path, Cookie="refresh=secret", **keys.bearer())
    gateway.post("/api/token/refresh/", Cookie="refresh=secret")

    assert services["auth"].seen[-1].header("cookie") == "refresh=secret"
    assert [request.path for service in services.values() for request in service.seen if request.header("cookie")] == [
        "/api/token/refresh/"
    ]


@pytest.mark.parametrize("sent", ["abc", "A-b_c.9", "x" * 64])
def test_request_id_of_the_client_is_kept(gateway, keys, catalog, sent):
    reply = gateway.post("/api/products/", X_Request_ID=sent, **keys.bearer())

    assert reply.header("x-request-id") == sent
    assert catalog.seen[-1].header("x-request-id") == sent


@pytest.mark.parametrize("sent", [None, "", "x" * 65, "a b", "a,b", "a\tb", "<script>", "ä"])
def test_request_id_is_made_where_the_client_has_no_proper_one(gateway, catalog, sent):
    catalog.answer = lambda seen: Answer(X_Request_ID="from the service")

    reply = gateway.get(
        f"/api/products/public/?id={sent.encode() if sent else ''}".replace(" ", ""),
        **({"X_Request_ID": sent} if sent else {}),
    )

    assert re.fullmatch(r"[0-9a-f]{32}", reply.header("x-request-id"))


def test_security_headers_are_on_every_kind_of_answer(gateway, keys):
    answers = [
        gateway.get(path, **keys.bearer())
        for path in ("/", "/api/products/", "/api/products/public/", "/nothing", "/api//x")
    ]
    answers += [
        gateway.get("/api/products/"),
        gateway.raw(b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n"),
        gateway.request("TRACE", "/"),
    ]

    for reply in answers:
        assert reply.header("x-content-type-options") == "nosniff"
        assert reply.header("x-frame-options") == "DENY"
        assert reply.header("referrer-policy") == "strict-origin"
        policy = reply.header("content-security-policy")
        assert "default-src" in policy
        assert "frame-ancestors 'none'" in policy
        assert "script" not in policy
        assert reply.header("strict-transport-security") is None
        assert reply.header("x-request-id")


def test_services_own_copies_of_such_headers_are_replaced(gateway, keys, catalog):
    catalog.answer = lambda seen: Answer(
        Server="gunicorn/27",
        X_Powered_By="Flask",
        X_Frame_Options="ALLOW",
        Content_Security_Policy="x",
        Access_Control_Allow_Origin="*",
    )

    reply = gateway.get("/api/products/", **keys.bearer())

    assert reply.header("server") == "nginx"
    assert reply.header("x-powered-by") is None
    assert reply.header("x-frame-options") == "DENY"
    assert reply.header("access-control-allow-origin") is None


def test_redirects_are_relative(gateway, keys, catalog):
    for location in ("http://{}/api/products/", "https://{}/api/products/", "/api/products/"):
        catalog.answer = lambda seen, location=location: Answer(
            status=308, Location=location.format(seen.header("host"))
        )

        assert gateway.get("/api/products", **keys.bearer()).header("location") == "/api/products/"


@pytest.mark.parametrize(
    ("path", "status", "expected"),
    [
        ("/", 200, "no-cache"),
        ("/nothing", 404, "no-store"),
        ("/_next/static/nothing.js", 404, "no-store"),
        ("/api/products/", 200, "no-store"),
        ("/api/products/public/", 200, "public, no-cache"),
        ("/api/nothing", 404, "no-store"),
    ],
)
def test_cache_control_by_kind(gateway, keys, path, status, expected):
    reply = gateway.get(path, **keys.bearer())

    assert (reply.status, reply.header("cache-control")) == (status, expected)


def test_every_kind_of_answer_says_whether_it_may_be_kept(gateway, keys, auth, catalog):
    catalog.answer = lambda seen: Answer({}, 404) if "gone" in seen.path else Answer({"n": 1}, ETag='"v1"')
    signed = keys.bearer()

    found = {
        "list": gateway.get("/api/products/public/?kinds"),
        "list, known": gateway.get("/api/products/public/?kinds", If_None_Match='"v1"'),
        "list, HEAD": gateway.request("HEAD", "/api/products/public/?kinds"),
        "list, signed in": gateway.get("/api/products/public/?kinds", Cookie="a=b", **signed),
        "list, bad token": gateway.get("/api/products/public/?kinds", Authorization="Bearer x"),
        "list, missing": gateway.get("/api/products/public/?gone"),
        "list, written to": gateway.post("/api/products/public/?kinds"),
        "own": gateway.get("/api/products/", **signed),
        "own, nobody": gateway.get("/api/products/"),
        "login": gateway.post("/api/login/"),
        "history": gateway.get("/api/chat-history/", Cookie="vetted_chat=x"),
        "preflight": gateway.request("OPTIONS", "/api/users/", headers={"Access-Control-Request-Method": "GET"}),
        "page": gateway.get("/"),
        "not HTTP": gateway.raw(b"GET / HTTP/1.1\r\n\r\n"),
    }

    kept = {"list", "list, known", "list, HEAD", "list, signed in"}
    expected = {name: "public, no-cache" if name in kept else "no-store" for name in found} | {"page": "no-cache"}
    # What a service says of an answer to a write is passed on; it says nothing here.
    expected["list, written to"] = "public, no-cache"
    assert {name: reply.header("cache-control") for name, reply in found.items()} == expected
    assert found["list, known"].status == 304


def test_nothing_personal_is_ever_on_disk(gateway, keys, services):
    secrets = {
        "Cookie": "vetted_chat=sekret-cookie",
        "X-Conversation-Token": "sekret-holder",
        "X-CSRF-Token": "sekret-csrf",
    }
    before = services["auth"].answer
    for service in services.values():
        service.answer = lambda seen: (
            before(seen)
            if "jwks" in seen.path
            else Answer({"mine": f"sekret-answer {seen.header('authorization')}"}, Set_Cookie="a=sekret-set")
        )
    for path in asked(gateway):
        for headers in (secrets, secrets | keys.bearer()):
            gateway.request("GET", path, headers=headers)

    files = [path for path in (gateway.folder / "run").rglob("*") if path.is_file()]
    assert any("cache" in str(path) for path in files)
    assert [path for path in files if b"sekret" in path.read_bytes()] == []


def test_hashed_assets_are_kept_for_good(start_gateway, tmp_path):
    asset = tmp_path / "www" / "_next" / "static" / "app-0123.js"
    asset.parent.mkdir(parents=True)
    asset.write_text("1")
    gateway = start_gateway(GATEWAY_WWW=tmp_path / "www")

    reply = gateway.get("/_next/static/app-0123.js")

    assert reply.header("cache-control") == "public, max-age=31536000, immutable"
    assert gateway.get("/_next/static/app-0123.js", If_None_Match=reply.header("etag")).status == 304


def test_services_own_cache_control_is_kept(gateway, keys, auth):
    auth.answer = lambda seen: Answer(keys.published(), Cache_Control="public, max-age=5")

    assert gateway.get("/.well-known/jwks.json").header("cache-control") == "public, max-age=5"


def test_allowed_origin_reads_answers_and_errors(gateway, keys):
    for path in ("/api/products/", "/api/nothing", "/api/products/public/"):
        reply = gateway.get(path, Origin="https://shop.example", **keys.bearer())

        assert reply.header("access-control-allow-origin") == "https://shop.example"
        assert reply.header("access-control-allow-credentials") == "true"
        exposed = set(reply.header("access-control-expose-headers").split(", "))
        assert {"X-Request-ID", "Idempotent-Replayed", "Link", "ETag", "Location", "Retry-After"} <= exposed
        assert {"RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "X-Change-Seq"} <= exposed
        assert "Origin" in reply.all("vary")
    assert (
        gateway.get("/api/products/", Origin="http://localhost:3000").header("access-control-allow-origin")
        == "http://localhost:3000"
    )


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "https://shop.example.evil", "null", "http://shop.example", "https://shop.example:8443"],
)
def test_other_origins_get_nothing(gateway, keys, origin):
    reply = gateway.get("/api/products/", Origin=origin, **keys.bearer())

    assert [name for name, _ in reply.headers if name.startswith("access-control")] == []
    assert "Origin" in reply.all("vary")


def test_preflight_is_answered_here(gateway, services):
    asking = {
        "Origin": "https://shop.example",
        "Access-Control-Request-Method": "PATCH",
        "Access-Control-Request-Headers": "authorization",
    }

    reply = gateway.request("OPTIONS", "/api/products/1/", headers=asking)
    other = gateway.request("OPTIONS", "/api/products/1/", headers=asking | {"Origin": "https://evil.example"})

    assert reply.status == 204
    assert "PATCH" in reply.header("access-control-allow-methods")
    assert "Authorization" in reply.header("access-control-allow-headers")
    assert reply.header("access-control-max-age") == "600"
    assert [name for name, _ in other.headers if name.startswith("access-control")] == []
    assert services["catalog"].seen == []


def test_large_answers_are_compressed_but_no_secrets(gateway, keys, auth, catalog):
    for service in (auth, catalog):
        service.answer = lambda seen: Answer(
            keys.published() if "jwks" in seen.path else b'{"a": "%b"}' % (b"x" * 5000)
        )

    assert gateway.get("/api/products/public/?large", Accept_Encoding="gzip").header("content-encoding") == "gzip"
    assert gateway.post("/api/login/", Accept_Encoding="gzip").header("content-encoding") is None


def test_every_log_line_is_json(gateway):
    for line in (b"GET /old", b'GET /%22%0a%09%ff HTTP/1.1\r\nHost: x"y', b"nonsense"):
        with socket.create_connection(("127.0.0.1", gateway.port), timeout=5) as client:
            client.sendall(line + b"\r\n\r\n")
            client.shutdown(socket.SHUT_WR)
            while client.recv(65536):
                """Until it hangs up, which is after the line was written or just before."""
    gateway.get("/", X_Request_ID="last-line")

    assert gateway.logged("last-line")["status"] == 200


def test_log_line_has_the_request_id_and_no_secret(gateway, keys):
    token = keys.bearer()["Authorization"]

    gateway.get("/api/products/?access_token=secret", X_Request_ID="log-1", Authorization=token)
    gateway.get("/api/products/?code=secret", X_Request_ID="log-2", Authorization="Bearer secret")

    good, bad = gateway.logged("log-1"), gateway.logged("log-2")
    assert (good["status"], good["path"], good["user"]) == (200, "/api/products/", "7")
    assert (bad["status"], bad["path"], bad["user"]) == (401, "/api/products/", "")
    text = (gateway.folder / "access.log").read_text(errors="replace")
    assert "secret" not in text
    assert token.split()[1] not in text


@pytest.mark.parametrize("path", ["/api/products/", "/api/products/public/"])
def test_link_to_the_next_page_may_be_as_long_as_the_question(gateway, keys, catalog, path):
    question = "q=" + "%F0%9F%9A%B2" * 500
    link = f'<{path}?{question}&cursor={"x" * 2048}>; rel="next"'
    catalog.answer = lambda seen: Answer([], Link=link)

    reply = gateway.get(f"{path}?{question}", **keys.bearer())

    assert (reply.status, reply.header("link")) == (200, link)


@pytest.mark.parametrize("header", ["If-Match", "If-None-Match", "Idempotency-Key"])
@pytest.mark.parametrize("value", ["", "  ", ",", " , ,"])
def test_write_with_a_blank_condition_reaches_no_service(gateway, keys, catalog, header, value):
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        answer = gateway.request(method, "/api/products/1/", b"{}", {header: value, **keys.bearer()})
        assert (answer.status, answer.json()["code"]) == (400, "bad_request")
        assert header in answer.json()["detail"]
    assert catalog.seen == []
    assert gateway.request("GET", "/api/products/1/", b"", {header: value, **keys.bearer()}).status == 200


@pytest.mark.parametrize(
    ("raw", "path", "agent"),
    [
        (b"/a%7F%C2%9B%0Ab", r"/a\u007f\u009b" + "\nb", "curl"),
        (b"/%E2%80%AE%E2%80%A8x", r"/\u202e\u2028x", "curl"),
        (b"/\xc2\x85x", r"/\u0085x", "\xc2\x9b31m"),
        (b"/gr%C3%BC%C3%9Fe", "/grüße", "curl"),
    ],
)
def test_log_escapes_what_drives_a_terminal(gateway, raw, path, agent):
    request_id = f"odd-{abs(hash(raw))}"
    head = b"GET %b HTTP/1.1\r\nHost: x\r\nX-Request-ID: %b\r\nUser-Agent: %b\r\n\r\n"
    gateway.raw(head % (raw, request_id.encode(), agent.encode("latin-1")))

    logged = gateway.logged(request_id)

    assert logged["path"] == path
    assert logged["user_agent"] == (agent if agent.isascii() else r"\u009b31m")
    assert not re.search("[\x7f-\x9f\u2028-\u202e]", (gateway.folder / "access.log").read_text(errors="replace"))


@pytest.mark.parametrize(
    ("pattern", "repeated"),
    [("gzip;q=.", "1"), ("gzip", " "), ("gzip;q=1", "."), ("", "gzip "), (",", " "), ("gzip;", " ")],
)
def test_no_spelling_of_encodings_costs_the_square_of_its_length(gateway, catalog, pattern, repeated):
    longest, before = (pattern + repeated * 8000)[:8000] + "x", cpu(gateway)

    for _ in range(20):
        assert gateway.get("/api/products/public/", Accept_Encoding=longest).status == 200

    # The square took 20 ms a request.
    assert cpu(gateway) - before <= 0.1


def cpu(gateway):
    """Processor seconds of nginx's workers so far."""
    ticks = 0
    for worker in gateway.workers():
        fields = Path(f"/proc/{worker}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def test_nginx_s_own_lines_repeat_no_control_character_of_a_client(start_gateway):
    gateway = start_gateway(CHAT_UPSTREAM=f"127.0.0.1:{free_port()}", relay=True)

    gateway.post("/api/chatbot/", Referer="http://x/\x1b[2J\x9b")
    gateway.stop(signal.SIGQUIT)

    assert gateway.process.returncode == 0
    errors = gateway.errors()
    assert "connect() failed" in errors
    assert r"http://x/\u001b[2J" in errors
    assert all(line.isprintable() for line in errors.splitlines())
