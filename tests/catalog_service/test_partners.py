"""What partners rely on: upsert by SKU, changes, conditions, idempotency, scopes."""

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from catalog_service import idempotency, worker
from catalog_service.models import Change, FeedHead, IdempotencyKey, Listing, Product, db
from catalog_service.public import listings
from sqlalchemy import delete, func, select, update

from servicekit.database import now
from tests.catalog_service.conftest import PARTNER, next_link


@pytest.fixture
def partner(signer: Any) -> Any:
    """partner("catalog:write") -> headers of a service account of business 1 with that scope."""

    def make(scope: str, business: int = 1) -> dict[str, str]:
        return dict(
            signer.headers(
                sub=str(PARTNER + business),
                business_id=business,
                role="",
                scope=scope,
                client_id="c1",
                sid=f"c{business}",
            )
        )

    return make


BODY = {"name": "Lamp", "price": "19.90", "category": "lighting"}


def test_upsert_creates_then_changes_then_changes_nothing(client: Any, shop: Any, partner: Any) -> None:
    headers = partner("catalog:write")

    first = client.put("/api/products/by-sku/L-1/", json=BODY, headers=headers)
    same = client.put("/api/products/by-sku/L-1/", json={**BODY, "sku": "L-1"}, headers=headers)
    other = client.put("/api/products/by-sku/L-1/", json={**BODY, "price": "20.00"}, headers=headers)

    assert (first.status_code, first.json["sku"], first.json["version"]) == (201, "L-1", 1)
    assert first.headers["Location"] == f"/api/products/{first.json['id']}/"
    assert (same.status_code, same.json) == (200, first.json)
    assert (other.status_code, other.json["id"], other.json["version"]) == (200, first.json["id"], 2)
    cleared = client.put("/api/products/by-sku/L-1/", json={"name": "Lamp", "price": "20.00"}, headers=headers)
    assert cleared.json["category"] == ""


def test_upsert_that_asks_for_review_changes_nothing_once_it_was_decided(client: Any, shop: Any, partner: Any) -> None:
    headers, body = partner("catalog:write"), {**BODY, "status": "pending_approval"}

    def put(**changes: Any) -> Any:
        return client.put("/api/products/by-sku/L-1/", json={**body, **changes}, headers=headers)

    first = put()
    assert (first.status_code, put().json) == (201, first.json)
    shop.act("approve", first.json["id"], "approver")
    approved = put()
    changed = put(price="20.00")

    assert (approved.status_code, approved.json["status"], approved.json["version"]) == (200, "approved", 1)
    assert (changed.status_code, changed.json["status"], changed.json["version"]) == (200, "pending_approval", 2)
    shop.act("reject", first.json["id"], "approver", comment="too dear")
    again = put(price="20.00")
    assert (again.status_code, again.json["status"]) == (200, "rejected")


def test_upsert_that_asks_for_review_offers_what_is_new_while_the_old_waits(
    client: Any, shop: Any, partner: Any
) -> None:
    headers, body = partner("catalog:write"), {**BODY, "status": "pending_approval"}
    first = client.put("/api/products/by-sku/L-1/", json=body, headers=headers)

    changed = client.put("/api/products/by-sku/L-1/", json={**body, "price": "20.00"}, headers=headers)
    again = client.put("/api/products/by-sku/L-1/", json={**body, "price": "20.00"}, headers=headers)

    assert (changed.status_code, changed.json["status"], changed.json["version"]) == (200, "pending_approval", 2)
    assert again.json == changed.json
    assert shop.revisions(first.json["id"])[1]["state"] == "withdrawn"
    stale = shop.act("approve", first.json["id"], "approver", version=1)
    assert (stale.status_code, stale.json["code"]) == (409, "stale_version")


def test_upsert_is_within_the_business(client: Any, shop: Any, login: Any, partner: Any) -> None:
    shop.create(business=2, sku="L-1")

    answer = client.put("/api/products/by-sku/L-1/", json=BODY, headers=partner("catalog:write"))

    assert answer.status_code == 201
    assert shop.read(answer.json["id"]).json["business"] == 1


