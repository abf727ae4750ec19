"""Public reads are kept for a second, others never."""

import gzip
import itertools
import json
import threading
import time

import pytest

from tests.copies import wait_until
from tests.gateway.harness import Answer, Service, free_port, problem

AGED = ["/api/products/public/?kept", "/api/products/public/?failing", "/api/products/public/9/"]


def counting():
    numbers = itertools.count(1)
    return lambda seen: Answer({"n": next(numbers)})


@pytest.fixture(scope="module")
def aged(shared_gateway, catalog):
    """A gateway whose answers to ?kept, ?failing and /9/ have passed every time but the one for failures."""
    before, catalog.answer = catalog.answer, counting()
    for path in AGED:
        wait_until(lambda path=path: len({shared_gateway.get(path).json()["n"] for _ in range(4)}) == 1)
    catalog.answer = before
    time.sleep(4.2)
    return shared_gateway


def test_public_read_is_kept_for_seconds_only(aged, catalog):
    catalog.seen.clear()

    assert aged.get(AGED[0]).status == 200
    assert [seen.path for seen in catalog.seen] == [AGED[0]]


def test_older_answer_is_served_while_a_newer_one_is_fetched(gateway, catalog):
    catalog.answer = counting()
    numbers = itertools.count()
    older = {}

    def is_served_older():
        """A busy machine may sleep past the seconds in which it is: then another address is tried."""
        address = f"/api/products/public/?older={next(numbers)}"
        first = gateway.get(address).json()["n"]
        time.sleep(2.1)
        if gateway.get(address).json()["n"] == first:
            older[address] = first
        return older

    wait_until(is_served_older)
    ((address, first),) = older.items()
    wait_until(lambda: gateway.get(address).json()["n"] > first)


