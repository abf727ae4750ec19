"""What the public sees: approved content, nothing else, never late and never early."""

import contextlib
import threading
from typing import Any

import pytest
import sqlalchemy as sa
from catalog_service.public import projection

from servicekit import app as kit
from tests.catalog_service.conftest import Shop, trusting
from tests.conftest import build


def test_draft_submitted_and_rejected_products_are_nowhere_public(client: Any, shop: Any) -> None:
    draft, submitted, rejected = shop.create(), shop.create(), shop.create()
    shop.act("submit", submitted, "editor")
    shop.act("submit", rejected, "editor")
    shop.act("reject", rejected, "approver", comment="no picture")

    assert shop.public() == shop.public("?q=lamp") == []
    assert client.get("/api/products/public/facets/").json["total"] == 0
    for product_id in (draft, submitted, rejected):
        assert client.get(f"/api/products/public/{product_id}/").status_code == 404


def test_approval_publishes_the_revision_with_the_contract_fields(shop: Any, tell: Any) -> None:
    tell("business.created", business_id=1, name="Nordlicht")
    product_id = shop.publish(name="Crème lamp", category="lighting", attributes={"colour": "red"}, sku="L-1")

    [listed] = shop.public()

    assert listed.pop("published_at").endswith("Z")
    assert listed == {
        "id": product_id,
        "sku": "L-1",
        "name": "Crème lamp",
        "description": "",
        "price": "19.90",
        "currency": "EUR",
        "price_minor": 1990,
        "category": "lighting",
        "attributes": {"colour": "red"},
        "picture": None,
        "business": 1,
        "business_name": "Nordlicht",
        "version": 1,
    }


def test_published_product_stays_unchanged_until_its_new_revision_is_approved(client: Any, shop: Any) -> None:
    product_id = shop.publish()
    before = client.get(f"/api/products/public/{product_id}/").json

    for step in (
        lambda: shop.change(product_id, name="Better lamp", price="25.00"),
        lambda: shop.act("submit", product_id, "editor"),
        lambda: shop.act("reject", product_id, "approver", comment="too dear"),
        lambda: shop.act("submit", product_id, "editor"),
    ):
        assert step().status_code == 200
        assert client.get(f"/api/products/public/{product_id}/").json == before
        assert shop.public() == [before]

    shop.act("approve", product_id, "approver")
    assert shop.public()[0]["name"] == "Better lamp"
    assert shop.public("?q=better")[0]["price"] == "25.00"


def test_deleted_and_unpublished_products_leave_at_once(shop: Any, client: Any, login: Any) -> None:
    deleted, unpublished = shop.publish(), shop.publish()

    assert client.delete(f"/api/products/{deleted}/", headers=login("editor")).status_code == 204
    assert shop.act("unpublish", unpublished, "approver", comment="recall").status_code == 200

    assert shop.public() == shop.public("?q=lamp") == []


SECRETS = ("draftsecret", "rejectedsecret", "withdrawnsecret", "remarksecret", "personsecret", "oldsecret")


def test_no_public_answer_holds_anything_else_that_was_written(client: Any, shop: Any, login: Any, tell: Any) -> None:
    person = {"user_id": 102, "business_id": 1, "username": "personsecret", "role": "editor", "is_active": True}
    tell("user.created", **person, name="personsecret", token_version=1)

    def say(secret: str) -> dict[str, Any]:
        return {**dict.fromkeys(("name", "description", "category", "sku"), secret), "attributes": {secret: secret}}

    product_id = shop.publish(**say("oldsecret"))
    shop.change(product_id, **{**say("public"), "currency": "SEK"})
    shop.act("submit", product_id, "editor", comment="remarksecret")
    shop.act("approve", product_id, "approver", comment="remarksecret")
    shop.change(product_id, **{**say("rejectedsecret"), "currency": "BHD"})
    shop.act("submit", product_id, "editor")
    shop.act("reject", product_id, "approver", comment="remarksecret")
    shop.change(product_id, **say("withdrawnsecret"))
    shop.act("submit", product_id, "editor")
    shop.change(product_id, **{**say("draftsecret"), "currency": "JPY", "price": "5"})
    client.post(f"/api/products/{product_id}/comments/", json={"comment": "remarksecret"}, headers=login("editor"))
    taken_down = shop.publish(name="oldsecret")
    shop.act("unpublish", taken_down, "approver", comment="remarksecret")

    filters = ["", "q={}", "category={}", "q={}&ordering=name", "q={}&ordering=price", "category={}&currency=JPY"]
    answers = [
        client.get(f"/api/products/public/{facets}?{filter.format(word)}")
        for facets in ("", "facets/")
        for filter in filters
        for word in (*SECRETS, "public")
    ]
    answers += [client.get(f"/api/products/public/{number}/") for number in range(taken_down + 2)]
    everything = "".join(f"{answer.text}{answer.headers}" for answer in answers)
    assert [secret for secret in (*SECRETS, "JPY", "BHD", "EUR") if secret in everything] == []
    assert len(shop.public("?q=public")) == 1
    assert client.get(f"/api/products/public/{product_id}/").json.keys() == PUBLIC_FIELDS


PUBLIC_FIELDS = {
    "id", "sku", "name", "description", "price", "currency", "price_minor", "category", "attributes", "picture",
    "business", "business_name", "version", "published_at",
}  # fmt: skip


