"""python -m tests.bench.catalog_loader DATABASE_URL COUNT: believable, approved products, straight into the tables.

The database must be migrated and empty. The same count makes the same products on SQLite and PostgreSQL.
"""

import marshal
import random
import sqlite3
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from multiprocessing import Process, Queue
from types import SimpleNamespace
from typing import Any

import orjson
import psycopg
import sqlalchemy as sa
import sqlalchemy.orm
from catalog_service import chains, counts, listings, money, places, revisions, words
from catalog_service.models import CONTENT, Base

from servicekit.api import rfc3339

CHUNK = 20_000
BUSINESSES = 200
START = datetime(2024, 1, 1, tzinfo=UTC)
CATALOGUE = {
    "Lighting": ("lamp", "lantern", "spotlight", "chandelier", "torch", "night light", "floor lamp"),
    "Kitchen": ("kettle", "pan", "knife", "cutting board", "grinder", "teapot", "mixer", "toaster"),
    "Garden": ("spade", "watering can", "bench", "planter", "hose", "rake", "bird house"),
    "Cycling": ("bicycle", "saddle", "helmet", "pannier", "bell", "pump", "lock"),
    "Office": ("desk", "chair", "notebook", "stapler", "pencil case", "whiteboard", "organiser"),
    "Outdoor": ("tent", "backpack", "sleeping bag", "compass", "stove", "hammock", "flask"),
    "Toys": ("puzzle", "kite", "building blocks", "doll house", "train set", "board game"),
    "Clothing": ("jacket", "scarf", "pullover", "shirt", "socks", "gloves", "raincoat"),
    "Books": ("atlas", "cookbook", "novel", "field guide", "diary", "picture book"),
    "Tools": ("hammer", "screwdriver", "drill", "spirit level", "pliers", "saw", "wrench"),
    "Music": ("ukulele", "metronome", "drum", "recorder", "music stand", "tuner"),
    "Home & Textiles": ("blanket", "cushion", "curtain", "rug", "towel", "tablecloth"),
}
STYLES = ("compact", "classic", "folding", "handmade", "sturdy", "light", "large", "small", "modern", "vintage",
          "portable", "foldable", "waterproof", "silent", "premium", "everyday", "nordic", "rustic")  # fmt: skip
MATERIALS = ("oak", "steel", "cotton", "wool", "glass", "brass", "bamboo", "leather", "aluminium", "linen", "copper",
             "ceramic", "recycled plastic", "walnut", "titanium", "cork")  # fmt: skip
COLOURS = ("red", "blue", "green", "black", "white", "grey", "yellow", "natural", "crème", "turquoise")
PLACES = ("the terrace", "small flats", "long journeys", "the workshop", "busy mornings", "rainy days", "the office",
          "children's rooms", "a weekend away", "daily use", "the café next door")  # fmt: skip
QUALITIES = ("easy to clean", "made to last", "repaired free of charge for two years", "tested by hand",
             "packed without plastic", "delivered with spare parts", "designed in a small studio", "surprisingly light",
             "pleasant to hold", "quick to assemble")  # fmt: skip
SYLLABLES = ("ka", "lo", "mi", "ter", "von", "sa", "ril", "du", "nor", "bel", "fi", "gra", "hu", "jor", "pe", "qui")
CURRENCIES = ("EUR",) * 14 + ("USD",) * 3 + ("GBP", "JPY", "BHD")
DIGITS = {"EUR": 2, "USD": 2, "GBP": 2, "JPY": 0, "BHD": 3}


def products(count: int, seed: int = 7) -> Iterator[dict[str, Any]]:
    """What the products say; a rare model name each, common words everywhere, small and large businesses."""
    chance = random.Random(seed)
    for number in range(1, count + 1):
        category = chance.choice(list(CATALOGUE))
        noun, style, material = chance.choice(CATALOGUE[category]), chance.choice(STYLES), chance.choice(MATERIALS)
        model = "".join(chance.choice(SYLLABLES) for _ in range(3)).capitalize()
        colour, currency = chance.choice(COLOURS), chance.choice(CURRENCIES)
        first, second = chance.sample(QUALITIES, 2)
        yield {
            "id": number,
            "business_id": 1 + int(BUSINESSES * chance.random() ** 2),
            "sku": f"{category[:3].upper()}-{number:07d}",
            "name": f"{model} {style} {material} {noun}",
            "description": f"A {style} {noun} of {material} in {colour}, for {chance.choice(PLACES)}: {first} and"
            f" {second}. Model {model} {number % 97}, {chance.randint(2, 240)} cm, warranty {chance.randint(1, 10)} years.",
            "price_minor": int(chance.lognormvariate(3.2, 1.1) * 10 ** DIGITS[currency]),
            "currency": currency,
            "category": category,
            "attributes": {"colour": colour, "material": material},
            "picture": None,
        }


