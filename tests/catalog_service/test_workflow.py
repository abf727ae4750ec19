"""Every row of the workflow, and every refusal."""

from typing import Any

import pytest
from catalog_service.review.workflow import MOVES, Action

REACHED = {
    "draft": [],
    "pending_approval": [("submit", "editor")],
    "approved": [("submit", "editor"), ("approve", "approver")],
    "rejected": [("submit", "editor"), ("reject", "approver")],
}
DECISIONS = ("submit", "withdraw", "approve", "reject", "unpublish", "revert")
ROLES = ("viewer", "second_editor", "second_approver", "admin")
MAY = {
    "submit": {"second_editor", "second_approver", "admin"},
    "withdraw": {"second_editor", "second_approver", "admin"},
    "revert": {"second_editor", "second_approver", "admin"},
    "approve": {"second_approver", "admin"},
    "reject": {"second_approver", "admin"},
    "unpublish": {"second_approver", "admin"},
}


def bring(shop: Any, status: str, **fields: Any) -> int:
    """A product by the editor that has come to this status."""
    product_id = shop.create(**fields)
    for action, by in REACHED[status]:
        assert shop.act(action, product_id, by, **reasoned(action)).status_code == 200
    return product_id


def reasoned(action: str) -> dict[str, str]:
    return {"comment": "because"} if action == "reject" else {}


@pytest.mark.parametrize("status", REACHED)
@pytest.mark.parametrize("action", ["submit", "withdraw", "approve", "reject"])
def test_each_move_of_the_table_and_no_other(shop: Any, status: str, action: str) -> None:
    product_id = bring(shop, status)
    to = MOVES.get((status, Action(action)))

    answer = shop.act(action, product_id, "admin", **reasoned(action))

    if to:
        assert (answer.status_code, answer.json["status"]) == (200, to)
        assert shop.read(product_id).json["status"] == to
    else:
        assert (answer.status_code, answer.json["code"]) == (409, "conflict")
        assert answer.json["allowed_actions"] == shop.read(product_id, "admin").json["allowed_actions"]
        assert shop.read(product_id).json["status"] == status


@pytest.mark.parametrize("status", REACHED)
@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_edit_leads_to_a_new_draft_and_leaves_the_live_revision(shop: Any, status: str) -> None:
    product_id = bring(shop, status)
    live = shop.public()

    answer = shop.change(product_id, name="Better lamp")

    assert (answer.status_code, answer.json["status"], answer.json["version"]) == (200, "draft", 2)
    assert shop.public() == live
    states = [one["state"] for one in shop.revisions(product_id)]
    assert states[0] == "draft"
    assert states[1] == ("withdrawn" if status == "pending_approval" else status)


@pytest.mark.parametrize("status", REACHED)
@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_unpublish_needs_something_published(shop: Any, status: str) -> None:
    product_id = bring(shop, status)

    answer = shop.act("unpublish", product_id, "approver", comment="recall")

    assert answer.status_code == (200 if status == "approved" else 409)
    assert shop.public() == []
    assert shop.read(product_id).json["live_version"] is None


def test_unpublished_product_may_be_submitted_and_approved_again(shop: Any) -> None:
    product_id = bring(shop, "approved")
    shop.act("unpublish", product_id, "approver")

    assert shop.act("submit", product_id, "editor").json["status"] == "pending_approval"
    assert shop.act("approve", product_id, "approver").json["live_version"] == 1
    assert len(shop.public()) == 1


def test_unpublishing_below_a_newer_draft_leaves_the_draft(shop: Any) -> None:
    product_id = bring(shop, "approved")
    shop.change(product_id, name="Better lamp")

    answer = shop.act("unpublish", product_id, "approver")

    assert (answer.json["status"], answer.json["version"], answer.json["live_version"]) == ("draft", 2, None)


@pytest.mark.parametrize("status", REACHED)
@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_delete_archives_from_every_status_and_frees_the_sku(client: Any, shop: Any, login: Any, status: str) -> None:
    product_id = bring(shop, status, sku="L-1")

    assert client.delete(f"{shop.path}{product_id}/", headers=login("second_editor")).status_code == 204

    assert shop.public() == []
    assert shop.read(product_id).status_code == 404
    assert shop.create(sku="L-1") != product_id


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("action", DECISIONS)
@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_roles(shop: Any, role: str, action: str) -> None:
    before = {"submit": "draft", "unpublish": "approved", "revert": "approved"}.get(action, "pending_approval")
    product_id = bring(shop, before)
    if action == "revert":
        shop.change(product_id, name="Better lamp")

    answer = shop.act(action, product_id, role, **reasoned(action))

    assert answer.status_code == (200 if role in MAY[action] else 403)


