"""How often an address or a user may ask, and what slow or greedy clients get."""

import socket
import threading

import pytest

from tests.copies import wait_until
from tests.gateway.harness import Answer, problem


def statuses(calls):
    return [call().status for call in calls]


def assert_refused(reply, limit, wait):
    problem(reply, 429, "too_many_requests")
    named = {
        name: reply.header(name)
        for name in ("retry-after", "ratelimit-limit", "ratelimit-remaining", "ratelimit-reset")
    }
    assert named == {"retry-after": wait, "ratelimit-limit": limit, "ratelimit-remaining": "0", "ratelimit-reset": wait}


def test_sixth_registration_in_a_row_is_refused(start_gateway):
    gateway = start_gateway(LIMITS="on")

    assert statuses([lambda: gateway.post("/api/register/")] * 5) == [200] * 5
    assert_refused(gateway.post("/api/register/"), "5", "12")
    assert gateway.request("OPTIONS", "/api/register/").status == 200


@pytest.mark.parametrize(
    "path", ["/api/login/", "/api/login", "/api/password-reset/request/", "/api/invitations/accept/"]
)
def test_office_behind_one_address_signs_in_at_nine(start_gateway, path):
    gateway = start_gateway(LIMITS="on")

    assert statuses([lambda: gateway.post(path)] * 60) == [200] * 60
    refused = [reply for reply in (gateway.post(path) for _ in range(5)) if reply.status == 429]
    assert_refused(refused[0], "60", "1")


def test_where_a_service_says_a_limit_stands_reaches_the_client(start_gateway, auth):
    gateway = start_gateway(LIMITS="on")
    auth.answer = lambda seen: Answer(RateLimit_Limit="120", RateLimit_Remaining="119", RateLimit_Reset="60")

    reply = gateway.post("/api/login/")

    assert [reply.header(f"ratelimit-{name}") for name in ("limit", "remaining", "reset")] == ["120", "119", "60"]


def test_limits_are_apart(start_gateway, keys):
    gateway = start_gateway(LIMITS="on")
    statuses([lambda: gateway.post("/api/register/")] * 6)

    assert gateway.post("/api/login/").status == 200
    assert gateway.post("/api/chatbot/").status == 200
    assert gateway.get("/api/products/public/").status == 200
    assert gateway.post("/api/products/", **keys.bearer()).status == 200


def test_address_is_that_of_the_socket(start_gateway):
    gateway = start_gateway(LIMITS="on")

    answers = [gateway.post("/api/register/", X_Forwarded_For=f"10.0.0.{n}", X_Real_IP=f"10.0.0.{n}") for n in range(6)]

    assert answers[-1].status == 429


def test_writes_are_counted_per_user_whatever_the_token(start_gateway, keys, catalog, auth):
    gateway = start_gateway(LIMITS="on", LIMIT_WRITES="60r/m burst=2")

    assert statuses([lambda: gateway.post("/api/products/", **keys.bearer(sub="1"))] * 3) == [200] * 3
    assert_refused(gateway.post("/api/products/", **keys.bearer(sub="1")), "60", "1")
    assert_refused(gateway.request("DELETE", "/api/users/3/", headers=keys.bearer(sub="1")), "60", "1")
    assert gateway.get("/api/products/", **keys.bearer(sub="1")).status == 200
    assert gateway.post("/api/products/", **keys.bearer(sub="2")).status == 200
    assert gateway.post("/api/chatbot/", **keys.bearer(sub="1")).status == 200
    assert [request.header("x-gateway-user") for request in catalog.seen] == [None] * len(catalog.seen)


def test_claimed_user_of_a_forged_token_counts_for_nobody(start_gateway, keys):
    gateway = start_gateway(LIMITS="on", LIMIT_WRITES="60r/m burst=2")
    forged = keys.bearer(sub="1", aud="other")

    statuses([lambda: gateway.post("/api/products/", **forged)] * 5)
    statuses([lambda: gateway.post("/api/login/", X_Gateway_User="1")] * 3)

    assert gateway.post("/api/products/", **keys.bearer(sub="1")).status == 200


def test_chat_is_counted_apart_for_anonymous_and_signed_in(start_gateway, keys):
    gateway = start_gateway(LIMITS="on")

    assert statuses([lambda: gateway.post("/api/chatbot/")] * 10) == [200] * 10
    assert_refused(gateway.post("/api/chatbot/"), "10", "6")
    assert statuses([lambda: gateway.post("/api/chatbot/", **keys.bearer())] * 30) == [200] * 30
    assert_refused(gateway.post("/api/chatbot/", **keys.bearer()), "30", "2")
    assert gateway.get("/api/chat-history/").status == 200


def test_public_reads_have_a_limit_too(start_gateway):
    gateway = start_gateway(LIMITS="on", LIMIT_PUBLIC="1r/s burst=3")

    assert statuses([lambda: gateway.get("/api/products/public/")] * 4) == [200] * 4
    assert_refused(gateway.get("/api/products/public/"), "1", "1")


def test_connections_of_one_address_are_counted(start_gateway, chat):
    gateway = start_gateway(LIMITS="on", LIMIT_CONNECTIONS="3")
    refused = threading.Event()
    chat.answer = lambda seen: refused.wait(20) and Answer()
    open_ones = []
    for _ in range(3):
        client = socket.create_connection(("127.0.0.1", gateway.port))
        client.sendall(b"GET /api/chat-history/ HTTP/1.1\r\nHost: x\r\n\r\n")
        open_ones.append(client)
    wait_until(lambda: len(chat.seen) == 3)

    reply = gateway.get("/")
    refused.set()

    problem(reply, 429, "too_many_requests")
    assert reply.header("retry-after") == "1"
    for client in open_ones:
        assert client.recv(12) == b"HTTP/1.1 200"
        client.close()


@pytest.mark.parametrize(
    "sent",
    [
        b"GET / HT",
        b"GET / HTTP/1.1\r\nHost: x\r\n",
        b"POST /api/login/ HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{",
    ],
)
def test_slow_client_is_cut(start_gateway, auth, sent):
    gateway = start_gateway(CLIENT_TIMEOUT="300ms")
    with socket.create_connection(("127.0.0.1", gateway.port), timeout=30) as client:
        client.sendall(sent)
        try:
            while client.recv(1000):
                """The connection ends; what it says before is nginx's affair."""
        except ConnectionResetError:
            """A reset is an end as well."""
    assert auth.seen == []
