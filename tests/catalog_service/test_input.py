"""What enters: bad input is named and writes nothing; good text is kept as it was sent."""

import re
import unicodedata
from typing import Any

import pytest
import sqlalchemy as sa

from servicekit import paging

GOOD = {"name": "Lamp", "price": "19.90"}

FIELDS = [
    ("name", "", "name"),
    ("name", "   ", "name"),
    ("name", "\u200b\n", "name"),
    ("name", "\u200b\u2060\ufeff", "name"),
    ("name", "\u202e \u3164\u2800", "name"),
    ("name", "\ufe0f \u034f\U000e0100", "name"),
    ("name", "two\nlines", "name"),
    ("name", "x" * 256, "name"),
    ("name", None, "name"),
    ("name", 7, "name"),
    ("name", ["x"], "name"),
    ("name", "NUL \0 inside", "name"),
    ("name", "lone \ud800 surrogate", "name"),
    ("description", "word " * 101, "description"),
    ("description", "\U0001f6b2 " * 101, "description"),
    ("description", "\u0645\u0635\u0628\u0627\u062d " * 101, "description"),
    ("description", "e\u0301 " * 101, "description"),
    ("description", "a\u2003b\u00a0" * 51, "description"),
    ("description", "x" * 4001, "description"),
    ("description", None, "description"),
    ("category", "x" * 65, "category"),
    ("category", "tab\there", "category"),
    ("sku", "", "sku"),
    ("sku", "\u200d", "sku"),
    ("sku", "x" * 65, "sku"),
    ("attributes", {"a": 1}, "attributes.a"),
    ("attributes", {"a": None}, "attributes.a"),
    ("attributes", {"a": {"b": "c"}}, "attributes.a"),
    ("attributes", {"a": "x" * 501}, "attributes.a"),
    ("attributes", {"": "x"}, "attributes."),
    ("attributes", {"x" * 65: "x"}, "attributes." + "x" * 65),
    ("attributes", {f"k{n}": "v" for n in range(51)}, "attributes"),
    ("attributes", [], "attributes"),
    ("attributes", {"a": "\0"}, "attributes.a"),
    ("status", "live", "status"),
    ("status", 1, "status"),
    ("picture", "http://example.org/x.png", "picture"),
    ("business", 2, "business"),
    ("business", "1", "business"),
    ("created_by", 7, "created_by"),
    ("id", 7, "id"),
    ("version", 7, "version"),
    ("version", True, "version"),
    ("version", "1", "version"),
    ("price_minor", 1990.5, "price_minor"),
    ("live_version", 1, "live_version"),
    ("is_published", True, "is_published"),
    ("Name", "x", "Name"),
]


def footprint(app: Any) -> list[Any]:
    """How much every table holds."""
    with app.app_context(), app.extensions["sqlalchemy"].engine.connect() as connection:
        tables = ("products", "revisions", "listings", "decisions", "changes", "policies", "idempotency_keys")
        return [connection.scalar(sa.text(f"SELECT count(*) FROM {table}")) for table in tables]


def test_bad_field_is_named_in_every_write_and_nothing_is_written(app: Any, client: Any, shop: Any, login: Any) -> None:
    product_id = shop.create(sku="S-1")
    before = footprint(app), shop.read(product_id).json
    writes = (
        ("post", "/api/products/"),
        ("patch", f"/api/products/{product_id}/"),
        ("put", f"/api/products/{product_id}/"),
        ("put", "/api/products/by-sku/S-1/"),
        ("put", "/api/products/by-sku/S-2/"),
    )
    for field, value, named in FIELDS:
        for method, address in writes:
            if address.endswith("S-1/") and field in {"id", "version", "live_version"} and value == 1:
                continue
            answer = client.open(address, method=method, json={**GOOD, field: value}, headers=login("editor"))
            assert answer.status_code == 422, (method, address, field, value, answer.json)
            assert answer.mimetype == "application/problem+json"
            assert any(one["field"].startswith(named.split("[")[0]) for one in answer.json["errors"]), answer.json
    assert (footprint(app), shop.read(product_id).json) == before


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_all_bad_fields_are_named_at_once(client: Any, login: Any) -> None:
    body = {"name": "", "price": "-1", "currency": "eur", "colour": "red"}

    answer = client.post("/api/products/", json=body, headers=login("editor"))

    assert {one["field"] for one in answer.json["errors"]} == {"name", "price", "currency", "colour"}