@pytest.mark.parametrize("action", DECISIONS)
@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_another_business_does_not_exist(shop: Any, action: str) -> None:
    product_id = bring(shop, "pending_approval")

    for body in ({}, {"comment": "x"}, {"nonsense": 1}, {"version": "x"}):
        answer = shop.act(action, product_id, "admin", business=2, **body)
        assert (answer.status_code, answer.json["detail"]) == (404, f"no such {shop.what}")
    assert shop.act(action, 10**30, "admin").status_code == 404
    assert shop.act(action, 999_999, "admin", nonsense=1).status_code == 404
    assert shop.read(product_id).json["status"] == "pending_approval"


@pytest.mark.parametrize("field", ["name", "price", "description", "category", "attributes"])
@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_every_contributor_since_the_last_approval_is_barred(shop: Any, field: str) -> None:
    value = {"attributes": {"a": "b"}, "price": "1.00"}.get(field, "other")
    product_id = shop.create()
    assert shop.change(product_id, by="approver", **{field: value}).status_code == 200
    assert shop.change(product_id, by="editor", name="Last word").status_code == 200
    shop.act("submit", product_id, "editor")

    refused = shop.act("approve", product_id, "approver")

    assert (refused.status_code, refused.json["code"]) == (403, "own_work")
    assert shop.public() == []
    assert "approve" not in shop.read(product_id, "approver").json["allowed_actions"]
    assert shop.act("approve", product_id, "second_approver").status_code == 200
    # From here on the count begins anew.
    shop.change(product_id, by="editor", name="Newer")
    shop.act("submit", product_id, "editor")
    assert shop.act("approve", product_id, "approver").status_code == 200


def test_contributors_stay_barred_after_their_work_was_unpublished(shop: Any) -> None:
    product_id = shop.create(by="approver")
    shop.act("submit", product_id, "editor")
    shop.act("approve", product_id, "second_approver")
    shop.act("unpublish", product_id, "second_approver")
    shop.act("submit", product_id, "editor")

    assert shop.act("approve", product_id, "approver").status_code == 403


def test_rejection_needs_a_comment_and_keeps_it(shop: Any) -> None:
    product_id = bring(shop, "pending_approval")

    for body in ({}, {"comment": ""}, {"comment": "  "}):
        refused = shop.act("reject", product_id, "approver", **body)
        assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "comment")
    assert shop.act("reject", product_id, "approver", comment="too dark:\n- the lamp\n- the photo").status_code == 200

    assert shop.history(product_id)[-1]["comment"] == "too dark:\n- the lamp\n- the photo"


def test_operator_unpublishes_in_any_business_and_reads_no_draft(client: Any, shop: Any, operator: Any) -> None:
    product_id = bring(shop, "approved")

    assert client.get(f"{shop.path}{product_id}/", headers=operator).status_code == 403
    answer = client.post(f"{shop.path}{product_id}/unpublish/", json={"comment": "illegal"}, headers=operator)

    assert (answer.status_code, answer.data) == (204, b"")
    assert shop.public() == []
    assert shop.history(product_id)[-1]["action"] == "unpublish"
    for action in ("submit", "approve", "reject", "withdraw", "revert"):
        answer = client.post(f"{shop.path}{product_id}/{action}/", json={}, headers=operator)
        assert answer.status_code == 403


def test_operator_learns_nothing_of_a_draft_from_a_refusal(client: Any, shop: Any, operator: Any) -> None:
    product_id = bring(shop, "approved")
    shop.change(product_id, name="Secret successor")
    shop.act("submit", product_id, "editor")
    address = f"{shop.path}{product_id}/unpublish/"

    for seen in (2, 7):
        refused = client.post(address, json={"version": seen}, headers=operator)
        assert (refused.status_code, refused.json["code"], refused.json["version"]) == (409, "stale_version", 1)
        assert "Secret" not in refused.text
        assert "diff" not in refused.json
    assert client.post(address, json={"version": 1}, headers=operator).status_code == 204
    again = client.post(address, json={}, headers=operator)
    assert (again.status_code, "status_now" in again.json) == (409, False)


