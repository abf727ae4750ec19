"""What was published before a migration is found after it."""

from typing import Any

import sqlalchemy as sa
from catalog_service.models import db

from servicekit import migrations

QUERIES = (
    "", "?ordering=price", "?ordering=-price", "?ordering=name", "?q=lamp", "?q=la&ordering=price", "?q=lamp&ordering=name",
    "?category=Kitchen&currency=EUR&ordering=-price", "?q=lamp&category=Kitchen", "?business=2&min_price=2&currency=JPY",
    "?category=Kitchen&ordering=name", "facets/", "facets/?category=Kitchen", "facets/?business=1&currency=EUR",
    "facets/?q=lamp", "facets/?min_price=1&max_price=4", "facets/?category=Kitchen&min_price=1", "facets/?q=lamp&max_price=3",
)  # fmt: skip


def test_listings_are_found_after_the_tables_were_made_anew(app: Any, client: Any, shop: Any, tell: Any) -> None:
    from flask_migrate import downgrade

    def answers() -> dict[str, Any]:
        shop.index()
        return {query: client.get(f"/api/products/public/{query}").json for query in QUERIES}

    for number in range(6):
        category, currency = ("Kitchen", "Office", "EUR")[number % 3], ("EUR", "JPY")[number % 2]
        shop.publish(1 + number % 2, name=f"Lamp {number}", price=f"{number}", category=category, currency=currency)
    before = answers()
    migrations.upgrade(app)
    with app.app_context():
        db.session.remove()
        downgrade(directory=migrations.folder(app), revision="0002")
    migrations.upgrade(app)

    assert all(before.values())
    assert answers() == before


def test_businesses_in_between_are_told_of_anew(app: Any, client: Any, shop: Any, tell: Any) -> None:
    """A version before this one was stopped while it hid one business and put another back."""
    from flask_migrate import downgrade

    for business in (1, 2):
        shop.publish(business)
    tell("business.suspended", business_id=1, name="Nordlicht")
    migrations.upgrade(app)
    with app.app_context():
        db.session.remove()
        downgrade(directory=migrations.folder(app), revision="0009")
        with db.transaction() as session:
            session.execute(sa.text("DELETE FROM listing_marks"))
            session.execute(
                sa.text("INSERT INTO listing_marks (business_id, is_hidden, after) VALUES (1, :yes, 0), (2, :yes, 7)"),
                {"yes": True},
            )
    migrations.upgrade(app)

    assert [one["business"] for one in shop.public()] == [2]
    tell("business.restored", business_id=1, name="Nordlicht")
    assert {one["business"] for one in shop.public("?q=lamp")} == {1, 2}


def test_skus_that_were_published_before_are_held_after_it(app: Any, shop: Any) -> None:
    from flask_migrate import downgrade

    product_id, other = shop.publish(sku="L-1"), shop.create()
    shop.change(product_id, sku="L-2")
    migrations.upgrade(app)
    with app.app_context():
        db.session.remove()
        downgrade(directory=migrations.folder(app), revision="0007")
    migrations.upgrade(app)

    assert shop.change(other, sku="L-1").status_code == 409


def test_of_skus_that_looked_alike_before_the_published_one_keeps_its_key(app: Any, shop: Any) -> None:
    from flask_migrate import downgrade

    oldest, published, alone = shop.create(sku="a"), shop.publish(sku="b"), shop.create(sku="L-2")
    migrations.upgrade(app)
    with app.app_context():
        db.session.remove()
        downgrade(directory=migrations.folder(app), revision="0011")
    with app.app_context(), db.transaction() as session:
        session.execute(sa.text("UPDATE products SET sku = 'L-1' WHERE id = :id"), {"id": oldest})
        session.execute(sa.text("UPDATE products SET sku = 'l-1', live_sku = 'b' WHERE id = :id"), {"id": published})
    migrations.upgrade(app)

    with app.app_context():
        keys = dict(db.session.execute(sa.text("SELECT id, sku_key FROM products")).tuples().all())
    assert keys == {oldest: None, published: "l-l", alone: "l-2"}
    other = shop.create()
    for taken in ("L-1", "B", "l-2"):
        assert shop.change(other, sku=taken).status_code == 409