RAW = [
    (b"", 415, None),
    (b"{", 400, "application/json"),
    (b"[]", 400, "application/json"),
    (b'"x"', 400, "application/json"),
    (b"null", 400, "application/json"),
    (b'{"name":"a","name":"b","price":"1"}', 400, "application/json"),
    (b'{"name":"a","price":"1"} {}', 400, "application/json"),
    (b'\xff\xfe{"name":"a"}', 400, "application/json"),
    (b'{"name":' + b"[" * 5000 + b"]" * 5000 + b"}", 400, "application/json"),
    (b"name=a&price=1", 415, "application/x-www-form-urlencoded"),
    (b'{"name":"a","price":"1"}', 415, "text/plain"),
    (b'{"name":"' + b"x" * 1_100_000 + b'"}', 413, "application/json"),
]


@pytest.mark.parametrize(("raw", "status", "kind"), RAW)
@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_bodies_that_are_no_strict_json(
    app: Any, client: Any, login: Any, raw: bytes, status: int, kind: str | None
) -> None:
    before = footprint(app)

    answer = client.post("/api/products/", data=raw, content_type=kind, headers=login("editor"))

    assert answer.status_code == status
    assert (answer.mimetype, answer.json["status"]) == ("application/problem+json", status)
    assert footprint(app) == before


@pytest.mark.parametrize(("raw", "status", "kind"), [row for row in RAW if row[1] in {400, 415}])
@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_strangers_hear_of_no_product_before_anything_about_their_request(
    client: Any, shop: Any, login: Any, raw: bytes, status: int, kind: str | None
) -> None:
    product_id = shop.create()
    writes = [("patch", ""), ("put", ""), *(("post", f"{action}/") for action in ("reject", "comments"))]
    for method, rest in writes:
        for number, business, expected in ((product_id, 1, status), (product_id, 2, 404), (product_id + 1, 1, 404)):
            address = f"/api/products/{number}/{rest}"
            headers = login("admin", business)
            if method in {"patch", "put"} and not raw:
                continue  # a change of nothing
            answer = client.open(address, method=method, data=raw, content_type=kind, headers=headers)
            assert answer.status_code == expected, (method, address, business)


DECISION_BODIES = [
    ({"version": 0}, "version"),
    ({"version": "1"}, "version"),
    ({"version": 1.0}, "version"),
    ({"version": True}, "version"),
    ({"version": 2**31}, "version"),
    ({"comment": 7}, "comment"),
    ({"comment": "x" * 2001}, "comment"),
    ({"comment": "\0"}, "comment"),
    ({"actor": 7}, "actor"),
]


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_bad_decisions_are_named_and_change_nothing(app: Any, client: Any, shop: Any, login: Any) -> None:
    product_id = shop.create()
    shop.act("submit", product_id, "editor")
    before = footprint(app), shop.read(product_id).json
    for action in ("submit", "withdraw", "approve", "reject", "unpublish", "revert"):
        for body, field in DECISION_BODIES:
            full = {"comment": "x", **body} if action == "reject" else body
            answer = client.post(f"/api/products/{product_id}/{action}/", json=full, headers=login("admin"))
            assert answer.status_code == 422, (action, body, answer.json)
            assert [one["field"] for one in answer.json["errors"]] == [field]
    assert (footprint(app), shop.read(product_id).json) == before


READS = [
    ("/api/products/?status=live", "status"),
    ("/api/products/?created_by=0", "created_by"),
    ("/api/products/?created_by=x", "created_by"),
    ("/api/products/?q=" + "x" * 201, "q"),
    ("/api/products/?q=%00", "q"),
    ("/api/products/?business=1", "business"),
    ("/api/products/?page_size=1000", "page_size"),
    ("/api/products/?cursor=WyJ4Il0", "cursor"),
    ("/api/products/?cursor=WzFd&cursor=WzFd", "cursor"),
    ("/api/approvals/?decidable=perhaps", "decidable"),
    ("/api/approvals/?submitted_by=-1", "submitted_by"),
    ("/api/approvals/?category=" + "x" * 65, "category"),
    ("/api/approvals/?cursor=WyJ4IiwxXQ", "cursor"),
    ("/api/approvals/?status=draft", "status"),
    ("/api/products/{id}/diff/?from=0", "from"),
    ("/api/products/{id}/diff/?from=x", "from"),
    ("/api/products/{id}/diff/?to=99", "to"),
    ("/api/products/{id}/diff/?since=1", "since"),
    ("/api/products/{id}/revisions/?page_size=0", "page_size"),
    ("/api/products/{id}/revisions/?cursor=!", "cursor"),
    ("/api/products/{id}/history/?cursor=WzFd%3D%3D%3DW", "cursor"),
    ("/api/products/{id}/history/?from=1", "from"),
    ("/api/products/changes/?since=1", "since"),
]


