"""A whole business hidden, restored and renamed: at once for everybody, in batches underneath."""

import contextlib
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from catalog_service.models import Listing, ListingMark, Revocation, db
from catalog_service.public import batches, storefronts

from tests.catalog_service.test_races import Replica, together

MANY = 7


@pytest.fixture
def batch() -> int:
    return 2


@pytest.fixture
def large(shop: Any, tell: Any) -> list[int]:
    """Business 1 with more listings than a batch takes, and one listing of business 2."""
    tell("business.created", business_id=1, name="Nordlicht")
    shop.publish(business=2, name="Other lamp")
    return [shop.publish(name=f"Lamp {number}", price=f"{number}.00") for number in range(MANY)]


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


def test_suspended_business_is_nowhere_before_and_between_its_batches(
    app: Any, client: Any, tell: Any, catch_up: Any, large: list[int]
) -> None:
    assert set(everywhere(client, large[0]).values()) == {MANY}

    tell("business.suspended", wholly=False, business_id=1, name="Nordlicht")

    left = [listings(app)]
    assert set(everywhere(client, large[0]).values()) == {0}
    while catch_up():
        left.append(listings(app))
        assert set(everywhere(client, large[0]).values()) == {0}
    assert left == [7, 5, 3, 1, 0]
    assert marks(app) == 0


def test_restored_business_is_there_with_its_last_batch(
    app: Any, client: Any, tell: Any, catch_up: Any, large: list[int]
) -> None:
    tell("business.suspended", business_id=1, name="Nordlicht")
    tell("business.restored", wholly=False, business_id=1, name="Nordlicht")

    seen = []
    while catch_up():
        assert len(set(everywhere(client, large[-1]).values())) == 1
        seen.append(everywhere(client, large[-1])["?q=lamp"])
    assert seen == [0, 0, 0, MANY]
    assert marks(app) == 0


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_what_batches_wrote_is_in_sqlites_own_file(app: Any, tell: Any, large: list[int], tmp_path: Path) -> None:
    tell("business.suspended", business_id=1, name="Nordlicht")

    # Without its log, which would otherwise grow for as long as the batches go on.
    with app.app_context():
        alone = shutil.copy(str(db.engine.url.database), tmp_path / "alone.db")
    with contextlib.closing(sqlite3.connect(alone)) as connection:
        assert connection.execute("SELECT business_id FROM listings").fetchall() == [(2,)]


def test_renamed_business_has_its_name_everywhere_at_once(
    app: Any, client: Any, shop: Any, tell: Any, catch_up: Any, large: list[int]
) -> None:
    tell("business.renamed", wholly=False, business_id=1, name='Süd"licht')

    while True:
        answers = [
            *(
                one
                for query in ("", "?q=lamp", "?ordering=name&q=lamp", "?ordering=price")
                for one in shop.public(query)
            ),
            client.get(f"/api/products/public/{large[0]}/").json,
        ]
        assert {one["business_name"] for one in answers} == {'Süd"licht', "Business 2"}
        names = {one["id"]: one["name"] for one in client.get("/api/products/public/facets/?q=lamp").json["businesses"]}
        assert names == {1: 'Süd"licht', 2: "Business 2"}
        if not catch_up():
            break
    with app.app_context(), db.reading() as connection:
        documents = connection.scalars(sa.select(Listing.document).where(Listing.business_id == 1)).all()
    assert sum(r'"business_name":"Süd\"licht"' in document for document in documents) == MANY
    assert marks(app) == 0


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


def test_copies_follow_a_new_name_once_a_listing(
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
    # Two listings had the second name already when it was taken back; the others never did.
    assert [one["product_id"] for one in found] == [*large[:2], *large[:2], *large]
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
    app: Any, client: Any, tell: Any, catch_up: Any, large: list[int], batches: int
) -> None:
    for kind in ("suspended", "restored", "suspended", "restored", "suspended"):
        tell(f"business.{kind}", wholly=False, business_id=1, name="Nordlicht")
        for _ in range(batches):
            catch_up()
        shown = set(everywhere(client, large[3]).values())
        assert shown == {0} or (kind == "restored" and shown == {MANY})
    while catch_up():
        continue
    assert (listings(app), marks(app)) == (0, 0)

    tell("business.restored", business_id=1, name="Nordlicht")
    assert set(everywhere(client, large[3]).values()) == {MANY}