def test_crowd_on_a_cold_address_costs_one_request(gateway, catalog):
    # Far below the half second after which those who wait ask for themselves: a busy machine stretches it.
    catalog.answer = lambda seen: time.sleep(0.05) or Answer()

    crowd = [threading.Thread(target=gateway.get, args=("/api/products/public/?crowd",)) for _ in range(20)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()

    assert len([seen for seen in catalog.seen if "crowd" in seen.path]) == 1


def test_cached_answers_survive_catalog_but_new_ones_do_not(start_gateway):
    port = free_port()
    catalog = Service(port, counting())
    gateway = start_gateway(CATALOG_UPSTREAM=f"127.0.0.1:{port}")
    gateway.get("/api/products/public/?kept")
    catalog.close()
    time.sleep(4.2)

    kept = gateway.get("/api/products/public/?kept")

    assert (kept.status, kept.json()) == (200, {"n": 1})
    problem(gateway.get("/api/products/public/?unknown"), 503, "unavailable")


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_error_of_catalog_is_covered_by_the_last_good_answer(aged, gateway, catalog, status):
    catalog.answer = lambda seen: Answer({}, status)

    reply = aged.get(AGED[1])

    assert (reply.status, reply.json()) == (200, {"n": 2})


def test_product_taken_down_is_gone_within_five_seconds(aged, gateway, catalog):
    catalog.answer = lambda seen: Answer({}, 404)

    assert aged.get(AGED[2]).status == 404


def test_errors_are_not_kept(gateway, catalog):
    for status, shown in ((404, 404), (400, 400), (500, 503), (422, 422), (503, 503)):
        catalog.answer = lambda seen, status=status: Answer({}, status)
        assert gateway.get("/api/products/public/?never").status == shown


def test_cookie_or_token_changes_nothing_and_stays_here(gateway, keys, catalog):
    catalog.answer = counting()

    plain = gateway.get("/api/products/public/?same")
    named = gateway.get("/api/products/public/?same", Cookie="session=1", **keys.bearer())

    assert (plain.json(), named.json()) == ({"n": 1}, {"n": 1})
    assert [(seen.header("cookie"), seen.header("authorization")) for seen in catalog.seen if "same" in seen.path] == [
        (None, None)
    ]


def test_answer_with_a_cookie_is_neither_kept_nor_passed(gateway, catalog):
    numbers = itertools.count(1)
    catalog.answer = lambda seen: Answer({"n": next(numbers)}, Set_Cookie="a=b")

    replies = [gateway.get("/api/products/public/?cookie") for _ in range(2)]

    assert [reply.json()["n"] for reply in replies] == [1, 2]
    assert [reply.header("set-cookie") for reply in replies] == [None, None]


def test_private_answer_is_not_kept(gateway, catalog):
    for control in ("private", "no-store", "private, max-age=60"):
        numbers = itertools.count(1)
        catalog.answer = lambda seen, numbers=numbers, control=control: Answer(
            {"n": next(numbers)}, Cache_Control=control
        )

        replies = [gateway.get(f"/api/products/public/?{control.replace(' ', '')}") for _ in range(2)]

        assert [reply.json()["n"] for reply in replies] == [1, 2]
        assert replies[0].header("cache-control") == "no-store"


def test_own_products_are_never_kept(gateway, keys, catalog):
    catalog.answer = lambda seen: Answer(
        {"path": seen.path, "who": seen.header("authorization")}, Cache_Control="public, max-age=60"
    )

    answers = [gateway.get("/api/products/", **keys.bearer(sub=sub)).json()["who"] for sub in ("1", "2", "1")]

    assert len(set(answers)) == 3


def test_answers_that_vary_are_kept_apart(gateway, catalog):
    catalog.answer = lambda seen: Answer({"language": seen.header("accept-language")}, Vary="Accept-Language")

    languages = ["de", "fr", "de"]
    answers = [
        gateway.get("/api/products/public/?vary", Accept_Language=language).json()["language"] for language in languages
    ]

    assert answers == languages


def test_known_etag_needs_no_body(gateway, catalog):
    catalog.answer = lambda seen: Answer({"n": 1}, ETag='"v1"')
    first = gateway.get("/api/products/public/?etag")

    again = gateway.get("/api/products/public/?etag", If_None_Match=first.header("etag"))
    other = gateway.get("/api/products/public/?etag", If_None_Match='"v0"')

    assert (again.status, again.body, again.header("etag")) == (304, b"", '"v1"')
    assert other.status == 200


def test_condition_of_one_client_is_answered_here_and_keeps_nobody_from_the_cache(gateway, catalog):
    catalog.answer = lambda seen: Answer(b"", 304) if seen.header("if-none-match") else Answer({"n": 1}, ETag='"v1"')

    statuses = [gateway.get("/api/products/public/?cold", If_None_Match='"v1"').status for _ in range(3)]

    assert statuses == [304] * 3
    assert [seen.header("if-none-match") for seen in catalog.seen if "cold" in seen.path] == [None]


def test_kept_answer_is_compressed_once_however_clients_spell_it(gateway, catalog):
    large = json.dumps({"text": "warm light " * 400}).encode()
    catalog.answer = lambda seen: Answer(large, ETag='"v1"')
    spellings = ["gzip, deflate, br, zstd", "gzip", "br;q=1.0, gzip;q=0.8", "GZIP", "deflate,gzip"]
    others = [None, "", "br", "identity", "gzip;q=0", "gzip;q=0.0", "xgzip"]

    replies = {
        spelled: gateway.get("/api/products/public/?spelled", **({"Accept_Encoding": spelled} if spelled else {}))
        for spelled in [*spellings, *others]
    }

    assert {gzip.decompress(replies[spelled].body) for spelled in spellings} == {large}
    assert {replies[spelled].body for spelled in others} == {large}
    assert [reply.header("content-encoding") for reply in replies.values()] == ["gzip"] * 5 + [None] * 7
    assert all(reply.all("vary").count("Accept-Encoding") == 1 for reply in replies.values())
    assert len([seen for seen in catalog.seen if "spelled" in seen.path]) == 2
    known = gateway.get("/api/products/public/?spelled", Accept_Encoding="gzip", If_None_Match='W/"v1"')
    assert (known.status, known.body) == (304, b"")


def test_head_and_get_share_an_answer(gateway, catalog):
    catalog.answer = counting()

    assert gateway.request("HEAD", "/api/products/public/?head").status == 200
    assert gateway.get("/api/products/public/?head").json() == {"n": 1}


def test_stream_leaves_piece_by_piece(gateway, keys, chat):
    read = threading.Event()

    def drip(handler):
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream")
        handler.send_header("Connection", "close")
        handler.end_headers()
        handler.wfile.write(b"data: x\n\n")
        handler.wfile.flush()
        # The rest is not sent before the first piece was read.
        if read.wait(20):
            handler.wfile.write(b"data: y\n\n")
        handler.close_connection = True

    chat.answer = lambda seen: drip
    import http.client

    for headers in ({}, keys.bearer()):
        read.clear()
        connection = http.client.HTTPConnection("127.0.0.1", gateway.port, timeout=30)
        connection.request("POST", "/api/chatbot/", b"{}", headers | {"Accept": "text/event-stream"})
        reply = connection.getresponse()

        assert reply.read(9) == b"data: x\n\n"
        read.set()
        assert reply.read() == b"data: y\n\n"
        connection.close()