@pytest.mark.parametrize(("address", "field"), READS)
@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_bad_question_is_named(client: Any, shop: Any, login: Any, address: str, field: str) -> None:
    product_id = shop.create()

    answer = client.get(address.format(id=product_id), headers=login("admin"))

    assert answer.status_code == 422, answer.json
    assert [one["field"] for one in answer.json["errors"]] == [field]
    stranger = client.get(address.format(id=product_id), headers=login("admin", 2))
    assert stranger.status_code == (404 if "{id}" in address else 422)


OTHER_WRITES = [
    ("post", "/api/products/{id}/comments/", {}, "comment"),
    ("post", "/api/products/{id}/comments/", {"comment": " \n"}, "comment"),
    ("post", "/api/products/{id}/comments/", {"comment": "x" * 2001}, "comment"),
    ("post", "/api/products/{id}/comments/", {"comment": "x", "version": 1}, "version"),
    ("post", "/api/approvals/bulk/", {"items": {}}, "items"),
    ("post", "/api/approvals/bulk/", {"items": [{"id": 1, "action": "approve", "comment": "\0"}]}, "items.0.comment"),
    ("post", "/api/approvals/bulk/", {}, "items"),
    ("put", "/api/products/policy/", {"reserve_live_deletion": None}, "reserve_live_deletion"),
    ("put", "/api/products/policy/", {"skip_review": ["currency"]}, "skip_review.0"),
]


@pytest.mark.parametrize(("method", "address", "body", "field"), OTHER_WRITES)
@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_bad_body_of_any_other_write_is_named_and_nothing_is_written(
    app: Any, client: Any, shop: Any, login: Any, method: str, address: str, body: Any, field: str
) -> None:
    product_id = shop.create()
    before = footprint(app)

    answer = client.open(address.format(id=product_id), method=method, json=body, headers=login("admin"))

    assert answer.status_code == 422, answer.json
    assert [one["field"] for one in answer.json["errors"]] == [field]
    assert footprint(app) == before


def test_cursor_beyond_every_row_finds_nothing(client: Any, shop: Any, login: Any) -> None:
    product_id = shop.create()

    for rest, found in (("revisions/", 1), ("history/", 0)):
        query = {"cursor": paging.encode([2**62])}
        answer = client.get(f"/api/products/{product_id}/{rest}", query_string=query, headers=login("viewer"))
        assert (answer.status_code, len(answer.json)) == (200, found), answer.json


TEXTS = [
    "\U0001f6b2\U0001f468\u200d\U0001f469\u200d\U0001f467 family",
    "\u0645\u0635\u0628\u0627\u062d \u202bright to left\u202c",
    "e\u0301 and \u00e9 stay as they are",
    "Z\u0351\u036b\u0343\u036a\u0302\u036b\u033da\u0334\u0319\u0324\u031e\u0349\u035a\u032f\u031e\u0320\u034dlgo",
    "<script>alert('x')</script> & &amp; \"quoted\"",
    "' OR 1=1; DROP TABLE products; --",
    "line one\nline two\ttab",
    "  spaces kept  ",
    "\ufffd\ufeff\u2028\u2029",
]


def test_texts_are_kept_as_they_were_sent(client: Any, shop: Any) -> None:
    """Descriptions and values; what is short is cleaned, in one form for everybody who compares it."""
    for text in TEXTS:
        line = text.replace("\n", " ").replace("\t", " ")
        short = unicodedata.normalize("NFC", " ".join(re.sub("[\u200d\u202b\u202c\ufeff]", "", line).split()))
        product_id = shop.publish(name=short, description=text, category=short[:64], attributes={short[:64]: line})

        own = shop.read(product_id).json
        public = client.get(f"/api/products/public/{product_id}/").json

        for found in (own, public, shop.public()[0]):
            assert (found["name"], found["description"]) == (short, text)
            assert found["attributes"] == {short[:64]: line}
        assert client.get("/api/products/public/", query_string={"category": short[:64]}).json == [public]


UNSEEN = ["\u200b", "\u200d", "\u202e", "\u2066", "\u00ad", "\ufeff", "\u3164", "\U000e0041", "\x1b"]