@pytest.mark.parametrize("sku", ["A/1", "ä ö", "100%", "x" * 64])
@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_skus_of_any_form(client: Any, partner: Any, sku: str) -> None:
    answer = client.put(f"/api/products/by-sku/{quote(sku)}/", json=BODY, headers=partner("catalog:write"))

    assert (answer.status_code, answer.json["sku"]) == (201, sku)


@pytest.mark.parametrize(
    ("sku", "body", "field"),
    [("x" * 65, BODY, "sku"), ("A", {**BODY, "sku": "B"}, "sku"), ("A", {"name": "x"}, "price"), ("%00", BODY, "sku")],
)
@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_upsert_names_what_is_wrong(client: Any, partner: Any, sku: str, body: Any, field: str) -> None:
    answer = client.put(f"/api/products/by-sku/{sku}/", json=body, headers=partner("catalog:write"))

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json["errors"]] == [field]


@pytest.mark.parametrize("sku", [b"A\xff", b"\xc3", b"A\xed\xa0\x80"])
@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_sku_in_other_bytes_than_utf8_names_no_product(client: Any, partner: Any, sku: bytes) -> None:
    headers = partner("catalog:write")
    # As a server hands them on (PEP 3333); the test client itself would replace them.
    there = {"PATH_INFO": f"/api/products/by-sku/{sku.decode('latin-1')}/"}

    answer = client.put("/api/products/by-sku/A/", json=BODY, headers=headers, environ_overrides=there)

    assert (answer.status_code, answer.json["detail"]) == (400, "the address is not UTF-8")
    assert client.get("/api/products/", headers=headers).json == []
    whole = client.put("/api/products/by-sku/%EF%BF%BD/", json=BODY, headers=headers)
    assert whole.json["sku"] == "\ufffd"


def test_sku_is_unique_among_the_business_products(client: Any, shop: Any, login: Any) -> None:
    shop.create(sku="L-1")
    body = {"name": "Other", "price": "1.00", "sku": "L-1"}

    refused = client.post("/api/products/", json=body, headers=login("editor"))

    assert (refused.status_code, refused.json["code"]) == (409, "taken")
    assert refused.json["errors"][0]["field"] == "sku"
    other = shop.create(sku="L-2")
    assert shop.change(other, sku="L-1").status_code == 409
    assert shop.change(other, sku=None).json["sku"] is None


@pytest.mark.parametrize("address", ["WS-1", "WS-1%20", "WS-1%C2%A0", "%20WS-1"])
def test_blanks_make_no_other_sku(client: Any, shop: Any, partner: Any, address: str) -> None:
    product_id = shop.create(sku="WS-1")

    answer = client.put(f"/api/products/by-sku/{address}/", json=BODY, headers=partner("catalog:write"))

    assert (answer.status_code, answer.json["id"], answer.json["sku"]) == (200, product_id, "WS-1")


@pytest.mark.parametrize("alike", ["ws-1", "WS-I", "WS\u20101", "\u051cS-1", "\uff37S-1"])
def test_skus_that_look_alike_are_one_products(client: Any, shop: Any, login: Any, partner: Any, alike: str) -> None:
    product_id, other = shop.publish(sku="WS-1"), shop.create()
    address = f"/api/products/by-sku/{quote(alike)}/"

    for _ in range(2):  # while it is worked on, and once only what is published has it
        by_sku = client.put(address, json=BODY, headers=partner("catalog:write"))
        for refused in (by_sku, shop.change(other, sku=alike)):
            assert (refused.status_code, refused.json["errors"][0]["field"]) == (409, "sku")
            assert refused.json["detail"].endswith("or one that looks like it, WS-1")
        shop.change(product_id, sku="another")
    assert shop.read(product_id).json["name"] == "Lamp"
    assert shop.create(business=2, sku=alike)
    assert shop.change(product_id, sku=alike).status_code == 200