def test_public_session_reads_nothing_but_the_projection(guarded: Any) -> None:
    engine = guarded.extensions["sqlalchemy"]
    with guarded.app_context(), projection.reading() as connection:
        for table in ("listings", "listing_businesses", "listing_marks"):
            connection.execute(sa.text(f"SELECT * FROM {table}"))
        hidden = set(sa.inspect(engine.engine).get_table_names()) - set(projection.TABLES)
        assert {"products", "revisions", "users", "decisions", "trusted_keys", "alembic_version"} <= hidden
        for table in sorted(hidden):
            with pytest.raises(sa.exc.DatabaseError, match="prohibited|permission denied"):
                connection.execute(sa.text(f"SELECT * FROM {table}"))


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM listings",
        "UPDATE listings SET version = 2",
        "DROP TABLE listings",
        "CREATE TABLE found (id INTEGER)",
    ],
)
def test_public_session_writes_nothing(guarded: Any, statement: str) -> None:
    with guarded.app_context(), projection.reading() as connection, pytest.raises(sa.exc.DatabaseError):
        connection.execute(sa.text(statement))


DETOURS = {
    "sqlite": [
        "SELECT sql FROM sqlite_master",
        "SELECT name FROM sqlite_schema",
        "SELECT count(*) FROM sqlite_master",
        "SELECT * FROM sqlite_temp_master",
        "SELECT * FROM pragma_table_info('products')",
        "SELECT * FROM dbstat",
        "SELECT count(*) FROM products",
        "SELECT 1 FROM products",
        "SELECT 1 WHERE EXISTS (SELECT 1 FROM products)",
        "SELECT (SELECT max(id) FROM products) FROM listings",
        "WITH drafts AS (SELECT * FROM revisions) SELECT * FROM drafts",
        "SELECT document FROM listings UNION ALL SELECT name FROM revisions",
        "SELECT * FROM listings JOIN users ON users.business_id = listings.business_id",
        "ATTACH DATABASE '{path}' AS other",
        "PRAGMA table_info(products)",
        "PRAGMA query_only = OFF",
        "PRAGMA writable_schema = ON",
        "PRAGMA database_list",
        "CREATE TEMP TABLE found AS SELECT * FROM products",
        "CREATE TEMP VIEW found AS SELECT * FROM products",
        "CREATE VIRTUAL TABLE found USING fts5vocab(listings, row)",
        "UPDATE listings SET version = 2",
        "UPDATE sqlite_master SET sql = ''",
        "DELETE FROM sqlite_master",
        "VACUUM INTO '{path}.copy'",
        "SELECT load_extension('x')",
        "EXPLAIN SELECT * FROM products",
        "ANALYZE",
    ],
    "postgresql": [
        "SELECT count(*) FROM products",
        "SELECT 1 WHERE EXISTS (SELECT 1 FROM products)",
        "WITH drafts AS (SELECT * FROM revisions) SELECT * FROM drafts",
        "SELECT document FROM listings UNION ALL SELECT name FROM revisions",
        "SELECT last_value FROM products_id_seq",
        "EXPLAIN ANALYZE SELECT * FROM products",
        "COPY products TO STDOUT",
        "TABLE decisions",
        "SELECT query_to_xml('SELECT * FROM revisions', true, false, '')",
        "SELECT pg_read_file('PG_VERSION')",
        "CREATE TEMP VIEW found AS SELECT * FROM products; SELECT * FROM found",
        "SET ROLE postgres",
    ],
}


def test_public_session_finds_no_way_around(guarded: Any, shop_of: Any) -> None:
    shop_of(guarded).publish()
    with guarded.app_context(), projection.reading() as connection:
        path = connection.engine.url.database
        for statement in DETOURS[connection.dialect.name]:
            # Allowed to write by its own wish, it still must have no right to.
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql("SET default_transaction_read_only = off")
            with pytest.raises(
                sa.exc.DBAPIError, match=r"prohibited|denied|not authorized|may not be modified|constructor failed"
            ):
                connection.exec_driver_sql(statement.format(path=path))
        assert len(connection.exec_driver_sql("SELECT product_id FROM listings").all()) == 1


def test_processes_that_start_together_grant_one_after_the_other(guarded: Any) -> None:
    """Two who change a table's rights at once are refused by PostgreSQL: tuple concurrently updated."""
    started = threading.Barrier(4)
    failed = []

    def start() -> None:
        started.wait()
        try:
            for _ in range(10):
                kit.prepare(guarded)
        except sa.exc.DBAPIError as error:
            failed.append(error)

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failed == []


@pytest.fixture
def shop_of(signer: Any, login: Any) -> Any:
    """shop_of(app) -> short ways to work with that application."""
    return lambda app: Shop(trusting(app, signer).test_client(), login)


@pytest.fixture
def guarded(databases: Any, engine_name: str) -> Any:
    """The application as it is deployed: on PostgreSQL the public reads as a role of its own."""
    url = databases.fresh("catalog_service", engine_name)
    if engine_name == "sqlite":
        return build("catalog_service", url)
    owner = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with owner.connect() as connection, contextlib.suppress(sa.exc.ProgrammingError):
        connection.exec_driver_sql("CREATE ROLE catalog_public_test LOGIN PASSWORD 'for tests'")
    reader = sa.make_url(url).set(username="catalog_public_test", password="for tests")
    app = build("catalog_service", url, public_database_url=reader.render_as_string(hide_password=False))
    kit.prepare(app)
    return app
