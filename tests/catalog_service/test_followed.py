"""What auth-service's feed changes here."""

from typing import Any

from catalog_service.models import Business, db
from sqlalchemy import delete

from tests.catalog_service.conftest import introduce
from tests.catalog_service.test_races import together


def test_renamed_business_is_renamed_on_every_listing(shop: Any, tell: Any, client: Any) -> None:
    shop.publish()
    assert shop.public()[0]["business_name"] == "Business 1"

    tell("business.created", business_id=1, name="Nordlicht")
    assert shop.public()[0]["business_name"] == "Nordlicht"
    tell("business.renamed", business_id=1, name="Südlicht")

    assert shop.public()[0]["business_name"] == "Südlicht"
    assert client.get("/api/products/public/facets/").json["businesses"] == [{"id": 1, "name": "Südlicht", "count": 1}]


def test_suspended_business_leaves_and_returns_as_it_was(shop: Any, tell: Any) -> None:
    tell("business.created", business_id=1, name="Nordlicht")
    shop.publish(name="First")
    shop.publish(business=2, name="Other")
    shop.publish(name="Third")
    before = shop.public()

    tell("business.suspended", business_id=1, name="Nordlicht")
    assert [one["name"] for one in shop.public()] == ["Other"]
    tell("business.restored", business_id=1, name="Nordlicht")

    assert shop.public() == before
    assert [one["name"] for one in shop.public("?q=first")] == ["First"]


def test_deleted_business_leaves_for_good(shop: Any, tell: Any, client: Any) -> None:
    tell("business.created", business_id=1, name="Nordlicht")
    product_id = shop.publish()

    tell("business.deleted", business_id=1, name="Nordlicht")

    assert shop.public() == shop.public("?q=lamp") == []
    assert client.get(f"/api/products/public/{product_id}/").status_code == 404
    assert client.get("/api/products/public/facets/").json["businesses"] == []


def test_suspension_may_be_the_first_thing_heard_of_a_business(app: Any, shop: Any, client: Any, tell: Any) -> None:
    tell("business.suspended", business_id=3, name="Nordlicht")
    tell("business.restored", business_id=3, name="Nordlicht")
    with app.app_context(), db.transaction() as session:
        introduce(session, 3)
    shop.publish(business=3)

    assert [one["business_name"] for one in shop.public()] == ["Nordlicht"]
    assert [one["name"] for one in client.get("/api/products/public/facets/").json["businesses"]] == ["Nordlicht"]


def test_nothing_is_public_before_the_name_of_its_business_is_known(app: Any, shop: Any, tell: Any) -> None:
    with app.app_context(), db.transaction() as session:
        introduce(session, 3)
        session.execute(delete(Business).filter_by(id=3))
    product_id = shop.create(business=3)
    shop.act("submit", product_id, "editor", 3)

    refused = shop.act("approve", product_id, "approver", 3)
    items = [{"id": product_id, "action": "approve"}]
    bulk = shop.client.post("/api/approvals/bulk/", json={"items": items}, headers=shop.login("approver", 3))

    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "1")
    assert bulk.json["results"][0]["status"] == 503
    assert (shop.public(), shop.read(product_id, business=3).json["status"]) == ([], "pending_approval")
    tell("business.created", business_id=3, name="Nordlicht")
    assert shop.act("approve", product_id, "approver", 3).status_code == 200
    assert [one["business_name"] for one in shop.public()] == ["Nordlicht"]


def test_operator_unpublishing_during_suspension_holds_after_it(
    client: Any, shop: Any, tell: Any, operator: dict[str, str]
) -> None:
    product_id = shop.publish()
    tell("business.suspended", business_id=1, name="Nordlicht")

    assert client.post(f"/api/products/{product_id}/unpublish/", json={}, headers=operator).status_code == 204
    tell("business.restored", business_id=1, name="Nordlicht")

    assert shop.public() == []


def test_publishing_and_suspending_at_once_leave_nothing_public(app: Any, shop: Any, tell: Any, login: Any) -> None:
    for _ in range(4):
        product_id = shop.create()
        shop.act("submit", product_id, "editor")
        address, headers = f"/api/products/{product_id}/approve/", login("approver")

        together(
            lambda address=address, headers=headers: app.test_client().post(address, json={}, headers=headers),
            lambda: tell("business.suspended", business_id=1, name="Nordlicht"),
        )

        assert shop.public() == []
        tell("business.restored", business_id=1, name="Nordlicht")
        app.extensions["verifier"].keys._read_at = float("-inf")
        live = shop.read(product_id).json["live_version"]
        assert (product_id in {one["id"] for one in shop.public()}) == (live is not None)


def test_names_of_people_follow_and_go_with_their_account(shop: Any, tell: Any) -> None:
    person = {"user_id": 102, "business_id": 1, "username": "login-name", "role": "editor", "is_active": True}
    product_id = shop.create()
    assert shop.read(product_id).json["created_by_name"] == ""

    tell("user.created", **person, name="Anna Nord", token_version=1)
    assert shop.read(product_id).json["created_by_name"] == "Anna Nord"
    tell("user.deleted", **{**person, "username": "deleted-102"}, name="deleted-102", token_version=2)

    assert shop.read(product_id).json["created_by_name"] == "former member"
