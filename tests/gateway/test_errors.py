"""What nginx refuses by itself leaves in the one error shape."""

import socket
import time

import pytest

from tests.gateway.harness import Answer, free_port, problem

RAW = {
    "no host": (b"GET / HTTP/1.1\r\n\r\n", 400, "bad_request"),
    "bad host": (b"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400, "bad_request"),
    "no request line": (b"nonsense\r\n\r\n", 400, "bad_request"),
    "control character": (b"GET /\x01 HTTP/1.1\r\nHost: x\r\n\r\n", 400, "bad_request"),
    "NUL in the path": (b"GET /api/products/%00 HTTP/1.1\r\nHost: x\r\n\r\n", 400, "bad_request"),
    "broken escape": (b"GET /api/products/%zz HTTP/1.1\r\nHost: x\r\n\r\n", 400, "bad_request"),
    "length and chunks": (
        b"POST /api/login/ HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        400,
        "bad_request",
    ),
    "two lengths": (
        b"POST /api/login/ HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
        400,
        "bad_request",
    ),
    "unknown transfer coding": (
        b"POST /api/login/ HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n",
        501,
        "not_implemented",
    ),
    "long address": (b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414, "uri_too_long"),
    "long header": (b"GET / HTTP/1.1\r\nHost: x\r\nX-A: " + b"a" * 9000 + b"\r\n\r\n", 431, "headers_too_large"),
    "many headers": (
        b"GET / HTTP/1.1\r\nHost: x\r\n" + b"".join(b"X-%d: %b\r\n" % (n, b"a" * 4000) for n in range(12)) + b"\r\n",
        431,
        "headers_too_large",
    ),
    "TRACE": (b"TRACE / HTTP/1.1\r\nHost: x\r\n\r\n", 405, "method_not_allowed"),
    "future version": (b"GET / HTTP/3.0\r\nHost: x\r\n\r\n", 505, "http_version_not_supported"),
}


@pytest.mark.parametrize("case", RAW)
def test_malformed_request_is_a_problem(gateway, case):
    data, status, code = RAW[case]

    problem(gateway.raw(data), status, code)


def test_method_that_pages_do_not_take_names_those_they_do(gateway):
    reply = gateway.request("DELETE", "/index.html")

    problem(reply, 405, "method_not_allowed")
    assert reply.header("allow") == "GET, HEAD"


@pytest.fixture
def paged(start_gateway, tmp_path):
    """A gateway whose pages have one for addresses where nothing is."""
    folder = tmp_path / "www" / "missing"
    folder.mkdir(parents=True)
    (folder / "index.html").write_text("<h1>Page not found</h1>")
    return start_gateway(GATEWAY_WWW=folder.parent)


BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize("path", ["/nothing", "/nothing/at/all/", "/.env", "//"])
def test_person_at_a_wrong_address_reads_a_page(paged, path):
    reply = paged.get(path, Accept=BROWSER)

    assert (reply.status, reply.body) == (404, b"<h1>Page not found</h1>")
    assert reply.header("content-type").startswith("text/html")
    assert "default-src 'self'" in reply.header("content-security-policy")
    assert reply.header("x-request-id")


@pytest.mark.parametrize(
    ("path", "accept"),
    [
        ("/nothing", "application/json"),
        ("/nothing", "*/*"),
        ("/api/nothing", BROWSER),
        ("/_next/static/nothing.js", BROWSER),
    ],
)
def test_program_at_a_wrong_address_reads_the_error_shape(paged, path, accept):
    problem(paged.get(path, Accept=accept), 404, "not_found")


def test_person_reads_the_error_shape_where_no_page_is_made_for_it(gateway):
    problem(gateway.get("/nothing", Accept=BROWSER), 404, "not_found")


def test_large_body_is_refused_before_it_is_read(gateway, keys, catalog):
    head = b"POST /api/products/ HTTP/1.1\r\nHost: x\r\nContent-Length: 20000000\r\nAuthorization: %b\r\n\r\n"

    problem(gateway.raw(head % keys.bearer()["Authorization"].encode()), 413, "payload_too_large")
    assert catalog.seen == []


def test_large_chunked_body_is_refused(gateway, keys, catalog):
    chunks = (b"x" * 65536 for _ in range(40))

    try:
        reply = gateway.request("POST", "/api/products/", chunks, keys.bearer())
        problem(reply, 413, "payload_too_large")
    except (BrokenPipeError, ConnectionResetError):
        """nginx may close while the client is still sending."""
    assert catalog.seen == []


@pytest.mark.parametrize("size", [16 * 1024, 1024 * 1024])
def test_body_up_to_the_limit_arrives_whole(gateway, keys, catalog, size):
    assert gateway.post("/api/products/", b"x" * size, **keys.bearer()).status == 200
    assert len(catalog.seen[-1].body) == size


@pytest.mark.parametrize("path", ["/api/login/", "/api/users/", "/oauth/token", "/api/chatbot/", "/api/token/refresh/"])
def test_body_of_accounts_and_questions_ends_at_64_kilobytes(gateway, keys, services, path):
    service = services["chat" if "chat" in path else "auth"]
    bearer = {} if path == "/oauth/token" else keys.bearer()

    assert gateway.post(path, b"x" * 65536, **bearer).status == 200
    problem(gateway.post(path, b"x" * 65537, **bearer), 413, "payload_too_large")
    assert [len(seen.body) for seen in service.seen if seen.method == "POST"] == [65536]


@pytest.mark.parametrize("path", ["/api/products/import/", "/api/products/3/picture/"])
def test_files_may_be_larger(gateway, keys, catalog, path):
    assert gateway.post(path, b"x" * 5_000_000, **keys.bearer()).status == 200
    assert len(catalog.seen[-1].body) == 5_000_000


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 409, 412, 413, 415, 422, 429, 500, 502, 503, 504])
def test_answer_of_a_service_passes_as_it_is(gateway, keys, catalog, status):
    headers = {"Retry_After": "7", "WWW_Authenticate": "Bearer realm=x", "Allow": "GET"}
    catalog.answer = lambda seen: Answer({"own": True}, status, **headers)

    for reply in (gateway.post("/api/products/", **keys.bearer()), gateway.get("/api/products/", **keys.bearer())):
        assert (reply.status, reply.json()) == (status, {"own": True})
        assert [reply.header(name) for name in ("retry-after", "www-authenticate", "allow")] == [
            "7",
            "Bearer realm=x",
            "GET",
        ]


