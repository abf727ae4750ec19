"""The rows of every table for believable products, made in as many processes as there are cores.

What a listing is, its words and hashes come from catalog-service itself.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from datetime import datetime
from itertools import islice
from types import SimpleNamespace
from typing import Any, NamedTuple

import orjson
from catalog_service.content import products, revisions, skus
from catalog_service.public import listings
from catalog_service.review import verify_log

from servicekit.api import rfc3339
from tests.bench import catalog_products

# What a product says of fields that catalog_products knows nothing of.
BLANK = revisions.blank(products.KIND)
AHEAD = 6  # chunks that are made or wait while one is written
# Columns that are NULL in every row are left out.
COLUMNS = {
    "products": "id business_id sku status version live_version live_sku sku_key live_sku_key created_by contributors live_contributors edition"
    " category words created_at updated_at",
    "revisions": "product_id version sku name description price_minor currency category attributes content_hash"
    " author_id contributors state submitted_by submitted_at decided_by decided_at self_approved comment published_seq"
    " published_at created_at",
    "listings": "product_id seq business_id version category currency price_minor name_sort document",
    "changes": "seq type data occurred_at business_id number",
    "decisions": "business_id seq at action actor_id product_id version content_hash comment details previous hash",
    "decision_heads": "business_id seq hash",
    "listing_businesses": "id name",
    "businesses": "id name status",
    "feed_head": "id seq",
}
Row = tuple[Any, ...]
Encode = Callable[[list[Row]], bytes]


class Approved(NamedTuple):
    """What the log and the feed say of a product."""

    business: int
    approver: int
    product: int
    content_hash: str
    at: str


class Chunk(NamedTuple):
    """What is made of some products at a time."""

    rows: dict[str, bytes]
    approved: list[Row]  # as plain tuples, which travel in a third of the time


def made(pool: Executor, count: int, encode: Encode) -> Iterator[dict[str, bytes]]:
    """All rows in their order, a chunk at a time: table → its rows, encoded. The pool makes the next ones meanwhile."""
    heads: dict[int, tuple[int, str]] = {}
    for chunk in _in_order(pool, count, encode):
        yield chunk.rows | _encoded(encode, _logged(heads, map(Approved._make, chunk.approved)))
    names = [(number, f"Business {number}") for number in sorted(heads)]
    rows: dict[str, list[Row]] = {
        "decision_heads": [(number, *heads[number]) for number, _ in names],
        "listing_businesses": [*names],
        "businesses": [(*name, "active") for name in names],
        "feed_head": [(1, count)],
    }
    yield _encoded(encode, rows)


def _in_order(pool: Executor, count: int, encode: Encode) -> Iterator[Chunk]:
    tasks = (pool.submit(_chunk, numbers, encode) for numbers in catalog_products.chunks(count))
    waiting: deque[Future[Chunk]] = deque(islice(tasks, AHEAD))
    while waiting:
        yield waiting.popleft().result()
        waiting.extend(islice(tasks, 1))


def _encoded(encode: Encode, rows: dict[str, list[Row]]) -> dict[str, bytes]:
    return {table: encode(found) for table, found in rows.items()}


def _chunk(numbers: range, encode: Encode) -> Chunk:
    rows: dict[str, list[Row]] = {name: [] for name in ("products", "revisions", "listings")}
    approved: list[Row] = []
    for said in catalog_products.numbered(numbers):
        values = {**BLANK, **said}
        moment = catalog_products.moment(values["id"])
        listing = _listing(values, moment)
        one = _approved(values, moment)
        rows["products"].append(_product(values, one))
        rows["revisions"].append(_revision(values, one))
        rows["listings"].append(tuple(listing.values()))
        approved.append(tuple(one))
    return Chunk(_encoded(encode, rows), approved)


def _approved(values: dict[str, Any], moment: datetime) -> Approved:
    business = values["business_id"]
    return Approved(business, business * 10 + 2, values["id"], _hash(values), rfc3339(moment))


def _hash(values: dict[str, Any]) -> str:
    return revisions.content_hash({name: values[name] for name in products.KIND.content})


def _listing(values: dict[str, Any], moment: datetime) -> dict[str, Any]:
    number, business = values["id"], values["business_id"]
    product = SimpleNamespace(id=number, business_id=business)
    revision = SimpleNamespace(**values, version=1, published_at=moment, published_seq=number)
    return listings.row(product, revision, f"Business {business}")  # type: ignore[arg-type]


def _product(values: dict[str, Any], one: Approved) -> Row:
    author, at = _author(one), _stored(one.at)
    key = skus.key(values["sku"])
    return (one.product, one.business, values["sku"], "approved", 1, 1, values["sku"], key, key, author, "[]", f"[{author}]", 3,
            values["category"], products.words_of(values), at, at)  # fmt: skip


def _revision(values: dict[str, Any], one: Approved) -> Row:
    author, at, attributes = _author(one), _stored(one.at), orjson.dumps(values["attributes"]).decode()
    return (one.product, 1, values["sku"], values["name"], values["description"], values["price_minor"],
            values["currency"], values["category"], attributes, one.content_hash, author, f"[{author}]", "approved",
            author, at, one.approver, at, False, "", one.product, at, at)  # fmt: skip


def _author(one: Approved) -> int:
    return one.business * 10 + 1


def _stored(at: str) -> str:
    """The time as both databases read it."""
    return at[:10] + " " + at[11:-1]


def _logged(heads: dict[int, tuple[int, str]], approved: Iterable[Approved]) -> dict[str, list[Row]]:
    """The entries of the log and of the feed, after those of which `heads` tells."""
    decisions: list[Row] = []
    changes: list[Row] = []
    for one in approved:
        seq, previous = heads.get(one.business, (0, ""))
        entry = {"business_id": one.business, "seq": seq + 1, "at": one.at, "action": "approve",
                 "actor_id": one.approver, "product_id": one.product, "version": 1, "content_hash": one.content_hash,
                 "comment": "", "details": {}, "previous": previous}  # fmt: skip
        heads[one.business] = seq + 1, verify_log.digest(entry)
        at = _stored(one.at)
        decisions.append((*(entry | {"at": at, "details": "{}"}).values(), heads[one.business][1]))
        change = f'{{"product_id": {one.product}, "version": 1}}'
        changes.append((one.product, "upsert", change, at, one.business, seq + 1))
    return {"decisions": decisions, "changes": changes}
