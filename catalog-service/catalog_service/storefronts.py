"""All listings of one business: for the public they change at once, by a mark; then batches follow, one a transaction.

A batch looks at what is there and what the business's state wants, so it may be repeated, and a worker that died in
the middle is continued by the next.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, delete, exists, select, update
from sqlalchemy.orm import Session

from catalog_service import changes, documents, listings
from catalog_service.models import Listing, ListingBusiness, ListingMark, Product, Revision

BATCH = 50
# A business whose listings are not yet as they should be.
WAITING = select(ListingMark.business_id).order_by(ListingMark.business_id).limit(1)


def hide(session: Session, business_id: int) -> None:
    """Nobody sees the listings of a suspended or deleted business from now on; the batches take them out."""
    _mark(session, business_id, is_hidden=True)


def show(session: Session, business_id: int) -> None:
    """The batches put a restored business's listings back; all of them are seen when the last one is there."""
    _mark(session, business_id, is_hidden=True)


def rename(session: Session, business_id: int, name: str) -> None:
    """Everybody sees the business's new name from now on; the batches write it into its listings."""
    changes.queue(session)
    session.execute(update(ListingBusiness).filter_by(id=business_id).values(name=name))
    if session.scalar(select(exists().where(Listing.business_id == business_id))):
        _mark(session, business_id, name=name)


def _mark(session: Session, business_id: int, **values: Any) -> None:
    changes.queue(session)
    mark = session.get(ListingMark, business_id, populate_existing=True) or ListingMark(business_id=business_id)
    mark.after = 0
    for name, value in values.items():
        setattr(mark, name, value)
    session.add(mark)
    session.flush()


def advance(session: Session, business_id: int) -> bool:
    """The next batch of the business, and whether there is more; its mark goes with the last one."""
    changes.queue(session)
    mark = session.get(ListingMark, business_id, populate_existing=True)
    if mark is None:
        return False
    follow = _fill if listings.is_active(session, business_id) else _empty
    if follow(session, mark) == BATCH:
        return True
    session.execute(delete(ListingMark).filter_by(business_id=business_id))
    return False


def _empty(session: Session, mark: ListingMark) -> int:
    query = select(Listing.product_id, Listing.version).filter_by(business_id=mark.business_id)
    rows = session.execute(query.order_by(Listing.seq).limit(BATCH)).all()
    listings.take(session, [row.product_id for row in rows])
    _tell(session, changes.DELETE, mark.business_id, rows)
    return len(rows)


def _fill(session: Session, mark: ListingMark) -> int:
    live = (
        select(Product.id, Listing.document)
        .outerjoin(Listing, Listing.product_id == Product.id)
        .where(Product.business_id == mark.business_id, Product.archived_at.is_(None), Product.id > mark.after)
        .where(Product.live_version.is_not(None))
        .order_by(Product.id)
        .limit(BATCH)
    )
    rows = session.execute(live).all()
    _add(session, mark.business_id, [row.id for row in rows if row.document is None])
    _write_name(session, mark.business_id, [row for row in rows if row.document is not None])
    mark.after = rows[-1].id if rows else mark.after
    session.flush()
    return len(rows)


def _add(session: Session, business_id: int, product_ids: Sequence[int]) -> None:
    missing = (
        select(Product, Revision)
        .join(Revision, (Revision.product_id == Product.id) & (Revision.version == Product.live_version))
        .where(Product.id.in_(product_ids))
        .order_by(Product.id)
        .execution_options(populate_existing=True)
    )
    rows = session.execute(missing).all()
    listings.put(session, [(row.Product, row.Revision) for row in rows])
    _tell(session, changes.UPSERT, business_id, [row.Revision for row in rows])


def _write_name(session: Session, business_id: int, rows: Sequence[Row[Any]]) -> None:
    name = documents.business_name(session, business_id)
    renamed = [
        {"product_id": row.id, "document": document}
        for row in rows
        if (document := documents.named(row.document, name)) != row.document
    ]
    if renamed:
        session.execute(update(Listing), renamed)


def _tell(session: Session, kind: str, business_id: int, rows: Sequence[Any]) -> None:
    if rows:
        changes.append_all(session, kind, business_id, [(row.product_id, row.version) for row in rows])