@pytest.mark.parametrize("path", ["/api/products/", "/api/products/public/", "/api/approvals/"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_service_that_is_away_is_unavailable_at_once_and_others_go_on(start_gateway, keys, path, method):
    gateway = start_gateway(CATALOG_UPSTREAM=f"127.0.0.1:{free_port()}")

    reply = gateway.request(method, path, b"{}" if method == "POST" else None, keys.bearer())

    problem(reply, 503, "unavailable")
    assert reply.header("retry-after") == "1"
    assert b"127.0.0.1" not in reply.body
    assert gateway.get("/api/users/", **keys.bearer()).status == 200


def test_service_that_takes_no_connection_is_unavailable_within_a_second(start_gateway, keys):
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        port = full.getsockname()[1]
        waiting = [socket.socket() for _ in range(3)]
        for client in waiting:
            client.setblocking(False)
            client.connect_ex(("127.0.0.1", port))
        gateway = start_gateway(CATALOG_UPSTREAM=f"127.0.0.1:{port}")

        reply = gateway.get("/api/products/", **keys.bearer())

        problem(reply, 503, "unavailable")
        for client in waiting:
            client.close()


def test_service_that_does_not_answer_is_a_timeout(start_gateway, keys, catalog):
    gateway = start_gateway(UPSTREAM_READ_TIMEOUT="300ms")
    catalog.answer = lambda seen: time.sleep(1.5) or Answer()

    problem(gateway.get("/api/products/", **keys.bearer()), 504, "gateway_timeout")


def test_service_that_hangs_up_is_unavailable(gateway, keys, catalog):
    catalog.answer = lambda seen: lambda handler: handler.connection.shutdown(socket.SHUT_RDWR)

    problem(gateway.post("/api/products/", **keys.bearer()), 503, "unavailable")
    assert len(catalog.seen) == 1


def test_plain_http_on_the_tls_port_is_a_problem(start_gateway, tls):
    gateway = start_gateway(**tls)

    problem(gateway.raw(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"), 400, "bad_request")
