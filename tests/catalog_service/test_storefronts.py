"""A whole business hidden, restored and renamed: at once for everybody; its partners are told in batches."""

import contextlib
from typing import Any

import pytest
import sqlalchemy as sa
from catalog_service.models import Listing, ListingMark, Revocation, db
from catalog_service.public import storefronts

from tests.catalog_service.test_races import Replica, together

MANY = 7


@pytest.fixture
def batch() -> int:
    return 2


@pytest.fixture
def large(shop: Any, tell: Any, index: Any) -> list[int]:
    """Business 1 with more listings than a batch takes, and one listing of business 2; the index knows them all."""
    tell("business.created", business_id=1, name="Nordlicht")
    shop.publish(business=2, name="Other lamp")
    made = [shop.publish(name=f"Lamp {number}", price=f"{number}.00") for number in range(MANY)]
    index()
    return made


@pytest.fixture
def readmit(app: Any) -> Any:
    """readmit(): the people of a suspended business are not refused any more."""

    def forget() -> None:
        with app.app_context(), db.transaction() as session:
            session.execute(sa.delete(Revocation))
        app.extensions["verifier"].keys._read_at = float("-inf")

    return forget


def everywhere(client: Any, product_id: int) -> dict[str, int]:
    """How many listings of business 1 each public answer shows."""

    def listed(query: str) -> int:
        return sum(one["business"] == 1 for one in client.get(f"/api/products/public/{query}").json)

    def counted(query: str) -> int:
        found = client.get(f"/api/products/public/facets/{query}").json
        by_business = {one["id"]: one["count"] for one in found["businesses"]}
        assert found["total"] == sum(by_business.values()) == sum(one["count"] for one in found["categories"])
        return by_business.get(1, 0)

    return {
        **{query: listed(query) for query in (
            "", "?ordering=price", "?ordering=-price", "?ordering=name", "?business=1", "?q=lamp", "?q=lamp&ordering=name",
            "?q=lamp&ordering=price", "?min_price=0", "?business=1&currency=EUR", "?q=lamp&min_price=0&ordering=name",
        )},
        **{f"facets {query}": counted(query) for query in (
            "", "?business=1", "?currency=EUR", "?q=lamp", "?min_price=0", "?q=lamp&min_price=0", "?currency=EUR&category=",
        )},
        "detail": int(client.get(f"/api/products/public/{product_id}/").status_code == 200) * MANY,
    }  # fmt: skip


def listings(app: Any) -> int:
    with app.app_context(), db.reading() as connection:
        return int(connection.scalar(sa.select(sa.func.count()).where(Listing.business_id == 1)) or 0)


def marks(app: Any) -> int:
    with app.app_context(), db.reading() as connection:
        return int(connection.scalar(sa.select(sa.func.count()).select_from(ListingMark)) or 0)


def test_business_is_hidden_and_restored_at_once_and_counted_so(
    app: Any, client: Any, tell: Any, catch_up: Any, index: Any, large: list[int]
) -> None:
    for kind, expected in (("suspended", 0), ("restored", MANY), ("suspended", 0), ("restored", MANY)):
        tell(f"business.{kind}", wholly=False, business_id=1, name="Nordlicht")

        assert set(everywhere(client, large[0]).values()) == {expected}  # an index that heard nothing of it
        while catch_up():
            index()
            assert set(everywhere(client, large[0]).values()) == {expected}
        assert listings(app) == MANY
        assert marks(app) == (kind == "suspended")


def test_deleted_business_leaves_nothing_behind(
    app: Any, client: Any, tell: Any, catch_up: Any, index: Any, large: list[int]
) -> None:
    tell("business.deleted", wholly=False, business_id=1, name="Nordlicht")

    left = [listings(app)]
    assert set(everywhere(client, large[0]).values()) == {0}
    while catch_up():
        left.append(listings(app))
        assert set(everywhere(client, large[0]).values()) == {0}
    assert left == [7, 5, 3, 1, 0]
    index()
    assert set(everywhere(client, large[0]).values()) == {0}
    assert client.get("/api/products/public/facets/").json["total"] == 1