def test_batch_that_died_is_done_again(app: Any, client: Any, tell: Any, catch_up: Any, large: list[int]) -> None:
    tell("business.suspended", wholly=False, business_id=1, name="Nordlicht")
    catch_up()

    with app.app_context():
        with contextlib.suppress(SystemExit), db.transaction() as session:
            storefronts.advance(session, 1, 2, {})
            raise SystemExit
        db.session.remove()
        with db.transaction() as session:
            assert session.scalar(sa.select(sa.func.count()).where(Listing.business_id == 1)) == MANY - 2

    while catch_up():
        assert set(everywhere(client, large[0]).values()) == {0}
    assert listings(app) == 0


@pytest.fixture
def prepare(app: Any) -> Any:
    """prepare(): what the worker makes before a batch of everything begins."""

    def make() -> Any:
        with app.app_context():
            made = storefronts.prepare(db.session(), 1, MANY + 1)
            db.session.remove()
        return made

    return make


@pytest.fixture
def advance(app: Any) -> Any:
    """advance(made): that batch, all in one."""

    def write(made: Any) -> None:
        with app.app_context(), db.transaction() as session:
            assert not storefronts.advance(session, 1, MANY + 1, made)

    return write


def test_batch_writes_what_was_made_before_it(
    shop: Any, tell: Any, prepare: Any, advance: Any, large: list[int]
) -> None:
    before = shop.public("?business=1")
    tell("business.suspended", business_id=1, name="Nordlicht")
    tell("business.restored", wholly=False, business_id=1, name="Nordlicht")

    made = prepare()
    advance(made)

    assert sorted(key[0] for key in made) == large
    assert all("price_place" in row for row in made.values())  # so they were put in as they were made
    assert shop.public("?business=1") == before


def test_batch_makes_anew_what_moved_on_since_it_was_made(
    client: Any, shop: Any, tell: Any, readmit: Any, operator: Any, prepare: Any, advance: Any, large: list[int]
) -> None:
    tell("business.suspended", business_id=1, name="Nordlicht")
    tell("business.restored", wholly=False, business_id=1, name="Nordlicht")

    made = prepare()
    # Out for good; out and in again, which makes it the newest; and all under another name.
    for product_id in large[:2]:
        address = f"/api/products/{product_id}/unpublish/"
        assert client.post(address, json={}, headers=operator).status_code == 204
    readmit()
    shop.approve(large[1])
    tell("business.suspended", business_id=1, name="Nordlicht")
    tell("business.renamed", business_id=1, name="Südlicht")
    tell("business.restored", wholly=False, business_id=1, name="Südlicht")
    advance(made)

    shown = shop.public("?business=1")
    assert [one["id"] for one in shown] == [large[1], *reversed(large[2:])]
    assert {one["business_name"] for one in shown} == {"Südlicht"}
    assert shop.public("?business=1&q=lamp") == shown


def test_nothing_is_made_for_a_business_that_is_not_to_return(
    tell: Any, prepare: Any, advance: Any, large: list[int], app: Any, shop: Any
) -> None:
    assert prepare() == {}
    tell("business.suspended", business_id=1, name="Nordlicht")
    tell("business.restored", wholly=False, business_id=1, name="Nordlicht")

    made = prepare()
    tell("business.suspended", wholly=False, business_id=1, name="Nordlicht")
    assert prepare() == {}
    advance(made)

    assert (listings(app), marks(app), shop.public("?business=1")) == (0, 0, [])


@pytest.mark.parametrize(
    ("size", "held", "following"),
    [(100, 0.08, 100), (100, 0.16, 50), (100, 0.064, 125), (100, 0.001, 200), (100, 6.0, 10), (10, 6.0, 10)],
)
def test_batches_grow_and_shrink_by_the_time_that_they_take(size: int, held: float, following: int) -> None:
    assert batches.sized(size, held) == pytest.approx(following, abs=1)


def test_approval_while_a_business_returns_is_seen_with_the_rest(
    shop: Any, tell: Any, catch_up: Any, readmit: Any, large: list[int]
) -> None:
    waiting = shop.create(name="New lamp")
    shop.act("submit", waiting, "editor")
    tell("business.suspended", business_id=1, name="Nordlicht")
    tell("business.restored", wholly=False, business_id=1, name="Nordlicht")
    catch_up()

    readmit()
    assert shop.act("approve", waiting, "approver").status_code == 200
    assert shop.public("?business=1") == []
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
    assert client.get("/api/products/public/facets/?business=1").json["total"] == MANY - 3 + 1
