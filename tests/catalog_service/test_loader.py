"""The loader of the benchmarks fills the tables as the service itself would."""

from typing import Any

import orjson
import pytest
import sqlalchemy as sa
from catalog_service.content import products, revisions
from catalog_service.models import Base, Listing, Product, Revision, TrustedKey, db
from catalog_service.public import documents, listings
from catalog_service.review import decisions, verify_log

from tests.bench import catalog_loader, catalog_products
from tests.bench.catalog_rows import COLUMNS
from tests.catalog_service.conftest import introduce

COUNT = 250
PROJECTION = ("listings", "listing_businesses")
SCHEMA = {
    "sqlite": ["SELECT type, name, sql FROM sqlite_master"],
    "postgresql": [
        "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace",
        "SELECT tgname, CAST(tgenabled AS text) FROM pg_trigger WHERE NOT tgisinternal",
    ],
}

STATISTICS = {
    "sqlite": "SELECT CAST(stat AS INTEGER) FROM sqlite_stat1 WHERE idx = 'ix_listings_name_sort_seq'",
    "postgresql": "SELECT CAST(reltuples AS INTEGER) FROM pg_class WHERE relname = 'ix_listings_name_sort_seq'",
}


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Several chunks, as a million products have."""
    monkeypatch.setattr(catalog_products, "CHUNK", 100)


@pytest.fixture
def app(make_app: Any, signer: Any) -> Any:
    """The application on a database without anything."""
    made = make_app("catalog_service")
    with made.app_context(), db.transaction() as session:
        session.add(TrustedKey(kid=signer.kid, jwk=signer.jwk))
    return made


@pytest.fixture
def loaded(app: Any) -> Any:
    """The application, on a database with loaded products."""
    with app.app_context():
        url = db.engine.url.render_as_string(hide_password=False)
        db.engine.dispose()
        catalog_loader.load(url, COUNT)
    return app


def contents(connection: sa.Connection, *names: str) -> dict[str, list[Any]]:
    """What is in the tables, in one order."""
    tables = {name: sa.select(Base.metadata.tables[name]) for name in names}
    return {name: sorted(orjson.dumps([*row]) for row in connection.execute(query)) for name, query in tables.items()}


def test_loaded_tables_are_what_publishing_writes(loaded: Any) -> None:
    with loaded.app_context(), db.transaction() as session:
        before = contents(session.connection(), *PROJECTION)
        published = sa.select(Product, Revision).join(Revision, Revision.product_id == Product.id)
        pairs = [tuple(row) for row in session.execute(published.order_by(Product.id))]

        listings.take(session, [product.id for product, _ in pairs])
        assert session.scalar(sa.select(sa.func.count()).select_from(Listing)) == 0
        for product, revision in pairs:
            listings.put(session, product, revision, documents.business_name(session, product.business_id))

        assert len(pairs) == COUNT
        assert contents(session.connection(), *PROJECTION) == before


def test_loaded_hashes_hold(loaded: Any) -> None:
    with loaded.app_context():
        found = list(db.session.scalars(sa.select(Revision)))
        entries = verify_log.verify(decisions.export(db.session()))

    assert all(one.content_hash == revisions.content_hash(revisions.content(products.KIND, one)) for one in found)
    assert sum(entries.values()) == len(found) == COUNT


def test_loading_leaves_the_schema_as_it_was(app: Any) -> None:
    def schema() -> list[Any]:
        with db.engine.connect() as connection:
            queries = SCHEMA[connection.dialect.name]
            return [sorted(map(repr, connection.execute(sa.text(query)))) for query in queries]

    with app.app_context():
        before = schema()
        db.engine.dispose()

        catalog_loader.load(db.engine.url.render_as_string(hide_password=False), COUNT)

        assert schema() == before


def test_the_planner_knows_how_much_was_loaded(loaded: Any) -> None:
    with loaded.app_context(), db.engine.connect() as connection:
        assert connection.scalar(sa.text(STATISTICS[connection.dialect.name])) == COUNT


def test_the_service_goes_on_from_what_was_loaded(loaded: Any, shop: Any) -> None:
    with loaded.app_context(), db.transaction() as session:
        introduce(session, 1)
    fresh = shop.publish(name="Xylophone of oak", category="Music")

    assert fresh == COUNT + 1
    assert shop.public()[0]["id"] == fresh
    assert [one["id"] for one in shop.public("?q=xylophone")] == [fresh]
    assert {one["id"] for one in shop.pages("/api/products/public/?page_size=100")} == set(range(1, COUNT + 2))
    assert len(shop.pages("/api/products/public/?q=warranty&ordering=name&page_size=100")) == COUNT
    with loaded.app_context():
        assert sum(verify_log.verify(decisions.export(db.session())).values()) > COUNT


def test_the_same_count_loads_the_same_rows_into_both_databases(loaded: Any, databases: Any) -> None:
    names = [name for name in Base.metadata.tables if name in COLUMNS or name in PROJECTION]
    other = databases.fresh("catalog_service", "sqlite")

    catalog_loader.load(other, COUNT)

    with loaded.app_context(), db.engine.connect() as here, sa.create_engine(other).connect() as there:
        assert contents(here, *names) == contents(there, *names)
    databases.drop(other)