def test_sku_of_an_earlier_version_is_found_and_held(app: Any, client: Any, shop: Any, partner: Any) -> None:
    """It wrote no keys, and took what looks alike for two."""
    first, second, kept = shop.create(sku="WS-1"), shop.create(sku="x"), shop.publish(sku="live")
    with app.app_context(), db.transaction() as session:
        session.execute(update(Product).values(sku_key=None, live_sku_key=None))
        session.execute(update(Product).filter_by(id=second).values(sku="ws-1 "))
    assert shop.change(kept, sku="ws-1 x").status_code == 200
    with app.app_context():
        worker.fill_keys()

    found = client.put("/api/products/by-sku/WS-1/", json=BODY, headers=partner("catalog:write"))
    assert (found.status_code, found.json["id"]) == (200, first)
    assert shop.change(second, name="Goes on").status_code == 200
    for taken in ("LIVE", "Ws-1"):
        assert shop.change(second, sku=taken).status_code == 409


def test_published_sku_is_nobody_elses_while_another_is_worked_on(
    client: Any, shop: Any, login: Any, partner: Any
) -> None:
    product_id, other = shop.publish(sku="L-1"), shop.create()
    shop.change(product_id, sku="L-2")
    elsewhere = shop.publish(business=2, sku="L-1")

    by_sku = client.put("/api/products/by-sku/L-1/", json=BODY, headers=partner("catalog:write"))
    for refused in (by_sku, shop.change(other, sku="L-1")):
        assert (refused.status_code, refused.json["code"]) == (409, "taken")
        assert refused.json["detail"] == "another product is published with this SKU"
    # So what is published can be gone back to.
    assert shop.act("revert", product_id, "editor").json["sku"] == "L-1"
    assert {one["id"] for one in shop.public() if one["sku"] == "L-1"} == {product_id, elsewhere}


@pytest.mark.parametrize("leaving", ["approve", "unpublish", "delete"])
def test_published_sku_is_free_when_it_is_published_no_more(client: Any, shop: Any, login: Any, leaving: str) -> None:
    product_id, other = shop.publish(sku="L-1"), shop.create()
    shop.change(product_id, sku="L-2")
    assert shop.change(other, sku="L-1").status_code == 409

    if leaving == "approve":
        shop.approve(product_id)
    elif leaving == "unpublish":
        shop.act("unpublish", product_id, "approver")
    else:
        client.delete(f"/api/products/{product_id}/", headers=login("editor"))

    assert shop.change(other, sku="L-1").json["sku"] == "L-1"


SCOPES = {
    "catalog:read": {"list"},
    "catalog:write": {"list", "create", "submit", "delete"},
    "catalog:approve": {"list", "approve", "queue"},
    "": set(),
    "something:else": set(),
}


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_scopes_are_obeyed(client: Any, shop: Any, partner: Any, scope: str) -> None:
    draft, pending = shop.create(), shop.create()
    shop.act("submit", pending, "editor")
    headers = partner(scope)
    attempts = {
        "list": client.get("/api/products/", headers=headers),
        "create": client.post("/api/products/", json=BODY, headers=headers),
        "queue": client.get("/api/approvals/", headers=headers),
        "approve": client.post(f"/api/products/{pending}/approve/", json={}, headers=headers),
        "submit": client.post(f"/api/products/{draft}/submit/", json={}, headers=headers),
        "delete": client.delete(f"/api/products/{draft}/", headers=headers),
    }

    assert {name for name, answer in attempts.items() if answer.status_code < 300} == SCOPES[scope]
    assert all(answer.status_code in {200, 201, 204, 403} for answer in attempts.values())
    assert client.get("/api/products/policy/", headers=headers).status_code == 403


def test_changes_are_gapless_and_end_in_tombstones(client: Any, shop: Any, partner: Any, login: Any) -> None:
    headers = partner("catalog:read")
    shop.publish(business=2)
    first = shop.publish(name="First", sku="F")
    shop.publish(business=2)
    second = shop.publish(name="Second")
    shop.change(first, name="First again")
    shop.approve(first)
    client.delete(f"/api/products/{second}/", headers=login("editor"))
    shop.act("unpublish", first, "approver")

    found = client.get("/api/products/changes/?after=0", headers=headers).json

    assert [(one["seq"], one["type"], one["product_id"], one["version"]) for one in found] == [
        (1, "upsert", first, 1),
        (2, "upsert", second, 1),
        (3, "upsert", first, 2),
        (4, "delete", second, 1),
        (5, "delete", first, 2),
    ]
    assert (found[0]["product"]["name"], found[2]["product"]["name"]) == ("First", "First again")
    assert found[3]["product"] is None
    assert [one["seq"] for one in client.get("/api/products/changes/?after=3", headers=headers).json] == [4, 5]
    paged = client.get("/api/products/changes/?after=1&page_size=2", headers=headers)
    assert [one["seq"] for one in paged.json] == [2, 3]
    assert next_link(paged) == f"/api/products/changes/?page_size=2&after=3.{found[2]['generation']}"
    whole = client.get("/api/products/changes/?page_size=100", headers=headers)
    assert next_link(whole) == f"/api/products/changes/?page_size=100&after=5.{found[4]['generation']}"