@pytest.mark.parametrize("unseen", UNSEEN)
@pytest.mark.parametrize("field", ["name", "sku", "category", "attributes"])
@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_what_cannot_be_seen_is_refused_by_name_in_short_texts(
    client: Any, shop: Any, login: Any, field: str, unseen: str
) -> None:
    text = f"to{unseen}ys"
    body = {"name": "Lamp", "price": "1.00", field: {text: "x"} if field == "attributes" else text}

    answer = client.post("/api/products/", json=body, headers=login("editor"))

    [error] = answer.json["errors"]
    assert (answer.status_code, error["field"].split(".")[0]) == (422, field)
    assert f"U+{ord(unseen):04X}" in error["message"]


@pytest.mark.parametrize("blank", [" ", "\u00a0", "\u3000", "\u2003"])
def test_blanks_around_and_between_make_no_other_short_text(client: Any, shop: Any, login: Any, blank: str) -> None:
    text = f"{blank}garden{blank}{blank}toys{blank}"
    product_id = shop.publish(name=text, sku=text, category=text, attributes={text: "x"})

    found = shop.read(product_id).json
    assert (found["name"], found["sku"], found["category"]) == ("garden toys",) * 3
    assert found["attributes"] == {"garden toys": "x"}
    for address in ("/api/products/public/", "/api/products/public/facets/", "/api/products/"):
        answer = client.get(address, query_string={"category": text}, headers=login("viewer"))
        assert "garden toys" in answer.text


@pytest.mark.parametrize("alike", [{"colour": "red", "colour ": "blue"}, {"colour": "red", "c\u043elour": "blue"}])
@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_attributes_whose_names_look_alike_are_refused(client: Any, login: Any, alike: dict[str, str]) -> None:
    body = {"name": "Lamp", "price": "1.00", "attributes": alike}

    answer = client.post("/api/products/", json=body, headers=login("editor"))

    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "attributes")


@pytest.mark.parametrize("engine_name", ["sqlite"])
@pytest.mark.parametrize("word", ["word", "\U0001f6b2", "\u0645\u0635\u0628\u0627\u062d", "e\u0301", "\u00e4"])
def test_a_hundred_words_are_allowed(shop: Any, word: str) -> None:
    description = " ".join([word] * 100)

    assert shop.read(shop.create(description=description)).json["description"] == description


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_read_only_fields_may_come_back_unchanged(client: Any, shop: Any, login: Any) -> None:
    product_id = shop.create(sku="S-1", attributes={"a": "b"})
    whole = shop.read(product_id, "editor").json

    for method in ("patch", "put"):
        answer = client.open(f"/api/products/{product_id}/", method=method, json=whole, headers=login("editor"))
        assert (answer.status_code, answer.json) == (200, whole)
    changed = {**whole, "name": "Other", "price": "20.00"}
    assert shop.change(product_id, **changed).json["version"] == 2


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_own_business_may_be_named(client: Any, login: Any) -> None:
    answer = client.post("/api/products/", json={**GOOD, "business": 1, "id": None}, headers=login("editor"))

    assert answer.status_code == 201


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_wrong_methods_name_the_right_ones(client: Any, login: Any) -> None:
    for method, address, allowed in (
        ("put", "/api/products/", {"GET", "POST"}),
        ("post", "/api/products/public/", {"GET"}),
        ("get", "/api/products/1/approve/", {"POST"}),
        ("delete", "/api/approvals/", {"GET"}),
    ):
        answer = client.open(address, method=method, headers=login("admin"))
        assert answer.status_code == 405
        assert allowed <= set(answer.headers["Allow"].split(", "))


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_addresses_work_with_and_without_the_last_slash(client: Any, shop: Any, login: Any) -> None:
    product_id = shop.create()
    assert client.post(f"/api/products/{product_id}/submit", json={}, headers=login("editor")).status_code == 200
    assert client.post(f"/api/products/{product_id}/approve", json={}, headers=login("approver")).status_code == 200
    for address in (
        "/api/products/public",
        f"/api/products/public/{product_id}",
        "/api/products/public/facets",
        "/api/products",
        f"/api/products/{product_id}",
        f"/api/products/{product_id}/diff",
        "/api/approvals",
        "/api/products/changes",
    ):
        assert client.get(address, headers=login("admin")).status_code == 200, address


@pytest.mark.parametrize("product_id", ["0", "999999", "9223372036854775808", "1" * 50])
@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_ids_that_are_none_are_missing(client: Any, login: Any, product_id: str) -> None:
    for address in (f"/api/products/{product_id}/", f"/api/products/public/{product_id}/"):
        answer = client.get(address, headers=login("admin"))
        assert (answer.status_code, answer.json["code"]) == (404, "not_found")
