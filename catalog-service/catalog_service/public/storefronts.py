"""All listings of one business: for the public they change at once, by a mark; then batches follow, one a transaction.

A batch looks at what is there and what the business's state wants, so it may be repeated, and a worker that died in
the middle is continued by the next.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, delete, exists, select, update
from sqlalchemy.orm import Session

from catalog_service.models import Listing, ListingBusiness, ListingMark, Product, Revision
from catalog_service.public import changes, documents, listings
from servicekit.database import connection_of

# A listing follows from its product, its version, its place among all publications, and the name of its business.
Key = tuple[int, int, int | None, str]
Made = Mapping[Key, dict[str, Any]]
# Businesses whose listings are not yet as they should be.
WAITING = select(ListingMark.business_id).order_by(ListingMark.business_id).limit(1000)

_IS_LIVE = (Revision.product_id == Product.id) & (Revision.version == Product.live_version)
_SAY = (
    update(listings.LISTING)
    .where(listings.LISTING.c.product_id == bindparam("product"))
    .values(document=bindparam("said"))
)


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
    # A mark that waits has an older name, which whatever is published next would be shown with.
    is_shown = exists().where(Listing.business_id == business_id) | exists().where(
        ListingMark.business_id == business_id
    )
    if session.scalar(select(is_shown)):
        _mark(session, business_id, name=name)


def _mark(session: Session, business_id: int, **values: Any) -> None:
    changes.queue(session)
    mark = session.get(ListingMark, business_id, populate_existing=True) or ListingMark(business_id=business_id)
    mark.after = 0
    for name, value in values.items():
        setattr(mark, name, value)
    session.add(mark)
    session.flush()


def prepare(session: Session, business_id: int, size: int) -> Made:
    """The listings that the next batch is likely to put back. To make them takes longest, and nobody waits for it."""
    after = session.scalar(select(ListingMark.after).filter_by(business_id=business_id))
    if after is None or not listings.is_active(session, business_id):
        return {}
    name = documents.business_name(session, business_id)
    live = _live(session, business_id, after, size)
    listed = _documents(session, live)
    return _make(session, [number for number in live if number not in listed], name)


def advance(session: Session, business_id: int, size: int, made: Made) -> bool:
    """The next batch of the business, of so many listings, and whether there is more; its mark goes with the last one.

    What has not been made yet, or otherwise, is made here.
    """
    changes.queue(session)
    mark = session.get(ListingMark, business_id, populate_existing=True)
    if mark is None:
        return False
    is_active = listings.is_active(session, business_id)
    done = _fill(session, mark, size, made) if is_active else _empty(session, mark, size)
    if done == size:
        return True
    session.execute(delete(ListingMark).filter_by(business_id=business_id))
    return False


def _empty(session: Session, mark: ListingMark, size: int) -> int:
    query = select(Listing.product_id, Listing.version).filter_by(business_id=mark.business_id)
    rows = session.execute(query.order_by(Listing.seq).limit(size)).all()
    listings.take(session, [row.product_id for row in rows])
    _tell(session, changes.DELETE, mark.business_id, [(row.product_id, row.version) for row in rows])
    return len(rows)


def _fill(session: Session, mark: ListingMark, size: int, made: Made) -> int:
    name = documents.business_name(session, mark.business_id)
    live = _live(session, mark.business_id, mark.after, size)
    listed = _documents(session, live)
    _add(session, mark.business_id, name, [number for number in live if number not in listed], made)
    _write_name(session, mark.business_id, name, listed)
    mark.after = live[-1] if live else mark.after
    session.flush()
    return len(live)


def _live(session: Session, business_id: int, after: int, size: int) -> Sequence[int]:
    live = select(Product.id).where(Product.business_id == business_id, Product.archived_at.is_(None))
    following = live.where(Product.live_version.is_not(None), Product.id > after).order_by(Product.id).limit(size)
    return session.scalars(following).all()


def _documents(session: Session, product_ids: Sequence[int]) -> dict[int, tuple[int, str]]:
    """The version and the public answer of those of the products that are listed."""
    query = select(Listing.product_id, Listing.version, Listing.document).where(Listing.product_id.in_(product_ids))
    rows = session.execute(query.order_by(Listing.product_id)).tuples()
    return {product_id: (version, document) for product_id, version, document in rows}


def _add(session: Session, business_id: int, name: str, product_ids: Sequence[int], made: Made) -> None:
    """Puts in the listings of these products, which have none."""
    if not product_ids:
        return
    keys = _keys(session, product_ids, name)
    unmade = [key[0] for key in keys if key not in made]
    rows = {**made, **_make(session, unmade, name)}
    listings.add(session, business_id, name, [rows[key] for key in keys])
    _tell(session, changes.UPSERT, business_id, [key[:2] for key in keys])


def _keys(session: Session, product_ids: Sequence[int], name: str) -> list[Key]:
    query = select(Revision.product_id, Revision.version, Revision.published_seq).join(Product, _IS_LIVE)
    rows = session.execute(query.where(Product.id.in_(product_ids)).order_by(Product.id))
    return [(*row, name) for row in rows.tuples()]


def _make(session: Session, product_ids: Sequence[int], name: str) -> dict[Key, dict[str, Any]]:
    if not product_ids:
        return {}
    query = select(Product, Revision).join(Revision, _IS_LIVE).where(Product.id.in_(product_ids)).order_by(Product.id)
    rows = session.execute(query.execution_options(populate_existing=True)).tuples()
    return {
        (product.id, revision.version, revision.published_seq, name): listings.row(product, revision, name)
        for product, revision in rows
    }


def _write_name(session: Session, business_id: int, name: str, listed: Mapping[int, tuple[int, str]]) -> None:
    """Writes the name into those of the listings that say another one, which a partner's copy of them then does, too."""
    said = {product_id: documents.named(document, name) for product_id, (_, document) in listed.items()}
    renamed = [product_id for product_id, (_, document) in listed.items() if said[product_id] != document]
    if renamed:
        connection_of(session).execute(_SAY, [{"product": one, "said": said[one]} for one in renamed])
        _tell(session, changes.UPSERT, business_id, [(one, listed[one][0]) for one in renamed])


def _tell(session: Session, kind: str, business_id: int, versions: Sequence[tuple[int, int]]) -> None:
    if versions:
        changes.append_all(session, kind, business_id, versions)