def test_snapshot_leads_to_the_changes_since_it_began(client: Any, shop: Any, partner: Any, login: Any) -> None:
    headers = partner("catalog:read")
    ids = [shop.publish(name=f"Lamp {number}") for number in range(3)]

    page = client.get("/api/products/changes/?page_size=2", headers=headers)
    seen = {one["product_id"]: one["product"] for one in page.json}
    client.delete(f"/api/products/{ids[0]}/", headers=login("editor"))
    shop.change(ids[2], name="Changed meanwhile")
    shop.approve(ids[2])
    late = shop.publish(name="Late")
    for _ in range(4):
        page = client.get(next_link(page), headers=headers)
        for one in page.json:
            if one["type"] == "delete":
                seen.pop(one["product_id"], None)
            else:
                seen[one["product_id"]] = one["product"]

    assert page.json == []
    assert {number: one["name"] for number, one in seen.items()} == {
        ids[1]: "Lamp 1",
        ids[2]: "Changed meanwhile",
        late: "Late",
    }


def test_snapshot_of_what_nobody_changes_leads_to_nothing_new(client: Any, shop: Any, partner: Any) -> None:
    headers = partner("catalog:read")
    shop.publish(business=2)
    for _ in range(3):
        shop.publish()

    snapshot = client.get("/api/products/changes/", headers=headers)

    assert [(one["seq"], one["type"], one["occurred_at"]) for one in snapshot.json] == [(3, "upsert", None)] * 3
    assert next_link(snapshot) == f"/api/products/changes/?after=3.{snapshot.json[0]['generation']}"
    assert client.get(next_link(snapshot), headers=headers).json == []


def restore(app: Any, changes: int) -> None:
    """As from a backup that was taken after so many changes of everybody."""
    with app.app_context(), db.transaction() as session:
        listings.take(session, session.scalars(select(Listing.product_id).where(Listing.seq > changes)).all())
        session.execute(delete(Change).where(Change.seq > changes))
        session.execute(update(FeedHead).values(seq=changes))


def test_place_beyond_the_head_is_gone(app: Any, client: Any, shop: Any, partner: Any) -> None:
    headers = partner("catalog:read")
    for _ in range(3):
        shop.publish()
    link = next_link(client.get("/api/products/changes/", headers=headers))
    restore(app, 2)

    for address in (link, "/api/products/changes/?after=3", "/api/products/changes/?after=4"):
        answer = client.get(address, headers=headers)
        assert (answer.status_code, answer.json["code"]) == (410, "resync")
        assert answer.content_type == "application/problem+json"
    assert client.get("/api/products/changes/?after=2", headers=headers).json == []
    assert client.get("/api/products/changes/?after=1", headers=partner("catalog:read", 2)).status_code == 410


def test_place_of_another_generation_is_gone(app: Any, client: Any, shop: Any, partner: Any) -> None:
    """The backup lacked what a partner had read; other changes have these numbers since."""
    headers = partner("catalog:read")
    for _ in range(3):
        shop.publish()
    before = client.get("/api/products/changes/?after=0", headers=headers)
    restore(app, 1)
    for _ in range(4):
        shop.publish()

    assert client.get(next_link(before), headers=headers).json["code"] == "resync"
    third = before.json[2]
    assert client.get(f"/api/products/changes/?after=3.{third['generation']}", headers=headers).status_code == 410
    # What both have in common is gone on from, and whoever sends no generation is told what follows the number.
    first = before.json[0]
    common = client.get(f"/api/products/changes/?after=1.{first['generation']}", headers=headers).json
    assert [one["seq"] for one in common] == [2, 3, 4, 5]
    assert [one["seq"] for one in client.get("/api/products/changes/?after=3", headers=headers).json] == [4, 5]
    assert client.get("/api/products/changes/?after=0", headers=headers).json[1]["generation"] != third["generation"]


