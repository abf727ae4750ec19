"""A SKU names one product of a business, in what is worked on and in what is published; so do those that look like it."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import bindparam, literal, or_, select, union_all, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from catalog_service.models import Product, Revision, db
from servicekit.auth import Actor
from servicekit.database import connection_of
from servicekit.problems import Conflict
from servicekit.texts import clean, skeleton

_OTHERS = (
    Product.business_id == bindparam("business"),
    Product.id != bindparam("but"),
    Product.archived_at.is_(None),
)
_HAS = select(literal("has").label("how"), Product.sku).where(
    *_OTHERS, or_(Product.sku_key == bindparam("key"), Product.sku == bindparam("sku"))
)
# A version that knew no `live_sku` may have published since it was written.
_IS_LIVE = (Revision.product_id == Product.id) & (Revision.version == Product.live_version)
_SHOWS = (
    select(literal("is published with").label("how"), Product.live_sku)
    .select_from(Product)
    .join(Revision, _IS_LIVE)
    .where(
        *_OTHERS,
        or_(Product.live_sku_key == bindparam("key"), Product.live_sku == bindparam("sku")),
        Revision.sku == Product.live_sku,
    )
)
# One statement, so that no product slips from one half into the other in between.
_TAKEN = union_all(_HAS, _SHOWS).limit(1)
_WITHOUT = select(Product).where(Product.sku.is_not(None), Product.sku_key.is_(None), Product.archived_at.is_(None))
_LIVE_WITHOUT = select(Product).where(Product.live_sku.is_not(None), Product.live_sku_key.is_(None))

FILLED = 1000


def key(sku: str | None) -> str | None:
    """What is unique within a business."""
    return None if sku is None else skeleton(sku)


def find(actor: Actor, sku: str) -> Product | None:
    """The business's product with that SKU, locked; None where there is none.

    One that only looks like it is another's: to change that product would be worse than to refuse.
    """
    query = select(Product).where(
        Product.business_id == actor.tenant, Product.sku_key == key(sku), Product.archived_at.is_(None)
    )
    found = db.session.scalar(query.with_for_update().execution_options(populate_existing=True))
    return found if found is not None and _cleaned(found.sku or "") == sku else None


def _cleaned(sku: str) -> str:
    """A SKU as it would be accepted today."""
    try:
        return clean(sku)
    except ValueError:
        return sku


def ensure_free(business_id: int, sku: str | None, but: int = 0) -> None:
    """Conflict when another product than `but` has the SKU, or is published with it, or with one that looks like it."""
    if sku is None:
        return
    parameters = {"business": business_id, "sku": sku, "key": key(sku), "but": but}
    taken = connection_of(db.session()).execute(_TAKEN, parameters).first()
    if taken is not None:
        alike = "" if taken.sku == sku else f" or one that looks like it, {taken.sku}"
        raise _taken(f"{taken.how} this SKU{alike}")


@contextmanager
def only_one() -> Iterator[None]:
    """Conflict where another write took the SKU since it was looked up."""
    try:
        yield
    except IntegrityError:
        raise _taken("has this SKU or one that looks like it") from None


def _taken(how: str) -> Conflict:
    return Conflict(f"another product {how}", fields={"sku": "is taken"}, code="taken")


def fill(session: Session) -> None:
    """Gives keys to the SKUs that a version before them wrote last, where no other product has the key."""
    for product in session.scalars(_LIVE_WITHOUT.order_by(Product.id.desc()).limit(FILLED)):
        product.live_sku_key = key(product.live_sku)
    for product in reversed(session.scalars(_WITHOUT.order_by(Product.id.desc()).limit(FILLED)).all()):
        same = select(Product.id).filter_by(business_id=product.business_id, sku_key=key(product.sku), archived_at=None)
        if session.scalar(same.limit(1)) is None:
            session.execute(update(Product).filter_by(id=product.id).values(sku_key=key(product.sku)))
    session.flush()