def test_unpublishing_is_bound_to_the_published_version(shop: Any) -> None:
    product_id = bring(shop, "approved")
    shop.change(product_id, name="Successor")

    refused = shop.act("unpublish", product_id, "approver", version=2)
    assert (refused.status_code, refused.json["version"]) == (409, 1)
    assert refused.json["diff"] == [{"field": "name", "old": "Successor", "new": "Lamp"}]
    assert shop.act("unpublish", product_id, "approver", version=1).json["live_version"] is None


@pytest.mark.parametrize("binding", ["version", "If-Match"])
def test_decision_about_something_else_than_was_seen_is_refused(
    client: Any, shop: Any, login: Any, binding: str
) -> None:
    product_id = bring(shop, "pending_approval")
    seen = shop.read(product_id, "approver")
    shop.change(product_id, price="24.90")
    shop.act("submit", product_id, "editor")
    body, headers = (
        ({"version": seen.json["version"]}, {}) if binding == "version" else ({}, {"If-Match": seen.headers["ETag"]})
    )

    answer = client.post(f"{shop.path}{product_id}/approve/", json=body, headers={**login("approver"), **headers})

    assert answer.status_code == (409 if binding == "version" else 412)
    if binding == "version":
        assert answer.json["diff"] == [{"field": "price", "old": "19.90", "new": "24.90", "change_percent": "+25.13"}]
        assert answer.json["version"] == 2
    assert shop.public() == []
    assert shop.act("approve", product_id, "approver", version=2).status_code == 200


def resubmitted(shop: Any) -> int:
    """A product that waited at 19.90, was taken back for an edit, and waits at 9999.00."""
    product_id = bring(shop, "pending_approval")
    shop.change(product_id, price="9999.00")
    assert shop.act("submit", product_id, "editor").status_code == 200
    return product_id


@pytest.mark.parametrize("action", ["approve", "reject"])
def test_decision_that_names_nothing_is_refused_where_another_revision_has_waited(
    client: Any, shop: Any, login: Any, action: str
) -> None:
    product_id, other = resubmitted(shop), bring(shop, "pending_approval")

    refused = shop.act(action, product_id, "approver", comment="because")

    assert (refused.status_code, refused.json["code"]) == (428, "precondition_required")
    assert [error["field"] for error in refused.json["errors"]] == ["version", "If-Match"]
    address, headers = f"{shop.path}{product_id}/{action}/", {**login("approver"), "If-Match": "*"}
    assert client.post(address, json={"comment": "because"}, headers=headers).status_code == 428
    items = [
        {"type": shop.what, "id": number, "action": action, "comment": "because"} for number in (product_id, other)
    ]
    bulk = client.post("/api/approvals/bulk/", json={"items": items}, headers=login("approver"))
    assert [one["status"] for one in bulk.json["results"]] == [428, 200]
    assert [error["field"] for error in bulk.json["results"][0]["problem"]["errors"]] == ["version", "If-Match"]
    assert shop.read(product_id).json["status"] == "pending_approval"
    assert shop.act(action, product_id, "approver", comment="because", version=2).status_code == 200


def test_decision_by_tag_names_what_was_seen(client: Any, shop: Any, login: Any) -> None:
    product_id = resubmitted(shop)
    headers = {**login("approver"), "If-Match": shop.read(product_id).headers["ETag"]}

    assert client.post(f"{shop.path}{product_id}/approve/", json={}, headers=headers).status_code == 200


@pytest.mark.parametrize(
    "path", ["withdrawn and offered again", "edited before", "decided in between", "published by policy"]
)
def test_decision_may_name_nothing_where_whoever_saw_it_waiting_saw_this(
    client: Any, shop: Any, login: Any, path: str
) -> None:
    """The original's clients send nothing."""
    product_id = shop.create()
    if path == "edited before":
        shop.change(product_id, price="1.00")
    shop.act("submit", product_id, "editor")
    if path == "withdrawn and offered again":
        shop.act("withdraw", product_id, "editor")
        shop.act("submit", product_id, "editor")
    elif path == "decided in between":
        shop.act("reject", product_id, "approver", comment="because")
        shop.change(product_id, price="1.00")
        shop.act("submit", product_id, "editor")
    elif path == "published by policy":
        shop.act("approve", product_id, "approver")
        client.put("/api/products/policy/", json={"skip_review": ["description"]}, headers=login("admin"))
        shop.change(product_id, description="Skips.")
        assert shop.act("submit", product_id, "editor").json["status"] == "approved"
        shop.change(product_id, name="Reviewed")
        shop.act("submit", product_id, "editor")

    assert shop.act("approve", product_id, "approver").status_code == 200