class Rows:
    """The rows of every table for a chunk of products."""

    def __init__(self) -> None:
        self.heads: dict[int, tuple[int, str]] = {}
        self.groups: dict[tuple[int, str, str], list[int]] = {}
        self.words: set[str] = set()

    def chunk(self, found: list[dict[str, Any]]) -> dict[str, list[tuple[Any, ...]]]:
        rows: dict[str, list[tuple[Any, ...]]] = {
            name: [] for name in ("products", "revisions", "listings", "searched", "changes", "decisions")
        }
        for values in found:
            self._add(rows, values)
        return rows

    def _add(self, rows: dict[str, list[tuple[Any, ...]]], values: dict[str, Any]) -> None:
        number, business = values["id"], values["business_id"]
        author, approver = business * 10 + 1, business * 10 + 2
        moment = START + timedelta(seconds=number * 60)
        said = {name: values[name] for name in CONTENT}
        product = SimpleNamespace(id=number, business_id=business)
        revision = SimpleNamespace(**said, version=1, published_at=moment, published_seq=number)
        listing = listings.row(product, revision, f"Business {business}")  # type: ignore[arg-type]
        hashed = revisions.content_hash(said)
        # Text that both databases read as a time and as JSON.
        at, wrote, attributes = (
            f"{moment:%Y-%m-%d %H:%M:%S.%f}",
            f"[{author}]",
            orjson.dumps(said["attributes"]).decode(),
        )
        rows["products"].append(
            (number, business, values["sku"], "approved", 1, 1, author, "[]", wrote, 3, values["category"],
             listing["words"], None, at, at, None)
        )  # fmt: skip
        rows["revisions"].append(
            (number, 1, values["sku"], values["name"], values["description"], values["price_minor"], values["currency"],
             values["category"], attributes, None, hashed, author, wrote, "approved", author, at, approver, at, False, "",
             number, at, at)
        )  # fmt: skip
        listing["price_place"] = money.place(listing["price_sort"], number)
        self.words.update(listing["words"].split(" ")[1:])
        rows["listings"].append(tuple(listing.values()))
        rows["searched"].append((number, listing["price_place"], " ".join(words.of(listing))))
        seq, previous = self.heads.get(business, (0, ""))
        entry = {"business_id": business, "seq": seq + 1, "at": rfc3339(moment), "action": "approve",
                 "actor_id": approver, "product_id": number, "version": 1, "content_hash": hashed, "comment": "",
                 "details": {}, "previous": previous}  # fmt: skip
        self.heads[business] = (seq + 1, chains.digest(entry))
        rows["decisions"].append((*{**entry, "at": at, "details": "{}"}.values(), self.heads[business][1]))
        change = f'{{"product_id": {number}, "version": 1}}'
        rows["changes"].append((number, "upsert", change, at, business, seq + 1))
        group = self.groups.setdefault((business, values["category"], values["currency"]), [0, 2**62, 0])
        price = values["price_minor"]
        group[:] = [group[0] + 1, min(group[1], price), max(group[2], price)]


COLUMNS = {
    "products": "id business_id sku status version live_version created_by contributors live_contributors edition"
    " category words submitted_at created_at updated_at archived_at",
    "revisions": "product_id version sku name description price_minor currency category attributes picture content_hash"
    " author_id contributors state submitted_by submitted_at decided_by decided_at self_approved comment published_seq"
    " published_at created_at",
    "listings": "product_id seq business_id version category currency price_minor price_sort name_sort words document"
    " price_place",
    "searched": "seq price_place words",
    "changes": "seq type data occurred_at business_id number",
    "decisions": "business_id seq at action actor_id product_id version content_hash comment details previous hash",
    "decision_heads": "business_id seq hash",
    "listing_groups": "business_id category currency listed min_price max_price",
    "listing_businesses": "id name",
    "listing_words": "word",
    "businesses": "id name status",
    "feed_head": "id seq",
}


def chunks(count: int) -> Iterator[dict[str, list[tuple[Any, ...]]]]:
    """All rows, a chunk at a time, made in a process beside this one while the database writes the one before."""
    ready: Queue[Any] = Queue(maxsize=2)
    maker = Process(target=_make, args=(count, ready), daemon=True)
    maker.start()
    while (found := ready.get()) is not None:
        yield marshal.loads(found)
    maker.join()


def _make(count: int, ready: Any) -> None:
    for rows in _chunks(count):
        ready.put(marshal.dumps(rows))
    ready.put(None)


