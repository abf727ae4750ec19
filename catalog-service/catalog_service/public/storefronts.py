"""A whole business: the public sees at once that it is hidden, restored or renamed; its partners are then told in batches.

No listing is written for it. A batch looks at what the business's state wants, so a worker that died in the middle is
continued by the next.
"""

from typing import Any

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from catalog_service.models import Business, Listing, ListingBusiness, ListingMark, Product, Revision, db
from catalog_service.public import changes, documents, listings
from servicekit import worker

BATCH = 500  # listings
WAITING = select(ListingMark.business_id).where(ListingMark.telling.is_not(None)).order_by(ListingMark.business_id)


def hide(session: Session, business_id: int) -> None:
    """Nobody sees the listings of a suspended or deleted business from now on."""
    _mark(session, business_id, changes.DELETE, is_hidden=True)


def show(session: Session, business_id: int) -> None:
    """Everybody sees a restored business's listings again."""
    _mark(session, business_id, changes.UPSERT, is_hidden=False)


def rename(session: Session, business_id: int) -> None:
    """Everybody sees the business's new name from now on."""
    _write_name(session, business_id)
    is_hidden = session.scalar(select(ListingMark.is_hidden).filter_by(business_id=business_id))
    # Who is hidden has listings that partners were told the end of, and hears of all that there is when it returns.
    if not is_hidden and session.scalar(select(exists().where(Listing.business_id == business_id))):
        _mark(session, business_id, changes.UPSERT)


def _write_name(session: Session, business_id: int) -> None:
    changes.queue(session)
    name = documents.business_name(session, business_id)
    session.execute(update(ListingBusiness).filter_by(id=business_id).values(name=name))


def _mark(session: Session, business_id: int, telling: str, **values: Any) -> None:
    _write_name(session, business_id)
    mark = session.get(ListingMark, business_id, populate_existing=True) or ListingMark(business_id=business_id)
    mark.telling, mark.after = telling, 0
    for name, value in values.items():
        setattr(mark, name, value)
    session.add(mark)
    session.flush()


def step(size: int = BATCH) -> bool:
    """Tells of the next listings of a business that waits for it; returns whether any waits."""
    with db.reading() as connection:
        waiting = connection.scalars(WAITING).all()
    worker.JOBS.labels("listings of a business").set(len(waiting))
    if waiting:
        with db.transaction() as session:
            advance(session, waiting[0], size)
    return bool(waiting)


def advance(session: Session, business_id: int, size: int) -> None:
    """Tells of the next listings, so many, and takes those of a deleted business out."""
    changes.queue(session)
    mark = session.get(ListingMark, business_id, populate_existing=True)
    if mark is None or mark.telling is None or (mark.telling == changes.UPSERT and _put_back(session, mark, size)):
        return
    is_deleted = session.scalar(select(Business.status).filter_by(id=business_id)) == "deleted"
    query = select(Listing.product_id, Listing.version, Listing.seq).filter_by(business_id=business_id)
    rows = session.execute(query.where(Listing.seq > mark.after).order_by(Listing.seq).limit(size)).all()
    if is_deleted:
        listings.take(session, [row.product_id for row in rows])
    changes.append_all(session, mark.telling, business_id, [(row.product_id, row.version) for row in rows])
    if len(rows) == size:
        mark.after = rows[-1].seq
    elif mark.is_hidden:
        mark.telling = None  # also of a deleted business: an index may know it for a moment longer
    else:
        session.delete(mark)
    session.flush()


def _put_back(session: Session, mark: ListingMark, size: int) -> bool:
    """Lists what a version before this one took out when it hid the business; whether there was something."""
    if mark.after:
        return False
    query = (
        select(Product, Revision)
        .join(Revision, (Revision.product_id == Product.id) & (Revision.version == Product.live_version))
        .where(Product.business_id == mark.business_id, Product.archived_at.is_(None))
        .where(~exists().where(Listing.product_id == Product.id))
    )
    rows, name = session.execute(query.limit(size)).tuples().all(), documents.business_name(session, mark.business_id)
    if rows:
        listings.write_name(session, mark.business_id, name)
    for product, revision in rows:
        listings.put(session, product, revision, name)
    told = [(product.id, revision.version) for product, revision in rows]
    changes.append_all(session, changes.UPSERT, mark.business_id, told)
    return bool(rows)