def test_snapshot_that_a_restored_backup_interrupts_begins_anew(app: Any, client: Any, shop: Any, partner: Any) -> None:
    headers = partner("catalog:read")
    for _ in range(3):
        shop.publish()
    page = client.get("/api/products/changes/?page_size=2", headers=headers)
    restore(app, 2)
    shop.publish()

    page = client.get(next_link(page), headers=headers)
    page = client.get(next_link(page), headers=headers)
    assert (page.status_code, page.json["code"]) == (410, "resync")


@pytest.mark.parametrize(
    "query",
    [
        "after=1.x",
        "after=1.",
        "after=.1",
        "after=1.0123456789abcdef0",
        "after=-1",
        "after=x",
        "after=9223372036854775808",
        "cursor=x",
    ],
)
@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_bad_place_in_the_changes_is_named(client: Any, partner: Any, query: str) -> None:
    answer = client.get(f"/api/products/changes/?{query}", headers=partner("catalog:read"))

    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, query.split("=")[0])


def test_put_keeps_what_its_body_does_not_name(client: Any, shop: Any, login: Any) -> None:
    """The original's form has a name, a description and a price."""
    fields = {"sku": "L-1", "category": "lighting", "attributes": {"colour": "red"}, "currency": "JPY", "price": "100"}
    product_id = shop.create(**fields)
    body = {"name": "Form", "description": "New", "price": "200", "business": 1, "status": "draft"}

    answer = client.put(f"/api/products/{product_id}/", json=body, headers=login("editor"))

    assert answer.status_code == 200
    assert {name: answer.json[name] for name in body} == body
    assert {name: answer.json[name] for name in fields} == {**fields, "price": "200"}
    other = client.put(f"/api/products/{product_id}/", json={**body, "business": 2}, headers=login("editor"))
    assert (other.status_code, other.json["errors"][0]["field"]) == (422, "business")


@pytest.mark.parametrize("length", [201, 255])
def test_names_are_as_long_as_the_originals(client: Any, shop: Any, login: Any, length: int) -> None:
    product_id = shop.publish(name="x" * length)

    assert shop.public()[0]["name"] == "x" * length
    assert shop.change(product_id, name="x" * 256).status_code == 422


def test_if_match_lets_one_of_two_writers_through(client: Any, shop: Any, login: Any) -> None:
    product_id = shop.create()
    address, headers = f"/api/products/{product_id}/", login("editor")
    tag = client.get(address, headers=headers).headers["ETag"]

    first = client.patch(address, json={"name": "A"}, headers={**headers, "If-Match": tag})
    second = client.patch(address, json={"name": "B"}, headers={**headers, "If-Match": tag})

    assert (first.status_code, second.status_code) == (200, 412)
    assert second.json["code"] == "precondition_failed"
    assert client.delete(address, headers={**headers, "If-Match": tag}).status_code == 412
    assert client.put(address, json=BODY, headers={**headers, "If-Match": tag}).status_code == 412
    assert shop.read(product_id).json["name"] == "A"
    assert client.patch(address, json={"name": "C"}, headers={**headers, "If-Match": "*"}).status_code == 200
    newest = client.get(address, headers=headers).headers["ETag"]
    several = f'"0", {newest}'
    assert client.patch(address, json={"name": "D"}, headers={**headers, "If-Match": several}).status_code == 200
    missing = client.put("/api/products/by-sku/NEW/", json=BODY, headers={**headers, "If-Match": "*"})
    assert missing.status_code == 412


def test_tag_of_a_product_is_not_that_of_its_successor_with_the_same_sku(client: Any, partner: Any) -> None:
    address, headers = "/api/products/by-sku/L-1/", partner("catalog:write")
    first = client.put(address, json=BODY, headers=headers)
    assert client.delete(f"/api/products/{first.json['id']}/", headers=headers).status_code == 204
    second = client.put(address, json={**BODY, "name": "Another"}, headers=headers)

    stale = client.put(address, json=BODY, headers={**headers, "If-Match": first.headers["ETag"]})
    fresh = client.put(address, json=BODY, headers={**headers, "If-Match": second.headers["ETag"]})

    assert (second.status_code, stale.status_code, fresh.status_code) == (201, 412, 200)


