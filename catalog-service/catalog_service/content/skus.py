"""A SKU names one product of a business, in what is worked on and in what is published."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import bindparam, literal, select, union_all
from sqlalchemy.exc import IntegrityError

from catalog_service.models import Product, Revision, db
from servicekit.auth import Actor
from servicekit.database import connection_of
from servicekit.problems import Conflict

_OTHERS = (
    Product.business_id == bindparam("business"),
    Product.id != bindparam("but"),
    Product.archived_at.is_(None),
)
_HAS = select(literal("has")).where(*_OTHERS, Product.sku == bindparam("sku"))
# A version that knew no `live_sku` may have published since it was written.
_IS_LIVE = (Revision.product_id == Product.id) & (Revision.version == Product.live_version)
_SHOWS = (
    select(literal("is published with"))
    .select_from(Product)
    .join(Revision, _IS_LIVE)
    .where(*_OTHERS, Product.live_sku == bindparam("sku"), Revision.sku == bindparam("sku"))
)
# One statement, so that no product slips from one half into the other in between.
_TAKEN = union_all(_HAS, _SHOWS).limit(1)


def find(actor: Actor, sku: str) -> Product | None:
    """The business's product with that SKU, locked; None where there is none."""
    query = select(Product).filter_by(business_id=actor.tenant, sku=sku, archived_at=None)
    return db.session.scalar(query.with_for_update().execution_options(populate_existing=True))


def ensure_free(business_id: int, sku: str | None, but: int = 0) -> None:
    """Conflict when another product than `but` has the SKU, or is published with it."""
    if sku is None:
        return
    parameters = {"business": business_id, "sku": sku, "but": but}
    how = connection_of(db.session()).scalar(_TAKEN, parameters)
    if how:
        raise _taken(how)


@contextmanager
def only_one() -> Iterator[None]:
    """Conflict where another write took the SKU since it was looked up."""
    try:
        yield
    except IntegrityError:
        raise _taken("has") from None


def _taken(how: str) -> Conflict:
    return Conflict(f"another product {how} this SKU", fields={"sku": "is taken"}, code="taken")
