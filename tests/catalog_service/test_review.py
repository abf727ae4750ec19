"""What approvers work with: the queue, differences, history, bulk decisions, revert, policy."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from catalog_service.models import Product, Revocation, db

from tests.catalog_service.test_one_person import person


def test_queue_is_oldest_first_with_waiting_time(app: Any, client: Any, shop: Any, login: Any) -> None:
    ids = [shop.create(name=f"Lamp {number}") for number in range(3)]
    for product_id in (ids[2], ids[0], ids[1]):
        shop.act("submit", product_id, "editor", comment=f"number {product_id}")
    shop.create(name="A draft")
    with app.app_context(), db.transaction() as session:
        oldest = session.get(Product, ids[2])
        oldest.submitted_at -= timedelta(hours=1)

    found = client.get("/api/approvals/", headers=login("approver")).json

    assert [one["id"] for one in found] == [ids[2], ids[0], ids[1]]
    assert 3600 <= found[0]["waiting_seconds"] < 3700
    assert found[0]["comment"] == f"number {ids[2]}"
    assert "approve" in found[0]["allowed_actions"]
    assert [one["id"] for one in shop.pages("/api/approvals/?page_size=1", "approver")] == [ids[2], ids[0], ids[1]]
    assert client.get("/api/approvals/", headers=login("approver", 2)).json == []
    assert client.get("/api/approvals/", headers=login("editor")).status_code == 403


def test_queue_filters_and_leaves_out_own_work(client: Any, shop: Any, login: Any) -> None:
    mine = shop.create(by="approver", name="Red kettle", category="Kitchen")
    other = shop.create(name="Blue lamp", category="Lighting")
    for product_id in (mine, other):
        shop.act("submit", product_id, "editor")

    def ids(query: str) -> list[int]:
        return [one["id"] for one in client.get(f"/api/approvals/?{query}", headers=login("approver")).json]

    assert ids("") == [mine, other]
    assert ids("q=kettle") == [mine]
    assert ids("category=Lighting") == [other]
    assert ids("submitted_by=102") == [mine, other]
    assert ids("submitted_by=7") == []
    assert ids("decidable=true") == [other]


def test_queue_of_what_can_be_decided_has_full_pages(client: Any, shop: Any, login: Any) -> None:
    for by in ("approver", "approver", "editor", "approver", "admin"):
        shop.act("submit", shop.create(by=by), "editor")
    written_by_both = shop.create(by="approver")
    shop.change(written_by_both, by="editor", name="Another")
    shop.act("submit", written_by_both, "editor")

    page = client.get("/api/approvals/?decidable=true&page_size=1", headers=login("approver"))
    whole = shop.pages("/api/approvals/?decidable=true&page_size=1", "approver")

    assert len(page.json) == 1
    assert [one["created_by"] for one in whole] == [102, 104]
    assert all("approve" in one["allowed_actions"] for one in whole)
    assert len(shop.pages("/api/approvals/?decidable=true", "second_approver")) == 6
    set_policy(client, login, allow_self_approval=True)
    assert len(shop.pages("/api/approvals/?decidable=true&page_size=4", "approver")) == 6


def test_difference_is_by_field_with_the_price_in_per_cent(client: Any, shop: Any, login: Any) -> None:
    product_id = shop.publish(price="20.00", attributes={"colour": "red", "size": "L"}, description="old")
    shop.change(product_id, price="25.00", attributes={"colour": "blue", "weight": "1"}, description="new")

    found = client.get(f"/api/products/{product_id}/diff/", headers=login("viewer")).json

    assert (found["from"], found["to"], found["price_change_percent"]) == (1, 2, "+25.00")
    assert {one["field"]: (one["old"], one["new"]) for one in found["changes"]} == {
        "description": ("old", "new"),
        "price": ("20.00", "25.00"),
        "attributes.colour": ("red", "blue"),
        "attributes.size": ("L", None),
        "attributes.weight": (None, "1"),
    }
    back = client.get(f"/api/products/{product_id}/diff/?from=2&to=1", headers=login("viewer")).json
    assert back["price_change_percent"] == "-20.00"
    missing = client.get(f"/api/products/{product_id}/diff/?from=9", headers=login("viewer"))
    assert (missing.status_code, missing.json["errors"][0]["field"]) == (422, "from")


def test_difference_marks_what_cannot_be_seen(client: Any, shop: Any, login: Any) -> None:
    product_id = shop.publish(description="100 g\nof tea", category="Tea")
    shop.change(product_id, description="100\u200b g\nof \u202eaet", category="Teas")

    found = client.get(f"/api/products/{product_id}/diff/", headers=login("viewer")).json["changes"]

    changes = {one["field"]: one for one in found}
    assert changes["description"]["marked"] == {
        "old": [{"text": "100 g\nof tea"}],
        "new": [
            {"text": "100"},
            {"mark": "U+200B ZERO WIDTH SPACE"},
            {"text": " g\nof "},
            {"mark": "U+202E RIGHT-TO-LEFT OVERRIDE"},
            {"text": "aet"},
        ],
    }
    assert "marked" not in changes["category"]
    refused = shop.act("unpublish", product_id, "approver", version=2)
    assert refused.json["diff"][0]["marked"]["old"][1] == {"mark": "U+200B ZERO WIDTH SPACE"}


def test_people_of_one_name_are_told_apart_by_their_user_names(client: Any, shop: Any, login: Any, tell: Any) -> None:
    for user_id in (102, 103):
        tell("user.changed", **person(user_id, name="Anna Nord", controllers=[]))
    product_id = shop.create()
    shop.act("submit", product_id, "editor")
    waiting = client.get("/api/approvals/", headers=login("approver")).json[0]
    shop.act("approve", product_id, "approver")
    comment = client.post(f"/api/products/{product_id}/comments/", json={"comment": "x"}, headers=login("editor"))

    [revision] = shop.revisions(product_id)
    roles = ("author", "submitted_by", "decided_by")
    assert [revision[f"{role}_name"] for role in roles] == ["Anna Nord"] * 3
    assert [revision[f"{role}_username"] for role in roles] == ["user-102", "user-102", "user-103"]
    assert [one["actor_username"] for one in shop.history(product_id)] == [
        "user-102",
        "user-102",
        "user-103",
        "user-102",
    ]
    assert (waiting["submitted_by_username"], waiting["created_by_username"]) == ("user-102", "user-102")
    assert comment.json["actor_username"] == "user-102"


def test_difference_of_a_new_product_is_from_nothing(client: Any, shop: Any, login: Any) -> None:
    found = client.get(f"/api/products/{shop.create()}/diff/", headers=login("viewer")).json

    assert found["from"] is None
    assert {"field": "name", "old": None, "new": "Lamp"} in found["changes"]


def test_thread_of_comments_outlives_resubmission(client: Any, shop: Any, login: Any) -> None:
    product_id = shop.create()
    shop.act("submit", product_id, "editor", comment="first try")
    shop.act("reject", product_id, "approver", comment="too dark")
    client.post(f"/api/products/{product_id}/comments/", json={"comment": "on it"}, headers=login("editor"))
    shop.change(product_id, description="brighter")
    shop.act("submit", product_id, "editor", comment="second try")
    shop.act("approve", product_id, "approver", comment="lovely")

    comments = [one["comment"] for one in shop.history(product_id) if one["comment"]]

    assert comments == ["first try", "too dark", "on it", "second try", "lovely"]
    assert shop.pages(f"/api/products/{product_id}/history/?page_size=2", "viewer") == shop.history(product_id)


def test_resubmitted_revision_is_undecided_again(client: Any, shop: Any, login: Any) -> None:
    set_policy(client, login, allow_self_approval=True)
    product_id = shop.create(by="approver")
    for action in ("submit", "approve", "unpublish", "submit"):
        assert shop.act(action, product_id, "approver").status_code == 200

    [waiting] = shop.revisions(product_id)

    assert (waiting["state"], waiting["decided_by"], waiting["decided_at"]) == ("pending_approval", None, None)
    assert waiting["self_approved"] is False
    assert shop.history(product_id)[2]["details"] == {"self_approved": True}


def test_bulk_decides_each_item_by_itself(client: Any, shop: Any, login: Any) -> None:
    good, bad, own, draft, foreign, stale = (
        shop.create(),
        shop.create(),
        shop.create(by="approver"),
        shop.create(),
        shop.create(business=2),
        shop.create(),
    )
    for product_id in (good, bad, own, stale):
        shop.act("submit", product_id, "editor")
    items = [
        {"id": good, "action": "approve", "version": 1},
        {"id": bad, "action": "reject", "comment": "no"},
        {"id": own, "action": "approve"},
        {"id": draft, "action": "approve"},
        {"id": foreign, "action": "approve"},
        {"id": stale, "action": "approve", "version": 3},
        {"id": 999_999, "action": "approve"},
    ]

    answer = client.post("/api/approvals/bulk/", json={"items": items}, headers=login("approver"))

    assert answer.status_code == 200
    results = answer.json["results"]
    assert [(one["id"], one["status"]) for one in results] == [
        (good, 200),
        (bad, 200),
        (own, 403),
        (draft, 409),
        (foreign, 404),
        (stale, 409),
        (999_999, 404),
    ]
    assert results[5]["problem"]["code"] == "stale_version"
    assert [one["id"] for one in shop.public()] == [good]
    assert shop.read(bad).json["status"] == "rejected"


def test_item_that_fails_half_way_leaves_nothing_and_loses_no_other(
    app: Any, client: Any, shop: Any, login: Any, tell: Any
) -> None:
    failing, good = shop.create(), shop.create()
    for product_id in (failing, good):
        shop.act("submit", product_id, "editor")
    tell("business.suspended", business_id=1, name="Nordlicht")
    with app.app_context(), db.transaction() as session:
        # The people of a suspended business are refused as well; here they go on for a moment.
        session.execute(sa.delete(Revocation))
    items = [{"id": failing, "action": "approve"}, {"id": good, "action": "reject", "comment": "no"}]

    answer = client.post("/api/approvals/bulk/", json={"items": items}, headers=login("approver"))

    first, second = answer.json["results"]
    assert (first["status"], first["problem"]["code"], second["status"]) == (409, "suspended", 200)
    assert shop.read(failing).json["status"] == "pending_approval"
    assert [one["action"] for one in shop.history(failing)] == ["create", "submit"]
    assert shop.history(good)[-1]["action"] == "reject"


BAD_ITEMS = [
    ({"action": "publish"}, "action"),
    ({"action": "reject"}, "comment"),
    ({"action": "reject", "comment": " "}, "comment"),
    ({"action": "approve", "version": "1"}, "version"),
    ({"action": "approve", "colour": "red"}, "colour"),
    ({}, "action"),
]


@pytest.mark.parametrize(("bad", "field"), BAD_ITEMS)
@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_bad_item_of_a_bulk_decision_holds_nothing_up(
    client: Any, shop: Any, login: Any, bad: dict[str, Any], field: str
) -> None:
    first, second, third = (shop.create() for _ in range(3))
    for product_id in (first, second, third):
        shop.act("submit", product_id, "editor")
    items = [{"id": first, "action": "approve"}, {"id": second, **bad}, {"id": third, "action": "approve"}]

    answer = client.post("/api/approvals/bulk/", json={"items": items}, headers=login("approver"))

    results = answer.json["results"]
    assert [(one["id"], one["status"]) for one in results] == [(first, 200), (second, 422), (third, 200)]
    assert [error["field"] for error in results[1]["problem"]["errors"]] == [field]
    assert shop.read(second).json["status"] == "pending_approval"


def test_item_given_twice_counts_once(client: Any, shop: Any, login: Any) -> None:
    twice, other = shop.create(), shop.create()
    for product_id in (twice, other):
        shop.act("submit", product_id, "editor")
    items = [{"id": number, "action": "approve"} for number in (twice, twice, other)]

    answer = client.post("/api/approvals/bulk/", json={"items": items}, headers=login("approver"))

    assert [one["status"] for one in answer.json["results"]] == [200, 422, 200]
    assert answer.json["results"][1]["problem"]["errors"][0]["field"] == "id"
    assert [one["action"] for one in shop.history(twice)] == ["create", "submit", "approve"]


@pytest.mark.parametrize(
    "item",
    [
        None,
        5,
        "x",
        [],
        {"id": "1", "action": "approve"},
        {"id": True, "action": "approve"},
        {"id": 10**400, "action": "approve"},
        {"id": 0, "action": "approve"},
        {"type": [], "id": "x"},
        {"id": {}},
    ],
)
@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_what_names_no_product_is_refused_in_its_place(client: Any, login: Any, item: Any) -> None:
    answer = client.post("/api/approvals/bulk/", json={"items": [item]}, headers=login("approver"))

    [result] = answer.json["results"]
    assert (answer.status_code, result["id"], result["status"]) == (200, None, 422)


@pytest.mark.parametrize("items", [[], [{"id": n, "action": "approve"} for n in range(1, 102)], {}, None])
@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_bulk_of_nothing_or_too_much_is_refused_whole(client: Any, login: Any, items: Any) -> None:
    answer = client.post("/api/approvals/bulk/", json={"items": items}, headers=login("approver"))

    assert answer.status_code == 422
    assert answer.json["errors"][0]["field"].startswith("items")


def test_revert_is_a_new_revision_to_be_approved(shop: Any) -> None:
    product_id = shop.publish(name="First")
    shop.change(product_id, name="Second")
    shop.approve(product_id)

    answer = shop.act("revert", product_id, "editor", version=1)

    assert (answer.json["name"], answer.json["version"], answer.json["status"]) == ("First", 3, "draft")
    assert shop.public()[0]["name"] == "Second"
    shop.approve(product_id)
    assert shop.public()[0]["name"] == "First"
    assert shop.history(product_id)[-3]["details"] == {"to": 1}


def test_revert_without_a_version_goes_back_to_what_is_published(shop: Any) -> None:
    product_id = shop.publish(name="First")
    assert shop.act("revert", product_id, "editor").status_code == 409
    shop.change(product_id, name="Second")

    assert shop.act("revert", product_id, "editor").json["name"] == "First"
    refused = shop.act("revert", product_id, "editor", version=77)
    assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "version")
    assert shop.act("revert", shop.create(), "editor").status_code == 422


def test_revert_bars_those_who_wrote_what_returns(shop: Any) -> None:
    product_id = shop.create(by="approver", name="By the approver")
    shop.change(product_id, by="editor", name="By the editor")
    shop.act("submit", product_id, "editor")
    shop.act("approve", product_id, "second_approver")
    shop.act("revert", product_id, "editor", version=1)
    shop.act("submit", product_id, "editor")

    assert shop.act("approve", product_id, "approver").status_code == 403
    assert shop.act("approve", product_id, "second_approver").status_code == 200


def set_policy(client: Any, login: Any, by: str = "admin", **wishes: Any) -> Any:
    return client.put("/api/products/policy/", json=wishes, headers=login(by))


def test_policy_belongs_to_the_admin_and_is_logged(app: Any, client: Any, login: Any) -> None:
    strict = {"allow_self_approval": False, "skip_review": [], "reserve_live_deletion": False}
    assert client.get("/api/products/policy/", headers=login("admin")).json == strict
    assert client.get("/api/products/policy/", headers=login("approver")).status_code == 403
    assert set_policy(client, login, "approver", allow_self_approval=True).status_code == 403

    answer = set_policy(client, login, allow_self_approval=True)

    assert answer.json == {**strict, "allow_self_approval": True}
    assert client.get("/api/products/policy/", headers=login("admin", 2)).json == strict
    with app.app_context():
        details = db.session.scalar(sa.text("SELECT details FROM decisions WHERE action = 'policy'"))
    assert "allow_self_approval" in str(details)


def test_policy_is_changed_by_one_of_two_who_read_it(app: Any, client: Any, login: Any) -> None:
    read = client.get("/api/products/policy/", headers=login("admin"))
    headers = {**login("admin"), "If-Match": read.headers["ETag"], "Idempotency-Key": "p"}

    first = client.put("/api/products/policy/", json={"allow_self_approval": True}, headers=headers)
    again = client.put("/api/products/policy/", json={"allow_self_approval": True}, headers=headers)
    other = {**headers, "Idempotency-Key": "q"}
    second = client.put("/api/products/policy/", json={"skip_review": ["price"]}, headers=other)
    set_policy(client, login, allow_self_approval=True)

    assert (first.status_code, again.headers["Idempotent-Replayed"], second.status_code) == (200, "true", 412)
    assert client.get("/api/products/policy/", headers=login("admin")).headers["ETag"] == first.headers["ETag"]
    with app.app_context():
        # One change, one entry: neither the repetition nor the wish for what holds already is one.
        assert db.session.scalar(sa.text("SELECT count(*) FROM decisions")) == 1


def test_comment_on_what_has_changed_may_be_refused(client: Any, shop: Any, login: Any) -> None:
    product_id = shop.create()
    stale = {**login("editor"), "If-Match": shop.read(product_id).headers["ETag"]}
    shop.change(product_id, name="Other")

    answer = client.post(f"/api/products/{product_id}/comments/", json={"comment": "nice"}, headers=stale)

    assert answer.status_code == 412
    assert "comment" not in [one["action"] for one in shop.history(product_id)]


def test_fields_of_a_policy_are_a_set(app: Any, client: Any, login: Any) -> None:
    first = set_policy(client, login, skip_review=["sku", "price", "sku"] * 100)
    again = set_policy(client, login, skip_review=["sku", "price"])

    assert first.json["skip_review"] == ["price", "sku"]
    assert (again.json, again.headers["ETag"]) == (first.json, first.headers["ETag"])
    with app.app_context():
        assert db.session.scalar(sa.text("SELECT count(*) FROM decisions")) == 1


@pytest.mark.parametrize(
    ("wishes", "field"),
    [
        ({"allow_self_approval": 1}, "allow_self_approval"),
        ({"skip_review": ["name"]}, "skip_review.0"),
        ({"skip_review": "price"}, "skip_review"),
        ({"skip_everything": True}, "skip_everything"),
    ],
)
@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_bad_policy_is_named(client: Any, login: Any, wishes: Any, field: str) -> None:
    answer = set_policy(client, login, **wishes)

    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, field)


def test_self_approval_where_allowed_is_marked(client: Any, shop: Any, login: Any) -> None:
    set_policy(client, login, allow_self_approval=True)
    own, others = shop.create(by="approver"), shop.create()
    for product_id in (own, others):
        shop.act("submit", product_id, "approver")
        assert shop.act("approve", product_id, "approver").status_code == 200

    assert shop.revisions(own)[0]["self_approved"] is True
    assert shop.history(own)[-1]["details"] == {"self_approved": True}
    assert shop.revisions(others)[0]["self_approved"] is False


SKIPPING = [
    ({"description": "new"}, "approved"),
    ({"category": "new"}, "pending_approval"),
    ({"name": "new"}, "pending_approval"),
    ({"price": "19.89"}, "approved"),
    ({"price": "19.91"}, "pending_approval"),
    ({"price": "19.89", "description": "new"}, "approved"),
    ({"price": "1.00", "name": "new"}, "pending_approval"),
    ({"price": "1.00", "currency": "USD"}, "pending_approval"),
    ({"price": "19.90", "currency": "USD"}, "pending_approval"),
    ({"sku": "new"}, "pending_approval"),
]


@pytest.mark.parametrize(("change", "status"), SKIPPING)
@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_policy_lets_named_fields_skip_review_but_no_price_rise(
    client: Any, shop: Any, login: Any, change: dict[str, str], status: str
) -> None:
    product_id = shop.publish()
    set_policy(client, login, skip_review=["price", "description"])

    assert shop.change(product_id, **change).json["status"] == "draft"
    answer = shop.act("submit", product_id, "editor")

    assert answer.json["status"] == status
    live = client.get(f"/api/products/public/{product_id}/").json
    assert live["version"] == (2 if status == "approved" else 1)
    if status == "approved":
        assert shop.history(product_id)[-1]["details"] == {"by_policy": True}


def test_new_product_never_skips_review_and_skipping_clears_nobody(client: Any, shop: Any, login: Any) -> None:
    set_policy(client, login, skip_review=["description"])
    product_id = shop.create()
    assert shop.act("submit", product_id, "editor").json["status"] == "pending_approval"
    shop.act("approve", product_id, "approver")

    shop.change(product_id, by="approver", description="mine")
    assert shop.act("submit", product_id, "editor").json["status"] == "approved"
    shop.change(product_id, by="editor", name="More")
    shop.act("submit", product_id, "editor")

    # Nobody looked at the approver's own words yet, so they still count as theirs.
    assert shop.act("approve", product_id, "approver").status_code == 403
    assert shop.act("approve", product_id, "second_approver").status_code == 200


def test_deletion_of_live_products_may_be_reserved(client: Any, shop: Any, login: Any) -> None:
    set_policy(client, login, reserve_live_deletion=True)
    live, draft = shop.publish(), shop.create()

    assert client.delete(f"/api/products/{draft}/", headers=login("editor")).status_code == 204
    assert client.delete(f"/api/products/{live}/", headers=login("editor")).status_code == 403
    assert "delete" not in shop.read(live, "editor").json["allowed_actions"]
    assert client.delete(f"/api/products/{live}/", headers=login("approver")).status_code == 204