def test_upsert_that_is_to_create_changes_nothing_that_is_there(client: Any, shop: Any, partner: Any) -> None:
    address, headers = "/api/products/by-sku/L-1/", {**partner("catalog:write"), "If-None-Match": "*"}

    first = client.put(address, json=BODY, headers=headers)
    second = client.put(address, json={**BODY, "name": "Another"}, headers=headers)

    assert (first.status_code, second.status_code) == (201, 412)
    assert second.json["detail"] == "there is such a product already"
    assert shop.read(first.json["id"]).json["name"] == "Lamp"


def test_write_may_be_bound_to_another_state_than_was_seen(client: Any, shop: Any, login: Any) -> None:
    product_id = shop.create()
    seen = {**login("editor"), "If-None-Match": shop.read(product_id).headers["ETag"]}
    address = f"/api/products/{product_id}/submit/"

    assert client.post(address, json={}, headers=seen).status_code == 412
    shop.change(product_id, name="Another")
    assert client.post(address, json={}, headers=seen).status_code == 200


def test_tag_that_the_gateway_made_weak_is_the_same_tag(client: Any, shop: Any, login: Any) -> None:
    product_id = shop.create()
    address, headers = f"/api/products/{product_id}/", login("editor")
    weak = f"W/{client.get(address, headers=headers).headers['ETag']}"

    first = client.patch(address, json={"name": "A"}, headers={**headers, "If-Match": weak})
    second = client.patch(address, json={"name": "B"}, headers={**headers, "If-Match": weak})

    assert (first.status_code, second.status_code) == (200, 412)


def test_repeated_key_replays_the_answer_and_writes_once(client: Any, shop: Any, login: Any) -> None:
    headers = {**login("editor"), "Idempotency-Key": "k-1"}

    first = client.post("/api/products/", json=BODY, headers=headers)
    again = client.post("/api/products/", json=BODY, headers=headers)

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json == first.json
    assert again.headers["Idempotent-Replayed"] == "true"
    assert (again.headers["Location"], again.headers["ETag"]) == (first.headers["Location"], first.headers["ETag"])
    assert len(client.get("/api/products/", headers=login("editor")).json) == 1
    reused = client.post("/api/products/", json={**BODY, "name": "Other"}, headers=headers)
    assert (reused.status_code, reused.json["code"]) == (422, "key_reused")
    elsewhere = client.post("/api/products/", json=BODY, headers={**login("second_editor"), "Idempotency-Key": "k-1"})
    assert elsewhere.json["id"] != first.json["id"]


def test_key_is_forgotten_after_a_day(app: Any, client: Any, shop: Any, login: Any) -> None:
    headers = {**login("editor"), "Idempotency-Key": "k-1"}
    first = client.post("/api/products/", json=BODY, headers=headers)

    for age, again in ((timedelta(hours=23, minutes=59), True), (timedelta(hours=24, minutes=1), False)):
        with app.app_context(), db.transaction() as session:
            session.execute(update(IdempotencyKey).values(created_at=now() - age))
            if again:
                idempotency.prune(session)
        answer = client.post("/api/products/", json=BODY, headers=headers)
        assert (answer.json["id"] == first.json["id"]) == again
    with app.app_context(), db.transaction() as session:
        session.execute(update(IdempotencyKey).values(created_at=now() - timedelta(hours=25)))
        idempotency.prune(session)
        assert session.scalar(select(func.count()).select_from(IdempotencyKey)) == 0


def test_key_is_bound_to_its_address_and_method(client: Any, shop: Any, login: Any) -> None:
    first, second = shop.create(), shop.create()
    headers = {**login("editor"), "Idempotency-Key": "k-1"}
    body = {"name": "Other", "price": "1.00"}
    assert client.put(f"/api/products/{first}/", json=body, headers=headers).status_code == 200

    for method, address in (("put", f"/api/products/{second}/"), ("patch", f"/api/products/{first}/")):
        answer = client.open(address, method=method, json=body, headers=headers)
        assert (answer.status_code, answer.json["code"]) == (422, "key_reused")
    assert shop.read(second).json["name"] == "Lamp"