def test_renamed_business_has_its_name_everywhere_at_once(
    client: Any, shop: Any, tell: Any, index: Any, large: list[int]
) -> None:
    tell("business.renamed", wholly=False, business_id=1, name='Süd","version":"licht\\')

    for query in ("", "?q=lamp", "?ordering=name&q=lamp", "?ordering=price"):
        names = {one["business"]: one["business_name"] for one in client.get(f"/api/products/public/{query}").json}
        assert names == {1: 'Süd","version":"licht\\', 2: "Business 2"}
    assert client.get(f"/api/products/public/{large[0]}/").json["business_name"] == 'Süd","version":"licht\\'
    counted = client.get("/api/products/public/facets/?q=lamp").json["businesses"]
    assert {one["id"]: one["name"] for one in counted} == {1: 'Süd","version":"licht\\', 2: "Business 2"}


def test_product_published_between_two_names_has_the_last_one(shop: Any, tell: Any) -> None:
    product_id = shop.publish()
    tell("business.renamed", wholly=False, business_id=1, name="Südlicht")
    assert shop.act("unpublish", product_id, "approver").status_code == 200
    tell("business.renamed", wholly=False, business_id=1, name="Ostlicht")

    shop.publish(name="Other lamp")

    assert [one["business_name"] for one in shop.public()] == ["Ostlicht"]


def test_changes_tell_of_every_listing_once(client: Any, tell: Any, login: Any, readmit: Any, large: list[int]) -> None:
    before = len(client.get("/api/products/changes/?after=0", headers=login("viewer")).json)
    tell("business.suspended", business_id=1, name="Nordlicht")
    tell("business.restored", business_id=1, name="Nordlicht")

    readmit()
    found = client.get(f"/api/products/changes/?after={before}", headers=login("viewer")).json

    assert [one["seq"] for one in found] == list(range(before + 1, before + 1 + 2 * MANY))
    assert [one["type"] for one in found] == ["delete"] * MANY + ["upsert"] * MANY
    assert sorted(one["product_id"] for one in found[:MANY]) == sorted(large)


@pytest.fixture
def replica(client: Any, login: Any, large: list[int]) -> Replica:
    """A partner's copy of business 1, two changes a page."""
    return Replica(client, login("viewer"))


def test_copies_follow_a_new_name(
    client: Any, shop: Any, tell: Any, catch_up: Any, login: Any, large: list[int], replica: Replica
) -> None:
    replica.catch_up()
    tell("business.renamed", wholly=False, business_id=1, name="Südlicht")
    catch_up()
    tell("business.renamed", wholly=False, business_id=1, name="Nordlicht")
    while catch_up():
        replica.step()
    tell("business.renamed", business_id=1, name="Ostlicht")

    replica.catch_up()

    found = client.get(f"/api/products/changes/?after={MANY}", headers=login("viewer")).json
    # Two listings were told of with the second name when it was taken back; the others never were.
    assert [one["product_id"] for one in found] == [*large[:2], *large, *large]
    assert [one["type"] for one in found] == ["upsert"] * len(found)
    assert replica.applied == list(range(MANY + 1, MANY + 1 + len(found)))
    assert list(replica.products.values()) == shop.public("?business=1")[::-1]


def test_copy_that_began_between_two_names_has_the_last_one(
    shop: Any, tell: Any, catch_up: Any, replica: Replica
) -> None:
    tell("business.renamed", wholly=False, business_id=1, name="Südlicht")
    replica.step()  # each page before the batch that writes the name into it
    while catch_up():
        replica.step()

    replica.catch_up()

    assert list(replica.products.values()) == shop.public("?business=1")[::-1]


