"""The projection that the public reads. Only this module puts listings in and takes them out, from approved revisions.

`words` and `counts` keep the indexes and totals in step with it, `storefronts` does so for a whole business.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, insert, select, text
from sqlalchemy.orm import Session

from catalog_service.content import money, skus, texts
from catalog_service.models import Business, Listing, ListingBusiness, Product, Revision
from catalog_service.public import changes, documents
from catalog_service.search import counts, words
from servicekit.database import connection_of, now
from servicekit.problems import Conflict, Unavailable

LISTING: Table = Listing.__table__  # type: ignore[assignment]
_LISTED = insert(LISTING)
MAX_NAME_SORT = 200
_CHOSEN = LISTING.c.product_id.in_(bindparam("products", expanding=True))
_TAKEN = select(
    *(LISTING.c[name] for name in ("seq", "price_place", "business_id", "category", "currency", "price_minor", "words"))
).where(_CHOSEN)
_TAKE = delete(LISTING).where(_CHOSEN)
_BUSINESS = select(Business.status, Business.name).where(Business.id == bindparam("id"))
_SAID = select(ListingBusiness.name).where(ListingBusiness.id == bindparam("id"))
_NAMED = text(
    "INSERT INTO listing_businesses (id, name) VALUES (:id, :name)"
    " ON CONFLICT (id) DO UPDATE SET name = excluded.name WHERE listing_businesses.name <> excluded.name"
)
_AT = select(Listing.price_place).where(Listing.price_place.in_(bindparam("places", expanding=True)))


def publish(session: Session, product: Product, revision: Revision) -> None:
    """Makes the approved revision what the public sees of the product.

    Conflict while its business is suspended, Unavailable until we know its name: nothing is public under another.
    """
    assert revision.state == "approved", "only approved revisions are published"
    # Others wait from here on, so a business that is suspended now stays so or has not been yet.
    seq = changes.append(session, changes.UPSERT, product.business_id, product.id, revision.version)
    name = _name_to_show(session, product.business_id)
    was_live = product.live_version is not None
    revision.published_seq, revision.published_at = seq, now()
    product.live_version, product.live_sku = revision.version, revision.sku
    product.live_sku_key = skus.key(revision.sku)
    session.flush()
    if was_live:
        take(session, [product.id])
    put(session, product, revision, name)


def _name_to_show(session: Session, business_id: int) -> str:
    business = connection_of(session).execute(_BUSINESS, {"id": business_id}).first()
    if business is None:
        raise Unavailable("the business is new here, try again in a moment")
    if business.status != "active":
        raise Conflict("the business is suspended", code="suspended")
    return str(business.name)


def unpublish(session: Session, product: Product) -> None:
    """Takes the product out of everything public."""
    if product.live_version is None:
        return
    changes.queue(session)
    # A suspended business's listings are gone already, and so said the changes.
    if session.scalar(select(Listing.product_id).filter_by(product_id=product.id)):
        changes.append(session, changes.DELETE, product.business_id, product.id, product.live_version)
    product.live_version = product.live_sku = product.live_sku_key = None
    session.flush()
    take(session, [product.id])


def is_active(session: Session, business_id: int) -> bool:
    """Whether the business may be seen."""
    return bool(connection_of(session).scalar(_BUSINESS, {"id": business_id}) == "active")


def row(product: Product, revision: Revision, name: str) -> dict[str, Any]:
    """The listing's columns."""
    found = texts.words(
        revision.name, revision.description, revision.category, revision.sku or "", *revision.attributes.values()
    )
    return {
        "product_id": product.id,
        "seq": revision.published_seq,
        "business_id": product.business_id,
        "version": revision.version,
        "category": revision.category,
        "currency": revision.currency,
        "price_minor": revision.price_minor,
        "price_sort": money.sortable(revision.price_minor, revision.currency),
        "name_sort": texts.fold(revision.name)[:MAX_NAME_SORT],
        "words": "".join(f" {word}" for word in found),
        "document": documents.to_json(documents.public(product, revision, name)),
    }


def put(session: Session, product: Product, revision: Revision, name: str) -> None:
    """Adds the listing of this live revision, which has none, under its business's name."""
    add(session, product.business_id, name, [row(product, revision, name)])


def add(session: Session, business_id: int, name: str, rows: list[dict[str, Any]]) -> None:
    """Adds these listings of one business, as `row` made them."""
    if rows:
        connection = connection_of(session)
        # Even an upsert that changes nothing has PostgreSQL raise the number by which facets are remembered.
        if connection.scalar(_SAID, {"id": business_id}) != name:
            connection.execute(_NAMED, {"id": business_id, "name": name})
        _give_places(connection, rows)
        connection.execute(_LISTED, rows)
        words.put(session, rows)
        counts.add(session, rows)


def take(session: Session, product_ids: Sequence[int]) -> None:
    """Removes the listings of these products, where they have one."""
    connection, chosen = connection_of(session), {"products": list(product_ids)}
    rows = [dict(found) for found in connection.execute(_TAKEN, chosen).mappings()]
    if rows:
        words.take(session, rows)
        connection.execute(_TAKE, chosen)
        counts.subtract(session, rows)


def _give_places(connection: Connection, rows: list[dict[str, Any]]) -> None:
    wanted = [money.place(one["price_sort"], one["seq"]) for one in rows]
    taken = set(connection.scalars(_AT, {"places": wanted}))
    for one, place in zip(rows, wanted, strict=True):
        number = one["seq"]
        while place in taken:
            number += 1  # taken by a publication of the same price, millions of publications ago
            place = money.place(one["price_sort"], number)
            taken |= set(connection.scalars(_AT, {"places": [place]}))
        taken.add(place)
        one["price_place"] = place