def test_failed_write_leaves_its_key_free(client: Any, shop: Any, login: Any) -> None:
    product_id = shop.create()
    headers = {**login("editor"), "Idempotency-Key": "k-1"}
    address = f"/api/products/{product_id}/withdraw/"
    assert client.post(address, json={}, headers=headers).status_code == 409
    shop.act("submit", product_id, "editor")

    assert client.post(address, json={}, headers=headers).status_code == 200
    assert client.post(address, json={}, headers=headers).status_code == 200


def test_deletion_and_decisions_replay_too(client: Any, shop: Any, login: Any) -> None:
    product_id = shop.create()
    shop.act("submit", product_id, "editor")
    approval = {**login("approver"), "Idempotency-Key": "a"}
    deletion = {**login("approver"), "Idempotency-Key": "d"}
    for _ in range(2):
        answer = client.post(f"/api/products/{product_id}/approve/", json={"version": 1}, headers=approval)
        assert (answer.status_code, answer.json["status"]) == (200, "approved")
    for _ in range(2):
        answer = client.delete(f"/api/products/{product_id}/", headers=deletion)
        assert (answer.status_code, answer.data, "Content-Type" in answer.headers) == (204, b"", False)
    assert [one["type"] for one in client.get("/api/products/changes/?after=0", headers=approval).json] == [
        "upsert",
        "delete",
    ]


@pytest.mark.parametrize("header", ["If-Match", "If-None-Match", "Idempotency-Key"])
@pytest.mark.parametrize("value", ["", " ", ","])
@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_condition_that_says_nothing_is_refused_wherever_it_may_be_sent(
    client: Any, shop: Any, login: Any, header: str, value: str
) -> None:
    product_id = shop.create()
    by = {**login("admin"), header: value}
    address = f"/api/products/{product_id}/"
    answers = [
        client.patch(address, json={"name": "Overwritten"}, headers=by),
        client.put(address, json=BODY, headers=by),
        client.delete(address, headers=by),
        client.post(f"{address}submit/", json={}, headers=by),
        client.post(f"{address}comments/", json={"comment": "x"}, headers=by),
        client.put("/api/products/policy/", json={"skip_review": ["price"]}, headers=by),
        client.put("/api/products/by-sku/L-1/", json=BODY, headers=by),
        client.post("/api/products/", json=BODY, headers=by),
        client.post("/api/approvals/bulk/", json={"items": [{"id": 1, "action": "approve"}]}, headers=by),
    ]

    assert {(one.status_code, one.json["errors"][0]["field"]) for one in answers} == {(400, header)}
    assert (shop.read(product_id).json["name"], len(shop.history(product_id))) == ("Lamp", 1)
    assert client.patch(address, json={}, headers={**login("admin", 2), header: value}).status_code == 404


@pytest.mark.parametrize(
    ("again", "same"),
    [
        ('{"price": 19.9, "category":"lighting","name":"L\\u0061mp"}', True),
        ('{"name": "Lamp", "category": "lighting", "price": 19.90}', True),
        ('{"name": "Lamp", "category": "lighting", "price": "19.9"}', False),
        ('{"name": "Lamp", "category": "lighting", "price": 19.91}', False),
        ('{"name": "Lamp", "price": 19.9}', False),
    ],
)
@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_key_is_bound_to_what_the_body_says_and_not_to_its_bytes(
    client: Any, login: Any, again: str, same: bool
) -> None:
    headers = {**login("editor"), "Idempotency-Key": "k-1", "Content-Type": "application/json"}
    first = client.post("/api/products/", data='{"name":"Lamp","price":19.9,"category":"lighting"}', headers=headers)

    second = client.post("/api/products/", data=again, headers=headers)

    assert (second.status_code, "Idempotent-Replayed" in second.headers) == ((201, True) if same else (422, False))
    assert second.json.get("id", first.json["id"]) == first.json["id"]


@pytest.mark.parametrize("key", ["x" * 256, "é"])
@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_bad_key_is_named(client: Any, login: Any, key: str) -> None:
    answer = client.post("/api/products/", json=BODY, headers={**login("editor"), "Idempotency-Key": key})

    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "Idempotency-Key")
