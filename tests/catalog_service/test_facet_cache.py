"""Facets are counted apart from all else, and remembered until anything public changes."""

import threading
import time
from sys import getsizeof
from typing import Any

import pytest
import sqlalchemy as sa
from catalog_service.models import ListingMark, ListingVersion, db
from catalog_service.search.facet_cache import MAX_BYTES, Cache
from catalog_service.search.filters import Filters

from servicekit import bulkhead

FACETS = "/api/products/public/facets/"


def test_counting_leaves_threads_to_everything_else(
    app: Any, client: Any, shop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two of four threads may count and one may wait; who comes then is told when to return, and nobody else notices."""
    monkeypatch.setattr(bulkhead, "WAIT_SECONDS", 60.0)
    shop.publish(name="Lamp", price="9.00")
    apart, answered = app.extensions["counting"], []
    waiting = threading.Thread(target=lambda: answered.append(app.test_client().get(f"{FACETS}?q=lamp").json["total"]))
    with apart.entered():
        with apart.entered():
            waiting.start()
            while not apart.waiting:
                time.sleep(0.001)
            refused = client.get(f"{FACETS}?q=lamp")
            others = [client.get(f"/api/products/public/{query}").status_code for query in ("facets/", "?q=lamp", "1/")]
            assert (apart.waiting, answered) == (1, [])
        waiting.join()

    assert (refused.status_code, refused.json["code"], refused.headers["Retry-After"]) == (503, "unavailable", "1")
    assert others == [200, 200, 200]
    assert answered == [1]
    assert client.get(f"{FACETS}?q=lamp&max_price=9").json["total"] == 1


def test_counting_is_given_up_when_nobody_makes_room(app: Any, client: Any, shop: Any) -> None:
    shop.publish(name="Lamp", price="9.00")
    apart = app.extensions["counting"]
    with apart.entered(), apart.entered():
        assert client.get(f"{FACETS}?q=lamp").status_code == 503

    assert (apart.waiting, client.get(f"{FACETS}?q=lamp").json["total"]) == (0, 1)


def test_facets_that_were_asked_for_before_follow_every_change(client: Any, shop: Any, tell: Any) -> None:
    def ask() -> list[Any]:
        found = [client.get(f"/api/products/public/facets/{query}").json for query in ("", "?q=lamp", "?min_price=1")]
        assert found[0] == found[1] == found[2]
        return [found[0]["total"], *((one["name"], one["count"]) for one in found[0]["businesses"])]

    product_id = shop.publish(name="Lamp", price="9.00")
    tell("business.renamed", business_id=1, name="Nord")
    assert ask() == [1, ("Nord", 1)]
    other = shop.publish(2, name="Lamp 2", price="9.00")
    tell("business.created", business_id=2, name="Süd")
    assert ask() == [2, ("Nord", 1), ("Süd", 1)]
    tell("business.renamed", wholly=False, business_id=2, name="Ost")
    assert ask() == [2, ("Nord", 1), ("Ost", 1)]
    tell("business.suspended", wholly=False, business_id=1)
    assert ask() == [1, ("Ost", 1)]
    tell("business.restored", business_id=1)
    assert ask() == [2, ("Nord", 1), ("Ost", 1)]
    shop.act("unpublish", product_id, "approver", comment="No more")
    assert ask() == [1, ("Ost", 1)]
    client.delete(f"/api/products/{other}/", headers=shop.login("approver", 2))
    assert ask() == [0]


@pytest.mark.parametrize("table", ["listings", "listing_marks", "listing_businesses"])
def test_no_writer_can_forget_to_renew_facets(app: Any, shop: Any, table: str) -> None:
    shop.publish(name="Lamp", price="9.00")
    with app.app_context(), db.transaction() as session:
        session.add(ListingMark(business_id=7))
        session.flush()
        rows = [dict(row) for row in session.execute(sa.text(f"SELECT * FROM {table}")).mappings()]
        columns = ", ".join(rows[0])
        seen = [session.scalar(sa.select(ListingVersion.number))]
        for statement in (
            f"UPDATE {table} SET {next(iter(rows[0]))} = {next(iter(rows[0]))}",
            f"DELETE FROM {table}",
            f"INSERT INTO {table} ({columns}) VALUES ({', '.join(f':{name}' for name in rows[0])})",
        ):
            session.execute(sa.text(statement), rows if ":" in statement else None)
            seen.append(session.scalar(sa.select(ListingVersion.number)))

    assert seen == sorted(set(seen))


def test_what_was_counted_for_another_version_is_not_answered() -> None:
    cache, asked = Cache(), Filters(q="Lamp oak")
    cache.put(5, asked, b"five")
    cache.put(4, asked, b"four")

    assert [cache.get(version, Filters(q="lamp OAK")) for version in (4, 5, 6)] == [None, b"five", None]
    assert cache.get(5, Filters(q="lamp oak", category="")) is None
    cache.put(6, Filters(), b"six")
    assert [cache.get(6, filters) for filters in (asked, Filters())] == [None, b"six"]


def test_remembered_facets_take_little_memory() -> None:
    cache, asked = Cache(), [Filters(business=number) for number in range(1, 40)]
    for filters in asked:
        cache.put(1, filters, bytes(MAX_BYTES // 10))
    kept = [answer for filters in asked if (answer := cache.get(1, filters))]

    assert 0 < sum(map(len, kept)) <= MAX_BYTES


def test_what_was_asked_for_counts_as_much_as_what_was_answered() -> None:
    cache = Cache()
    asked = [Filters(q=f"{number} " + "\ufdfa" * 190) for number in range(30)]
    asked += [Filters(q=" ".join(chr(0x4E00 + 100 * number + place) for place in range(100))) for number in range(200)]
    for filters in asked:
        cache.put(1, filters, b"{}")

    assert cache._size > sum(getsizeof(word) for filters in asked for word in filters.words)
    for number in range(MAX_BYTES // 500):
        cache.put(1, Filters(business=number + 1), b"{}")
    assert cache._size <= MAX_BYTES
