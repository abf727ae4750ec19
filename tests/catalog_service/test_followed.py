"""What auth-service's feed changes here."""

from typing import Any


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


def test_names_of_people_follow_and_go_with_their_account(shop: Any, tell: Any) -> None:
    person = {"user_id": 102, "business_id": 1, "username": "login-name", "role": "editor", "is_active": True}
    product_id = shop.create()
    assert shop.read(product_id).json["created_by_name"] == ""

    tell("user.created", **person, name="Anna Nord", token_version=1)
    assert shop.read(product_id).json["created_by_name"] == "Anna Nord"
    tell("user.deleted", **{**person, "username": "deleted-102"}, name="deleted-102", token_version=2)

    assert shop.read(product_id).json["created_by_name"] == "former member"