STATUS_IN_BODY = [
    ("draft", "draft", "editor", 200, "draft"),
    ("draft", "pending_approval", "editor", 200, "pending_approval"),
    ("rejected", "pending_approval", "editor", 200, "pending_approval"),
    ("rejected", "rejected", "editor", 200, "rejected"),
    ("rejected", "draft", "editor", 409, "rejected"),
    ("pending_approval", "draft", "editor", 200, "draft"),
    ("pending_approval", "pending_approval", "editor", 200, "pending_approval"),
    ("pending_approval", "approved", "editor", 403, "pending_approval"),
    ("pending_approval", "approved", "approver", 409, "pending_approval"),
    ("pending_approval", "rejected", "editor", 403, "pending_approval"),
    ("pending_approval", "rejected", "approver", 409, "pending_approval"),
    ("draft", "approved", "editor", 403, "draft"),
    ("draft", "approved", "approver", 409, "draft"),
    ("approved", "approved", "editor", 200, "approved"),
    ("approved", "draft", "editor", 409, "approved"),
    ("approved", "pending_approval", "editor", 409, "approved"),
    ("draft", "published", "editor", 422, "draft"),
    ("draft", "withdrawn", "editor", 422, "draft"),
]


@pytest.mark.parametrize(("before", "wished", "role", "code", "after"), STATUS_IN_BODY)
@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_status_in_a_body(shop: Any, before: str, wished: str, role: str, code: int, after: str) -> None:
    product_id = bring(shop, before)

    answer = shop.change(product_id, by=role, status=wished)

    assert answer.status_code == code, answer.json
    if code == 409 and wished == "approved":
        assert f"{shop.path}{product_id}/approve/" in answer.json["detail"]
    assert shop.read(product_id).json["status"] == after


def test_status_together_with_content(shop: Any) -> None:
    product_id = bring(shop, "approved")
    assert shop.change(product_id, name="A", status="approved").json["status"] == "draft"
    assert shop.change(product_id, name="B", status="pending_approval").json["status"] == "pending_approval"
    assert shop.change(product_id, name="C", status="pending_approval").json["status"] == "draft"
    assert shop.change(product_id, name="D", status="draft").json["status"] == "draft"


@pytest.mark.parametrize(
    ("role", "status", "code", "becomes"),
    [
        ("editor", "draft", 201, "draft"),
        ("editor", "pending_approval", 201, "pending_approval"),
        ("editor", "approved", 403, None),
        ("admin", "approved", 409, None),
        ("admin", "rejected", 409, None),
        ("viewer", "draft", 403, None),
    ],
)
@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_status_at_creation(
    client: Any, shop: Any, login: Any, role: str, status: str, code: int, becomes: str | None
) -> None:
    body = {"name": "Lamp", "price": "1.00", "status": status}

    answer = client.post("/api/products/", json=body, headers=login(role))

    assert answer.status_code == code
    assert answer.json.get("status") == (becomes or code)
    # No product was made, so none has an address.
    assert becomes or "/api/products/" not in answer.json["detail"]
    assert len(client.get("/api/products/", headers=login("viewer")).json) == (1 if becomes else 0)


def test_write_that_changes_nothing_makes_no_revision(shop: Any) -> None:
    product_id = bring(shop, "approved")
    before = shop.read(product_id).json

    answer = shop.change(product_id, by="approver", name=before["name"], price=before["price"], version=1)

    assert answer.json["version"] == 1
    assert answer.json["updated_at"] == before["updated_at"]
    assert shop.read(product_id).json == before


def test_no_token_and_forged_token_are_refused(client: Any, shop: Any) -> None:
    product_id = bring(shop, "pending_approval")

    for headers in ({}, {"Authorization": "Bearer x.y.z"}, {"Authorization": "Basic eDp5"}):
        answer = client.post(f"{shop.path}{product_id}/approve/", json={}, headers=headers)
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert client.get("/api/products/public/", headers={"Authorization": "Bearer x.y.z"}).status_code == 401