@pytest.mark.parametrize("batches", [0, 1, 2, 3])
def test_restored_and_suspended_again_in_the_middle(
    client: Any, tell: Any, catch_up: Any, login: Any, readmit: Any, large: list[int], replica: Replica, batches: int
) -> None:
    replica.catch_up()
    for kind in ("suspended", "restored", "suspended", "restored"):
        tell(f"business.{kind}", wholly=False, business_id=1, name="Nordlicht")
        for _ in range(batches):
            catch_up()
        assert set(everywhere(client, large[3]).values()) == {MANY if kind == "restored" else 0}
    while catch_up():
        continue

    readmit()
    replica.catch_up()
    assert sorted(replica.products) == sorted(large)


def test_batch_that_died_is_done_again(
    app: Any, client: Any, tell: Any, catch_up: Any, login: Any, readmit: Any, large: list[int]
) -> None:
    before = len(client.get("/api/products/changes/?after=0", headers=login("viewer")).json)
    tell("business.suspended", wholly=False, business_id=1, name="Nordlicht")
    catch_up()

    with app.app_context():
        with contextlib.suppress(SystemExit), db.transaction() as session:
            storefronts.advance(session, 1, 2)
            raise SystemExit
        db.session.remove()
    while catch_up():
        continue

    readmit()
    found = client.get(f"/api/products/changes/?after={before}", headers=login("viewer")).json
    assert [(one["type"], one["product_id"]) for one in found] == [("delete", number) for number in large]


def test_business_that_an_earlier_version_emptied_returns_whole(
    app: Any, shop: Any, tell: Any, catch_up: Any, large: list[int]
) -> None:
    before = shop.public("?business=1")
    tell("business.suspended", business_id=1, name="Nordlicht")
    with app.app_context(), db.transaction() as session:
        session.execute(sa.delete(Listing).where(Listing.business_id == 1))
        session.execute(sa.delete(ListingMark))
    shop.index()

    tell("business.restored", business_id=1, name="Nordlicht")

    assert shop.public("?business=1") == before
    assert shop.public("?business=1&q=lamp&ordering=-published_at") == before


def test_approval_while_partners_are_told_is_seen_with_the_rest(
    shop: Any, tell: Any, catch_up: Any, readmit: Any, large: list[int]
) -> None:
    waiting = shop.create(name="New lamp")
    shop.act("submit", waiting, "editor")
    tell("business.suspended", business_id=1, name="Nordlicht")
    tell("business.restored", wholly=False, business_id=1, name="Nordlicht")
    catch_up()

    readmit()
    assert shop.act("approve", waiting, "approver").status_code == 200
    while catch_up():
        continue

    assert {one["id"] for one in shop.public("?business=1")} == {*large, waiting}


def test_writers_beside_the_batches_leave_what_they_decided(
    app: Any,
    client: Any,
    shop: Any,
    tell: Any,
    catch_up: Any,
    readmit: Any,
    operator: Any,
    large: list[int],
    login: Any,
) -> None:
    waiting = shop.create(name="New lamp")
    shop.act("submit", waiting, "editor")

    def drain() -> None:
        while catch_up():
            continue

    def write() -> None:
        for product_id in large[:3]:
            address = f"/api/products/{product_id}/unpublish/"
            assert app.test_client().post(address, json={}, headers=operator).status_code == 204
        answer = app.test_client().post(f"/api/products/{waiting}/approve/", json={}, headers=login("approver"))
        assert answer.status_code == 200

    tell("business.suspended", wholly=False, business_id=1, name="Nordlicht")
    tell("business.restored", wholly=False, business_id=1, name="Nordlicht")
    readmit()
    together(drain, drain, write)
    drain()

    assert {one["id"] for one in shop.public("?business=1")} == {*large[3:], waiting}
    assert {one["id"] for one in shop.public("?business=1&q=lamp")} == {*large[3:], waiting}
    assert client.get("/api/products/public/facets/?business=1").json["total"] == MANY - 3 + 1