def _chunks(count: int) -> Iterator[dict[str, list[tuple[Any, ...]]]]:
    made, source = Rows(), products(count)
    while found := list(islice(source, CHUNK)):
        yield made.chunk(found)
    names = [(number, f"Business {number}") for number in sorted(made.heads)]
    yield {
        "decision_heads": [(number, *made.heads[number]) for number, _ in names],
        "listing_groups": [(*key, *group) for key, group in made.groups.items()],
        "listing_businesses": names,
        "listing_words": [(word,) for word in sorted(made.words)],
        "businesses": [(*name, "active") for name in names],
        "feed_head": [(1, count)],
    }


def indexes() -> list[sa.Index]:
    """The secondary indexes of the big tables: made after the rows, which is far quicker."""
    return [index for name in COLUMNS if name in Base.metadata.tables for index in Base.metadata.tables[name].indexes]


def load_sqlite(path: str, count: int) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("synchronous=OFF", "journal_mode=OFF", "cache_size=-400000", "locking_mode=EXCLUSIVE"):
        connection.execute(f"PRAGMA {pragma}")
    dialect = sa.create_engine("sqlite://").dialect
    for index in indexes():
        connection.execute(f"DROP INDEX {index.name}")
    connection.execute("CREATE TEMPORARY TABLE searched (seq INTEGER PRIMARY KEY, price_place INTEGER, words TEXT)")
    connection.execute("BEGIN")
    for rows in chunks(count):
        for table, found in rows.items():
            columns = COLUMNS[table].split()
            marks = ", ".join("?" * len(columns))
            connection.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", found)
    connection.execute("INSERT INTO listing_search (rowid, words) SELECT seq, words FROM searched")
    # In the index's own order, without which it writes out every row by itself.
    connection.execute(
        "INSERT INTO listing_search_prices (rowid, words) SELECT price_place, words FROM searched ORDER BY price_place"
    )
    connection.execute("COMMIT")
    for index in indexes():
        connection.execute(str(sa.schema.CreateIndex(index).compile(dialect=dialect)))
    for name in ("listing_search", "listing_search_prices"):
        connection.execute(f"INSERT INTO {name} ({name}) VALUES ('optimize')")
    connection.execute("ANALYZE")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.close()


KEYS = "business_id, category, currency, price_minor, listings.price_place, name_sort"
SEARCHED = (
    "INSERT INTO listing_search (seq, words, business_id, category, currency, price_minor, price_place, name_sort)"
    f" SELECT seq, array_to_tsvector(string_to_array(searched.words, ' ')), {KEYS} FROM searched JOIN listings USING (seq)"
    " ORDER BY seq"
)


def load_postgres(url: sa.URL, count: int) -> None:
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain) as connection:
        connection.execute("SET maintenance_work_mem = '512MB'")
        connection.execute("SET synchronous_commit = off")
        connection.execute("SET timezone = 'UTC'")
        for index in indexes():
            connection.execute(f"DROP INDEX {index.name}")
        connection.execute("DROP INDEX ix_listing_search_words")
        # What the triggers add is added here for all at once.
        for table in ("listings", "listing_search"):
            connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        connection.execute("CREATE TEMPORARY TABLE searched (seq bigint, price_place bigint, words text)")
        for rows in chunks(count):
            for table, found in rows.items():
                _copy(connection, table, found)
        connection.execute(SEARCHED)
        for table in ("listings", "listing_search"):
            connection.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        dialect = sa.create_engine(url).dialect
        for index in indexes():
            connection.execute(str(sa.schema.CreateIndex(index).compile(dialect=dialect)))
        connection.execute("CREATE INDEX ix_listing_search_words ON listing_search USING gin (words)")
        connection.execute("SELECT setval(pg_get_serial_sequence('products', 'id'), %s)", [count])
        connection.commit()
        connection.autocommit = True
        connection.execute("VACUUM ANALYZE")


def _copy(connection: psycopg.Connection[Any], table: str, rows: list[tuple[Any, ...]]) -> None:
    columns = COLUMNS[table].replace(" ", ", ")
    with connection.cursor().copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
        copy.write("".join("\t".join(map(_field, row)) + "\n" for row in rows))


def _field(value: Any) -> str:
    if value is None:
        return "\\N"
    return value.replace("\\", "\\\\") if isinstance(value, str) else str(value)


def load(url: str, count: int) -> float:
    """Fills the migrated, empty database; returns the seconds it took."""
    started = time.perf_counter()
    target = sa.make_url(url)
    if target.get_backend_name() == "sqlite":
        load_sqlite(str(target.database), count)
    else:
        load_postgres(target, count)
    with sa.orm.Session(sa.create_engine(target)) as session:
        places.mend(session.connection())
        counts.repair(session)
        session.commit()
    return time.perf_counter() - started


if __name__ == "__main__":
    print(f"{load(sys.argv[1], int(sys.argv[2])):.1f} s")
