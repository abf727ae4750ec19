"""The projection that the public reads. Only this module puts listings in and takes them out, from approved revisions."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, delete, select, text
from sqlalchemy.orm import Session

from catalog_service.content import skus, texts
from catalog_service.models import Business, Listing, ListingBusiness, Product, Revision
from catalog_service.public import changes, documents
from servicekit.database import connection_of, insert, now
from servicekit.problems import Conflict, NotHeardYet

MAX_NAME_SORT = 200
_TAKE = delete(Listing).where(Listing.product_id.in_(bindparam("products", expanding=True)))
_BUSINESS = (
    select(Business.status, Business.name, ListingBusiness.name.label("listed"))
    .outerjoin(ListingBusiness, ListingBusiness.id == Business.id)
    .where(Business.id == bindparam("id"))
)
_NAMED = text(
    "INSERT INTO listing_businesses (id, name) VALUES (:id, :name)"
    " ON CONFLICT (id) DO UPDATE SET name = excluded.name WHERE listing_businesses.name <> excluded.name"
)


def publish(session: Session, product: Product, revision: Revision) -> None:
    """Makes the approved revision what the public sees of the product.

    Conflict while its business is suspended, NotHeardYet until we know its name: nothing is public under another.
    """
    assert revision.state == "approved", "only approved revisions are published"
    # Others wait from here on, so a business that is suspended now stays so or has not been yet.
    seq = changes.append(session, changes.UPSERT, product.business_id, product.id, revision.version)
    name = show_name(session, product.business_id)
    revision.published_seq, revision.published_at = seq, now()
    product.live_version, product.live_sku = revision.version, revision.sku
    product.live_sku_key = skus.key(revision.sku)
    session.flush()
    put(session, product, revision, name)


def show_name(session: Session, business_id: int) -> str:
    """The name that what becomes public of the business is shown under from now on.

    Conflict while it is suspended, NotHeardYet until auth-service has told of it.
    """
    business = connection_of(session).execute(_BUSINESS, {"id": business_id}).first()
    if business is None:
        raise NotHeardYet("the business is new here, try again in a moment")
    if business.status != "active":
        raise Conflict("the business is suspended", code="suspended")
    if business.listed != business.name:
        write_name(session, business_id, business.name)
    return str(business.name)


def write_name(session: Session, business_id: int, name: str) -> None:
    """Has the business's listings be shown under this name."""
    connection_of(session).execute(_NAMED, {"id": business_id, "name": name})


def unpublish(session: Session, product: Product) -> None:
    """Takes the product out of everything public."""
    if product.live_version is None:
        return
    changes.append(session, changes.DELETE, product.business_id, product.id, product.live_version)
    product.live_version = product.live_sku = product.live_sku_key = None
    session.flush()
    take(session, [product.id])


def row(product: Product, revision: Revision, name: str) -> dict[str, Any]:
    """The listing's columns."""
    return {
        "product_id": product.id,
        "seq": revision.published_seq,
        "business_id": product.business_id,
        "version": revision.version,
        "category": revision.category,
        "currency": revision.currency,
        "price_minor": revision.price_minor,
        "name_sort": texts.fold(revision.name)[:MAX_NAME_SORT],
        "document": documents.to_json(documents.public(product, revision, name)),
    }


def put(session: Session, product: Product, revision: Revision, name: str) -> None:
    """Lists this live revision in place of an earlier one."""
    connection = connection_of(session)
    values = row(product, revision, name)
    listed = insert(connection, Listing.__table__).values(values)
    connection.execute(listed.on_conflict_do_update(index_elements=[Listing.product_id], set_=values))


def take(session: Session, product_ids: Sequence[int]) -> None:
    """Removes the listings of these products, where they have one."""
    connection_of(session).execute(_TAKE, {"products": list(product_ids)})
