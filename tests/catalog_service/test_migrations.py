"""What was published before a migration is found after it, and so is what the version before it goes on publishing."""

from typing import Any

import pytest
import sqlalchemy as sa
from catalog_service.models import db

from servicekit import migrations

QUERIES = (
    "", "?ordering=price", "?ordering=-price", "?ordering=name", "?q=lamp", "?q=la&ordering=price", "?q=lamp&ordering=name",
    "?category=Kitchen&currency=EUR&ordering=-price", "?q=lamp&category=Kitchen", "?business=2&min_price=2", "?q=o&business=1",
    "?category=Kitchen&ordering=name", "facets/", "facets/?category=Kitchen", "facets/?business=1&currency=EUR",
    "facets/?q=lamp", "facets/?min_price=1&max_price=4", "facets/?category=Kitchen&min_price=1", "facets/?q=lamp&max_price=3",
)  # fmt: skip


@pytest.fixture
def answers(shop: Any, client: Any) -> Any:
    """answers() -> what the public is told of a few products, question by question."""
    for number in range(6):
        category = ("Kitchen", "Office", "EUR")[number % 3]
        currency = ("EUR", "JPY")[number % 2]
        shop.publish(1 + number % 2, name=f"Lamp {number}", price=f"{number}", category=category, currency=currency)

    def ask() -> dict[str, Any]:
        return {query: client.get(f"/api/products/public/{query}").json for query in QUERIES}

    return ask


def test_listings_are_found_after_the_indexes_were_made_anew(app: Any, answers: Any) -> None:
    from flask_migrate import downgrade

    before = answers()
    migrations.upgrade(app)
    with app.app_context():
        db.session.remove()
        downgrade(directory=migrations.folder(app), revision="0002")
    migrations.upgrade(app)

    assert all(before.values())
    assert answers() == before


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


def test_version_before_may_go_on_publishing(app: Any, answers: Any, engine_name: str) -> None:
    """As they write: groups without totals and numbers, and on PostgreSQL, where both run, no place, keys and labels."""
    from catalog_service import worker

    before = answers()
    with app.app_context(), db.transaction() as session:
        session.execute(sa.text("UPDATE listings SET version = version"))
        session.execute(sa.text("DELETE FROM listing_totals WHERE kind <> 'category'"))
        session.execute(sa.text("UPDATE listing_totals SET listed = listed + 1"))
        session.execute(sa.text("UPDATE listing_groups SET number = NULL"))
        session.execute(sa.text("DELETE FROM listing_places WHERE price_place > 0"))
        session.execute(sa.text("UPDATE listing_places SET price_place = 7"))
        if engine_name == "postgresql":
            write_as_before(session)
    assert answers() != before

    with app.app_context():
        worker.recount()

    assert answers() == before


def test_groups_that_the_version_before_opened_take_further_listings(app: Any, answers: Any, shop: Any) -> None:
    from catalog_service import worker

    answers()
    with app.app_context(), db.transaction() as session:
        session.execute(sa.text("UPDATE listing_groups SET number = NULL"))
        session.execute(sa.text("DELETE FROM listing_places"))
    shop.publish(1, name="Lamp 0", price="9", category="Kitchen", currency="EUR")
    with app.app_context():
        worker.recount()
    found = answers()["facets/?category=Kitchen&min_price=1"]

    assert (found["total"], found["currencies"][0]["max_price"]) == (2, "9.00")


def test_places_that_the_version_before_left_behind_are_taken_again(app: Any, answers: Any, tell: Any) -> None:
    """It takes a suspended business's listings out, and this one puts them back."""
    tell("business.renamed", business_id=1, name="Nordlicht")
    before = answers()
    with app.app_context(), db.transaction() as session:
        left = [dict(row) for row in session.execute(sa.text("SELECT * FROM listing_places")).mappings()]
    tell("business.suspended", business_id=1, name="Nordlicht")
    with app.app_context(), db.transaction() as session:
        session.execute(sa.text("DELETE FROM listing_places"))
        session.execute(sa.text("INSERT INTO listing_places VALUES (:price_place, :group_no)"), left)
    tell("business.restored", business_id=1, name="Nordlicht")

    assert answers() == before


def test_groups_that_the_version_before_opened_anew_are_counted(app: Any, answers: Any) -> None:
    from catalog_service import worker

    before = answers()
    with app.app_context(), db.transaction() as session:
        session.execute(sa.text("UPDATE listings SET version = version"))
        session.execute(sa.text("UPDATE listing_groups SET number = NULL"))
        session.execute(sa.text("UPDATE listing_places SET group_no = group_no + 1000"))
    assert answers() != before

    with app.app_context():
        worker.recount()

    assert answers() == before


def write_as_before(session: Any) -> None:
    kept = (
        "product_id, seq, business_id, version, category, currency, price_minor, price_sort, name_sort, words, document"
    )
    found = session.execute(sa.text(f"SELECT {kept} FROM listings")).mappings().all()
    session.execute(sa.text("DELETE FROM listings"))
    session.execute(sa.text("DELETE FROM listing_search"))
    marks = ", ".join(f":{name}" for name in kept.split(", "))
    session.execute(sa.text(f"INSERT INTO listings ({kept}) VALUES ({marks})"), [dict(row) for row in found])
    session.execute(
        sa.text("INSERT INTO listing_search (seq, words) VALUES (:seq, array_to_tsvector(CAST(:words AS text[])))"),
        [{"seq": row["seq"], "words": row["words"].split(" ")[1:]} for row in found],
    )
